"""A session's measures: every row of both tables, of each foot and of both.

How many strides there are, why some are left out, and how long was run and walked.

Left against right, and what a difference must exceed to be more than the method's own.

What changes over a run at the same speed: last third against first third.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from gait.measures.aggregate import (
    NO_STEPS,
    Z95,
    Foot,
    clipped_pct,
    of_both,
    of_strides,
    robust_spread,
    sampling_error,
    worst,
)
from gait.measures.readings import NO_MOTION
from gait.measures.references import Situation, reference_for
from gait.measures.session_table import (
    DRIFTS,
    IMPACT_CLIPPED,
    LEG_STIFFNESS,
    SYMMETRIES,
    SessionMeasure,
    Symmetry,
)
from gait.measures.stiffness import leg_stiffness
from gait.measures.table import BY_NAME, LEFT_OUT, STRIDE_MEASURES, StrideMeasure
from gait.measures.variability import VARIABILITY, slow_speed
from gait.model.arrays import Floats, Records
from gait.model.history import Body
from gait.model.strides import WHY_TEXT, Activity, Side, is_running, is_side, of_side
from gait.model.summary import FootCount, Measure, Reference

LEAST_STRIDES = 4  # valid strides of a foot that make it running or walking; fewer are odd ones


def count_strides(strides: Records) -> FootCount:
    """How many strides of one foot there are, and why some are left out."""
    valid = strides[strides["valid"]]
    out = strides[~strides["valid"]]
    reasons = Counter(
        text for why in out["why"] for flag, text in WHY_TEXT.items() if int(why) & flag & LEFT_OUT
    )
    return FootCount(
        found=len(strides),
        running=int(is_running(strides).sum()),
        walking=int((valid["activity"] == Activity.WALK).sum()),
        left_out=len(out),
        left_out_why=dict(reasons),
    )


def activity_seconds(strides: Records, duration_s: float) -> dict[str, float]:
    """Seconds of running, walking and the rest, from the foot that knows more of it.

    One odd stride among many of the other kind is no running: what a foot has less than
    `LEAST_STRIDES` strides of belongs to the rest.
    """
    totals = {"running": 0.0, "walking": 0.0}
    for side in Side:
        mine = strides[is_side(strides, side) & strides["valid"]]
        for name, activity in (("running", Activity.RUN), ("walking", Activity.WALK)):
            times = mine["stride_s"][mine["activity"] == activity]
            seconds = float(np.nansum(times)) if len(times) >= LEAST_STRIDES else 0.0
            totals[name] = max(totals[name], seconds)
    totals["other"] = max(0.0, duration_s - sum(totals.values()))
    return totals


SPATIOTEMPORAL = Reference(
    kind="usual range",
    low=-4.0,
    high=4.0,
    text="most runners without injury",
    source="vincent2025",
)
_REFERENCES = {
    "symmetry_contact_pct": SPATIOTEMPORAL,
    "symmetry_step_time_pct": SPATIOTEMPORAL,
}


def stride_time(strides: Records, foot: Measure | None) -> Measure | None:
    """Stride time as a session measure, s; it has no row of its own beside cadence."""
    if foot is None or foot.value is None:
        return foot
    values = strides["stride_s"][np.isfinite(strides["cadence_spm"])]
    return replace(foot, value=float(np.median(values)), spread=robust_spread(values), unit="s")


def symmetry(
    row: Symmetry, left: Measure | None, right: Measure | None, clock_sd_s: float = 0.0
) -> Measure:
    """`row` of the two feet's values; above zero: the left is larger.

    Its uncertainty holds what differs between the feet by the method and by chance of the
    strides, not what is off on both alike. An error between the shoes' clocks lengthens the
    steps of one foot and shortens those of the other.
    """
    blank = row.blank(reference=_REFERENCES.get(row.name))
    if left is None or right is None:
        return replace(blank, why_not="needs both feet")
    if left.value is None or right.value is None:
        missing = left if left.value is None else right
        return replace(blank, why_not=missing.why_not or "needs both feet")
    mean = 0.5 * (left.value + right.value)
    if row.relative and mean <= 0.0:
        return replace(blank, why_not="too small on both feet to compare")
    scale = 100.0 / mean if row.relative else 1.0
    chance = math.hypot(*(sampling_error(m.spread or 0.0, m.n) for m in (left, right))) * scale
    clock = row.clock_share * 1e3 * clock_sd_s * scale
    return replace(
        blank,
        value=(left.value - right.value) * scale,
        n=left.n + right.n,
        spread=math.hypot(left.spread or 0.0, right.spread or 0.0) * scale,
        uncertainty=math.hypot(chance, Z95 * row.method_sd, Z95 * clock),
        quality=worst([left, right]).quality,
        why_not=worst([left, right]).why_not,
    )


BLOCKS = 18  # of equal length, whatever the run's: strides wander on every scale of time
LEAST_FOR_DRIFT = 150  # strides
MOST_SPREAD = 5.0  # robust standard deviations, beyond which a stride is pulled in
# Strides wander slowly by themselves (long memory), which neighbouring blocks show only in
# part. With this factor the interval holds zero in 19 of 20 simulated runs without drift where
# the memory (DFA) is 0.85, in 9 of 10 where it is 0.95: tests/measures/test_drift.py.
WANDER = 1.6
# Student's t at 97.5 %, by degrees of freedom: all that `BLOCKS` leave.
STUDENT = {14: 2.144787, 15: 2.131450, 16: 2.119905, 17: 2.109816}


def drift(row: SessionMeasure, strides: Records) -> Measure:
    """`row` of one foot's running strides, with a 95 % interval as its uncertainty.

    Speed and the thirds of the run are fitted together, so what a change of speed may explain
    widens the interval. Errors of the method that stay the same over the run cancel out.

    Parameters
    ----------
    row : SessionMeasure
        Of `DRIFTS`.
    strides : Records
        (n,) of dtype STRIDE.

    Returns
    -------
    Measure
        Without a value where strides or their speed are too few.
    """
    used = strides[strides["valid"] & np.isfinite(strides[row.of])]
    n = len(used)
    blank = row.blank(n)
    if n < LEAST_FOR_DRIFT:
        return replace(blank, why_not=f"needs {LEAST_FOR_DRIFT} strides of a foot, about 2 minutes")
    speed = slow_speed(used["ic_s"], used["speed_m_s"])
    if speed is None:
        return replace(blank, why_not="speed is not known, and the change must be at one speed")
    change, half_width, spread = last_against_first(used["ic_s"], used[row.of], speed)
    return replace(blank, value=change, uncertainty=half_width, spread=spread, quality="good")


def last_against_first(time_s: Floats, values: Floats, speed: Floats) -> tuple[float, float, float]:
    """Change from the first to the last third of a run, at the same speed.

    Parameters
    ----------
    time_s : Floats
        (n,) s, rising.
    values : Floats
        (n,) in any unit.
    speed : Floats
        (n,) m/s.

    Returns
    -------
    tuple[float, float, float]
        Change, its 95 % half-width, spread between strides.
    """
    middle, spread = float(np.median(values)), robust_spread(values)
    y = np.clip(values, middle - MOST_SPREAD * spread, middle + MOST_SPREAD * spread)
    place = (time_s - time_s[0]) / (time_s[-1] - time_s[0])
    last, centre = place > 2.0 / 3.0, (place > 1.0 / 3.0) & (place <= 2.0 / 3.0)
    design = np.column_stack([np.ones(len(y)), last, centre, speed - speed.mean()])
    fit, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ fit
    half_width = WANDER * _half_width(_block_means(design), _block_means(left))
    return float(fit[1]), half_width, robust_spread(left)


def _half_width(design: Floats, left: Floats) -> float:
    """95 % half-width of the second coefficient, from blocks whose residuals follow each other."""
    freedom = len(left) - int(np.linalg.matrix_rank(design))
    variance = float(left @ left) / freedom * np.linalg.pinv(design.T @ design)[1, 1]
    memory = min(max(float(left[1:] @ left[:-1] / max(left @ left, 1e-300)), 0.0), 0.8)
    variance *= (1.0 + memory) / (1.0 - memory)
    return float(STUDENT[freedom] * np.sqrt(variance))


def _block_means(x: Floats) -> Floats:
    return np.array([part.mean(axis=0) for part in np.array_split(x, BLOCKS)])


WALKING_PREFIX = "walking_"

Found = dict[str, dict[str, Measure]]
OfSide = Mapping[Side, Records]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the two feet can be set against each other.

    clock_sd_s : how far the clocks of two shoes may be apart, one standard deviation
    together_s : from and to, when both feet were recorded; None where they were all along
    not_made   : by name of a comparison, why it cannot be made
    """

    clock_sd_s: float = 0.0
    together_s: tuple[float, float] | None = None
    not_made: Mapping[str, str] = field(default_factory=dict[str, str])


def session_measures(
    strides: Records,
    feet: Mapping[Side, Foot],
    body: Body | None = None,
    comparison: Comparison | None = None,
) -> Found:
    """Every measure of the session under `left`, `right` and `both`.

    Names are the columns of the stride table (running), the same with `walking_` in front where
    there was walking, and those of `gait.measures.session_table` (running only).

    Parameters
    ----------
    strides : Records
        (n,) of dtype STRIDE.
    feet : Mapping[Side, Foot]
        What else is known of each shoe that was recorded.
    body : Body | None
        For what is expected, and stiffness.
    comparison : Comparison | None
        What of the two feet can be set against each other; None: all of it.

    Returns
    -------
    dict[str, dict[str, Measure]]
        By foot, then by name.
    """
    found: Found = {"left": {}, "right": {}, "both": {}}
    comparison = comparison or Comparison()
    clock = comparison.clock_sd_s
    feet_strides = {side: of_side(strides, side) for side in feet}
    for activity, prefix in ((Activity.RUN, ""), (Activity.WALK, WALKING_PREFIX)):
        part = {side: s[s["activity"] == activity] for side, s in feet_strides.items()}
        if prefix and not any(len(s) for s in part.values()):
            continue
        situation = _situation(activity, part, feet, body)
        for row in STRIDE_MEASURES:
            if not (prefix and row.running_only):
                _stride_measure(found, prefix, row, part, feet, situation, clock)
    running = {side: s[s["activity"] == Activity.RUN] for side, s in feet_strides.items()}
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


def _clipped(strides: Records, nothing: str) -> Measure:
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
