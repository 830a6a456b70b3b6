"""Measures as the cells, tiles and rows of the HTML report: words, no markup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gait.measures.table import BY_NAME, Group
from gait.model.summary import Measure, Reference, Summary
from gait.report.figure_model import SIDES
from gait.report.first_screen import ran
from gait.report.measure_table import (
    DECIMALS,
    WALKING,
    Row,
    accuracy_text,
    by_note,
    by_reason,
    own_range,
)
from gait.text import number, pace, words

TILES = (
    "cadence_spm",
    "contact_ms",
    "speed_m_s",
    "pronation_excursion_deg",
    "impact_g",
    "strike_angle_deg",
)
WALKING_TILES = ("cadence_spm", "contact_ms", "speed_m_s", "stride_length_m")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in words. `value` is None where not measured, and `why` says the reason.

    uncertain : by how much it may be off, such as `± 9`; empty where that is not known
    spread    : how much strides vary, without a sign; `±` is accuracy alone
    details   : what else is needed to judge it
    """

    side: str
    value: str | None
    spread: str
    uncertain: str
    details: list[str]
    note: str
    why: str
    quality: str


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    unit: str
    cells: list[Cell]
    beside: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    label: str
    unit: str
    cells: list[Cell]  # one a foot, or one for what is known only of both
    of_both: bool
    beside: str
    source: str
    key: bool  # also where there is little room
    heading: str = ""  # of the group that begins with this row


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sides` are the columns; `rows` are shown at once, `more` on asking.

    missing : a reason and what it empties, a pair each
    notes   : what must be known to read the values, and of which, a pair each
    """

    sides: list[str]
    rows: list[TableRow]
    more: list[TableRow]
    missing: list[tuple[str, str]]
    notes: list[tuple[str, str]]


def cell(side: str, measure: Measure) -> Cell:
    """A measure in words, with all that is needed to judge it."""
    decimals = DECIMALS.get(measure.unit, 2)
    why = measure.why_not or ""
    note = measure.note or ""
    if measure.value is None:
        return Cell(side, None, "", "", [], note, why or words.NO_REASON, measure.quality)
    uncertain = ""
    if measure.uncertainty is not None:
        off = accuracy_text(measure.uncertainty, measure.unit)
        uncertain = words.UNCERTAINTY.format(value=off)
    details = [words.STRIDES.format(n=measure.n)] if measure.n else []
    details.append(words.QUALITIES[measure.quality])
    spread = "" if measure.spread is None else f"{measure.spread:.{decimals}f}"
    value = number(measure.value, decimals)
    return Cell(side, value, spread, uncertain, details, note, why, measure.quality)


def beside(reference: Reference | None, unit: str) -> str:
    """What a value can be seen beside, such as `expected 158–176`; empty for nothing."""
    if reference is None:
        return ""
    decimals = DECIMALS.get(unit, 2)
    low, high = (f"{v or 0.0:z.{decimals}f}" for v in (reference.low, reference.high))
    word = words.REFERENCES[reference.kind]
    if reference.low is not None and reference.high is not None:
        return f"{word} {words.BETWEEN.format(low=low, high=high)}"
    if reference.low is not None:
        return f"{word} {words.FROM.format(low=low)}"
    return f"{word} {words.UP_TO.format(high=high)}" if reference.high is not None else ""


def tiles(summary: Summary) -> list[Tile]:
    """The key numbers: of the runner once, of the feet side by side."""
    walking = not ran(summary)
    found = []
    for name in WALKING_TILES if walking else TILES:
        key = WALKING + name if walking else name
        measures = {side: summary.measures.get(side, {}).get(key) for side in (*SIDES, words.BOTH)}
        shown = [words.BOTH] if BY_NAME[name].of_runner and measures[words.BOTH] else SIDES
        feet = [(side, m) for side in shown if (m := measures[side]) is not None]
        if all(m.value is None for _, m in feet):
            continue  # told with its reason among what was not measured
        references = (m.reference for _, m in feet if m.reference is not None)
        value, unit = feet[0][1].value, feet[0][1].unit
        found.append(
            Tile(
                label=BY_NAME[name].label,
                unit=unit,
                cells=[cell(side, m) for side, m in feet],
                beside=own_range(feet, DECIMALS.get(unit, 2))
                or beside(next(references, None), unit),
                note=pace(value) if name == "speed_m_s" and value else "",
            )
        )
    return found


def comparison(rows: Sequence[Row]) -> Comparison:
    """Left against right; what neither foot has is listed with its reason, not in a row."""
    known = [row for row in rows if any(m.value is not None for _, m in row.parts)]
    sides = [side for side in SIDES if any(getattr(row, side) is not None for row in known)]
    missing = by_reason([row for row in rows if row not in known], lambda m: m.value is None)
    return Comparison(
        sides,
        _grouped([row for row in known if _at_once(row)], sides),
        _grouped([row for row in known if not _at_once(row)], sides),
        [(why, ", ".join(labels)) for why, labels in missing.items()],
        [(note, ", ".join(labels)) for note, labels in _notes(known).items()],
    )


def _notes(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Of the key measures: their notes, and why one is of low quality or missing on one foot."""
    key = [row for row in rows if row.key]
    return by_note(key) | by_reason(key, lambda m: m.why_not is not None)


def _at_once(row: Row) -> bool:
    """The key measures, and all that tells of a change over the run."""
    return row.key or (row.of is not None and row.of.group is Group.DRIFT)


def _grouped(rows: Sequence[Row], sides: list[str]) -> list[TableRow]:
    """With the heading of its group on the first row of each."""
    shown = []
    before = None
    for row in rows:
        group = row.of.group if row.of else None
        heading = words.GROUPS[group] if group and group != before else ""
        shown.append(replace(_row(row, sides), heading=heading))
        before = group
    return shown


def _row(row: Row, sides: list[str]) -> TableRow:
    of_both = row.left is None and row.right is None
    absent = Measure(value=None, unit="", n=0)
    parts = {side: getattr(row, side) or absent for side in sides}
    cells = [cell(side, m) for side, m in parts.items()]
    if of_both and row.both is not None:
        cells = [cell(words.BOTH, row.both)]
    unit = row.parts[0][1].unit
    reference = row.reference
    source = f"{reference.text} ({reference.source})" if reference else ""
    range_ = own_range(row.parts, DECIMALS.get(unit, 2)) or beside(reference, unit)
    return TableRow(row.label, unit, cells, of_both, range_, source, row.key)
