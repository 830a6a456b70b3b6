"""Findings and what the runner knows → an assessment that explains itself."""

from collections import defaultdict

from gait.model import (
    Assessment,
    Body,
    Citation,
    ConditionFinding,
    Level,
    LocationEntry,
    Measure,
    Reason,
    RedFlag,
)
from gait.risk.exposure import SIDES, Exposure, Measures, Situation, exposure
from gait.risk.known import what_is_known
from gait.risk.profile import RunnerProfile, answers_of
from gait.risk.score import contribution, judge, replaced
from gait.risk.signs import Told, answers_to_flags, mapped, signs_of, what_to_do
from gait.risk.table import Condition, EvidenceTable, Row


def assess(measures: Measures, profile: RunnerProfile | None, table: EvidenceTable) -> Assessment:
    """What the findings of one run speak for, with reasons, counter-evidence and gaps.

    measures : session measures under `left`, `right` and `both` (`Summary.measures`)
    profile  : what the runner knows; None is the same as an empty one

    Red flags come first: any yes stops the rest. Conditions stand in the order of the runner's
    pain on the guide's map, then in the guide's own order, never ranked by gait.
    """
    told = answers_of(profile)
    flags = _red_flags(told, table)
    stop = any(flag.answer for flag in flags)
    situation = Situation(
        measures, profile.body if profile else Body(), what_is_known(profile), table
    )
    pains = [pain["where"] for pain in told.get("pain") or []]
    order = _order(pains, table)
    if stop:
        findings = [_silent(condition, table) for condition in order]
    else:
        findings = [_finding(condition, situation, pains, told) for condition in order]
    return Assessment(
        statement=table.statement,
        table_version=table.version,
        red_flags=flags,
        stop=stop,
        first=what_to_do({flag.key: flag.answer for flag in flags}, table),
        conditions=findings,
        locations=_locations(pains, table),
        citations=_citations(findings, situation, stop),
        notes=_notes(flags, findings, situation, profile, stop),
    )


def _red_flags(told: Told, table: EvidenceTable) -> list[RedFlag]:
    answers = answers_to_flags(told, table)
    return [
        RedFlag(
            key=flag.key,
            question=flag.question,
            urgency=flag.urgency,
            what_to_do=flag.what_to_do,
            answer=answers[flag.key],
        )
        for flag in table.red_flags.values()
    ]


def _order(pains: list[str], table: EvidenceTable) -> list[Condition]:
    overall = [key for key, c in table.conditions.items() if c.overall]
    here = [key for pain in pains for key in mapped(pain, table)]
    keys = dict.fromkeys([*overall, *here, *table.conditions])
    return [table.conditions[key] for key in keys if key in table.conditions]


def _locations(pains: list[str], table: EvidenceTable) -> list[LocationEntry]:
    keys = dict.fromkeys([*pains, *table.locations])
    return [
        LocationEntry(
            key=key,
            name=table.locations[key].name,
            causes=[table.cause_name(cause) for cause in table.locations[key].causes],
            added=[table.cause_name(cause) for cause in table.locations[key].added],
            helps={
                table.other_causes[cause].name: helps
                for cause in table.locations[key].causes
                if cause in table.other_causes and (helps := table.other_causes[cause].helps)
            },
        )
        for key in keys
    ]


def _silent(condition: Condition, table: EvidenceTable) -> ConditionFinding:
    """A condition after a red flag: its place in the guide, and nothing of this runner."""
    return ConditionFinding(
        key=condition.key,
        name=condition.name,
        level=Level.CONTEXT,
        uncertain=False,
        reasons=[],
        against=[],
        missing=[],
        would_help_most=None,
        coverage=0.0,
        site=condition.site,
        cause_per_guide=condition.cause,
        symptoms_per_guide=condition.symptoms,
        this_run=[],
        signs=[],
        helps_per_guide=_helps(condition, table),
        always_show=condition.always_show,
        summary_only=condition.summary_only,
    )


def _helps(condition: Condition, table: EvidenceTable) -> str:
    return condition.helps or table.words["helps_depends"]


def _finding(
    condition: Condition, situation: Situation, pains: list[str], told: Told
) -> ConditionFinding:
    table = situation.table
    found = {
        row.factor.key: exposure(row.factor, condition.key, situation) for row in condition.rows
    }
    judgement = judge(condition, found, table)
    missing = _missing(condition, found)
    # generic reasons are said once, under overuse in general, unless it hurts where this maps to
    hurts_here = any(condition.key in mapped(pain, table) for pain in pains)
    own_only = judgement.level is Level.GENERAL_LOAD and not hurts_here
    return ConditionFinding(
        key=condition.key,
        name=condition.name,
        level=judgement.level,
        uncertain=judgement.uncertain,
        reasons=_reasons(condition, found, table, own_only=own_only),
        against=_against(condition, found, table),
        missing=list(missing),
        would_help_most=next(iter(missing), None),
        coverage=judgement.coverage,
        site=condition.site,
        cause_per_guide=condition.cause,
        symptoms_per_guide=condition.symptoms,
        this_run=[_this_run(name, situation) for name in condition.this_run],
        signs=signs_of(condition, told, table),
        helps_per_guide=_helps(condition, table),
        always_show=condition.always_show or condition.no_rows,
        summary_only=condition.summary_only,
    )


def _missing(condition: Condition, found: dict[str, Exposure]) -> dict[str, float]:
    """What is not known with the evidence's weight that hangs on it, the weightiest first."""
    weights: dict[str, float] = defaultdict(float)
    for row in condition.rows:
        if row.in_score and found[row.factor.key].x is None:
            weights[found[row.factor.key].missing] += abs(row.w)
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def _reasons(
    condition: Condition, found: dict[str, Exposure], table: EvidenceTable, *, own_only: bool
) -> list[Reason]:
    """Active rows that speak for it, the largest first; context rows last with size 0."""
    gone = replaced(list(condition.rows), found)
    reasons = [
        _reason(row, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "up"
        and found[row.factor.key].active
        and row.factor.key not in gone
        and (row.specific or condition.overall or not own_only)
    ]
    return sorted(reasons, key=lambda reason: (not reason.in_score, -reason.size))


def _reason(row: Row, found: Exposure, table: EvidenceTable) -> Reason:
    return Reason(
        factor=row.factor.key,
        text=found.text,
        direction=row.direction,
        size=contribution(row, found, table),
        grade=row.grade,
        cites=list(row.cites),
        note=row.note,
        in_score=row.in_score,
        side=found.side,
    )


def _against(
    condition: Condition, found: dict[str, Exposure], table: EvidenceTable
) -> list[Reason]:
    """Active protective rows, then what was tested and found null or contradictory."""
    protective = [
        _reason(row, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "down" and found[row.factor.key].active
    ]
    return protective + [
        Reason(
            factor=row.factor.key,
            text=table.words["against"].format(name=row.factor.name, note=row.note),
            direction=row.direction,
            size=0.0,
            grade=row.grade,
            cites=list(row.cites),
            note=row.note,
            in_score=False,
        )
        for row in condition.rows
        if row.direction in ("none", "contradictory")
    ]


def _this_run(name: str, situation: Situation) -> str:
    """What this run measured of something the guide links to a condition."""
    words, measure = situation.table.words, situation.table.measures[name]
    sides = SIDES if measure.of == "foot" else ("both",)
    found = {side: situation.measures.get(side, {}).get(name) for side in sides}
    values = [_said(side, found[side], name, situation) for side in sides]
    if all(m is None or m.value is None for m in found.values()):
        why = next((m.why_not for m in found.values() if m and m.why_not), None)
        return words["not_measured"].format(name=measure.name, why=why or words["no_reason_given"])
    form = words["measured_beside"] if measure.beside else words["measured"]
    return form.format(name=measure.name, values=", ".join(values), beside=measure.beside)


def _said(side: str, found: Measure | None, name: str, situation: Situation) -> str:
    words, measure = situation.table.words, situation.table.measures[name]
    if found is None or found.value is None:
        return words["one_foot"].format(side=side)
    value = f"{found.value:z.{measure.decimals}f}"
    if measure.of == "runner":
        return value + measure.unit
    return words["measured_foot"].format(side=side, value=value, unit=measure.unit)


def _provisional_factors(situation: Situation) -> list[str]:
    """Factors that this run was judged by with a provisional reference."""
    return [
        factor.key
        for factor in situation.table.factors.values()
        if factor.provisional is not None and exposure(factor, "", situation).x is not None
    ]


def _citations(
    findings: list[ConditionFinding], situation: Situation, stop: bool
) -> list[Citation]:
    """Every source named, in the table's order."""
    table = situation.table
    used = {cite for flag in table.red_flags.values() for cite in flag.cites} | {"guide"}
    for finding in findings:
        for reason in (*finding.reasons, *finding.against):
            used.update(reason.cites)
        if finding.signs:
            signs = table.conditions[finding.key].signs
            used.update(cite for sign in signs for cite in table.signs[sign].cites)
    if not stop:
        used.add("malisoux2023")  # the norms
        provisional = (table.factors[key].provisional for key in _provisional_factors(situation))
        used.update(p.cite for p in provisional if p is not None and p.cite is not None)
    return [citation for key, citation in table.citations.items() if key in used]


def _notes(
    flags: list[RedFlag],
    findings: list[ConditionFinding],
    situation: Situation,
    profile: RunnerProfile | None,
    stop: bool,
) -> list[str]:
    table, words = situation.table, situation.table.words
    unanswered = sum(flag.answer is None for flag in flags)
    asked = [words["unanswered"].format(count=unanswered)] if unanswered else []
    if stop:
        return [words["stop"], *asked]
    notes = [*asked, words["one_run"], words["own_baseline"]]
    if profile is None:
        notes.append(words["no_profile"])
    cadence = situation.measures.get("both", {}).get("cadence_spm")
    if cadence is None or cadence.value is None:
        notes.append(words["no_running"])
    for key in _provisional_factors(situation):
        factor = table.factors[key]
        reference = factor.provisional
        if reference is not None:
            notes.append(
                words["provisional"].format(
                    name=factor.name, mean=reference.mean, sd=reference.sd, basis=reference.basis
                )
            )
    return notes
