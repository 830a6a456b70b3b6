"""What a runner tells beside the conditions it is named with, and the red flags it answers.

Nothing here is counted: signs are shown, red flags stop everything else.
"""

from collections.abc import Mapping
from typing import Any, get_args

from gait.risk.evidence_table import Condition, EvidenceTable, Sign, Urgency
from gait.risk.profile import sides_told

Told = dict[str, Any]  # a profile as `answers_of` gives it


def answers_to_flags(told: Told, table: EvidenceTable) -> dict[str, bool | None]:
    """Each red flag's answer: a yes to its question or to one that says the same is a yes."""
    answers = told.get("red_flags", {})
    return {
        key: True if any(sides_told(other, told) for other in flag.also) else answers.get(key)
        for key, flag in table.red_flags.items()
    }


def what_to_do(flags: Mapping[str, bool | None], table: EvidenceTable) -> list[str]:
    """What to do and how soon for the red flags answered with yes, the most urgent first."""
    said = [
        table.words["soon"].format(urgency=urgency.capitalize(), what_to_do=flag.what_to_do)
        for urgency in get_args(Urgency)
        for key, flag in table.red_flags.items()
        if flags.get(key) and flag.urgency == urgency
    ]
    return list(dict.fromkeys(said))


def signs_of(condition: Condition, told: Told, table: EvidenceTable) -> list[str]:
    """Signs of a condition that the runner told, in words, with their side.

    What is felt counts where it hurts in a place that the map links with the condition; a
    self-test always.
    """
    told_pains: list[dict[str, Any]] = told.get("pain") or []
    here = [p for p in told_pains if condition.key in mapped(p["where"], table)]
    asked = {**told, "pain": here}
    found: list[str] = []
    for key in condition.signs:
        sign = table.signs[key]
        if here or sign.told.path[0] == "self_tests":
            sides = sides_told(sign.told, asked)
            found += [_in_words(sign, sides, table)] if sides else []
    return found


def mapped(place: str, table: EvidenceTable) -> tuple[str, ...]:
    """Causes of pain in a place: the guide's map, then those added to it."""
    return table.locations[place].all_causes


def _in_words(sign: Sign, sides: list[str | None], table: EvidenceTable) -> str:
    words = table.words
    said = sign.says
    known = {side for side in sides if side}
    if known and sign.told.path != ("pain", "side"):
        side = known.pop() if len(known) == 1 else "both"
        named = words["both_feet"] if side == "both" else side
        said = words["sign_of_side"].format(sign=said, side=named)
    if "guide" not in sign.cites:
        said = words["sign_elsewhere"].format(sign=said)
    return f"{said}; {sign.note}" if sign.note else said
