"""A long list, a page at a time."""

from collections.abc import Callable

from nicegui import ui

from gait.dashboard import words


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
