"""What a summary says in sentences, the same in the terminal, the report and the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gait.compare.baseline import count_word
from gait.compare.compared_measures import BY_MEASURE
from gait.model.assessment import SignAnswer, SignFit, StructureLoad
from gait.model.history import Change
from gait.model.summary import Summary
from gait.risk.signs import SPOT
from gait.text import number, words


def duration_words(seconds: float) -> str:
    """Seconds below two minutes, minutes below two hours, else hours and minutes."""
    if seconds < 119.5:
        return words.SECONDS.format(s=round(seconds))
    minutes = round(seconds / 60.0)
    if minutes < 120:
        return words.MINUTES.format(m=minutes)
    return words.HOURS.format(h=minutes // 60, m=minutes % 60)


def moment(started_at: str | None) -> str:
    """Date and time of day, such as `2026-05-03 07:30`."""
    if started_at is None:
        return words.DATE_UNKNOWN
    try:
        return f"{datetime.fromisoformat(started_at):%Y-%m-%d %H:%M}"
    except ValueError:
        return started_at


OF_THE_LAST = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the table of changes: the runner's usual, this run, and what is to be said of it."""

    label: str
    side: str
    usual: str
    value: str
    verdict: str
    counts: bool


def changes_said(summary: Summary) -> list[str]:
    """What lasts, what stood out in this run only, and what was not compared; in sentences."""
    changes = summary.changes or []
    said = lasting_said(changes) or ([_nothing(changes)] if changes else [])
    alone = [change for change in changes if _stands_out(change) and not change.counts]
    if alone:
        what = ", ".join(named(change) for change in alone)
        said.append(words.CHANGE_ALONE.format(what=what[:1].upper() + what[1:]))
    return [*said, *summary.change_notes]


def lasting_said(changes: Sequence[Change]) -> list[str]:
    """What lasts, a sentence each."""
    return [_lasting(change) for change in changes if change.counts]


def compared_rows(changes: Sequence[Change]) -> list[Compared]:
    """Every measure that was compared, what lasts first."""
    rows = []
    for change in sorted(changes, key=lambda c: not c.counts):
        measure = BY_MEASURE[change.measure]
        usual, value = (number(v, measure.decimals) for v in (change.usual, change.value))
        around = f"{change.smallest:.{measure.decimals}f}"
        rows.append(
            Compared(
                label=measure.label,
                side=change.side,
                usual=words.USUAL.format(usual=usual, around=around, unit=change.unit).strip(),
                value=f"{value} {change.unit}".strip(),
                verdict=_verdict(change),
                counts=change.counts,
            )
        )
    return rows


def named(change: Change) -> str:
    """The measure, and of which foot."""
    label = BY_MEASURE[change.measure].label
    name = label[:1].lower() + label[1:]
    return name if change.side == "both" else f"{name} ({words.SIDE[change.side]})"


def _stands_out(change: Change) -> bool:
    return abs(change.difference) > change.smallest


def _lasting(change: Change) -> str:
    return words.CHANGE_SEEN.format(text=change.text.rstrip("."), seen=count_word(change.seen_in))


def _nothing(changes: Sequence[Change]) -> str:
    return words.NOTHING_CHANGED.format(
        count=len(changes), runs=count_word(max(change.runs for change in changes))
    )


def _verdict(change: Change) -> str:
    if not _stands_out(change):
        return words.AS_USUAL
    higher = change.difference > 0.0
    word = words.HIGHER if higher else words.LOWER
    if change.counts:
        return words.LASTS.format(word=word, seen=change.seen_in, of=OF_THE_LAST)
    return words.ALONE.format(word=word)


def fit_in_words(fit: SignFit | None) -> list[str]:
    """What fits, what speaks against, what is not so and what is not asked: a line each."""
    if fit is None:
        return []
    signs = fit.signs
    fits = [s for s in signs if s.answer and not s.against]
    denied = [s for s in signs if s.distinguishes and s.answer is False]
    against = [s.text for s in signs if s.against and s.answer] + [_denied(s) for s in denied]
    not_so = [s.text for s in signs if s.answer is False and not (s.distinguishes or s.against)]
    unasked = [s.text for s in signs if s.answer is None and not s.against]
    lines = (
        (words.TELLS_APART, [s.text for s in fits if s.distinguishes]),
        (words.FITS, [s.text for s in fits if not s.distinguishes]),
        (words.SPEAKS_AGAINST, against),
        (words.NOT_SO, not_so),
        (words.NOT_ASKED, unasked),
    )
    return [form.format(what="; ".join(said)) for form, said in lines if said]


def _denied(sign: SignAnswer) -> str:
    form = words.SPOT_ELSEWHERE if sign.key == SPOT else words.ANSWERED_NO
    return form.format(what=sign.text)


def load_said(load: StructureLoad) -> str:
    """What a run asked of a structure, or why that is not known; its grade behind it."""
    if load.why_not is not None:
        return words.NOT_KNOWN_WHY.format(why=load.why_not)
    return f"{' '.join(load.says)} [{words.GRADE.format(grade=load.grade)}]"
