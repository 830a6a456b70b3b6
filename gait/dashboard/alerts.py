"""Who needs a look today and why, in words; from what the roster keeps, never from recordings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gait.compare.compared_measures import BY_MEASURE
from gait.dashboard import words
from gait.model import Change
from gait.risk import EvidenceTable
from gait.risk.signs import answers_to_flags
from gait.roster import Counting, Lately, Standing
from gait.roster.history import LONGEST_DAYS

WORN_OUT = "shoe_km_over_800"  # the guide's 500 miles, a row of the evidence table
CHANGED = 1  # the rank of a last run that was different
CHANGE_DAYS = 28  # a change in a run from before that was seen, or is no news
LONG_DAYS = 7
QUIET_DAYS = (14, 90)  # without a run; longer away is no longer of today


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to look; the lower the rank, the more it matters."""

    rank: int
    text: str


def reasons(
    standing: Standing, lately: Lately, changes: Counting, today: date, table: EvidenceTable
) -> tuple[Reason, ...]:
    """All that call for a look at one athlete, what matters most first.

    changes : what counts as different in the last session
    """
    found = (
        _flags(lately, table),
        _changes(standing, changes, today),
        _long(lately, today, table),
        _worn(lately, table),
        _quiet(lately, today),
    )
    return tuple(sorted((r for part in found for r in part), key=lambda reason: reason.rank))


def is_recent(standing: Standing, today: date) -> bool:
    """Whether a change in the last session would be news."""
    return standing.last_day is not None and (today - standing.last_day).days <= CHANGE_DAYS


def in_detail(reason: Reason, standing: Standing, changes: Counting) -> str:
    """The reason; of a last run that was different, in what."""
    if reason.rank != CHANGED or standing.last_day is None:
        return reason.text
    what = in_words(changes or ())
    return _different(standing.last_day, what) if what else reason.text


def in_words(changes: Sequence[Change]) -> str:
    """What counts as different, named, such as `pronation (left) higher`; empty for nothing."""
    said = []
    for change in changes:
        if change.counts:
            label = BY_MEASURE[change.measure].label
            name = label[:1].lower() + label[1:]
            name += "" if change.side == "both" else f" ({change.side})"
            said.append((words.HIGHER if change.difference > 0 else words.LOWER).format(what=name))
    return ", ".join(said)


def _different(day: date, what: str) -> str:
    return words.DIFFERENT.format(day=day, what=what)


def _flags(lately: Lately, table: EvidenceTable) -> Iterator[Reason]:
    if lately.answers is None:
        return
    flags = answers_to_flags(lately.answers, table)
    raised = [table.red_flags[key] for key, answer in flags.items() if answer]
    if any(flag.stops for flag in raised):
        yield Reason(0, words.FLAGGED.format(day=lately.asked_on))
    elif raised:
        yield Reason(2, words.TO_BOOK.format(day=lately.asked_on))
    unanswered = sum(answer is None for answer in flags.values())
    if unanswered:
        text = words.UNANSWERED.format(count=unanswered, day=lately.asked_on)
        yield Reason(5, text)


def _changes(standing: Standing, changes: Counting, today: date) -> Iterator[Reason]:
    if changes and standing.last_day and is_recent(standing, today):
        count = len(changes)
        ways = words.IN_ONE_WAY if count == 1 else words.IN_WAYS.format(count=count)
        yield Reason(CHANGED, _different(standing.last_day, ways))


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
        yield Reason(2, text)


def _worn(lately: Lately, table: EvidenceTable) -> Iterator[Reason]:
    factor = table.factors[WORN_OUT]
    if lately.shoe_km is not None and lately.shoe_km > (factor.threshold or 0.0):
        says = factor.says.format(shoe_km=lately.shoe_km)
        yield Reason(3, words.WORN.format(shoe=lately.shoe, says=says))


def _quiet(lately: Lately, today: date) -> Iterator[Reason]:
    if lately.last_run is not None:
        days = (today - lately.last_run).days
        if QUIET_DAYS[0] <= days <= QUIET_DAYS[1]:
            yield Reason(4, words.QUIET.format(days=days))
