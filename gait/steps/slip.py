"""Whether the sensor still sits as it did: how a foot usually goes and leans, and strides off it.

A sensor that slips a little still gives strides that go forward over an upright foot, but from
then on all of them go askew, or lean to one side. A turn makes only a few do so. Lean fore and
aft is left out, as a hill does that; it bends angles least (a slip of 15° by less than 1°).
"""

import math

import numpy as np

from gait.model.compiled import kernel
from gait.model.window import POSITION

# Running means of way and lean (rad) and of how many strides, for running and for walking.
USUAL = np.dtype([("way", np.float64, 2), ("lean", np.float64, 2), ("strides", np.int64, 2)])


@kernel
def _between(a, b):
    """Angle from b to a, rad, within ±π."""
    whole = 2.0 * math.pi
    return (a - b) - whole * math.floor((a - b) / whole + 0.5)


@kernel
def way_of(e, window):
    """Direction of travel in the foot frame, rad, left positive.

    A foot that turns on its way is looked at half-way: on a bend the chord lies between.
    """
    x = window[e.next_mid_stance, POSITION]
    y = window[e.next_mid_stance, POSITION + 1]
    return _between(math.atan2(y, x), 0.5 * e.turn)


@kernel
def holds(usual, e, window, p):
    """Whether a stride with a path is like those before; if it is, it is one of them."""
    kind = e.activity
    way = way_of(e, window)
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
