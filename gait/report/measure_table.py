"""The measures of a session as one table: left, right, and what they can be seen beside."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from gait.measures.session_table import ROWS, SessionMeasure
from gait.measures.table import Group, StrideMeasure
from gait.model.summary import Measure, Reference, Summary
from gait.report.changes import own_range
from gait.report.page import INDENT, Page
from gait.text import UNKNOWN, printable, words

WALKING = "walking_"
UNCERTAIN = "?"
REFERENCE_WORDS = {
    "expectation": "expected",
    "usual range": "usual",
    "provisional": "provisional",
    "own baseline": "your own",
}
# Decimals by unit: a little finer than the method is certain of.
DECIMALS = {
    **{"ms": 0, "steps/min": 0, "°/s": 0, "mm": 0},
    **{"°": 1, "g": 1, "%": 1, "kN/m": 1},
    **{"m": 2, "m/s": 2},
}
NAMED = 3  # measures of one reason; more are counted
_GROUPS = list(Group)
_BY_GROUP = sorted(ROWS, key=lambda name: _GROUPS.index(ROWS[name].group))
_ORDER = {name: place for place, name in enumerate(_BY_GROUP)}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. A foot that was not recorded is None, and so is `of` for an unknown name."""

    label: str
    of: StrideMeasure | SessionMeasure | None
    left: Measure | None
    right: Measure | None
    both: Measure | None

    @property
    def parts(self) -> list[tuple[str, Measure]]:
        """The feet with their words; for what is known only of both, that."""
        feet = [(w, m) for w, m in (("left", self.left), ("right", self.right)) if m is not None]
        return feet or ([("", self.both)] if self.both is not None else [])

    @property
    def key(self) -> bool:
        """Whether it is among the few that are shown first; unknown ones are."""
        return self.of is None or self.of.key

    @property
    def compares(self) -> bool:
        """Whether it is a difference or a change, which is read with its uncertainty."""
        return self.of is not None and self.of.group in (
            Group.SYMMETRY,
            Group.VARIABILITY,
            Group.DRIFT,
        )

    @property
    def reference(self) -> Reference | None:
        known = (m.reference for m in (self.both, self.left, self.right) if m is not None)
        return next((reference for reference in known if reference is not None), None)


def measure_rows(summary: Summary, *, walking: bool) -> list[Row]:
    """The measures of running, or those of walking, by group."""
    sides = [summary.measures.get(key, {}) for key in ("left", "right", "both")]
    names = list(dict.fromkeys(name for measures in sides for name in measures))
    names.sort(key=lambda name: _ORDER.get(name.removeprefix(WALKING), len(_ORDER)))
    rows = []
    for name in names:
        if name.startswith(WALKING) is walking:
            found = [measures.get(name) for measures in sides]
            label = next((m.label for m in found if m is not None and m.label), name)
            rows.append(Row(printable(label), ROWS.get(name.removeprefix(WALKING)), *found))
    return rows


def by_reason(rows: list[Row], wanted: Callable[[Measure], bool]) -> dict[str, list[str]]:
    """`why_not` → labels of the wanted measures; the foot is named where only one is meant."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        meant = [(word, m) for word, m in row.parts if wanted(m)]
        same = len({m.why_not for _, m in meant}) == 1 and len(meant) == len(row.parts)
        for word, measure in meant[:1] if same else meant:
            label = row.label if same or not word else f"{row.label} ({words.SIDE[word]})"
            reasons.setdefault(measure.why_not or words.NO_REASON, []).append(label)
    return reasons


def by_note(rows: list[Row]) -> dict[str, list[str]]:
    """`note` → labels of the measures it belongs to."""
    notes: dict[str, list[str]] = {}
    for row in rows:
        said = {side: m.note for side, m in row.parts if m.note}
        apart = len(set(said.values())) > 1
        for side, note in said.items():
            label = f"{row.label} ({words.SIDE[side]})" if apart and side else row.label
            labels = notes.setdefault(note, [])
            labels += [label] if label not in labels else []
    return notes


def print_measures(page: Page, heading: str, rows: list[Row]) -> None:
    """The main measures, then what is uncertain and what is missing, and why."""
    page.heading(heading)
    known = [row for row in rows if any(m.value is not None for _, m in row.parts)]
    shown = [row for row in known if row.key]
    of_feet = [row for row in shown if row.left is not None or row.right is not None]
    of_feet = [row for row in of_feet if not row.compares]
    if of_feet:
        page.table(_table(of_feet))
        page.say(words.MEDIAN_NOTE_TERMINAL, "dim")
    for row in shown:
        if row not in of_feet:
            page.say(f"{row.label}: {_compared(row)}", bullet="·")
    for note, labels in by_note(shown).items():
        page.say(f"{_list(labels)}: {note}", bullet="·")
    if len(known) > len(shown):
        more = len(known) - len(shown)
        page.say(words.ONE_MORE if more == 1 else words.MORE_MEASURED.format(count=more), "dim")
    uncertain = by_reason(shown, lambda m: m.value is not None and m.quality == "low")
    for reason, labels in uncertain.items():
        page.say(f"{_list(labels)}: {reason}", bullet=UNCERTAIN)
    missing = by_reason(rows, lambda m: m.value is None)
    if missing:
        page.say("Not measured", "bold")
    for reason, labels in missing.items():
        page.say(f"{_list(labels)}: {reason}", indent=INDENT, bullet="·")


def _compared(row: Row) -> str:
    """A difference or a change with what it must exceed to be one."""
    parts = [("", row.both)] if row.both is not None and row.both.value is not None else row.parts
    said = []
    for side, measure in parts:
        if measure.value is None:
            continue
        decimals = row.of.decimals if row.of else DECIMALS.get(measure.unit, 2)
        value = f"{measure.value:z.{decimals}f} {measure.unit}".rstrip()
        if measure.uncertainty is not None:
            value += f", uncertain by ± {measure.uncertainty:.{decimals}f}"
        said.append(f"{side} {value}".lstrip())
    return "; ".join(said)


def _list(labels: list[str]) -> str:
    """The labels after another; more than a few are counted."""
    shown = labels if len(labels) <= NAMED + 1 else labels[:NAMED]
    text = shown[0] + "".join(f", {label[0].lower()}{label[1:]}" for label in shown[1:])
    return text + (f" and {len(labels) - len(shown)} others" if len(labels) > len(shown) else "")


def _table(rows: list[Row]) -> Table:
    sides = [s for s in ("left", "right") if any(getattr(row, s) is not None for row in rows)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("")
    for side in sides:
        table.add_column(side, no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("beside it")
    for row in rows:
        parts = dict(row.parts)
        cells = [value_text(parts[side]) if side in parts else "" for side in sides]
        table.add_row(Text(row.label), *cells, row.parts[0][1].unit, Text(_beside(row), "dim"))
    return table


def value_text(measure: Measure) -> str:
    """A value with its spread and number of strides; a dash where not measured."""
    if measure.value is None:
        return UNKNOWN
    decimals = DECIMALS.get(measure.unit, 2)
    spread = "" if measure.spread is None else f" ± {measure.spread:.{decimals}f}"
    mark = f" {UNCERTAIN}" if measure.quality == "low" else ""
    return f"{measure.value:z.{decimals}f}{spread} ({measure.n}){mark}"


def _beside(row: Row) -> str:
    reference = row.reference
    if reference is None:
        return ""
    if own := own_range(row.parts, DECIMALS.get(row.parts[0][1].unit, 2)):
        return own
    word = REFERENCE_WORDS[reference.kind]
    decimals = DECIMALS.get(row.parts[0][1].unit, 2)
    low, high = (
        None if v is None else f"{v:z.{decimals}f}".replace("-", "−")
        for v in (reference.low, reference.high)
    )
    if low is not None and high is not None:
        return f"{word} {low} to {high}" if "−" in low else f"{word} {low}–{high}"
    if low is not None or high is not None:
        return f"{word} {f'from {low}' if high is None else f'up to {high}'}"
    return printable(reference.text)
