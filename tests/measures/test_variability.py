"""Variability and memory of stride time: against a slow twin and against simulated memory."""

import numpy as np
import pytest

from gait.measures.table import empty_strides
from gait.measures.variability import (
    DFA_SD_600,
    dfa_alpha,
    longest_unbroken,
    stride_time_cv,
    stride_time_memory,
)
from gait.simulate.plan import long_memory_noise


def naive_alpha(values: np.ndarray) -> float:
    """Detrended fluctuation analysis as it is written down: a line in every window."""
    n = len(values)
    profile = np.cumsum(values - np.mean(values))
    sizes = sorted({round(s) for s in np.geomspace(16, n // 9, 16)})
    fluctuation = []
    for size in sizes:
        squares = []
        for start in range(0, n - size + 1, size):
            for part in (profile[start : start + size], profile[n - start - size : n - start]):
                t = np.arange(size)
                squares.append(np.mean((part - np.polyval(np.polyfit(t, part, 1), t)) ** 2))
        fluctuation.append(np.sqrt(np.mean(squares)))
    return np.polyfit(np.log(sizes), np.log(fluctuation), 1)[0]


def strides(times: np.ndarray, speed: np.ndarray | float = 3.0):
    made = empty_strides(len(times))
    made["valid"] = True
    made["stride_s"] = times
    made["ic_s"] = np.cumsum(times) - times
    made["cadence_spm"] = 120.0 / times
    made["speed_m_s"] = speed
    return made


def around(mean: float, cv: float, n: int, alpha: float, seed: int) -> np.ndarray:
    return mean * (1.0 + cv * long_memory_noise(n, alpha, np.random.default_rng(seed)))


@pytest.mark.parametrize("n", [600, 743, 1500])
def test_dfa_is_that_of_the_slow_twin(n: int) -> None:
    values = around(0.72, 0.012, n, 0.8, seed=n)
    assert dfa_alpha(values) == pytest.approx(naive_alpha(values), abs=1e-9)


@pytest.mark.parametrize("alpha", [0.5, 0.7, 0.85, 0.95])
def test_simulated_memory_is_found_within_the_stated_error(alpha: float) -> None:
    rng = np.random.default_rng(3)
    for n in (600, 2400):
        found = np.array([dfa_alpha(long_memory_noise(n, alpha, rng)) for _ in range(60)])
        stated = 1.96 * DFA_SD_600 * (600 / n) ** 0.5
        assert abs(found.mean() - alpha) < 0.04
        assert np.mean(np.abs(found - alpha) <= stated) >= 0.9


def test_memory_of_a_long_run_and_none_of_a_short_one() -> None:
    found = stride_time_memory(strides(around(0.72, 0.012, 1500, 0.85, seed=1)))
    assert found.value is not None
    assert found.uncertainty is not None
    assert abs(found.value - 0.85) < found.uncertainty < 0.2
    short = stride_time_memory(strides(around(0.72, 0.012, 599, 0.85, seed=1)))
    assert short.value is None
    assert short.n == 599
    assert "needs 600 strides" in (short.why_not or "")


def test_one_odd_stride_does_not_rule_the_memory() -> None:
    times = around(0.72, 0.012, 1200, 0.85, seed=2)
    plain = stride_time_memory(strides(times)).value
    times[700] = 1.4
    assert stride_time_memory(strides(times)).value == pytest.approx(plain, abs=0.03)


def test_a_stop_ends_the_stretch_and_a_left_out_stride_does_not() -> None:
    times = np.full(1000, 0.72)
    start = np.cumsum(times)
    start[300:] += 30.0
    assert longest_unbroken(start, times) == slice(300, 1000)
    assert longest_unbroken(np.delete(start, [500, 501]), times[2:]) == slice(300, 998)


@pytest.mark.parametrize("cv_pct", [0.8, 1.5, 3.0])
def test_cv_is_that_of_the_strides(cv_pct: float) -> None:
    found = stride_time_cv(strides(around(0.72, cv_pct / 100, 400, 0.6, seed=5)))
    assert found.value is not None
    assert found.uncertainty is not None
    assert abs(found.value - cv_pct) < found.uncertainty
    assert found.quality == "good"


def test_getting_slower_is_no_variability() -> None:
    """Neither a slow change of pace nor a run in fast and slow parts."""
    times = around(0.72, 0.01, 600, 0.6, seed=7)
    plain = stride_time_cv(strides(times)).value
    slower = np.linspace(1.0, 1.08, 600)
    assert stride_time_cv(strides(times * slower)).value == pytest.approx(plain, rel=0.1)
    fast = (np.arange(600) // 100) % 2
    speed = 3.0 + fast + np.random.default_rng(1).normal(0.0, 0.03, 600)
    parts = stride_time_cv(strides(times * (1.0 - 0.06 * fast), speed)).value
    assert parts == pytest.approx(plain, rel=0.15)


def test_few_strides_are_no_variability() -> None:
    few = stride_time_cv(strides(around(0.72, 0.01, 49, 0.6, seed=7)))
    assert few.value is None
    assert "needs 50 strides" in (few.why_not or "")
    some = stride_time_cv(strides(around(0.72, 0.01, 120, 0.6, seed=7)))
    assert some.quality == "low"
    assert some.why_not
