"""Where a recording comes from: the machine's radio, or two virtual shoes that a simulated runner
wears (`--virtual` and the demo); with the clock it is timed with and what goes with it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gait.ble import Radio
from gait.ble.platforms import clock
from gait.ble.radio import radio_of
from gait.model import UsageError

if TYPE_CHECKING:
    from gait.cli.simulate import SimulateOptions
    from gait.logs.clock_sync import BegunLogs


RING_S = 120.0  # what virtual shoes keep to send again, where nobody says


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

    async with virtual_shoes(SimulateOptions(seconds=seconds)) as source:
        yield source


@asynccontextmanager
async def virtual_shoes_that_logged(
    options: "SimulateOptions", begun: "BegunLogs"
) -> AsyncIterator[Source]:
    """A shoe for each foot, whose flash has a log of the whole run, which has just ended."""
    from gait.ble import scan
    from gait.ble.log_link import LogLink
    from gait.ble.radio import RadioLock
    from gait.cli.simulate import virtual_feet
    from gait.logs.clock_sync import begin
    from gait.virtual import Bonds, Flash, VirtualAir, VirtualShoe

    began_s = time.time() - options.seconds
    turn = RadioLock()
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualAir(speed=None))

        def wall() -> float:
            return began_s + air.clock()

        shoes = [
            await stack.enter_async_context(
                VirtualShoe(
                    air,
                    foot.info,
                    foot.samples,
                    due_s=foot.taken_s,
                    flash=Flash(),
                    bonds=Bonds(),
                )
            )
            for foot in virtual_feet(options).values()
        ]
        for sensor in await scan(radio=air.radio, enough=len(shoes)):
            async with LogLink(sensor, air.radio, turn) as link:
                await begin(link, wall, begun)
        await asyncio.gather(*(shoe.finished.wait() for shoe in shoes))
        yield Source(air.radio, air.clock, wall=wall)


@asynccontextmanager
async def virtual_shoes(
    options: "SimulateOptions", *, speed: float = 1.0, ring_s: float = RING_S
) -> AsyncIterator[Source]:
    """A shoe for each foot of the simulated run; recordings of them carry the truth."""
    from gait.cli.simulate import TRUTH, parse_drops, truth_csv, virtual_feet
    from gait.virtual import Bonds, VirtualAir, VirtualShoe

    lost = parse_drops(options.drop)
    feet = virtual_feet(options)
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualAir(speed=speed))
        for side, foot in feet.items():
            shoe = VirtualShoe(
                air,
                foot.info,
                foot.samples,
                due_s=foot.taken_s,
                ring_s=ring_s,
                bonds=Bonds(),
                drop=lost[side],
            )
            await stack.enter_async_context(shoe)
        yield Source(air.radio, air.clock, {TRUTH: truth_csv(feet).encode()})
