"""One recording with one trouble, the way of a user: tables read, analysed, put into numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.score import MUST, Score, Truth, score
from benchmarks.robustness.feet import Foot
from gait.model import InputError, Measure, Side, Summary
from gait.pipeline import Strides, analyze_samples, summarise
from gait.recording import read_table, write_table

# What of the summary has a truth, and how far from it a value of quality good may be: in the
# measure's unit, or in %. Where strides differ, anything between their quartiles is true.
FOOT_MEASURES: dict[str, tuple[str, float, str]] = {
    "cadence_spm": ("cadence", MUST["cadence_spm"][0], ""),
    "contact_ms": ("contact", MUST["contact_ms"][0], ""),
    "speed_m_s": ("speed", MUST["speed_pct"][0], "%"),
    "stride_length_m": ("stride length", MUST["stride_length_pct"][0], "%"),
    "strike_angle_deg": ("strike", MUST["strike_angle_deg"][0], ""),
    "pronation_excursion_deg": ("pronation", MUST["pronation_excursion_deg"][0], ""),
}
PAIR_MEASURES: dict[str, tuple[str, float, str]] = {
    "flight_ms": ("flight", MUST["contact_ms"][0], ""),
    "step_time_ms": ("step time", MUST["contact_ms"][0], ""),
}
LONGER = 1.2  # a session that lasts so many times its longest table is on no clock at all
NO_REASON = "no steps"  # a sentence that begins so says that nothing was found, and not why
SYMMETRY: dict[str, tuple[str, float]] = {
    "symmetry_contact_pct": ("contact symmetry", 5.0),
    "symmetry_step_time_pct": ("step time symmetry", 10.0),
    "symmetry_pronation_excursion_deg": ("pronation symmetry", 4.0),
}

Array = NDArray[np.float64]

_NUMBERS = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program makes of some tables: nothing but a sentence, or strides and a summary."""

    said: list[str]
    strides: Strides | None = None
    summary: Summary | None = None

    def of(self, side: Side) -> Strides | None:
        """The strides of the foot that was said to be this one."""
        if self.strides is None:
            return None
        return self.strides[self.strides["side"] == (side is Side.RIGHT)]


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording and one trouble, scored.

    feet  : (all strides, those valid alone) of each table, against its truth
    false : what stands with quality good and is not so
    lost  : what has a truth and is not measured, and is without the trouble
    said  : sentences that the recording alone does not give
    """

    feet: list[tuple[Score, Score]]
    false: list[str]
    lost: list[str]
    said: list[str]


def ask(feet: Sequence[Foot], folder: Path) -> Answer:
    """Write the tables into `folder`, and have them analysed as `gait analyze` does."""
    problems: list[str] = []
    try:
        tables = {}
        for foot in feet:
            path = folder / f"{foot.side}.csv"
            write_table(path, foot.samples, overwrite=True)
            tables[foot.side] = read_table(path, side=foot.side)
        problems += [text for table in tables.values() for text in table.problems]
        result = analyze_samples({s: (t.samples, t.info) for s, t in tables.items()})
        summary = summarise(result, source="tables", notes=problems)
    except InputError as error:
        return Answer([_without(folder, str(error))])
    doubts = [doubt.sentence for doubt in summary.doubts]
    notes = [note for sensor in summary.sensors for note in sensor.notes]
    said = [*doubts, *summary.notes, *notes, *_why_not(summary, feet)]
    return Answer([_without(folder, text) for text in said], result.strides, summary)


def _why_not(summary: Summary, feet: Sequence[Foot]) -> list[str]:
    """The reasons for which something that a recording can give is not given."""
    keys = [*FOOT_MEASURES, *(PAIR_MEASURES if len(feet) == 2 else ())]
    reasons = (summary.measures[str(foot.side)][key] for key in keys for foot in feet)
    return [
        measure.why_not
        for measure in reasons
        if measure.value is None and measure.why_not and not measure.why_not.startswith(NO_REASON)
    ]


def judge(feet: Sequence[Foot], answer: Answer, usual: Answer | None) -> Trial:
    """Against the truth, and against the answer without the trouble; None for that one itself."""
    known = {_shape(text) for text in usual.said} if usual else set()
    said = list(dict.fromkeys(text for text in answer.said if _shape(text) not in known))
    scores = [_scores(foot, answer.of(foot.side)) for foot in feet]
    missing = _missing(feet, answer)
    lost = [name for name in missing if usual is None or name not in _missing(feet, usual)]
    return Trial(scores, _false(feet, answer), lost, said)


def _missing(feet: Sequence[Foot], answer: Answer) -> list[str]:
    """What has a truth, and no value of any foot."""
    tried = FOOT_MEASURES | (PAIR_MEASURES if len(feet) == 2 else {})
    if answer.summary is None:
        return [name for name, *_ in tried.values()]
    of_feet = [measures for side, measures in answer.summary.measures.items() if side != "both"]
    values = {key: {of[key].value for of in of_feet if key in of} for key in tried}
    return [name for key, (name, *_) in tried.items() if values[key] <= {None}]


def _scores(foot: Foot, found: Strides | None) -> tuple[Score, Score]:
    if found is None:
        found = _no_strides()
    name = str(foot.side)
    return score(name, found, foot.truth), score(name, found[found["valid"]], foot.truth)


def _no_strides() -> Strides:
    return analyze_samples({}).strides[:0]


def _false(feet: Sequence[Foot], answer: Answer) -> list[str]:
    if answer.summary is None:
        return []
    found: list[str] = []
    measures = answer.summary.measures
    for foot in feet:
        of_foot, true = measures[str(foot.side)], _truths(foot.truth)
        for key, (name, most, unit) in FOOT_MEASURES.items():
            if _is_false(of_foot.get(key), true[key], most, unit):
                found.append(name)
    if len(feet) == 2:
        for foot, other in (feet, feet[::-1]):
            of_foot, true = measures[str(foot.side)], _paired_truths(foot, other)
            for key, (name, most, unit) in PAIR_MEASURES.items():
                if _is_false(of_foot.get(key), true[key], most, unit):
                    found.append(name)
        true = _symmetry_truths(*feet)
        for key, (name, most) in SYMMETRY.items():
            if _is_false(measures["both"].get(key), true[key], most):
                found.append(name)
    longest_s = max(float(foot.samples.time_s[-1] - foot.samples.time_s[0]) for foot in feet)
    if answer.summary.duration_s > LONGER * longest_s:
        found.append("duration")
    return list(dict.fromkeys(found))


def _is_false(measure: Measure | None, true: Array | None, most: float, unit: str = "") -> bool:
    """`true` (n,) holds all that is known; None where no value can be true."""
    if measure is None or measure.value is None or measure.quality != "good":
        return False
    if true is None:
        return True
    known = true[np.isfinite(true)]
    if not len(known):
        return False
    low, high = np.quantile(known, [0.25, 0.75])
    room = 0.01 * most * np.median(known) if unit == "%" else most
    return not low - room <= measure.value <= high + room


def _truths(truth: Truth) -> dict[str, Array]:
    return {
        "cadence_spm": 120.0 / np.diff(truth.ic_s),
        "contact_ms": 1e3 * (truth.tc_s - truth.ic_s),
        "speed_m_s": truth.speed_m_s,
        "stride_length_m": truth.stride_length_m,
        "strike_angle_deg": truth.strike_angle_deg,
        "pronation_excursion_deg": truth.pronation_excursion_deg,
    }


def _paired_truths(foot: Foot, other: Foot) -> dict[str, Array | None]:
    """From when each foot really was on the ground."""
    if foot.in_time is None or other.in_time is None:
        return dict.fromkeys(PAIR_MEASURES)
    after = np.searchsorted(other.in_time.ic_s, foot.in_time.ic_s, side="right")
    next_landing_s = np.append(other.in_time.ic_s, np.nan)[after]
    return {
        "flight_ms": 1e3 * (next_landing_s - foot.in_time.tc_s),
        "step_time_ms": 1e3 * (next_landing_s - foot.in_time.ic_s),
    }


def _symmetry_truths(one: Foot, other: Foot) -> dict[str, Array | None]:
    """Left less right, of their mean where it is in %; from the medians over strides."""
    if one.in_time is None or other.in_time is None:
        return dict.fromkeys(SYMMETRY)
    left, right = (one, other) if one.side is Side.LEFT else (other, one)
    paired = [_paired_truths(*feet)["step_time_ms"] for feet in ((left, right), (right, left))]
    each = {
        "symmetry_contact_pct": [_truths(foot.truth)["contact_ms"] for foot in (left, right)],
        "symmetry_step_time_pct": paired,
        "symmetry_pronation_excursion_deg": [
            foot.truth.pronation_excursion_deg for foot in (left, right)
        ],
    }
    out: dict[str, Array | None] = {}
    for key, (mine, others) in each.items():
        a, b = float(np.nanmedian(mine)), float(np.nanmedian(others))
        out[key] = np.array([200.0 * (a - b) / (a + b) if key.endswith("_pct") else a - b])
    return out


def _without(folder: Path, text: str) -> str:
    """Sentences name the table, and nobody needs to know where it lay."""
    return text.replace(f"{folder}/", "")


def _shape(text: str) -> str:
    """A sentence without its numbers."""
    return _NUMBERS.sub("0", text)
