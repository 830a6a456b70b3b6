"""Two virtual shoes on the air, fed by the simulated runner: what `--virtual` and the demo use."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from gait.ble import scan
from gait.ble.log_link import LogLink
from gait.ble.radio_lock import Turn
from gait.cli.log import begin
from gait.cli.simulate import TRUTH, SimulateOptions, parse_drops, truth_csv, virtual_feet
from gait.cli.source import Source
from gait.logs.begun import BegunLogs
from gait.virtual import Bonds, Flash, VirtualAir, VirtualShoe

RING_S = 120.0  # what they keep to send again, where nobody says


@asynccontextmanager
async def virtual_shoes_that_logged(
    options: SimulateOptions, begun: BegunLogs
) -> AsyncIterator[Source]:
    """A shoe for each foot, whose flash has a log of the whole run, which has just ended."""
    began_s = time.time() - options.seconds
    turn = Turn()
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
    options: SimulateOptions, *, speed: float = 1.0, ring_s: float = RING_S
) -> AsyncIterator[Source]:
    """A shoe for each foot of the simulated run; recordings of them carry the truth."""
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
