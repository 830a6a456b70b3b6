"""The first page: everybody, who changed, and who needs a look today."""

from nicegui import ui

from gait.app.dashboard.desk import Desk


def roster_page(desk: Desk) -> None:
    ui.label(f"{len(desk.roster.overview(desk.today()))} athletes")
