/* Bluetooth: the service, the connection, advertising. What is said over it is in shoe.c. */
#ifndef RADIO_H
#define RADIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bluetooth on, bonds loaded; nobody finds the shoe before radio_advertise. */
int radio_init(const char *name, const char *serial, const char *firmware);

/* Advertise often, while it is likely that a host comes, or once a second. */
void radio_advertise(bool often);

/* Forget every host that paired, and drop the link to one. */
void radio_forget_bonds(void);

bool radio_connected(void);
uint16_t radio_mtu(void);      /* 23 without a host */

/* 0, or a negative errno: -ENOTCONN, -EINVAL where nobody subscribed, -EAGAIN for later. */
int radio_stream(const uint8_t *bytes, uint16_t length);
int radio_answer(const uint8_t *bytes, uint16_t length);

/* Running Speed and Cadence: whether somebody subscribed, and what to notify then. */
bool radio_pace_wanted(void);
int radio_pace(const uint8_t *bytes, uint16_t length);

#endif
