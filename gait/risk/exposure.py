"""How far a factor of the evidence table holds for this runner and run: from 0 to 1, or unknown.

What a runner's profile says about each input of the evidence table. Unknown stays None.
"""

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.measures.references import norm
from gait.model import Body, Change, Measure
from gait.risk.evidence_table import EvidenceTable, Factor
from gait.risk.load import distances, longest_before
from gait.risk.profile import History, RunnerProfile, TrainingSession

WINDOW_DAYS = 28
WINDOWS_BEFORE = 5  # windows of 28 days, so the log must reach back about half a year
LEAST_SPREAD = 0.10  # of the usual distance, so that a very even log does not flag a trifle


@dataclass(frozen=True, slots=True)
class Known:
    """`values` by input (bool, ratio, z or amount); `numbers` for the words of a reason."""

    values: dict[str, float | bool | None] = field(default_factory=dict[str, float | bool | None])
    numbers: dict[str, float] = field(default_factory=dict[str, float])
    earlier: frozenset[str | None] | None = None  # conditions of a complete list of injuries
    log_without_recent: bool = False  # a log is there, but no run in the 30 days before
    uncertain_km: float | None = None  # of this session's distance, where the sensor measured it
    at_least: bool = False  # this session was farther

    def value(self, name: str, condition: str) -> float | bool | None:
        """The value of an input, None where it is not known."""
        if name == "same_condition":
            return None if self.earlier is None else _listed(condition, self.earlier)
        return self.values.get(name)


def what_is_known(profile: RunnerProfile | None) -> Known:
    """The inputs that a profile answers."""
    if profile is None:
        return Known()
    values: dict[str, float | bool | None] = dict(_history(profile.history))
    numbers: dict[str, float] = {}
    shoes = profile.shoes
    values["shoe_changed"], values["shoe_rotation"] = (
        shoes.changed_within_4_weeks,
        shoes.several_models,
    )
    _amount("shoe_km", shoes.distance_km, values, numbers)
    body = profile.body
    if body.height_m and body.mass_kg:
        _amount("bmi", body.mass_kg / body.height_m**2, values, numbers)
    _load(profile, values, numbers)
    injuries = profile.history.injuries
    earlier = None if injuries is None else frozenset(injury.condition for injury in injuries)
    return Known(
        values,
        numbers,
        earlier,
        longest_before(profile) == 0.0,
        profile.session.uncertain_km,
        profile.session.at_least,
    )


def _amount(
    name: str,
    value: float | None,
    values: dict[str, float | bool | None],
    numbers: dict[str, float],
) -> None:
    values[name] = value
    if value is not None:
        numbers[name] = value


def _history(history: History) -> dict[str, bool | None]:
    """A yes, or an injury that says so, is a yes; a complete list without it is a no."""
    injuries = history.injuries
    if injuries is None:
        return {
            "injured_last_12_months": history.injured_last_12_months,
            "ankle_sprain": history.ankle_sprain,
            "bone_stress_injury": history.bone_stress_injury,
        }
    undated = any(injury.months_ago is None for injury in injuries)
    recent = any(i.months_ago is not None and i.months_ago <= 12.0 for i in injuries)
    named = frozenset(injury.condition for injury in injuries)
    return {
        "injured_last_12_months": _either(
            history.injured_last_12_months, True if recent else None if undated else False
        ),
        "ankle_sprain": _either(history.ankle_sprain, _listed("ankle_sprain", named)),
        "bone_stress_injury": _either(
            history.bone_stress_injury, _listed("stress_fracture", named)
        ),
    }


def _listed(condition: str, named: frozenset[str | None]) -> bool | None:
    """Whether a list of injuries names a condition; unknown where an entry names none."""
    if condition in named:
        return True
    return None if None in named else False


def _either(answer: bool | None, listed: bool | None) -> bool | None:
    if answer or listed:
        return True
    return listed if answer is None else answer


def _load(
    profile: RunnerProfile, values: dict[str, float | bool | None], numbers: dict[str, float]
) -> None:
    session, log = profile.session, profile.training
    if session.distance_km is None:
        return
    longest = longest_before(profile)
    if longest:
        values["session_ratio"] = session.distance_km / longest
        numbers["session_km"], numbers["longest_km"] = session.distance_km, longest
        numbers["more_pct"] = 100.0 * (session.distance_km / longest - 1.0)
    if session.date is None or log is None:
        return
    before = [run for run in log if run.date < session.date]
    if before:
        _own_load(
            [*before, TrainingSession(date=session.date, distance_km=session.distance_km)],
            values,
            numbers,
        )


def _own_load(
    runs: list[TrainingSession],
    values: dict[str, float | bool | None],
    numbers: dict[str, float],
) -> None:
    """The last 28 days against the windows of 28 days before, where the log reaches that far."""
    last = max(run.date for run in runs)
    ends = [last + datetime.timedelta(days=1 - WINDOW_DAYS * i) for i in range(WINDOWS_BEFORE + 1)]
    if not distances(runs, ends[-1], WINDOW_DAYS):
        return
    recent, *usual = (math.fsum(distances(runs, end, WINDOW_DAYS)) for end in ends)
    middle = median(usual)
    spread = 1.4826 * median(abs(km - middle) for km in usual)
    if middle > 0.0:
        values["distance_z"] = (recent - middle) / max(spread, LEAST_SPREAD * middle)
        numbers["recent_km"], numbers["usual_km"] = recent, middle


Measures = Mapping[str, Mapping[str, Measure]]

SIDES = ("left", "right")
RAMP_FROM, RAMP_WIDTH = 1.0, 1.5  # z at which an exposure begins, and over which it grows to 1
Z95 = 1.96
NORM_RUNS = 5  # a norm counts as much as so many own earlier runs


@dataclass(frozen=True, slots=True)
class Exposure:
    """`x` in [0, 1], None: unknown, and then `missing` says what is.

    `text` says the reason in plain words, `side` the more exposed foot; `provisional` is true
    where the reference is no published norm. `share` is how much of it is known: half, where
    the other foot could not be judged, and then `missing` says why.
    """

    x: float | None
    text: str = ""
    missing: str = ""
    side: str | None = None
    provisional: bool = False
    share: float = 1.0

    @property
    def active(self) -> bool:
        return self.x is not None and self.x > 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a factor may ask: the session's measures, the body, the runner's answers, and
    what differs from the runner's own earlier runs.
    """

    measures: Measures
    body: Body
    known: Known
    table: EvidenceTable
    compared: Comparison = NOT_COMPARED

    @property
    def speed_m_s(self) -> float | None:
        speed = self.measures.get("both", {}).get("speed_m_s")
        return None if speed is None else speed.value

    def change(self, measure: str, side: str) -> Change | None:
        """A measure of this run beside the runner's own earlier runs, None where not compared."""
        of_side = (c for c in self.compared.changes if c.side == side)
        return next((c for c in of_side if c.measure == measure), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One foot's (or the runner's) measure against its reference: `excess` orders two feet."""

    side: str
    x: float
    excess: float
    says: str
    numbers: dict[str, float | str]
    provisional: bool = False


def exposure(factor: Factor, condition: str, situation: Situation) -> Exposure:
    """How far `factor` holds; `condition` matters only for earlier injuries of the same kind."""
    if factor.input is not None:
        return _of_input(factor, condition, situation)
    return _of_measure(factor, situation)


def ramp(z: float) -> float:
    """0 up to a z of 1, 1 from a z of 2.5."""
    return min(1.0, max(0.0, (z - RAMP_FROM) / RAMP_WIDTH))


def _of_input(factor: Factor, condition: str, situation: Situation) -> Exposure:
    known, words = situation.known, situation.table.words
    value = known.value(factor.input or "", condition)
    if value is None:
        missing = factor.missing
        if factor.input == "session_ratio" and known.log_without_recent:
            missing = words["no_session_before"].format(missing=missing)
        return Exposure(None, missing=missing)
    x, _ = _judge(factor, float(value), float(value))
    if x == 0.0:
        return Exposure(x)
    text = factor.says.format(**known.numbers)
    if factor.input == "session_ratio" and known.at_least:
        text = words["session_at_least"].format(text=text)
    elif factor.input == "session_ratio" and known.uncertain_km is not None:
        text = words["session_uncertain"].format(text=text, by=known.uncertain_km)
    return Exposure(x, text=text)


def _of_measure(factor: Factor, situation: Situation) -> Exposure:
    words = situation.table.words
    readings: list[_Reading] = []
    whys: list[str] = []
    sides = SIDES if factor.of == "foot" else ("both",)
    for side in sides:
        found = _read(factor, side, situation)
        if isinstance(found, str):
            whys.append(found)
        else:
            readings.append(found)
    if not readings:
        silent = words["why_unknown"].format(missing=factor.missing, why=words["no_reason_given"])
        return Exposure(None, missing="; ".join(sorted(set(whys) - {silent})) or silent)
    most = max(readings, key=lambda r: r.excess)
    if len(readings) == 2 and readings[0].excess == readings[1].excess:
        side, said = "both", words["both_feet"]
    else:
        side, said = most.side, most.side
    where = "this_speed_and_height" if situation.body.height_m else "this_speed"
    text = most.says.format(side=said, situation=words[where], **most.numbers)
    other = next((s for s in sides if s != side), side)
    return Exposure(
        most.x,
        text=text if most.x > 0.0 else "",
        missing=words["other_foot"].format(missing=whys[0], side=other) if whys else "",
        side=side if factor.of == "foot" else None,
        provisional=most.provisional,
        share=0.5 if whys else 1.0,
    )


def _read(factor: Factor, side: str, situation: Situation) -> _Reading | str:
    """One foot's reading, or what is missing for it."""
    words, name = situation.table.words, factor.measure or ""
    measure, change = situation.measures.get(side, {}).get(name), situation.change(name, side)
    own_only = factor.reference == "baseline"
    if measure is None and not own_only:
        return words["why_unknown"].format(missing=factor.missing, why=words["no_reason_given"])
    if measure is not None and (why := _unusable(factor, measure, words)) is not None:
        return why
    if change is not None and (own_only or factor.provisional is not None):
        return _beside_own(factor, change)
    if own_only:
        return _not_compared(factor, situation)
    assert measure is not None
    return _beside_others(factor, side, measure, change, situation)


def _unusable(factor: Factor, measure: Measure, words: Mapping[str, str]) -> str | None:
    """What to say is missing where a measure cannot be judged; None where it can."""
    why = measure.why_not or words["no_reason_given"]
    if measure.value is None or not math.isfinite(measure.value):
        return words["why_unknown"].format(missing=factor.missing, why=why)
    if measure.quality in ("low", "none"):
        return words["low_quality"].format(missing=factor.missing, why=why)
    return None


def _not_compared(factor: Factor, situation: Situation) -> str:
    words, missing = situation.table.words, situation.compared.runs_missing
    if missing:
        return words["more_runs"].format(missing=factor.missing, count=missing)
    return words["not_compared"].format(missing=factor.missing)


def _beside_own(factor: Factor, change: Change) -> _Reading:
    """Against the runner's own earlier runs; a change that was not seen again is none."""
    x, excess = _judge(factor, change.difference, change.z, away=change.value < 0.0)
    says = factor.says if factor.reference == "baseline" else "{change}"
    counted = x if change.counts else 0.0
    return _Reading(change.side, counted, excess, says, {"change": _clause(change)})


def _beside_others(
    factor: Factor, side: str, measure: Measure, change: Change | None, situation: Situation
) -> _Reading | str:
    """Against a threshold, a provisional reference, or a norm and the own runs together."""
    value = measure.value or 0.0
    expected, sd = 0.0, 1.0
    if factor.provisional is not None:
        expected, sd = factor.provisional.mean, factor.provisional.sd
    elif factor.reference == "norm":
        published = norm(factor.measure or "", situation.speed_m_s, situation.body)
        if published is None:
            return situation.table.words["no_speed"].format(missing=factor.missing)
        expected, sd = published.expected, published.sd
    says = factor.says
    numbers: dict[str, float | str] = {"value": value, "expected": expected, "sd": sd}
    z = (value - expected) / math.hypot(sd, (measure.uncertainty or 0.0) / Z95)
    if factor.reference == "norm" and change is not None:
        typical = _judge(factor, value, z)[0] == 0.0
        z = blended(z, change)
        says = "{change}" if typical else says
        numbers["change"] = _clause(change)
    x, excess = _judge(factor, value, z)
    return _Reading(side, x, excess, says, numbers, provisional=factor.provisional is not None)


def blended(z_norm: float, change: Change) -> float:
    """z against the norm and against the own earlier runs, these the more the more there are.

    science 5.2; a change that was not seen again is taken as none.
    """
    own = change.runs / (change.runs + NORM_RUNS)
    return own * (change.z if change.counts else 0.0) + (1.0 - own) * z_norm


def _clause(change: Change) -> str:
    """The change as a part of a sentence."""
    return change.text[:1].lower() + change.text[1:].rstrip(".")


def _judge(factor: Factor, value: float, z: float, *, away: bool = False) -> tuple[float, float]:
    """Exposure, and how far in the harmful direction (to tell the more exposed foot).

    away : for `ramp_away`, below zero is away from it
    """
    threshold = factor.threshold or 0.0
    if factor.kind == "flag":
        return float(value > 0.0), value
    if factor.kind == "above":
        return float(value > threshold), value
    if factor.kind == "at_least":
        return float(value >= threshold), value
    if factor.kind == "below":
        return float(value < threshold), -value
    falls = factor.kind == "ramp_low" or (factor.kind == "ramp_away" and away)
    harmful = -z if falls else z
    return ramp(harmful), harmful
