"""Fields and lines that several parts of a page have."""

from collections.abc import Callable, Mapping
from datetime import date

from nicegui import ui

from gait.dashboard import words
from gait.dashboard.layout import paragraph
from gait.model import UsageError


def day_field(label: str, value: date | None) -> ui.input:
    """A field for a day, with the browser's own calendar."""
    return ui.input(label, value=value.isoformat() if value else "").props("type=date stack-label")


def day_of(field: ui.input) -> date:
    """What such a field says. Raises UsageError where it says no day."""
    try:
        return date.fromisoformat(field.value or "")
    except ValueError as error:
        raise UsageError(words.NO_DAY) from error


def line(
    said: str, what: str, actions: Mapping[str, Callable[[], None]], *, more: str = ""
) -> None:
    """One entry of a list with its buttons; `what` it is called where only the buttons are heard.

    more : a remark below it
    """
    with ui.element().classes("side-by-side line"):
        with ui.element().classes("grow"):
            paragraph(said)
            if more:
                paragraph(more, "faint")
        for name, action in actions.items():
            button = ui.button(name, on_click=action).props("flat dense")
            button.props["aria-label"] = words.DO_WHAT.format(do=name, what=what)
