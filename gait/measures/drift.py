"""What changes over a run at the same speed: last third against first third."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gait.measures.aggregate import Strides, robust_spread
from gait.measures.session_table import SessionMeasure
from gait.measures.trend import slow_speed
from gait.model.summary import Measure

Floats = NDArray[np.float64]

BLOCKS = 18  # of equal length, whatever the run's: strides wander on every scale of time
LEAST = 150  # strides
MOST_SPREAD = 5.0  # robust standard deviations, beyond which a stride is pulled in
# Strides wander slowly by themselves (long memory), which neighbouring blocks show only in
# part. With this factor the interval holds zero in 19 of 20 simulated runs without drift where
# the memory (DFA) is 0.85, in 9 of 10 where it is 0.95: tests/measures/test_drift.py.
WANDER = 1.6
# Student's t at 97.5 %, by degrees of freedom: all that `BLOCKS` leave.
STUDENT = {14: 2.144787, 15: 2.131450, 16: 2.119905, 17: 2.109816}


def drift(row: SessionMeasure, strides: Strides) -> Measure:
    """`row` of one foot's running strides, with a 95 % interval as its uncertainty.

    Speed and the thirds of the run are fitted together, so what a change of speed may explain
    widens the interval. Errors of the method that stay the same over the run cancel out.
    """
    used = strides[strides["valid"] & np.isfinite(strides[row.of])]
    n = len(used)
    blank = row.blank(n)
    if n < LEAST:
        return replace(blank, why_not=f"needs {LEAST} strides of a foot, about 2 minutes")
    speed = slow_speed(used["ic_s"], used["speed_m_s"])
    if speed is None:
        return replace(blank, why_not="speed is not known, and the change must be at one speed")
    change, half_width, spread = last_against_first(used["ic_s"], used[row.of], speed)
    return replace(blank, value=change, uncertainty=half_width, spread=spread, quality="good")


def last_against_first(time_s: Floats, values: Floats, speed: Floats) -> tuple[float, float, float]:
    """Change from first to last third at the same speed, its 95 % half-width, stride spread."""
    middle, spread = float(np.median(values)), robust_spread(values)
    y = np.clip(values, middle - MOST_SPREAD * spread, middle + MOST_SPREAD * spread)
    place = (time_s - time_s[0]) / (time_s[-1] - time_s[0])
    last, centre = place > 2.0 / 3.0, (place > 1.0 / 3.0) & (place <= 2.0 / 3.0)
    design = np.column_stack([np.ones(len(y)), last, centre, speed - speed.mean()])
    fit, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ fit
    half_width = WANDER * _half_width(_block_means(design), _block_means(left))
    return float(fit[1]), half_width, robust_spread(left)


def _half_width(design: Floats, left: Floats) -> float:
    """95 % half-width of the second coefficient, from blocks whose residuals follow each other."""
    freedom = len(left) - int(np.linalg.matrix_rank(design))
    variance = float(left @ left) / freedom * np.linalg.pinv(design.T @ design)[1, 1]
    memory = min(max(float(left[1:] @ left[:-1] / max(left @ left, 1e-300)), 0.0), 0.8)
    variance *= (1.0 + memory) / (1.0 - memory)
    return float(STUDENT[freedom] * np.sqrt(variance))


def _block_means(x: Floats) -> Floats:
    return np.array([part.mean(axis=0) for part in np.array_split(x, BLOCKS)])
