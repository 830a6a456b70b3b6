"""`gait sync`: the logs that the shoes keep become session files, and are cleared when they are.

A log is fetched into a part file in the folder, piece by piece and each checked. When all shoes
have handed over what they keep, sessions are made of the parts; and only when these are closed and
on the disk, and read from there give the very check that the shoe has of its log, is it cleared.
Whatever breaks this off, the next run goes on where it was.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from gait.ble.log_link import LogLink
from gait.ble.radio_lock import Turn
from gait.cli.known_sensors import KnownShoes, known_shoes_path
from gait.cli.log import remember_logging
from gait.cli.record import find_shoes, say
from gait.cli.sensor_selection import Ask, ask_at_terminal
from gait.cli.shoe_sync import ShoeSync
from gait.cli.source import Source, source_for
from gait.live.shutdown import EndedError, Ending, exit_code, in_words, on_signals
from gait.logs.begun import BegunLogs, begun_logs_path
from gait.logs.session_file import Written, tidy_up, write_session
from gait.logs.sessions import grouped
from gait.logs.times import timed
from gait.model import GaitError, Side
from gait.recording.files import make_folder
from gait.recording.stored_logs import StoredLogs

FAILED = 1
VIRTUAL_RUN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """Where to, whether the shoes are to keep their logs, and whether to begin new ones."""

    folder: Path
    keep: bool = False
    begin: bool = False
    worn: Mapping[Side, str] = field(default_factory=dict)
    adapter: str | None = None


@dataclass(slots=True)
class Synced:
    """What came of it: sessions, a line for each shoe, and in a sentence each what failed."""

    written: list[Written] = field(default_factory=list)
    shoes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ended_by: Signals | None = None


def run_sync(options: SyncOptions, *, virtual: bool) -> None:
    """Exit code 1 where something could not be had; 130, 143 or 129 where a signal ended it."""
    make_folder(options.folder)

    async def whole() -> Synced:
        begun = BegunLogs(None if virtual else begun_logs_path())
        known = KnownShoes(None if virtual else known_shoes_path())
        ask = None if virtual else ask_at_terminal()
        with on_signals() as ending:
            async with _source(begun, options.adapter, virtual=virtual) as source:
                return await sync_from(source, options, ending, known=known, begun=begun, ask=ask)

    synced = asyncio.run(whole())
    report(synced)
    if synced.ended_by is not None:
        raise SystemExit(exit_code(synced.ended_by))
    if synced.problems:
        raise SystemExit(FAILED)


async def sync_from(
    source: Source,
    options: SyncOptions,
    ending: Ending,
    *,
    known: KnownShoes,
    begun: BegunLogs,
    ask: Ask | None = None,
) -> Synced:
    """Fetch, store and clear. Raises GaitError where no shoe is found that could have a log."""
    synced = Synced()
    tidy_up(options.folder)
    shoes: list[ShoeSync] = []
    async with AsyncExitStack() as stack:
        try:
            with ending.abruptly():
                for link in await _links(source, options.worn, known, ask, synced):
                    shoe = ShoeSync(link, options.folder, source.wall, begun, keep=options.keep)
                    shoes.append(await stack.enter_async_context(shoe))
                stored = StoredLogs(options.folder)
                with _bars() as bars:
                    await asyncio.gather(*(shoe.fetch(stored, bars) for shoe in shoes))
            await asyncio.to_thread(_make_sessions, shoes, stored, options.folder, synced)
            with ending.abruptly():
                await _settle(shoes, options)
        except EndedError as ended:
            synced.ended_by = ended.by
        remember_logging(known, [shoe.link for shoe in shoes if shoe.logs])
        synced.shoes = [shoe.report() for shoe in shoes]
        synced.problems += [shoe.problem for shoe in shoes if shoe.problem]
    return synced


def report(synced: Synced) -> None:
    """Sessions on stdout, the rest on stderr."""
    out = Console(highlight=False, soft_wrap=True)
    for line in synced.shoes:
        say(line)
    for session in synced.written:
        for remark in session.remarks:
            say(f"{session.path.name}: {remark}")
        out.print(f"{session.path}: {session.what}", markup=False)
    for problem in synced.problems:
        say(problem)
    if synced.ended_by is not None:
        say(f"Ended: {in_words(synced.ended_by)}; what came is kept, the next run goes on there.")


async def _links(
    source: Source,
    worn: Mapping[Side, str],
    known: KnownShoes,
    ask: Ask | None,
    synced: Synced,
) -> list[LogLink]:
    """The runner's shoes, one link each."""
    turn = Turn()
    links = []
    for sensor in await find_shoes(source, worn, known, ask):
        try:
            links.append(LogLink(sensor, source.radio, turn))
        except GaitError as error:
            synced.problems.append(str(error))
    return links


def _make_sessions(
    shoes: Sequence[ShoeSync], stored: StoredLogs, folder: Path, synced: Synced
) -> None:
    """Of what is whole now; the rest joins when it is."""
    parts = {key: part for shoe in shoes for key, part in shoe.parts.items()}
    try:
        logs = [
            timed(log, parts[log.key].packets(log.indices))
            for shoe in shoes
            for log in shoe.fetched
        ]
        for group in grouped(logs, stored.sessions):
            synced.written.append(write_session(group, parts, folder))
    except GaitError as error:
        synced.problems.append(f"{error} The logs stay on the shoes.")


async def _settle(shoes: Sequence[ShoeSync], options: SyncOptions) -> None:
    stored = StoredLogs(options.folder)
    for shoe in shoes:
        await shoe.settle(stored)
        if options.begin:
            await shoe.begin()


def _bars() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


@asynccontextmanager
async def _source(begun: BegunLogs, adapter: str | None, *, virtual: bool) -> AsyncIterator[Source]:
    """The machine's adapter, or two virtual shoes that have logged a run."""
    if adapter or not virtual:
        async with source_for(virtual=virtual, seconds=VIRTUAL_RUN_S, adapter=adapter) as source:
            yield source
        return
    from gait.cli.simulate import SimulateOptions
    from gait.cli.virtual import virtual_shoes_that_logged

    options = SimulateOptions(seconds=VIRTUAL_RUN_S)
    async with virtual_shoes_that_logged(options, begun) as source:
        yield source
