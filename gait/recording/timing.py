"""Time as a table gives it: order, repeats, rate, gaps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError, Samples

GAP_PERIODS = 1.5
UNEVEN_SHARE = 0.1  # of a period: stamps that vary by more are evened …
MANY_SHORT = 3  # … and where so many follow too soon, as stamps that repeat do; one is a slip
EVEN_SHARE = 0.02  # of a period: most steps off by less, the stamps are even but for some
TOLD_SHARE = 0.2  # … and it is told
FEW = 0.01
RATE_HZ = (20.0, 2000.0)
# Stamps that go back by less than this, all along, are stamps that jitter: the rows are in order.
MOST_JITTER_S = 0.030
# So large a share of values stands more than once: a slower sensor's, held.
HELD_SHARE = 0.3
LOOK_AHEAD = 25  # stamps that tell together whether samples are missing or one is late
FOLLOW_GAIN = 0.02  # of a stamp in the even clock: a sensor's clock drifts slowly
RESTART_PERIODS = 40.0  # after a longer gap the even clock begins anew


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
    period = _period(np.diff(samples.time_s))
    _check_rate(1.0 / period, source)
    samples, period = _evened(samples, period, problems)
    _check_rate(1.0 / period, source)  # as it is known better now
    steps = np.diff(samples.time_s)
    gap = steps > GAP_PERIODS * period
    if gap.any():
        lost_s = float(np.sum(steps[gap] - period))
        count = int(gap.sum())
        problems.append(
            f"{_number_of(count, 'gap')} in time: {lost_s:.3g} s of samples missing in total."
        )
    samples.breaks[1:] |= gap
    return Timed(samples, 1.0 / period, problems)


def _uneven(steps: NDArray[np.float64], period: float) -> float:
    """How much the time between neighbours varies, as a share of the period."""
    return float(np.sqrt(np.mean((steps[steps <= GAP_PERIODS * period] / period - 1.0) ** 2)))


def _evened(samples: Samples, period: float, problems: list[str]) -> tuple[Samples, float]:
    """Stamps that only jitter, put in even steps by counting samples; the period, known better.

    A sample is missing where stamps stay late, not where one is.
    """
    from gait.recording.even_clock import even_times  # noqa: PLC0415 - loads numba

    time = samples.time_s
    steps = np.diff(time)
    uneven = _uneven(steps, period)
    few = np.count_nonzero(steps < 0.5 * period) < MANY_SHORT
    if uneven <= UNEVEN_SHARE and few:
        return samples, period
    even, skipped = np.empty(len(time)), np.empty(len(time), dtype=np.int64)
    for _ in range(3):
        even_times(time, period, LOOK_AHEAD, FOLLOW_GAIN, RESTART_PERIODS, even, skipped)
        steady = skipped[1:] < RESTART_PERIODS
        spanned = np.diff(time)[steady].sum()
        period = float(spanned / (1 + skipped[1:][steady]).sum())
    even_times(time, period, LOOK_AHEAD, FOLLOW_GAIN, RESTART_PERIODS, even, skipped)
    if np.median(np.abs(steps - period)) < EVEN_SHARE * period:
        even = np.where(np.abs(time - even) < 0.25 * period, time, even)  # single stamps slipped
    elif uneven > TOLD_SHARE:
        off_ms = 1e3 * float(np.std(time - even))
        problems.append(
            f"The stamps of the samples jitter by {off_ms:.2g} ms and were evened by counting "
            "samples, so the moments of events are a little less certain."
        )
    return Samples(even, samples.acc, samples.gyr, samples.breaks), period


def _sorted(samples: Samples, source: str, problems: list[str]) -> Samples:
    time = samples.time_s
    late = time < np.maximum.accumulate(time)
    count = int(late.sum())
    if not count:
        return samples
    order = np.argsort(time, kind="stable")
    if count >= FEW * len(time):
        back_s = float(np.max(np.maximum.accumulate(time) - time))
        backwards = int(np.sum(np.diff(time) < 0.0))
        period = (time.max() - time.min()) / (len(time) - 1)
        jitters = back_s <= MOST_JITTER_S and backwards > FEW * len(time)
        if jitters and _uneven(np.diff(time[order]), period) > TOLD_SHARE:
            return samples  # the rows are in order, their stamps are not
        if not jitters:
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
    return Samples(time[order], samples.acc[order], samples.gyr[order], samples.breaks[order])


def _without_repeats(samples: Samples, source: str, problems: list[str]) -> Samples:
    """Without rows that stand twice, and without those of a slower sensor that were held."""
    repeated = (np.diff(samples.acc, axis=0) == 0.0).all(axis=1)
    if not np.isnan(samples.gyr).all():
        repeated &= (np.diff(samples.gyr, axis=0) == 0.0).all(axis=1)
    twice = repeated & (np.diff(samples.time_s) == 0.0)
    if twice.any():
        count = int(twice.sum())
        problems.append(f"{_number_of(count, 'row')} with a repeated time, left out.")
        samples = _only(samples, np.append(True, ~twice))
        repeated = repeated[~twice]
    if repeated.all():
        raise InputError(f"{source} has the same values in every row; nothing can be measured.")
    runs = np.diff(np.flatnonzero(np.append(True, ~repeated)))
    if len(runs) and np.mean(runs > 1) > HELD_SHARE:
        distinct = 1.0 - float(repeated.mean())
        rate = (len(samples) - 1) / float(np.ptp(samples.time_s))
        problems.append(
            f"Each value stands {1.0 / distinct:.2g} times in a row: some {distinct * rate:.0f} "
            f"samples a second, held to {rate:.0f}; what needs a faster sensor is left out."
        )
        samples = _only(samples, np.append(True, ~repeated))
    return samples


def _only(samples: Samples, kept: NDArray[np.bool_]) -> Samples:
    """The rows that are kept; what is missing before one that is not, is before the next."""
    first = np.flatnonzero(kept)
    breaks = np.logical_or.reduceat(samples.breaks, first)
    return Samples(samples.time_s[first], samples.acc[first], samples.gyr[first], breaks)


def _period(steps: NDArray[np.float64]) -> float:
    """Seconds a sample: the mean of the steps near the middle one.

    The mean, because time written in whole milliseconds has steps of 2 and 3 at 400 Hz.
    """
    period = float(np.median(steps))
    if period <= 0.0:  # stamps that repeat: how many samples there are tells
        period = float(np.mean(steps))
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
