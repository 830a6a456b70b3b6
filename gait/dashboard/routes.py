"""Every page of the dashboard with its address."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from markupsafe import Markup
from nicegui import app, run, ui

from gait.dashboard import words
from gait.dashboard.jobs import warm
from gait.dashboard.layout import head, set_defaults
from gait.dashboard.pages.athlete import athlete_page
from gait.dashboard.pages.athlete_actions import archive_of
from gait.dashboard.pages.checkup import checkup_page
from gait.dashboard.pages.compare import Asked, compare_page
from gait.dashboard.pages.live import LiveRuns, live_page
from gait.dashboard.pages.roster import roster_page
from gait.dashboard.pages.session import session_page
from gait.dashboard.pages.session_actions import report_page
from gait.dashboard.pages.today import today_page
from gait.dashboard.state import AppState
from gait.dashboard.tables import fragments, safe
from gait.model import GaitError


def add_pages(state: AppState) -> None:
    """Make the pages; each builds itself anew whenever it is asked for."""
    set_defaults()
    app.on_startup(lambda: run.cpu_bound(warm))  # so that the first session need not wait
    watched = () if state.watched is None else (state.watched,)
    runs = LiveRuns([*watched, state.recordings])

    @app.exception_handler(GaitError)
    async def _sentence(request: Request, error: Exception) -> HTMLResponse:
        del request
        return _not_here(str(error))

    @app.exception_handler(404)
    async def _no_page(request: Request, error: Exception) -> HTMLResponse:
        del request, error
        return _not_here(words.NO_PAGE)

    @ui.page("/")
    def _roster(find: str = "") -> None:
        roster_page(state, find)

    @ui.page("/today")
    def _today() -> None:
        today_page(state)

    @ui.page("/athlete/{id}")
    def _athlete(id: int) -> None:
        athlete_page(state, id)

    @ui.page("/athlete/{id}/checkup")
    def _checkup(id: int) -> None:
        checkup_page(state, id)

    @app.get("/athlete/{id}/archive")
    async def _archive(id: int, recordings: bool = False) -> StreamingResponse:
        return await archive_of(state, id, recordings=recordings)

    @ui.page("/live")
    def _live() -> None:
        live_page(state, runs)

    @ui.page("/compare")
    def _compare(asked: Annotated[Asked, Depends()]) -> None:
        compare_page(state, asked)

    @ui.page("/session/{id}")
    def _session(id: int) -> None:
        session_page(state, id)

    @app.get("/session/{id}/report", response_class=HTMLResponse)
    async def _report(id: int) -> HTMLResponse:
        return await report_page(state, id)


def _not_here(said: str) -> HTMLResponse:
    """A page of ours for an address that has none, with the way back."""
    return HTMLResponse(fragments().sentence(safe(said), Markup(head())), 404)  # noqa: S704 - ours
