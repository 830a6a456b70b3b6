"""The first page: everybody, who changed, and who needs a look today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nicegui import ui

from gait.athletes.reassess import verdicts
from gait.athletes.roster_tables import NO_RUN, how_different
from gait.dashboard import words
from gait.dashboard.alerts import NOTE, Reason, is_recent, reasons
from gait.dashboard.forms import Pager
from gait.dashboard.layout import heading, page, section
from gait.dashboard.pages.athlete_actions import add_athlete
from gait.dashboard.pages.examples import offer_examples
from gait.dashboard.pages.imports import ImportPart
from gait.dashboard.state import AppState
from gait.dashboard.tables import Cell, Column, link, points, table_html
from gait.model.history import Verdict
from gait.risk import load_evidence
from gait.roster import Athlete, Lately, Standing
from gait.text import UNKNOWN

PAGE_ROWS = 50

COLUMNS = (
    Column(words.NAME_COLUMN),
    Column(words.WHY_LOOK, wide=True),
    Column(words.STATUS),
    Column(words.LAST_RUN, count=True),
    Column(words.RECENT_KM, count=True),
    Column(words.GROUPS),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An athlete as listed."""

    athlete: Athlete
    standing: Standing
    lately: Lately
    reasons: tuple[Reason, ...]


ORDERS: dict[str, Callable[[Entry], Any]] = {
    words.BY_LOOK: lambda e: (e.reasons[0].rank if e.reasons else 9, -len(e.reasons)),
    words.BY_NAME: lambda e: 0,
    words.BY_LAST_RUN: lambda e: -(e.lately.last_run or date.min).toordinal(),
    words.BY_KM: lambda e: -e.standing.recent_km,
}


def roster_page(state: AppState, find: str = "") -> None:
    """Built anew for each context, from what the roster keeps."""
    listed = _Listed(state, find)
    with page(state, words.ATHLETES, here=words.ATHLETES, find=find, on_find=listed.find):
        heading(words.ATHLETES)
        listed.show()
        if not state.roster.athletes.all():
            offer_examples(state)
        with section(words.ADD_ARCHIVE):
            ImportPart(state, None, listed.fill)


class _Listed:
    """The list with what was chosen of it."""

    def __init__(self, state: AppState, find: str) -> None:
        self._state = state
        self._find = find
        self._group: str | None = None
        self._order = words.BY_LOOK

    def find(self, text: str) -> None:
        self._find, self._pager.first = text, 0
        self.fill()

    def show(self) -> None:
        ui.button(words.ADD_ATHLETE, on_click=lambda: add_athlete(self._state))
        with ui.element().classes("side-by-side") as self._choices:
            groups = self._state.roster.athletes.groups()
            names = {name: words.MEMBERS.format(name=name, count=n) for name, n in groups}
            ui.select(
                {None: words.EVERY_GROUP, **names},
                value=None,
                label=words.GROUP,
                on_change=lambda event: self._choose_group(event.value),
            ).classes("choice")
            ui.select(
                list(ORDERS),
                value=self._order,
                label=words.ORDER,
                on_change=lambda event: self._choose_order(event.value),
            ).classes("choice")
        self._count = ui.label().props("role=status")
        self._table = ui.html(sanitize=False)
        self._pager = Pager(PAGE_ROWS, words.ATHLETES, self.fill)
        self.fill()

    def _choose_group(self, group: str | None) -> None:
        self._group, self._pager.first = group, 0
        self.fill()

    def _choose_order(self, order: str) -> None:
        self._order, self._pager.first = order, 0
        self.fill()

    def fill(self) -> None:
        roster, found = self._state.roster, self._entries()
        rows = found[self._pager.rows]
        lasts = [entry.standing.last for entry in rows if entry.standing.last is not None]
        self._verdicts = verdicts(roster, lasts)
        everybody = len(roster.athletes.all())
        looks = sum(any(r.kind != NOTE for r in entry.reasons) for entry in found)
        self._choices.set_visibility(everybody > 0)
        if not everybody:
            self._count.text = words.NOBODY
        elif not found:
            self._count.text = words.NOBODY_FOUND.format(find=self._find)
        else:
            form = words.COUNT if looks else words.COUNT_NONE
            self._count.text = form.format(shown=len(found), looks=looks)
        self._table.content = (
            table_html(words.ATHLETES_TABLE, COLUMNS, map(self._row, rows)) if rows else ""
        )
        self._pager.tell(len(found))

    def _entries(self) -> list[Entry]:
        """Everybody who was asked for, in the order that was asked for, then by name."""
        roster, today, table = self._state.roster, self._state.today(), load_evidence()
        standings = {one.athlete: one for one in roster.overview(today)}
        lately = {one.athlete: one for one in roster.lately()}
        recent = [one for one in standings.values() if is_recent(one, today)]
        differs = verdicts(roster, [one.last for one in recent if one.last is not None])
        entries = []
        for athlete in roster.athletes.all(self._find, self._group):
            standing, last = standings[athlete.id], lately[athlete.id]
            verdict = differs.get(standing.last or -1, Verdict())
            why = reasons(standing, last, verdict, today, table)
            entries.append(Entry(athlete, standing, last, why))
        return sorted(entries, key=ORDERS[self._order])

    def _row(self, entry: Entry) -> Sequence[Cell]:
        last = entry.standing.last
        return (
            link(entry.athlete.name, f"/athlete/{entry.athlete.id}"),
            points([r.text for r in entry.reasons], [r.kind for r in entry.reasons]),
            NO_RUN if last is None else how_different(self._verdicts[last]),
            str(entry.lately.last_run or UNKNOWN),
            f"{entry.standing.recent_km:.1f}",
            ", ".join(entry.athlete.groups),
        )
