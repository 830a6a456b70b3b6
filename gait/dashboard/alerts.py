"""Who needs a look today and why, in words; from what the roster keeps, never from recordings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gait.compare.compared_measures import BY_MEASURE
from gait.dashboard import words
from gait.model import Change
from gait.model.history import Verdict
from gait.report.sentences import named
from gait.risk import EvidenceTable
from gait.risk.signs import answers_to_flags
from gait.roster import Lately, Standing
from gait.roster.history import LONGEST_DAYS
from gait.text import number

WORN_OUT = "shoe_km_over_800"  # the guide's 500 miles, a row of the evidence table
CHANGE_DAYS = 28  # a change in a run from before that was seen, or is no news
LONG_DAYS = 7
QUIET_DAYS = (14, 90)  # without a run; longer away is no longer of today
ALARM, CHANGED, LOOK, NOTE = "alarm", "changed", "look", "note"  # how much it matters
_RANK = {ALARM: 0, CHANGED: 1, LOOK: 2, NOTE: 3}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to look, and how much it matters: one of ALARM, CHANGED, LOOK and NOTE."""

    kind: str
    text: str

    @property
    def rank(self) -> int:
        """The lower, the more it matters."""
        return _RANK[self.kind]


def reasons(
    standing: Standing, lately: Lately, verdict: Verdict, today: date, table: EvidenceTable
) -> tuple[Reason, ...]:
    """All that call for a look at one athlete, what matters most first.

    verdict : the last session beside the runner's earlier ones
    """
    found = (
        _flags(lately, today, table),
        _changes(standing, verdict, today),
        _long(lately, today, table),
        _worn(lately, table),
        _unanswered(lately, table),
        _quiet(lately, today),
    )
    return tuple(sorted((r for part in found for r in part), key=lambda reason: reason.rank))


def is_recent(standing: Standing, today: date) -> bool:
    """Whether a change in the last session would be news."""
    return standing.last_day is not None and (today - standing.last_day).days <= CHANGE_DAYS


def findings(changes: Sequence[Change]) -> str:
    """What is different with its numbers, such as `pronation (left) 19.7°, usually 10.1°`."""
    said = []
    for change in changes:
        row = BY_MEASURE[change.measure]
        unit = row.unit if row.unit == "°" else f" {row.unit}"
        value, usual = (f"{number(v, row.decimals)}{unit}" for v in (change.value, change.usual))
        said.append(words.FINDING.format(what=named(change), value=value, usual=usual))
    return "; ".join(said)


def _flags(lately: Lately, today: date, table: EvidenceTable) -> Iterator[Reason]:
    if lately.answers is None:
        return
    flags = answers_to_flags(lately.answers, table)
    day = words.TODAY if lately.asked_on == today else str(lately.asked_on)
    for kind, stops in ((ALARM, True), (LOOK, False)):
        raised = [f for key, f in table.red_flags.items() if flags.get(key) and f.stops is stops]
        if raised:
            signs = " ".join(words.YES_TO.format(question=flag.question) for flag in raised)
            yield Reason(kind, words.FLAGGED.format(day=day, signs=signs, do=raised[0].what_to_do))


def _unanswered(lately: Lately, table: EvidenceTable) -> Iterator[Reason]:
    if lately.answers is None:
        return
    flags = answers_to_flags(lately.answers, table)
    unanswered = sum(answer is None for answer in flags.values())
    if unanswered:
        text = words.UNANSWERED.format(count=unanswered, day=lately.asked_on)
        yield Reason(NOTE, text)


def _changes(standing: Standing, verdict: Verdict, today: date) -> Iterator[Reason]:
    if standing.last_day is None or not is_recent(standing, today):
        return
    if verdict.lasting:
        what = findings(verdict.lasting)
        yield Reason(CHANGED, words.DIFFERENT.format(day=standing.last_day, what=what))
    if verdict.once:
        what = findings(verdict.once)
        yield Reason(LOOK, words.DIFFERENT_ONCE.format(day=standing.last_day, what=what))


def _long(lately: Lately, today: date, table: EvidenceTable) -> Iterator[Reason]:
    if lately.session_on is None or not (lately.session_km and lately.longest_km):
        return
    ratio = lately.session_km / lately.longest_km
    recent = (today - lately.session_on).days <= LONG_DAYS
    if recent and ratio > table.session_bands[0].above:
        text = words.MUCH_LONGER.format(
            day=lately.session_on,
            km=lately.session_km,
            more=100.0 * (ratio - 1.0),
            days=LONGEST_DAYS,
            longest=lately.longest_km,
        )
        yield Reason(LOOK, text)


def _worn(lately: Lately, table: EvidenceTable) -> Iterator[Reason]:
    factor = table.factors[WORN_OUT]
    if lately.shoe_km is not None and lately.shoe_km > (factor.threshold or 0.0):
        says = factor.says.format(shoe_km=lately.shoe_km)
        yield Reason(NOTE, words.WORN.format(shoe=lately.shoe, says=says))


def _quiet(lately: Lately, today: date) -> Iterator[Reason]:
    if lately.last_run is not None:
        days = (today - lately.last_run).days
        if QUIET_DAYS[0] <= days <= QUIET_DAYS[1]:
            yield Reason(NOTE, words.QUIET.format(days=days))
