"""One runner's year through the product, each run kept in a roster as `gait analyze` keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.accuracy.recordings import any_rotation
from benchmarks.flags.days import REMOUNTED_DEG
from benchmarks.flags.year import Run, Year
from gait.athletes.runner import Runner as KnownRunner
from gait.model import SensorInfo, Side, Summary
from gait.model.units import RAD_PER_DEG
from gait.pipeline import Result, analyze_samples
from gait.roster import Roster
from gait.simulate import Segment, Sensor, measure, simulate

STAND_S = 3.0
SHOES = "Blue pair"


@dataclass(frozen=True, slots=True)
class Flag:
    """A change that counts."""

    side: str
    measure: str
    more: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run was, and what the product said of it.

    changed, worn : what is true of the runner and their shoes
    ratio         : true length over that of the longest of the 30 days before, None without one
    days_since    : true days since the run before
    compared      : whether anything could be compared with own earlier runs
    said_longer, said_break, said_worn : sentences of the load, and a reason of the assessment
    """

    changed: bool
    worn: bool
    ratio: float | None
    days_since: int
    compared: bool
    flags: tuple[Flag, ...]
    said_longer: bool
    said_break: bool
    said_worn: bool


def live(year: Year, path: Path, *, ran: Callable[[], None] = lambda: None) -> list[Seen]:
    """The whole year, run by run, in the roster at `path`. `ran` is called after each."""
    rng = np.random.default_rng([*year.seed, 1])
    mounted = {side: any_rotation(rng) for side in Side}
    seen = []
    with Roster(path) as roster:
        athlete = roster.athletes.add(
            year.name, height_m=year.runner.height_m, mass_kg=round(year.runner.mass_kg)
        )
        shoe = roster.shoes.add(athlete, SHOES, km_before=year.km_before)
        for day, km in year.logged:
            roster.diary.log(athlete, day, km=km, shoe=shoe)
        known = KnownRunner(roster, athlete, shoe)
        for number, run in enumerate(year.runs):
            result = _measured(year, number, mounted, rng)
            summary = _kept(known, result, f"{year.name}, run {number}", run)
            seen.append(_seen(year, number, summary))
            ran()
    return seen


def _measured(
    year: Year, number: int, mounted: dict[Side, Rotation], rng: np.random.Generator
) -> Result:
    """The strides that are found in what two sensors deliver of this run."""
    run = year.runs[number]
    third = run.seconds / len(run.speeds_m_s)
    segments = [
        Segment(kind="stand", duration_s=STAND_S),
        *(Segment(kind="run", duration_s=third, speed_m_s=speed) for speed in run.speeds_m_s),
    ]
    seed = int(rng.integers(2**31))
    feet = {}
    for side, motion in simulate(run.runner, segments, seed=seed).items():
        put_on = Rotation.from_rotvec(REMOUNTED_DEG * RAD_PER_DEG * rng.standard_normal(3))
        sensor = replace(
            Sensor(rate_hz=year.rate_hz, acc_range_g=32.0).mounted(put_on * mounted[side]),
            acc_noise_ug=float(rng.uniform(80.0, 250.0)),
            gyr_noise_mdps=float(rng.uniform(4.0, 12.0)),
            acc_bias_m_s2=tuple(rng.normal(0.0, 0.05, 3)),
            gyr_bias_dps=tuple(rng.normal(0.0, 0.5, 3)),
            clock_ppm=float(rng.uniform(-40.0, 40.0)),
        )
        info = SensorInfo(
            side=side,
            rate_hz=sensor.rate_hz,
            acc_range_g=sensor.acc_range_g,
            gyr_range_dps=sensor.gyr_range_dps,
            serial=f"{side}-{year.number}",
            mounting="lace",
        )
        feet[side] = measure(motion, sensor, seed=seed + len(feet)), info
    return analyze_samples(feet)


def _kept(known: KnownRunner, result: Result, key: str, run: Run) -> Summary:
    summary = known.summarise(result, key=key, source=key, started_at=run.started.isoformat())
    known.keep(summary, key=key, recording=None)
    return summary


def _seen(year: Year, number: int, summary: Summary) -> Seen:
    run, before = year.runs[number], year.runs[:number]
    day = run.started.date()
    recent = [r.metres for r in before if 0 < (day - r.started.date()).days <= 30]
    assert summary.load is not None
    assert summary.assessment is not None
    said = " ".join(summary.load.sentences)
    reasons = {reason.factor for one in summary.assessment.conditions for reason in one.reasons}
    return Seen(
        changed=run.changed,
        worn=year.worn(run),
        ratio=run.metres / max(recent) if recent else None,
        days_since=(day - before[-1].started.date()).days if before else 0,
        compared=bool(summary.changes),
        flags=tuple(
            Flag(c.side, c.measure, c.difference > 0.0) for c in summary.changes or [] if c.counts
        ),
        said_longer="longer than the longest" in said,
        said_break="after a break" in said,
        said_worn="shoe_km_over_800" in reasons,
    )
