"""How a foot lands and swings, beyond what is reported: for the stage that doubts measures.

What tells a left foot from a right one, and how much of what is measured hangs on the moment of
landing and on where the toes point, which no method knows exactly.
"""

import math

import numpy as np

from gait.measures.table import ONLY_COUNTED, TIMING
from gait.model.arrays import Floats, Record, Records
from gait.model.compiled import kernel
from gait.model.strides import Activity, QualityFlag
from gait.model.units import DEG_PER_RAD, RAD_PER_DEG
from gait.model.window import PITCH, POSITION, ROLL, TIME, StrideBatch

PRONATION_SHARE = 0.6  # of contact, as for pronation itself
OFF_S = 0.008  # how well landing is known on a runner who was never seen: about ± 8 ms
LEAST_SWING_M = 0.2  # shorter ways have no sides

# One a stride; NaN where it is not known. Roll is eversion-positive if the foot is the one it is
# said to be. `by_ms`: change with each ms of error of landing; `by_deg`: with each degree by which
# the toes point elsewhere.
LANDING = np.dtype(
    [
        ("activity", np.int8),
        ("roll_deg", np.float64),  # at contact, from mid-stance
        ("inward_deg", np.float64),  # from there to the most inward roll before push-off …
        ("outward_deg", np.float64),  # … and to the most outward one
        ("swings_out_m", np.float64),  # sideways bend of the swing, away from the other leg
        ("strike_by_ms", np.float64),
        ("roll_by_ms", np.float64),
        ("inward_by_ms", np.float64),
        ("roll_by_deg", np.float64),
        ("inward_by_deg", np.float64),
    ]
)

_MEASURED = tuple(name for name in LANDING.names or () if name != "activity")
UNSURE = TIMING | ONLY_COUNTED | QualityFlag.PATH_BRIDGED  # strides that do not tell it


@kernel
def _at(w: Floats, t: float, column: int):
    """A column at a time, between samples; the first or last row beyond them."""
    last = w.shape[0] - 1
    if t <= w[0, TIME]:
        return w[0, column]
    if t >= w[last, TIME]:
        return w[last, column]
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if w[middle, TIME] <= t:
            low = middle
        else:
            high = middle
    part = (t - w[low, TIME]) / (w[high, TIME] - w[low, TIME])
    return w[low, column] + part * (w[high, column] - w[low, column])


@kernel
def _extremes(w: Floats, e: Record, sign: float, ic_s: float):
    """Of pronation from contact at `ic_s` to the push-off: most, least, index of the most."""
    most, least, at = -math.inf, math.inf, -1
    last = ic_s + PRONATION_SHARE * (e.tc_s - ic_s)
    for i in range(w.shape[0]):
        if w[i, TIME] <= ic_s:
            continue
        if w[i, TIME] > last:
            break
        roll = sign * w[i, ROLL]
        if roll > most:
            most, at = roll, i
        least = min(least, roll)
    return most, least, at


@kernel
def _swings_out(w: Floats, e: Record, sign: float):
    """The largest distance of the foot's way, seen from above, from the straight line, m."""
    begin, end = e.mid_stance, e.next_mid_stance
    if begin < 0 or end < 0:
        return math.nan
    x = w[end, POSITION] - w[begin, POSITION]
    y = w[end, POSITION + 1] - w[begin, POSITION + 1]
    length = math.hypot(x, y)
    if not length >= LEAST_SWING_M:
        return math.nan
    most = 0.0
    for i in range(begin, end + 1):
        along = w[i, POSITION] - w[begin, POSITION]
        aside = w[i, POSITION + 1] - w[begin, POSITION + 1]
        off = (x * aside - y * along) / length
        if abs(off) > abs(most):
            most = off
    return sign * most


@kernel
def _look(events: Records, windows: Floats, out: Records):
    """Fill `out` (n,) LANDING for `events` (n,) CLOSED."""
    for row in range(events.shape[0]):
        e, o = events[row], out[row]
        o.activity = e.activity
        w = windows[e.window_start : e.window_start + e.window_length]
        sign = 1.0 if e.side == 0 else -1.0
        o.swings_out_m = _swings_out(w, e, sign)
        if not e.tc_s > e.ic_s:
            continue
        roll, pitch = sign * _at(w, e.ic_s, ROLL), _at(w, e.ic_s, PITCH)
        most, least, at = _extremes(w, e, sign, e.ic_s)
        if at < 0:
            continue
        sooner, later = e.ic_s - OFF_S, e.ic_s + OFF_S
        rolls = sign * (_at(w, later, ROLL) - _at(w, sooner, ROLL))
        pitches = _at(w, later, PITCH) - _at(w, sooner, PITCH)
        inward_sooner = _extremes(w, e, sign, sooner)[0] - sign * _at(w, sooner, ROLL)
        inward_later = _extremes(w, e, sign, later)[0] - sign * _at(w, later, ROLL)
        by_ms = DEG_PER_RAD / (2e3 * OFF_S)
        o.roll_deg = roll * DEG_PER_RAD
        o.inward_deg = (most - roll) * DEG_PER_RAD
        o.outward_deg = (roll - least) * DEG_PER_RAD
        o.roll_by_ms = rolls * by_ms
        o.strike_by_ms = pitches * by_ms
        o.inward_by_ms = (inward_later - inward_sooner) * by_ms
        # turned by a small angle about the vertical, roll takes up that share of pitch
        o.roll_by_deg = pitch * DEG_PER_RAD * RAD_PER_DEG
        o.inward_by_deg = (w[at, PITCH] - pitch) * DEG_PER_RAD * RAD_PER_DEG


def no_landings() -> Records:
    return np.zeros(0, dtype=LANDING)


def landings(closed: StrideBatch) -> Records:
    """(n,) of dtype LANDING, one a closed stride."""
    found = np.zeros(len(closed.strides), dtype=LANDING)
    for name in _MEASURED:
        found[name] = np.nan
    if len(found):
        _look(closed.strides, closed.windows, found)
        unsure = (closed.strides["why"] & int(UNSURE)) != 0
        for name in _MEASURED:
            found[name][unsure] = np.nan
    return found


def changes_by(landings: Records) -> tuple[dict[str, float], dict[str, float]]:
    """By name of a measure, its median change with a ms of landing and with a degree of heading."""
    running = landings[landings["activity"] == Activity.RUN]
    by_ms = {
        "strike_angle_deg": _median_size(running["strike_by_ms"]),
        "roll_at_ic_deg": _median_size(running["roll_by_ms"]),
        "roll_at_ic_standing_deg": _median_size(running["roll_by_ms"]),
        "pronation_excursion_deg": _median_size(running["inward_by_ms"]),
    }
    by_deg = {
        "roll_at_ic_deg": _median_size(running["roll_by_deg"]),
        "roll_at_ic_standing_deg": _median_size(running["roll_by_deg"]),
        "pronation_excursion_deg": _median_size(running["inward_by_deg"]),
    }
    return by_ms, by_deg


def _median_size(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(np.abs(known))) if len(known) else 0.0
