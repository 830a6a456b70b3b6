"""Stamps that jitter are evened by counting samples; what is missing stays missing."""

import numpy as np
import pytest

from gait.model import InputError, Samples
from gait.recording.timing import put_in_order

RATE_HZ = 400.0


def stamped(time_s: np.ndarray) -> Samples:
    """Samples whose first axis tells which they are."""
    n = len(time_s)
    acc = np.column_stack([np.arange(n) * 0.01, np.ones(n), np.full(n, 9.8)])
    return Samples(time_s, acc, np.column_stack([np.arange(n) * 0.001, np.ones(n), np.ones(n)]))


@pytest.mark.parametrize("jitter_ms", [0.5, 1.0, 2.0])
def test_jitter_leaves_no_gaps(jitter_ms: float) -> None:
    rng = np.random.default_rng(1)
    true_s = np.arange(8000) / RATE_HZ
    told_s = true_s + 1e-3 * rng.uniform(-jitter_ms, jitter_ms, len(true_s))
    timed = put_in_order(stamped(told_s), "x.csv")
    assert not timed.samples.breaks.any()
    assert timed.rate_hz == pytest.approx(RATE_HZ, rel=2e-4)
    off_s = timed.samples.time_s - true_s
    assert off_s.std() < 0.4e-3
    assert np.diff(timed.samples.time_s) == pytest.approx(1 / RATE_HZ, rel=0.08)


@pytest.mark.parametrize("jitter_ms", [0.3, 0.8])
def test_lost_samples_are_found_among_jitter(jitter_ms: float) -> None:
    rng = np.random.default_rng(2)
    true_s = np.arange(8000) / RATE_HZ
    lost = np.zeros(8000, dtype=np.bool_)
    lost[100:7900:300] = True
    lost[101:7900:900] = True
    told_s = true_s + 1e-3 * rng.uniform(-jitter_ms, jitter_ms, 8000)
    timed = put_in_order(stamped(told_s[~lost]), "x.csv")
    found = np.flatnonzero(timed.samples.breaks)
    expected = np.flatnonzero(np.diff(np.flatnonzero(~lost)) > 1) + 1
    nearest = np.abs(found[:, None] - expected[None, :]).min(axis=0)
    assert (nearest <= 2).mean() > 0.95
    assert len(found) < 1.1 * len(expected)
    assert np.abs(timed.samples.time_s - true_s[~lost]).max() < 1.5 / RATE_HZ


def test_whole_milliseconds_are_evened() -> None:
    true_s = np.arange(4000) / RATE_HZ
    timed = put_in_order(stamped(np.round(true_s, 3)), "x.csv")
    assert not timed.samples.breaks.any()
    assert np.abs(timed.samples.time_s - true_s).max() < 1.1e-3


def test_even_stamps_stay_as_they_are() -> None:
    time_s = np.delete(np.arange(4000) / RATE_HZ, [7, 300, 301])
    timed = put_in_order(stamped(time_s), "x.csv")
    np.testing.assert_array_equal(timed.samples.time_s, time_s)
    assert timed.samples.breaks.sum() == 2


def test_stamps_that_repeat_are_late_by_one_and_no_sample_is_lost() -> None:
    time_s = np.arange(4000) / RATE_HZ
    told_s = time_s.copy()
    told_s[400::400] = told_s[399:-1:400]
    timed = put_in_order(stamped(told_s), "x.csv")
    assert len(timed.samples) == 4000
    assert not timed.samples.breaks.any()


def test_values_that_stand_twice_are_of_a_slower_sensor() -> None:
    n = 4000
    held = np.repeat(np.arange(n // 2), 2)
    samples = stamped(np.arange(n) / 200.0)
    held_samples = Samples(samples.time_s, samples.acc[held], samples.gyr[held])
    timed = put_in_order(held_samples, "x.csv")
    assert timed.rate_hz == pytest.approx(100.0, rel=1e-3)
    assert "100 samples a second, held to 200" in timed.problems[0]


def test_several_recordings_in_one_file_are_still_refused() -> None:
    time_s = np.concatenate([np.arange(2000), np.arange(2000)]) / RATE_HZ
    with pytest.raises(InputError, match="running backwards"):
        put_in_order(stamped(time_s), "x.csv")
