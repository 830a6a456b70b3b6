"""The yardstick itself: known errors put into found strides come out as those errors."""

import numpy as np
import pytest

from benchmarks.accuracy.score import MUST, Truth, score
from benchmarks.accuracy.verdict import Grade, within
from benchmarks.accuracy.walking import nearest
from gait.measures.table import empty_strides
from gait.model import Activity

N = 20


def truth() -> Truth:
    ic = 1.0 + 0.7 * np.arange(N)
    return Truth(ic, ic + 0.25, np.full(N, 12.0), np.full(N, 9.0), np.full(N, 3.0), np.full(N, 2.1))


def found(late_s: float = 0.0):
    true = truth()
    strides = empty_strides(N)
    strides["activity"] = Activity.RUN
    strides["ic_s"] = true.ic_s + late_s
    strides["tc_s"] = true.tc_s
    strides["contact_ms"] = 1e3 * (strides["tc_s"] - strides["ic_s"])
    strides["cadence_spm"] = 120.0 / 0.7
    strides["strike_angle_deg"] = true.strike_angle_deg
    strides["pronation_excursion_deg"] = true.pronation_excursion_deg
    strides["speed_m_s"] = true.speed_m_s
    strides["stride_length_m"] = true.stride_length_m
    return strides


def test_the_truth_itself_has_no_error() -> None:
    result = score("", found(), truth())
    assert (result.strides, result.missed, result.invented, result.not_running) == (17, 0, 0, 0)
    assert set(result.errors) == set(MUST)
    for mean, spread in result.errors.values():
        assert mean == pytest.approx(0.0, abs=1e-9)
        assert spread == pytest.approx(0.0, abs=1e-9)


def test_a_late_landing_is_late_and_shortens_contact() -> None:
    result = score("", found(late_s=0.012), truth())
    assert result.errors["ic_ms"][0] == pytest.approx(12.0)
    assert result.errors["contact_ms"][0] == pytest.approx(-12.0)
    assert result.errors["tc_ms"][0] == pytest.approx(0.0, abs=1e-9)


def test_missed_invented_and_mistaken_strides_are_counted() -> None:
    strides = found()
    extra = strides[10].copy()
    extra["ic_s"] += 0.35
    strides["activity"][12] = Activity.WALK
    kept = np.delete(strides, [5, 8])
    result = score("", np.append(kept, extra), truth())
    assert (result.missed, result.invented, result.not_running) == (2, 1, 1)


def test_what_is_not_measured_is_no_error_and_is_told() -> None:
    strides = found()
    strides["speed_m_s"][::2] = np.nan
    strides["strike_angle_deg"] = np.nan
    result = score("", strides, truth())
    assert "strike_angle_deg" not in result.errors
    assert result.measured["strike_angle_deg"] == 0.0
    assert result.measured["speed_pct"] == pytest.approx(9 / 17)


def test_mean_counts_in_absolute_value_and_spread_too() -> None:
    assert within((-4.9, 3.9), (5.0, 4.0))
    assert not within((-5.1, 0.0), (5.0, 4.0))
    assert not within((0.0, 4.1), (5.0, 4.0))
    assert within((0.0, 99.0), (5.0, None))


def test_marks_differ_without_colour() -> None:
    assert len({grade.mark for grade in Grade}) == len(Grade)


def test_each_found_event_belongs_to_one_true_event() -> None:
    true = np.array([1.0, 2.0, 3.0])
    seen = np.array([np.nan, 1.9, 2.05, 3.4])
    assert nearest(true, seen, 0.25).tolist() == [-1, 2, -1]
    assert nearest(true, np.empty(0), 0.25).tolist() == [-1, -1, -1]
