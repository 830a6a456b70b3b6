"""Two virtual shoes on the air, fed by the simulated runner: what `--virtual` and the demo use."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from gait.app.simulate import TRUTH, SimulateOptions, parse_drops, truth_csv, virtual_feet
from gait.app.source import Source
from gait.virtual import VirtualAir, VirtualShoe


@asynccontextmanager
async def virtual_shoes(options: SimulateOptions, *, speed: float = 1.0) -> AsyncIterator[Source]:
    """A shoe for each foot of the simulated run; recordings of them carry the truth."""
    lost = parse_drops(options.drop)
    feet = virtual_feet(options)
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualAir(speed=speed))
        for side, foot in feet.items():
            shoe = VirtualShoe(air, foot.info, foot.samples, drop=lost[side])
            await stack.enter_async_context(shoe)
        yield Source(air.radio, air.clock, {TRUTH: truth_csv(feet).encode()})
