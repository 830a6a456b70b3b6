"""What a runner tells beside the conditions it is named with, and the red flags it answers.

Nothing here is counted towards a level: signs say what fits a pain that is there, red flags stop
everything else.
"""

from collections.abc import Mapping
from typing import Any, get_args

from gait.model import SignAnswer, SignFit
from gait.risk.evidence_table import Condition, EvidenceTable, Question, Sign, Urgency
from gait.risk.profile import SIDES, answers_at, sides_told

Told = dict[str, Any]  # a profile as `answers_of` gives it

SPOT = "spot"  # key of the sign that tells where exactly it hurts
_SIDE = ("pain", "side")


def pains_of(told: Told) -> list[Told]:
    """The places that hurt, as they were told; none where nothing was said."""
    return told.get("pain") or []


def answers_to_flags(told: Told, table: EvidenceTable) -> dict[str, bool | None]:
    """Each red flag's answer: a yes to its question or to one that says the same is a yes.

    A question that is now asked as others is there only while a yes to it is not told apart by
    them; a no to it is a no to each of them.
    """
    found = {key: _answer(flag, told) for key, flag in table.red_flags.items()}
    for key, flag in table.red_flags.items():
        if not flag.asked_as:
            continue
        broad, open_ = found[key], [k for k in flag.asked_as if found[k] is None]
        if not (broad and open_):
            del found[key]
        if broad is False:
            found |= dict.fromkeys(open_, False)
    return found


def _answer(flag: Question, told: Told) -> bool | None:
    if any(sides_told(other, told) for other in flag.also):
        return True
    said = told.get("red_flags", {}).get(flag.key)
    return False if said is None and _denied(flag, told) else said


def _denied(flag: Question, told: Told) -> bool:
    """Every pain says no to what is the same as this red flag."""
    pains = pains_of(told)
    of_pain = [other for other in flag.also if other.path[0] == "pain"]
    return bool(of_pain and len(of_pain) == len(flag.also) and pains) and all(
        answers_at(other.path, {**told, "pain": [pain]}) for other in of_pain for pain in pains
    )


def what_to_do(flags: Mapping[str, bool | None], table: EvidenceTable) -> list[str]:
    """What to do and how soon for the red flags answered with yes, the most urgent first."""
    said = [
        table.words["soon"].format(urgency=urgency.capitalize(), what_to_do=flag.what_to_do)
        for urgency in get_args(Urgency)
        for key, flag in table.red_flags.items()
        if flags.get(key) and flag.urgency == urgency
    ]
    return list(dict.fromkeys(said))


def mapped(place: str, table: EvidenceTable) -> tuple[str, ...]:
    """Causes of pain in a place: the guide's map, then those added to it."""
    return table.locations[place].all_causes


def signs_of(condition: Condition, told: Told, table: EvidenceTable) -> list[SignAnswer]:
    """Signs of a condition that the runner told, with their side.

    What is felt counts where it hurts in a place that the map links with the condition; a
    self-test always.
    """
    here = _pains(condition, told, table)
    asked = {**told, "pain": here}
    found: list[SignAnswer] = []
    for key in condition.signs:
        sign = table.signs[key]
        sides = sides_told(sign.told, asked)
        if sides and (here or sign.told.path[0] == "self_tests"):
            found.append(_answered(sign, condition, True, _in_words(sign, sides, table)))
    return found


def fit_of(condition: Condition, told: Told, table: EvidenceTable) -> SignFit | None:
    """How the condition's signs fit the pain that is there; None where none is of its places."""
    here = _pains(condition, told, table)
    if not here:
        return None
    asked = {**told, "pain": here}
    hurting = {side for pain in here for side in _sides(pain.get("side"))}
    signs = [
        _judged(table.signs[key], condition, asked, hurting, table)
        for key in (*condition.signs, *condition.against)
    ]
    spot = _spot(condition, here, table)
    signs = [spot, *signs] if spot else signs
    return SignFit(says=_says(signs, table), signs=signs)


def telling(fit: SignFit) -> int:
    """For the order of a page: what tells a condition from its neighbours, less what denies it.

    A yes to one of its distinguishing signs adds one, a no takes one away, and so does a yes to a
    sign that speaks against it.
    """
    own = sum(1 if s.answer else -1 for s in fit.signs if s.distinguishes and s.answer is not None)
    return own - sum(1 for sign in fit.signs if sign.against and sign.answer)


def also_told(told: Told, table: EvidenceTable, *, stop: bool) -> list[SignAnswer]:
    """Signs that were told and that no condition is shown with, so that no answer is lost.

    stop : nothing is shown with a condition
    """
    pains = pains_of(told)
    found: list[SignAnswer] = []
    for sign in table.signs.values():
        of_pain = sign.told.path[0] == "pain"
        left = [p for p in pains if stop or sign.key not in _signs_at(p["where"], table)]
        hidden = stop or (bool(left) if of_pain else bool(pains) and len(left) == len(pains))
        if sign.told.path[0] == "self_tests":
            hidden = stop
        sides = sides_told(sign.told, {**told, "pain": left}) if hidden else []
        if sides and (stop or sign.told.path != _SIDE):
            found.append(_answered(sign, None, True, _in_words(sign, sides, table)))
    return found


def _signs_at(place: str, table: EvidenceTable) -> set[str]:
    here = (table.conditions[key] for key in mapped(place, table) if key in table.conditions)
    return {key for condition in here for key in (*condition.signs, *condition.against)}


def _pains(condition: Condition, told: Told, table: EvidenceTable) -> list[Told]:
    return [p for p in pains_of(told) if condition.key in mapped(p["where"], table)]


def _sides(side: str | None) -> tuple[str, ...]:
    return SIDES if side in (None, "both") else (side,)


def _judged(
    sign: Sign, condition: Condition, asked: Told, hurting: set[str], table: EvidenceTable
) -> SignAnswer:
    """A sign's answer for the side that hurts; a test of the other side answers nothing here."""
    found = answers_at(sign.told.path, asked)
    if sign.told.path[0] == "self_tests":
        found = [(side, value) for side, value in found if side in hurting]
    if not found:
        return _answered(sign, condition, None, sign.says)
    sides = list(dict.fromkeys(side for side, value in found if sign.told.holds(value)))
    if not sides:
        return _answered(sign, condition, False, sign.says)
    return _answered(sign, condition, True, _in_words(sign, sides, table))


def _answered(
    sign: Sign, condition: Condition | None, answer: bool | None, text: str
) -> SignAnswer:
    return SignAnswer(
        key=sign.key,
        text=text,
        answer=answer,
        distinguishes=condition is not None and sign.key in condition.distinguishing,
        against=condition is not None and sign.key in condition.against,
        cites=list(sign.cites),
    )


def _spot(condition: Condition, here: list[Told], table: EvidenceTable) -> SignAnswer | None:
    """Whether it hurts where the guide has the condition, where the place has such a question.

    A bone can hurt in any spot, so what the map has for safety is neither here nor there.
    """
    told = [(table.locations[p["where"]], p["spot"]) for p in here if p.get("spot")]
    told = [(place, spot) for place, spot in told if condition.key not in place.for_safety]
    if not told:
        return None
    fitting = [(p, s) for p, s in told if condition.key in p.spots[s].fits]
    shown = fitting or told
    spots = dict.fromkeys((place.name, place.spots[spot].name) for place, spot in shown)
    form = table.words["spot"]
    return SignAnswer(
        key=SPOT,
        text="; ".join(form.format(place=place, spot=spot) for place, spot in spots),
        answer=bool(fitting),
        distinguishes=True,
        against=False,
        cites=["guide"],
    )


def _says(signs: list[SignAnswer], table: EvidenceTable) -> str:
    """How many of the signs fit, whether the place does, what speaks against, what is not asked."""
    words = table.words
    named = [sign for sign in signs if sign.key != SPOT and not sign.against]
    yes = sum(sign.answer is True for sign in named)
    others = sum("guide" not in sign.cites for sign in named)
    if not named:
        said = [words["fit_undescribed"]]
    else:
        form = words["fit_with_others" if others else "fit"]
        said = [form.format(yes=yes, count=len(named), others=others)]
    said += [words["spot_fits" if s.answer else "spot_against"] for s in signs if s.key == SPOT]
    against = sum(s.distinguishes and s.answer is False for s in named)
    against += sum(s.against and s.answer is True for s in signs)
    unasked = sum(sign.answer is None for sign in named)
    said += [words["fit_against"].format(count=against)] if against else []
    said += [words["fit_unasked"].format(count=unasked)] if unasked else []
    return "; ".join(said)


def _in_words(sign: Sign, sides: list[str | None], table: EvidenceTable) -> str:
    words = table.words
    said = sign.says
    known = {side for side in sides if side}
    if known and sign.told.path != _SIDE:
        side = known.pop() if len(known) == 1 else "both"
        named = words["both_feet"] if side == "both" else side
        said = words["sign_of_side"].format(sign=said, side=named)
    if "guide" not in sign.cites:
        said = words["sign_elsewhere"].format(sign=said)
    return f"{said}; {sign.note}" if sign.note else said
