"""When logs began that were begun on this machine: better known here than the shoe was told.

A shoe hears the command that begins its log only when its link is open next. The host asks for
the shoe's time a few times then, which tells when it heard it; that is kept in the user's data
folder until the log is fetched, on this machine.

The host's clock beside that of a sensor which is asked for its time a few times.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import platformdirs

from gait.ble.log_link import LogLink
from gait.model import GaitError
from gait.recording.files import private_output
from gait.steps.alignment import at_one_moment

Wall = Callable[[], float]

FILE_NAME = "begun-logs.json"
PAUSE_S = 0.1  # up to, at random, so that each question meets another moment of the connection
TIMES = 12
ASKED = 5  # the quickest answer tells how long a command is on its way
MOST = 100  # the newest; a log that is older is timed as the shoe was told


class BegunLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that began `began_s` after 1970, give or take `sd_s`; `host_ms` is what the shoe was
    told, which no other log of it was."""

    address: str
    log: int
    host_ms: int
    began_s: float
    sd_s: float


def begun_logs_path() -> Path:
    """Where this user's begun logs are noted."""
    return Path(platformdirs.user_data_dir("shoegait", appauthor=False)) / FILE_NAME


class BegunLogs:
    """The notes in `path`; with None they are forgotten when the program ends.

    They only make times better: a file that cannot be read or written is as good as none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._logs: list[BegunLog] = []
        if path is not None:
            with suppress(OSError, ValueError):  # msgspec's errors are ValueErrors too
                self._logs = msgspec.json.decode(path.read_bytes(), type=list[BegunLog])

    def find(self, address: str, log: int, host_ms: int) -> BegunLog | None:
        wanted = (address, log, host_ms)
        return next((b for b in self._logs if (b.address, b.log, b.host_ms) == wanted), None)

    def add(self, log: BegunLog) -> None:
        self._logs = [log, *self._logs][:MOST]
        if self._path is not None:
            with suppress(OSError, GaitError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with private_output(self._path, overwrite=True) as file:
                    file.write(msgspec.json.encode(self._logs))


async def clock_offset(told_s: Callable[[], Awaitable[float]], wall: Wall) -> tuple[float, float]:
    """Host less device time, and one sd of it; `told_s` asks for the device time in seconds."""
    asked, came = [], []
    for _ in range(TIMES):
        await asyncio.sleep(random.uniform(0.0, PAUSE_S))  # noqa: S311 - no secret
        before_s = wall()
        device_s = await told_s()
        asked.append(before_s - device_s)
        came.append(wall() - device_s)
    return at_one_moment(np.array(asked), np.array(came))


async def begin(link: LogLink, wall: Wall, begun: BegunLogs) -> int:
    """Let the shoe log from now on: the number of the log. When that was goes to `begun`.

    It is told the time at which it will hear it, half of the quickest answer from now.
    """
    quickest_s = float("inf")
    for _ in range(ASKED):
        before_s = wall()
        await link.ask(lambda: link.logs.status(0))
        quickest_s = min(quickest_s, wall() - before_s)
    host_ms = round(1e3 * (wall() + quickest_s / 2.0))
    number, began_us = await link.ask(lambda: link.logs.begin(host_ms))
    modulo_us = link.found.profile.time_modulo_us

    async def since_s() -> float:
        now_us = await link.ask(link.logs.time_us)
        return (now_us - began_us) % modulo_us / 1e6

    began_s, sd_s = await clock_offset(since_s, wall)
    begun.add(
        BegunLog(address=link.info.address, log=number, host_ms=host_ms, began_s=began_s, sd_s=sd_s)
    )
    return number
