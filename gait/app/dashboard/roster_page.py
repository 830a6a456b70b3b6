"""The first page: everybody, who changed, and who needs a look today."""

from nicegui import ui

from gait.app.dashboard import words
from gait.app.dashboard.desk import Desk
from gait.app.dashboard.layout import heading, page


def roster_page(desk: Desk) -> None:
    with page(desk, words.ATHLETES, here=words.ATHLETES):
        heading(words.ATHLETES)
        ui.label(f"{len(desk.roster.overview(desk.today()))} athletes")
