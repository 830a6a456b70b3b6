"""`gait dashboard`: serves the pages on this machine, and prints where."""

import asyncio
import contextlib
import socket
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gait.app.dashboard.gate import Gate, new_token
from gait.model import GaitError, UsageError

if TYPE_CHECKING:
    from gait.app.dashboard.desk import Desk

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DashboardOptions:
    """`port` 0 is any that is free; `watched` a folder whose recordings are shown live."""

    roster: Path | None = None
    recordings: Path | None = None
    watched: Path | None = None
    port: int = 0
    open_browser: bool = True


def run_dashboard(options: DashboardOptions) -> None:
    """Serve until Ctrl-C. Raises GaitError where the extra `dashboard` is not installed or the
    port is taken."""
    try:
        import nicegui  # noqa: F401
    except ImportError as error:
        raise GaitError(
            "The dashboard needs the extra `dashboard`: pip install 'shoegait[dashboard]'."
        ) from error
    from gait.app.dashboard.desk import Desk
    from gait.app.roster.leaving import forget_derived
    from gait.roster import Roster

    if options.watched is not None and not options.watched.is_dir():
        raise UsageError(f"{options.watched} is no folder; name one that recordings are made in.")
    with listening(options.port) as place, Roster(options.roster) as roster:
        recordings = options.recordings or roster.path.with_name("recordings")
        forget_derived(roster, [recordings])
        desk = Desk(roster, recordings, options.watched)
        token = new_token()
        address = f"http://{HOST}:{place.getsockname()[1]}/?token={token}"
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"The dashboard is at {address}")
        console.print("Only this machine can open it, with this address. Ctrl-C ends it.")
        if options.open_browser:
            webbrowser.open(address)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(desk, token, place))


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket of the loopback interface."""
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((HOST, port))
            place.listen()  # so that a browser may come before the pages are ready
        except OSError as error:
            raise GaitError(
                f"Port {port} is taken; leave --port away, or end what uses it."
            ) from error
        yield place
    finally:
        place.close()


async def serve(desk: "Desk", token: str, place: socket.socket) -> None:
    """Serve the pages on an open socket until cancelled or interrupted."""
    import uvicorn
    from fastapi import FastAPI
    from nicegui import binding, run, ui
    from nicegui.logging import log

    from gait.app.dashboard.pages import add_pages

    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_pages(desk)
    ui.run_with(
        site,
        title="shoegait",
        dark=None,
        language="en-US",
        tailwind=False,  # else it is compiled in the browser, on every page
        show_welcome_message=False,
    )
    binding.MAX_PROPAGATION_TIME = 1.0  # a busy machine is nothing to be told of
    run.process_pool_start_method = "spawn"  # a fork would share the open roster
    log.addFilter(lambda record: not isinstance(record.msg, GaitError))  # the page says it
    gate = Gate(site, token, lambda: place.getsockname()[1])  # pyright: ignore[reportArgumentType]
    config = uvicorn.Config(gate, log_level="warning", lifespan="on", ws="websockets-sansio")  # pyright: ignore[reportArgumentType]
    await uvicorn.Server(config).serve(sockets=[place])
