"""What one or two connected shoes send, as one stream of session items."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Self

from gait.ble import platforms
from gait.ble.link import SensorLink
from gait.ble.listening import FoundSensor
from gait.ble.problems import NO_SENSOR, RADIO_ERRORS, in_words
from gait.ble.radio import Radio, RadioLock
from gait.model import GaitError, Mark, SensorInfo, SessionItem, UsageError

CANCEL_AGAIN_S = 0.5
SERVICE_GONE = "the Bluetooth service of this machine ended"


class ShoeStream:
    """Connects the sensors on entering, and then yields what they send, in order of arrival.

        async with ShoeStream(await scan()) as stream:
            async for item in stream:
                ...

    Items carry the number of the sensor in `found` as `device`, and `host_s`, seconds of `clock`
    since the stream began. A sensor that is lost is connected and started again while the stream
    runs; the others go on. `rate_hz` asks the sensors for a rate: where one does not have it, it
    streams at its own, and a Mark says so. `slept_s` tells how long the machine has slept, from
    any beginning: a Mark says that, too.

    Entering raises UsageError where two sensors are on the same foot, GaitError where there is no
    sensor, no Bluetooth, or one that cannot be read or started.
    """

    def __init__(
        self,
        found: Sequence[FoundSensor],
        *,
        radio: Radio | None = None,
        rate_hz: float | None = None,
        clock: Callable[[], float] = platforms.clock,
        slept_s: Callable[[], float] = platforms.slept_s,
    ) -> None:
        if not found:
            raise GaitError(NO_SENSOR)
        self._clock = clock
        self._slept_s = slept_s
        self._began_s = clock()
        self._items: asyncio.Queue[SessionItem | BaseException | None] = asyncio.Queue()
        self._radio = radio or Radio()
        self._watching = AsyncExitStack()
        turn = RadioLock()
        self._links = [
            SensorLink(
                device,
                sensor,
                self._radio,
                rate_hz,
                self._items.put_nowait,
                lambda: self.session_s,
                turn,
            )
            for device, sensor in enumerate(found)
        ]
        self._holding: list[asyncio.Task[None]] = []
        self._stopped = False
        self._ended = False

    @property
    def sensors(self) -> list[SensorInfo]:
        """What the sensors say of themselves, by device number."""
        return [link.info for link in self._links]

    @property
    def paired(self) -> list[bool]:
        """Whether each sensor is paired with this machine."""
        return [link.paired for link in self._links]

    @property
    def lacks(self) -> list[str]:
        """What the firmware of each is too old for, in a sentence; "" for nothing."""
        return [link.lacks for link in self._links]

    @property
    def session_s(self) -> float:
        """Seconds since the stream began."""
        return self._clock() - self._began_s

    def mark(self, text: str) -> None:
        """Put a mark into the stream, now."""
        self._items.put_nowait(Mark(self.session_s, text))

    async def vibrate(self, device: int) -> None:
        """Let the runner feel this sensor. Raises GaitError where it cannot."""
        await self._links[device].vibrate()

    async def stop(self) -> None:
        """Stop and disconnect the sensors; the stream ends after what has already come."""
        if self._stopped:
            return
        self._stopped = True
        await _cancelled(self._holding)
        await asyncio.gather(*(link.close() for link in self._links))
        await self._watching.aclose()
        self._items.put_nowait(None)

    async def __aenter__(self) -> Self:
        try:
            await self._watching.enter_async_context(
                self._radio.service_watched(self._on_service_gone)
            )
            for link in self._links:
                await link.open()
            self._check_sides()
            self._began_s = self._clock()
            await self._start()
        except BaseException:
            await self.stop()
            raise
        self._holding = [asyncio.create_task(link.hold()) for link in self._links]
        self._holding.append(
            asyncio.create_task(platforms.watch_for_sleep(self._on_slept, self._slept_s))
        )
        for task in self._holding:
            task.add_done_callback(self._on_held)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionItem:
        if self._ended:
            raise StopAsyncIteration
        item = await self._items.get()
        if item is None:
            self._ended = True
            raise StopAsyncIteration
        if isinstance(item, BaseException):
            raise item
        return item

    async def _start(self) -> None:
        """Start all; one that is lost meanwhile is connected again while the others stream."""
        lost: list[GaitError] = []
        for link in self._links:
            try:
                await link.start()
            except GaitError as error:
                if not isinstance(error.__cause__, RADIO_ERRORS):
                    raise  # it refuses
                lost.append(error)
                link.lose(in_words(error.__cause__))
        if len(lost) == len(self._links):
            raise lost[0]

    def _check_sides(self) -> None:
        (side, sensors), *_ = Counter(info.side for info in self.sensors).most_common(1)
        if sensors > 1:
            raise UsageError(
                f"{sensors} sensors say they are on the {side} shoe; set one of them to the "
                f"{side.other}, or choose one per foot, and try again."
            )

    def _on_service_gone(self) -> None:
        for link in self._links:
            link.lose(SERVICE_GONE)

    def _on_slept(self, seconds: float) -> None:
        self.mark(platforms.SLEPT.format(seconds=seconds))

    def _on_held(self, task: asyncio.Task[None]) -> None:
        """A link that ends by itself is a fault, and belongs to whoever reads the stream."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._items.put_nowait(error)


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel them until they have ended: a library may swallow it, as `asyncio.wait_for` of
    Python 3.11 does where what it waited for comes at the same moment."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
