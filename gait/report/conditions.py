"""The assessment as text for the terminal; the report has all of it."""

from collections import Counter
from collections.abc import Iterable

from gait.model.assessment import Assessment, ConditionFinding, Level, Reason
from gait.report.page import INDENT, Page
from gait.risk.wording import doubt
from gait.text import words

SHOWN_REASONS = 4  # of one condition
FULL_LEVELS = (Level.ELEVATED, Level.WATCH)
BRIEF_LEVELS = (Level.NO_FLAG, Level.GENERAL_LOAD, Level.CONTEXT, Level.NOT_ENOUGH)


def before_anything_else(page: Page, assessment: Assessment) -> None:
    """Red flags: those answered with yes and what to do, else how many are not answered."""
    yes = [flag for flag in assessment.red_flags if flag.answer]
    unanswered = [flag for flag in assessment.red_flags if flag.answer is None]
    if not (yes or unanswered or assessment.first):
        return
    page.heading("Before anything else")
    for flag in yes:
        page.say(f"{flag.question} {words.YES}", bullet="!")
    for text in assessment.first:
        page.say(text, "bold")
    if unanswered:
        page.say(
            words.UNANSWERED_TERMINAL.format(count=len(unanswered), of=len(assessment.red_flags))
        )


def conditions(page: Page, assessment: Assessment) -> None:
    """Where it hurts and what has a level in full, in the guide's order; the rest in short."""
    page.heading(words.CONDITIONS)
    page.say(assessment.statement)
    if assessment.stop:
        page.say(words.STOPPED, "bold")
        return
    hurting = [finding for finding in assessment.conditions if finding.hurts_at]
    strong = [f for f in assessment.conditions if f.level in FULL_LEVELS and not f.hurts_at]
    if hurting:
        places = [place.name for place in assessment.locations if place.hurts]
        page.say(words.HURTS_AT.format(places=", ".join(places)), "bold")
        for finding in hurting:
            _finding(page, finding)
    if strong:
        page.say(words.ELSEWHERE if hurting else words.WITH_LEVEL, "bold")
        for finding in strong:
            _finding(page, finding)
    _links(page, assessment)
    others = [f for f in assessment.conditions if f not in (*hurting, *strong)]
    _brief(page, others)
    _signs(page, others)
    _causes(page, assessment)
    _advice(page, assessment)
    helpful = Counter(f.would_help_most for f in assessment.conditions if f.would_help_most)
    if helpful:
        page.say(words.HELPS_MOST.format(what=helpful.most_common(1)[0][0]), "bold")
    for note in assessment.notes:
        page.say(note, "dim")


def _finding(page: Page, finding: ConditionFinding) -> None:
    """A condition: its strongest reasons, what speaks against, and what the level rests on."""
    page.say(f"{finding.name}: {finding.level.value}", "bold")
    if finding.always_show:
        page.say(finding.always_show, bullet="!", indent=INDENT)
    _reasons(page, [r for r in (*finding.reasons, *finding.against) if _of_itself(r)])
    general = [f"{r.size:+.2f} {r.text}" for r in finding.reasons if r.general]
    if general:
        page.say("; ".join(general) + words.GENERAL_ELSEWHERE, bullet="·", indent=INDENT)
    tested = [r for r in finding.against if not r.in_score]
    if tested and (finding.reasons or finding.hurts_at):
        page.say(words.TESTED.format(what=_listed(r.text for r in tested)), indent=INDENT)
    if finding.signs:
        page.say(words.TOLD_SIGNS.format(what="; ".join(finding.signs)), indent=INDENT)
    if finding.explained:
        page.say(" ".join(finding.explained), "dim", indent=INDENT)
    if finding.would_help_most:
        text = words.HELPS_MOST.format(what=finding.would_help_most)
        page.say(text, "dim", bullet="?", indent=INDENT)


def _of_itself(reason: Reason) -> bool:
    """It holds for this runner and is about the condition itself."""
    return not reason.general and (reason.in_score or reason.direction == "up")


def _reasons(page: Page, reasons: list[Reason]) -> None:
    for reason in reasons[:SHOWN_REASONS]:
        size = f"{reason.size:+.2f}" if reason.in_score else words.NOT_COUNTED
        page.say(f"{size} {_reason(reason)}", bullet="·", indent=INDENT)
        page.say(f"{reason.found}; {words.BUT} {reason.but}", "dim", indent=2 * INDENT)
    if len(reasons) > SHOWN_REASONS:
        more = words.MORE_REASONS.format(count=len(reasons) - SHOWN_REASONS)
        page.say(more, "dim", indent=2 * INDENT)


def _reason(reason: Reason) -> str:
    kind = [words.GRADE.format(grade=reason.grade)]
    kind += [doubt(reason.read)] if doubt(reason.read) else []
    kind += [", ".join(reason.cites)] if reason.cites else []
    return f"{reason.text} [{'; '.join(kind)}]"


def _brief(page: Page, findings: list[ConditionFinding]) -> None:
    for level in BRIEF_LEVELS:
        names = [finding.name for finding in findings if finding.level is level]
        if names:
            page.say(f"{level.value.capitalize()} ({len(names)}): {words.LEVELS[level]}", "bold")
            page.say(", ".join(names), indent=INDENT)


def _links(page: Page, assessment: Assessment) -> None:
    """What this run measured, with the conditions that the guide or studies link it to."""
    if assessment.links:
        page.say(words.LINKS, "bold")
    for link in assessment.links:
        page.say(link.text, bullet="·", indent=INDENT)
        for text in link.stands_out:
            page.say(words.STANDS_OUT.format(what=text), bullet="!", indent=2 * INDENT)
        linked = ((words.LINKED_GUIDE, link.guide), (words.LINKED_STUDIES, link.studies))
        said = [f"{who}: {', '.join(names)}" for who, names in linked if names]
        if said:
            page.say("; ".join(said), "dim", indent=2 * INDENT)


def _signs(page: Page, findings: list[ConditionFinding]) -> None:
    """What the runner told that the guide names with a condition told of in short only."""
    told = [finding for finding in findings if finding.signs]
    if told:
        page.say(words.SIGNS_TERMINAL, "bold")
    for finding in told:
        page.say(f"{finding.name}: {'; '.join(finding.signs)}", bullet="·", indent=INDENT)


def _causes(page: Page, assessment: Assessment) -> None:
    if assessment.causes:
        page.say(words.CAUSES, "bold")
    for kind in assessment.causes:
        page.say(f"{kind.name}: {'; '.join(kind.known)}", bullet="·", indent=INDENT)


def _advice(page: Page, assessment: Assessment) -> None:
    if assessment.advice:
        page.say(words.ADVICE, "bold")
    for advice in assessment.advice:
        page.say(advice.text, bullet="·", indent=INDENT)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)
