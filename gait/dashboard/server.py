"""`gait dashboard`: serves the pages on this machine, and prints where."""

import asyncio
import contextlib
import logging
import os
import socket
import tempfile
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gait.dashboard.auth import App, Gate, new_token
from gait.diagnostics import FORM, PlainFormatter, log_to_stderr
from gait.model import GaitError, UsageError

if TYPE_CHECKING:
    from gait.dashboard.state import AppState

HOST = "127.0.0.1"
RUNTIME_VARIABLE = "XDG_RUNTIME_DIR"  # a user's own folder in memory, on Linux
REDIRECT = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<title>shoegait</title>
"""


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
    from gait.athletes.deletion import forget_derived
    from gait.dashboard.state import AppState
    from gait.roster import Roster

    if options.watched is not None and not options.watched.is_dir():
        raise UsageError(f"{options.watched} is no folder; name one that recordings are made in.")
    log_to_stderr(logging.WARNING)
    with listening(options.port) as place, Roster(options.roster) as roster:
        recordings = options.recordings or roster.path.with_name("recordings")
        forget_derived(roster, [recordings])
        state = AppState(roster, recordings, options.watched)
        doors = Doors(place.getsockname()[1])
        doors.show()
        with contextlib.closing(doors), contextlib.suppress(KeyboardInterrupt):
            if options.open_browser:
                doors.open_browser()
            asyncio.run(serve(state, doors, place))


class Doors:
    """The addresses that let a browser in, each good once: one is printed, another is handed to
    the browser in a private file, as its arguments are there for every user of the machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.printed = new_token()
        self._handed = ""
        self._file: Path | None = None
        self._gate: Gate | None = None

    def guard(self, site: App) -> Gate:
        """The gate before these pages."""
        self._gate = Gate(site, self.printed, lambda: self._port, self.used)
        if self._handed:
            self._gate.accept(self._handed)
        return self._gate

    def show(self) -> None:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"The dashboard is at {self._address(self.printed)}")
        console.print("Only this machine can open it, with this address, once. Ctrl-C ends it.")

    def open_browser(self) -> None:
        """Show the browser a private file that goes on to the pages."""
        self._handed = new_token()
        self._file = redirecting_file(self._address(self._handed))
        webbrowser.open(self._file.as_uri())

    def used(self, token: str) -> None:
        """Who was let in has a cookie; the next browser needs another address."""
        if token == self._handed:
            self.close()
        elif token == self.printed and self._gate is not None:
            self.printed = new_token()
            self._gate.accept(self.printed)
            console = Console(stderr=True, highlight=False, soft_wrap=True)
            console.print(f"Opened. For another browser: {self._address(self.printed)}")

    def close(self) -> None:
        """Remove the private file."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._file.parent.rmdir()
            self._file = None

    def _address(self, token: str) -> str:
        return f"http://{HOST}:{self._port}/?token={token}"


def redirecting_file(address: str) -> Path:
    """A page for its owner only, in a folder of its own, that goes on to an address."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="shoegait-", dir=os.environ.get(RUNTIME_VARIABLE)))
    except OSError:  # there is no such place for this user
        folder = Path(tempfile.mkdtemp(prefix="shoegait-"))
    file = folder / "open.html"
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as page:
        page.write(REDIRECT.format(address=address))
    return file


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


async def serve(state: "AppState", doors: Doors, place: socket.socket) -> None:
    """Serve the pages on an open socket until cancelled or interrupted."""
    import uvicorn

    site = doors.guard(pages_of(state))
    config = uvicorn.Config(site, log_level="warning", lifespan="on", ws="websockets-sansio")  # pyright: ignore[reportArgumentType]
    await uvicorn.Server(config).serve(sockets=[place])


def pages_of(state: "AppState") -> App:
    """The pages as an ASGI application; once a process, as NiceGUI has only one."""
    from fastapi import FastAPI
    from nicegui import binding, run, ui
    from nicegui.logging import log

    from gait.dashboard.routes import add_pages

    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_pages(state)
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
    for handler in log.handlers:
        handler.setFormatter(PlainFormatter(FORM))  # its messages may hold what is on a page
    return site  # pyright: ignore[reportReturnType]
