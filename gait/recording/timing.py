"""Time as a table gives it: order, repeats, rate, gaps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError, Samples

GAP_PERIODS = 1.5
UNEVEN_SHARE = 0.2
FEW = 0.01
MANY_REPEATS = 0.1
RATE_HZ = (20.0, 2000.0)


@dataclass(frozen=True, slots=True)
class Timed:
    """Samples in order with their gaps marked, the rate measured, and what was mended."""

    samples: Samples
    rate_hz: float
    problems: list[str]


def put_in_order(samples: Samples, source: str) -> Timed:
    """Sort, drop repeats, measure the rate, mark gaps.

    `samples` may be in any order, with `breaks` where rows are known to be missing; `source`
    begins the sentences of InputError, which is raised where time cannot be trusted.
    """
    problems: list[str] = []
    if len(samples) < 2:
        raise InputError(f"{source} has fewer than two usable rows; nothing can be measured.")
    if np.ptp(samples.time_s) == 0.0:
        raise InputError(f"{source} has the same time in every row; give each sample its own.")
    samples = _sorted(samples, source, problems)
    samples = _without_repeats(samples, source, problems)
    steps = np.diff(samples.time_s)
    period = _period(steps)
    _check_rate(1.0 / period, source)
    gap = steps > GAP_PERIODS * period
    if gap.any():
        lost_s = float(np.sum(steps[gap] - period))
        count = int(gap.sum())
        problems.append(
            f"{_number_of(count, 'gap')} in time: {lost_s:.3g} s of samples missing in total."
        )
    uneven = float(np.sqrt(np.mean((steps[~gap] - period) ** 2)) / period)
    if uneven > UNEVEN_SHARE:
        problems.append(
            f"The time from sample to sample varies by {100 * uneven:.0f} %, so the moments of "
            "events are less certain."
        )
    samples.breaks[1:] |= gap
    return Timed(samples, 1.0 / period, problems)


def _sorted(samples: Samples, source: str, problems: list[str]) -> Samples:
    time = samples.time_s
    late = time < np.maximum.accumulate(time)
    count = int(late.sum())
    if not count:
        return samples
    if count >= FEW * len(time):
        backwards = int(np.sum(np.diff(time) < 0.0))
        advice = (
            "it looks like several recordings in one file, so split it"
            if backwards <= FEW * len(time)
            else "sort its rows by time, if that is their order"
        )
        raise InputError(
            f"{source} has time running backwards ({count:,} of {len(time):,} rows, the first "
            f"after {time[np.argmax(late) - 1]:g} s); {advice}."
        )
    problems.append(f"{_number_of(count, 'row')} out of order in time, sorted.")
    order = np.argsort(time, kind="stable")
    return Samples(time[order], samples.acc[order], samples.gyr[order], samples.breaks[order])


def _without_repeats(samples: Samples, source: str, problems: list[str]) -> Samples:
    first = np.flatnonzero(np.diff(samples.time_s, prepend=-np.inf) > 0.0)
    count = len(samples) - len(first)
    if not count:
        return samples
    if count > MANY_REPEATS * len(samples):
        raise InputError(
            f"{source} repeats the same time in {count:,} of {len(samples):,} rows, as if it were "
            "the time of arrival; give each sample the time at which it was measured."
        )
    problems.append(f"{_number_of(count, 'row')} with a repeated time, left out.")
    breaks = np.logical_or.reduceat(samples.breaks, first)
    return Samples(samples.time_s[first], samples.acc[first], samples.gyr[first], breaks)


def _period(steps: NDArray[np.float64]) -> float:
    """Seconds a sample: the mean of the steps near the middle one.

    The mean, because time written in whole milliseconds has steps of 2 and 3 at 400 Hz.
    """
    period = float(np.median(steps))
    for _ in range(3):
        near = np.abs(steps - period) < 0.75 * period
        if not near.any():
            break
        period = float(np.mean(steps[near]))
    return period


def _check_rate(rate_hz: float, source: str) -> None:
    low, high = RATE_HZ
    if 0.99 * low <= rate_hz <= 1.01 * high:  # no sensor's clock is exact
        return
    hint = ""
    for factor, unit in ((1e3, "milliseconds: name it time_ms"), (1e6, "microseconds: time_us")):
        if low <= rate_hz * factor <= high:
            hint = f"; its time column looks like {unit}"
            break
    raise InputError(
        f"{source} has {rate_hz:.4g} samples a second, where {low:g} to {high:g} can be used{hint}."
    )


def _number_of(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
