/*
 * What the application finds around it when it runs in a test: time that a test lets pass, threads
 * that take turns, a motion sensor, a flash, a radio with one link. Not Zephyr, and not the chip:
 * only what Zephyr's documentation says that a call does.
 */
#ifndef ZEPHYR_SIM_H
#define ZEPHYR_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_CONTROL 1     /* where a notification came from */
#define SIM_STREAM 2
#define SIM_PACE 3
#define SIM_MOST 32768

typedef struct {
    uint64_t ms;
    int from;
    uint16_t length;
    uint8_t bytes[247];
} sim_notified;

/* As the test sets them. */
extern bool sim_moving, sim_usb, sim_radio_full, sim_sensor_hangs;
extern uint32_t sim_reset_cause;
extern int sim_battery_mv;
extern uint8_t sim_flash[];
extern size_t sim_flash_size;

/* As the application left them. */
extern sim_notified sim_out[SIM_MOST];
extern size_t sim_out_count;
extern bool sim_red, sim_green;
extern unsigned int sim_green_flashes, sim_fed, sim_forgotten, sim_advertised;
extern uint32_t sim_advertise_interval;
extern bool sim_confirmed;
extern uint8_t sim_register[128];

void sim_boot(void);                /* begins main() of the application */
void sim_run_ms(uint64_t ms);
uint64_t sim_ms(void);
void sim_interrupt(void);           /* an edge on the sensor's pin: a motion */
void sim_tap(void);                 /* the sensor finds a tap: an edge, if it looks for taps */

void sim_connect(uint16_t mtu);
void sim_change_mtu(uint16_t mtu);
bool sim_connected(void);
void sim_disconnect(void);
void sim_encrypt(void);             /* with keys that both have */
bool sim_pair(void);                /* anew: whether the application accepts it */
void sim_subscribe(int to);         /* 0, or a negative ATT error */
int sim_write(const uint8_t *bytes, uint16_t length);
size_t sim_read(const void *uuid, uint8_t *bytes, size_t most);
int sim_subscribe_pace(void);

#endif
