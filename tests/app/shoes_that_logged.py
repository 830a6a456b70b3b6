"""Virtual shoes whose flash has a log of a run, for tests of what is done with it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from shoes_on_air import sensor

from gait.app.begun import BegunLogs
from gait.app.endings import Ending
from gait.app.known import KnownShoes
from gait.app.log import begin
from gait.app.source import Source
from gait.app.sync import Synced, SyncOptions, sync_from
from gait.ble import scan
from gait.ble.log_link import LogLink
from gait.model import Samples, SensorInfo, Side
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.virtual import Flash, VirtualAir, VirtualShoe

RATE_HZ = 100.0
BEGAN_S = 1_748_757_600.0  # 2025-06-01 06:00:00 UTC


def worn(side: Side, **changes) -> SensorInfo:
    return sensor(side, rate_hz=RATE_HZ, **changes)


@cache
def run(seconds: float = 16.0) -> dict[Side, Samples]:
    """Standing, then running: what both feet measure."""
    segments = (
        Segment(kind="stand", duration_s=4.0),
        Segment(kind="run", duration_s=seconds - 4.0, speed_m_s=3.0),
    )
    motions = simulate(Runner(), segments, seed=3)
    return {side: measure(m, Sensor(rate_hz=RATE_HZ), seed=5) for side, m in motions.items()}


@dataclass
class Worn:
    """Shoes on the air, and the host that looks for them; the flash of each outlives it."""

    air: VirtualAir
    shoes: dict[Side, VirtualShoe] = field(default_factory=dict)
    known: KnownShoes = field(default_factory=lambda: KnownShoes(None))
    began_s: float = BEGAN_S
    begun: BegunLogs = field(default_factory=lambda: BegunLogs(None))
    ending: Ending = field(default_factory=Ending)

    @property
    def source(self) -> Source:
        return Source(self.air.radio, self.air.clock, wall=self.wall)

    def flash(self, side: Side) -> Flash:
        flash = self.shoes[side].flash
        assert flash is not None
        return flash

    def wall(self) -> float:
        return self.began_s + self.air.clock()

    async def begin(self, *sides: Side) -> None:
        """Let these log, or all, and wait until their samples are used up."""
        turn = asyncio.Lock()
        chosen = [self.shoes[side] for side in sides or self.shoes]
        for shoe in chosen:
            shoe._sample_on = lambda: None  # the runner waits for both
        for found in await scan(5, self.air.radio, enough=len(self.shoes)):
            if found.address in {shoe.address for shoe in chosen}:
                async with LogLink(found, self.air.radio, turn) as link:
                    await begin(link, self.wall, self.begun)
        for shoe in chosen:
            del shoe._sample_on
            shoe.log()
        async with asyncio.timeout(20):
            while any(shoe.sampling for shoe in chosen):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def later(self, seconds: float, ppm: float = 0.0) -> None:
        """So much time goes by, in which no shoe samples, and their clocks go on."""
        for shoe in self.shoes.values():
            now_s, device_s = self.air.time.run_s, shoe.device_s
            shoe._due_s = np.append(shoe._due_s, now_s + seconds)
            shoe._time_s = np.append(shoe._time_s, device_s + seconds * (1 + 1e-6 * ppm))
        self.air.time._reached_s += seconds

    async def sync(self, folder: Path, **options) -> Synced:
        async with asyncio.timeout(30):
            return await sync_from(
                self.source,
                SyncOptions(folder=folder, **options),
                self.ending,
                known=self.known,
                begun=self.begun,
            )


@asynccontextmanager
async def shoes_with(samples: Mapping[Side, Samples], **changes) -> AsyncIterator[Worn]:
    """A shoe for each, in one air whose time goes on as fast as they sample."""
    async with VirtualAir(speed=None) as air:
        if Side.LEFT not in samples:
            await air.add_host("the other shoe, which is away")  # and has its own address
        here = Worn(air)
        for side, part in samples.items():
            facts = {"flash": Flash()} | changes
            here.shoes[side] = VirtualShoe(air, worn(side), part, **facts)
            await here.shoes[side].__aenter__()
        try:
            yield here
        finally:
            for shoe in here.shoes.values():
                await shoe.__aexit__()
