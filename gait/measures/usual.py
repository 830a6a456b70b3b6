"""What is usual for a runner at a speed, from the medians of earlier runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.measures.bins import WIDTH_M_S
from gait.measures.values import robust_spread

LEAST_RUNS = 5
LEAST_DAYS = 13.5  # 14 by the calendar
REACH_M_S = 0.0625  # how far outside the earlier runs' speeds is still the same speed
APART_M_S = 0.05  # two medians nearer in speed tell nothing of how a measure follows speed
PULLED_IN = 2.5  # robust standard deviations, from which on a run counts as this far away
# MAD against the standard deviation of normal values falls short in few of them (Croux and
# Rousseeuw 1992); a test draws it anew.
SHORT_OF_FEW = {5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}

SPEED, VALUE, COUNT = 0, 1, 2  # columns of a run's points

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Usual:
    """`value` at one speed; `off` (runs,) how far each run is from it, NaN where it has none."""

    value: float
    off: Floats


def usual_at(speed: float, runs: Sequence[Floats], days: Floats) -> Usual | None:
    """What `runs` had at `speed` in the middle, or None where they do not tell.

    runs : (k, 3) of each run: speed, median and count of strides of each of its bins
    days : (runs,) when they were

    The points up to one bin's width away are moved to this speed along a line through all of
    them (Theil–Sen), so a neighbouring bin helps and the place within a bin does not matter. It
    takes 5 runs over 14 days, and a speed between theirs: nothing is extrapolated.
    """
    near = [points[np.abs(points[:, SPEED] - speed) <= WIDTH_M_S] for points in runs]
    has = np.array([len(points) > 0 for points in near])
    if has.sum() < LEAST_RUNS or np.ptp(days[has]) < LEAST_DAYS:
        return None
    together = np.concatenate(near)
    if not _between(speed, together[:, SPEED]):
        return None
    slope = theil_sen(together[:, SPEED], together[:, VALUE])
    values = np.full(len(near), np.nan)
    for i in np.flatnonzero(has):
        moved = near[i][:, VALUE] - slope * (near[i][:, SPEED] - speed)
        values[i] = np.average(moved, weights=near[i][:, COUNT])
    usual = float(np.nanmedian(values))
    return Usual(usual, values - usual)


def theil_sen(x: Floats, y: Floats) -> float:
    """Median slope of all pairs that are far enough apart in x; 0 where none is."""
    first, second = np.triu_indices(len(x), 1)
    apart = x[second] - x[first]
    told = np.abs(apart) >= APART_M_S
    if not told.any():
        return 0.0
    return float(np.median((y[second] - y[first])[told] / apart[told]))


def run_to_run(off: Floats) -> float:
    """Robust standard deviation between runs, from how far (n,) of them are off their median.

    Scaled MAD finds the runs that are far off; the standard deviation with those pulled in is
    half as uncertain in a few runs as MAD itself. Widened by 1 + (6/n)², as what comes of a few
    runs is often too small.
    """
    n = len(off)
    reach = PULLED_IN * SHORT_OF_FEW.get(n, n / (n - 0.8)) * robust_spread(off)
    pulled = np.clip(off, -reach, reach)
    return float(np.sqrt(np.sum(pulled**2) / (n - 1))) * (1.0 + (6.0 / n) ** 2)


def _between(speed: float, speeds: Floats) -> bool:
    return bool(speeds.min() - REACH_M_S <= speed <= speeds.max() + REACH_M_S)
