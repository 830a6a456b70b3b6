"""What a sensor is asked for while it streams: packets that are missing, and its time.

Which packets of a sensor are missing, by their numbers alone; no radio, no clock.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Generator
from itertools import chain, repeat, takewhile
from typing import TypeVar

from gait.ble.connection import SensorConnection
from gait.ble.problems import RADIO_ERRORS
from gait.model import Exchange, GaitError, SensorInfo
from gait.sensors import Profile
from gait.sensors.profile import DeviceTime, Expect, PacketNumbers, PacketsGone, Request, Write


class LossTracker:
    """Tell it of every packet that came; it says what to ask for.

    Numbers and device times wrap at `seq_modulo` and `time_modulo_us`; what is given and taken is
    raw. Packets before the first that came are nobody's loss.
    """

    def __init__(self, seq_modulo: int, time_modulo_us: int) -> None:
        self._seq_modulo = seq_modulo
        self._time_modulo_us = time_modulo_us
        self._newest: int | None = None  # unwrapped, as all numbers here
        self._newest_us = 0
        self._to_ask: dict[int, None] = {}  # the oldest first
        self._awaited: dict[int, None] = {}  # asked for
        self._connected = False

    def __len__(self) -> int:
        return len(self._to_ask) + len(self._awaited)

    @property
    def awaited(self) -> int:
        """How many were asked for and have not come."""
        return len(self._awaited)

    def connected(self) -> None:
        """The next packet comes over a new connection: the sensor forgot what it was asked for,
        and may have begun anew."""
        self._connected = True
        self.ask_anew()

    def came(self, packet: PacketNumbers) -> bool:
        """Whether it was missing or is new; False for what came before."""
        later_us = (packet.device_us - self._newest_us) % self._time_modulo_us
        backwards = later_us >= self._time_modulo_us // 2
        if self._newest is None or (self._connected and backwards and not packet.again):
            self._to_ask.clear()
            self._awaited.clear()
            self._newest = packet.seq
        elif backwards:
            return self._forget(self._newest - (self._newest - packet.seq) % self._seq_modulo)
        else:
            number = self._newest + (packet.seq - self._newest) % self._seq_modulo
            if number == self._newest:
                return False
            between = range(self._newest + 1, number)
            self._to_ask.update((n, None) for n in between if n not in self._awaited)
            self._newest = number
            self._forget(number)
        self._connected = self._connected and packet.again
        self._newest_us = packet.device_us
        return True

    def to_ask(self) -> tuple[int, int] | None:
        """First number and count of the oldest in a row that nobody asked for; None without."""
        first = next(iter(self._to_ask), None)
        if first is None:
            return None
        row = takewhile(self._to_ask.__contains__, range(first, first + self._seq_modulo - 1))
        return first % self._seq_modulo, sum(1 for _ in row)

    def after(self) -> int | None:
        """The number after the newest that came; None before the first."""
        return None if self._newest is None else (self._newest + 1) % self._seq_modulo

    def coming(self, first: int, count: int) -> None:
        """These were asked for and will come."""
        for number in self._missing_of(first, count):
            self._to_ask.pop(number, None)
            self._awaited[number] = None

    def coming_after(self, first: int, count: int) -> None:
        """These are newer than the newest, were asked for and will come."""
        if self._newest is not None:
            start = self._newest + (first - self._newest) % self._seq_modulo
            self._awaited.update(dict.fromkeys(range(start, start + count)))

    def ask_anew(self) -> None:
        """What was asked for did not come."""
        self._to_ask = dict.fromkeys(sorted((*self._to_ask, *self._awaited)))
        self._awaited.clear()

    def give_up(self) -> None:
        """What was asked for is not to be had."""
        self._awaited.clear()

    def gone(self, gone: PacketsGone) -> None:
        """These will not come any more."""
        for number in self._missing_of(*gone):
            self._forget(number)

    def _missing_of(self, first: int, count: int) -> list[int]:
        return [
            number
            for number in (*self._to_ask, *self._awaited)
            if (number - first) % self._seq_modulo < count
        ]

    def _forget(self, number: int) -> bool:
        """Whether it was missing."""
        known = number in self._to_ask or number in self._awaited
        self._to_ask.pop(number, None)
        self._awaited.pop(number, None)
        return known


SETTLE_S = 0.1  # a packet that others overtook comes by itself
BUSY_S = 0.3  # until a sensor that was busy is asked again
STALL_S = 2.0  # without one of those that were to come: they are asked for once more, …
STALLS = 3  # … and after so many in a row given up
UNANSWERED = 3  # questions for the time in a row: then nobody listens at the other end
FAILED_S = 2.0  # a link that fails is mostly lost, and found to be so soon
MOST_AFTER = 4096  # packets that may have been made after the last that came

# Seconds between questions for the time: at first so often that two shoes are aligned after some
# seconds, then as often as makes them better aligned; a question is two packets of a few bytes.
OFTEN_S, OFTEN, SELDOM_S = 0.15, 12, 2.0

T = TypeVar("T")


class Retransmission:
    """For one sensor, over all its connections; a kind that knows nothing of it is not asked.

    What was asked and answered goes to `keep`, the battery's level that came with a time to
    `on_battery`. Packets come as all packets do, and are to be told to `on_packet`.
    """

    def __init__(
        self,
        device: int,
        profile: Profile,
        keep: Callable[[Exchange], None],
        now: Callable[[], float],
        on_battery: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._device = device
        self._asked = profile.asked
        self._keep = keep
        self._now = now
        self._on_battery = on_battery
        self._missing = LossTracker(profile.seq_modulo, profile.time_modulo_us)
        self._resends = False
        self._streams = asyncio.Event()  # over this connection
        self._news = asyncio.Event()
        self._progress_s = 0.0  # when the last came again, or was asked for after a while
        self._stalls = 0

    def connected(self, info: SensorInfo) -> None:
        """There is a new connection, and nothing came over it yet."""
        self._resends = info.resends
        self._missing.connected()
        self._streams.clear()

    def on_packet(self, payload: bytes) -> None:
        packet = self._asked.number(payload) if self._asked else None
        if packet is None:
            return
        self._streams.set()
        before = len(self._missing)
        self._missing.came(packet)
        if packet.again:
            self._progress_s, self._stalls = time.monotonic(), 0
        if packet.again or len(self._missing) > before:
            self._news.set()

    async def ask(
        self, connection: SensorConnection, on_unanswered: Callable[[], None] = lambda: None
    ) -> None:
        """Ask for what is to be asked for over this connection, until cancelled. `on_unanswered`
        is called when it was asked for the time in vain, `UNANSWERED` times."""
        await self._streams.wait()
        async with asyncio.TaskGroup() as both:
            both.create_task(_until_refused(self._ask_for_missing, connection))
            both.create_task(
                _until_refused(lambda link: self._ask_for_time(link, on_unanswered), connection)
            )

    async def ask_for_the_rest(self, connection: SensorConnection) -> None:
        """After the sensor was stopped: ask once more for all that is missing, and for what it
        made last; returns when that has come, or could not be had. Raises RADIO_ERRORS and
        GaitError."""
        after = self._missing.after()
        if self._asked is None or not self._resends or after is None:
            return
        self._missing.ask_anew()
        coming, _ = await self._talk(connection, self._asked.resend(after, MOST_AFTER))
        if coming is not None:
            self._missing.coming_after(*coming)
        self._progress_s, self._stalls = time.monotonic(), 0
        while len(self._missing):
            await self._ask_or_wait(connection)

    async def _ask_for_missing(self, connection: SensorConnection) -> None:
        while self._resends:
            if len(self._missing):
                await self._ask_or_wait(connection)
            else:
                self._news.clear()
                await self._news.wait()
                await asyncio.sleep(SETTLE_S)

    async def _ask_for_time(
        self, connection: SensorConnection, on_unanswered: Callable[[], None]
    ) -> None:
        """At random, so that each question meets another moment of the connection interval."""
        if self._asked is None:
            return
        unanswered = 0
        for pause_s in chain(repeat(OFTEN_S, OFTEN), repeat(SELDOM_S)):
            try:
                if unanswered:
                    await self._hear_out(connection)
                told, exchange = await self._talk(connection, self._asked.device_time())
            except TimeoutError:
                unanswered += 1
                if unanswered == UNANSWERED:
                    on_unanswered()
                    return
                continue
            unanswered = 0
            if not told:
                return
            said = self._asked.told(exchange)
            if isinstance(said, DeviceTime) and said.battery_pct is not None:
                self._on_battery(said.battery_pct)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    async def _hear_out(self, connection: SensorConnection) -> None:
        """An answer that comes late would pass for that to the next question, and tell a time long
        past: this one is asked so that it goes by, and what comes of it is not kept."""
        assert self._asked is not None
        await connection.run(self._asked.device_time())
        await asyncio.sleep(OFTEN_S)  # its own answer, where the first one came instead

    async def _ask_or_wait(self, connection: SensorConnection) -> None:
        """Ask for the next that nobody asked for; without any, wait for those asked for."""
        row = self._missing.to_ask()
        if row is not None:
            if not self._missing.awaited:
                self._progress_s = time.monotonic()
            await self._ask_for(connection, row)
            return
        self._news.clear()
        left_s = self._progress_s + STALL_S - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left_s)):
                await self._news.wait()
        except TimeoutError:
            self._stalled()

    async def _ask_for(self, connection: SensorConnection, row: tuple[int, int]) -> None:
        assert self._asked is not None
        coming, exchange = await self._talk(connection, self._asked.resend(*row))
        if coming is None:
            await asyncio.sleep(BUSY_S)
            return
        gone = self._asked.told(exchange)
        if isinstance(gone, PacketsGone):
            self._missing.gone(gone)
        self._missing.coming(*coming)
        if self._missing.to_ask() == row:  # an answer that is none
            self._missing.gone(PacketsGone(*row))

    def _stalled(self) -> None:
        self._progress_s = time.monotonic()
        self._stalls += 1
        if self._stalls < STALLS:
            self._missing.ask_anew()
        else:
            self._stalls = 0
            self._missing.give_up()

    async def _talk(
        self, connection: SensorConnection, dialogue: Generator[Request, bytes, T]
    ) -> tuple[T, Exchange]:
        """What the dialogue returned, and what was said. It is not broken off in the middle, as
        what is asked next would get its answer."""
        talking = asyncio.create_task(connection.run(self._noted(dialogue)))
        talking.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(talking)

    def _noted(
        self, dialogue: Generator[Request, bytes, T]
    ) -> Generator[Request, bytes, tuple[T, Exchange]]:
        """The same dialogue; its last question and the answer are kept with their times."""
        written, answer = Write("", b""), b""
        asked_s = answered_s = self._now()
        request = next(dialogue)
        while True:
            if isinstance(request, Write):
                written, asked_s = request, self._now()
            came = yield request
            if isinstance(request, Expect):
                answer, answered_s = came, self._now()
            try:
                request = dialogue.send(came)
            except StopIteration as end:
                took_s = answered_s - asked_s
                exchange = Exchange(
                    self._device, answered_s, took_s, written.uuid, written.data, answer
                )
                self._keep(exchange)
                return end.value, exchange


async def _until_refused(
    ask: Callable[[SensorConnection], Awaitable[None]], connection: SensorConnection
) -> None:
    """Once more after an error of the radio; never again where the sensor refuses."""
    while True:
        try:
            await ask(connection)
        except RADIO_ERRORS:
            await asyncio.sleep(FAILED_S)
        except GaitError:
            return
        else:
            return
