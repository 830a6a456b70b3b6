"""`docs/mutants.md` and the table on the screen, from what the tests noticed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

from benchmarks.accuracy.document import table
from benchmarks.mutants.run import ROOT, Room, Verdict, share

DOCUMENT = ROOT / "docs" / "mutants.md"
COMMAND = "python -m benchmarks.mutants"
AIM_PCT = 95.0
HEADERS = (
    "room",
    "lines",
    "faults",
    "noticed by its own tests",
    "by the whole way alone",
    "ended, as it hung",
    "no fault",
    "noticed",
    "95 % interval",
)


def below_aim(rooms: Sequence[Room], same: Mapping[str, str]) -> list[str]:
    """The rooms in which less than the aim is noticed."""
    return [room.name for room in rooms if share(room.verdicts, same) < AIM_PCT]


def rows(rooms: Sequence[Room], same: Mapping[str, str]) -> list[tuple[str, ...]]:
    """A row a room, and one of all."""
    every = Room("all", sum(r.lines for r in rooms), [v for r in rooms for v in r.verdicts])
    return [_row(room, same) for room in [*rooms, every]]


def survivors(room: Room, same: Mapping[str, str]) -> list[Verdict]:
    """What nobody noticed, though it is a fault."""
    return [one for one in room.verdicts if not one.noticed and one.fault.key not in same]


def print_rooms(console: Console, rooms: Sequence[Room], same: Mapping[str, str]) -> None:
    """The table, and below it each survivor with its change."""
    shown = Table(*HEADERS, box=None, pad_edge=False)
    for row in rows(rooms, same):
        shown.add_row(*row)
    console.print(shown)
    for room in rooms:
        for one in survivors(room, same):
            fault = one.fault
            console.print(
                f"\n{fault.file}:{fault.line}  {fault.kind}\n- {fault.old}\n+ {fault.new}",
                markup=False,
            )


def write_document(
    rooms: Sequence[Room], same: Mapping[str, str], seed: int, path: Path = DOCUMENT
) -> None:
    """Write the page."""
    path.write_text(document(rooms, same, seed), encoding="utf-8")


def document(rooms: Sequence[Room], same: Mapping[str, str], seed: int) -> str:
    """The page as Markdown."""
    faults = sum(len(room.verdicts) for room in rooms)
    left = [one for room in rooms for one in survivors(room, same)]
    of_none = [
        one.fault
        for room in rooms
        for one in room.verdicts
        if not one.noticed and one.fault.key in same
    ]
    noticed = share([one for room in rooms for one in room.verdicts], same)
    parts = [
        "# What the tests notice",
        f"<!-- Written by `{COMMAND} --write`. Change the benchmark, not this file. -->",
        f"**{noticed:.0f} % of {faults - len(of_none)} faults.** One line at a time is made wrong "
        "in a copy of the code, and the tests are asked: a comparison turned or shifted, `and` for "
        "`or`, a number, a name or a sign changed, a statement, an argument or an error left out, "
        "nothing returned, a condition always or never met, left for right. Lines are drawn by "
        f"chance (seed {seed}), one fault a line; words for people, types and log lines are left "
        "alone. First the tests of the same room are asked, then those that go the whole way "
        "(`tests/test_*.py`). A fault with which a test hangs counts as noticed.",
        table(HEADERS, rows(rooms, same)),
        f"The aim is {AIM_PCT:.0f} % in every room; the interval says how much a sample of this "
        "size tells of all lines of the room (Wilson).",
        "## What nobody noticed",
        _survivors(left),
        "## What was no fault",
        "With these changes the program does the same; they are left out of the share. Each has "
        "its reason in `benchmarks/mutants/same.py`.",
        "\n".join(
            f"- `{fault.file}:{fault.line}` {same[fault.key]}\n{_change(fault.old, fault.new)}"
            for fault in of_none
        )
        or "There were none.",
        "## Do it again",
        "\n".join(
            [
                f"- `{COMMAND} --rooms risk --faults 10`: a few minutes, one room.",
                f"- `{COMMAND} --seed {seed + 1}`: other lines. A sample for which tests were "
                "written says nothing of the others; take a seed that nobody has seen.",
                f"- `{COMMAND} --faults {faults // max(1, len(rooms))} --seed {seed} --write`: "
                "this page. It takes about an hour on two cores, most of it for kernels, which "
                "are compiled anew for each of their faults.",
            ]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _row(room: Room, same: Mapping[str, str]) -> tuple[str, ...]:
    real = [one for one in room.verdicts if one.noticed or one.fault.key not in same]
    noticed = [one for one in real if one.noticed]
    hung = [one for one in noticed if one.how == "ended"]
    whole_way = [one for one in noticed if one.whole_way and one.how != "ended"]
    own = len(noticed) - len(hung) - len(whole_way)
    interval = "–"
    if real:
        low, high = binomtest(len(noticed), len(real)).proportion_ci(method="wilson")
        interval = f"{100 * low:.0f} to {100 * high:.0f} %"
    return (
        room.name,
        f"{room.lines:,}",
        str(len(room.verdicts)),
        str(own),
        str(len(whole_way)),
        str(len(hung)),
        str(len(room.verdicts) - len(real)),
        f"{100 * len(noticed) / len(real):.0f} %" if real else "–",
        interval,
    )


def _survivors(left: Sequence[Verdict]) -> str:
    if not left:
        return "Everything was noticed."
    return "\n".join(
        f"- `{one.fault.file}:{one.fault.line}` {one.fault.kind}\n"
        f"{_change(one.fault.old, one.fault.new)}"
        for one in left
    )


def _change(old: str, new: str) -> str:
    return f"  ```diff\n  - {old}\n  + {new}\n  ```"
