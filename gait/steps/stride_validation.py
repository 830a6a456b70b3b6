"""Whether a stride is a step, and whether it fits the mounting it was seen with.

Whether the sensor still sits as it did: how a foot usually goes and leans, and strides off it.

A sensor that slips a little still gives strides that go forward over an upright foot, but from
then on all of them go askew, or lean to one side. A turn makes only a few do so. Lean fore and
aft is left out, as a hill does that; it bends angles least (a slip of 15° by less than 1°).
"""

import math

import numpy as np

from gait.model.arrays import Floats, Record, Records
from gait.model.compiled import kernel
from gait.model.strides import Activity, QualityFlag
from gait.model.window import GYR, POSITION, StrideBatch

# Running means of way and lean (rad) and of how many strides, for running and for walking.
USUAL = np.dtype([("way", np.float64, 2), ("lean", np.float64, 2), ("strides", np.int64, 2)])


@kernel
def _between(a: float, b: float):
    """Angle from b to a, rad, within ±π."""
    whole = 2.0 * math.pi
    return (a - b) - whole * math.floor((a - b) / whole + 0.5)


@kernel
def travel_direction(e: Record, window: Floats):
    """Direction of travel in the foot frame, rad, left positive.

    A foot that turns on its way is looked at half-way: on a bend the chord lies between.
    """
    x = window[e.next_mid_stance, POSITION]
    y = window[e.next_mid_stance, POSITION + 1]
    return _between(math.atan2(y, x), 0.5 * e.turn)


@kernel
def goes_as_usual(usual: Record, e: Record, window: Floats, p: Record):
    """Whether a stride with a path is like those before; if it is, it is one of them.

    Parameters
    ----------
    usual : Record
        USUAL, the running means; changed.
    e : Record
        CLOSED record of a stride; indices are into its window.
    window : Floats
        (n, COLUMNS) of this stride, foot frame.
    p : Record
        `Parameters`.

    Returns
    -------
    bool
        True also while too few strides came for anything to be usual.
    """
    kind = e.activity
    way = travel_direction(e, window)
    lean = e.lean
    way_off = _between(way, usual.way[kind])
    lean_off = _between(lean, usual.lean[kind])
    known = usual.strides[kind] >= p.usual_strides
    askew = abs(way_off) > p.usual_way_rad or abs(lean_off) > p.usual_lean_rad
    if known and askew:
        return False
    usual.strides[kind] += 1
    gain = max(1.0 / usual.strides[kind], p.usual_gain)
    usual.way[kind] += gain * way_off
    usual.lean[kind] += gain * lean_off
    return True


RUN = int(Activity.RUN)
WALK = int(Activity.WALK)
PATH_UNKNOWN = int(QualityFlag.ACC_CLIPPED | QualityFlag.PATH_CLIPPED | QualityFlag.PATH_BRIDGED)
BRIDGED = int(QualityFlag.PATH_BRIDGED)
NOT_STEADY = int(QualityFlag.NOT_STEADY)
NOT_A_STEP = int(QualityFlag.NOT_A_STEP)

JUDGED = np.dtype(
    [
        ("restlessness", np.float64),  # turning in mid-stance, as a share of the stride's fastest
        ("rise", np.float64),  # mean height over the stride, m: a foot is lifted, and put down
        ("heading", np.float64),  # direction of travel, rad, left positive; NaN: could be no step
        ("fits", np.bool_),
    ]
)


@kernel
def window_of(e: Record, windows: Floats):
    """The window of a stride, a view of `windows`."""
    return windows[e.window_start : e.window_start + e.window_length]


@kernel
def path_unknown(e: Record):
    """Whether a signal was at the end of its range, so that the path says nothing."""
    return (e.why & PATH_UNKNOWN) != 0


@kernel
def heading_of(e: Record, window: Floats, p: Record):
    """Direction of travel of a stride that could be a step.

    Parameters
    ----------
    e : Record
        CLOSED record of a stride; indices are into its window.
    window : Floats
        (n, COLUMNS) of this stride, foot frame.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        rad, left positive, foot frame; else NaN.
    """
    if e.next_mid_stance < 0:
        return math.nan
    x = window[e.next_mid_stance, POSITION]
    y = window[e.next_mid_stance, POSITION + 1]
    stride_s = e.next_ic_s - e.ic_s
    if e.activity == WALK:
        usual = p.walk_stride_s_low <= stride_s <= p.walk_stride_s_high
    else:
        usual = p.run_stride_s_low <= stride_s <= p.run_stride_s_high
    if not (usual and math.hypot(x, y) > p.least_way_m):
        return math.nan
    return travel_direction(e, window)


@kernel
def turning(gyr: Floats, i: int):
    """Size of the rotation rate of sample `i`, rad/s."""
    return math.sqrt(gyr[i, 0] ** 2 + gyr[i, 1] ** 2 + gyr[i, 2] ** 2)


@kernel
def restlessness(e: Record, window: Floats, p: Record):
    """How fast the foot turns in mid-stance, as a share of its fastest in the stride.

    Parameters
    ----------
    e : Record
        CLOSED record of a stride; indices are into its window.
    window : Floats
        (n, COLUMNS) of this stride, foot frame.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        0 … 1; 1 where it does not turn at all.
    """
    reach = max(1, round(p.mid_stance_reach_s * e.rate_hz))
    gyr = window[:, GYR : GYR + 3]
    fastest = 0.0
    here = 0.0
    count = 0
    for i in range(gyr.shape[0]):
        rate = turning(gyr, i)
        fastest = max(fastest, rate)
        if abs(i - e.mid_stance) <= reach:
            here += rate
            count += 1
    return here / count / fastest if fastest > 0.0 else 1.0


@kernel
def mean_rise(e: Record, window: Floats):
    """Mean height of the sensor from mid-stance to the next, above the line between them, m.

    Positive for every foot that steps; seen the wrong way round, from swing to swing, the foot
    rather sinks.

    Parameters
    ----------
    e : Record
        CLOSED record of a stride; indices are into its window.
    window : Floats
        (n, COLUMNS) of this stride, foot frame.

    Returns
    -------
    float
        m; NaN without a next mid-stance.
    """
    if e.next_mid_stance < 0:
        return math.nan
    first, last = e.mid_stance, e.next_mid_stance
    total = 0.0
    for i in range(first, last + 1):
        total += window[i, POSITION + 2]
    return total / (last - first + 1) - 0.5 * window[last, POSITION + 2]


@kernel
def is_step(e: Record, window: Floats, restless: float, p: Record):
    """Whether the foot goes somewhere from a mid-stance in which it is quiet and upright.

    Handled, it is quiet nowhere (its rate there 0.27–0.95 of the fastest) or far from upright
    (simulated laces tied, shakes, sensors in the hand).

    Parameters
    ----------
    e : Record
        CLOSED record of a stride; indices are into its window.
    window : Floats
        (n, COLUMNS) of this stride, foot frame.
    restless : float
        Its `restlessness`.
    p : Record
        `Parameters`.

    Returns
    -------
    bool
        True also where it is not known: without a next mid-stance, or with many samples missing.
    """
    if e.next_mid_stance < 0 or e.why & BRIDGED:
        return True
    if restless >= p.quiet_share:
        return False
    if path_unknown(e):
        return True
    way = math.hypot(window[e.next_mid_stance, POSITION], window[e.next_mid_stance, POSITION + 1])
    least = p.least_way_m
    if e.activity == RUN:
        least = p.least_run_m_s * (e.next_ic_s - e.ic_s)
    return way > least and not e.why & NOT_STEADY


@kernel
def _fits(e: Record, heading: float, p: Record):
    """Whether a marked stride goes forward over a foot that is quiet and upright in mid-stance.

    With the sensor the wrong way round a step's swing looks like a stance, but never quiet.
    """
    if e.why & (NOT_A_STEP | NOT_STEADY) or math.isnan(heading):
        return False
    return abs(heading) <= p.most_heading_rad or path_unknown(e)


@kernel
def _judge(strides: Records, windows: Floats, p: Record, judged: Records):
    """Fill `judged` (n,), and mark in `strides` (n,) CLOSED those that are no steps."""
    for n in range(strides.shape[0]):
        e = strides[n]
        window = window_of(e, windows)
        j = judged[n]
        j.restlessness = restlessness(e, window, p)
        if not is_step(e, window, j.restlessness, p):
            e.why |= NOT_A_STEP
        j.rise = mean_rise(e, window)
        j.heading = heading_of(e, window, p)
        j.fits = _fits(e, j.heading, p)


def judge(closed: StrideBatch, p: np.void) -> Records:
    """What each stride says of the mounting (n,) JUDGED; those that are no steps get it in `why`.

    `p`: the record of the `Parameters`.
    """
    judged = np.zeros(len(closed.strides), dtype=JUDGED)
    if len(judged):
        _judge(closed.strides, closed.windows, p, judged)
    return judged
