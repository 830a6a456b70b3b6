"""What a stream gives, gathered as it comes, for tests that wait for something of it."""

import asyncio
from collections.abc import Callable

from gait.ble import ShoeStream
from gait.model import Connection, ConnectionEvent, Packet, SessionItem


class Gathered:
    """What a stream gives, as it comes."""

    def __init__(self, stream: ShoeStream) -> None:
        self.items: list[SessionItem] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._gather(stream))

    async def _gather(self, stream: ShoeStream) -> None:
        async for item in stream:
            self.items.append(item)
            self._news.set()

    async def until(self, enough: Callable[[list[SessionItem]], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not enough(self.items):
                self._news.clear()
                await self._news.wait()

    @property
    def events(self) -> list[Connection]:
        return [item.event for item in self.items if isinstance(item, ConnectionEvent)]

    def events_of(self, device: int) -> list[Connection]:
        events = (item for item in self.items if isinstance(item, ConnectionEvent))
        return [event.event for event in events if event.device == device]

    def reasons(self) -> list[str]:
        return [
            item.detail
            for item in self.items
            if isinstance(item, ConnectionEvent) and item.event is Connection.LOST
        ]

    async def packets(self, more: int = 5, seconds: float = 10.0) -> None:
        """Wait until so many more have come."""
        before = count(self.items)
        await self.until(lambda items: count(items) >= before + more, seconds)


def count(items: list[SessionItem], device: int = 0) -> int:
    """The packets of this sensor."""
    return sum(isinstance(item, Packet) and item.device == device for item in items)
