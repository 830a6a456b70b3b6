/* The level of the battery, from its voltage. */
#ifndef BATTERY_H
#define BATTERY_H

#include <stdint.h>

int battery_init(void);

/* Percent of a lithium-polymer cell, at least 1; a negative errno where it cannot be measured. */
int battery_percent(void);

/* Percent at this voltage. */
uint8_t battery_percent_at(int32_t millivolts);

#endif
