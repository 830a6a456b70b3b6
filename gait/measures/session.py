"""Strides → session measures: medians that know their spread, their uncertainty and their gaps."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gait.measures.references import Situation, reference_for
from gait.measures.table import BY_NAME, LEFT_OUT, STRIDE_MEASURES, StrideMeasure
from gait.model.runner import Body
from gait.model.sensor import SensorInfo
from gait.model.side import Side
from gait.model.strides import WHY_TEXT, Activity, Why
from gait.model.summary import FootCount, Measure, Quality, Reference

LEAST = 3  # fewer strides: no value at all
FEW = 10  # fewer: low quality
MANY = 30
# Strides of one run resemble their neighbours (long memory), so n strides tell as much about
# the median as roughly a third of n independent ones.
INDEPENDENT_SHARE = 1.0 / 3.0
MEDIAN_SE = 1.2533  # standard error of a median against that of a mean, normal data
Z95 = 1.96
SYMMETRY_METHOD_SD_PCT = 1.5  # error of contact time that differs between a runner's two feet

QUALITIES: tuple[Quality, ...] = ("none", "low", "fair", "good")
WALKING_PREFIX = "walking_"

Strides = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Foot:
    """What the session knows of one shoe besides its strides."""

    info: SensorInfo
    mounting_quality: str


def robust_spread(values: NDArray[np.float64]) -> float:
    """1.4826 × median absolute deviation: the standard deviation, were the values normal."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def sampling_error(spread: float, n: int) -> float:
    """95 % half-width of a median of `n` strides from their spread alone."""
    return Z95 * MEDIAN_SE * spread / max(1.0, n * INDEPENDENT_SHARE) ** 0.5


def _worst(measures: Sequence[Measure]) -> Measure:
    return min(measures, key=lambda m: QUALITIES.index(m.quality))


def _why_none(row: StrideMeasure, strides: Strides, foot: Foot) -> str:
    """Why none of these strides has a value."""
    if not foot.info.has_gyroscope and row.name != "cadence_spm":
        return WHY_TEXT[Why.NO_GYROSCOPE]
    if foot.info.rate_hz < row.least_rate_hz:
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


def of_strides(
    row: StrideMeasure, strides: Strides, foot: Foot, reference: Reference | None = None
) -> Measure:
    """The session's value of one row of the table from the strides of one foot."""
    values = strides[row.name]
    values = values[np.isfinite(values)]
    n = len(values)
    blank = Measure(value=None, unit=row.unit, n=n, label=row.label, reference=reference)
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
    return replace(
        blank,
        value=float(np.median(values)),
        spread=spread,
        uncertainty=float(np.hypot(sampling_error(spread, n), Z95 * row.method_sd)),
        quality=quality,
        why_not=why_not,
    )


def of_both(row: StrideMeasure, feet: Sequence[Measure], reference: Reference | None) -> Measure:
    """Both feet in one number: the mean of their medians.

    One foot is enough for what belongs to the runner (cadence, speed), not for the rest.
    """
    blank = Measure(
        value=None,
        unit=row.unit,
        n=sum(m.n for m in feet),
        label=row.label,
        reference=reference,
    )
    known = [m for m in feet if m.value is not None]
    values = [m.value for m in feet if m.value is not None]
    if not known:
        why_not = feet[0].why_not if feet else "no shoe was recorded"
        return replace(blank, why_not=why_not)
    if len(known) < 2 and not row.of_runner:
        return replace(blank, why_not="known of one foot only")
    return replace(
        blank,
        value=float(np.mean(values)),
        spread=float(np.sqrt(np.mean([(m.spread or 0.0) ** 2 for m in known]))),
        # errors of the method are shared by both feet, so two feet are not better than one
        uncertainty=max(m.uncertainty or 0.0 for m in known),
        quality=_worst(known).quality,
        why_not=_worst(known).why_not,
    )


def symmetry(left: Measure | None, right: Measure | None) -> Measure:
    """Contact time, left against right, in % of their mean; positive: left longer."""
    blank = Measure(value=None, unit="%", n=0, label="Contact time, left against right")
    if left is None or right is None or left.value is None or right.value is None:
        return replace(blank, why_not="needs the contact time of both feet")
    mean = 0.5 * (left.value + right.value)
    sampling = math.hypot(*(sampling_error(m.spread or 0.0, m.n) for m in (left, right)))
    return replace(
        blank,
        value=100.0 * (left.value - right.value) / mean,
        n=left.n + right.n,
        uncertainty=float(np.hypot(100.0 * sampling / mean, Z95 * SYMMETRY_METHOD_SD_PCT)),
        quality=_worst([left, right]).quality,
        why_not=_worst([left, right]).why_not,
    )


def session_measures(
    strides: Strides, feet: Mapping[Side, Foot], body: Body | None = None
) -> dict[str, dict[str, Measure]]:
    """Every measure of the session under `left`, `right` and `both`.

    Names are the columns of the stride table (running), the same with `walking_` in front where
    there was walking, and `symmetry_contact_pct` (both).
    """
    found: dict[str, dict[str, Measure]] = {"left": {}, "right": {}, "both": {}}
    of_side = {side: strides[strides["side"] == (side is Side.RIGHT)] for side in feet}
    for activity, prefix in ((Activity.RUN, ""), (Activity.WALK, WALKING_PREFIX)):
        part = {side: s[s["activity"] == activity] for side, s in of_side.items()}
        if prefix and not any(len(s) for s in part.values()):
            continue
        speed = [of_strides(BY_NAME["speed_m_s"], part[side], feet[side]).value for side in feet]
        known = [v for v in speed if v is not None]
        situation = Situation(activity, float(np.mean(known)) if known else None, body)
        for row in STRIDE_MEASURES:
            if prefix and row.running_only:
                continue
            reference = reference_for(row.name, situation)
            for side, foot in feet.items():
                found[side][prefix + row.name] = of_strides(row, part[side], foot, reference)
            one_foot = [found[side][prefix + row.name] for side in feet]
            found["both"][prefix + row.name] = of_both(row, one_foot, reference)
    found["both"]["symmetry_contact_pct"] = symmetry(
        found["left"].get("contact_ms"), found["right"].get("contact_ms")
    )
    return found


def count_strides(strides: Strides) -> FootCount:
    """How many strides of one foot there are, and why some are left out."""
    valid = strides[strides["valid"]]
    out = strides[~strides["valid"]]
    reasons = Counter(
        text for why in out["why"] for flag, text in WHY_TEXT.items() if int(why) & flag & LEFT_OUT
    )
    return FootCount(
        found=len(strides),
        running=int((valid["activity"] == Activity.RUN).sum()),
        walking=int((valid["activity"] == Activity.WALK).sum()),
        left_out=len(out),
        left_out_why=dict(reasons),
    )


def activity_seconds(strides: Strides, duration_s: float) -> dict[str, float]:
    """Seconds of running, walking and the rest, from the foot that knows more of it."""
    totals = {"running": 0.0, "walking": 0.0}
    for side in (0, 1):
        mine = strides[(strides["side"] == side) & strides["valid"]]
        for name, activity in (("running", Activity.RUN), ("walking", Activity.WALK)):
            seconds = float(mine["stride_s"][mine["activity"] == activity].sum())
            totals[name] = max(totals[name], seconds)
    totals["other"] = max(0.0, duration_s - sum(totals.values()))
    return totals
