"""Numbers and times of sensors that send none, against what truly happened."""

import numpy as np
import pytest

from gait.sensors.assembly import PACE_NEEDS, STALL_S, WINDOW_S, Counted, Paced

SETTLED_S = PACE_NEEDS * WINDOW_S + 15.0


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
    settled = true_s > SETTLED_S
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


@pytest.mark.parametrize("rate_hz", [100.0, 200.0])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.03, 0.1, 0.2])
def test_samples_lost_one_by_one_leave_the_pace_alone_and_are_counted(rate_hz, share) -> None:
    true_s, host_s = arrivals(rate_hz, 90.0)
    kept = np.random.default_rng(7).random(len(true_s)) >= share
    true_s, host_s = true_s[kept], host_s[kept]
    time_s, lost = paced(rate_hz, host_s)
    assert np.diff(time_s).min() > 0
    settled = true_s > SETTLED_S
    lasts = np.ptp(time_s[settled]) / np.ptp(true_s[settled])
    assert lasts == pytest.approx(1.0, abs=0.002)
    off = (time_s - true_s)[settled]
    # nothing tells which of a second were lost: as many as chance lets differ
    assert off.std() < 3.0 * np.sqrt(rate_hz * share) / rate_hz + 0.003
    free = np.rint(np.diff(time_s)[lost[1:]] * rate_hz) - 1
    assert free.sum() / (free.sum() + len(time_s)) == pytest.approx(1 - kept.mean(), abs=0.01)


def test_a_slower_sensor_that_loses_nothing_is_not_said_to() -> None:
    for true_hz in (194.5, 197.0, 199.0, 203.5):
        _, host_s = arrivals(true_hz, 60.0)
        assert not paced(200.0, host_s)[1].any()


def test_numbers_count_arrivals_and_the_time_tells_what_is_missing() -> None:
    counted = Counted(100.0, 1 << 32)
    start = (1 << 32) - 25_000  # it wraps in between
    said = [counted.number((start + us) % (1 << 32), 2) for us in (0, 20_000, 41_000, 90_000)]
    assert said == [(0, False), (1, False), (2, False), (3, True)]
    assert counted.number(0, 2) == (4, True)  # and begins anew


def test_a_single_sample_that_is_missing_is_lost() -> None:
    counted = Counted(60.0, 1 << 32)
    times_us = np.delete(np.rint(np.arange(200) * 1e6 / 60.0).astype(int), [50, 90, 91])
    said = [counted.number(int(us), 1)[1] for us in times_us]
    assert np.flatnonzero(said).tolist() == [50, 89]


def test_what_a_data_sheet_is_off_by_is_no_gap() -> None:
    counted = Counted(52.0, 1 << 50)
    period_us = 1e6 / 51.2
    assert not any(counted.number(round(i * 71 * period_us), 71)[1] for i in range(50))
