"""Simulated runners: all combinations that matter, spread evenly, the same every time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.recordings import Recording, any_rotation
from benchmarks.accuracy.score import Truth
from gait.model import Activity, SensorInfo
from gait.simulate import Runner, Segment, Sensor, measure, simulate, truth_on_device_clock

SEED = 20
COUNT = 36  # runners at 2–5 m/s
RUN_S = 24.0
SPRINT_S = 9.0
STAND_S = 3.0

# What varies from runner to runner: lowest and highest, each range covered evenly.
RANGES: dict[str, tuple[float, float]] = {
    "speed_m_s": (2.0, 5.0),
    "foot_strike_deg": (-9.0, 30.0),
    "height_m": (1.50, 1.98),
    "mass_kg": (48.0, 95.0),
    "pronation_left_deg": (4.0, 20.0),
    "pronation_right_deg": (4.0, 20.0),
    "roll_at_contact_deg": (-12.0, -1.0),
    "toe_out_deg": (0.0, 20.0),
    "contact_asymmetry_pct": (-5.0, 5.0),
    "stride_cv_pct": (0.6, 2.5),
    "resonance_hz": (20.0, 120.0),
    "resonance_damping": (0.08, 0.45),
    "impact_severity": (0.4, 1.8),
}
RATES_HZ = (100.0, 208.0, 833.0, 1600.0)  # besides 400 Hz
SPRINTS = ((8.5, -9.0), (8.5, -3.0), (9.0, -7.0), (9.0, 2.0))  # speed m/s, strike angle deg


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated run: who, how fast (m/s), how long (s), sampled how often (Hz)."""

    name: str
    runner: Runner
    speed_m_s: float
    duration_s: float
    rate_hz: float
    seed: int


def evenly(
    ranges: Mapping[str, tuple[float, float]], count: int, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """`count` values of each, which cover its range evenly in any order (a Latin hypercube)."""
    return {
        name: low + (high - low) * (rng.permutation(count) + 0.5) / count
        for name, (low, high) in ranges.items()
    }


def cases(count: int = COUNT) -> list[Case]:
    """`count` runners, then some of them at other rates, then sprints."""
    rng = np.random.default_rng(SEED)
    spread = evenly(RANGES, count, rng)
    out = []
    for i in range(count):
        values = {name: round(float(column[i]), 3) for name, column in spread.items()}
        speed = values.pop("speed_m_s")
        runner = Runner(**values)
        out.append(Case(_name(runner, speed), runner, speed, RUN_S, 400.0, SEED + i))
    for case, rate_hz in zip(out[: len(RATES_HZ)], RATES_HZ, strict=False):
        out.append(
            Case(
                f"{case.name} {rate_hz:g} Hz",
                case.runner,
                case.speed_m_s,
                RUN_S,
                rate_hz,
                case.seed,
            )
        )
    for i, (speed, strike) in enumerate(SPRINTS):
        runner = Runner(
            height_m=(1.68, 1.75, 1.82, 1.90)[i],
            foot_strike_deg=strike,
            roll_at_contact_deg=-9.0,
        )
        out.append(Case(_name(runner, speed), runner, speed, SPRINT_S, 400.0, SEED + 500 + i))
    return out


def recordings_of(case: Case, *, mounted: bool = True) -> Iterator[Recording]:
    """Both feet of a run on noisy, biased sensors; `mounted=False` leaves them in foot axes."""
    stand = Segment(kind="stand", duration_s=STAND_S)
    run = Segment(kind="run", duration_s=case.duration_s, speed_m_s=case.speed_m_s)
    motions = simulate(case.runner, [stand, run], seed=case.seed)
    for number, (side, motion) in enumerate(motions.items()):
        rng = np.random.default_rng([case.seed, number])
        sensor = Sensor(
            rate_hz=case.rate_hz,
            acc_noise_ug=float(rng.uniform(80.0, 300.0)),
            gyr_noise_mdps=float(rng.uniform(4.0, 15.0)),
            acc_bias_m_s2=any_vector(rng, 0.15),
            gyr_bias_dps=any_vector(rng, 1.5),
            clock_ppm=float(rng.uniform(-30.0, 30.0)),
        )
        turn = any_rotation(rng)
        if mounted:
            sensor = sensor.mounted(turn)
        info = SensorInfo(
            side=side,
            rate_hz=case.rate_hz,
            acc_range_g=sensor.acc_range_g,
            gyr_range_dps=sensor.gyr_range_dps,
        )
        samples = measure(motion, sensor, seed=2 * case.seed + number)
        truth = truth_of(truth_on_device_clock(motion, sensor), Activity.RUN)
        yield Recording(f"{case.name} {side}", samples, info, truth, case.speed_m_s)


def truth_of(rows: NDArray[np.void], activity: Activity) -> Truth:
    """What the benchmark compares, of one foot's strides (dtype simulate.STRIDE) of one kind."""
    mine = rows[rows["activity"] == activity]
    return Truth(
        mine["ic_s"],
        mine["tc_s"],
        mine["strike_angle_deg"],
        mine["pronation_excursion_deg"],
        mine["speed_m_s"],
        mine["stride_length_m"],
    )


def walking_recordings(seed: int = SEED) -> Iterator[Recording]:
    """A simulated walk in foot axes, where a method made for walking must find strides."""
    speed = 1.3
    stand = Segment(kind="stand", duration_s=STAND_S)
    walk = Segment(kind="walk", duration_s=RUN_S, speed_m_s=speed)
    for side, motion in simulate(Runner(), [stand, walk], seed=seed).items():
        sensor = Sensor()
        info = SensorInfo(side=side, rate_hz=sensor.rate_hz)
        samples = measure(motion, sensor, seed=seed)
        truth = truth_of(motion.truth, Activity.WALK)
        yield Recording(f"simulated walk {side}", samples, info, truth, speed)


def any_vector(rng: np.random.Generator, most: float) -> tuple[float, float, float]:
    """Three numbers within ± `most`."""
    x, y, z = rng.uniform(-most, most, 3)
    return float(x), float(y), float(z)


def _name(runner: Runner, speed_m_s: float) -> str:
    strike = f"{runner.foot_strike_deg:+.0f}°".replace("-", "−")
    return f"{speed_m_s:.1f} m/s {strike} {runner.height_m:.2f} m"
