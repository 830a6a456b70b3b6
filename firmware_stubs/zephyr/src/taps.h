/* Three taps within two seconds. Whole numbers only, no Zephyr: tested on the host. */
#ifndef TAPS_H
#define TAPS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint8_t count;            /* of the times below */
    int64_t ms[2];            /* of the two taps before */
} taps;

/* A tap at `now_ms`; true where it is the third, and counting begins anew. */
bool taps_add(taps *before, int64_t now_ms);

#endif
