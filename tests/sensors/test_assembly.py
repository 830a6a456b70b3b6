"""Numbers and times of sensors that send none, against what truly happened."""

import numpy as np
import pytest

from gait.sensors.assembly import PACE_NEEDS_S, STALL_S, Counted, Paced


def arrivals(rate_hz: float, seconds: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True times, and when each arrives: every 30 ms in bunches, now and then 0.2 s late."""
    random = np.random.default_rng(seed)
    true_s = np.arange(int(seconds * rate_hz)) / rate_hz
    host_s = np.ceil(true_s / 0.03) * 0.03 + random.uniform(0.001, 0.006, len(true_s))
    for at in random.uniform(5, seconds - 5, 6):
        late = (true_s > at) & (true_s < at + 0.2)
        host_s[late] = at + 0.2 + random.uniform(0.0, 0.01, late.sum())
    return true_s, np.maximum.accumulate(host_s)


def paced(rate_hz: float, host_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pace = Paced(rate_hz)
    said = [pace.time(float(at), 1) for at in host_s]
    return np.array([at for at, _ in said]), np.array([lost for _, lost in said])


@pytest.mark.parametrize("true_hz", [200.0, 197.0, 203.5])
def test_the_pace_is_that_of_the_sensor_and_not_of_its_data_sheet(true_hz: float) -> None:
    true_s, host_s = arrivals(true_hz, 90.0)
    time_s, lost = paced(200.0, host_s)
    assert not lost.any()
    assert np.diff(time_s).min() > 0
    settled = true_s > PACE_NEEDS_S + 15
    rate_hz = (settled.sum() - 1) / np.ptp(time_s[settled])
    assert rate_hz == pytest.approx(true_hz, rel=0.002)
    late = host_s - time_s
    assert np.quantile(late, 0.5) < 0.3


@pytest.mark.parametrize("true_hz", [195.0, 200.0, 205.0])
def test_a_second_that_never_came_is_a_gap_of_a_second(true_hz: float) -> None:
    true_s, host_s = arrivals(true_hz, 60.0)
    kept = (true_s < 30.0) | (true_s >= 31.0)
    time_s, lost = paced(200.0, host_s[kept])
    (at,) = np.flatnonzero(lost)
    assert true_s[kept][at] == pytest.approx(31.0, abs=0.01)
    assert time_s[at] - time_s[at - 1] == pytest.approx(1.0, abs=0.06)
    assert STALL_S < 1.0


def test_numbers_count_arrivals_and_the_time_tells_what_is_missing() -> None:
    counted = Counted(100.0, 1 << 32)
    start = (1 << 32) - 25_000  # it wraps in between
    said = [counted.number((start + us) % (1 << 32), 2) for us in (0, 20_000, 41_000, 90_000)]
    assert said == [(0, False), (1, False), (2, False), (3, True)]
    assert counted.number(0, 2) == (4, True)  # and begins anew


def test_what_a_data_sheet_is_off_by_is_no_gap() -> None:
    counted = Counted(52.0, 1 << 50)
    period_us = 1e6 / 51.2
    assert not any(counted.number(round(i * 71 * period_us), 71)[1] for i in range(50))
