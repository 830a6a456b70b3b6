"""Notes and goals of an athlete."""

from functools import partial

from nicegui import ui

from gait.dashboard import words
from gait.dashboard.athlete_context import Visit
from gait.dashboard.fields import day_field, day_of, line
from gait.dashboard.layout import heading, paragraph, section
from gait.roster import Goal, Note

SHOWN_NOTES = 20


class DiaryPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
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
        diary, athlete = self._visit.desk.roster.diary, self._visit.athlete
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
        desk = self._visit.desk
        with self._visit.doing(words.NOTED):
            desk.roster.diary.note(self._visit.athlete, desk.today(), self._note.value or "")
        self._note.value = ""

    def _set_goal(self) -> None:
        due = day_of(self._due) if self._due.value else None
        with self._visit.doing(words.GOAL_SET):
            self._visit.desk.roster.diary.set_goal(self._visit.athlete, self._goal.value or "", due)
        self._goal.value = self._due.value = ""

    def _goal_line(self, goal: Goal) -> None:
        actions = {words.DELETE: lambda: self._delete_goal(goal)}
        if goal.reached is None:
            actions = {words.REACHED: lambda: self._reach(goal)} | actions
        line(goal_words(goal), goal.text, actions)

    def _delete_note(self, note: Note) -> None:
        with self._visit.doing(words.NOTE_DELETED):
            self._visit.desk.roster.diary.delete_note(note)

    def _reach(self, goal: Goal) -> None:
        with self._visit.doing(words.GOAL_REACHED):
            self._visit.desk.roster.diary.reach_goal(goal, self._visit.desk.today())

    def _delete_goal(self, goal: Goal) -> None:
        with self._visit.doing(words.GOAL_DELETED):
            self._visit.desk.roster.diary.delete_goal(goal)


def goal_words(goal: Goal) -> str:
    """A goal in one line."""
    due = words.GOAL_DUE.format(day=goal.due) if goal.due else ""
    reached = words.GOAL_REACHED_ON.format(day=goal.reached) if goal.reached else ""
    return ", ".join(part for part in (goal.text, due, reached) if part)
