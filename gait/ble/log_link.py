"""One sensor whose logs are handed over: asked, read, and connected again when it was lost."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Self, TypeVar

from bleak.exc import BleakDeviceNotFoundError

from gait.ble.connection import SensorConnection
from gait.ble.listening import FoundSensor
from gait.ble.problems import RADIO_ERRORS, in_words
from gait.ble.radio import Radio, RadioLock
from gait.ble.reconnect import Reconnector
from gait.model import GaitError, SensorInfo
from gait.sensors.profile import LogDialogues, Request

PATIENCE_S = 120.0  # for an answer, however often it is connected again meanwhile
QUIET_S = 3.0  # without a part: no more will come of what was asked for

T = TypeVar("T")


class LogLink:
    """An async context manager that disconnects in the end. Raises GaitError where the sensor is of
    a kind that keeps no logs. `turn` is shared by all links, as for streaming.

    It is connected by what first needs it, and again whenever the link was lost; `lost` counts how
    often. `battery_pct` is the level as last told, `paired` whether it is with this machine.
    """

    def __init__(self, found: FoundSensor, radio: Radio, turn: RadioLock) -> None:
        if found.profile.log is None:
            raise _no_logs(found)
        self.found = found
        self.logs: LogDialogues = found.profile.log
        self.battery_pct: int | None = None
        self.lost = 0
        self.paired = False
        self._radio = radio
        self._reach = Reconnector(found, radio, turn)
        self._watching: contextlib.AsyncExitStack | None = None
        self._usable: SensorConnection | None = None  # one that was set up
        self._info: SensorInfo | None = None
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue()

    @property
    def info(self) -> SensorInfo:
        if self._info is None:
            raise RuntimeError("the sensor was not connected")
        return self._info

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._drop()
        if self._watching is not None:
            await self._watching.aclose()

    async def ask(self, dialogue: Callable[[], Generator[Request, bytes, T]]) -> T:
        """What the dialogue returns; it is held anew where the link was lost during it.

        Raises GaitError where the sensor refuses, keeps no logs, or does not answer for long.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        while True:
            try:
                connection = self._usable or await self._connect()
                answer = await connection.run(dialogue())
            except RADIO_ERRORS as error:
                await self._drop()
                if loop.time() > until:
                    raise GaitError(
                        f"The sensor {self.found.label} does not answer: {in_words(error)}"
                    ) from error
                await self._reach.pause()
            else:
                self._reach.reached()
                return answer

    async def read(self, log: int, wanted: range) -> AsyncGenerator[tuple[int, bytes], None]:
        """Packets of `wanted` with their index, as they come. Some may be missing in the end, as
        parts or the link were lost: ask for those again."""
        together = self.logs.parts(log)
        parts = self._parts = asyncio.Queue()
        await self.ask(lambda: self.logs.read(log, wanted.start, len(wanted)))
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(QUIET_S):
                    payload = await parts.get()
                if payload is None:
                    return
                packet = together.add(payload)
                if packet is not None and packet[0] in wanted:
                    yield packet
                    if packet[0] == wanted[-1]:
                        return

    async def _connect(self) -> SensorConnection:
        if self._watching is None:
            self._watching = contextlib.AsyncExitStack()
            watched = self._radio.service_watched(lambda: None)  # `_on_lost` is called by bleak
            await self._watching.enter_async_context(watched)
        if self._info is not None and not await self._reach.is_there():
            raise BleakDeviceNotFoundError(self.found.address)
        self._usable = None
        connection, ready = await self._reach.open(
            self.found.wanted(), self._on_lost, self._on_part
        )
        self._info = self._info or ready.info
        self.paired = connection.paired
        if not await connection.run(self.logs.offered()):
            raise _no_logs(self.found)
        with contextlib.suppress(*RADIO_ERRORS):  # a log is a log without the battery's level
            await connection.watch_battery(self._on_battery)
        self._usable = connection
        return connection

    async def _drop(self) -> None:
        self._usable = None
        await self._reach.drop()

    def _on_lost(self) -> None:
        if self._reach.connection is not None:
            self.lost += 1
            self._parts.put_nowait(None)

    def _on_part(self, _: str, payload: bytes) -> None:
        self._parts.put_nowait(payload)

    def _on_battery(self, percent: int) -> None:
        self.battery_pct = percent


def _no_logs(found: FoundSensor) -> GaitError:
    return GaitError(
        f"The sensor {found.label} keeps no logs; record it with `gait record` instead."
    )
