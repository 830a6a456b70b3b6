/* What the shoe does: one thread that takes commands, sends, and decides whether to sample. */
#ifndef SHOE_H
#define SHOE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Time since the reset in us: the clock of the samples. */
uint64_t shoe_us(void);

/* There may be something to do. From any thread, and from interrupts. */
void shoe_wake(void);

/* A link was made or lost; the shoe was moved; it was tapped three times. */
void shoe_linked(bool linked);
void shoe_moved(void);
void shoe_tapped(void);

/* Something was written to the control point: false where there is no room for it. */
bool shoe_command(const uint8_t *bytes, size_t length);

/* The 48 bytes of the info characteristic. */
void shoe_info(uint8_t *bytes);

/* Does not return. */
void shoe_run(void);

/* What the shoe is; `logs` where its flash works. */
void shoe_init(const char *serial, const char *firmware, bool logs);

#endif
