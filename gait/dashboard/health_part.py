"""What the latest checkup and the last session say of an athlete, warning signs first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import ui

from gait.app.reassess import reassessed
from gait.dashboard import words
from gait.dashboard.athlete_context import Visit
from gait.dashboard.dialogs import asked
from gait.dashboard.fields import line
from gait.dashboard.layout import folded, paragraph, section
from gait.dashboard.worker import in_other_process
from gait.model import GaitError
from gait.report.assessment_html import assessment_html
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions
from gait.roster import Checkup, Roster


class HealthPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        with section(words.CHECKUP):
            self._checkups = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.link(words.TAKE_CHECKUP, f"/athlete/{visit.id}/checkup").classes("as-button")
        self._assessment = ui.element()
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
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
                ui.html(assessment_html(reassessed(roster, last).assessment), sanitize=False)

    def _line(self, checkup: Checkup) -> None:
        said = words.CHECKUP_ON.format(day=checkup.taken_on)
        line(said, said, {words.DELETE: lambda: self._ask_to_delete(checkup)})

    def _ask_to_delete(self, checkup: Checkup) -> None:
        desk = self._visit.desk
        title = words.DELETE_CHECKUP.format(day=checkup.taken_on)
        with asked(title, words.DELETE_FOR_GOOD, grave=True) as dialog:
            paragraph(words.NO_UNDO)

            async def delete() -> None:
                dialog.button.text = words.DELETING
                await in_other_process(delete_in_file, desk.roster.path, checkup.id)
                desk.forget_undos()
                self._visit.redraw()

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
