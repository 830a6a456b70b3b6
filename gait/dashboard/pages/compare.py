"""Two athletes, two periods or two sessions side by side, at the same speeds only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from gait.compare.group_difference import Difference, differences
from gait.dashboard import words
from gait.dashboard.layout import figure, heading, page, paragraph, section
from gait.dashboard.state import AppState
from gait.dashboard.tables import Column, table
from gait.model import SpeedBin, StepCurve, UsageError
from gait.report.figure_model import SIDES
from gait.report.figures import Curve, same_axes, step_curves
from gait.report.sentences import duration_words
from gait.roster import Athlete, Roster, Session
from gait.text import number
from gait.text import words as report_words

EVER = "9999"  # sorts behind every moment
LOOKED_AT = 10  # sessions, for one with an average step


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the two groups. `session` alone where it is given, else all of these days."""

    athlete: int
    since: date
    until: date
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions that belong together, the newest first, and their strides by speed."""

    name: str
    athlete: Athlete
    sessions: list[Session]
    bins: list[dict[str, list[SpeedBin]]]

    @property
    def gear(self) -> set[str]:
        return {session.gear for session in self.sessions}


def group_of(roster: Roster, chosen: Chosen) -> Group:
    """Raises UsageError where the athlete or the session is no longer in the roster."""
    athlete = roster.athletes.get(chosen.athlete)
    if chosen.session is not None:
        session = roster.sessions.get(chosen.session)
        if session.athlete != athlete.id:
            raise UsageError(f"That session is not one of {athlete.name}'s; choose another.")
        sessions = [session]
        name = words.ONE_DAY.format(name=athlete.name, day=session.day)
    else:
        sessions = roster.sessions.all(athlete, since=chosen.since, until=chosen.until)
        name = words.BETWEEN_DAYS.format(name=athlete.name, since=chosen.since, until=chosen.until)
    keys = {session.key for session in sessions}
    runs = roster.history.past_runs(athlete, before=EVER) if keys else []
    return Group(name, athlete, sessions, [run.speed_bins for run in runs if run.key in keys])


def compared(first: Group, second: Group) -> list[Difference]:
    return differences(first.bins, second.bins)


def sentences(found: Sequence[Difference]) -> list[str]:
    """What exceeds its uncertainty, or that nothing does."""
    said = [_sentence(one) for one in found if one.beyond_doubt]
    return said or [words.NONE_BEYOND.format(count=len(found))]


def remarks(first: Group, second: Group) -> list[str]:
    """What must be known to read the differences."""
    said = []
    if first.athlete.id != second.athlete.id:
        said.append(words.OTHER_PEOPLE)
    if len(first.gear | second.gear) > 1:
        said.append(words.OTHER_GEAR)
    return said


def word(one: Difference) -> str:
    """Whether and how the second differs."""
    if not one.beyond_doubt:
        return words.NO_MORE
    return words.IS_HIGHER if one.by > 0.0 else words.IS_LOWER


def runs_said(one: Difference) -> str:
    first, second = (words.ONE_RUN if n == 1 else words.SOME_RUNS.format(n=n) for n in one.runs)
    return words.COMPARED_RUNS.format(first=first, second=second)


def _sentence(one: Difference) -> str:
    row = one.row
    side = "" if one.side == "both" else words.OF_SIDE.format(side=one.side)
    by = f"{number(abs(one.by), row.decimals)} {row.unit}".strip()
    return words.BEYOND.format(
        label=row.label,
        side=side,
        by=by,
        word=word(one),
        uncertainty=number(one.uncertainty, row.decimals),
    )


def latest_curves(
    roster: Roster, group: Group
) -> tuple[Session, dict[str, dict[str, StepCurve]]] | None:
    """The last of the sessions that has an average step, and that."""
    for session in group.sessions[:LOOKED_AT]:
        curves = roster.sessions.summary(session).curves
        if any(curves.values()):
            return session, curves
    return None


def overlaid(
    name: str,
    first: dict[str, dict[str, StepCurve]],
    second: dict[str, dict[str, StepCurve]],
) -> dict[str, list[Curve]]:
    """By foot, the two curves of that name, where both have one."""
    return {
        side: [
            Curve(words.FIRST.lower(), side, first[side][name], beside=True),
            Curve(words.SECOND.lower(), side, second[side][name]),
        ]
        for side in SIDES
        if name in first.get(side, {}) and name in second.get(side, {})
    }


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


def compare_page(state: AppState, asked: Asked) -> None:
    """What the address asks for, and a form to ask for something else."""
    with page(state, words.COMPARE, here=words.COMPARE):
        heading(words.COMPARE)
        paragraph(words.COMPARE_LEAD, "faint")
        people = {one.id: one.name for one in state.roster.athletes.all()}
        if not people:
            paragraph(words.COMPARE_NOBODY)
            return
        today = state.today()
        with ui.element().classes("columns"):
            first = _Half(state, people, words.FIRST, asked.half("a"), today - PERIOD)
            second = _Half(state, people, words.SECOND, asked.half("b"), today)

        def go() -> None:
            query = urlencode({**first.query("a"), **second.query("b")})
            ui.navigate.to(f"/compare?{query}")

        with ui.element():
            ui.button(words.SHOW_DIFFERENCES, on_click=go)
        if asked.a and asked.b:
            _result(
                state, group_of(state.roster, first.chosen), group_of(state.roster, second.chosen)
            )
        else:
            paragraph(words.COMPARE_CHOOSE)


class _Half:
    """The fields of one of the two groups, as the address has them or as is likely meant."""

    def __init__(
        self,
        state: AppState,
        people: dict[int, str],
        title: str,
        asked: tuple[int, str, str, int],
        until: date,
    ) -> None:
        athlete, since, to, session = asked
        self._state = state
        with ui.element().classes("stack-down"):
            heading(title, 2)
            self._athlete = ui.select(
                people,
                value=athlete if athlete in people else None,
                label=words.GROUP_ATHLETE.format(which=title),
                with_input=True,
                on_change=lambda: self._list_sessions(None),
            )
            with ui.element().classes("side-by-side"):
                self._since, self._until = (
                    ui.input(name.format(which=title), value=value)
                    .props("type=date stack-label")
                    .classes("grow")
                    for name, value in (
                        (words.GROUP_FROM, since or (until - PERIOD).isoformat()),
                        (words.GROUP_TO, to or until.isoformat()),
                    )
                )
            self._session = ui.select([], label=words.GROUP_SESSION.format(which=title))
        self._list_sessions(session or None)

    def _list_sessions(self, chosen: int | None) -> None:
        options: dict[int | None, str] = {None: words.ALL_SESSIONS}
        if self._athlete.value is not None:
            athlete = self._state.roster.athletes.get(self._athlete.value)
            for one in self._state.roster.sessions.all(athlete, limit=MOST_SESSIONS):
                time = duration_words(one.duration_s)
                options[one.id] = words.ONE_SESSION.format(day=one.day, time=time)
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
        raise UsageError(words.BAD_DAY.format(what=repr(text))) from None


def _result(state: AppState, first: Group, second: Group) -> None:
    empty = [group for group in (first, second) if not group.sessions]
    with section(words.AT_SAME_SPEEDS):
        for group in empty:
            paragraph(words.GROUP_EMPTY.format(name=group.name))
        if empty:
            return
        found = compared(first, second)
        if not found:
            paragraph(words.NOTHING_COMMON)
            return
        paragraph(words.COMPARED.format(first=first.name, second=second.name))
        for said in sentences(found):
            paragraph(said)
        for remark in remarks(first, second):
            paragraph(remark, "faint")
        columns = [
            Column(words.MEASURE),
            Column(words.FIRST, count=True),
            Column(words.SECOND, count=True),
            Column(words.DIFFERENCE, count=True),
            Column(words.IT_IS, wide=True),
            Column(words.SPEEDS),
        ]
        table(words.AT_SAME_SPEEDS, columns, [_row(one) for one in found])
        paragraph(runs_said(max(found, key=lambda one: sum(one.runs))), "faint")
    _curves(state, first, second)


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


def _curves(state: AppState, first: Group, second: Group) -> None:
    """The average steps of the latest sessions that have one."""
    with section(words.CURVES):
        one, other = (latest_curves(state.roster, group) for group in (first, second))
        if one is None or other is None:
            paragraph(words.NO_CURVES)
            return
        paragraph(words.CURVES_OF.format(first=one[0].day, second=other[0].day), "faint")
        for name in report_words.STEP_PICTURES:
            with ui.element().classes("columns pairs"):
                feet = [
                    step_curves(name, curves, key=f"step-{name}-{side}", foot=side)
                    for side, curves in overlaid(name, one[1], other[1]).items()
                ]
                for drawn in same_axes(feet):
                    figure(drawn)
