"""Example athletes: virtual runners whose runs are recorded and analysed as anybody's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from gait.athletes.runner import Runner as KnownRunner
from gait.model import SensorInfo, Side
from gait.roster import Athlete, Roster
from gait.simulate import Runner, Segment, Sensor, measure, simulate

GROUP = "Examples"
RUNS = 9
EVERY_DAYS = 3
RUN_S = 36.0
SEED = 20


@dataclass(frozen=True, slots=True)
class Example:
    """`pronates_more_deg`: what the left shoe rolls in more in the last three runs."""

    name: str
    height_m: float
    mass_kg: float
    speed_m_s: float
    pronates_more_deg: float = 0.0


EXAMPLES = (
    Example("Example Alma", 1.68, 60.0, 3.0),
    Example("Example Bo", 1.82, 78.0, 2.7, pronates_more_deg=8.0),
    Example("Example Cleo", 1.74, 66.0, 3.4),
)


def make_examples(path: Path, today: date) -> Iterator[str]:
    """Add them to the roster at `path`, run by run; yields what was just done.

    Raises UsageError where one of them is there already.
    """
    with Roster(path) as roster:
        for number, example in enumerate(EXAMPLES):
            athlete = roster.athletes.add(
                example.name, height_m=example.height_m, mass_kg=example.mass_kg
            )
            roster.athletes.join(athlete, GROUP)
            roster.shoes.add(athlete, "Example shoes", km_before=120.0)
            for run in range(RUNS):
                _record(roster, athlete, example, SEED + 100 * number + run, run, today)
                yield f"{example.name}, {run + 1} of {RUNS}"


def _record(
    roster: Roster, athlete: Athlete, example: Example, seed: int, run: int, today: date
) -> None:
    from gait.pipeline import analyze_samples

    rng = np.random.default_rng(seed)
    changed = example.pronates_more_deg if run >= RUNS - 3 else 0.0
    runner = Runner(height_m=example.height_m, mass_kg=example.mass_kg)
    runner = replace(
        runner,
        pronation_left_deg=runner.pronation_left_deg + changed + rng.normal(0.0, 0.5),
        pronation_right_deg=runner.pronation_right_deg + rng.normal(0.0, 0.5),
        cadence_pct=runner.cadence_pct + rng.normal(0.0, 0.5),
    )
    speed = example.speed_m_s + float(rng.normal(0.0, 0.06))
    segments = [
        Segment(kind="stand", duration_s=3.0),
        Segment(kind="run", duration_s=RUN_S, speed_m_s=speed),
    ]
    feet = {}
    for side, motion in simulate(runner, segments, seed=seed).items():
        sensor = Sensor()
        info = SensorInfo(
            side=side,
            rate_hz=sensor.rate_hz,
            acc_range_g=sensor.acc_range_g,
            gyr_range_dps=sensor.gyr_range_dps,
            name=f"example {side}",
            serial=f"example-{athlete.id}-{side}",
            mounting="lace",
        )
        feet[side] = measure(motion, sensor, seed=seed + (side is Side.RIGHT)), info
    day = today - timedelta(days=EVERY_DAYS * (RUNS - 1 - run))
    began = datetime.combine(day, time(7, 30), UTC)
    known = KnownRunner(roster, athlete)
    key = f"example-{athlete.uid}-{run}"
    summary = known.summarise(
        analyze_samples(feet), key=key, source="a virtual runner", started_at=began.isoformat()
    )
    known.keep(summary, key=key, recording=None)
