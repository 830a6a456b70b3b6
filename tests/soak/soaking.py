"""A run of virtual shoes to which things happen, recorded as `gait record` does it."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hazards import Hazards
from ledger import Account, Ledger, account, packets_in
from shoes_on_air import pair
from usual_signals import heard

from gait.cli.known_sensors import KnownShoe, KnownShoes
from gait.cli.record import RecordedSession, RecordOptions, record_from
from gait.cli.simulate import SimulateOptions, VirtualFoot, virtual_feet
from gait.cli.source import Source
from gait.cli.warm import warm_up
from gait.model import Samples, SensorNote, SessionItem, Side
from gait.recording import Session, open_session
from gait.sensors.shoegait_info import FIRST_VERSION
from gait.virtual import VirtualAir, VirtualShoe

FAST = 10.0  # times real time
SAMPLED_EVERY_S = 2.0  # of real time
CALM_S = 0.3  # of real time, at the end
HANGS_S = 60.0  # of real time, beyond four times what the recording takes on a free machine

UNHARMED = Hazards()


@dataclass(frozen=True)
class Soaked:
    """What was recorded, and what the shoes themselves know of it.

    resident : (n,) bytes of memory in use, every few seconds; empty where nobody can say
    """

    path: Path
    recorded: RecordedSession
    feet: Mapping[Side, VirtualFoot]
    accounts: Mapping[Side, Account]
    resident: list[int] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return open_session(self.path)

    def items(self) -> list[SessionItem]:
        """All that is in the file, which has no problems."""
        session = self.session
        items = list(session.items())
        assert session.problems == []
        return items

    def note(self, side: Side) -> SensorNote:
        """What the summary says of the sensor."""
        return self.recorded.result.shoes[side].note()


@cache
def runners_feet(seconds: float, rate_hz: float = 400.0, scenario: str = "run_walk_run"):
    return virtual_feet(SimulateOptions(scenario, seconds=seconds, rate_hz=rate_hz))


def again_and_again(feet: Mapping[Side, VirtualFoot], times: int) -> dict[Side, VirtualFoot]:
    """The same run so many times in a row, without a break in time."""
    return {
        side: replace(foot, samples=_repeated(foot.samples, times)) for side, foot in feet.items()
    }


def _repeated(samples: Samples, times: int) -> Samples:
    period_s = float(np.median(np.diff(samples.time_s)))
    time_s = samples.time_s[0] + period_s * np.arange(times * len(samples))
    return Samples(time_s, np.tile(samples.acc, (times, 1)), np.tile(samples.gyr, (times, 1)))


async def soak(
    folder: Path,
    feet: Mapping[Side, VirtualFoot],
    hazards: Mapping[Side, Hazards],
    seconds: float,
    *,
    speed: float = FAST,
    strangers: Sequence[Side] = (),
) -> Soaked:
    """Record the known shoes of a run for so many seconds of it, and then until all that are to
    come back are back; Ctrl-C ends it. Fails where it hangs.

    `strangers` are the feet of somebody else, who is near with shoes of the same names.
    """
    warm_up()  # compiling in the middle of a run would hold up the radio
    ledgers = {side: Ledger(folder / f"{side}.ledger") for side in feet}
    resident: list[int] = []
    path = folder / "run.gait"
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualAir(speed=speed))
        others = [UNHARMED.shoe(air, feet[side], lambda *_: None) for side in strangers]
        mine = [
            hazards.get(side, UNHARMED).shoe(air, foot, ledgers[side].note)
            for side, foot in feet.items()
        ]
        for shoe in (*others, *mine):
            await stack.enter_async_context(shoe)
        for shoe in others:
            air.time.withdraw(shoe)  # the run does not wait for it
        await pair(air, [shoe for shoe in mine if shoe.version > FIRST_VERSION])
        known = KnownShoes(None)
        known.remember([_known(shoe) for shoe in mine])
        stack.enter_context(heard(signal.SIGINT))
        stack.enter_context(_beside(_watch(resident)))
        stack.enter_context(_beside(_end(air, mine, seconds)))
        async with asyncio.timeout(4.0 * seconds / speed + HANGS_S):
            recorded = await record_from(
                Source(air.radio, air.clock), RecordOptions(path), known=known
            )
        assert not any(shoe.packets_made for shoe in others)
    for ledger in ledgers.values():
        ledger.close()
    came = packets_in(path)
    accounts = {side: account(ledgers[side], came[str(side)]) for side in feet}
    return Soaked(path, recorded, feet, accounts, resident)


async def _end(air: VirtualAir, shoes: Sequence[VirtualShoe], seconds: float) -> None:
    """Press Ctrl-C once the run has lasted, and the shoes have streamed for a while since."""
    calm_since_s = None
    while calm_since_s is None or time.monotonic() - calm_since_s < CALM_S:
        await asyncio.sleep(0.02)
        back = all(shoe.streaming or shoe.finished.is_set() for shoe in shoes)
        if not back or air.time.run_s < seconds:
            calm_since_s = None
        elif calm_since_s is None:
            calm_since_s = time.monotonic()
    signal.raise_signal(signal.SIGINT)


async def _watch(resident: list[int]) -> None:
    while (used := _resident_bytes()) is not None:
        resident.append(used)
        await asyncio.sleep(SAMPLED_EVERY_S)


@contextlib.contextmanager
def _beside(what: Coroutine[Any, Any, None]) -> Iterator[None]:
    task = asyncio.create_task(what)
    try:
        yield
    finally:
        task.cancel()


def _known(shoe: VirtualShoe) -> KnownShoe:
    return KnownShoe(
        address=shoe.address,
        name=shoe.name,
        last_seen="2026-01-01T12:00:00+00:00",
        info=shoe.info,
    )


def _resident_bytes() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * 4096
