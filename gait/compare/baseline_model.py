"""What is usual for a runner at a speed, from the medians of earlier runs."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gait.measures.aggregate import robust_spread
from gait.measures.bins import WIDTH_M_S
from gait.model.arrays import Bools, Floats, Ints

LEAST_RUNS = 5
LEAST_DAYS = 13.5  # 14 by the calendar
REACH_M_S = 0.0625  # how far outside the earlier runs' speeds is still the same speed
SPREAD_WITHIN_M_S = 0.75  # runs at other speeds, too, tell how far a runner's days differ
APART_M_S = 0.05  # two medians nearer in speed tell nothing of how a measure follows speed
PULLED_IN = 2.5  # robust standard deviations, from which on a run counts as this far away
# MAD against the standard deviation of normal values falls short in few of them (Croux and
# Rousseeuw 1992); a test draws it anew.
SHORT_OF_FEW = {5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}


@dataclass(frozen=True, slots=True)
class Points:
    """Medians of runs at their speeds, one entry a bin.

    run, speed, value, count : (n,) number of the run, m/s, median, strides it is of
    days                     : (runs,) when the runs were
    """

    run: Ints
    speed: Floats
    value: Floats
    count: Floats
    days: Floats


@dataclass(frozen=True, slots=True)
class Usual:
    """`value` at one speed; `near` (runs,) whether it stands on this run."""

    value: float
    near: Bools


def usual_at(speed: float, points: Points) -> Usual | None:
    """What runs had at `speed` in the middle, or None where they do not tell.

    The points up to one bin's width away are moved to this speed along a line through all of
    them (Theil–Sen), so a neighbouring bin helps and the place within a bin does not matter. It
    takes 5 runs over 14 days, and a speed between theirs: nothing is extrapolated.
    """
    values = at_speed(speed, points)
    near = np.isfinite(values)
    if near.sum() < LEAST_RUNS or np.ptp(points.days[near]) < LEAST_DAYS:
        return None
    speeds = points.speed[np.abs(points.speed - speed) <= WIDTH_M_S]
    if not speeds.min() - REACH_M_S <= speed <= speeds.max() + REACH_M_S:
        return None
    return Usual(float(np.median(values[near])), near)


def off_usual(speed: float, points: Points) -> Floats:
    """How far each run within 0.75 m/s of `speed` is off what they have in the middle there.

    In the order of the runs, without those that were at other speeds only.
    """
    values = at_speed(speed, points, SPREAD_WITHIN_M_S)
    told = values[np.isfinite(values)]
    return told - np.median(told)


def at_speed(speed: float, points: Points, reach_m_s: float = WIDTH_M_S) -> Floats:
    """The value of each run (runs,) at `speed`, NaN where it has no bin up to so far away.

    Its points are moved along a line through those of all runs, and weighed by their strides.
    """
    near = np.abs(points.speed - speed) <= reach_m_s
    run, speeds, count = points.run[near], points.speed[near], points.count[near]
    moved = points.value[near] - theil_sen(speeds, points.value[near]) * (speeds - speed)
    total = np.bincount(run, count, len(points.days))
    values = np.full(len(total), np.nan)
    np.divide(np.bincount(run, count * moved, len(total)), total, out=values, where=total > 0.0)
    return values


def theil_sen(x: Floats, y: Floats) -> float:
    """Median slope of all pairs that are far enough apart in x; 0 where none is.

    Parameters
    ----------
    x : Floats
        (n,)
    y : Floats
        (n,)

    Returns
    -------
    float
        Of y by x.
    """
    slopes, _ = _slopes(x, y)
    return float(np.median(slopes)) if len(slopes) else 0.0


def theil_sen_range(x: Floats, y: Floats) -> tuple[float, float, float]:
    """The slope and its 95 % interval (Sen 1968, by the variance of Kendall's score).

    Parameters
    ----------
    x : Floats
        (n,)
    y : Floats
        (n,)

    Returns
    -------
    tuple[float, float, float]
        Slope, lower and upper end; 0 and no bounds where no pair is far enough apart in x.
    """
    slopes, pairs = _slopes(x, y)
    if not len(slopes):
        return 0.0, -np.inf, np.inf
    slopes.sort()
    n = len(x)
    # pairs that are too near in x are left out of the score, and of its spread in proportion
    reach = 1.96 * np.sqrt(n * (n - 1) * (2 * n + 5) / 18.0) * len(slopes) / pairs
    low = int(np.floor((len(slopes) - reach) / 2.0))
    high = int(np.ceil((len(slopes) + reach) / 2.0)) - 1
    return (
        float(np.median(slopes)),
        float(slopes[low]) if low >= 0 else -np.inf,
        float(slopes[high]) if high < len(slopes) else np.inf,
    )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A run's value as measured and as it would be at another speed, and its 95 % half-width.

    value : NaN where the run has none near that speed, or no earlier runs to tell the slope
    """

    measured: float
    value: float
    uncertainty: float


def adjusted_to(speed: float, points: Points, sampling: Floats, cap: float) -> list[Adjusted]:
    """Every run at `speed`, by a slope of the runs before it alone.

    So a run that is judged has no say in how it is drawn. Fewer than five runs before tell no
    slope; where the slope may be anything, nothing is moved.

    Parameters
    ----------
    speed : float
        m/s.
    points : Points
        Of all runs, in their order.
    sampling : Floats
        (n,) 95 % half-width of each point.
    cap : float
        A value is moved by no more than this, in the measure's unit.
    """
    return [_adjusted(run, speed, points, sampling, cap) for run in range(len(points.days))]


def _adjusted(run: int, speed: float, points: Points, sampling: Floats, cap: float) -> Adjusted:
    mine = points.run == run
    near = mine & (np.abs(points.speed - speed) <= WIDTH_M_S)
    if not mine.any():
        return Adjusted(np.nan, np.nan, np.nan)
    measured = float(np.average(points.value[mine], weights=points.count[mine]))
    if not near.any():
        return Adjusted(measured, np.nan, np.nan)
    before = (points.run < run) & (np.abs(points.speed - speed) <= 2.0 * WIDTH_M_S)
    if len(np.unique(points.run[before])) < LEAST_RUNS:
        return Adjusted(measured, np.nan, np.nan)
    slope, low, high = theil_sen_range(points.speed[before], points.value[before])
    share = points.count[near] / points.count[near].sum()
    away = float(share @ (points.speed[near] - speed))
    known = bool(np.isfinite(low) and np.isfinite(high))
    move = float(np.clip(slope * away, -cap, cap)) if known else 0.0
    doubt = min(cap, 0.5 * (high - low) * abs(away)) if known else cap
    at_its_speeds = float(share @ points.value[near])
    within = float(np.hypot.reduce(share * sampling[near]))
    return Adjusted(measured, at_its_speeds - move, float(np.hypot(doubt, within)))


def _slopes(x: Floats, y: Floats) -> tuple[Floats, int]:
    """Of all pairs that are far enough apart in x, and how many pairs there are."""
    first, second = _pairs(len(x))
    apart = x[second] - x[first]
    told = np.abs(apart) >= APART_M_S
    return (y[second] - y[first])[told] / apart[told], len(apart)


@lru_cache(maxsize=16)  # measures of the same runs ask for the same again
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count, 1)


def run_to_run(off: Floats) -> float:
    """Robust standard deviation between runs, from how far (n,) of them are off their median.

    Widened by 1 + (6/n)², as what comes of a few runs is often too small.
    """
    return _robust_sd(off) * (1.0 + (6.0 / len(off)) ** 2)


def three_in_a_row(off: Floats) -> float:
    """The same of the mean of three runs in a row, from runs (n,) in their order.

    Larger than for runs that have nothing to do with each other where a run resembles the last.
    """
    return _robust_sd(np.convolve(off, np.full(3, 1.0 / 3.0), "valid"))


def _robust_sd(off: Floats) -> float:
    """Scaled MAD finds what is far off; the standard deviation with that pulled in is half as
    uncertain in a few values as MAD itself.
    """
    n = len(off)
    reach = PULLED_IN * SHORT_OF_FEW.get(n, n / (n - 0.8)) * robust_spread(off)
    pulled = np.clip(off, -reach, reach)
    return float(np.sqrt(np.sum(pulled**2) / (n - 1)))
