/* Speed and cadence for the service 0x1814, between the thread of the sensor and that of the shoe. */
#ifndef PACE_H
#define PACE_H

#include "shoegait_pace.h"

void pace_init(void);

/* As in shoegait_pace.h. */
void pace_sample(const int16_t sample[6], uint64_t us, bool lost_before);
size_t pace_measurement(uint8_t bytes[SG_PACE_BYTES]);

#endif
