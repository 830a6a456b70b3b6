"""`gait sync`: the logs that the shoes keep become session files, and are cleared when they are.

A log is fetched into a part file in the folder, piece by piece and each checked. When all shoes
have handed over what they keep, sessions are made of the parts; and only when these are closed and
on the disk, and read from there give the very check that the shoe has of its log, is it cleared.
Whatever breaks this off, the next run goes on where it was.

One shoe during a sync: what it keeps is fetched into part files, and cleared when stored.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from typing import Self

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
from gait.ble.radio import RadioLock
from gait.cli.console import battery, say
from gait.cli.known_sensors import KnownShoes, known_shoes_path
from gait.cli.log import named, remember_logging, start
from gait.cli.sensor_selection import Ask, ask_at_terminal, find_shoes
from gait.cli.source import Source, source_for
from gait.live.shutdown import EndedError, Ending, exit_code, in_words, on_signals
from gait.logs.clock_sync import BegunLogs, Wall, begun_logs_path
from gait.logs.fetch import LogOffer, clear, fetch, kept_logs, offer_of, part_of
from gait.logs.session_file import Written, tidy_up, write_session
from gait.logs.times import grouped, timed
from gait.model import GaitError, Side
from gait.recording.files import make_folder
from gait.recording.partial_download import PartialDownload
from gait.recording.stored_logs import LogKey, StoredLogs

FILE_BYTES = 260  # of a packet, with what a file needs around it
MARGIN_BYTES = 10_000_000


class ShoeSync:
    """An async context manager. Nothing it does raises GaitError: `problem` is its sentence, and
    nothing more is done with this shoe then.

    logs    : what the shoe keeps
    parts   : of the logs that are fetched, or on their way
    fetched : those that are whole, and as the shoe has them
    stored  : those that are in a session made before
    cleared : those that the shoe keeps no more
    """

    def __init__(
        self, link: LogLink, folder: Path, wall: Wall, begun: BegunLogs, *, keep: bool
    ) -> None:
        self.link = link
        self.logs: list[LogOffer] = []
        self.parts: dict[LogKey, PartialDownload] = {}
        self.fetched: list[LogOffer] = []
        self.stored: list[LogOffer] = []
        self.cleared: list[LogOffer] = []
        self.problem = ""
        self._folder = folder
        self._wall = wall
        self._begun = begun
        self._keep = keep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for part in self.parts.values():
            with suppress(GaitError):  # what was committed stays
                part.close() if len(part) else part.remove()
        await self.link.__aexit__(*error)

    async def fetch(self, stored: StoredLogs, bars: Progress) -> None:
        """Fetch every log that is not in `stored`; one that is, is cleared."""
        await self._try(lambda: self._fetch_all(stored, bars))

    async def settle(self, stored: StoredLogs) -> None:
        """Clear what was fetched and now is in `stored`, as it is read back from there."""
        await self._try(lambda: self._settle(stored))

    async def begin(self) -> None:
        """Let the shoe log anew."""
        await self._try(lambda: start(self.link, self._wall, self._begun))

    def report(self) -> str:
        """What came of it, in a line."""
        outcomes = [f"{log.label} {self._outcome(log)}" for log in self.logs]
        return (
            f"{self.link.found.label}, battery {battery(self.link.battery_pct)}: "
            f"{'; '.join(outcomes) or 'it keeps no log'}"
        )

    async def _try(self, doing: Callable[[], Awaitable[None]]) -> None:
        try:
            if not self.problem:
                await doing()
        except GaitError as error:
            self.problem = named(self.link.found, error)

    async def _fetch_all(self, stored: StoredLogs, bars: Progress) -> None:
        await self.link.ask(self.link.logs.end)
        for status in await kept_logs(self.link):
            self.logs.append(await offer_of(self.link, status, self._wall, self._begun))
        for log in self.logs:
            if log.packets == 0:
                await self._clear(log, 0)
            elif stored.whole(log.key) and await self._was_stored(log, stored):
                self.stored.append(log)
            else:
                await self._fetch(log, bars)

    async def _was_stored(self, log: LogOffer, stored: StoredLogs) -> bool:
        """False where it turns out that the shoe has other packets."""
        if self._keep:
            return True
        crc = await asyncio.to_thread(self._crc_stored, log, stored)
        if not await clear(self.link, log, crc):
            return False
        self.cleared.append(log)
        (self._folder / log.part_name).unlink(missing_ok=True)
        return True

    async def _fetch(self, log: LogOffer, bars: Progress) -> None:
        part, noted = part_of(log, self._folder)
        self.parts[log.key] = part
        self._check_room(log, part)
        bar = bars.add_task(log.label, completed=part.size)

        def on_progress() -> None:
            total = part.size / len(part) * log.packets
            bars.update(bar, completed=part.size, total=round(total))

        await fetch(self.link, log, part, on_progress)
        self.fetched.append(noted)

    def _check_room(self, log: LogOffer, part: PartialDownload) -> None:
        """It lies there twice for a while: as a part and in a session."""
        needed = (2 * log.packets - len(part)) * FILE_BYTES + MARGIN_BYTES
        free = shutil.disk_usage(self._folder).free
        if free < needed:
            raise GaitError(
                f"{log.label} needs {needed / 1e6:.0f} MB of space for a while, and "
                f"{self._folder} has {free / 1e6:.0f} MB; free some and run it again."
            )

    async def _settle(self, stored: StoredLogs) -> None:
        for log in filter(lambda log: stored.whole(log.key), self.fetched):
            part = self.parts[log.key]
            crc = await asyncio.to_thread(self._crc_stored, log, stored)
            if crc != self.link.logs.crc(part.packets(log.indices), 0):
                raise GaitError(
                    f"{log.label} cannot be read back as it was fetched, so it stays on the shoe "
                    f"and in {part.path}; check the disk and run it again."
                )
            await self._clear(log, crc)
            self.parts.pop(log.key).remove()

    async def _clear(self, log: LogOffer, crc: int) -> None:
        if self._keep:
            return
        if not await clear(self.link, log, crc):
            raise GaitError(f"The shoe has changed {log.label} meanwhile, so it was not cleared.")
        self.cleared.append(log)

    def _crc_stored(self, log: LogOffer, stored: StoredLogs) -> int:
        return self.link.logs.crc(stored.packets(log.key), 0)

    def _outcome(self, log: LogOffer) -> str:
        if log.packets == 0:
            had = "is empty"
        elif log in self.stored:
            had = "was here already"
        elif any(noted.key == log.key for noted in self.fetched):
            had = "was fetched"
        else:
            part = self.parts.get(log.key)
            have = 100 * len(part) // log.packets if part else 0
            had = f"is here to {have} %"
        cleared = any(other.key == log.key for other in self.cleared)
        return f"{had} and {'is cleared' if cleared else 'stays on the shoe'}"


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
    turn = RadioLock()
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
    from gait.cli.source import virtual_shoes_that_logged

    options = SimulateOptions(seconds=VIRTUAL_RUN_S)
    async with virtual_shoes_that_logged(options, begun) as source:
        yield source
