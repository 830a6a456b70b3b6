"""What goes out on the stream of a virtual shoe: live packets, and in turn with them the rest."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator

MOST_WAITING = 4  # RESEND requests that are not served yet


class Outbox:
    """Sends by `notify`, one at a time and in the order asked for: the live packet, which is
    `send`, waits for at most one of those that `resend` and `read` put in."""

    def __init__(self, notify: Callable[[bytes], Awaitable[None]]) -> None:
        self._notify = notify
        self._turn = asyncio.Lock()
        self._resends: deque[Iterator[bytes]] = deque()
        self._reading: Iterator[bytes] = iter(())
        self._working: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return len(self._resends) >= MOST_WAITING

    async def send(self, payload: bytes) -> None:
        async with self._turn:
            await self._notify(payload)

    def resend(self, packets: Iterator[bytes]) -> None:
        self._resends.append(packets)

    def read(self, parts: Iterator[bytes]) -> None:
        """Parts of a log, instead of those asked for before."""
        self._reading = parts

    def go(self) -> None:
        """Begin to send what was put in, if there is any."""
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())

    def forget(self) -> None:
        self._resends.clear()
        self._reading = iter(())

    async def close(self) -> None:
        self.forget()
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait({self._working})

    async def _work(self) -> None:
        while (payload := self._next()) is not None:
            await self.send(payload)
            await asyncio.sleep(0)  # a live packet may be ready

    def _next(self) -> bytes | None:
        while self._resends:
            payload = next(self._resends[0], None)
            if payload is not None:
                return payload
            self._resends.popleft()
        return next(self._reading, None)
