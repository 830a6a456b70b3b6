"""The average step as curves: how the shoe tilts, rolls and is shaken from contact to contact.

Constant memory: mean and spread at each point are kept up to date stride by stride (Welford 1962).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gait.measures.table import ANGLES, SHOCK
from gait.model.arrays import Bools, Floats, Ints, Record, Records
from gait.model.compiled import kernel
from gait.model.strides import is_running
from gait.model.summary import StepCurve
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.model.window import ACC, PITCH, ROLL, TIME, StrideBatch

POINTS = 101  # at 0, 1, … 100 % of the stride
LEAST = 10  # strides, for a curve

# name, unit, what spoils it
CURVES = (
    ("tilt", "°", ANGLES),  # toe-up positive, against mid-stance
    ("roll", "°", ANGLES),  # inwards (eversion) positive, against mid-stance
    ("shake", "g", SHOCK),  # length of the specific force
)
SHOWS = {"tilt": "strike_angle_deg", "roll": "pronation_excursion_deg", "shake": "impact_g"}
_SPOILED_BY = np.array([int(spoiled) for _, _, spoiled in CURVES], dtype=np.uint32)
TILT, ROLLED, SHAKE = range(3)


@kernel
def _signal(w: Floats, e: Record, i: int, curve: int):
    """A curve at row `i` of the window, in its unit."""
    if curve == TILT:
        return w[i, PITCH] * DEG_PER_RAD
    if curve == ROLLED:
        return (w[i, ROLL] if e.side == 0 else -w[i, ROLL]) * DEG_PER_RAD
    x, y, z = w[i, ACC], w[i, ACC + 1], w[i, ACC + 2]
    return np.sqrt(x * x + y * y + z * z) / STANDARD_GRAVITY_M_S2


@kernel
def _add(
    strides: Records,
    windows: Floats,
    used: Bools,
    spoiled_by: NDArray[np.uint32],
    count: Ints,
    mean: Floats,
    squares: Floats,
):
    """One more stride into count (3,), mean and sum of squares (3, POINTS)."""
    for row in range(strides.shape[0]):
        e = strides[row]
        if not used[row]:
            continue
        w = windows[e.window_start : e.window_start + e.window_length]
        for curve in range(3):
            if e.why & spoiled_by[curve]:
                continue
            count[curve] += 1
            i = max(0, e.ic - 1)
            for point in range(POINTS):
                t = e.ic_s + (e.next_ic_s - e.ic_s) * point / (POINTS - 1)
                while i < w.shape[0] - 2 and w[i + 1, TIME] < t:
                    i += 1
                part = min(1.0, max(0.0, (t - w[i, TIME]) / (w[i + 1, TIME] - w[i, TIME])))
                one, other = _signal(w, e, i, curve), _signal(w, e, i + 1, curve)
                value = one + part * (other - one)
                off = value - mean[curve, point]
                mean[curve, point] += off / count[curve]
                squares[curve, point] += off * (value - mean[curve, point])


class StepCurves:
    """The average running step of one foot, fed with strides as they close."""

    def __init__(self) -> None:
        self._count = np.zeros(len(CURVES), dtype=np.int64)
        self._mean = np.zeros((len(CURVES), POINTS))
        self._squares = np.zeros((len(CURVES), POINTS))

    def add(self, closed: StrideBatch, strides: Records) -> None:
        """Closed strides, and their records of dtype STRIDE in the same order."""
        used = is_running(strides)
        used &= closed.strides["next_ic"] > closed.strides["ic"]
        if used.any():
            _add(
                closed.strides,
                closed.windows,
                used,
                _SPOILED_BY,
                self._count,
                self._mean,
                self._squares,
            )

    def curves(self) -> dict[str, StepCurve]:
        """By name; a curve of too few strides is left out."""
        found: dict[str, StepCurve] = {}
        for i, (name, unit, _) in enumerate(CURVES):
            n = int(self._count[i])
            if n >= LEAST:
                spread = np.sqrt(self._squares[i] / (n - 1))
                found[name] = StepCurve(
                    unit=unit,
                    n=n,
                    mean=[round(float(v), 3) for v in self._mean[i]],
                    spread=[round(float(v), 3) for v in spread],
                )
        return found


def together(curves: Sequence[StepCurve]) -> StepCurve:
    """The curve over the strides of all of them, at least one; of one signal."""
    n = np.array([curve.n for curve in curves], dtype=np.float64)[:, None]
    mean = np.array([curve.mean for curve in curves])
    spread = np.array([curve.spread for curve in curves])
    middle = (n * mean).sum(axis=0) / n.sum()
    squares = ((n - 1.0) * spread**2 + n * (mean - middle) ** 2).sum(axis=0)
    wide = np.sqrt(squares / (n.sum() - 1.0))
    return StepCurve(
        unit=curves[0].unit,
        n=int(n.sum()),
        mean=[round(float(v), 3) for v in middle],
        spread=[round(float(v), 3) for v in wide],
    )
