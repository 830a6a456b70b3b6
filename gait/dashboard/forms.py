"""Fields, entries with buttons, dialogs, and long lists a page at a time."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from inspect import isawaitable

from nicegui import ui

from gait.dashboard import words
from gait.dashboard.layout import heading, paragraph
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


class Pager:
    """Two buttons and where one is; `first` is the row to begin with.

    turned : called after `first` has changed
    """

    def __init__(self, rows: int, called: str, turned: Callable[[], None]) -> None:
        self.first = 0
        self._rows = rows
        self._turned = turned
        with ui.element("nav").classes("side-by-side") as self._all:
            self._all.props["aria-label"] = called
            self._earlier = ui.button(words.EARLIER, on_click=lambda: self._turn(-rows))
            self._later = ui.button(words.LATER, on_click=lambda: self._turn(rows))
            self._where = ui.label().props("role=status")
        for button in (self._earlier, self._later):
            button.props("outline")

    @property
    def rows(self) -> slice:
        """Of the whole list, those to show."""
        return slice(self.first, self.first + self._rows)

    def tell(self, count: int) -> None:
        """How long the whole list is."""
        last = min(self.first + self._rows, count)
        self._where.text = words.PAGE_OF.format(first=self.first + 1, last=last, all=count)
        self._earlier.set_enabled(self.first > 0)
        self._later.set_enabled(last < count)
        self._all.set_visibility(count > self._rows)

    def _turn(self, rows: int) -> None:
        self.first = max(0, self.first + rows)
        self._turned()
