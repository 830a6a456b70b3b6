"""The measures of a session as one table: left, right, and what they can be seen beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gait.measures.session_table import ROWS, SessionMeasure
from gait.measures.table import Group, StrideMeasure
from gait.model.summary import Measure, Reference, Summary
from gait.text import printable, words

WALKING = "walking_"
# Decimals by unit: a little finer than the method is certain of.
DECIMALS = {
    **{"ms": 0, "steps/min": 0, "°/s": 0, "mm": 0},
    **{"°": 1, "g": 1, "%": 1, "kN/m": 1},
    **{"m": 2, "m/s": 2},
}
_GROUPS = list(Group)
_BY_GROUP = sorted(ROWS, key=lambda name: _GROUPS.index(ROWS[name].group))
_ORDER = {name: place for place, name in enumerate(_BY_GROUP)}


def accuracy_text(uncertainty: float, unit: str) -> str:
    """By how much a value may be off: with its unit's decimals, one more where it would read 0."""
    decimals = DECIMALS.get(unit, 2)
    finer = decimals + (uncertainty <= 0.5 * 10.0**-decimals)
    return f"{uncertainty:.{finer}f}"


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
