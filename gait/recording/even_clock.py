"""An even clock through stamps that jitter, by counting samples."""

import numpy as np

from gait.model.compiled import kernel

# Periods by which a stamp is late where a sample is missing before it, and the next ones together.
SURELY_LATE = 0.5
MOSTLY_LATE = 0.6


@kernel
def even_times(time_s, period_s, look_ahead, gain, restart_periods, even_s, skipped):
    """Fill `even_s` (n,) with times in even steps near `time_s` (n,), and `skipped` (n,) with how
    many samples are missing before each.

    A sample is missing where this stamp is late and, by their median, the next ones are too: a
    stamp that is late alone has only jittered. `gain`: how far the clock follows each stamp.
    """
    n = time_s.shape[0]
    late = np.empty(look_ahead)
    even_s[0] = time_s[0]
    skipped[0] = 0
    for i in range(1, n):
        here = (time_s[i] - even_s[i - 1]) / period_s - 1.0
        missing = 0
        if here > SURELY_LATE:
            ahead = min(look_ahead, n - i)
            for j in range(ahead):
                late[j] = (time_s[i + j] - even_s[i - 1]) / period_s - 1.0 - j
            together = np.median(late[:ahead])
            if together > MOSTLY_LATE:
                missing = max(1, round(min(here, together)))
        skipped[i] = missing
        expected_s = even_s[i - 1] + (1 + missing) * period_s
        if missing >= restart_periods:
            even_s[i] = time_s[i]
            skipped[i] = max(missing, round(restart_periods))
        else:
            even_s[i] = expected_s + gain * (time_s[i] - expected_s)
