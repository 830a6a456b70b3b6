"""Where a recording comes from: a radio, the clock it is timed with, and what goes with it."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gait.ble import Radio


@dataclass(frozen=True, slots=True)
class Source:
    """The machine's own adapter unless said otherwise; `clock` times what arrives, `wall` gives
    seconds since 1970, and `attachments` are kept in the session."""

    radio: Radio = field(default_factory=Radio)
    clock: Callable[[], float] = time.monotonic
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    wall: Callable[[], float] = time.time


@asynccontextmanager
async def source_for(*, virtual: bool, seconds: float) -> AsyncIterator[Source]:
    """The machine's adapter, or two virtual shoes that run for `seconds`."""
    if not virtual:
        yield Source()
        return
    from gait.app.simulate import SimulateOptions
    from gait.app.virtual import virtual_shoes

    async with virtual_shoes(SimulateOptions(seconds=seconds)) as source:
        yield source
