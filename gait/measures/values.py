"""Strides → one value of a session: a median that knows its spread and its uncertainty."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gait.measures import rates
from gait.measures.table import StrideMeasure
from gait.model.sensor import SensorInfo
from gait.model.strides import WHY_TEXT, Why
from gait.model.summary import Measure, Quality, Reference

LEAST = 3  # fewer strides: no value at all
FEW = 10  # fewer: low quality
MANY = 30
# Strides of one run resemble their neighbours (long memory), so n strides tell as much about
# the median as roughly a third of n independent ones.
INDEPENDENT_SHARE = 1.0 / 3.0
MEDIAN_SE = 1.2533  # standard error of a median against that of a mean, normal data
Z95 = 1.96
MOST_CLIPPED_PCT = 20.0  # more: a peak is not reported, only the share

QUALITIES: tuple[Quality, ...] = ("none", "low", "fair", "good")

Strides = NDArray[np.void]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Foot:
    """What the session knows of one shoe besides its strides."""

    info: SensorInfo
    mounting_quality: str


def robust_spread(values: Floats) -> float:
    """1.4826 × median absolute deviation: the standard deviation, were the values normal."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def frequency(values: Floats) -> float:
    """Events a time over the steady strides together: one contact's jitter is its neighbour's.

    values : (n,) of single strides; those further than three spreads from the median (starts,
             stops) are left out
    """
    off = np.abs(values - np.median(values))
    steady = values[off <= max(3.0 * robust_spread(values), 0.01 * float(np.median(values)))]
    return float(len(steady) / np.sum(1.0 / steady))


def sampling_error(spread: float, n: int) -> float:
    """95 % half-width of a median of `n` strides from their spread alone."""
    return Z95 * MEDIAN_SE * spread / max(1.0, n * INDEPENDENT_SHARE) ** 0.5


def worst(measures: Sequence[Measure]) -> Measure:
    return min(measures, key=lambda m: QUALITIES.index(m.quality))


def clipped_pct(strides: Strides) -> float | None:
    """Share of strides whose impact reached the end of the range, %; None without any."""
    if len(strides) == 0:
        return None
    return float(100.0 * np.mean((strides["why"] & int(Why.IMPACT_CLIPPED)) != 0))


def _why_none(row: StrideMeasure, strides: Strides, foot: Foot) -> str:
    """Why none of these strides has a value."""
    if not foot.info.has_gyroscope and row.name != "cadence_spm":
        return WHY_TEXT[Why.NO_GYROSCOPE]
    if not rates.enough_rate(foot.info.rate_hz, row.least_rate_hz):
        return (
            f"needs at least {row.least_rate_hz:.0f} samples a second; "
            f"this sensor gives {foot.info.rate_hz:.0f}"
        )
    if len(strides) == 0:
        return "no steps of this kind were found"
    if row.paired:
        return WHY_TEXT[Why.ONE_SHOE]
    counts = Counter(
        flag for why in strides["why"] for flag in WHY_TEXT if int(why) & int(flag & row.spoiled_by)
    )
    if counts:
        return WHY_TEXT[counts.most_common(1)[0][0]]
    return "these strides do not show it"


def _method_sd(row: StrideMeasure, value: float, rate_hz: float, clock_sd_s: float) -> float:
    """What the method itself may be off by, one standard deviation."""
    parts = [row.method_sd, 0.01 * row.method_sd_pct * abs(value)]
    if row.peak:
        parts.append(rates.missing_share(rate_hz) * abs(value) / Z95)
    if row.paired:
        parts.append(1e3 * clock_sd_s)
    return float(np.sqrt(np.sum(np.square(parts))))


def of_strides(
    row: StrideMeasure,
    strides: Strides,
    foot: Foot,
    reference: Reference | None = None,
    clock_sd_s: float = 0.0,
) -> Measure:
    """The session's value of one row of the table from the strides of one foot.

    `clock_sd_s`: how far the clocks of the two shoes may be apart, one standard deviation.
    """
    values = strides[row.name]
    values = values[np.isfinite(values)]
    n = len(values)
    rate_hz = foot.info.rate_hz
    note = rates.note(rate_hz) if row.peak else None
    blank = Measure(value=None, unit=row.unit, n=n, label=row.label, reference=reference)
    clipped = (clipped_pct(strides) if row.peak else None) or 0.0
    if clipped > MOST_CLIPPED_PCT and rates.enough_rate(rate_hz, row.least_rate_hz):
        return replace(
            blank,
            n=0,
            why_not=f"in {clipped:.0f} % of the strides the accelerometer reached the end of its "
            "range, so the impact is larger than it can show",
        )
    if n == 0:
        return replace(blank, why_not=_why_none(row, strides, foot))
    if n < LEAST:
        return replace(blank, why_not=f"only {n} usable stride{'s' if n > 1 else ''}")
    spread = robust_spread(values)
    quality: Quality = "good" if n >= MANY and foot.mounting_quality == "good" else "fair"
    why_not = None
    if foot.mounting_quality == "low":
        quality, why_not = "low", WHY_TEXT[Why.MOUNTING_POOR]
    elif n < FEW:
        quality, why_not = "low", f"only {n} strides"
    if clipped > 0.0:
        left_out = f"the hardest {clipped:.0f} % of the landings were beyond the sensor's range"
        note = f"{note}; {left_out}" if note else f"a lower estimate: {left_out}"
    value = frequency(values) if row.per_time else float(np.median(values))
    method = _method_sd(row, value, rate_hz, clock_sd_s)
    return replace(
        blank,
        value=value,
        spread=spread,
        uncertainty=float(np.hypot(sampling_error(spread, n), Z95 * method)),
        quality=quality,
        why_not=why_not,
        note=note,
    )


def of_both(blank: Measure, feet: Sequence[Measure], *, of_runner: bool) -> Measure:
    """Both feet in one number, the mean of theirs, put into `blank`.

    One foot is enough for what belongs to the runner (cadence, speed), not for the rest.
    """
    blank = replace(blank, n=sum(m.n for m in feet))
    known = [m for m in feet if m.value is not None]
    values = [m.value for m in feet if m.value is not None]
    if not known:
        return replace(blank, why_not=feet[0].why_not if feet else "no shoe was recorded")
    if len(known) < 2 and not of_runner:
        return replace(blank, why_not="known of one foot only")
    spreads = [m.spread for m in known if m.spread is not None]
    return replace(
        blank,
        value=float(np.mean(values)),
        spread=float(np.sqrt(np.mean(np.square(spreads)))) if spreads else None,
        # errors of the method are shared by both feet, so two feet are not better than one
        uncertainty=max(m.uncertainty or 0.0 for m in known),
        quality=worst(known).quality,
        why_not=worst(known).why_not,
        note=next((m.note for m in known if m.note), None),
    )
