"""The compiled state machine against its plain twin, sample for sample.

Same strides, every field of them and every column of every window, on simulated and real feet,
with the twin fed by the sample and the compiled one by the sample and all at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import shared_data
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from twin.machine import Stride, Twin

from gait.model import Activity, QualityFlag, Samples, SensorInfo, Side
from gait.model.samples import FILLED, FILLED_LONG
from gait.model.sensor import FAST_HZ, enough_rate
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.model.window import (
    ACC,
    CLOSED,
    COLUMNS,
    GYR,
    LEVEL_ACC,
    PITCH,
    POSITION,
    ROLL,
    TIME,
    VELOCITY,
)
from gait.simulate import Sensor, measure, simulate
from gait.simulate.handling import LACE, SHAKE, handled
from gait.simulate.presets import preset
from gait.simulate.runner import Runner, Segment
from gait.steps.detector import FULL_SCALE, StepDetector, _Machine
from gait.steps.mounting import Mounting
from gait.steps.parameters import Parameters

EVENT_S = 1e-9
WINDOW = 1e-7  # rad, m/s², m/s, m
EVENTS = ("ic_s", "tc_s", "next_ic_s", "ic_sd_s", "tc_sd_s")
POSE = ("closure", "lean", "turn")  # g, rad, rad
COUNTS = ("activity", "ic", "tc", "mid_stance", "next_ic", "next_mid_stance")
OF_SENSOR = {"why", "side", "rate_hz", "neutral_roll", "window_start", "window_length"}
COLUMN_OF = {
    "time": slice(TIME, ACC),
    "acc": slice(ACC, GYR),
    "gyr": slice(GYR, PITCH),
    "pitch": slice(PITCH, ROLL),
    "roll": slice(ROLL, LEVEL_ACC),
    "level acc": slice(LEVEL_ACC, VELOCITY),
    "velocity": slice(VELOCITY, POSITION),
    "position": slice(POSITION, COLUMNS),
}

Compiled = tuple[np.void, NDArray[np.float64]]


def compiled_strides(
    samples: Samples, info: SensorInfo, mounting: Mounting, block: int
) -> list[Compiled]:
    machine = _Machine(info, Parameters(), mounting)

    def closed() -> Iterator[Compiled]:
        for start in range(0, len(samples), block):
            for some in machine.push(samples[start : start + block]):
                yield from each(some)
        for some in machine.finish():
            yield from each(some)

    def each(some) -> Iterator[Compiled]:
        for stride in some.strides:
            start = int(stride["window_start"])
            yield stride, some.windows[start : start + int(stride["window_length"])]

    return list(closed())


def twin_strides(samples: Samples, info: SensorInfo, mounting: Mounting) -> list[Stride]:
    acc_end = FULL_SCALE * (info.acc_range_g or np.inf) * STANDARD_GRAVITY_M_S2
    gyr_end = FULL_SCALE * (info.gyr_range_dps or np.inf) * RAD_PER_DEG
    twin = Twin(info.rate_hz, mounting.frame, mounting.bias, acc_end, gyr_end, Parameters())
    closed: list[Stride] = []
    for i in range(len(samples)):
        time_s, missing = float(samples.time_s[i]), bool(samples.breaks[i])
        filled = int(samples.filled[i])
        closed += twin.update(time_s, samples.acc[i], samples.gyr[i], missing, filled)
    return closed + twin.finish()


def assert_same(found: list[Compiled], expected: list[Stride], info: SensorInfo) -> None:
    assert len(found) == len(expected)
    low_rate = QualityFlag.NOTHING if enough_rate(info.rate_hz, FAST_HZ) else QualityFlag.LOW_RATE
    for (stride, window), twin in zip(found, expected, strict=True):
        at = f"of the stride at {twin.ic_s:.3f} s"
        for name in COUNTS:
            assert stride[name] == getattr(twin, name), f"{name} {at}"
        assert QualityFlag(int(stride["why"])) == twin.why | low_rate, at
        assert (stride["side"], stride["rate_hz"]) == (
            0 if info.side is Side.LEFT else 1,
            info.rate_hz,
        )
        assert stride["neutral_roll"] == 0.0
        for names, near in ((EVENTS, EVENT_S), (POSE, WINDOW)):
            for name in names:
                np.testing.assert_allclose(
                    stride[name], getattr(twin, name), rtol=0.0, atol=near, err_msg=f"{name} {at}"
                )
        assert window.shape == twin.window.shape, at
        for name, columns in COLUMN_OF.items():
            np.testing.assert_allclose(
                window[:, columns],
                twin.window[:, columns],
                rtol=0.0,
                atol=WINDOW,
                err_msg=f"{name} {at}",
            )


def hold_together(samples: Samples, info: SensorInfo, mounting: Mounting) -> list[Stride]:
    """Both on the same samples; returns the strides."""
    expected = twin_strides(samples, info, mounting)
    for block in (1, len(samples)):
        assert_same(compiled_strides(samples, info, mounting, block), expected, info)
    return expected


TURN = Rotation.from_rotvec([0.25, -0.45, 0.6])
BIAS_DPS = (0.4, -0.3, 0.2)
WORN = Mounting(TURN.as_matrix().T, np.array(BIAS_DPS) * RAD_PER_DEG, True, 1.0, 0.0)
RUN = Segment(kind="run", duration_s=6.0, speed_m_s=3.2)
STOP = Segment(kind="stop", duration_s=2.0)


def sensor_of(
    rate_hz: float = 400.0, acc_range_g: float = 16.0, gyr_range_dps: float = 2000.0
) -> tuple[Sensor, SensorInfo]:
    sensor = Sensor(
        rate_hz=rate_hz,
        acc_range_g=acc_range_g,
        gyr_range_dps=gyr_range_dps,
        gyr_bias_dps=BIAS_DPS,
        clock_ppm=12.0,
    ).mounted(TURN)
    info = SensorInfo(
        side=Side.LEFT, rate_hz=rate_hz, acc_range_g=acc_range_g, gyr_range_dps=gyr_range_dps
    )
    return sensor, info


@cache
def run_motion(strike_deg: float):
    return simulate(Runner(foot_strike_deg=strike_deg), [RUN, STOP], seed=3, standing_s=1.0)[
        Side.LEFT
    ]


def run_samples(strike_deg: float, sensor: Sensor) -> Samples:
    return measure(run_motion(strike_deg), sensor, seed=5)


def without(samples: Samples, *missing_s: tuple[float, float]) -> Samples:
    """The samples without some times, and a break after each."""
    keep = np.ones(len(samples), dtype=bool)
    breaks = samples.breaks.copy()
    for start, end in missing_s:
        keep &= (samples.time_s < start) | (samples.time_s >= end)
        breaks[np.searchsorted(samples.time_s, end)] = True
    return Samples(
        samples.time_s[keep],
        samples.acc[keep],
        samples.gyr[keep],
        breaks[keep],
        samples.filled[keep],
    )


def filled_in(samples: Samples, missing: NDArray[np.bool_], how: int) -> Samples:
    """The samples with those that are `missing` put in between their neighbours."""

    def bridged(x: NDArray[np.float64]) -> NDArray[np.float64]:
        axes = [np.interp(samples.time_s, samples.time_s[~missing], a) for a in x[~missing].T]
        return np.column_stack(axes)

    filled = np.where(missing, how, samples.filled).astype(np.uint8)
    return Samples(
        samples.time_s, bridged(samples.acc), bridged(samples.gyr), samples.breaks, filled
    )


def told_in(strides: list[Stride]) -> QualityFlag:
    told = QualityFlag.NOTHING
    for stride in strides:
        told |= stride.why
    return told


def test_every_field_of_a_closed_stride_is_compared() -> None:
    assert {*COUNTS, *EVENTS, *POSE, *OF_SENSOR} == set(CLOSED.names or ())


@pytest.mark.parametrize("strike_deg", [16.0, 2.5, -8.0])
@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_a_run_with_a_stop(strike_deg: float, rate_hz: float) -> None:
    sensor, info = sensor_of(rate_hz)
    strides = hold_together(run_samples(strike_deg, sensor), info, WORN)
    assert len(strides) >= 7
    assert sum(stride.activity == Activity.RUN for stride in strides) >= 6
    assert any(stride.why & QualityFlag.NO_NEXT_CONTACT for stride in strides)


@pytest.mark.parametrize(
    ("name", "seconds", "least"),
    [("sprint", 6.0, 8), ("run_walk_run", 12.0, 10), ("walk", 6.0, 4)],
)
@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_a_sprint_and_walking(name: str, seconds: float, least: int, rate_hz: float) -> None:
    scenario = preset(name, seconds)
    motion = simulate(scenario.runner, scenario.segments, seed=1)[Side.LEFT]
    sensor, info = sensor_of(rate_hz)
    strides = hold_together(measure(motion, sensor, seed=2), info, WORN)
    assert len(strides) >= least
    walked = any(stride.activity == Activity.WALK for stride in strides)
    assert walked == ("walk" in name)


def test_gaps_at_every_phase_of_a_stride() -> None:
    sensor, info = sensor_of()
    samples = run_samples(16.0, sensor)
    for phase_s in np.arange(0.0, 0.8, 0.1):
        strides = hold_together(without(samples, (3.5 + phase_s, 3.8 + phase_s)), info, WORN)
        assert len(strides) >= 5


def test_a_gap_is_told() -> None:
    sensor, info = sensor_of()
    strides = hold_together(without(run_samples(16.0, sensor), (3.5, 4.5)), info, WORN)
    assert sum(bool(stride.why & QualityFlag.GAP) for stride in strides) == 1


@pytest.mark.parametrize(
    ("missing_s", "how", "told"),
    [
        (0.008, FILLED, QualityFlag.NOTHING),
        (0.030, FILLED, QualityFlag.LANDING_BRIDGED | QualityFlag.TOE_OFF_BRIDGED),
        (
            0.080,
            FILLED_LONG,
            QualityFlag.LANDING_BRIDGED | QualityFlag.TOE_OFF_BRIDGED | QualityFlag.PATH_BRIDGED,
        ),
    ],
)
@pytest.mark.parametrize("name", ["sprint", "walk"])
def test_samples_that_were_filled_in(
    name: str, missing_s: float, how: int, told: QualityFlag
) -> None:
    scenario = preset(name, 10.0)
    motion = simulate(scenario.runner, scenario.segments, seed=1)[Side.LEFT]
    sensor, info = sensor_of(200.0)
    samples = measure(motion, sensor, seed=2)
    missing = (samples.time_s > 2.0) & (samples.time_s % 0.23 < missing_s)
    strides = hold_together(filled_in(samples, missing, how), info, WORN)
    assert told_in(strides) & (QualityFlag.BRIDGED | told) == QualityFlag.BRIDGED | told
    assert len({stride.ic_sd_s for stride in strides}) > 1


@pytest.mark.parametrize(("acc_range_g", "gyr_range_dps"), [(4.0, 2000.0), (4.0, 500.0)])
@pytest.mark.parametrize("strike_deg", [16.0, -8.0])
def test_clipping(strike_deg: float, acc_range_g: float, gyr_range_dps: float) -> None:
    sensor, info = sensor_of(400.0, acc_range_g, gyr_range_dps)
    strides = hold_together(run_samples(strike_deg, sensor), info, WORN)
    told = told_in(strides)
    assert told & QualityFlag.ACC_CLIPPED
    assert told & (QualityFlag.IMPACT_CLIPPED | QualityFlag.LANDING_CLIPPED)
    assert bool(told & QualityFlag.GYR_CLIPPED) == (gyr_range_dps < 2000.0)


def test_a_clock_that_jitters() -> None:
    sensor, info = sensor_of()
    samples = run_samples(16.0, sensor)
    samples.time_s += np.random.default_rng(1).uniform(-0.001, 0.001, len(samples))
    assert len(hold_together(samples, info, WORN)) >= 7


@pytest.mark.parametrize("handling", [LACE, SHAKE])
def test_a_shoe_that_is_handled(handling) -> None:
    segments = [Segment(kind="stand", duration_s=6.0), replace(RUN, duration_s=3.0)]
    motion = simulate(Runner(), segments, seed=4)[Side.LEFT]
    motion = handled(motion, handling, 0.5, 5.5, seed=6)
    sensor, info = sensor_of(200.0)
    assert len(hold_together(measure(motion, sensor, seed=7), info, WORN)) >= 3


def thrown_about(seed: int, seconds: float, rate_hz: float) -> Samples:
    """Random rotation and force, as no foot moves, with breaks now and then."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate_hz)
    time_s = np.arange(n) / rate_hz
    every_2_s = np.arange(0.0, seconds + 2.0, 2.0)
    size = np.interp(time_s, every_2_s, rng.uniform(0.0, 4.0, len(every_2_s)))
    waves_hz = rng.uniform(0.3, 6.0, (12, 3))
    phases = rng.uniform(0.0, 2.0 * np.pi, (12, 3))
    waves = np.sin(2.0 * np.pi * waves_hz * time_s[:, None, None] + phases).sum(axis=1)
    gyr = size[:, None] * waves + rng.normal(0.0, 0.3, (n, 3))
    acc = rng.normal(0.0, 15.0, (n, 3)) + np.array([0.0, 0.0, STANDARD_GRAVITY_M_S2])
    samples = Samples(time_s, acc, gyr, rng.random(n) < 0.2 / rate_hz)
    few, many = (np.repeat(rng.random(n // 5 + 1) < 0.01, 5)[:n] for _ in range(2))
    return filled_in(filled_in(samples, few, FILLED), many, FILLED_LONG)


@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_what_no_foot_does(rate_hz: float) -> None:
    info = sensor_of(rate_hz, 4.0, 1000.0)[1]
    assert hold_together(thrown_about(1, 30.0, rate_hz), info, WORN)


RECORDED = [("running", name, 400.0) for name in shared_data.RUNNING] + [
    ("walking", name, 100.0) for name in shared_data.WALKING
]


def recorded(kind: str, name: str, rate_hz: float) -> tuple[Samples, SensorInfo, Mounting]:
    """A real foot's samples in the mounting that the detector finds."""
    samples = shared_data.samples(kind, name)
    side = Side.LEFT if name.endswith("left") else Side.RIGHT
    info = SensorInfo(side=side, rate_hz=rate_hz)
    detector = StepDetector(info)
    for _ in (*detector.push(samples), *detector.finish()):
        pass
    assert detector.mounting is not None
    return samples, info, replace(detector.mounting, standing=True, explained=1.0, tilt_deg=0.0)


@pytest.mark.parametrize(("kind", "name", "rate_hz"), [RECORDED[2], RECORDED[4], RECORDED[5]])
def test_some_seconds_of_real_feet(kind: str, name: str, rate_hz: float) -> None:
    samples, info, mounting = recorded(kind, name, rate_hz)
    middle = len(samples) // 2
    assert len(hold_together(samples[middle : middle + round(6 * rate_hz)], info, mounting)) >= 4


@pytest.mark.long
@pytest.mark.parametrize(("kind", "name", "rate_hz"), RECORDED)
def test_whole_recordings_of_real_feet(kind: str, name: str, rate_hz: float) -> None:
    assert len(hold_together(*recorded(kind, name, rate_hz))) > 10


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_minute_of_what_no_foot_does(seed: int) -> None:
    rate_hz = (50.0, 100.0, 208.0, 400.0)[seed % 4]
    info = sensor_of(rate_hz, 4.0, 1000.0)[1]
    assert hold_together(thrown_about(seed, 60.0, rate_hz), info, WORN)
