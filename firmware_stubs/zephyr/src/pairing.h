/* When a host that is not bonded may pair. docs/protocol.md, "Pairing". */
#ifndef PAIRING_H
#define PAIRING_H

#include <stdbool.h>

/* After a reset: opens the window, unless the shoe made the reset of itself. */
void pairing_init(void);

/* For 120 s from now. */
void pairing_open(void);

/* Within the window, or while USB power is there. From any thread. */
bool pairing_is_open(void);

bool pairing_usb_power(void);

#endif
