"""The time that all shoes of an air share, at any speed."""

import asyncio
import contextlib
import math
import time

GRACE_S = 1.0
LATE_S = 0.2  # of real time: by how much shoes may be behind the run


class RunTime:
    """Seconds of the run, which begins when every shoe was started once.

    Where some are never started, it begins `GRACE_S` of real time after the first. Where the
    machine is too slow for `speed`, so is the run: its time stands until the shoes have caught up.
    With `speed` None time is not real: it goes on as fast as the shoes send, which take turns.
    """

    def __init__(self, speed: float | None) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be more than 0, or None, is {speed}")
        self.speed = speed
        self._created_s = time.monotonic()
        self._reached_s = 0.0
        self._held_s = 0.0  # what the run lost on the machine's clock
        self._began_s: float | None = None
        self._begun = asyncio.Event()
        self._awaited: set[object] = set()
        self._due: dict[object, float] = {}
        self._moved = asyncio.Event()

    def clock(self) -> float:
        """Seconds at the run's speed, monotonic; for whoever times what arrives."""
        if self.speed is not None:
            now_s = (time.monotonic() - self._created_s) * self.speed - self._held_s
            late_s = LATE_S * max(1.0, self.speed)
            latest_s = min(self._due.values(), default=math.inf) + late_s + (self._began_s or 0.0)
            self._held_s += max(0.0, now_s - latest_s)
            self._reached_s = max(self._reached_s, min(now_s, latest_s))
        return self._reached_s

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
        self._due[shoe] = due_s
        if self.speed is not None:
            await self.pass_by(due_s)
            return
        self._wake_others()
        while due_s > min(self._due.values()):
            await self._moved.wait()
        self._reached_s = max(self._reached_s, due_s)

    async def pass_by(self, run_s: float) -> None:
        """Wait for this second of a run that goes on by itself; `speed` must not be None."""
        assert self.speed is not None
        while (left_s := run_s - self.run_s) > 0:  # noqa: ASYNC110 - time may be held meanwhile
            await asyncio.sleep(left_s / self.speed)

    def leave(self, shoe: object) -> None:
        """This shoe sends no more for now; the others need not wait for it."""
        self._due.pop(shoe, None)
        self._wake_others()

    def _wake_others(self) -> None:
        self._moved.set()
        self._moved.clear()
