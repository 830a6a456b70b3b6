#include "sample_clock.h"

#define FINE 256
#define TIME_GAIN 8    /* an eighth of what an interrupt is off, as the interrupt may be late */
#define PERIOD_GAIN 64 /* and much less of it for the period */
#define MOST_OFF 20    /* the period stays within a twentieth of the nominal */

void sample_clock_init(sample_clock *clock, uint32_t nominal_us)
{
    clock->nominal = nominal_us * FINE;
    clock->period = clock->nominal;
    clock->known = false;
}

void sample_clock_restart(sample_clock *clock)
{
    clock->known = false;
}

static uint32_t within_reason(const sample_clock *clock, int64_t period)
{
    int64_t most = clock->nominal / MOST_OFF;
    int64_t off = period - (int64_t)clock->nominal;

    if (off > most) {
        return (uint32_t)(clock->nominal + most);
    }
    return (uint32_t)(off < -most ? clock->nominal - most : period);
}

void sample_clock_tick(sample_clock *clock, uint64_t now_us, uint32_t count)
{
    uint64_t measured = now_us * FINE;
    uint64_t expected = clock->fine_us + (uint64_t)count * clock->period;
    int64_t off = (int64_t)(measured - expected);

    if (!clock->known) {
        clock->known = true;
        clock->fine_us = measured;
        return;
    }
    clock->fine_us = (uint64_t)((int64_t)expected + off / TIME_GAIN);
    clock->period = within_reason(clock, (int64_t)clock->period + off / PERIOD_GAIN / count);
}

uint64_t sample_clock_at(const sample_clock *clock, int32_t ahead)
{
    return (uint64_t)((int64_t)clock->fine_us + (int64_t)ahead * clock->period) / FINE;
}
