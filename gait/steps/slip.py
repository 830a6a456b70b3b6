"""Whether the sensor still sits as it did: how a foot usually goes and leans, and strides off it.

A sensor that slips a little still gives strides that go forward over an upright foot, but from
then on all of them go askew, or lean to one side. A turn makes only a few do so. Lean fore and
aft is left out, as a hill does that; it bends angles least (a slip of 15° by less than 1°).
"""

import math

import numpy as np

from gait.model.compiled import kernel
from gait.model.window import ACC, POSITION

# Running means of way and lean (rad) and of how many strides, for running and for walking.
USUAL = np.dtype([("way", np.float64, 2), ("lean", np.float64, 2), ("strides", np.int64, 2)])


@kernel
def _lean(window, first, stop):
    left = 0.0
    up = 0.0
    for i in range(first, stop):
        left += window[i, ACC + 1]
        up += window[i, ACC + 2]
    return math.atan2(left, up)


@kernel
def way_and_lean(e, window):
    """rad: direction of travel in the foot frame, and lean to the side in mid-stance."""
    x = window[e.next_mid_stance, POSITION]
    y = window[e.next_mid_stance, POSITION + 1]
    reach = max(1, round(0.02 * e.rate_hz))
    stop = min(window.shape[0], e.mid_stance + reach + 1)
    return math.atan2(y, x), _lean(window, max(0, e.mid_stance - reach), stop)


@kernel
def _between(a, b):
    """Angle from b to a, rad, within ±π."""
    whole = 2.0 * math.pi
    return (a - b) - whole * math.floor((a - b) / whole + 0.5)


@kernel
def holds(usual, e, window, p):
    """Whether a stride with a path is like those before; if it is, it is one of them."""
    kind = e.activity
    way, lean = way_and_lean(e, window)
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
