"""For an empty roster: example athletes to try everything with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from nicegui import ui

from gait.dashboard import words
from gait.dashboard.jobs import in_other_process
from gait.dashboard.layout import paragraph
from gait.dashboard.state import AppState


def made(path: Path, today: date) -> int:
    """Make them in another process; how many runs there are then."""
    from gait.athletes.examples import make_examples

    return sum(1 for _ in make_examples(path, today))


def offer_examples(state: AppState, done: Callable[[], None] = ui.navigate.reload) -> None:
    """A button that makes them, and says meanwhile that it works."""

    async def make() -> None:
        button.disable()
        said = ui.notification(words.MAKING_EXAMPLES, spinner=True, timeout=None)
        try:
            await in_other_process(made, state.roster.path, state.today())
        finally:
            said.dismiss()
            button.enable()
        done()

    paragraph(words.EXAMPLES_LEAD, "faint")
    button = ui.button(words.TRY_EXAMPLES, on_click=make).props("outline")
