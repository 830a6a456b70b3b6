"""Two virtual shoes on the air, fed by the simulated runner: what `--virtual` and the demo use."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from gait.app.simulate import SimulateOptions, parse_drops, virtual_feet
from gait.virtual import VirtualAir, VirtualShoe


@asynccontextmanager
async def virtual_shoes(
    seconds: float, options: SimulateOptions | None = None, *, speed: float = 1.0
) -> AsyncIterator[VirtualAir]:
    """The air with a shoe for each foot of the simulated run, which lasts `seconds`."""
    options = options or SimulateOptions(seconds=seconds)
    lost = parse_drops(options.drop)
    feet = virtual_feet(options)
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualAir(speed=speed))
        for side, foot in feet.items():
            shoe = VirtualShoe(air, foot.info, foot.samples, drop=lost[side])
            await stack.enter_async_context(shoe)
        yield air
