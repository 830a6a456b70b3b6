"""Whether the sensor still sits as it did: how a foot usually goes and leans, and strides off it.

A sensor that slips a little still gives strides that go forward over an upright foot, but from
then on all of them go askew, or lean to one side. A turn makes only a few do so. Lean fore and
aft is left out, as a hill does that; it bends angles least (a slip of 15° by less than 1°).
"""

import numpy as np
from numpy.typing import NDArray

from gait.model.window import ACC, POSITION
from gait.steps.parameters import Parameters

Array = NDArray[np.float64]


def way_and_lean(stride: np.void, window: Array) -> Array:
    """(2,) rad: direction of travel in the foot frame, and lean to the side in mid-stance."""
    x, y = window[int(stride["next_mid_stance"]), POSITION : POSITION + 2]
    reach = max(1, round(0.02 * float(stride["rate_hz"])))
    middle = int(stride["mid_stance"])
    force = window[max(0, middle - reach) : middle + reach + 1, ACC : ACC + 3].mean(axis=0)
    return np.arctan2([y, force[1]], [x, force[2]])


class Usual:
    """Running means of way and lean, for running and for walking."""

    def __init__(self, parameters: Parameters) -> None:
        self._p = parameters
        self.forget()

    def forget(self) -> None:
        """Begin anew, as with a sensor that has just been found to sit so."""
        self._mean = np.zeros((2, 2))  # activity; way, lean
        self._strides = [0, 0]

    def holds(self, stride: np.void, window: Array) -> bool:
        """Whether a stride with a path is like those before; if it is, it is one of them."""
        kind = int(stride["activity"])
        off = way_and_lean(stride, window) - self._mean[kind]
        off = (off + np.pi) % (2.0 * np.pi) - np.pi
        known = self._strides[kind] >= self._p.usual_strides
        if known and (np.abs(off) > (self._p.usual_way_rad, self._p.usual_lean_rad)).any():
            return False
        self._strides[kind] += 1
        self._mean[kind] += max(1.0 / self._strides[kind], self._p.usual_gain) * off
        return True
