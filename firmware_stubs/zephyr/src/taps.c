#include "taps.h"

#define WITHIN_MS 2000
#define TOO_SOON_MS 80   /* the ringing of one tap, not a second one */

bool taps_add(taps *before, int64_t now_ms)
{
    if (before->count > 0 && now_ms - before->ms[before->count - 1] < TOO_SOON_MS) {
        return false;
    }
    while (before->count > 0 && now_ms - before->ms[0] > WITHIN_MS) {
        before->ms[0] = before->ms[1];
        before->count--;
    }
    if (before->count == 2) {
        before->count = 0;
        return true;
    }
    before->ms[before->count++] = now_ms;
    return false;
}
