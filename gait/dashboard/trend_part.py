"""An athlete's trends: one measure at a time, over weeks."""

from datetime import date, timedelta
from string import ascii_uppercase

from nicegui import ui

from gait.app.reassess import names_measured, trend
from gait.compare.compared_measures import BY_MEASURE
from gait.dashboard import charts, words
from gait.dashboard.athlete_context import Visit
from gait.dashboard.chart_element import Picture
from gait.dashboard.layout import paragraph, section
from gait.dashboard.trends import (
    MOST_MARKS,
    SIDES,
    Mark,
    Trend,
    as_it_was,
    at_usual_speed,
    marks,
    of_others,
)
from gait.measures.session_table import ROWS
from gait.model import PastRun
from gait.risk import load_evidence
from gait.roster import KeptRun, TrendPoint
from gait.roster.moments import now
from gait.text import pace

WEEKS = {12: words.WEEKS_12, 26: words.WEEKS_26, 52: words.WEEKS_52, 104: words.WEEKS_104}
LETTERS = ascii_uppercase[:MOST_MARKS]  # at the marks in the picture, explained below it
AT_SPEED, AS_WAS = "at speed", "as was"
HOWS = {AT_SPEED: words.AT_USUAL_SPEED, AS_WAS: words.AS_IT_WAS}


class TrendPart:
    """Built once a visit; `fill` shows what is chosen, from what is kept by then."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._runs: list[PastRun] = []
        self._others: list[KeptRun] = []
        visit.parts.append(self.fill)
        with section(words.TRENDS):
            with ui.element().classes("side-by-side") as self._choices:
                self._measure = ui.select([], label=words.MEASURE, on_change=self._draw)
                self._how = ui.select(HOWS, value=AT_SPEED, label=words.VALUES)
                self._weeks = ui.select(WEEKS, value=26, label=words.TIME)
            self._measure.classes("choice")
            for choice in (self._how, self._weeks):
                choice.classes("choice").on_value_change(self.fill)
            self._picture = ui.element()
            self._note = ui.label().classes("faint")
        self.fill()

    def fill(self) -> None:
        """Everything anew, as sessions may have come or gone."""
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        last = roster.sessions.all(athlete, limit=1)
        self._others = roster.foreign.all(athlete, since=self._since())
        measured = names_measured(roster, last[0]) if last else set[str]()
        offered = _offered(measured | {told.name for run in self._others for told in run.measures})
        chosen = (
            self._measure.value if self._measure.value in offered else next(iter(offered), None)
        )
        self._runs = roster.history.past_runs(
            athlete, before=now(), since=self._since().isoformat()
        )
        self._choices.set_visibility(bool(offered))
        self._measure.set_options(offered, value=chosen)
        self._draw()

    def _since(self) -> date:
        return self._visit.desk.today() - timedelta(weeks=self._weeks.value)

    def _draw(self) -> None:
        self._picture.clear()
        measure = self._measure.value
        if measure is None:
            self._note.text = words.NO_TRENDS
            return
        found, notes = self._trend(measure)
        self._note.text = " ".join(notes)
        if not found.lines:
            return
        row, happened = ROWS[measure], self._marks()
        chart = charts.trend(
            row.label,
            row.unit,
            row.decimals,
            found.lines,
            usual=found.usual,
            marks=[(day, LETTERS[n]) for n, (day, _) in enumerate(happened)],
        )
        with self._picture:
            Picture(chart, height_rem=20.0)
            for letter, (day, what) in zip(LETTERS, happened, strict=False):
                paragraph(words.MARK.format(letter=letter, day=day, what=what), "faint")

    def _trend(self, measure: str) -> tuple[Trend, list[str]]:
        """What was chosen; where there is nothing at one speed, what was measured at any."""
        if self._how.value == AT_SPEED:
            found = at_usual_speed(measure, self._runs)
            if found.lines:
                return found, [_speed(found), words.BAND if found.usual else words.NO_BAND]
        points = {side: self._points(measure, side) for side in SIDES}
        found = as_it_was(measure, points)
        others = of_others(measure, self._others)
        found.lines.extend(others)
        if self._how.value == AT_SPEED and found.lines:
            return found, [words.NOT_AT_SPEED, *([words.OF_OTHERS] if others else [])]
        notes = [words.AT_ANY_SPEED if found.lines else words.NO_VALUES]
        return found, [*notes, *([words.OF_OTHERS] if others else [])]

    def _points(self, measure: str, side: str) -> list[TrendPoint]:
        visit = self._visit
        return trend(visit.desk.roster, visit.athlete, measure, side, since=self._since())

    def _marks(self) -> list[Mark]:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        return marks(
            roster.sessions.all(athlete),
            roster.shoes.all(athlete),
            roster.checkups.all(athlete),
            load_evidence(),
            self._since(),
        )


def _speed(trend: Trend) -> str:
    speed = trend.speed_m_s or 0.0
    return words.SPEED_OF_TREND.format(speed=speed, pace=pace(speed))


def _offered(measured: set[str]) -> dict[str, str]:
    """Those that are compared with earlier runs first."""
    names = [name for name in (*BY_MEASURE, *ROWS) if name in measured and name in ROWS]
    return {name: f"{ROWS[name].label} ({ROWS[name].unit})" for name in dict.fromkeys(names)}
