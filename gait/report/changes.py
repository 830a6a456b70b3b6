"""What differs from the runner's own earlier runs, and the training around this one, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from gait.compare.baseline import count_word
from gait.compare.compared_measures import BY_MEASURE
from gait.model.history import Change
from gait.model.summary import Measure, Summary
from gait.text import words

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
        usual, value = (
            f"{v:z.{measure.decimals}f}".replace("-", "−") for v in (change.usual, change.value)
        )
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


def own_range(parts: Sequence[tuple[str, Measure]], decimals: int) -> str:
    """The runner's own range beside a measure, of each foot that has one; empty for none."""
    said = []
    for side, measure in parts:
        own = measure.reference
        if own is None or own.kind != "own baseline" or own.low is None or own.high is None:
            continue
        low, high = f"{own.low:z.{decimals}f}", f"{own.high:z.{decimals}f}"
        between = words.BETWEEN.format(low=low, high=high)
        said.append(f"{words.SIDE[side]} {between}" if side in words.FEET else between)
    return words.OWN_RANGE.format(ranges=", ".join(said)) if said else ""


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
