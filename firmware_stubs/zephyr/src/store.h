/* The packets of the shoe: made in the thread of the sensor, read by those that send and log. */
#ifndef STORE_H
#define STORE_H

#include "shoegait_ring.h"

void store_init(void);

/* From now on make packets for this MTU; what is begun and too long for it is complete. */
void store_set_mtu(uint16_t mtu);

/* One sample, at a time in us of the shoe's 64-bit clock. */
void store_sample(const int16_t sample[6], uint64_t us, bool lost_before);

/* Sampling stops: what is begun is complete. */
void store_flush(void);

/* Sequence number of the next packet that will be complete: where a reader begins. */
uint16_t store_end(void);

/*
 * A copy of the packet `*seq`, which moves on to the next: its length, 0 where it is not complete yet.
 * A reader that was too slow goes on with the oldest there is.
 */
uint8_t store_next(uint16_t *seq, uint8_t bytes[SG_PACKET_MAX]);

/* As in shoegait_ring.h, over the packets of the store. */
uint16_t store_available(uint16_t *first, uint16_t count, uint16_t largest);
uint8_t store_again(sg_resends *resends, uint8_t bytes[SG_PACKET_MAX]);

#endif
