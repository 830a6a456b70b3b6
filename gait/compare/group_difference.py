"""Two runs, or two groups of runs, at the same speeds: how far apart, and how sure that is.

Of one runner before and after, or of two runners. Only what `COMPARED` lists, and only bins of
speed that both have; so neither pace nor its mix makes a difference.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gait.compare.compared_measures import COMPARED, Compared
from gait.measures.aggregate import MEDIAN_SE, Z95, sampling_error
from gait.model.history import Foot, SpeedBin

Bins = Mapping[str, Sequence[SpeedBin]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two groups of runs, over the speeds that both have.

    first, second : the groups' values there; `by` second − first
    uncertainty   : 95 % half-width of `by`
    speeds        : slowest and fastest speed compared, m/s
    runs          : how many of each group have these speeds
    """

    row: Compared
    side: Foot
    first: float
    second: float
    uncertainty: float
    speeds: tuple[float, float]
    runs: tuple[int, int]

    @property
    def by(self) -> float:
        return self.second - self.first

    @property
    def beyond_doubt(self) -> bool:
        """Whether it exceeds its uncertainty."""
        return abs(self.by) > self.uncertainty


@dataclass(frozen=True, slots=True)
class _AtSpeed:
    """A group of runs in one bin of speed, with the 95 % half-width of its value."""

    speed_m_s: float
    value: float
    strides: int
    uncertainty: float
    runs: frozenset[int]


def differences(first: Sequence[Bins], second: Sequence[Bins]) -> list[Difference]:
    """Every compared measure that both groups have at a common speed, in the table's order.

    first, second : the speed bins of each run of a group

    A group's value is as uncertain as its strides leave it or as its runs differ, whichever is
    more; runs differ by `Compared.repeats_to` at the least, which is all that is known of one.
    """
    found = (_difference(row, side, first, second) for row in COMPARED for side in row.sides)
    return [difference for difference in found if difference is not None]


def _difference(
    row: Compared, side: Foot, first: Sequence[Bins], second: Sequence[Bins]
) -> Difference | None:
    one, other = _by_speed(row, side, first), _by_speed(row, side, second)
    common = sorted(one.keys() & other.keys())
    if not common:
        return None
    pairs = [(one[speed], other[speed]) for speed in common]
    # as much as the one that has fewer strides there can say
    weights = np.array([min(a.strides, b.strides) for a, b in pairs], dtype=np.float64)
    weights /= weights.sum()
    ends = [at.speed_m_s for pair in pairs for at in pair]
    runs = [len(frozenset().union(*(pair[i].runs for pair in pairs))) for i in (0, 1)]
    return Difference(
        row=row,
        side=side,
        first=float(weights @ [a.value for a, _ in pairs]),
        second=float(weights @ [b.value for _, b in pairs]),
        # a run that is off is off at all its speeds, so the bins' doubts add up
        uncertainty=float(weights @ [math.hypot(a.uncertainty, b.uncertainty) for a, b in pairs]),
        speeds=(min(ends), max(ends)),
        runs=(runs[0], runs[1]),
    )


def _by_speed(row: Compared, side: Foot, runs: Sequence[Bins]) -> dict[float, _AtSpeed]:
    """The median run in each bin of speed, by the slowest speed of the bin."""
    at: dict[float, list[tuple[int, SpeedBin]]] = {}
    for number, run in enumerate(runs):
        for bin_ in run.get(side, ()):
            if row.measure in bin_.medians and "speed_m_s" in bin_.medians:
                at.setdefault(bin_.from_m_s, []).append((number, bin_))
    return {low: _together(row, bins) for low, bins in at.items()}


def _together(row: Compared, bins: Sequence[tuple[int, SpeedBin]]) -> _AtSpeed:
    values = np.array([b.medians[row.measure] for _, b in bins])
    n = len(values)
    spread = float(np.std(values, ddof=1)) if n > 1 else 0.0
    of_middle = MEDIAN_SE if n > 2 else 1.0  # of two the median is the mean
    between = Z95 * of_middle * max(spread, row.repeats_to) / math.sqrt(n)
    within = [sampling_error(b.spreads[row.measure], b.counts[row.measure]) for _, b in bins]
    return _AtSpeed(
        speed_m_s=float(np.mean([b.medians["speed_m_s"] for _, b in bins])),
        value=float(np.median(values)),
        strides=sum(b.counts[row.measure] for _, b in bins),
        uncertainty=max(between, math.hypot(*within) / n),
        runs=frozenset(number for number, _ in bins),
    )
