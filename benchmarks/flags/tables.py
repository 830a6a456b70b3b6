"""The results as tables on stdout."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.flags.days import ALIKE, TIMES
from benchmarks.flags.score import (
    HAPPENINGS,
    IN_TIME,
    Delay,
    Lived,
    Share,
    by_measure,
    delays,
    false_flags,
    false_sentences,
)
from gait.compare.compared_measures import BY_MEASURE


def print_results(console: Console, lives: Sequence[Lived]) -> None:
    runs = sum(len(seen) for _, seen in lives)
    console.print(f"{len(lives)} runners, {runs:,} runs, twelve months.\n")
    console.print(_found(lives))
    console.print(_false(lives))
    console.print(_measures(lives))


def _found(lives: Sequence[Lived]) -> Table:
    table = _table(
        "What is real", "", "runners", f"within {IN_TIME} runs", "later", "never", "runs"
    )
    for happening in HAPPENINGS:
        found = delays(lives, happening)
        _delay_row(table, found.name, found)
        if happening.of_gait:
            for times in TIMES:
                some = [(year, seen) for year, seen in lives if year.times == times]
                _delay_row(table, f"  {_varies(times)}", delays(some, happening))
    return table


def _delay_row(table: Table, name: str, found: Delay) -> None:
    flagged = sorted(run for run in found.runs if run is not None)
    if not found.runs:
        return
    table.add_row(
        name,
        str(len(found.runs)),
        str(found.in_time),
        str(len(flagged) - found.in_time),
        str(len(found.runs) - len(flagged)),
        " ".join(str(run) for run in flagged),
    )


def _false(lives: Sequence[Lived]) -> Table:
    table = _table("What is not", "", "flagged", "runs", "share", "95 %")
    unchanged = [(year, seen) for year, seen in lives if year.kind == "nothing"]
    _share_row(table, "runners to whom nothing happens", false_flags(unchanged))
    _share_row(table, "every run before the gait changes", false_flags(lives))
    for times in TIMES:
        _share_row(table, f"  {_varies(times)}", _of(lives, lambda y, t=times: y.times == t))
    for alike in ALIKE:
        name = f"  days alike by {alike:g}"
        _share_row(table, name, _of(lives, lambda y, a=alike: y.alike == a))
    for name, wrong in false_sentences(lives).items():
        _share_row(table, f"said and not so: {name}", wrong)
    return table


def _of(lives: Sequence[Lived], which: Callable[..., bool]) -> Share:
    return false_flags([(year, seen) for year, seen in lives if which(year)])


def _measures(lives: Sequence[Lived]) -> Table:
    table = _table("By measure, before the gait changes", "", "flagged", "runs", "share", "95 %")
    for measure, wrong in by_measure(lives).items():
        _share_row(table, BY_MEASURE[measure].label, wrong)
    return table


def _share_row(table: Table, name: str, wrong: Share) -> None:
    if wrong.of:
        table.add_row(
            name,
            str(wrong.count),
            str(wrong.of),
            f"{100.0 * wrong.value:.1f} %",
            f"{100.0 * wrong.low:.1f}–{100.0 * wrong.high:.1f} %",
        )


def _varies(times: float) -> str:
    return {0.5: "days differ half as much", 2.0: "days differ twice as much"}.get(
        times, "days differ as assumed"
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="left" if column in ("", "runs") else "right")
    return table
