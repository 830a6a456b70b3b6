"""Whether the sensor still sits as it did: how a foot usually goes and leans, and strides off it.

A sensor that slips a little still gives strides that go forward over an upright foot, but from
then on all of them go askew, or lean to one side. A turn makes only a few do so. Lean fore and
aft is left out, as a hill does that; it bends angles least (a slip of 15° by less than 1°).
"""

import math

import numpy as np
from numpy.typing import NDArray

from gait.model.compiled import kernel
from gait.model.window import ACC, POSITION
from gait.steps.parameters import Parameters

Array = NDArray[np.float64]


@kernel
def _lean(window, first, stop):
    left = 0.0
    up = 0.0
    for i in range(first, stop):
        left += window[i, ACC + 1]
        up += window[i, ACC + 2]
    return math.atan2(left, up)


def way_and_lean(stride: np.void, window: Array) -> tuple[float, float]:
    """rad: direction of travel in the foot frame, and lean to the side in mid-stance."""
    x, y = window[int(stride["next_mid_stance"]), POSITION : POSITION + 2].tolist()
    reach = max(1, round(0.02 * float(stride["rate_hz"])))
    middle = int(stride["mid_stance"])
    stop = min(len(window), middle + reach + 1)
    return math.atan2(y, x), _lean(window, max(0, middle - reach), stop)


def _between(a: float, b: float) -> float:
    """Angle from b to a, rad, within ±π."""
    return math.remainder(a - b, 2.0 * math.pi)


class Usual:
    """Running means of way and lean, for running and for walking."""

    def __init__(self, parameters: Parameters) -> None:
        self._p = parameters
        self.forget()

    def forget(self) -> None:
        """Begin anew, as with a sensor that has just been found to sit so."""
        self._way = [0.0, 0.0]  # by activity
        self._lean = [0.0, 0.0]
        self._strides = [0, 0]

    def holds(self, stride: np.void, window: Array) -> bool:
        """Whether a stride with a path is like those before; if it is, it is one of them."""
        kind = int(stride["activity"])
        way, lean = way_and_lean(stride, window)
        way_off, lean_off = _between(way, self._way[kind]), _between(lean, self._lean[kind])
        known = self._strides[kind] >= self._p.usual_strides
        askew = abs(way_off) > self._p.usual_way_rad or abs(lean_off) > self._p.usual_lean_rad
        if known and askew:
            return False
        self._strides[kind] += 1
        gain = max(1.0 / self._strides[kind], self._p.usual_gain)
        self._way[kind] += gain * way_off
        self._lean[kind] += gain * lean_off
        return True
