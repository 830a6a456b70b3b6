"""One sensor during a session: found, connected, started, connected again when it was lost."""

import asyncio
import contextlib
from collections.abc import Callable

from gait.ble.asking import Asking
from gait.ble.connection import SensorConnection
from gait.ble.problems import RADIO_ERRORS, in_words, radio_errors
from gait.ble.radio import Radio
from gait.ble.reach import CLOSE_S, Reach, drop
from gait.ble.scanning import FoundSensor
from gait.ble.turn import Turn
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    GaitError,
    Mark,
    Packet,
    SensorInfo,
    SessionItem,
    UsageError,
)

ATTEMPTS = 2
REST_S = 15.0  # at the end, for what is missing and keeps coming

FAILURES = (*RADIO_ERRORS, GaitError)


class SensorLink:
    """The sensor numbered `device` in the session; what comes from it goes to `emit`.

    `now` gives session seconds. `turn` is shared by all links. `paired` says whether it is with
    this machine, `lacks` in a sentence what its firmware is too old for.
    """

    def __init__(
        self,
        device: int,
        found: FoundSensor,
        radio: Radio,
        rate_hz: float | None,
        emit: Callable[[SessionItem], None],
        now: Callable[[], float],
        turn: Turn,
    ) -> None:
        self.paired = False
        self.lacks = ""
        self._device = device
        self._found = found
        self._reach = Reach(found, radio, turn)
        self._wanted = found.wanted(rate_hz)
        self._emit = emit
        self._now = now
        self._asking = Asking(device, found.profile, emit, now)
        self._lost = asyncio.Event()
        self._connection: SensorConnection | None = None
        self._info: SensorInfo | None = None
        self._remarks: list[str] = []
        self._said: set[str] = set()
        self._started = False

    @property
    def info(self) -> SensorInfo:
        if self._info is None:
            raise RuntimeError("the sensor was not opened")
        return self._info

    async def open(self) -> None:
        """Connect and read what the sensor is. Raises GaitError after a few attempts, UsageError
        where nobody said on which foot it is."""
        if self._found.side is None and not self._found.profile.knows_side:
            raise UsageError(
                f"The sensor {self._found.label} does not know which foot it is on; say so with "
                "--left or --right and its name."
            )
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with radio_errors(
                    f"The sensor {self._found.label} cannot be read", self._found.address
                ):
                    await self._connect()
            except GaitError:
                await self._drop()
                if attempt == ATTEMPTS:
                    raise
                await self._reach.pause()
            else:
                return

    async def start(self) -> None:
        """Let the sensor stream from now on. Raises GaitError where it does not."""
        connection = self._connected()
        self._event(Connection.CONNECTED)
        for remark in self._remarks:
            if remark not in self._said:
                self._emit(Mark(self._now(), f"{self.info.side} shoe: {remark}"))
        self._said.update(self._remarks)
        with radio_errors(f"The sensor {self._found.label} cannot be started"):
            await self._watch_battery(connection)
            self._started = True
            await connection.run(self._found.profile.start(self.info))
        self._reach.reached()

    async def hold(self) -> None:
        """Ask for what is missing; connect and start again whenever the connection is lost, until
        cancelled."""
        while True:
            await self._ask_until_lost()
            self._event(Connection.LOST, "the sensor is out of reach or switched off")
            await self._connect_again()
            try:
                await self.start()
            except GaitError:
                await self._drop()
                self._lost.set()

    async def vibrate(self) -> None:
        """Let the runner feel it. Raises GaitError where the sensor cannot, or is not there."""
        dialogue = self._found.profile.vibrate
        if dialogue is None:
            raise GaitError(f"The sensor {self._found.label} cannot vibrate.")
        with radio_errors(f"The sensor {self._found.label} cannot vibrate"):
            await self._connected().run(dialogue())

    async def close(self) -> None:
        """Stop the sensor and disconnect; what could not be done is said in the event."""
        detail = ""
        try:
            if self._connection is not None:
                await self._have_the_rest(self._connection)
                async with asyncio.timeout(CLOSE_S):
                    await self._connection.stop()
        except RADIO_ERRORS as error:
            detail = in_words(error)
        except GaitError as error:
            detail = str(error)
        self._connection = None
        self._event(Connection.CLOSED, detail)

    async def _ask_until_lost(self) -> None:
        async with asyncio.TaskGroup() as group:
            asking = None
            if self._connection is not None:
                asking = group.create_task(self._asking.ask(self._connection))
            await self._lost.wait()
            if asking is not None:
                asking.cancel()

    async def _have_the_rest(self, connection: SensorConnection) -> None:
        """Stop a sensor that sends again what is missing, and have that; not for too long."""
        if not (self._started and self.info.resends):
            return
        with contextlib.suppress(*FAILURES):  # then it is missing
            async with asyncio.timeout(REST_S):
                await connection.run(self._found.profile.stop())
                await self._asking.ask_for_the_rest(connection)

    async def _connect(self) -> None:
        lost = self._lost = asyncio.Event()
        self._started = False
        connection = self._reach.connection(on_lost=lost.set, on_packet=self._on_packet)
        self._connection = connection
        await self._reach.connect(connection)
        ready = await connection.set_up(self._wanted)
        info = ready.info
        self.lacks = ready.lacks
        self.paired = connection.paired
        self._remarks = [*ready.remarks, *connection.remarks(info)]
        if self._info is not None and info != self._info:
            self._remarks.append(
                f"The {info.side} sensor came back with other settings ({info.rate_hz:g} Hz, "
                f"{info.acc_range_g} g, {info.gyr_range_dps} deg/s); what follows is read with "
                "those it began with."
            )
        self._info = self._info or info
        self._asking.connected(info)

    async def _connect_again(self) -> None:
        """With growing pauses, and only when it is there again: an attempt to connect to what is
        away would keep the adapter from the other shoe."""
        while True:
            await self._drop()
            await self._reach.pause()
            with contextlib.suppress(*FAILURES):
                if await self._reach.is_there():
                    await self._connect()
                    return

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        await drop(connection)

    def _connected(self) -> SensorConnection:
        if self._connection is None:
            raise GaitError(f"The sensor {self._found.label} is not connected; connect it again.")
        return self._connection

    async def _watch_battery(self, connection: SensorConnection) -> None:
        """A session without the battery's level is still a session."""
        try:
            await connection.watch_battery(self._on_battery)
        except RADIO_ERRORS:
            self._emit(Mark(self._now(), f"{self.info.side} shoe: its battery cannot be read."))

    def _on_packet(self, characteristic: str, payload: bytes) -> None:
        """What a sensor sends before it is started answers its setting up, and is no data."""
        if self._started:
            self._emit(Packet(self._device, self._now(), characteristic, payload))
            self._asking.on_packet(payload)

    def _on_battery(self, percent: int) -> None:
        self._emit(BatteryReading(self._device, self._now(), percent))

    def _event(self, event: Connection, detail: str = "") -> None:
        self._emit(ConnectionEvent(self._device, self._now(), event, detail))
