"""The host's clock beside that of a sensor which is asked for its time a few times."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import numpy as np

from gait.steps.alignment import at_one_moment

TIMES = 12
PAUSE_S = 0.1  # up to, at random, so that each question meets another moment of the connection

Wall = Callable[[], float]


async def compared(told_s: Callable[[], Awaitable[float]], wall: Wall) -> tuple[float, float]:
    """Host less device time, and one sd of it; `told_s` asks for the device time in seconds."""
    asked, came = [], []
    for _ in range(TIMES):
        await asyncio.sleep(random.uniform(0.0, PAUSE_S))  # noqa: S311 - no secret
        before_s = wall()
        device_s = await told_s()
        asked.append(before_s - device_s)
        came.append(wall() - device_s)
    return at_one_moment(np.array(asked), np.array(came))
