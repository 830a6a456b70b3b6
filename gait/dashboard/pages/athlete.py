"""The page of one athlete: everything that is kept of them, and everything that can be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from nicegui import ui

from gait.athletes.reassess import reassessed, verdicts
from gait.athletes.roster_tables import duration, how_different
from gait.dashboard import words
from gait.dashboard.alerts import WORN_OUT, Reason, reasons
from gait.dashboard.forms import Pager, asked, day_field, day_of, line
from gait.dashboard.jobs import in_other_process
from gait.dashboard.layout import folded, heading, page, paragraph, section
from gait.dashboard.pages.athlete_actions import ask_to_delete, edit_athlete, merge_person
from gait.dashboard.pages.imports import ImportPart
from gait.dashboard.pages.trends import TrendPart
from gait.dashboard.state import AppState, AthleteContext
from gait.dashboard.tables import Cell, Column, fragments, link, points, safe, table_html
from gait.model import GaitError
from gait.model.history import Verdict
from gait.report.html import assessment_html
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words
from gait.risk.checkup import CheckupFlow
from gait.risk.load import shoe_life
from gait.risk.questions import load_questions
from gait.roster import (
    Athlete,
    Checkup,
    Goal,
    KeptRun,
    LoggedRun,
    Note,
    Roster,
    Session,
    Shoe,
    TrainingWeek,
)
from gait.text import UNKNOWN


def athlete_page(state: AppState, id: int) -> None:
    """Built anew for each context."""
    with page(state, words.ATHLETE, here=words.ATHLETES):
        context = AthleteContext(state, id)
        _Head(context)
        TrendPart(context)
        TrainingPart(context)
        SessionsPart(context)
        with section(words.ADD_SESSIONS):
            ImportPart(state, id, context.redraw)
        HealthPart(context)
        ShoesPart(context)
        DiaryPart(context)


class _Head:
    """Who it is, why to look, and what can be done with the person."""

    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        self._who = ui.element()
        with ui.element().classes("side-by-side"):
            ui.button(words.EDIT, on_click=self._edit).props("outline icon=edit")
            with ui.button(words.MORE).props("outline icon-right=expand_more"), ui.menu():
                ui.menu_item(words.DOWNLOAD, lambda: self._download(recordings=False))
                ui.menu_item(words.DOWNLOAD_ALL, lambda: self._download(recordings=True))
                ui.menu_item(words.MERGE_MORE, self._merge)
                ui.separator()
                ui.menu_item(words.DELETE_MORE, self._delete).classes("deletes")
        self._why = ui.html(sanitize=False).classes("card")
        self.fill()

    def fill(self) -> None:
        athlete = self._context.athlete
        ui.page_title(f"{athlete.name} · {words.NAME}")
        self._who.clear()
        with self._who:
            heading(athlete.name)
            paragraph(about(athlete), "faint")
        why = self._reasons()
        self._why.content = str(safe(points([r.text for r in why], [r.kind for r in why])))
        self._why.set_visibility(bool(why))

    def _reasons(self) -> tuple[Reason, ...]:
        roster, today = self._context.state.roster, self._context.state.today()
        standing = next(o for o in roster.overview(today) if o.athlete == self._context.id)
        lately = next(o for o in roster.lately() if o.athlete == self._context.id)
        last = [] if standing.last is None else [standing.last]
        verdict = next(iter(verdicts(roster, last).values()), Verdict())
        return reasons(standing, lately, verdict, today, load_evidence())

    def _edit(self) -> None:
        edit_athlete(self._context.state, self._context.athlete, self._context.redraw)

    def _merge(self) -> None:
        merge_person(self._context.state, self._context.athlete, self._context.redraw)

    def _delete(self) -> None:
        ask_to_delete(self._context.state, self._context.athlete)

    def _download(self, *, recordings: bool) -> None:
        asked = "?recordings=yes" if recordings else ""
        ui.download.from_url(f"/athlete/{self._context.id}/archive{asked}")


def about(athlete: Athlete) -> str:
    """What is known of a person, in one line."""
    known = (
        words.BODY_HEIGHT.format(athlete.height_m) if athlete.height_m else "",
        words.BODY_MASS.format(athlete.mass_kg) if athlete.mass_kg else "",
        words.BORN_IN.format(athlete.birth_year) if athlete.birth_year else "",
        athlete.sex or "",
        words.IN_GROUPS.format(", ".join(athlete.groups)) if athlete.groups else "",
    )
    return ", ".join(filter(None, known)) or words.NOTHING_KNOWN


WEEKS = 12
SHOWN_LOGGED = 8

WEEK_COLUMNS = (
    Column(words.WEEK_OF),
    Column(words.KM, count=True),
    Column(words.RUNS, count=True),
    Column(words.LONGEST, count=True),
    Column(words.KM_BAR),
)


class TrainingPart:
    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        with section(words.TRAINING):
            self._weeks = ui.html(sanitize=False)
            paragraph(words.BAR_EXPLAINED, "faint")
            self._logged = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.button(words.LOG_RUN, on_click=self._ask).props("outline")
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._context.state.roster, self._context.athlete
        weeks = roster.history.weeks(athlete, until=self._context.state.today(), count=WEEKS)
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
        with self._context.doing(words.UNLOGGED.format(day=run.day)):
            self._context.state.roster.diary.unlog(run)

    def _ask(self) -> None:
        roster, athlete = self._context.state.roster, self._context.athlete
        shoes = {shoe.id: shoe for shoe in roster.shoes.all(athlete) if shoe.retired is None}
        only = roster.shoes.only(athlete)
        with asked(words.LOG_RUN, words.LOG) as dialog:
            day = day_field(words.DAY, self._context.state.today())
            km = ui.number(words.KM_FIELD)
            minutes = ui.number(words.MINUTES_FIELD)
            models = {None: words.NO_SHOE, **{id: shoe.model for id, shoe in shoes.items()}}
            worn = ui.select(models, value=only.id if only else None, label=words.SHOE)

            def log() -> None:
                on = day_of(day)
                with self._context.doing(words.LOGGED.format(day=on)):
                    roster.diary.log(
                        athlete, on, km=km.value, minutes=minutes.value, shoe=shoes.get(worn.value)
                    )

            dialog.does(log)


def weeks_html(weeks: list[TrainingWeek]) -> str:
    """A table with a bar for each week, of one common scale."""
    most = max((week.km for week in weeks), default=0.0) or 1.0
    return table_html(
        words.TRAINING, WEEK_COLUMNS, (_week(week, most) for week in reversed(weeks)), "bars"
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
    bar = fragments().bar(100.0 * week.km / most, 100.0 * longest / week.km if week.km else 0.0)
    more = words.AT_LEAST if week.uncounted else ""
    return [
        str(week.begins),
        f"{more}{week.km:.1f}",
        str(week.runs),
        UNKNOWN if week.longest_km is None else f"{week.longest_km:.1f}",
        bar if week.km else "",
    ]


PAGE_ROWS = 15
SESSION_COLUMNS = (
    Column(words.DAY),
    Column(words.DURATION, count=True),
    Column(words.KM, count=True),
    Column(words.SHOE),
    Column(words.IT_WAS),
    Column(words.NOTES, wide=True),
)


class SessionsPart:
    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        with section(words.SESSIONS):
            self._table = ui.html(sanitize=False)
            self._none = ui.label(words.NO_SESSIONS)
            self._pager = Pager(PAGE_ROWS, words.SESSIONS, self.fill)
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._context.state.roster, self._context.athlete
        sessions = roster.sessions.all(athlete)
        models = {shoe.id: shoe.model for shoe in roster.shoes.all(athlete)}
        shown = sessions[self._pager.rows]
        differs = verdicts(roster, [session.id for session in shown])
        rows = [_row(session, models, differs[session.id]) for session in shown]
        self._table.content = table_html(words.SESSIONS, SESSION_COLUMNS, rows) if rows else ""
        self._none.set_visibility(not sessions)
        self._pager.tell(len(sessions))


def _row(session: Session, models: dict[int, str], verdict: Verdict) -> list[Cell]:
    return [
        link(str(session.day), f"/session/{session.id}"),
        duration(session.duration_s),
        UNKNOWN if session.metres is None else f"{session.metres / 1000:.2f}",
        models.get(session.shoe or -1, UNKNOWN),
        how_different(verdict),
        session.notes,
    ]


class HealthPart:
    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        with section(words.CHECKUP):
            self._checkups = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.link(words.TAKE_CHECKUP, f"/athlete/{context.id}/checkup").classes("as-button")
        self._assessment = ui.element()
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._context.state.roster, self._context.athlete
        checkups = roster.checkups.all(athlete)
        self._checkups.clear()
        with self._checkups:
            if not checkups:
                paragraph(words.NO_CHECKUP)
            for number, checkup in enumerate(checkups):
                if number == 0:
                    with _as_far_as_possible():
                        show_checkup(checkup)
                self._line(checkup)
        self._assessment.clear()
        with self._assessment, _as_far_as_possible():
            for last in roster.sessions.all(athlete, limit=1):
                paragraph(words.ASSESSED.format(day=last.day), "faint")
                summary = reassessed(roster, last)
                drawn = assessment_html(summary.assessment, summary.structures)
                ui.html(drawn, sanitize=False)

    def _line(self, checkup: Checkup) -> None:
        said = words.CHECKUP_ON.format(day=checkup.taken_on)
        line(said, said, {words.DELETE: lambda: self._ask_to_delete(checkup)})

    def _ask_to_delete(self, checkup: Checkup) -> None:
        state = self._context.state
        title = words.DELETE_CHECKUP.format(day=checkup.taken_on)
        with asked(title, words.DELETE_FOR_GOOD, grave=True) as dialog:
            paragraph(words.NO_UNDO)

            async def delete() -> None:
                dialog.button.text = words.DELETING
                await in_other_process(delete_in_file, state.roster.path, checkup.id)
                state.forget_undos()
                self._context.redraw()

            dialog.does(delete)


def show_checkup(checkup: Checkup) -> None:
    """What the answers warn of, and each of them folded. Raises InputError where a question of
    today does not know them."""
    flow = CheckupFlow(load_questions(), load_evidence(), checkup.answers)
    for warning in flow.warnings:
        paragraph(warning, "warn strong")
    said = words.CHECKUP_OF.format(
        day=checkup.taken_on, answered=flow.answered, asked=len(flow.steps)
    )
    with folded(said), ui.element("dl"):
        for step in flow.steps:
            value = flow.value(step)
            if value is not None:
                about = f"{step.about}: {step.asked.text}" if step.about else step.asked.text
                with ui.element("dt"):
                    ui.label(about)
                with ui.element("dd"):
                    ui.label(in_words(step, value))


def delete_in_file(roster_file: Path, id: int) -> None:
    """In a process of its own, as cleaning a large file takes its time."""
    with Roster(roster_file) as roster:
        roster.checkups.delete(roster.checkups.get(id))


@contextmanager
def _as_far_as_possible() -> Iterator[None]:
    """What cannot be shown is said, and the rest of the page stands."""
    try:
        yield
    except GaitError as error:
        paragraph(str(error), "warn")


class ShoesPart:
    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        with section(words.SHOES):
            self._list = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.button(words.ADD_SHOE, on_click=lambda: self._ask(None)).props("outline")
        self.fill()

    def fill(self) -> None:
        shoes = self._context.state.roster.shoes.all(self._context.athlete)
        self._list.clear()
        with self._list:
            if not shoes:
                paragraph(words.NO_SHOES)
            for shoe in shoes:
                self._line(shoe)

    def _line(self, shoe: Shoe) -> None:
        actions = {words.EDIT: lambda: self._ask(shoe), words.DELETE: lambda: self._delete(shoe)}
        if shoe.retired is None:
            actions = {words.RETIRE: lambda: self._retire(shoe)} | actions
        today = self._context.state.today()
        more = f"{worn_words(shoe)} {life_words(shoe, today)}".strip()
        line(shoe_words(shoe), shoe.model, actions, more=more)

    def _retire(self, shoe: Shoe) -> None:
        roster, today = self._context.state.roster, self._context.state.today()
        with self._context.doing(words.RETIRED.format(shoe=shoe.model)):
            roster.shoes.edit(replace(shoe, retired=today))

    def _delete(self, shoe: Shoe) -> None:
        with self._context.doing(words.DELETED.format(what=shoe.model)):
            self._context.state.roster.shoes.delete(shoe)

    def _ask(self, shoe: Shoe | None) -> None:
        shoes, athlete = self._context.state.roster.shoes, self._context.athlete
        known = shoe or Shoe(id=-1, uid="", model="")
        title = words.EDIT_WHAT.format(what=known.model) if shoe else words.ADD_SHOE
        with asked(title, words.SAVE if shoe else words.ADD) as dialog:
            model = ui.input(words.MODEL_FIELD, value=known.model).props("autofocus")
            since = day_field(words.SINCE_FIELD, known.since)
            before = ui.number(words.KM_BEFORE_FIELD, value=known.km_before)
            in_use = ui.checkbox(words.IN_USE, value=known.retired is None)
            in_use.set_visibility(shoe is not None)

            def keep() -> None:
                first = day_of(since) if since.value else None
                name, km = model.value or "", before.value or 0.0
                done = words.EDITED if shoe else words.ADDED
                with self._context.doing(done.format(name=name)):
                    if shoe is None:
                        shoes.add(athlete, name, since=first, km_before=km)
                        return
                    today = self._context.state.today()
                    retired = None if in_use.value else shoe.retired or today
                    changed = {"model": name, "since": first, "km_before": km, "retired": retired}
                    shoes.edit(replace(shoe, **changed))

            dialog.does(keep)


def shoe_words(shoe: Shoe) -> str:
    """A pair in one line."""
    more = words.AT_LEAST if shoe.uncounted else ""
    parts = [
        words.SHOE_LINE.format(shoe=shoe.model, km=f"{more}{shoe.km:.0f}"),
        words.SHOE_SINCE.format(day=shoe.since) if shoe.since else "",
        words.SHOE_RETIRED.format(day=shoe.retired) if shoe.retired else "",
    ]
    return ", ".join(part for part in parts if part)


def worn_words(shoe: Shoe) -> str:
    """What the evidence table says of a pair in use that was run in far; empty for others."""
    factor = load_evidence().factors[WORN_OUT]
    if shoe.retired is not None or shoe.km <= (factor.threshold or 0.0):
        return ""
    says = factor.says.format(shoe_km=shoe.km)
    return f"{says[:1].upper()}{says[1:]}."


def life_words(shoe: Shoe, today: date) -> str:
    """How long 500 miles last at what is run in this pair; empty where that is not known."""
    if (
        shoe.retired is not None
        or shoe.since is None
        or (today - shoe.since).days < LEAST_SHOE_DAYS
    ):
        return ""
    weekly_km = 7.0 * (shoe.km - shoe.km_before) / (today - shoe.since).days
    return shoe_life(shoe.km, weekly_km, of_pair=True).strip()


LEAST_SHOE_DAYS = 21  # worn, before they tell how far they are run in a week
SHOWN_NOTES = 20


class DiaryPart:
    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        context.parts.append(self.fill)
        with section(words.DIARY), ui.element().classes("columns"):
            with ui.element().classes("stack-down"):
                heading(words.NOTES, 3)
                self._note = ui.textarea(words.NOTE_FIELD).props("autogrow rows=1")
                ui.button(words.ADD_NOTE, on_click=self._add_note).props("outline")
                self._notes = ui.element().classes("stack-down")
            with ui.element().classes("stack-down"):
                heading(words.GOALS, 3)
                self._goal = ui.input(words.GOAL_FIELD).on("keydown.enter", self._set_goal)
                self._due = day_field(words.DUE_FIELD, None)
                ui.button(words.SET_GOAL, on_click=self._set_goal).props("outline")
                self._goals = ui.element().classes("stack-down")
        self.fill()

    def fill(self) -> None:
        diary, athlete = self._context.state.roster.diary, self._context.athlete
        notes = diary.notes(athlete)
        self._notes.clear()
        with self._notes:
            for note in notes[:SHOWN_NOTES]:
                said = f"{note.day}: {note.text}"
                line(said, note.text, {words.DELETE: partial(self._delete_note, note)})
            if len(notes) > SHOWN_NOTES:
                paragraph(words.MORE_NOTES.format(count=len(notes) - SHOWN_NOTES), "faint")
        self._goals.clear()
        with self._goals:
            for goal in diary.goals(athlete):
                self._goal_line(goal)

    def _add_note(self) -> None:
        state = self._context.state
        with self._context.doing(words.NOTED):
            state.roster.diary.note(self._context.athlete, state.today(), self._note.value or "")
        self._note.value = ""

    def _set_goal(self) -> None:
        due = day_of(self._due) if self._due.value else None
        with self._context.doing(words.GOAL_SET):
            self._context.state.roster.diary.set_goal(
                self._context.athlete, self._goal.value or "", due
            )
        self._goal.value = self._due.value = ""

    def _goal_line(self, goal: Goal) -> None:
        actions = {words.DELETE: lambda: self._delete_goal(goal)}
        if goal.reached is None:
            actions = {words.REACHED: lambda: self._reach(goal)} | actions
        line(goal_words(goal), goal.text, actions)

    def _delete_note(self, note: Note) -> None:
        with self._context.doing(words.NOTE_DELETED):
            self._context.state.roster.diary.delete_note(note)

    def _reach(self, goal: Goal) -> None:
        with self._context.doing(words.GOAL_REACHED):
            self._context.state.roster.diary.reach_goal(goal, self._context.state.today())

    def _delete_goal(self, goal: Goal) -> None:
        with self._context.doing(words.GOAL_DELETED):
            self._context.state.roster.diary.delete_goal(goal)


def goal_words(goal: Goal) -> str:
    """A goal in one line."""
    due = words.GOAL_DUE.format(day=goal.due) if goal.due else ""
    reached = words.GOAL_REACHED_ON.format(day=goal.reached) if goal.reached else ""
    return ", ".join(part for part in (goal.text, due, reached) if part)
