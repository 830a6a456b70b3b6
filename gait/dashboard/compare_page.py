"""Two athletes, two periods or two sessions side by side, at the same speeds only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from gait.compare.group_difference import Difference
from gait.dashboard import chart_words, compare_words, words
from gait.dashboard.app_state import Desk
from gait.dashboard.chart_element import Picture
from gait.dashboard.charts import number, step_curves
from gait.dashboard.group_comparison import (
    Chosen,
    Group,
    compared,
    group_of,
    latest_curves,
    overlaid,
    remarks,
    runs_said,
    sentences,
    word,
)
from gait.dashboard.layout import heading, page, paragraph, section
from gait.dashboard.tables import Column, table
from gait.model import UsageError
from gait.report.sentences import duration_words

PERIOD = timedelta(days=28)
MOST_SESSIONS = 200  # to choose from


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it is written there; `a` and `b` are athletes."""

    a: int = 0
    b: int = 0
    a_from: str = ""
    a_to: str = ""
    b_from: str = ""
    b_to: str = ""
    a_session: int = 0
    b_session: int = 0

    def half(self, which: str) -> tuple[int, str, str, int]:
        of: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        names = (which, f"{which}_from", f"{which}_to", f"{which}_session")
        athlete, since, until, session = (of[name] for name in names)
        return athlete, since, until, session


def compare_page(desk: Desk, asked: Asked) -> None:
    """What the address asks for, and a form to ask for something else."""
    with page(desk, words.COMPARE, here=words.COMPARE):
        heading(words.COMPARE)
        paragraph(compare_words.LEAD, "faint")
        people = {one.id: one.name for one in desk.roster.athletes.all()}
        if not people:
            paragraph(compare_words.NOBODY)
            return
        today = desk.today()
        with ui.element().classes("columns"):
            first = _Half(desk, people, compare_words.FIRST, asked.half("a"), today - PERIOD)
            second = _Half(desk, people, compare_words.SECOND, asked.half("b"), today)

        def go() -> None:
            query = urlencode({**first.query("a"), **second.query("b")})
            ui.navigate.to(f"/compare?{query}")

        with ui.element():
            ui.button(compare_words.SHOW, on_click=go)
        if asked.a and asked.b:
            _result(desk, group_of(desk.roster, first.chosen), group_of(desk.roster, second.chosen))
        else:
            paragraph(compare_words.CHOOSE)


class _Half:
    """The fields of one of the two groups, as the address has them or as is likely meant."""

    def __init__(
        self,
        desk: Desk,
        people: dict[int, str],
        title: str,
        asked: tuple[int, str, str, int],
        until: date,
    ) -> None:
        athlete, since, to, session = asked
        self._desk = desk
        with ui.element().classes("stack-down"):
            heading(title, 2)
            self._athlete = ui.select(
                people,
                value=athlete if athlete in people else None,
                label=compare_words.ATHLETE.format(which=title),
                with_input=True,
                on_change=lambda: self._list_sessions(None),
            )
            with ui.element().classes("side-by-side"):
                self._since, self._until = (
                    ui.input(name.format(which=title), value=value)
                    .props("type=date stack-label")
                    .classes("grow")
                    for name, value in (
                        (compare_words.FROM, since or (until - PERIOD).isoformat()),
                        (compare_words.TO, to or until.isoformat()),
                    )
                )
            self._session = ui.select([], label=compare_words.SESSION.format(which=title))
        self._list_sessions(session or None)

    def _list_sessions(self, chosen: int | None) -> None:
        options: dict[int | None, str] = {None: compare_words.ALL_SESSIONS}
        if self._athlete.value is not None:
            athlete = self._desk.roster.athletes.get(self._athlete.value)
            for one in self._desk.roster.sessions.all(athlete, limit=MOST_SESSIONS):
                time = duration_words(one.duration_s)
                options[one.id] = compare_words.ONE_SESSION.format(day=one.day, time=time)
        self._session.set_options(options, value=chosen if chosen in options else None)

    @property
    def chosen(self) -> Chosen:
        """Raises UsageError for what is no day."""
        return Chosen(
            self._athlete.value or 0,
            _day(self._since.value or ""),
            _day(self._until.value or ""),
            self._session.value,
        )

    def query(self, which: str) -> dict[str, str]:
        """What the address says of it."""
        chosen = self.chosen
        said = {which: str(chosen.athlete)}
        if chosen.session is not None:
            return said | {f"{which}_session": str(chosen.session)}
        days = {f"{which}_from": chosen.since, f"{which}_to": chosen.until}
        return said | {name: day.isoformat() for name, day in days.items()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(compare_words.BAD_DAY.format(what=repr(text))) from None


def _result(desk: Desk, first: Group, second: Group) -> None:
    empty = [group for group in (first, second) if not group.sessions]
    with section(compare_words.RESULT):
        for group in empty:
            paragraph(compare_words.NO_SESSIONS.format(name=group.name))
        if empty:
            return
        found = compared(first, second)
        if not found:
            paragraph(compare_words.NOTHING_COMMON)
            return
        paragraph(compare_words.WHICH.format(first=first.name, second=second.name))
        for said in sentences(found):
            paragraph(said)
        for remark in remarks(first, second):
            paragraph(remark, "faint")
        columns = [
            Column(compare_words.LABEL),
            Column(compare_words.FIRST, count=True),
            Column(compare_words.SECOND, count=True),
            Column(compare_words.DIFFERENCE, count=True),
            Column(compare_words.IT_IS, wide=True),
            Column(compare_words.SPEEDS),
        ]
        table(compare_words.RESULT, columns, [_row(one) for one in found])
        paragraph(runs_said(max(found, key=lambda one: sum(one.runs))), "faint")
    _curves(desk, first, second)


def _row(one: Difference) -> list[str]:
    row = one.row
    decimals = row.decimals
    label = row.label if one.side == "both" else f"{row.label} ({one.side})"
    low, high = (f"{speed:.1f}" for speed in one.speeds)
    uncertainty = number(one.uncertainty, decimals)
    return [
        f"{label}, {row.unit}",
        number(one.first, decimals),
        number(one.second, decimals),
        f"{'+' if one.by > 0 else ''}{number(one.by, decimals)} ± {uncertainty}",
        word(one),
        low if low == high else f"{low}–{high}",
    ]


def _curves(desk: Desk, first: Group, second: Group) -> None:
    """The average steps of the latest sessions that have one."""
    with section(compare_words.CURVES):
        one, other = (latest_curves(desk.roster, group) for group in (first, second))
        if one is None or other is None:
            paragraph(compare_words.NO_CURVES)
            return
        paragraph(compare_words.CURVES_OF.format(first=one[0].day, second=other[0].day), "faint")
        for name, (title, _) in chart_words.CURVES.items():
            feet = overlaid(name, one[1], other[1])
            if feet:
                heading(title, 3)
            with ui.element().classes("columns"):
                for curves in feet.values():
                    Picture(step_curves(name, curves))
