"""One shoe during a sync: what it keeps is fetched into part files, and cleared when stored."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from rich.progress import Progress

from gait.ble.log_link import LogLink
from gait.cli.log import named, start
from gait.cli.sensor_table import battery
from gait.logs.begun import BegunLogs
from gait.logs.clock_sync import Wall
from gait.logs.fetch import Told, clear, fetch, kept_logs, part_of, told
from gait.model import GaitError
from gait.recording.partial_download import PartFile
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
        self.logs: list[Told] = []
        self.parts: dict[LogKey, PartFile] = {}
        self.fetched: list[Told] = []
        self.stored: list[Told] = []
        self.cleared: list[Told] = []
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
            self.logs.append(await told(self.link, status, self._wall, self._begun))
        for log in self.logs:
            if log.packets == 0:
                await self._clear(log, 0)
            elif stored.whole(log.key) and await self._was_stored(log, stored):
                self.stored.append(log)
            else:
                await self._fetch(log, bars)

    async def _was_stored(self, log: Told, stored: StoredLogs) -> bool:
        """False where it turns out that the shoe has other packets."""
        if self._keep:
            return True
        crc = await asyncio.to_thread(self._crc_stored, log, stored)
        if not await clear(self.link, log, crc):
            return False
        self.cleared.append(log)
        (self._folder / log.part_name).unlink(missing_ok=True)
        return True

    async def _fetch(self, log: Told, bars: Progress) -> None:
        part, noted = part_of(log, self._folder)
        self.parts[log.key] = part
        self._check_room(log, part)
        bar = bars.add_task(log.label, completed=part.size)

        def on_progress() -> None:
            total = part.size / len(part) * log.packets
            bars.update(bar, completed=part.size, total=round(total))

        await fetch(self.link, log, part, on_progress)
        self.fetched.append(noted)

    def _check_room(self, log: Told, part: PartFile) -> None:
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

    async def _clear(self, log: Told, crc: int) -> None:
        if self._keep:
            return
        if not await clear(self.link, log, crc):
            raise GaitError(f"The shoe has changed {log.label} meanwhile, so it was not cleared.")
        self.cleared.append(log)

    def _crc_stored(self, log: Told, stored: StoredLogs) -> int:
        return self.link.logs.crc(stored.packets(log.key), 0)

    def _outcome(self, log: Told) -> str:
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
