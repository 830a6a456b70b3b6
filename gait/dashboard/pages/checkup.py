"""The checkup in the browser: the questions and the course of `gait checkup`, one at a time.

Every answer is kept as soon as it is given; all of them together are one change to undo.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from gait.athletes.checkup_storage import kept_of
from gait.dashboard import words
from gait.dashboard.layout import folded, heading, page, paragraph
from gait.dashboard.state import AppState
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words
from gait.risk.checkup import CheckupFlow
from gait.risk.question_flow import Item, Step
from gait.risk.questions import load_questions


def checkup_page(state: AppState, id: int) -> None:
    with page(state, words.CHECKUP, here=words.ATHLETES):
        _Course(state, id)


class _Course:
    """The checkup of today, from the question after the last answered one."""

    def __init__(self, state: AppState, id: int) -> None:
        self._state = state
        self._athlete = state.roster.athletes.get(id)
        self._kept = kept_of(state.roster, self._athlete, load_questions(), state.today())
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
        did = words.CHECKUP_TAKEN.format(day=self._state.today())
        with self._state.doing(did, self._athlete):
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


# Gives the answer to the flow; called with the value, or with the text that was typed.
Put = Callable[[Any], None]

YES, NO, UNSURE = "yes", "no", "unsure"
THREE = {YES: words.YES, NO: words.NO, UNSURE: words.UNSURE}
TRUTH = {YES: True, NO: False, UNSURE: None}


def show_fields(step: Step, value: Any, put: Put, typed: Callable[[str], None]) -> None:
    """The fields of `step` with its answer so far.

    put   : takes a value of the kind that the question has
    typed : takes a text, as typed in the terminal
    """
    match step.asked.kind:
        case "yes_no":
            _yes_no(value, put)
        case "choice":
            _choice(step, value, put)
        case "several":
            _several(step, value, put)
        case "checklist":
            _checklist(step, value, put)
        case "number" | "text":
            _line(step, value, typed)
        case "log":
            _log(step, value, typed)


def _yes_no(value: bool | None, put: Put) -> None:
    with ui.element().classes("side-by-side"):
        for truth, name in ((True, words.YES), (False, words.NO)):
            chosen = "" if value is truth else "outline"
            ui.button(name, on_click=partial(put, truth)).props(chosen).classes("answer")


def _choice(step: Step, value: str | None, put: Put) -> None:
    with ui.element().classes("stack-down"):
        for item in step.items:
            chosen = "" if value == item.key else "outline"
            ui.button(item.text, on_click=partial(put, item.key)).props(chosen).classes("answer")


def _several(step: Step, value: list[str] | None, put: Put) -> None:
    boxes: dict[str, ui.checkbox] = {}
    with ui.element("fieldset").classes("stack-down"):
        for item in step.items:
            boxes[item.key] = ui.checkbox(item.text, value=item.key in (value or ()))

    def chosen() -> list[str]:
        return [key for key, box in boxes.items() if box.value]

    with ui.element().classes("side-by-side"):
        ui.button(words.THESE, on_click=lambda: put(chosen()))
        none = step.asked.none[:1].upper() + step.asked.none[1:]
        ui.button(none, on_click=partial(put, [])).props("outline")


def _checklist(step: Step, value: dict[str, bool] | None, put: Put) -> None:
    answers: dict[str, ui.radio] = {}
    for item in step.items:
        answers[item.key] = _one(item, (value or {}).get(item.key))

    def said() -> dict[str, bool]:
        told = {key: TRUTH.get(radio.value) for key, radio in answers.items()}
        return {key: truth for key, truth in told.items() if truth is not None}

    def none_of_them() -> None:
        put(dict.fromkeys(answers, False))

    with ui.element().classes("side-by-side"):
        ui.button(words.THESE_ANSWERS, on_click=lambda: put(said()))
        ui.button(words.NO_TO_ALL, on_click=none_of_them).props("outline")


def _one(item: Item, answer: bool | None) -> ui.radio:
    """One question of a checklist, with yes, no and not sure."""
    with ui.element("fieldset").classes("line"):
        with ui.element("legend"):
            ui.label(item.text)
        known = {True: YES, False: NO}.get(answer) if answer is not None else None
        radio = ui.radio(THREE, value=known).props("inline dense")
        radio.props["aria-label"] = item.text
    return radio


def _line(step: Step, value: Any, typed: Callable[[str], None]) -> None:
    asked = step.asked
    units = [unit for unit in (asked.unit, *(asked.units or {})) if unit]
    if asked.kind == "text":
        label = words.ONE_LINE
    elif units:
        label = words.NUMBER_IN.format(units=words.OR.join(units))
    else:
        label = words.NUMBER_FROM.format(low=asked.low, high=asked.high)
    now = f"{value:g}" if isinstance(value, float | int) else value or ""
    field = ui.input(label, value=now).props("autofocus").classes("answer")

    def answer() -> None:
        typed(field.value or "")

    field.on("keydown.enter", answer)
    with ui.element().classes("side-by-side"):
        ui.button(words.ANSWER, on_click=answer)


def _log(step: Step, value: list[dict[str, Any]] | None, typed: Callable[[str], None]) -> None:
    del step
    lines = "\n".join(f"{run['date']} {run['distance_km']:g}" for run in value or ())
    field = ui.textarea(words.RUN_A_LINE, value=lines).props("autogrow").classes("answer")
    with ui.element().classes("side-by-side"):
        ui.button(words.ANSWER, on_click=lambda: typed(field.value or ""))
