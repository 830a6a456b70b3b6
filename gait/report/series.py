"""A measure over a run, of each foot: for pictures that are printed or looked at on a screen."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.text import words

LEAST_STRIDES = 3
MOST_POINTS = 100  # of one foot; more become medians of bins
LEAST_SPAN = {"cadence_spm": 10.0, "contact_ms": 40.0, "speed_m_s": 0.6}
SIDES = (words.LEFT, words.RIGHT)
BRIDGED = 3.0  # strides this many times further apart than usual are not joined by a line

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of one foot: time since the first step in s, value."""

    side: str
    time_s: Floats
    value: Floats


def series_of(strides: NDArray[np.void], name: str, begins_s: float | None = None) -> list[Series]:
    """A measure of each foot that has it often enough.

    begins_s : what the times count from, None for the first of these strides
    """
    if name not in (strides.dtype.names or ()) or len(strides) == 0:
        return []
    start = strides["ic_s"].min() if begins_s is None else begins_s
    found = []
    for code, side in enumerate(SIDES):
        mine = strides[(strides["side"] == code) & np.isfinite(strides[name])]
        mine = mine[np.argsort(mine["ic_s"])]
        if len(mine) >= LEAST_STRIDES:
            found.append(Series(side, mine["ic_s"] - start, mine[name]))
    return found


def limits(values: Floats, least: float, *also: float) -> tuple[float, float]:
    """Axis limits around 99 values in 100 and everything in `also`, at least `least` apart."""
    inner = np.sort(values)
    beyond = len(values) // 200  # at either end; none of a few
    low, high = inner[beyond], inner[-1 - beyond]
    margin = 0.08 * (high - low)
    low, high = min([low - margin, *also]), max([high + margin, *also])
    short = max(0.0, least - (high - low)) / 2
    return float(low - short), float(high + short)


def binned(series: Series, edges: Floats) -> tuple[Floats, Floats]:
    """Middle of each bin (b,) and quartiles (b, 3) of the values in it, NaN where it is empty."""
    first = np.searchsorted(series.time_s, edges)
    quartiles = np.full((len(edges) - 1, 3), np.nan)
    for row, (a, b) in enumerate(itertools.pairwise(first)):
        if b > a:
            quartiles[row] = np.percentile(series.value[a:b], [25, 50, 75])
    return 0.5 * (edges[:-1] + edges[1:]), quartiles


def broken(time_s: Floats, value: Floats) -> tuple[Floats, Floats]:
    """With a NaN wherever strides are missing between two, so that no line bridges them."""
    step = np.diff(time_s)
    gaps = np.flatnonzero(step > BRIDGED * np.median(step)) + 1 if len(step) else []
    return np.insert(time_s, gaps, np.nan), np.insert(value, gaps, np.nan)
