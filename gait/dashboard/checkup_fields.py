"""A question of the checkup as fields of a page, by its kind; what they say goes to the flow."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from gait.dashboard import words
from gait.risk.question_flow import Item, Step

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
