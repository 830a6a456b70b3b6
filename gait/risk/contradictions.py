"""Answers of one runner that disagree with each other. A yes counts; the page says so."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from gait.risk.evidence_table import EvidenceTable
from gait.risk.profile import sides_told
from gait.risk.signs import Told, pains_of

_FELT = {  # fields of a pain, in words
    "morning": "the first steps in the morning",
    "during": "pain while running",
    "after": "pain after running",
    "at_rest": "pain at rest or at night",
    "at_night": "pain at night",
    "ache_at_rest": "an ache at rest",
}
_OF_CONDITION = {"ankle_sprain": "ankle_sprain", "bone_stress_injury": "stress_fracture"}
_YEAR_MONTHS = 12.0


def contradictions(told: Told, table: EvidenceTable) -> list[str]:
    """One sentence for each disagreement, in the table's order of places, signs and red flags."""
    found = [*_of_pain(told, table), *_of_history(told, table), *_of_flags(told, table)]
    return list(dict.fromkeys(found))


def _of_pain(told: Told, table: EvidenceTable) -> Iterator[str]:
    """The same place on the same side, answered twice and differently."""
    for one, two in combinations(pains_of(told), 2):
        if one["where"] != two["where"] or not _same_side(one, two):
            continue
        place = table.locations[one["where"]].name
        if _differ(one, two, "onset"):
            yield table.words["disagree_onset"].format(place=place)
        for field, what in _FELT.items():
            if _differ(one, two, field):
                yield table.words["disagree"].format(place=place, what=what)
        felt: tuple[Told, Told] = one.get("symptoms", {}), two.get("symptoms", {})
        for sign in table.signs.values():
            if sign.asks and _differ(*felt, sign.told.path[-1]):
                yield table.words["disagree"].format(place=place, what=sign.says)


def _same_side(one: Told, two: Told) -> bool:
    sides = {one.get("side"), two.get("side")}
    return len(sides) == 1 or bool(sides & {None, "both"})


def _differ(one: Told, two: Told, name: str) -> bool:
    said: set[Any] = {one.get(name), two.get(name)}
    return None not in said and len(said) > 1


def _of_history(told: Told, table: EvidenceTable) -> Iterator[str]:
    """A no, and an injury in the list that says yes."""
    history: Told = told.get("history", {})
    injuries: list[Told] = history.get("injuries") or []
    words = table.words
    for field, key in _OF_CONDITION.items():
        if history.get(field) is False and any(i.get("condition") == key for i in injuries):
            name = table.conditions[key].name.lower()
            yield words["disagree_injury"].format(injury=name)
    recent = any(i.get("months_ago", _YEAR_MONTHS + 1.0) <= _YEAR_MONTHS for i in injuries)
    if history.get("injured_last_12_months") is False and recent:
        yield words["disagree_injury"].format(injury=words["any_injury"])


def _of_flags(told: Told, table: EvidenceTable) -> Iterator[str]:
    """A no to a warning sign, and another answer that says the same with yes."""
    answers = told.get("red_flags", {})
    for key, flag in table.red_flags.items():
        if answers.get(key) is False and any(sides_told(other, told) for other in flag.also):
            yield table.words["disagree_flag"].format(question=flag.question)
