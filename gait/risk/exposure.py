"""How far a factor of the evidence table holds for this runner and run: from 0 to 1, or unknown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gait.measures.norms import norm
from gait.model import Body, Measure
from gait.risk.known import Known
from gait.risk.table import EvidenceTable, Factor

Measures = Mapping[str, Mapping[str, Measure]]

SIDES = ("left", "right")
RAMP_FROM, RAMP_WIDTH = 1.0, 1.5  # z at which an exposure begins, and over which it grows to 1
Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Exposure:
    """`x` in [0, 1], None: unknown, and then `missing` says what is.

    `text` says the reason in plain words, `side` the more exposed foot; `provisional` is true
    where the reference is no published norm.
    """

    x: float | None
    text: str = ""
    missing: str = ""
    side: str | None = None
    provisional: bool = False

    @property
    def active(self) -> bool:
        return self.x is not None and self.x > 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a factor may ask: the session's measures, the body and the runner's answers."""

    measures: Measures
    body: Body
    known: Known
    table: EvidenceTable

    @property
    def speed_m_s(self) -> float | None:
        speed = self.measures.get("both", {}).get("speed_m_s")
        return None if speed is None else speed.value


@dataclass(frozen=True, slots=True)
class _Reading:
    """One foot's (or the runner's) measure against its reference: `excess` orders two feet."""

    side: str
    x: float
    excess: float
    numbers: dict[str, float]


def exposure(factor: Factor, condition: str, situation: Situation) -> Exposure:
    """How far `factor` holds; `condition` matters only for earlier injuries of the same kind."""
    if factor.input is not None:
        return _of_input(factor, condition, situation)
    if factor.measure is None or factor.reference == "baseline":
        return Exposure(None, missing=factor.missing)
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
    x, _ = _judge(factor, float(value), 0.0, 1.0)
    text = factor.says.format(**known.numbers) if x > 0.0 else ""
    return Exposure(x, text=text)


def _of_measure(factor: Factor, situation: Situation) -> Exposure:
    words = situation.table.words
    readings: list[_Reading] = []
    whys: list[str] = []
    for side in SIDES if factor.of == "foot" else ("both",):
        measure = situation.measures.get(side, {}).get(factor.measure or "")
        why = _unusable(factor, measure, words)
        if measure is None or measure.value is None or why is not None:
            whys.append(why or factor.missing)
            continue
        reading = _read(factor, side, measure, situation)
        if reading is None:
            whys.append(words["no_speed"].format(missing=factor.missing))
        else:
            readings.append(reading)
    if not readings:
        return Exposure(None, missing=whys[0])
    most = max(readings, key=lambda r: r.excess)
    if len(readings) == 2 and readings[0].excess == readings[1].excess:
        side, said = "both", words["both_feet"]
    else:
        side, said = most.side, most.side
    where = "this_speed_and_height" if situation.body.height_m else "this_speed"
    text = factor.says.format(side=said, situation=words[where], **most.numbers)
    return Exposure(
        most.x,
        text=text if most.x > 0.0 else "",
        side=side if factor.of == "foot" else None,
        provisional=factor.provisional is not None,
    )


def _unusable(factor: Factor, measure: Measure | None, words: Mapping[str, str]) -> str | None:
    """What to say is missing where a measure cannot be judged; None where it can."""
    why = (measure.why_not if measure else None) or words["no_reason_given"]
    if measure is None or measure.value is None or not math.isfinite(measure.value):
        return words["why_unknown"].format(missing=factor.missing, why=why)
    if measure.quality in ("low", "none"):
        return words["low_quality"].format(missing=factor.missing, why=why)
    return None


def _read(factor: Factor, side: str, measure: Measure, situation: Situation) -> _Reading | None:
    value = measure.value or 0.0
    numbers = {"value": value}
    expected, sd = 0.0, 1.0
    if factor.provisional is not None:
        expected, sd = factor.provisional.mean, factor.provisional.sd
    elif factor.reference == "norm":
        published = norm(factor.measure or "", situation.speed_m_s, situation.body)
        if published is None:
            return None
        expected, sd = published.expected, published.sd
    numbers |= {"expected": expected, "sd": sd}
    x, excess = _judge(factor, value, expected, math.hypot(sd, (measure.uncertainty or 0.0) / Z95))
    return _Reading(side, x, excess, numbers)


def _judge(factor: Factor, value: float, expected: float, sd: float) -> tuple[float, float]:
    """Exposure, and how far in the harmful direction (to tell the more exposed foot)."""
    z = (value - expected) / sd
    threshold = factor.threshold or 0.0
    if factor.kind == "flag":
        return float(value > 0.0), value
    if factor.kind == "above":
        return float(value > threshold), value
    if factor.kind == "at_least":
        return float(value >= threshold), value
    if factor.kind == "below":
        return float(value < threshold), -value
    harmful = z if factor.kind == "ramp_high" else -z
    return ramp(harmful), harmful
