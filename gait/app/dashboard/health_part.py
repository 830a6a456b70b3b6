"""What the last session and the latest checkup say of an athlete, warning signs first."""

from nicegui import ui

from gait.app.assessed import assessed
from gait.app.dashboard import words
from gait.app.dashboard.layout import paragraph, section
from gait.app.dashboard.visit import Visit
from gait.report.assessment_html import assessment_html
from gait.risk import load_evidence
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions
from gait.roster import Checkup


class HealthPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        with section(words.CHECKUP):
            self._checkup = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.link(words.TAKE_CHECKUP, f"/athlete/{visit.id}/checkup").classes("as-button")
        self._assessment = ui.html(sanitize=False)
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        checkups = roster.checkups.all(athlete)
        self._checkup.clear()
        with self._checkup:
            if checkups:
                self._latest(checkups[0])
            else:
                paragraph(words.NO_CHECKUP)
        last = roster.sessions.all(athlete, limit=1)
        self._assessment.content = (
            assessment_html(assessed(roster, last[0]).assessment) if last else ""
        )

    def _latest(self, checkup: Checkup) -> None:
        flow = CheckupFlow(load_questions(), load_evidence(), checkup.answers)
        for warning in flow.warnings:
            paragraph(warning, "warn")
        paragraph(
            words.CHECKUP_OF.format(
                day=checkup.taken_on, answered=flow.answered, asked=len(flow.steps)
            )
        )
