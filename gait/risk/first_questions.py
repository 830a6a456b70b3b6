"""The two or three questions that would change most, asked beside a first run.

Each is answered with one key. They are questions of the checkup, in its words; which of them come
is by how much of the evidence hangs on the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gait.risk.evidence_table import EvidenceTable
from gait.risk.question_flow import Answers, keep, look_up
from gait.risk.questions import Asked, Path, Questionnaire

MOST = 3
LEAST_KM = 1.0  # a shorter run is no training, and the longest of a month is not asked beside it
NOWHERE = "n"
PAIN: Path = ("pain",)
LONGEST: Path = ("training_in_short", "longest_30_days_km")
# Answers of the checkup and the inputs of the evidence table that they fill.
INPUTS: Mapping[Path, str] = {
    ("history", "injured_last_12_months"): "injured_last_12_months",
    ("shoes", "changed_within_4_weeks"): "shoe_changed",
    ("shoes", "several_models"): "shoe_rotation",
    LONGEST: "session_ratio",
}


@dataclass(frozen=True, slots=True)
class Option:
    """An answer: the key that gives it, its words, and its value in a profile."""

    key: str
    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """A question with all its answers; what is skipped stays unknown."""

    at: Path
    text: str
    options: tuple[Option, ...]

    def put(self, answers: Answers, key: str) -> bool:
        """Keep the answer of a key in `answers`; False where no answer has that key."""
        chosen = next((option for option in self.options if option.key == key), None)
        if chosen is not None:
            keep(answers, self.at, chosen.value)
        return chosen is not None


def first_questions(
    answers: Answers, km: float | None, table: EvidenceTable, questionnaire: Questionnaire
) -> list[FirstQuestion]:
    """At most three that are not answered: where it hurts, then what most evidence hangs on.

    km : how far this run was, None where that is not known
    """
    asked = {question.to: question for question in questionnaire.questions if question.to}
    found: list[FirstQuestion] = []
    if look_up(answers, PAIN) is None:
        found.append(_pain(asked[PAIN]))
    weights = _weights(table)
    for path in sorted(INPUTS, key=lambda path: -weights.get(INPUTS[path], 0.0)):
        if look_up(answers, path) is not None or path not in asked:
            continue
        if path == LONGEST:
            if km is not None and km >= LEAST_KM and look_up(answers, ("training",)) is None:
                found.append(_longest(asked[path], km, table))
        else:
            found.append(_yes_no(asked[path]))
    return found[:MOST]


def _weights(table: EvidenceTable) -> dict[str, float]:
    """By input, how much of the evidence hangs on it, over all conditions."""
    weights: dict[str, float] = {}
    for condition in table.conditions.values():
        for row in condition.rows:
            if row.in_score and row.factor.input is not None:
                name = row.factor.input
                weights[name] = weights.get(name, 0.0) + abs(row.w)
    return weights


def _pain(asked: Asked) -> FirstQuestion:
    places = (asked.items or {}).items()
    options = [
        Option(str(number), name, [{"where": key}]) for number, (key, name) in enumerate(places, 1)
    ]
    return FirstQuestion(asked.to, asked.text, (Option(NOWHERE, asked.none, []), *options))


def _yes_no(asked: Asked) -> FirstQuestion:
    return FirstQuestion(asked.to, asked.text, (Option("y", "yes", True), Option("n", "no", False)))


def _longest(asked: Asked, km: float, table: EvidenceTable) -> FirstQuestion:
    """Distances between the bounds at which studies found something, from this run's on down."""
    above = [band.above for band in table.session_bands]
    ratios = [1.0, *((low * high) ** 0.5 for low, high in pairwise(above))]
    ratios.append(1.25 * above[-1])
    options = [
        Option(str(number), f"{_round(km / ratio):g} km{' or more' if number == 1 else ''}",
               _round(km / ratio))
        for number, ratio in enumerate(ratios, 1)
    ]  # fmt: skip
    return FirstQuestion(asked.to, asked.text, tuple(options))


def _round(km: float) -> float:
    return round(2.0 * km) / 2.0 if km >= 5.0 else round(km, 1)
