"""The checkup in the browser: the questions and the course of `gait checkup`, one at a time.

Every answer is kept as soon as it is given; all of them together are one change to undo.
"""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from gait.app.checkup_storage import kept_of
from gait.dashboard import words
from gait.dashboard.app_state import Desk
from gait.dashboard.checkup_fields import show_fields
from gait.dashboard.layout import folded, heading, page, paragraph
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words
from gait.risk.checkup import CheckupFlow
from gait.risk.question_flow import Step
from gait.risk.questions import load_questions


def checkup_page(desk: Desk, id: int) -> None:
    with page(desk, words.CHECKUP, here=words.ATHLETES):
        _Course(desk, id)


class _Course:
    """The checkup of today, from the question after the last answered one."""

    def __init__(self, desk: Desk, id: int) -> None:
        self._desk = desk
        self._athlete = desk.roster.athletes.get(id)
        self._kept = kept_of(desk.roster, self._athlete, load_questions(), desk.today())
        self._flow = CheckupFlow(
            load_questions(), load_evidence(), self._kept.answers, self._kept.known
        )
        self._can_be_undone = False
        heading(words.CHECKUP_WHOSE.format(name=self._athlete.name))
        if self._kept.remark:
            paragraph(self._kept.remark, "faint")
        self._place = ui.element().classes("stack-down")
        with folded(words.ALL_QUESTIONS):
            self._all = ui.element().classes("stack-down")
        self._show(first=True)

    def _show(self, *, first: bool = False) -> None:
        flow = self._flow
        self._place.clear()
        with self._place:
            if flow.stopped:
                self._warn()
            elif flow.step is None:
                self._end()
            else:
                self._question(flow.step)
        self._all.clear()
        with self._all:
            self._list()
        if not first:
            # what was clicked is gone by now
            self._place.client.run_javascript('document.querySelector("#question")?.focus()')

    def _question(self, step: Step) -> None:
        flow, asked = self._flow, step.asked
        paragraph(
            words.QUESTION_OF.format(section=asked.section, number=flow.number, about=flow.about),
            "faint",
        )
        lead = next(s.lead for s in flow.questionnaire.sections if s.title == asked.section)
        _to_be_read_first(question_text(step))
        paragraph(lead, "faint")
        paragraph(asked.help)
        show_fields(step, flow.value(step), self._put, self._typed)
        with ui.element().classes("side-by-side"):
            self._step(words.SKIP_QUESTION, flow.skip)
            self._step(words.BACK, flow.back).set_enabled(flow.number > 1)
            self._step(words.SKIP_SECTION, flow.skip_section)
            if flow.value(step) is not None:
                self._step(words.TAKE_BACK, self._remove)
            self._to_athlete(words.END_HERE)

    def _step(self, name: str, move: Callable[[], None]) -> ui.button:
        def moved() -> None:
            move()
            self._show()

        return ui.button(name, on_click=moved).props("flat")

    def _put(self, value: Any) -> None:
        self._flow.put(value)
        self._keep()
        self._show()

    def _typed(self, text: str) -> None:
        self._flow.answer(text)
        self._keep()
        self._show()

    def _remove(self) -> None:
        self._flow.remove()
        self._keep()

    def _keep(self) -> None:
        if self._can_be_undone:
            self._kept.keep(self._flow.answers)
            return
        did = words.CHECKUP_TAKEN.format(day=self._desk.today())
        with self._desk.doing(did, self._athlete):
            self._kept.keep(self._flow.answers)
        self._can_be_undone = True

    def _warn(self) -> None:
        """A warning sign was answered with yes: what to do, before anything else."""
        flow = self._flow
        with ui.element().classes("warn").props("role=alert"):
            _to_be_read_first(words.FIRST_OF_ALL)
            for key, flag in flow.table.red_flags.items():
                if key in flow.raised:
                    paragraph(words.YES_TO.format(question=flag.question))
            for warning in flow.warnings:
                paragraph(warning, "strong")
        paragraph(words.OTHERS_CAN_WAIT)
        with ui.element().classes("side-by-side"):
            self._to_athlete(words.END_HERE)
            self._step(words.GO_ON, flow.go_on)

    def _end(self) -> None:
        flow = self._flow
        said = flow.questionnaire.words
        _to_be_read_first(words.LAST_QUESTION)
        for warning in flow.warnings:
            paragraph(warning, "warn")
        if flow.warnings:
            paragraph(said["stopped"])
        paragraph(said["thanks"].format(answered=flow.answered, asked=len(flow.steps)))
        paragraph(said["not_again"])
        with ui.element().classes("side-by-side"):
            self._to_athlete(words.BACK_TO.format(name=self._athlete.name))
            self._step(words.BACK, flow.back)

    def _list(self) -> None:
        """Every question with its answer; a click goes there."""
        for number, step in enumerate(self._flow.steps, 1):
            value = self._flow.value(step)
            answer = words.NOT_ANSWERED if value is None else in_words(step, value)
            text = f"{number}. {question_text(step)} {answer}"
            self._step(text, lambda number=number: self._flow.go(number)).classes("listed")

    def _to_athlete(self, name: str) -> None:
        ui.link(name, f"/athlete/{self._athlete.id}").classes("as-button")


def question_text(step: Step) -> str:
    """A question with what it is about."""
    return f"{step.about}: {step.asked.text}" if step.about else step.asked.text


def _to_be_read_first(text: str) -> None:
    """The heading that gets the focus, so that it is what is read next."""
    heading(text, 2).props("id=question tabindex=-1")
