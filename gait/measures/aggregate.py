"""Strides → one value of a session: a median that knows its spread and its uncertainty."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from gait.measures import rates
from gait.measures.table import HangsOn, StrideMeasure
from gait.model.arrays import Bools, Floats, Records
from gait.model.sensor import FAST_HZ, SensorInfo, enough_rate
from gait.model.strides import WHY_TEXT, QualityFlag
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
# Of the strides that could show a measure. What stands on a smaller share may stand on odd ones.
LOW_SHARE, FAIR_SHARE = 0.5, 0.8
UNLIKE_SHARE = 0.5  # of what landing is off by, that differs between a runner's two feet
# How well it is known where the toes point, beside the way of travel: 5 to 8° on real runners.
HEADING_SD_DEG = 5.0
STEPS_A_STRIDE, S_PER_MIN = 2, 60

NO_STEPS = "no steps of this kind were found"

QUALITIES: tuple[Quality, ...] = ("none", "low", "fair", "good")


@dataclass(frozen=True, slots=True)
class Foot:
    """What the session knows of one shoe besides its strides.

    nothing : why no strides were found at all, where that is so
    spoiled : by name of a measure, why it cannot stand …
    lowered : … and why it is of low quality
    by_ms   : by name, how much it changes with each ms by which the moment of landing is off …
    by_deg  : … and with each degree by which the toes point elsewhere
    other_landing_ms : how well the other foot's landing is known, one sd
    """

    info: SensorInfo
    mounting_quality: str
    nothing: str = ""
    spoiled: Mapping[str, str] = field(default_factory=dict[str, str])
    lowered: Mapping[str, str] = field(default_factory=dict[str, str])
    by_ms: Mapping[str, float] = field(default_factory=dict[str, float])
    by_deg: Mapping[str, float] = field(default_factory=dict[str, float])
    other_landing_ms: float = 0.0


def robust_spread(values: Floats) -> float:
    """1.4826 × median absolute deviation: the standard deviation, were the values normal."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def frequency(values: Floats, rate_hz: float = math.inf) -> float:
    """Events a time over the steady strides together: one contact's jitter is its neighbour's.

    Parameters
    ----------
    values : Floats
        (n,) of single strides, steps/min; those further than three spreads from the median
        (starts, stops) are left out.
    rate_hz : float
        Of the samples they were found in; a stride that is one longer is no less steady,
        also where most of them have the same number and so no spread.

    Returns
    -------
    float
        steps/min.
    """
    middle = float(np.median(values))
    one_sample = middle / (STEPS_A_STRIDE * S_PER_MIN * rate_hz)  # of a stride
    within = max(3.0 * robust_spread(values), middle * max(0.01, 1.5 * one_sample))
    steady = values[np.abs(values - middle) <= within]
    return float(len(steady) / np.sum(1.0 / steady))


def sampling_error(spread: float, n: int) -> float:
    """95 % half-width of a median of `n` strides from their spread alone."""
    return Z95 * MEDIAN_SE * spread / max(1.0, n * INDEPENDENT_SHARE) ** 0.5


def worst(measures: Sequence[Measure]) -> Measure:
    return min(measures, key=lambda m: QUALITIES.index(m.quality))


def clipped_pct(strides: Records) -> float | None:
    """Share of strides whose impact reached the end of the range, %; None without any."""
    if len(strides) == 0:
        return None
    clipped: Bools = (strides["why"] & int(QualityFlag.IMPACT_CLIPPED)) != 0
    return float(100.0 * np.mean(clipped))


def _why_none(row: StrideMeasure, strides: Records, foot: Foot) -> str:
    """Why none of these strides has a value."""
    if foot.nothing:
        return foot.nothing
    if not foot.info.has_gyroscope and row.name != "cadence_spm":
        return WHY_TEXT[QualityFlag.NO_GYROSCOPE]
    shows_hz = foot.info.sees_hz if row.least_rate_hz >= FAST_HZ else foot.info.rate_hz
    if not enough_rate(shows_hz, row.least_rate_hz):
        gives = f"this sensor gives {foot.info.rate_hz:.0f}"
        if shows_hz < foot.info.rate_hz:
            gives = f"this sensor smooths at {foot.info.lowpass_hz:.0f} Hz before it sends"
        return f"needs at least {row.least_rate_hz:.0f} samples a second; {gives}"
    if len(strides) == 0:
        return NO_STEPS
    unknown = WHY_TEXT[QualityFlag.ONE_SHOE] if row.paired else "these strides do not show it"
    return most_common_why(row, strides) or unknown


def most_common_why(row: StrideMeasure, strides: Records) -> str:
    """What most often empties the column in these strides."""
    spoils = row.invalid_if | (
        QualityFlag.ONE_SHOE | QualityFlag.CLOCKS_APART if row.paired else QualityFlag.NOTHING
    )
    counts = Counter(
        flag for why in strides["why"] for flag in WHY_TEXT if int(why) & int(flag & spoils)
    )
    return WHY_TEXT[counts.most_common(1)[0][0]] if counts else ""


def median_known(values: Floats) -> float:
    """Of those that are numbers; 0 where none is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else 0.0


def _event_sd(row: StrideMeasure, strides: Records, foot: Foot) -> float:
    """What the value may be off by as the moments of landing and leaving are, one sd.

    A runner's strides are all off the same way, so more of them do not make it smaller.
    """
    landing, leaving = median_known(strides["ic_sd_ms"]), median_known(strides["tc_sd_ms"])
    other = foot.other_landing_ms or landing
    match row.hangs_on:
        case HangsOn.CONTACT:
            return float(np.hypot(other if row.paired else landing, leaving))
        case HangsOn.DUTY:
            return float(np.hypot(landing, leaving)) * median_known(0.1 / strides["stride_s"])
        case HangsOn.LANDING:
            return landing
        case HangsOn.STEP:
            return UNLIKE_SHARE * float(np.hypot(landing, other)) / 2**0.5
        case HangsOn.LANDING_ANGLE:
            heading = HEADING_SD_DEG * foot.by_deg.get(row.name, 0.0)
            return float(np.hypot(landing * foot.by_ms.get(row.name, 0.0), heading))
        case HangsOn.NOTHING:
            return 0.0


def _method_sd(
    row: StrideMeasure, value: float, strides: Records, foot: Foot, clock_sd_s: float
) -> float:
    """What the method itself may be off by, one standard deviation."""
    parts = [row.method_sd, 0.01 * row.method_sd_pct * abs(value)]
    events = _event_sd(row, strides, foot)
    if row.hangs_on is HangsOn.LANDING_ANGLE:
        parts.append(events)
    else:
        parts[0] = max(parts[0], events)
    if row.peak:
        parts.append(rates.missing_share(foot.info.sees_hz) * abs(value) / Z95)
    if row.paired:
        parts.append(1e3 * clock_sd_s)
    return float(np.sqrt(np.sum(np.square(parts))))


def _quality(
    row: StrideMeasure, strides: Records, foot: Foot, n: int
) -> tuple[Quality, str | None]:
    """How good a value of `n` of these strides is, and why it is of low quality."""
    if foot.mounting_quality == "low":
        return "low", WHY_TEXT[QualityFlag.MOUNTING_POOR]
    if row.name in foot.lowered:
        return "low", foot.lowered[row.name]
    if n < FEW:
        return "low", f"only {n} strides"
    could = int(strides["valid"].sum())
    if n < LOW_SHARE * could:
        lack = strides[strides["valid"] & ~np.isfinite(strides[row.name])]
        why = most_common_why(row, lack)
        return "low", f"only {n} of {could} strides show it" + (f" ({why})" if why else "")
    good = n >= max(MANY, FAIR_SHARE * could) and foot.mounting_quality == "good"
    return ("good" if good else "fair"), None


def of_strides(
    row: StrideMeasure,
    strides: Records,
    foot: Foot,
    reference: Reference | None = None,
    clock_sd_s: float = 0.0,
) -> Measure:
    """The session's value of one row of the table from the strides of one foot.

    Parameters
    ----------
    row : StrideMeasure
        Which measure.
    strides : Records
        (n,) of dtype STRIDE.
    foot : Foot
        What else is known of that shoe.
    reference : Reference | None
        What the value can be seen beside.
    clock_sd_s : float
        How far the clocks of the two shoes may be apart, one standard deviation, s.

    Returns
    -------
    Measure
        Without a value, and with the reason, where the strides do not tell.
    """
    values = strides[row.name]
    values = values[np.isfinite(values)]
    n = len(values)
    rate_hz = foot.info.sees_hz
    note = rates.note(rate_hz) if row.peak else None
    blank = Measure(value=None, unit=row.unit, n=n, label=row.label, reference=reference)
    if row.name in foot.spoiled and len(strides):
        return replace(blank, n=0, why_not=foot.spoiled[row.name])
    clipped = (clipped_pct(strides) if row.peak else None) or 0.0
    if clipped > MOST_CLIPPED_PCT and enough_rate(rate_hz, row.least_rate_hz):
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
    quality, why_not = _quality(row, strides, foot, n)
    if clipped > 0.0:
        left_out = f"the hardest {clipped:.0f} % of the landings were beyond the sensor's range"
        note = f"{note}; {left_out}" if note else f"a lower estimate: {left_out}"
    value = frequency(values, foot.info.rate_hz) if row.per_time else float(np.median(values))
    method = _method_sd(row, value, strides, foot, clock_sd_s)
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
        unknown = [m.why_not for m in feet if m.value is None]
        return replace(blank, why_not=unknown[0] if unknown else "known of one foot only")
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
