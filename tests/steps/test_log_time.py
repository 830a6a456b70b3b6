"""The line of a log's clock, against a clock that is simulated with errors of the assumed size."""

import numpy as np
import pytest

from gait.steps.alignment import CLOCKS_APART_S, DRIFT_SD, Seen, agree, log_line, unwrapped_s


def test_two_moments_give_offset_and_drift():
    drift, began_s = 8e-5, 1.7e9
    seen = [Seen(t, began_s + t * (1 + drift), 1e-4) for t in (-5.0, 3600.0)]
    line = log_line(seen)
    at = np.linspace(0, 3600, 50)
    np.testing.assert_allclose(line.host(at), began_s + at * (1 + drift), atol=2e-4)
    assert line.drift == pytest.approx(drift, abs=1e-7)


def test_one_moment_is_kept_exactly_and_doubt_grows_away_from_it():
    line = log_line([Seen(100.0, 1.7e9, 0.004)])
    assert line.host(np.array([100.0, 40.0])) == pytest.approx([1.7e9, 1.7e9 - 60])
    near, far = line.sd_s(np.array([100.0, 100.0 - 3600.0]))
    assert near == pytest.approx(0.004)
    assert far == pytest.approx(3600 * DRIFT_SD, rel=0.05)


def test_a_short_log_does_not_take_the_error_of_its_ends_for_drift():
    line = log_line([Seen(0.0, 1e9, 0.015), Seen(30.0, 1e9 + 30.02, 0.005)])
    assert abs(line.drift) < 1e-5  # and not 670 ppm
    assert line.host(np.array([30.0]))[0] == pytest.approx(1e9 + 30.02, abs=0.004)


def test_the_doubt_that_is_told_is_the_spread_of_the_errors():
    random = np.random.default_rng(1)
    at, errors, told = np.array([0.0, 1200.0, 2400.0]), [], []
    for _ in range(2000):
        drift = random.uniform(-1e-4, 1e-4)
        seen = [
            Seen(t, 1e6 + t * (1 + drift) + random.normal(0, sd), sd)
            for t, sd in ((-3.0, 0.02), (2500.0, 0.006))
        ]
        line = log_line(seen)
        errors.append(line.host(at) - (1e6 + at * (1 + drift)))
        told.append(line.sd_s(at))
    spread = np.std(errors, axis=0)
    assert (spread < 1.05 * np.mean(told, axis=0)).all()
    assert (spread > 0.5 * np.mean(told, axis=0)).all()


def test_a_wrong_clock_of_the_host_is_noticed():
    begun = Seen(0.0, 1e9, 0.01)
    assert agree(begun, Seen(3600.0, 1e9 + 3600.36, 0.01))
    assert not agree(begun, Seen(3600.0, 1e9 + 3600 + 2e-4 * 3600 + 1.1 * CLOCKS_APART_S, 0.01))
    assert not agree(begun, Seen(3600.0, 1e9 + 86400.0, 0.01))
    assert not agree(Seen(3600.0, 1e9, 0.01), begun)


def test_device_time_goes_round():
    true_us = np.array([0, 50_000, 3_599_000_000, 4_300_000_000, 7_900_000_000, 8_600_000_000])
    offset = 2**32 - 20_000
    raw = (true_us + offset) % 2**32
    np.testing.assert_allclose(unwrapped_s(raw, 2**32), true_us / 1e6)
    assert unwrapped_s(np.zeros(0, np.int64), 2**32).shape == (0,)


def test_no_moment_is_no_line():
    with pytest.raises(ValueError, match="moment"):
        log_line([])
