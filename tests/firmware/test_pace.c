/*
 * Drives the pace over samples on stdin and says on stdout what it would notify.
 *
 * Arguments: rate (0.01 Hz), range of the accelerometer (mg) and of the gyroscope (mdeg/s).
 * Records, little endian: time uint64, lost uint8, six int16; after
 * each it asks for the measurement at that time: its length, and four bytes. `--size` prints the
 * bytes of sg_pace.
 */
#include "shoegait_pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_BYTES 21u

static uint64_t number(const uint8_t *from, unsigned int bytes)
{
    uint64_t value = 0;

    while (bytes-- > 0) {
        value = value << 8 | from[bytes];
    }
    return value;
}

int main(int count, char **values)
{
    static sg_pace pace;
    uint8_t record[RECORD_BYTES], said[1 + SG_PACE_BYTES];
    int16_t sample[6];

    if (count == 2 && strcmp(values[1], "--size") == 0) {
        printf("%u\n", (unsigned int)sizeof pace);
        return 0;
    }
    if (count != 4) {
        return 2;
    }
    memset(&pace, 0xA5, sizeof pace);   /* init owes nothing to what was there */
    sg_pace_init(&pace, (uint32_t)strtoul(values[1], NULL, 10),
                 (uint32_t)strtoul(values[2], NULL, 10), (uint32_t)strtoul(values[3], NULL, 10));
    while (fread(record, sizeof record, 1, stdin) == 1) {
        uint64_t us = number(record, 8);

        for (unsigned int i = 0; i < 6; i++) {
            sample[i] = (int16_t)(uint16_t)number(&record[9 + 2 * i], 2);
        }
        sg_pace_push(&pace, sample, us, record[8] != 0);
        memset(said, 0, sizeof said);
        said[0] = (uint8_t)sg_pace_measurement(&pace, us, &said[1]);
        fwrite(said, sizeof said, 1, stdout);
    }
    return 0;
}
