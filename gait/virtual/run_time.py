"""The time that all shoes of an air share, at any speed."""

import asyncio
import contextlib
import time

GRACE_S = 1.0


class RunTime:
    """Seconds of the run, which begins when every shoe was started once.

    Where some are never started, it begins `GRACE_S` of real time after the first. With `speed`
    None time is not real: it goes on as fast as the shoes send, which take turns by it.
    """

    def __init__(self, speed: float | None) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be more than 0, or None, is {speed}")
        self.speed = speed
        self._created_s = time.monotonic()
        self._reached_s = 0.0
        self._began_s: float | None = None
        self._begun = asyncio.Event()
        self._awaited: set[object] = set()
        self._due: dict[object, float] = {}
        self._moved = asyncio.Event()

    def clock(self) -> float:
        """Seconds at the run's speed, monotonic; for whoever times what arrives."""
        if self.speed is None:
            return self._reached_s
        return (time.monotonic() - self._created_s) * self.speed

    @property
    def run_s(self) -> float:
        """Seconds since the run began; 0 before."""
        return 0.0 if self._began_s is None else self.clock() - self._began_s

    def expect(self, shoe: object) -> None:
        """The run is not to begin without this shoe."""
        self._awaited.add(shoe)

    def withdraw(self, shoe: object) -> None:
        self._awaited.discard(shoe)

    async def begin(self, shoe: object) -> None:
        """This shoe was started; wait until the run has begun."""
        self._awaited.discard(shoe)
        if self._awaited and not self._begun.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await self._begun.wait()
        if self._began_s is None:
            self._began_s = self.clock()
        self._begun.set()

    async def until(self, shoe: object, due_s: float) -> None:
        """Wait for this second of the run."""
        if self.speed is not None:
            await asyncio.sleep(max(0.0, (due_s - self.run_s) / self.speed))
            return
        self._due[shoe] = due_s
        self._wake_others()
        while due_s > min(self._due.values()):
            await self._moved.wait()
        self._reached_s = max(self._reached_s, due_s)

    def leave(self, shoe: object) -> None:
        """This shoe sends no more for now; the others need not wait for it."""
        self._due.pop(shoe, None)
        self._wake_others()

    def _wake_others(self) -> None:
        self._moved.set()
        self._moved.clear()
