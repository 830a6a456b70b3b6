"""What is missing for a moment is put in between its neighbours and marked; blocks agree."""

import numpy as np
import pytest

from gait.model import Samples, SensorInfo, Side
from gait.model.samples import FILLED, FILLED_LONG
from gait.steps.gap_filling import FILL_S, LONG_FILL_S, GapFiller

RATE_HZ = 200.0
INFO = SensorInfo(side=Side.LEFT, rate_hz=RATE_HZ, acc_range_g=16.0, gyr_range_dps=2000.0)


def moving(n: int = 800, seed: int = 1) -> Samples:
    """A foot that never holds still: smooth, and no value twice."""
    rng = np.random.default_rng(seed)
    t = np.arange(n) / RATE_HZ
    phases = rng.uniform(0.0, 6.0, 6)
    swing = np.sin(2 * np.pi * 1.4 * t[:, None] + phases)
    acc = np.array([0.0, 0.0, 9.8]) + 20.0 * swing[:, :3]
    return Samples(t, acc, 6.0 * swing[:, 3:])


def without(samples: Samples, gone: np.ndarray) -> Samples:
    return Samples(samples.time_s[~gone], samples.acc[~gone], samples.gyr[~gone])


def filled(samples: Samples, block: int = 10**6, info: SensorInfo = INFO) -> Samples:
    filler = GapFiller(info)
    parts = []
    for start in range(0, len(samples), block):
        parts += list(filler.push(samples[start : start + block]))
    parts += list(filler.finish())
    names = ("time_s", "acc", "gyr", "breaks", "filled")
    return Samples(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


def test_a_whole_stream_passes_unchanged() -> None:
    samples = moving()
    out = filled(samples)
    for name in ("time_s", "acc", "gyr", "breaks"):
        np.testing.assert_array_equal(getattr(out, name), getattr(samples, name))
    assert not out.filled.any()


@pytest.mark.parametrize("missing", [1, 3, 9])
def test_single_samples_are_put_in_on_a_straight_line(missing: int) -> None:
    samples = moving()
    gone = np.zeros(len(samples), dtype=np.bool_)
    for first in range(50, 700, 60):
        gone[first : first + missing] = True
    out = filled(without(samples, gone))
    np.testing.assert_allclose(out.time_s, samples.time_s, atol=1e-9)
    np.testing.assert_array_equal(out.filled != 0, gone)
    assert (out.filled[gone] == FILLED).all()
    assert not out.breaks.any()
    for axis in range(3):
        line = np.interp(samples.time_s, samples.time_s[~gone], samples.acc[~gone, axis])
        np.testing.assert_allclose(out.acc[:, axis], line, atol=1e-9)
        line = np.interp(samples.time_s, samples.time_s[~gone], samples.gyr[~gone, axis])
        np.testing.assert_allclose(out.gyr[:, axis], line, atol=1e-9)


def test_longer_gaps_are_marked_otherwise_and_the_longest_stay_breaks() -> None:
    samples = moving()
    for seconds, kind in ((FILL_S, FILLED), (0.12, FILLED_LONG)):
        gone = np.zeros(len(samples), dtype=np.bool_)
        gone[300 : 300 + round(seconds * RATE_HZ)] = True
        out = filled(without(samples, gone))
        assert (out.filled[gone] == kind).all()
        assert len(out) == len(samples)
    gone[300 : 300 + round((LONG_FILL_S + 0.05) * RATE_HZ)] = True
    out = filled(without(samples, gone))
    assert not out.filled.any()
    assert out.breaks.sum() == 1
    assert out.breaks[300]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 3e20, 300.0 * 9.8])
@pytest.mark.parametrize("signal", ["acc", "gyr"])
def test_what_is_no_measurement_is_missing_and_counted(wrong: float, signal: str) -> None:
    samples = moving()
    spoiled = np.arange(len(samples)) % 40 == 7
    values = getattr(samples, signal)
    expected = filled(without(samples, spoiled))
    values[spoiled, 1] = wrong
    filler = GapFiller(INFO)
    out = list(filler.push(samples))
    assert filler.wrong == spoiled.sum()
    assert np.isfinite(out[0].acc).all()
    np.testing.assert_array_equal(out[0].acc, expected.acc[: len(out[0])])


def test_zeros_are_no_samples() -> None:
    samples = moving()
    samples.acc[:200] = samples.gyr[:200] = 0.0
    out = filled(samples)
    np.testing.assert_array_equal(out.acc, samples.acc[200:])


def test_a_sample_sent_again_is_put_in_and_a_sensor_at_rest_is_left_alone() -> None:
    samples = moving()
    held = np.arange(len(samples)) % 20 == 3
    expected = filled(without(samples, held))
    before = np.flatnonzero(held) - 1
    samples.acc[held], samples.gyr[held] = samples.acc[before], samples.gyr[before]
    out = filled(samples)
    np.testing.assert_allclose(out.acc, expected.acc, atol=1e-9)
    still = Samples(samples.time_s, np.tile([0.0, 0.0, 9.8], (800, 1)), np.zeros((800, 3)))
    np.testing.assert_array_equal(filled(still).acc, still.acc)
    assert not filled(still).filled.any()


def test_a_gyroscope_at_half_the_rate_is_put_between() -> None:
    samples = moving()
    true_gyr = samples.gyr.copy()
    samples.gyr[1::2] = samples.gyr[::2]
    out = filled(samples)
    np.testing.assert_array_equal(out.acc, samples.acc)
    inner = slice(0, 799)
    np.testing.assert_allclose(out.gyr[inner], true_gyr[inner], atol=0.02)
    assert not out.filled.any()


@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_of_any_size_give_the_same_stream(block: int) -> None:
    rng = np.random.default_rng(3)
    samples = moving(2000)
    samples.acc[rng.random(2000) < 0.02, 0] = np.nan
    held = np.flatnonzero(rng.random(1999) < 0.05) + 1
    samples.acc[held], samples.gyr[held] = samples.acc[held - 1], samples.gyr[held - 1]
    gone = rng.random(2000) < 0.05
    gone[900:960] = True
    samples = without(samples, gone)
    whole, parts = filled(samples), filled(samples, block)
    for name in ("time_s", "acc", "gyr", "breaks", "filled"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))
