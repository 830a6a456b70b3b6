"""The rows as text: in the terminal, and in docs/accuracy.md."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.accuracy.verdict import Grade
from benchmarks.robustness.rows import Row, signed

HEADERS = (
    "what is done",
    "strides found",
    "invented",
    "valid",
    "cadence",
    "landing, ms",
    "toe-off, ms",
    "false and called good",
    "no longer measured",
    "what is said of it",
)
LEGEND = (
    "✓ holds what must hold · ✗ misses it · – nothing is promised, or not measured. Errors are "
    "found − true, of valid strides, in the recording where they are farthest off: cadence in "
    "steps/min, landing and toe-off mean ± spread. Numbers after a name or a sentence: in how many "
    "recordings."
)


def grade(row: Row) -> Grade:
    if row.trouble.need is None:
        return Grade.UNKNOWN
    return Grade.MISS if row.misses else Grade.MUST


def cells(row: Row) -> list[str]:
    """One text a column of `HEADERS`."""
    valid = f"{100 * row.valid / row.strides:.0f} %" if row.strides else "–"
    return [
        f"{grade(row).mark} {row.trouble.text}",
        f"{row.found}/{row.strides}",
        str(row.invented),
        valid,
        "–" if row.cadence is None else signed(row.cadence, 1),
        _event(row.landing),
        _event(row.toe_off),
        _counted(row.false),
        _counted(row.lost),
        _said(row),
    ]


def print_rows(console: Console, groups: Mapping[str, Sequence[Row]], what: str) -> None:
    """Every group, and then what does not hold."""
    console.print(f"{what[0].upper()}{what[1:]}. {LEGEND}\n")
    table = Table(show_lines=False, box=None, pad_edge=False)
    for header in HEADERS:
        left = header in (HEADERS[0], *HEADERS[-3:])
        table.add_column(header, justify="left" if left else "right", overflow="fold")
    for title, rows in groups.items():
        table.add_row(Text(title, style="bold"))
        for row in rows:
            first, *rest = cells(row)
            table.add_row(Text(first, style=grade(row).style), *rest)
    console.print(table)
    missing = misses(groups)
    console.print()
    if missing:
        console.print(Text(f"{len(missing)} of {promised(groups)} miss", style="bold red"))
    else:
        console.print(Text("✓ everything holds", style="green"))
    for text in missing:
        console.print(f"  ✗ {text}")


def misses(groups: Mapping[str, Sequence[Row]]) -> list[str]:
    """A sentence a row that does not hold."""
    return [
        f"{row.trouble.text}: {'; '.join(row.misses)}"
        for rows in groups.values()
        for row in rows
        if row.misses
    ]


def promised(groups: Mapping[str, Sequence[Row]]) -> int:
    return sum(row.trouble.need is not None for rows in groups.values() for row in rows)


def _counted(names: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in names.most_common())


def _event(error: tuple[float, float] | None) -> str:
    return "–" if error is None else f"{signed(error[0], 0)} ± {error[1]:.0f}"


def _said(row: Row) -> str:
    if not row.said:
        return ""
    sentence, _ = row.said.most_common(1)[0]
    return f"{sentence} ({row.named}/{row.recordings})"
