"""The sensor model against formulas written out again."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from simulated_motions import motions

from gait.model import Side, UsageError
from gait.simulate import Sensor, measure, truth_on_device_clock

G = 9.80665
PERFECT = {"acc_noise_ug": 0.0, "gyr_noise_mdps": 0.0, "bits": None}


def test_a_perfect_fast_sensor_reads_the_ideal_signals() -> None:
    motion = motions("easy_run")[Side.LEFT]
    sensor = Sensor(rate_hz=2000, acc_range_g=100, gyr_range_dps=5000, bandwidth_hz=990, **PERFECT)
    samples = measure(motion, sensor, seed=1)
    force, rate = motion.ideal_imu(samples.time_s)
    np.testing.assert_allclose(samples.acc, force, atol=1e-6)
    np.testing.assert_allclose(samples.gyr, rate, atol=1e-6)


def test_mounting_turns_and_bias_shifts() -> None:
    motion = motions("easy_run")[Side.RIGHT]
    wide = {"acc_range_g": 100.0, "gyr_range_dps": 5000.0, **PERFECT}
    plain = measure(motion, Sensor(**wide), seed=1)
    rotation = Rotation.from_euler("zyx", [120, -35, 70], degrees=True)
    sensor = Sensor(**wide, gyr_bias_dps=(1.0, -2.0, 0.5), acc_bias_m_s2=(0.1, 0.2, -0.3))
    turned = measure(motion, sensor.mounted(rotation), seed=1)
    matrix = rotation.as_matrix()
    bias = np.array([0.1, 0.2, -0.3])
    expected = np.array([matrix @ a for a in plain.acc[::37]]) + bias
    np.testing.assert_allclose(turned.acc[::37], expected, atol=1e-9)
    expected = np.array([matrix @ w for w in plain.gyr[::37]]) + np.radians([1.0, -2.0, 0.5])
    np.testing.assert_allclose(turned.gyr[::37], expected, atol=1e-9)


def test_range_and_resolution() -> None:
    motion = motions("sprint")[Side.LEFT]
    exact = measure(motion, Sensor(acc_range_g=200, gyr_range_dps=9000, **PERFECT), seed=1)
    coarse = Sensor(acc_range_g=8, gyr_range_dps=500, bits=12, acc_noise_ug=0, gyr_noise_mdps=0)
    samples = measure(motion, coarse, seed=1)
    for got, true, full in (
        (samples.acc, exact.acc, 8 * G),
        (samples.gyr, exact.gyr, np.radians(500.0)),
    ):
        unit = 2 * full / 4096
        counts = got / unit
        np.testing.assert_allclose(counts, np.round(counts), atol=1e-6)
        assert counts.min() == pytest.approx(-2048)
        assert counts.max() == pytest.approx(2047)
        inside = np.abs(true) < full - 2 * unit
        assert np.abs(got - true)[inside].max() <= 0.5001 * unit


def test_noise_has_the_density_asked_for() -> None:
    motion = motions("easy_run")[Side.LEFT]
    sensor = Sensor(rate_hz=400, acc_noise_ug=200.0, gyr_noise_mdps=10.0, bits=None)
    standing = measure(motion, sensor, seed=4)[:1100]
    expected = 200e-6 * G * np.sqrt(200.0)
    np.testing.assert_allclose(standing.acc.std(axis=0), expected, rtol=0.1)
    np.testing.assert_allclose(
        standing.gyr.std(axis=0), np.radians(0.010) * np.sqrt(200.0), rtol=0.1
    )


def test_its_clock_runs_fast_and_starts_late() -> None:
    motion = motions("easy_run")[Side.LEFT]
    sensor = Sensor(clock_ppm=200.0, clock_offset_s=5.0, acc_range_g=100.0, **PERFECT)
    samples = measure(motion, sensor, seed=1)
    np.testing.assert_allclose(np.diff(samples.time_s), 1 / 400.0, atol=1e-9)
    assert samples.time_s[0] == pytest.approx(5.0)
    truth = truth_on_device_clock(motion, sensor)
    np.testing.assert_allclose(truth["ic_s"], 5.0 + motion.truth["ic_s"] * 1.0002, atol=1e-9)
    # The same swing is felt at the mapped instant: the gyroscope agrees there.
    device = np.array([truth["tc_s"][5] + 0.1])
    felt = [np.interp(device, samples.time_s, samples.gyr[:, k])[0] for k in range(3)]
    true = (device - 5.0) / 1.0002
    np.testing.assert_allclose(felt, motion.angular_rate(true)[0], atol=0.02)


def test_without_a_gyroscope_and_at_a_low_rate() -> None:
    samples = measure(motions("walk")[Side.LEFT], Sensor(rate_hz=50, gyr_range_dps=None), seed=1)
    assert np.isnan(samples.gyr).all()
    assert np.isfinite(samples.acc).all()
    assert len(samples) == 15 * 50


def test_the_band_limit_removes_what_is_above_it() -> None:
    motion = motions("easy_run")[Side.LEFT]
    t = motion.truth["ic_s"][3]
    peaks = []
    for bandwidth in (30.0, 180.0):
        sensor = Sensor(acc_range_g=100.0, bandwidth_hz=bandwidth, **PERFECT)
        samples = measure(motion, sensor, seed=1)
        near = np.abs(samples.time_s - t - 0.02) < 0.03
        peaks.append(np.linalg.norm(samples.acc[near], axis=1).max())
    assert peaks[0] < 0.8 * peaks[1]


def test_the_same_seed_gives_the_same_samples() -> None:
    motion = motions("walk")[Side.RIGHT]
    one, same, other = (measure(motion, Sensor(), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.acc, same.acc)
    assert np.any(one.acc != other.acc)


def test_impossible_sensors_are_refused() -> None:
    for wrong in ({"rate_hz": 1.0}, {"acc_range_g": 0.0}, {"bits": 2}):
        with pytest.raises(UsageError):
            Sensor(**wrong)
