"""What befalls a shoe during a run, and chaos: all of it at times drawn from a seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gait.cli.simulate import VirtualFoot
from gait.model import Side
from gait.virtual import Bonds, FaultInjector, VirtualAir, VirtualShoe

LONGEST_AWAY_S = 15.0
LONGEST_BURST_S = 2.0
APART_S = (20.0, 60.0)  # from one lost link, or one burst, to the next
LONGEST_DROP_S = 0.2
DROPS_APART_S = (5.0, 30.0)
CALM_S = 20.0

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Times are seconds of the run; else as in `VirtualShoe` and `FaultInjector`."""

    away: Spans = ()
    bursts: Spans = ()
    drop: Spans = ()
    lose: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    rubbish: float = 0.0
    reboot_at: tuple[float, ...] = ()
    gone_at: float = np.inf
    battery_pct: int = 90
    battery_s_per_pct: float = 300.0
    mtu: int = 247
    ring_s: float = 0.0
    first_seq: int = 0
    clock_ppm: float = 0.0
    pairs: bool = False
    seed: int = 0

    def shoe(
        self, air: VirtualAir, foot: VirtualFoot, on_made: Callable[[int, bytes], None]
    ) -> VirtualShoe:
        """The shoe of this foot, to which all this happens."""
        elapsed_s = foot.samples.time_s - foot.samples.time_s[0]
        return VirtualShoe(
            air,
            foot.info,
            foot.samples,
            due_s=elapsed_s / (1.0 + 1e-6 * self.clock_ppm),
            mtu=self.mtu,
            first_seq=self.first_seq,
            battery_pct=self.battery_pct,
            battery_s_per_pct=self.battery_s_per_pct,
            ring_s=self.ring_s,
            bonds=Bonds() if self.pairs else None,
            drop=self.drop,
            disconnect_at=self.away,
            reboot_at=self.reboot_at,
            gone_at=self.gone_at,
            faults=FaultInjector(
                lose=self.lose,
                duplicate=self.duplicate,
                reorder=self.reorder,
                rubbish=self.rubbish,
                bursts=self.bursts,
                seed=self.seed,
            ),
            on_made=on_made,
        )


def chaos(seed: int, seconds: float) -> dict[Side, Hazards]:
    """Everything at once.

    The left shoe serves paired hosts alone, from an address that it changes, resends what it keeps
    for a minute, and reboots, when there is nothing to be had again; the right one is of an older
    kind that keeps nothing, and dies before the end.
    """
    draw = random.Random(seed)
    left, right = (_befalling(draw, seconds) for _ in range(2))
    reboots_at, dies_at = draw.uniform(0.5, 0.6) * seconds, 0.9 * seconds
    for trouble in ("away", "bursts", "drop"):
        left[trouble] = tuple(
            span for span in left[trouble] if not reboots_at - CALM_S < span[1] < reboots_at + 1.0
        )
    return {
        Side.LEFT: Hazards(**left, ring_s=60.0, reboot_at=(reboots_at,), pairs=True),
        Side.RIGHT: Hazards(
            **right, gone_at=dies_at, battery_pct=20, battery_s_per_pct=dies_at / 20
        ),
    }


def _befalling(draw: random.Random, seconds: float) -> dict:
    return {
        "away": tuple(spans(draw, seconds, LONGEST_AWAY_S, APART_S)),
        "bursts": tuple(spans(draw, seconds, LONGEST_BURST_S, APART_S)),
        "drop": tuple(spans(draw, seconds, LONGEST_DROP_S, DROPS_APART_S, first_s=APART_S[0])),
        "duplicate": 0.01,
        "reorder": 0.01,
        "rubbish": 0.005,
        "mtu": draw.choice((158, 185, 247)),
        "first_seq": draw.randrange(65536),
        "clock_ppm": draw.uniform(-100.0, 100.0),
        "seed": draw.randrange(1000),
    }


def spans(
    draw: random.Random,
    seconds: float,
    longest_s: float,
    apart_s: tuple[float, float],
    first_s: float = 0.0,
) -> Iterator[tuple[float, float]]:
    """Spans of up to `longest_s`, from one to the next `apart_s` at least and at most."""
    end = first_s
    while (start := end + draw.uniform(*apart_s)) < seconds:
        end = start + draw.uniform(0.02, 1.0) * longest_s
        yield start, end
