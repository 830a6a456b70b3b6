"""Looking for sensors that were lost, one radio for all of them."""

import asyncio

from shoes_on_air import noise, sensor

from gait.ble.radio import RadioLock
from gait.model import Side
from gait.virtual import VirtualAir, VirtualShoe

NOBODY = "C0:DE:5A:1C:E0:EE"
LONG_S = 60.0


async def test_one_that_is_gone_does_not_keep_the_other_waiting():
    turn = RadioLock()
    async with (
        asyncio.timeout(LONG_S / 2),
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(40)) as shoe,
    ):
        gone = asyncio.create_task(turn.find(air.radio, NOBODY, LONG_S))
        await asyncio.sleep(0)  # it looks, and has the turn
        found = await turn.find(air.radio, shoe.address.lower(), LONG_S)
        assert found is not None
        assert found.address == shoe.address
        assert await gone is None  # it ended its turn for the other, and may try again


async def test_what_nobody_looks_for_any_more_is_forgotten():
    turn = RadioLock()
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40)) as shoe:
        async with turn:
            waiting = asyncio.create_task(turn.find(air.radio, shoe.address, LONG_S))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait({waiting})
        assert await turn.find(air.radio, NOBODY, 0.2) is None
        assert await turn.find(air.radio, shoe.address, LONG_S)
        await shoe.presence.break_link(float("inf"))
        assert await turn.find(air.radio, shoe.address, 0.2) is None  # seen before, gone since
