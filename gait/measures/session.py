"""A session's measures: every row of both tables, of each foot and of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from gait.measures.aggregate import NO_STEPS, Foot, Strides, clipped_pct, of_both, of_strides
from gait.measures.drift import drift
from gait.measures.readings import NO_MOTION
from gait.measures.references import Situation, reference_for
from gait.measures.session_table import (
    DRIFTS,
    IMPACT_CLIPPED,
    LEG_STIFFNESS,
    SYMMETRIES,
    Symmetry,
)
from gait.measures.stiffness import leg_stiffness
from gait.measures.symmetry import stride_time, symmetry
from gait.measures.table import BY_NAME, STRIDE_MEASURES, StrideMeasure
from gait.measures.variability import VARIABILITY
from gait.model.runner import Body
from gait.model.side import Side
from gait.model.strides import Activity
from gait.model.summary import Measure

WALKING_PREFIX = "walking_"

Found = dict[str, dict[str, Measure]]
OfSide = Mapping[Side, Strides]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the two feet can be set against each other.

    clock_sd_s : how far the clocks of two shoes may be apart, one standard deviation
    together_s : from and to, when both feet were recorded; None where they were all along
    not_made   : by name of a comparison, why it cannot be made
    """

    clock_sd_s: float = 0.0
    together_s: tuple[float, float] | None = None
    not_made: Mapping[str, str] = field(default_factory=dict)


def session_measures(
    strides: Strides,
    feet: Mapping[Side, Foot],
    body: Body | None = None,
    comparison: Comparison | None = None,
) -> Found:
    """Every measure of the session under `left`, `right` and `both`.

    Names are the columns of the stride table (running), the same with `walking_` in front where
    there was walking, and those of `gait.measures.session_table` (running only).
    """
    found: Found = {"left": {}, "right": {}, "both": {}}
    comparison = comparison or Comparison()
    clock = comparison.clock_sd_s
    of_side = {side: strides[strides["side"] == (side is Side.RIGHT)] for side in feet}
    for activity, prefix in ((Activity.RUN, ""), (Activity.WALK, WALKING_PREFIX)):
        part = {side: s[s["activity"] == activity] for side, s in of_side.items()}
        if prefix and not any(len(s) for s in part.values()):
            continue
        situation = _situation(activity, part, feet, body)
        for row in STRIDE_MEASURES:
            if not (prefix and row.running_only):
                _stride_measure(found, prefix, row, part, feet, situation, clock)
    running = {side: s[s["activity"] == Activity.RUN] for side, s in of_side.items()}
    _of_feet(found, running, feet, body)
    _left_against_right(found, running, feet, comparison)
    return found


def for_body(found: Found, body: Body | None) -> Found:
    """`found` as `session_measures` gives it for this body; no stride is looked at again.

    Only what is expected of a body and leg stiffness depend on it. A foot whose sensor sends no
    motion has neither.
    """
    feet = [side for side in Side if found.get(side)]
    moved = [side for side in feet if _why_no_stiffness(found[side]) != NO_MOTION]
    known = [v for side in moved if (v := found[side]["speed_m_s"].value) is not None]
    speed_m_s = float(np.mean(known)) if known else None
    situation = Situation(Activity.RUN, speed_m_s, body)
    renewed = {
        side: {name: _expected(name, measure, situation) for name, measure in of_side.items()}
        for side, of_side in found.items()
    }
    name, both = LEG_STIFFNESS.name, renewed["both"]
    for side in moved:
        mine = renewed[side]
        if name in mine:
            mine[name] = leg_stiffness(
                mine["contact_ms"], mine["cadence_spm"], both["speed_m_s"], body
            )
    stiffness = [renewed[side][name] for side in feet if name in renewed[side]]
    if moved and name in both:
        both[name] = of_both(LEG_STIFFNESS.blank(), stiffness, of_runner=LEG_STIFFNESS.of_runner)
    return renewed


def _why_no_stiffness(of_side: Mapping[str, Measure]) -> str | None:
    measure = of_side.get(LEG_STIFFNESS.name)
    return measure.why_not if measure is not None else NO_MOTION


def _expected(name: str, measure: Measure, situation: Situation) -> Measure:
    if measure.reference is None or measure.reference.kind != "expectation":
        return measure
    return replace(measure, reference=reference_for(name, situation) or measure.reference)


def _situation(
    activity: Activity, part: OfSide, feet: Mapping[Side, Foot], body: Body | None
) -> Situation:
    speeds = [of_strides(BY_NAME["speed_m_s"], part[side], feet[side]).value for side in feet]
    known = [v for v in speeds if v is not None]
    return Situation(activity, float(np.mean(known)) if known else None, body)


def _stride_measure(
    found: Found,
    prefix: str,
    row: StrideMeasure,
    part: OfSide,
    feet: Mapping[Side, Foot],
    situation: Situation,
    clock_sd_s: float,
) -> None:
    name = prefix + row.name
    reference = reference_for(row.name, situation)
    for side, foot in feet.items():
        found[side][name] = of_strides(row, part[side], foot, reference, clock_sd_s)
    both = [found[side][name] for side in feet]
    if row.paired and clock_sd_s:
        # between clocks that are apart one foot's flight and step gain what the other's lose
        both = [of_strides(row, part[side], foot, reference) for side, foot in feet.items()]
    blank = Measure(value=None, unit=row.unit, n=0, label=row.label, reference=reference)
    found["both"][name] = of_both(blank, both, of_runner=row.of_runner)


def _of_feet(found: Found, running: OfSide, feet: Mapping[Side, Foot], body: Body | None) -> None:
    """Session measures that each foot has: clipping, stiffness, variability, drift."""
    speed = found["both"]["speed_m_s"]
    for side, strides in running.items():
        mine = found[side]
        mine[IMPACT_CLIPPED.name] = _clipped(strides, feet[side].nothing)
        mine[LEG_STIFFNESS.name] = leg_stiffness(
            mine["contact_ms"], mine["cadence_spm"], speed, body
        )
        for row, measured in VARIABILITY:
            mine[row.name] = _lowered(row.name, measured(strides), feet[side])
        for row in DRIFTS:
            whole = mine[row.of]
            known = whole.value is not None
            mine[row.name] = (
                drift(row, strides) if known else replace(row.blank(), why_not=whole.why_not)
            )
    for row in (IMPACT_CLIPPED, LEG_STIFFNESS, *(row for row, _ in VARIABILITY), *DRIFTS):
        both = [found[side][row.name] for side in running]
        found["both"][row.name] = of_both(row.blank(), both, of_runner=row.of_runner)


def _lowered(name: str, measure: Measure, foot: Foot) -> Measure:
    """Of low quality, where something is known of the foot that makes it so."""
    if measure.value is None or name not in foot.lowered or measure.quality == "low":
        return measure
    return replace(measure, quality="low", why_not=foot.lowered[name])


def _clipped(strides: Strides, nothing: str) -> Measure:
    """A count, so its uncertainty is nothing; `nothing`: why there are no strides at all."""
    share = clipped_pct(strides)
    if share is None:
        return replace(IMPACT_CLIPPED.blank(), why_not=nothing or NO_STEPS)
    known = replace(IMPACT_CLIPPED.blank(), n=len(strides), quality="good", uncertainty=0.0)
    return replace(known, value=share)


def _left_against_right(
    found: Found, running: OfSide, feet: Mapping[Side, Foot], comparison: Comparison
) -> None:
    both = len(running) == 2
    part = _together(running, comparison.together_s) if both else running
    for row in SYMMETRIES:
        if row.name in comparison.not_made:
            blank = replace(row.blank(), why_not=comparison.not_made[row.name])
            found["both"][row.name] = blank
            continue
        one, other = (_of_foot(row, side, found, running, part, feet) for side in Side)
        found["both"][row.name] = symmetry(row, one, other, comparison.clock_sd_s)


def _together(running: OfSide, span_s: tuple[float, float] | None) -> OfSide:
    """The strides that began while both feet were recorded."""
    if span_s is None:
        return running
    begin_s, end_s = span_s
    return {
        side: strides[(strides["ic_s"] >= begin_s) & (strides["ic_s"] <= end_s)]
        for side, strides in running.items()
    }


def _of_foot(
    row: Symmetry,
    side: Side,
    found: Found,
    running: OfSide,
    part: OfSide,
    feet: Mapping[Side, Foot],
) -> Measure | None:
    """What of a foot is compared: of the whole run, or of its part that both feet have."""
    if side not in feet:
        return None
    name = "cadence_spm" if row.of == "stride_s" else row.of
    measure = found[side][name]
    if len(part[side]) != len(running[side]):
        measure = of_strides(BY_NAME[name], part[side], feet[side], measure.reference)
    return stride_time(part[side], measure) if row.of == "stride_s" else measure
