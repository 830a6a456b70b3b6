"""Findings and what the runner knows → an assessment that explains itself.

What speaks for a condition and against it, and what is not known, from exposures.

How a level came about, and what would change it, in sentences.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.model import (
    Advice,
    Assessment,
    Body,
    Citation,
    ConditionFinding,
    Level,
    LocationEntry,
    Reason,
    RedFlag,
    SignAnswer,
    SignFit,
)
from gait.risk.context_measures import causes, links, measures_beside
from gait.risk.contradictions import contradictions
from gait.risk.evidence_table import Advised, Condition, EvidenceTable, Location, Row
from gait.risk.exposure import Exposure, Measures, Situation, exposure, what_is_known
from gait.risk.profile import RunnerProfile, answers_of
from gait.risk.score import TINY, Exposures, Judgement, contribution, judge, replaced
from gait.risk.signs import (
    Told,
    also_told,
    answers_to_flags,
    fit_of,
    mapped,
    signs_of,
    telling,
    what_to_do,
)


def missing(condition: Condition, found: Exposures) -> dict[str, float]:
    """What is not known, with the evidence's weight that hangs on it, the weightiest first."""
    weights: dict[str, float] = defaultdict(float)
    for row in condition.rows:
        one = found[row.factor.key]
        if row.in_score and one.missing:
            weights[one.missing] += abs(row.w) * (1.0 if one.x is None else 1.0 - one.share)
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def reasons_for(
    condition: Condition, found: Exposures, table: EvidenceTable, *, own_only: bool
) -> list[Reason]:
    """Active rows that speak for it, the largest first; context rows last with size 0.

    own_only : without what is known of overuse in general
    """
    gone = replaced(list(condition.rows), found)
    reasons = [
        _reason(row, condition, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "up"
        and found[row.factor.key].active
        and row.factor.key not in gone
        and (row.specific or condition.overall or not own_only)
    ]
    return sorted(reasons, key=lambda reason: (not reason.in_score, -reason.size))


def reasons_against(condition: Condition, found: Exposures, table: EvidenceTable) -> list[Reason]:
    """Active protective rows, then what was tested and found null or contradictory."""
    protective = [
        _reason(row, condition, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "down" and found[row.factor.key].active
    ]
    tested = [
        _reason(row, condition, Exposure(0.0, row.factor.name), table)
        for row in condition.rows
        if row.direction in ("none", "contradictory")
    ]
    return protective + tested


def _reason(row: Row, condition: Condition, found: Exposure, table: EvidenceTable) -> Reason:
    return Reason(
        factor=row.factor.key,
        text=found.text,
        direction=row.direction,
        size=contribution(row, found, table),
        grade=row.grade,
        cites=list(row.cites),
        found=row.found,
        but=_but(row),
        read=row.read,
        in_score=row.in_score,
        general=not (row.specific or condition.overall),
        side=found.side,
    )


def _but(row: Row) -> str:
    """What limits the row, and whose the boundary is where it is not the study's own."""
    boundary = row.factor.boundary
    if boundary is None or boundary == "the study's":
        return row.but
    return f"{row.but}; the boundary is {boundary}"


def explained(judgement: Judgement, table: EvidenceTable, *, hurts_here: bool) -> list[str]:
    """The arithmetic in words; the boundaries; what the other readings of the evidence give.

    hurts_here : what is known of overuse in general is shown with the condition itself
    """
    words, levels, level = table.words, table.levels, judgement.level
    if level is Level.CONTEXT:
        return []
    said = [_sum(judgement, table)]
    if level is Level.NOT_ENOUGH:
        pct, least = 100.0 * judgement.coverage, 100.0 * levels.coverage
        return [*said, words["not_enough"].format(pct=pct, least=least)]
    if level is Level.GENERAL_LOAD:
        said.append(words["general_only_here" if hurts_here else "general_only"])
    else:
        said.append(words["boundaries"].format(watch=levels.watch, elevated=levels.elevated))
    if level is Level.WATCH and judgement.score >= levels.elevated - TINY:
        said.append(words["held"].format(own=levels.elevated_specific))
    return [*said, _other_readings(judgement, words)]


def _sum(judgement: Judgement, table: EvidenceTable) -> str:
    words = table.words
    sizes = {k: judgement.groups.get(k, 0.0) for k in table.groups}
    parts = [_part(k, size, table) for k, size in sizes.items() if abs(size) > TINY]
    if not parts:
        return words["nothing_counts"]
    together = ", ".join(parts)
    together = together[:1].upper() + together[1:]
    form = words["counts" if len(parts) == 1 else "counts_together"]
    return form.format(parts=together, score=judgement.score)


def _part(key: str, size: float, table: EvidenceTable) -> str:
    group = table.groups[key]
    form = table.words["part_capped" if size > group.cap + TINY else "part"]
    return form.format(group=group.name, size=size, cap=group.cap)


def _other_readings(judgement: Judgement, words: dict[str, str]) -> str:
    low, high = judgement.low, judgement.high
    if low is judgement.level is high:
        return words["reading_same"]
    if high is judgement.level:
        return words["reading_low"].format(low=low)
    if low is judgement.level:
        return words["reading_high"].format(high=high)
    return words["reading_both"].format(low=low, high=high)


def assess(
    measures: Measures,
    profile: RunnerProfile | None,
    table: EvidenceTable,
    compared: Comparison = NOT_COMPARED,
) -> Assessment:
    """What the findings of one run speak for, with reasons, counter-evidence and gaps.

    measures : session measures under `left`, `right` and `both` (`Summary.measures`)
    profile  : what the runner knows; None is the same as an empty one
    compared : what differs from the runner's own earlier runs

    Red flags come first: any yes stops the rest. Conditions that can be behind the runner's pain
    come first, by the signs that tell them apart; what is equal there and all others stand in the
    guide's order, never ranked by gait.
    """
    told = _in_order(answers_of(profile), table)
    flags = _red_flags(told, table)
    stop = any(flag.answer and table.red_flags[flag.key].stops for flag in flags)
    situation = Situation(
        measures, profile.body if profile else Body(), what_is_known(profile), table, compared
    )
    told_pains: list[dict[str, Any]] = told.get("pain") or []
    pains: list[str] = [pain["where"] for pain in told_pains]
    # after a red flag the signs order nothing
    fits = {} if stop else {key: fit_of(c, told, table) for key, c in table.conditions.items()}
    order = _order(pains, fits, table)
    bones = [flag.question for flag in flags if flag.bone and flag.answer is None and pains]
    if stop:
        findings = [_silent(condition, table) for condition in order]
    else:
        findings = [_finding(c, situation, pains, told, fits[c.key]) for c in order]
        findings = [_not_judged(f, table) if bones and f.hurts_at else f for f in findings]
    advised = [] if stop else _advised(pains, situation)
    untold = also_told(told, table, stop=stop)
    return Assessment(
        statement=table.statement,
        table_version=table.version,
        red_flags=flags,
        stop=stop,
        first=what_to_do({flag.key: flag.answer for flag in flags}, table),
        conditions=findings,
        links=[] if stop else links(situation),
        causes=[] if stop else causes(situation, told),
        advice=[Advice(text=one.text, cites=list(one.cites)) for one in advised],
        locations=_locations(pains, table),
        larger_studies=list(table.larger_studies),
        citations=_citations(findings, advised, untold, situation, stop),
        notes=[table.words["stop"]] if stop else _notes(situation, profile),
        ask_first=[] if stop else bones,
        also_told=untold,
        contradictions=contradictions(told, table),
        history_known=not stop and bool(told.get("history")),
    )


def _in_order(told: Told, table: EvidenceTable) -> Told:
    """The same answers in the table's order of places, whatever order they were given in."""
    if not told.get("pain"):
        return told
    places = list(table.locations)
    pains = sorted(told["pain"], key=lambda pain: (places.index(pain["where"]), repr(pain)))
    return {**told, "pain": pains}


def _red_flags(told: Told, table: EvidenceTable) -> list[RedFlag]:
    return [
        RedFlag(
            key=flag.key,
            question=flag.question,
            urgency=flag.urgency,
            what_to_do=flag.what_to_do,
            cites=list(flag.cites),
            answer=answer,
            bone=flag.bone,
        )
        for key, answer in answers_to_flags(told, table).items()
        for flag in (table.red_flags[key],)
    ]


def _order(
    pains: list[str], fits: Mapping[str, SignFit | None], table: EvidenceTable
) -> list[Condition]:
    """Overuse in general; what can be behind the pain, by its telling signs; then the others."""

    def denied(key: str) -> int:
        fit = fits.get(key)
        return -telling(fit) if fit else 0

    overall = [key for key, c in table.conditions.items() if c.overall]
    causes_here = dict.fromkeys(key for pain in pains for key in mapped(pain, table))
    here = sorted((key for key in causes_here if key in table.conditions), key=denied)
    keys = dict.fromkeys([*overall, *here, *table.conditions])
    return [table.conditions[key] for key in keys if key in table.conditions]


def _locations(pains: list[str], table: EvidenceTable) -> list[LocationEntry]:
    def names(keys: Iterable[str]) -> list[str]:
        return [table.cause_name(key) for key in keys]

    return [
        LocationEntry(
            key=key,
            name=(place := table.locations[key]).name,
            hurts=key in pains,
            causes=names(place.causes),
            from_sections=names(place.from_sections),
            for_safety=names(place.for_safety),
            helps=_other_helps(place, table),
        )
        for key in dict.fromkeys([*pains, *table.locations])
    ]


def _other_helps(place: Location, table: EvidenceTable) -> dict[str, str]:
    """What the guide says of causes that are no condition, by their names."""
    others = (table.other_causes[cause] for cause in place.causes if cause in table.other_causes)
    found = {other.name: table.causes[other.kind].helps for other in others if other.kind}
    return {name: helps for name, helps in found.items() if helps}


def _silent(condition: Condition, table: EvidenceTable) -> ConditionFinding:
    """A condition after a red flag: its place in the guide, and nothing of this runner."""
    return ConditionFinding(
        key=condition.key,
        name=condition.name,
        level=Level.CONTEXT,
        level_low=None,
        level_high=None,
        uncertain=False,
        score=None,
        explained=[],
        reasons=[],
        against=[],
        missing=[],
        would_help_most=None,
        coverage=0.0,
        hurts_at=[],
        site=condition.site,
        cause_per_guide=condition.cause,
        symptoms_per_guide=condition.symptoms,
        kinds_per_guide=_kinds(condition, table),
        helps_per_guide=table.helps(condition),
        beside=[],
        signs=[],
        always_show=condition.always_show,
        summary_only=condition.summary_only,
    )


def _finding(
    condition: Condition,
    situation: Situation,
    pains: list[str],
    told: Told,
    fit: SignFit | None,
) -> ConditionFinding:
    table = situation.table
    found = {
        row.factor.key: exposure(row.factor, condition.key, situation) for row in condition.rows
    }
    judgement = judge(condition, found, table)
    unknown = missing(condition, found)
    hurts_at = [p for p in dict.fromkeys(pains) if condition.key in mapped(p, table)]
    # generic reasons are said once, under overuse in general, unless it hurts where this maps to
    own_only = judgement.level is Level.GENERAL_LOAD and not hurts_at
    return ConditionFinding(
        key=condition.key,
        name=condition.name,
        level=judgement.level,
        level_low=judgement.low,
        level_high=judgement.high,
        uncertain=judgement.uncertain,
        score=None if judgement.level is Level.CONTEXT else judgement.score,
        explained=explained(judgement, table, hurts_here=bool(hurts_at)),
        reasons=reasons_for(condition, found, table, own_only=own_only),
        against=reasons_against(condition, found, table),
        missing=list(unknown),
        would_help_most=next(iter(unknown), None),
        coverage=judgement.coverage,
        hurts_at=[table.locations[place].name for place in hurts_at],
        site=condition.site,
        cause_per_guide=condition.cause,
        symptoms_per_guide=condition.symptoms,
        kinds_per_guide=_kinds(condition, table),
        helps_per_guide=table.helps(condition),
        beside=measures_beside(condition, situation),
        signs=[sign.text for sign in signs_of(condition, told, table)],
        always_show=condition.always_show or condition.no_rows,
        summary_only=condition.summary_only,
        headline=fit.says if fit else str(judgement.level),
        structures=list(condition.structures),
        fit=fit,
    )


def _not_judged(finding: ConditionFinding, table: EvidenceTable) -> ConditionFinding:
    """Without a level until it is known that no bone hurts there."""
    if finding.level is Level.CONTEXT:
        return finding
    return replace(
        finding,
        level=Level.NOT_ENOUGH,
        level_low=None,
        level_high=None,
        uncertain=False,
        explained=[table.words["not_judged"]],
    )


def _kinds(condition: Condition, table: EvidenceTable) -> list[str]:
    return [table.causes[key].name for key in condition.kinds]


def _advised(pains: list[str], situation: Situation) -> list[Advised]:
    """What this runner is advised: always, where it hurts, or with what is known to hold."""
    table = situation.table

    def given(one: Advised) -> bool:
        if isinstance(one.when, str):
            return one.when == "always" or bool(pains)
        return any(exposure(table.factors[key], "", situation).active for key in one.when)

    return [one for one in table.advice if given(one)]


def _provisional_factors(situation: Situation) -> list[str]:
    """Factors that this run was judged by with a provisional reference."""
    return [
        factor.key
        for factor in situation.table.factors.values()
        if factor.provisional is not None and exposure(factor, "", situation).provisional
    ]


def _citations(
    findings: list[ConditionFinding],
    advised: list[Advised],
    untold: list[SignAnswer],
    situation: Situation,
    stop: bool,
) -> list[Citation]:
    """Every source named, in the table's order."""
    table = situation.table
    used = {cite for flag in table.red_flags.values() for cite in flag.cites} | {"guide"}
    used.update(cite for study in table.larger_studies for cite in study.cites)
    used.update(cite for one in (*advised, *untold) for cite in one.cites)
    for finding in findings:
        for reason in (*finding.reasons, *finding.against):
            used.update(reason.cites)
        if finding.signs:
            signs = table.conditions[finding.key].signs
            used.update(cite for sign in signs for cite in table.signs[sign].cites)
        if finding.fit:
            used.update(cite for sign in finding.fit.signs for cite in sign.cites)
    if not stop:
        used.update(cite for kind in table.causes.values() for cite in kind.cites)
        used.update(("malisoux2023", "luedke2021"))  # the norms and their spread
        provisional = (table.factors[key].provisional for key in _provisional_factors(situation))
        used.update(p.cite for p in provisional if p is not None)
    return [citation for key, citation in table.citations.items() if key in used]


def _notes(situation: Situation, profile: RunnerProfile | None) -> list[str]:
    table, words = situation.table, situation.table.words
    alone = [] if situation.compared.changes else [words["own_baseline"]]
    notes = [words["one_run"], *alone]
    if profile is None:
        notes.append(words["no_profile"])
    cadence = situation.measures.get("both", {}).get("cadence_spm")
    ran = cadence is not None and cadence.value is not None
    notes.append(words["norms" if ran else "no_running"])
    factors = (table.factors[key] for key in _provisional_factors(situation))
    references = [
        words["provisional"].format(name=f.name, mean=p.mean, sd=p.sd, basis=p.basis)
        for f in factors
        if (p := f.provisional) is not None
    ]
    if references:
        notes.append(words["provisionals"].format(references="; ".join(references)))
    return notes
