"""Cues that the runner feels: the shoe that a cue is about vibrates, where it can."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from gait.ble import ShoeStream
from gait.live.cues import Cue
from gait.model import GaitError, SensorInfo

TRIES = 3  # in a row: it may be out of reach for a moment


class Nudges:
    """Call it with a cue; it waits for nothing. A shoe that failed too often is left alone."""

    def __init__(self, stream: ShoeStream) -> None:
        self._stream = stream
        self._failed = Counter[int]()
        self._going: set[asyncio.Task[None]] = set()

    def __call__(self, cue: Cue) -> None:
        for device in about(cue, self._stream.sensors):
            if self._failed[device] < TRIES:
                task = asyncio.create_task(self._vibrate(device))
                self._going.add(task)
                task.add_done_callback(self._going.discard)

    async def _vibrate(self, device: int) -> None:
        try:
            await self._stream.vibrate(device)
        except GaitError:
            self._failed[device] += 1
        else:
            self._failed[device] = 0


def about(cue: Cue, sensors: Sequence[SensorInfo]) -> list[int]:
    """The shoes to nudge: that of the cue's foot, or all where it is about both or is not there."""
    mine = [device for device, info in enumerate(sensors) if info.side is cue.side]
    return mine or list(range(len(sensors)))
