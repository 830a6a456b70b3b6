"""Sensors from 50 to 1600 Hz, ±4 to ±32 g and ±500 to ±4000 °/s on simulated runners.

Every stride is found with all of them. What a rate or a range cannot support is empty and says
why; what is reported is near the truth.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from gait.measures.strides import measure_strides
from gait.measures.table import STRIDE_MEASURES
from gait.model import Activity, QualityFlag, Samples, SensorInfo, Side
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.pipeline import analyze_samples, summarise
from gait.simulate import Sensor, measure, simulate, truth_on_device_clock
from gait.simulate.motion import FootMotion
from gait.simulate.runner import Runner, Segment
from gait.steps.detector import StepDetector

STRIKES_DEG = (16.0, 2.5, -6.0)  # rearfoot, midfoot, forefoot
SPEEDS_M_S = (2.2, 3.5, 5.0)
RATES_HZ = (50.0, 100.0, 104.0, 200.0, 416.0, 800.0, 1600.0)
RANGES = ((4.0, 500.0), (8.0, 1000.0), (16.0, 500.0), (4.0, 2000.0), (32.0, 4000.0))
USUAL = (16.0, 2000.0)
FULL = 0.98  # of full scale and beyond is clipped (science 1.1)


@cache
def motion(strike_deg: float, speed_m_s: float) -> FootMotion:
    run = Segment(kind="run", duration_s=25.0, speed_m_s=speed_m_s)
    seed = round(10 * speed_m_s + strike_deg)
    return simulate(Runner(foot_strike_deg=strike_deg), [run], seed=seed)[Side.LEFT]


def info_of(rate_hz: float, ranges: tuple[float, float]) -> SensorInfo:
    return SensorInfo(
        side=Side.LEFT, rate_hz=rate_hz, acc_range_g=ranges[0], gyr_range_dps=ranges[1]
    )


@cache
def worn(
    strike_deg: float, speed_m_s: float, rate_hz: float, ranges: tuple[float, float]
) -> tuple[Samples, NDArray[np.void], NDArray[np.void]]:
    """The sensor's samples, its measured strides, and the truth from the fourth running stride."""
    moves = motion(strike_deg, speed_m_s)
    sensor = Sensor(
        rate_hz=rate_hz,
        acc_range_g=ranges[0],
        gyr_range_dps=ranges[1],
        gyr_bias_dps=(0.4, -0.3, 0.2),
        clock_ppm=20.0,
    ).mounted(Rotation.random(None, round(rate_hz)))
    samples = measure(moves, sensor, seed=1)
    detector = StepDetector(info_of(rate_hz, ranges))
    closed = [*detector.push(samples), *detector.finish()]
    truth = truth_on_device_clock(moves, sensor)
    return samples, np.concatenate([measure_strides(c) for c in closed]), truth[3:]


def matched(found: NDArray[np.void], truth: NDArray[np.void]) -> NDArray[np.void]:
    return found[[np.abs(found["ic_s"] - t).argmin() for t in truth["ic_s"]]]


def bias(found: NDArray[np.void], truth: NDArray[np.void], name: str) -> float:
    return float(np.nanmedian(matched(found, truth)[name] - truth[name]))


every_runner = pytest.mark.parametrize("speed", SPEEDS_M_S)
every_strike = pytest.mark.parametrize("strike", STRIKES_DEG)
sensors = [(rate, USUAL) for rate in RATES_HZ] + [(r, g) for r in (100.0, 416.0) for g in RANGES]


@every_strike
@every_runner
@pytest.mark.parametrize(("rate_hz", "ranges"), sensors)
def test_every_stride_is_found_and_none_invented(strike, speed, rate_hz, ranges) -> None:
    _, found, truth = worn(strike, speed, rate_hz, ranges)
    nearest = matched(found, truth)
    assert len(np.unique(nearest["ic_s"])) == len(truth)
    # half the range of what can be mistaken for it; at ±4 g contact itself may be 0.15 s off
    assert np.abs(nearest["ic_s"] - truth["ic_s"]).max() < 0.16
    first, last = truth["ic_s"][[0, -1]]
    assert ((found["ic_s"] > first - 0.1) & (found["ic_s"] < last + 0.1)).sum() == len(truth)
    assert (nearest["activity"] == Activity.RUN).all()


@every_strike
@every_runner
@pytest.mark.parametrize("rate_hz", [100.0, 200.0, 416.0, 1600.0])
def test_what_is_reported_is_near_the_truth(strike, speed, rate_hz: float) -> None:
    _, found, truth = worn(strike, speed, rate_hz, USUAL)
    assert abs(bias(found, truth, "contact_ms")) < (15.0 if rate_hz > 300.0 else 20.0)
    assert abs(bias(found, truth, "strike_angle_deg")) < (1.0 if rate_hz > 300.0 else 4.0)
    assert abs(bias(found, truth, "pronation_excursion_deg")) < 2.0
    assert abs(bias(found, truth, "speed_m_s")) < 0.02 * speed
    assert abs(bias(found, truth, "cadence_spm")) < 0.5


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_what_a_rate_cannot_support_is_empty_and_says_so(rate_hz: float) -> None:
    samples, found, truth = worn(2.5, 3.5, rate_hz, USUAL)
    nearest = matched(found, truth)
    known = {name: np.isfinite(nearest[name]).any() for name in nearest.dtype.names or ()}
    assert known["cadence_spm"]
    assert known["contact_ms"] == (rate_hz >= 100.0)  # science 5.3
    for name in ("impact_g", "axial_g", "braking_g", "pronation_velocity_deg_s"):
        assert known[name] == (rate_hz >= 200.0), name
    low = (found["why"] & int(QualityFlag.LOW_RATE)) != 0
    assert (low == (rate_hz < 200.0)).all()
    result = analyze_samples({Side.LEFT: (samples, info_of(rate_hz, USUAL))})
    measures = summarise(result, source="any sensor").measures["left"]
    for row in STRIDE_MEASURES:
        if rate_hz < row.least_rate_hz:
            assert measures[row.name].value is None
            assert f"this sensor gives {rate_hz:.0f}" in (measures[row.name].why_not or "")


@every_strike
@pytest.mark.parametrize(("rate_hz", "ranges"), [(r, g) for r in (100.0, 416.0) for g in RANGES])
def test_a_stride_with_a_clipped_sample_is_flagged(strike, rate_hz, ranges) -> None:
    """Samples at the end of the range between two contacts, seen from the samples alone."""
    samples, found, _ = worn(strike, 3.5, rate_hz, ranges)
    acc = (np.abs(samples.acc) >= FULL * ranges[0] * STANDARD_GRAVITY_M_S2).any(axis=1)
    gyr = (np.abs(samples.gyr) >= FULL * ranges[1] * RAD_PER_DEG).any(axis=1)
    for stride in found[np.isfinite(found["stride_s"])]:
        inside = samples.time_s > stride["ic_s"] + 0.02
        inside &= samples.time_s < stride["ic_s"] + stride["stride_s"] - 0.02
        for clipped, flag in ((acc, QualityFlag.ACC_CLIPPED), (gyr, QualityFlag.GYR_CLIPPED)):
            if clipped[inside].any():
                assert stride["why"] & flag
        wide = samples.time_s > stride["ic_s"] - 0.12
        wide &= samples.time_s < stride["ic_s"] + stride["stride_s"] + 0.35
        for clipped, flag in ((acc, QualityFlag.ACC_CLIPPED), (gyr, QualityFlag.GYR_CLIPPED)):
            if not clipped[wide].any():
                assert not stride["why"] & flag


@every_strike
@pytest.mark.parametrize("rate_hz", [100.0, 416.0])
def test_nothing_is_measured_through_the_end_of_a_range(strike, rate_hz: float) -> None:
    for ranges in RANGES:
        _, found, _ = worn(strike, 3.5, rate_hz, ranges)
        short_acc = (found["why"] & int(QualityFlag.ACC_CLIPPED)) != 0
        for name in ("speed_m_s", "stride_length_m"):
            assert np.isnan(found[name][short_acc]).all(), name
        hard = (found["why"] & int(QualityFlag.IMPACT_CLIPPED)) != 0
        for name in ("impact_g", "axial_g", "braking_g"):
            assert np.isnan(found[name][hard]).all(), name
        assert np.nanmax(found["impact_g"], initial=0.0) < np.sqrt(3.0) * FULL * ranges[0]
        short_gyr = (found["why"] & int(QualityFlag.GYR_CLIPPED)) != 0
        for name in ("strike_angle_deg", "pronation_excursion_deg"):
            assert np.isnan(found[name][short_gyr]).all(), name
        speeds = found["speed_m_s"][short_gyr & ~short_acc]
        if np.isfinite(speeds).sum() > 5:  # a clipped peak spoils what is taken from it, no more
            assert np.nanmedian(speeds) == pytest.approx(3.5, rel=0.04)
        assert np.isfinite(found["cadence_spm"]).sum() >= len(found) - 2


def test_a_range_that_is_wide_enough_flags_nothing() -> None:
    for rate_hz in (100.0, 416.0):
        _, found, _ = worn(16.0, 5.0, rate_hz, (32.0, 4000.0))
        assert not (found["why"] & int(QualityFlag.ACC_CLIPPED | QualityFlag.GYR_CLIPPED)).any()
