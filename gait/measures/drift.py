"""What changes over a run at the same speed: last third against first third."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy.stats import t as student

from gait.measures.session_table import SessionMeasure
from gait.measures.trend import slow_speed
from gait.measures.values import Strides
from gait.model.summary import Measure

Floats = NDArray[np.float64]

BLOCK = 10  # strides that become one median
LEAST_BLOCKS = 15
LEAST = BLOCK * LEAST_BLOCKS
# Strides wander slowly by themselves (long memory), which neighbouring blocks show only in
# part; with it the interval holds zero in 95 % of simulated runs without drift.
WANDER = 1.3


def drift(row: SessionMeasure, strides: Strides) -> Measure:
    """`row` of one foot's running strides, with a 95 % interval as its uncertainty.

    Speed and the thirds of the run are fitted together, so what a change of speed may explain
    widens the interval. Errors of the method that stay the same over the run cancel out.
    """
    used = strides[strides["valid"] & np.isfinite(strides[row.of])]
    n = len(used)
    blank = Measure(value=None, unit=row.unit, n=n, label=row.label)
    if n < LEAST:
        return replace(blank, why_not=f"needs {LEAST} strides of a foot, about 2 minutes")
    speed = slow_speed(used["ic_s"], used["speed_m_s"])
    if speed is None:
        return replace(blank, why_not="speed is not known, and the change must be at one speed")
    change, half_width, spread = last_against_first(used["ic_s"], used[row.of], speed)
    return replace(blank, value=change, uncertainty=half_width, spread=spread, quality="good")


def last_against_first(time_s: Floats, values: Floats, speed: Floats) -> tuple[float, float, float]:
    """Change from first to last third at the same speed, its 95 % half-width, block spread."""
    count = len(values) // BLOCK
    t, y, v = (_blocks(x, count) for x in (time_s, values, speed))
    place = (t - time_s[0]) / (time_s[-1] - time_s[0])
    middle = (place > 1.0 / 3.0) & (place <= 2.0 / 3.0)
    design = np.column_stack([np.ones(count), place > 2.0 / 3.0, middle])
    if np.std(v) > 0.0:
        design = np.column_stack([design, v - v.mean()])
    fit, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ fit
    freedom = max(count - int(rank), 1)
    variance = float(left @ left) / freedom * np.linalg.pinv(design.T @ design)[1, 1]
    memory = min(max(float(left[1:] @ left[:-1] / max(left @ left, 1e-300)), 0.0), 0.9)
    variance *= (1.0 + memory) / (1.0 - memory)
    half_width = WANDER * float(student.ppf(0.975, freedom)) * np.sqrt(variance)
    return float(fit[1]), float(half_width), float(left.std())


def _blocks(x: Floats, count: int) -> Floats:
    """Medians of consecutive strides, the last block taking what is left over."""
    return np.array([np.median(part) for part in np.array_split(x, count)])
