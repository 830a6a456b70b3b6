"""Virtual shoes for tests: what they are, what they measure, and a recording of all they send."""

import asyncio
from collections.abc import Sequence

import numpy as np

from gait.ble import ShoeStream, scan
from gait.ble.probe import probe
from gait.model import Packet, Samples, SensorInfo, SessionItem, Side
from gait.virtual import VirtualAir, VirtualShoe

RATE_HZ = 400.0
PAIRED_S = 60.0  # of a busy machine


def sensor(side: Side = Side.LEFT, **changes) -> SensorInfo:
    facts = {
        "side": side,
        "rate_hz": RATE_HZ,
        "acc_range_g": 16.0,
        "gyr_range_dps": 2000.0,
        "serial": "SG-0042" if side is Side.LEFT else "SG-0043",
        "firmware": "1.2.3",
        "mounting": "laces",
    }
    return SensorInfo(**(facts | changes))


def noise(n: int, seed: int = 0) -> Samples:
    """Samples within the ranges of `sensor`, at its rate."""
    random = np.random.default_rng(seed)
    return Samples(
        np.arange(n) / RATE_HZ, random.uniform(-150, 150, (n, 3)), random.uniform(-30, 30, (n, 3))
    )


async def record_all(
    air: VirtualAir, shoes: Sequence[VirtualShoe], rate_hz: float | None = None
) -> tuple[list[SensorInfo], list[SessionItem]]:
    """Find the shoes, stream until they have no more, stop; all items that came."""
    found = sorted(await scan(5, air.radio, enough=len(shoes)), key=lambda sensor: sensor.name)
    async with (
        asyncio.timeout(20),
        ShoeStream(found, radio=air.radio, rate_hz=rate_hz, clock=air.clock) as stream,
    ):
        items: list[SessionItem] = []

        async def gather() -> None:
            async for item in stream:
                items.append(item)

        gathering = asyncio.create_task(gather())
        for shoe in shoes:
            await shoe.finished.wait()
        await stream.stop()
        await gathering
        return stream.sensors, items


def payloads(items: Sequence[SessionItem], device: int = 0) -> list[bytes]:
    return [i.payload for i in items if isinstance(i, Packet) and i.device == device]


async def pair(air: VirtualAir, shoes: Sequence[VirtualShoe]) -> None:
    """This machine pairs with these shoes, so that it knows them by any address."""
    waiting = {shoe.presence.advertised_address for shoe in shoes}
    async with asyncio.timeout(PAIRED_S):
        while waiting:
            for found in await scan(0.5, air.radio):
                if found.address in waiting:
                    await probe(found, air.radio)
                    waiting.discard(found.address)
