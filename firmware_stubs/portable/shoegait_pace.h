/*
 * Cadence and speed on the shoe, for the service 0x1814 of the Bluetooth SIG (Running Speed and
 * Cadence). A watch shows them; shoegait itself measures from the samples, not from these.
 *
 * The only file here that uses floating point: single precision (IEEE 754), which a Cortex-M4F has
 * as instructions. No library, no allocation, no memory but sg_pace, which has at most 1200 bytes.
 * About 100 multiply-adds a sample, and 300 more a stride. Nothing here locks: call it from one
 * thread.
 */
#ifndef SHOEGAIT_PACE_H
#define SHOEGAIT_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_PACE_BYTES 4u      /* of characteristic 0x2A53 without stride length and distance */
#define SG_PACE_WINDOW 41u    /* samples in 20 ms, at most */
#define SG_PACE_STRIDES 4u

enum sg_pace_flag { SG_PACE_RUNNING = 4 };

/* Where the integration stood, along the axes that the sensor had at the last stance. */
typedef struct {
    uint32_t elapsed_us;      /* since that stance */
    uint32_t rested_us;
    uint32_t clipped_us;
    uint32_t unrest;
    float pose[4];
    float velocity[3];        /* with gravity in it, from 0, and so the path */
    float path[3];
    float rate[3];            /* along the sensor's axes, as the mean force of the window */
    float force[3];
} sg_pace_moment;

typedef struct {
    uint32_t span_us;         /* from stance to stance, that of the path */
    uint32_t period_us;       /* from push-off to push-off, which is sharper */
    uint32_t rested_us;       /* of the span, where has_rest */
    bool has_rest;
    float length_m;
    uint64_t end_us;
} sg_pace_stride;

typedef struct {
    int16_t sample[6];
    uint32_t since_us;        /* since the one before */
} sg_pace_sample;

typedef struct {
    bool works;               /* the rate and ranges are such as it is made for */
    bool running_clock, has_before, has_start, has_best, has_up;
    bool has_rise, has_start_rise, resting, still;
    uint8_t window, filled, next, strides;
    float acc_unit, gyr_unit; /* m/s^2 and rad/s of 1 */
    int32_t one_g;
    uint32_t acc_weight, gyr_weight, step_us;
    uint64_t last_us, middle_us, rise_us, start_rise_us, still_since_us;
    int32_t sums[6];
    sg_pace_sample ring[SG_PACE_WINDOW];
    float force[3];           /* of the last sample that was integrated, along the axes of `now` */
    float up[3];              /* at the last stance, times the gravity that was found */
    float rest_m_s;
    float start_rate[3];
    uint32_t start_unrest;
    sg_pace_moment now, best;
    sg_pace_stride stride[SG_PACE_STRIDES];   /* oldest first */
} sg_pace;

/*
 * The rate and ranges of the info characteristic: a value is raw / 32768 * range. Beyond 50 to
 * 2000 Hz, 1 to 400 g and 100 to 10,000 deg/s nothing is ever known; without a gyroscope neither.
 */
void sg_pace_init(sg_pace *pace, uint32_t rate_centihz, uint32_t acc_range_mg,
                  uint32_t gyr_range_mdps);

/*
 * One sample: acc x, y, z and gyr x, y, z along any axes, the device time at which it was ready,
 * and whether samples were lost between the last one and this. A time that goes back is that of
 * another clock, and what was known is forgotten.
 */
void sg_pace_push(sg_pace *pace, const int16_t sample[6], uint64_t us, bool lost_before);

/*
 * What to notify: flags, uint16 speed in 1/256 m/s, uint8 cadence in steps a minute (255 and more
 * as 255), little endian. How many bytes: SG_PACE_BYTES, or 0 where nothing is known, and then
 * nothing is notified. A shoe that stands still is known: speed and cadence are 0.
 */
size_t sg_pace_measurement(const sg_pace *pace, uint64_t now_us, uint8_t bytes[SG_PACE_BYTES]);

#endif
