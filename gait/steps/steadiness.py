"""What single strides say of landing and leaving, against the strides before them.

From stride to stride a runner's contact varies by some milliseconds; an instant that jumps by
more, and back, was read from another feature. Whether it is the instant that jumped and not what
it is compared with, two comparisons tell together: with the push-off of the same contact and with
the event of the stride before. One that jumped, or that lies where samples are missing, is put
where the last strides let it be expected, and is known less well.
"""

import math

import numpy as np

from gait.model.arrays import Floats, Record
from gait.model.compiled import kernel
from gait.model.window import CLIPPED, GAP, TIME

REMEMBERED = 7  # strides: odd, so that their median is one of them (working value)
LEAST = 3  # of them before anything is expected
MISSING_SD = 0.3  # of a gap: one sd of an instant anywhere within it, 1 / √12 = 0.289, rounded up

HABIT = np.dtype(
    [
        ("since_s", np.float64, REMEMBERED),  # of the last strides: from one mark of the foot …
        ("other_s", np.float64, REMEMBERED),  # … and from another to the event
        ("strides", np.int64),
        ("strayed", np.int64),  # strides in a row that were put where they were expected
    ]
)


@kernel
def missing_around(samples: Floats, t: float, edge_s: float):
    """How long the longest gap around a time is.

    What stands at the edge of a gap may be the edge and not the event.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS)
    t : float
        Time, s.
    edge_s : float
        So near to it all samples must have been measured, s.

    Returns
    -------
    float
        s; 0 where all samples near it were measured.
    """
    last = samples.shape[0] - 1
    i = 0
    while i < last and samples[i + 1, TIME] <= t - edge_s:
        i += 1
    longest_s = 0.0
    k = i
    while k <= last and (k <= i + 1 or samples[k - 1, TIME] < t + edge_s):
        if not int(samples[k, CLIPPED]) & GAP:
            k += 1
            continue
        before, after = k, k
        while before > 0 and int(samples[before, CLIPPED]) & GAP:
            before -= 1
        while after < last and int(samples[after, CLIPPED]) & GAP:
            after += 1
        longest_s = max(longest_s, samples[after, TIME] - samples[before, TIME])
        k = after + 1
    return longest_s


@kernel
def reset_habit(habit: Record):
    """Back to knowing of no stride."""
    habit.strides = 0
    habit.strayed = 0


@kernel
def steady_event(
    habit: Record,
    event_s: float,
    sd_s: float,
    mark_s: float,
    other_mark_s: float,
    missing_s: float,
    most_s: float,
    sd_put_s: float,
    gap_s: float,
):
    """The event as it is with what is known of the last strides.

    Parameters
    ----------
    habit : Record
        HABIT, changed.
    event_s, sd_s : float
        The event as it was read, NaN where it was not, and its standard deviation, s.
    mark_s, other_mark_s : float
        What its distance to is like from stride to stride, s; NaN unknown.
    missing_s : float
        How long samples are missing around it, s.
    most_s : float
        Further off, by both marks, it has jumped, s.
    sd_put_s : float
        How well it is known where it is put, s.
    gap_s : float
        A longer gap hides it, s.

    Returns
    -------
    tuple[float, float]
        The event and its standard deviation, s.
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
            reset_habit(habit)  # it is so from now on
    if not hidden and not math.isnan(other_s):
        at = habit.strides % REMEMBERED
        habit.since_s[at] = since_s
        habit.other_s[at] = other_s
        habit.strides += 1
        habit.strayed = 0
    return event_s, math.hypot(sd_s, MISSING_SD * missing_s)
