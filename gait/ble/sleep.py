"""Time while the machine sleeps: a clock that goes on, and how long it has slept.

On Linux `time.monotonic` stands still while the machine is suspended and CLOCK_BOOTTIME does not;
macOS has the same in its CLOCK_MONOTONIC, and Windows' `time.monotonic` goes on by itself.

Sources: clock_gettime(2) of Linux; mach_absolute_time and clock_gettime of macOS; Microsoft,
"GetTickCount64" and "QueryPerformanceCounter".
"""

import asyncio
import sys
import time
from collections.abc import Callable

NOTICED_S = 1.0
LOOK_S = 0.5
SLEPT = "this machine slept for {seconds:.0f} s, and nothing could be received meanwhile"


def clock() -> float:
    """Seconds from any beginning, those in which the machine slept among them."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def slept_s() -> float:
    """Seconds that the machine has slept, from any beginning; Windows does not tell, and it is the
    same always."""
    return clock() - time.monotonic()


async def watch_for_sleep(
    on_slept: Callable[[float], None], slept_s: Callable[[], float] = slept_s
) -> None:
    """Tell each sleep of the machine, in s, when it is over; until cancelled."""
    before_s = slept_s()
    while True:
        await asyncio.sleep(LOOK_S)
        now_s = slept_s()
        if now_s - before_s > NOTICED_S:
            on_slept(now_s - before_s)
        before_s = now_s
