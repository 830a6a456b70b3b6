/*
 * When each sample was taken: from the times of the watermark interrupts, which jitter, and the
 * number of samples between them, which does not. Whole numbers only, no Zephyr: tested on the host.
 */
#ifndef SAMPLE_CLOCK_H
#define SAMPLE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool known;
    uint64_t fine_us;         /* time of the newest sample counted, in 1/256 us */
    uint32_t period;          /* 1/256 us from sample to sample */
    uint32_t nominal;
} sample_clock;

/* `nominal_us` from sample to sample, as the data sheet says; the sensor's own may be 5 % off. */
void sample_clock_init(sample_clock *clock, uint32_t nominal_us);

/* Sampling begins anew: no count joins what follows to what was before. */
void sample_clock_restart(sample_clock *clock);

/* An interrupt at `now_us` says that `count` samples were taken since the last one (1 or more). */
void sample_clock_tick(sample_clock *clock, uint64_t now_us, uint32_t count);

/* Time in us of the sample `ahead` of the newest one counted; negative for those before it. */
uint64_t sample_clock_at(const sample_clock *clock, int32_t ahead);

#endif
