"""An athlete's weeks of training, and runs told by hand."""

from markupsafe import Markup
from nicegui import ui

from gait.dashboard import words
from gait.dashboard.athlete_context import Visit
from gait.dashboard.dialogs import asked
from gait.dashboard.fields import day_field, day_of, line
from gait.dashboard.layout import paragraph, section
from gait.dashboard.tables import Cell, Column, table_html
from gait.roster import KeptRun, LoggedRun, TrainingWeek

WEEKS = 12
SHOWN_LOGGED = 8

COLUMNS = (
    Column(words.WEEK_OF),
    Column(words.KM, count=True),
    Column(words.RUNS, count=True),
    Column(words.LONGEST, count=True),
    Column(words.KM_BAR),
)


class TrainingPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        with section(words.TRAINING):
            self._weeks = ui.html(sanitize=False)
            paragraph(words.BAR_EXPLAINED, "faint")
            self._logged = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.button(words.LOG_RUN, on_click=self._ask).props("outline")
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        weeks = roster.history.weeks(athlete, until=self._visit.desk.today(), count=WEEKS)
        self._weeks.content = weeks_html(weeks)
        logged = roster.diary.logged(athlete)
        models = {shoe.id: shoe.model for shoe in roster.shoes.all(athlete)}
        of_others = {run.id: run for run in roster.foreign.all(athlete)}
        self._logged.clear()
        with self._logged:
            for run in logged[:SHOWN_LOGGED]:
                self._line(run, models.get(run.shoe or -1, ""), of_others.get(run.id))
            if len(logged) > SHOWN_LOGGED:
                paragraph(words.MORE_LOGGED.format(count=len(logged) - SHOWN_LOGGED), "faint")

    def _line(self, run: LoggedRun, shoe: str, foreign: KeptRun | None) -> None:
        said, more = run_words(run, shoe), ""
        if foreign is not None:
            said += ", " + words.FROM_MAKER.format(maker=foreign.maker, source=foreign.source)
            not_counted = [] if foreign.counted else [words.NOT_COUNTED]
            more = " ".join([*not_counted, *foreign.remarks])
        line(said, said, {words.DELETE: lambda: self._unlog(run)}, more=more)

    def _unlog(self, run: LoggedRun) -> None:
        with self._visit.doing(words.UNLOGGED.format(day=run.day)):
            self._visit.desk.roster.diary.unlog(run)

    def _ask(self) -> None:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        shoes = {shoe.id: shoe for shoe in roster.shoes.all(athlete) if shoe.retired is None}
        only = roster.shoes.only(athlete)
        with asked(words.LOG_RUN, words.LOG) as dialog:
            day = day_field(words.DAY, self._visit.desk.today())
            km = ui.number(words.KM_FIELD)
            minutes = ui.number(words.MINUTES_FIELD)
            models = {None: words.NO_SHOE, **{id: shoe.model for id, shoe in shoes.items()}}
            worn = ui.select(models, value=only.id if only else None, label=words.SHOE)

            def log() -> None:
                on = day_of(day)
                with self._visit.doing(words.LOGGED.format(day=on)):
                    roster.diary.log(
                        athlete, on, km=km.value, minutes=minutes.value, shoe=shoes.get(worn.value)
                    )

            dialog.does(log)


def weeks_html(weeks: list[TrainingWeek]) -> str:
    """A table with a bar for each week, of one common scale."""
    most = max((week.km for week in weeks), default=0.0) or 1.0
    return table_html(
        words.TRAINING, COLUMNS, (_week(week, most) for week in reversed(weeks)), "bars"
    )


def run_words(run: LoggedRun, shoe: str) -> str:
    """A logged run, in one line."""
    parts = [
        str(run.day),
        "" if run.km is None else words.SOME_KM.format(km=round(run.km, 2)),
        "" if run.minutes is None else words.SOME_MINUTES.format(minutes=round(run.minutes, 1)),
        shoe,
        "" if run.maker is None else words.BY_MAKER.format(maker=run.maker),
    ]
    return ", ".join(part for part in parts if part)


def _week(week: TrainingWeek, most: float) -> list[Cell]:
    longest = week.longest_km or 0.0
    bar = Markup(
        '<span class="bar" style="width: {:.1f}%"><span style="width: {:.1f}%"></span></span>'
    ).format(100.0 * week.km / most, 100.0 * longest / week.km if week.km else 0.0)
    more = words.AT_LEAST if week.uncounted else ""
    return [
        str(week.begins),
        f"{more}{week.km:.1f}",
        str(week.runs),
        words.UNKNOWN if week.longest_km is None else f"{week.longest_km:.1f}",
        bar if week.km else "",
    ]
