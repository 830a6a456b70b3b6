"""Where a recording comes from: a radio, the clock it is timed with, and what goes with it."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gait.ble import Radio
from gait.ble.radio import radio_of
from gait.ble.sleep import clock
from gait.model import UsageError


@dataclass(frozen=True, slots=True)
class Source:
    """The machine's own adapter unless said otherwise; `clock` times what arrives, `wall` gives
    seconds since 1970, and `attachments` are kept in the session."""

    radio: Radio = field(default_factory=Radio)
    clock: Callable[[], float] = clock
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    wall: Callable[[], float] = time.time


@asynccontextmanager
async def source_for(
    *, virtual: bool, seconds: float, adapter: str | None = None
) -> AsyncIterator[Source]:
    """The machine's adapter, or the one of this name, or two virtual shoes that run for `seconds`.
    Raises UsageError where an adapter is named and none can be chosen."""
    if not virtual:
        yield Source(radio_of(adapter))
        return
    if adapter:
        raise UsageError("Virtual shoes need no adapter; leave out --adapter or --virtual.")
    from gait.cli.simulate import SimulateOptions
    from gait.cli.virtual import virtual_shoes

    async with virtual_shoes(SimulateOptions(seconds=seconds)) as source:
        yield source
