"""Beside a session of somebody who was never asked: the few questions that would change most."""

from functools import partial

from nicegui import ui
from nicegui.events import KeyEventArguments

from gait.athletes.checkup_storage import kept_of
from gait.dashboard import words
from gait.dashboard.layout import paragraph, section
from gait.dashboard.state import AppState
from gait.model import Summary
from gait.risk import load_evidence
from gait.risk.first_questions import FirstQuestion, first_questions
from gait.risk.questions import load_questions
from gait.roster import Athlete, Session


def add_first_questions(
    state: AppState, athlete: Athlete, session: Session, summary: Summary
) -> None:
    """One question at a time, each with its keys; every answer is kept and can be undone."""
    assessment = summary.assessment
    if assessment is None or assessment.stop or assessment.history_known:
        return
    _Card(state, athlete, session)


class _Card:
    def __init__(self, state: AppState, athlete: Athlete, session: Session) -> None:
        self._state, self._athlete = state, athlete
        self._kept = kept_of(state.roster, athlete, load_questions(), state.today())
        km = None if session.metres is None else session.metres / 1000.0
        self._left = first_questions(self._kept.answers, km, load_evidence(), load_questions())
        if not self._left:
            return
        with section(words.FIRST_QUESTIONS.format(count=len(self._left))):
            paragraph(words.FIRST_QUESTIONS_LEAD, "faint")
            self._place = ui.element().classes("stack-down")
        self._keyboard = ui.keyboard(self._key, ignore=["input", "select", "textarea", "button"])
        self._show()

    def _show(self) -> None:
        self._place.clear()
        if not self._left:
            ui.navigate.reload()
            return
        question = self._left[0]
        with self._place:
            paragraph(question.text, "strong")
            with ui.element().classes("side-by-side keyed"):
                for option in question.options:
                    answer = partial(self._answer, question, option.key)
                    with ui.button(on_click=answer).props("outline"):
                        ui.html(option.key, sanitize=False, tag="kbd")
                        ui.label(option.text)
                ui.button(words.SKIP_QUESTION, on_click=self._skip).props("flat")

    def _key(self, event: KeyEventArguments) -> None:
        if event.action.keydown and not event.action.repeat and self._left:
            self._answer(self._left[0], str(event.key.name).lower())

    def _answer(self, question: FirstQuestion, key: str) -> None:
        answers = self._kept.answers
        if not question.put(answers, key):
            return
        done = words.ANSWERED_FIRST.format(question=question.text)
        with self._state.doing(done, self._athlete):
            self._kept.keep(answers)
        self._skip()

    def _skip(self) -> None:
        self._left = self._left[1:]
        self._show()
