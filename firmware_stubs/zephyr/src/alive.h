/*
 * The watchdog, and what happens after a fault: the shoe starts anew. It is fed only when every
 * thread that joined has shown a sign of life since it was fed last.
 */
#ifndef ALIVE_H
#define ALIVE_H

#define ALIVE_S 20               /* each thread shows itself at least so often */

typedef enum { ALIVE_SENSOR, ALIVE_LOG, ALIVE_THREADS } alive_thread;

/* From now on it has to be fed, once a minute. */
int alive_init(void);

/* This thread begins, and counts from now on. */
void alive_join(alive_thread who);

void alive_sign(alive_thread who);

/* In the thread of the shoe: feeds the watchdog if all others live. */
void alive_feed(void);

#endif
