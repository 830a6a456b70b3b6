/*
 * Cadence and speed on the shoe, for the service 0x1814 of the Bluetooth SIG (Running Speed and
 * Cadence). A watch shows them; shoegait itself measures from the samples, not from these.
 *
 * The only file here that uses floating point: single precision, and sqrtf, which a Cortex-M4F has
 * as instructions. No allocation, no memory but sg_pace, which has less than 4096 bytes. Nothing
 * here locks: push and measurement go on one thread.
 */
#ifndef SHOEGAIT_PACE_H
#define SHOEGAIT_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_PACE_BYTES 4u      /* of characteristic 0x2A53 without stride length and distance */

enum sg_pace_flag { SG_PACE_RUNNING = 4 };

typedef struct {
    uint32_t rate_centihz;
} sg_pace;

/* The rate and ranges of the info characteristic: a value is raw / 32768 * range. */
void sg_pace_init(sg_pace *pace, uint32_t rate_centihz, uint32_t acc_range_mg,
                  uint32_t gyr_range_mdps);

/*
 * One sample: acc x, y, z and gyr x, y, z along any axes, the device time at which it was ready,
 * and whether samples were lost between the last one and this.
 */
void sg_pace_push(sg_pace *pace, const int16_t sample[6], uint64_t us, bool lost_before);

/*
 * What to notify: flags, uint16 speed in 1/256 m/s, uint8 cadence in steps a minute, little endian.
 * How many bytes: SG_PACE_BYTES, or 0 where nothing is known, and then nothing is notified.
 * A shoe that stands still is known: speed and cadence are 0.
 */
size_t sg_pace_measurement(const sg_pace *pace, uint64_t now_us, uint8_t bytes[SG_PACE_BYTES]);

#endif
