"""Virtual shoes whose flash has a log of a run, for tests of what is done with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import payloads, record_all, sensor

from gait.ble import scan
from gait.ble.log_link import LogLink
from gait.cli.known_sensors import KnownShoes
from gait.cli.source import Source
from gait.cli.sync import Synced, SyncOptions, sync_from
from gait.live.shutdown import Ending
from gait.logs.clock_sync import BegunLogs, begin
from gait.model import Samples, SensorInfo, Side
from gait.pipeline import Result, analyze_items
from gait.recording import open_session
from gait.recording import partial_download as part
from gait.recording.partial_download import PartialDownload
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


def sessions(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.gait"))


def packets_in(path: Path, device: int = 0) -> list[bytes]:
    return payloads(list(open_session(path).items()), device)


def analyzed(path: Path) -> Result:
    session = open_session(path)
    result = analyze_items(session.sensors, session.items())
    assert session.problems == []
    return result


async def streamed(samples: Mapping[Side, Samples]) -> Result:
    """The same run over the air, as it happens."""
    async with VirtualAir(speed=None) as air:
        shoes = {side: VirtualShoe(air, worn(side), part) for side, part in samples.items()}
        for shoe in shoes.values():
            await shoe.__aenter__()
        infos, items = await record_all(air, list(shoes.values()))
        for shoe in shoes.values():
            await shoe.__aexit__()
    return analyze_items(infos, items)


def same_strides_but_when(one: Result, other: Result) -> None:
    """On which second a contact was depends on the clock of the host."""
    assert len(one.strides) == len(other.strides) > 20
    for name in set(one.strides.dtype.names or ()) - {"ic_s", "tc_s"}:
        np.testing.assert_allclose(
            one.strides[name], other.strides[name], rtol=1e-6, atol=1e-6, err_msg=name
        )


def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for that a virtual shoe has at once."""
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.3)
    monkeypatch.setattr("gait.logs.clock_sync.PAUSE_S", 0.0)


def reads(monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """What shoes are asked to hand over from now on."""
    asked: list[range] = []
    read = LogLink.read

    def noted(link: LogLink, log: int, wanted: range):
        asked.append(wanted)
        return read(link, log, wanted)

    monkeypatch.setattr(LogLink, "read", noted)
    return asked


def when_kept(monkeypatch: pytest.MonkeyPatch, act: Callable[[PartialDownload], None]) -> None:
    """Do this after each packet that a part file takes."""
    keep = PartialDownload.keep

    def kept(part: PartialDownload, index: int, packet: bytes) -> None:
        keep(part, index, packet)
        act(part)

    monkeypatch.setattr(PartialDownload, "keep", kept)


class KilledError(BaseException):
    """What stands for a kill: nothing tidies up after it."""


async def killed_in(
    here: Worn,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    where,
    name: str,
    when: Callable[..., bool] = lambda *_: True,
) -> None:
    """Sync until this function is called (and `when` says so), and leave all as a kill does."""
    real, opened = getattr(where, name), part._opened
    files = []

    def noted(path: Path):
        files.append(opened(path))
        return files[-1]

    def killed(*arguments, **options):
        if not when(*arguments):
            return real(*arguments, **options)
        for db in files:
            db.close()
        raise KilledError

    with monkeypatch.context() as broken:
        broken.setattr(part, "_opened", noted)
        broken.setattr(where, name, killed)
        broken.setattr(PartialDownload, "close", lambda self: None)
        broken.setattr(PartialDownload, "remove", lambda self: None)
        with pytest.raises(KilledError):
            await here.sync(folder)
