"""What this run measured and what is known of the runner, beside what the guide links to it."""

from gait.measures.references import MEASURED_ALIKE, norm
from gait.model import Beside, CauseKind, Link, Measure
from gait.risk.evidence_table import Condition, EvidenceTable, Factor, KindOfCause
from gait.risk.exposure import SIDES, Exposure, Situation, exposure
from gait.risk.signs import Told


def measures_beside(condition: Condition, situation: Situation) -> list[Beside]:
    """The measures linked to a condition, in the guide's links first, with this run's values."""
    return [
        Beside(measure=name, text=said(name, situation), by=by)
        for by, names in condition.beside.items()
        for name in names
    ]


def links(situation: Situation) -> list[Link]:
    """Every linked measure with this run's value and the conditions it is linked to."""
    conditions = [c for c in situation.table.conditions.values() if not c.overall]

    def linked(name: str, by: str) -> list[str]:
        return [c.name for c in conditions if name in c.beside.get(by, ())]  # type: ignore[call-overload]

    return [
        Link(
            measure=name,
            text=said(name, situation),
            stands_out=_unusual(name, situation),
            guide=linked(name, "guide"),
            studies=linked(name, "studies"),
            teaching=linked(name, "teaching"),
            reading=linked(name, "reading"),
        )
        for name in situation.table.measures
    ]


def _unusual(name: str, situation: Situation) -> list[str]:
    """What holds of a measure: above or below what it is compared with, in words."""
    factors = (f for f in situation.table.factors.values() if f.measure == name)
    found = (exposure(factor, "", situation) for factor in factors)
    return list(dict.fromkeys(one.text for one in found if one.active))


def causes(situation: Situation, told: Told) -> list[CauseKind]:
    """The guide's five kinds of causes with what is known of this runner."""
    return [
        CauseKind(
            key=kind.key,
            name=kind.name,
            says_per_guide=kind.says,
            helps_per_guide=kind.helps,
            known=_known_of(kind, situation, told),
            grade=kind.grade,
            cites=list(kind.cites),
            found=kind.found,
            but=kind.but,
        )
        for kind in situation.table.causes.values()
    ]


def _known_of(kind: KindOfCause, situation: Situation, told: Told) -> list[str]:
    """What holds, what does not and what is not known; `nothing` where all of it is unknown."""
    factors = [situation.table.factors[key] for key in kind.known]
    found = {factor.key: exposure(factor, "", situation) for factor in factors}
    tested = _tested(kind, told, situation.table)
    if not tested and all(one.x is None for one in found.values()):
        return [kind.nothing]
    gone = {factor.replaces for factor in factors if found[factor.key].active}
    lines = [_known(f, found[f.key], situation) for f in factors if f.key not in gone]
    return list(dict.fromkeys(line for line in [*tested, *lines] if line))


def _tested(kind: KindOfCause, told: Told, table: EvidenceTable) -> list[str]:
    """How the self-tests ended that tell of this kind of causes, each side that was tested."""
    answers: dict[str, dict[str, str]] = told.get("self_tests") or {}
    lines: list[str] = []
    for key in kind.tests:
        tested: dict[str, str] = answers.get(key) or {}
        ended = {side: tested.get(side) for side in SIDES}
        results = ", ".join(f"{s} {end.replace('_', ' ')}" for s, end in ended.items() if end)
        if results:
            name = table.self_tests[key].name
            lines.append(table.words["self_test"].format(name=name, results=results))
    return lines


def _known(factor: Factor, found: Exposure, situation: Situation) -> str:
    words = situation.table.words
    if found.x is None:
        return words["not_known"].format(missing=found.missing)
    if found.active:
        return found.text
    # a stronger factor that does not hold adds nothing to the weaker one
    return "" if factor.replaces else words["known_not"].format(name=factor.name)


def said(name: str, situation: Situation) -> str:
    """A measure of this run in words, with what it can be seen beside."""
    words, measure = situation.table.words, situation.table.measures[name]
    sides = SIDES if measure.of == "foot" else ("both",)
    found = {side: situation.measures.get(side, {}).get(name) for side in sides}
    if all(m is None or m.value is None for m in found.values()):
        whys = sorted({m.why_not for m in found.values() if m and m.why_not})
        why = "; ".join(whys) or words["no_reason_given"]
        return words["not_measured"].format(name=measure.name, why=why)
    values = ", ".join(_value(side, found[side], name, situation) for side in sides)
    context = [measure.beside, *_references(name, situation)]
    context = "; ".join(text for text in context if text)
    form = words["measured_beside"] if context else words["measured"]
    return form.format(name=measure.name, values=values, beside=context)


def _value(side: str, found: Measure | None, name: str, situation: Situation) -> str:
    words, measure = situation.table.words, situation.table.measures[name]
    if found is None or found.value is None:
        return words["one_foot"].format(side=side)
    value = f"{found.value:z.{measure.decimals}f}"
    value += measure.unit
    change = situation.change(name, side)
    if change is not None:
        usual = f"{change.usual:z.{measure.decimals}f}{measure.unit}"
        value = words["measured_own"].format(value=value, usual=usual)
    if measure.of == "runner":
        return value
    return words["measured_foot"].format(side=side, value=value)


def _references(name: str, situation: Situation) -> list[str]:
    """The published expectation, or else the provisional reference, of a measure."""
    words = situation.table.words
    expected = norm(name, situation.speed_m_s, situation.body)
    if expected is not None and name in MEASURED_ALIKE:
        where = "this_speed_and_height" if situation.body.height_m else "this_speed"
        return [
            words["norm_beside"].format(
                expected=expected.expected, sd=expected.sd, situation=words[where]
            )
        ]
    factors = (f for f in situation.table.factors.values() if f.measure == name)
    return [
        words["provisional_beside"].format(mean=f.provisional.mean, sd=f.provisional.sd)
        for f in factors
        if f.provisional is not None
    ]
