"""One sensor during a session: found, connected, started, connected again when it was lost.

A link that is up and silent: when a packet is overdue, whatever the system says of the link.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from gait.ble.connection import SensorConnection
from gait.ble.listening import FoundSensor
from gait.ble.problems import RADIO_ERRORS, in_words, radio_errors
from gait.ble.radio import Radio, RadioLock
from gait.ble.reconnect import CLOSE_S, Reconnector
from gait.ble.retransmission import Retransmission
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
from gait.sensors import Profile

SILENT_S = 3.0  # a sensor that streams sends many times as often
SILENT_PACKETS = 4  # that were due; more time than `SILENT_S` only where packets are rare
READINGS_SILENT_S = 10.0  # for pods, whose service leaves open when they send
TICK_S = 0.25


class SilenceWatch:
    """Tell it of every packet. Time in which this program stood still does not count, as packets
    wait meanwhile: it counts turns of the loop and not seconds."""

    def __init__(self) -> None:
        self._packets = 0

    def heard(self) -> None:
        self._packets += 1

    async def hears_within(self, seconds: float) -> bool:
        """Whether something comes before so long is over; returns as soon as it is known."""
        before = self._packets
        for _ in range(max(1, round(seconds / TICK_S))):
            await asyncio.sleep(TICK_S)
            if self._packets != before:
                return True
        return False

    async def silent_for(self, seconds: float) -> None:
        """Returns when nothing came for so long."""
        while await self.hears_within(seconds):
            pass


def overdue_after_s(profile: Profile, info: SensorInfo, mtu: int | None) -> float:
    """Seconds after which at least one packet of the stream should have come."""
    if profile.decoder is None:
        return READINGS_SILENT_S
    per_s = info.rate_hz
    if profile.packets_per_s is not None and mtu is not None:
        per_s = profile.packets_per_s(info, mtu)
    return max(SILENT_S, SILENT_PACKETS / per_s)


_log = logging.getLogger(__name__)

ATTEMPTS = 2
REST_S = 15.0  # at the end, for what is missing and keeps coming
AGAIN_S = 2.0  # for a sensor that was silent and is started again

OUT_OF_REACH = "the sensor is out of reach or switched off"
SILENT = "it was connected and sent nothing for {seconds:.0f} s, so it is connected anew"
UNANSWERED = "it was connected and did not answer any more, so it is connected anew"

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
        turn: RadioLock,
    ) -> None:
        self.paired = False
        self.lacks = ""
        self._device = device
        self._found = found
        self._reach = Reconnector(found, radio, turn)
        self._wanted = found.wanted(rate_hz)
        self._emit = emit
        self._now = now
        self._asking = Retransmission(device, found.profile, emit, now, self._on_battery_again)
        self._silence = SilenceWatch()
        self._lost = asyncio.Event()
        self._lost_why = OUT_OF_REACH
        self._told: Connection | None = None
        self._battery_pct: int | None = None  # as last told
        self._silent = False  # it was connected and sent nothing: it has to show that it sends
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
            except GaitError as error:
                _log.warning("sensor %d: attempt %d failed", self._device, attempt, exc_info=error)
                await self._reach.drop()
                if attempt == ATTEMPTS:
                    raise
                await self._reach.pause()
            else:
                return

    async def start(self) -> None:
        """Let the sensor stream from now on. Raises GaitError where it does not, with one of
        RADIO_ERRORS as its cause where the link was lost."""
        connection = self._connected()
        with radio_errors(f"The sensor {self._found.label} cannot be started"):
            connection.check_connected()
        if not self._silent:
            self._event(Connection.CONNECTED)
        for remark in self._remarks:
            if remark not in self._said:
                self._emit(Mark(self._now(), f"{self.info.side} shoe: {remark}"))
        self._said.update(self._remarks)
        with radio_errors(f"The sensor {self._found.label} cannot be started"):
            await self._watch_battery(connection)
            self._started = True
            await connection.run(self._found.profile.start(self.info))
        _log.info("sensor %d: started", self._device)
        self._reach.reached()

    async def hold(self) -> None:
        """Ask for what is missing; connect and start again whenever the connection is lost, until
        cancelled."""
        while True:
            await self._until_lost()
            if self._told is not Connection.LOST:
                self._event(Connection.LOST, self._lost_why)
            await self._connect_again()
            try:
                await self.start()
            except GaitError as error:
                _log.warning("sensor %d: not started again", self._device, exc_info=error)
                await self._reach.drop()
                self._lost.set()

    def lose(self, why: str) -> None:
        """The link is not to be used any more; `why` is told where it was not lost before."""
        if not self._lost.is_set():
            _log.warning("sensor %d: %s", self._device, why)
            self._lost_why = why
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
            connection = self._reach.connection
            if connection is not None:
                await self._have_the_rest(connection)
                async with asyncio.timeout(CLOSE_S):
                    await connection.stop()
        except RADIO_ERRORS as error:
            detail = in_words(error)
        except GaitError as error:
            detail = str(error)
        self._reach.connection = None
        self._event(Connection.CLOSED, detail)

    async def _until_lost(self) -> None:
        """Ask for what is missing and watch for silence, until the link is lost."""
        connection = self._reach.connection
        async with asyncio.TaskGroup() as group:
            at_work: list[asyncio.Task[None]] = []
            if connection is not None and not self._lost.is_set():
                asking = self._asking.ask(connection, lambda: self.lose(UNANSWERED))
                at_work = [
                    group.create_task(asking),
                    group.create_task(self._until_silent(connection)),
                ]
            await self._lost.wait()
            for task in at_work:
                task.cancel()

    async def _until_silent(self, connection: SensorConnection) -> None:
        """When packets are overdue, start it again; where that brings nothing, its link is lost."""
        overdue_s = overdue_after_s(self._found.profile, self.info, connection.mtu)
        while True:
            await self._silence.silent_for(overdue_s)
            _log.warning("sensor %d: silent for %.1f s, started again", self._device, overdue_s)
            if not await self._hears_again(connection):
                self._silent = True
                self.lose(SILENT.format(seconds=overdue_s + AGAIN_S))
                return

    async def _hears_again(self, connection: SensorConnection) -> bool:
        """Start it again; whether something comes of it."""
        hears = asyncio.create_task(self._silence.hears_within(AGAIN_S))
        try:
            with contextlib.suppress(*FAILURES):
                async with asyncio.timeout(AGAIN_S):
                    await connection.run(self._found.profile.start(self.info))
            return await hears
        finally:
            hears.cancel()

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
        self._lost_why = OUT_OF_REACH
        self._started = False
        connection, ready = await self._reach.open(
            self._wanted, on_lost=lost.set, on_packet=self._on_packet
        )
        info = ready.info
        _log.info(
            "sensor %d: connected, %s, %s, %g Hz, firmware %s, MTU %s, paired %s",
            *(self._device, info.side, info.profile, info.rate_hz, info.firmware or "unknown"),
            *(connection.mtu, connection.paired),
        )
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
            await self._reach.drop()
            await self._reach.pause()
            try:
                if await self._reach.is_there():
                    await self._connect()
                    return
                _log.debug("sensor %d: is not there yet", self._device)
            except FAILURES as error:
                _log.info("sensor %d: cannot be connected yet", self._device, exc_info=error)

    def _connected(self) -> SensorConnection:
        if self._reach.connection is None:
            raise GaitError(f"The sensor {self._found.label} is not connected; connect it again.")
        return self._reach.connection

    async def _watch_battery(self, connection: SensorConnection) -> None:
        """A session without the battery's level is still a session."""
        try:
            await connection.watch_battery(self._on_battery)
        except RADIO_ERRORS as error:
            _log.info("sensor %d: no battery level", self._device, exc_info=error)
            self._emit(Mark(self._now(), f"{self.info.side} shoe: its battery cannot be read."))

    def _on_packet(self, characteristic: str, payload: bytes) -> None:
        """What a sensor sends before it is started answers its setting up, and is no data."""
        if self._started:
            self._silence.heard()
            if self._silent:
                self._silent = False
                self._event(Connection.CONNECTED)
            self._emit(Packet(self._device, self._now(), characteristic, payload))
            self._asking.on_packet(payload)

    def _on_battery_again(self, percent: int) -> None:
        """Told every few seconds, where its own service may not tell it at all."""
        if percent != self._battery_pct:
            self._on_battery(percent)

    def _on_battery(self, percent: int) -> None:
        self._battery_pct = percent
        self._emit(BatteryReading(self._device, self._now(), percent))

    def _event(self, event: Connection, detail: str = "") -> None:
        self._told = event
        _log.info("sensor %d: %s", self._device, event.value)
        self._emit(ConnectionEvent(self._device, self._now(), event, detail))
