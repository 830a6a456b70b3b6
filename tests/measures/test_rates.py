"""What a peak loses by the sampling rate, against simulated runners sampled at each rate."""

import numpy as np
import pytest
from virtual_sessions import sessions, truth_of

from gait.measures.aggregate import frequency
from gait.measures.rates import SHORTFALL_PCT, missing_share, note, shortfall_pct
from gait.model import Side
from gait.model.sensor import enough_rate

WIDE_G = 64.0  # nothing clips


def shortfalls(rate_hz: float, count: int) -> np.ndarray:
    """By how much the session's impact of each foot is lower than the truth, %."""
    low = []
    for session in sessions(count, rate_hz=rate_hz):
        motions = session.motions()
        strides = session.measured(motions, acc_range_g=WIDE_G).strides
        for side, truth in truth_of(motions).items():
            mine = strides[strides["valid"] & (strides["side"] == (side is Side.RIGHT))]
            low.append(100.0 * (1.0 - np.nanmedian(mine["impact_g"]) / truth["impact_g"]))
    return np.array(low)


def test_a_peak_loses_what_the_table_says_at_usual_rates() -> None:
    for rate, most in SHORTFALL_PCT[:2]:
        assert np.mean(shortfalls(rate, 6) <= most) >= 0.9, rate


@pytest.mark.long
def test_a_peak_loses_what_the_table_says() -> None:
    low = {rate: shortfalls(rate, 40) for rate, _ in SHORTFALL_PCT}
    for rate, most in SHORTFALL_PCT:
        assert np.mean(low[rate] <= most) >= 0.9, rate
        assert np.percentile(low[rate], 95) > 0.5 * most, f"{rate}: the table is too pessimistic"
    medians = [np.median(values) for values in low.values()]
    assert medians == sorted(medians, reverse=True)


def test_between_the_rates_of_the_table() -> None:
    for rate, pct in SHORTFALL_PCT:
        assert shortfall_pct(rate) == pytest.approx(pct)
    assert shortfall_pct(100.0) == SHORTFALL_PCT[0][1]
    assert shortfall_pct(5000.0) == SHORTFALL_PCT[-1][1]
    between = [shortfall_pct(rate) for rate in np.geomspace(200.0, 1600.0, 30)]
    assert between == sorted(between, reverse=True)
    assert missing_share(200.0) > 0.27  # of what was measured, which is less than the truth


def test_a_slow_sensor_says_that_it_is_a_lower_estimate() -> None:
    assert "lower estimate" in (note(416.0) or "")
    assert note(800.0) is None


def test_a_crystal_that_is_a_little_slow_is_fast_enough() -> None:
    assert enough_rate(199.99, 200.0)
    assert enough_rate(200.0, 200.0)
    assert not enough_rate(190.0, 200.0)
    assert enough_rate(np.array([89.9, 52.0]), np.array([90.0, 90.0])).tolist() == [True, False]
    assert note(499.96) is None


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0, 200.0])
@pytest.mark.parametrize("cadence_spm", [150.0, 163.0, 171.3, 184.0])
def test_a_stride_that_is_a_sample_longer_is_no_odd_one(rate_hz: float, cadence_spm: float) -> None:
    """Contacts at whole samples: most strides have the same number of them, and those with one
    more or fewer are what keeps the mean right."""
    rng = np.random.default_rng(3)
    contacts_s = np.cumsum(120.0 / cadence_spm * rng.normal(1.0, 0.004, 300))
    strides_s = np.diff(np.round(contacts_s * rate_hz) / rate_hz)
    true = 120.0 * len(strides_s) / (contacts_s[-1] - contacts_s[0])
    assert abs(frequency(120.0 / strides_s, rate_hz) - true) < 0.15
