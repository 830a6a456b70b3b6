"""Dialogs that ask for something and then do it, by mouse or by keyboard alone."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from inspect import isawaitable

from nicegui import ui

from gait.dashboard import words
from gait.dashboard.layout import heading

Action = Callable[[], Awaitable[None] | None]


class Asked:
    """A dialog that is open. It stays open where what it does fails."""

    def __init__(self, dialog: ui.dialog, form: ui.element, button: ui.button) -> None:
        self._dialog = dialog
        self._form = form
        self.button = button

    def does(self, action: Action) -> None:
        """What its button does, and Enter in one of its fields."""

        async def act() -> None:
            self.button.disable()
            try:
                done = action()
                if isawaitable(done):
                    await done
            finally:
                self.button.enable()
            self._dialog.close()

        self._form.on("submit.prevent", act)


@contextmanager
def asked(title: str, yes: str, *, grave: bool = False) -> Iterator[Asked]:
    """A dialog with fields of its own and two buttons; `grave` for what cannot be undone."""
    with ui.dialog() as dialog, ui.card(), ui.element("form").classes("stack-down") as form:
        heading(title, 2)
        fields = ui.element().classes("stack-down")
        with ui.element().classes("side-by-side"):
            button = ui.button(yes, color="negative" if grave else "primary").props("type=submit")
            ui.button(words.CANCEL, on_click=dialog.close).props("flat")
    dialog.props["aria-label"] = title
    with fields:
        yield Asked(dialog, form, button)
    dialog.on("hide", dialog.delete)
    dialog.open()
