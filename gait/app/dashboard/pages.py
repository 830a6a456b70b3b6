"""Every page of the dashboard with its address."""

from nicegui import ui

from gait.app.dashboard.desk import Desk
from gait.app.dashboard.layout import set_defaults
from gait.app.dashboard.roster_page import roster_page


def add_pages(desk: Desk) -> None:
    """Make the pages; each builds itself anew whenever it is asked for."""
    set_defaults()

    @ui.page("/")
    def _roster(find: str = "") -> None:
        roster_page(desk, find)
