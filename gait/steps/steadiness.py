"""What single strides say of landing and leaving, against the strides before them.

From stride to stride a runner's contact varies by some milliseconds; an instant that jumps by
more, and back, was read from another feature. Whether it is the instant that jumped and not what
it is compared with, two comparisons tell together: with the push-off of the same contact and with
the event of the stride before. One that jumped, or that lies where samples are missing, is put
where the last strides let it be expected, and is known less well.
"""

import math

import numpy as np

from gait.model.compiled import kernel
from gait.model.window import CLIPPED, GAP, TIME

REMEMBERED = 7  # strides
LEAST = 3  # of them before anything is expected

HABIT = np.dtype(
    [
        ("since_s", np.float64, REMEMBERED),  # of the last strides: from one mark of the foot …
        ("other_s", np.float64, REMEMBERED),  # … and from another to the event
        ("strides", np.int64),
        ("strayed", np.int64),  # strides in a row that were put where they were expected
    ]
)


@kernel
def missing_around(samples, t, edge_s):
    """How long samples are missing around time `t`, s; 0 where all within `edge_s` of it were
    measured: what stands at the edge of a gap may be the edge and not the event."""
    stop = samples.shape[0]
    i = 0
    while i + 1 < stop and samples[i + 1, TIME] <= t:
        i += 1
    j = min(i + 1, stop - 1)
    first, last = i, j
    while first > 0 and samples[first, TIME] > t - edge_s:
        first -= 1
    while last < stop - 1 and samples[last, TIME] < t + edge_s:
        last += 1
    missing = False
    for k in range(first, last + 1):
        if int(samples[k, CLIPPED]) & GAP:
            missing = True
            i, j = min(i, k), max(j, k)
    if not missing:
        return 0.0
    while i > 0 and int(samples[i, CLIPPED]) & GAP:
        i -= 1
    while j < stop - 1 and int(samples[j, CLIPPED]) & GAP:
        j += 1
    return samples[j, TIME] - samples[i, TIME]


@kernel
def forget_habit(habit):
    habit.strides = 0
    habit.strayed = 0


@kernel
def steadied(habit, event_s, sd_s, mark_s, other_mark_s, missing_s, most_s, sd_put_s, gap_s):
    """The event, and its standard deviation, as it is with what is known of the last strides.

    mark_s, other_mark_s: what its distance to is like from stride to stride (NaN unknown).
    `most_s`: further off, by both marks, it has jumped. A gap longer than `gap_s` hides it.
    """
    since_s = event_s - mark_s
    other_s = event_s - other_mark_s
    hidden = missing_s > gap_s or math.isnan(event_s)
    n = min(habit.strides, REMEMBERED)
    if n >= LEAST:
        usual_s = np.median(habit.since_s[:n])
        off_s = since_s - usual_s
        other_off_s = other_s - np.median(habit.other_s[:n])
        jumped = off_s * other_off_s > 0.0 and min(abs(off_s), abs(other_off_s)) > most_s
        if hidden or (jumped and habit.strayed < LEAST - 1):
            habit.strayed += not hidden
            put_s = mark_s + usual_s
            if not (math.isnan(other_off_s) or math.isnan(event_s)):
                put_s = event_s - 0.5 * (off_s + other_off_s)
            return put_s, math.hypot(sd_s, sd_put_s)
        if jumped:
            forget_habit(habit)  # it is so from now on
    if not hidden and not math.isnan(other_s):
        at = habit.strides % REMEMBERED
        habit.since_s[at] = since_s
        habit.other_s[at] = other_s
        habit.strides += 1
        habit.strayed = 0
    return event_s, math.hypot(sd_s, 0.3 * missing_s)
