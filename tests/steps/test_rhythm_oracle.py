"""The stride's period from the force alone, against a plain recomputation from the definitions."""

import math

import numpy as np
import pytest

from gait.steps.parameters import RhythmParameters
from gait.steps.rhythm import (
    RHYTHM,
    add_sample,
    last_two_match,
    new_coarse,
    period_of,
    reset_rhythm,
)

G = 9.80665


def alike(x: np.ndarray, lag: int) -> float:
    """Twice the products of what is `lag` apart, over both their squares."""
    now, before = x[lag:], x[: len(x) - lag]
    size = float((now**2).sum() + (before**2).sum())
    return 2.0 * float((now * before).sum()) / size if size > 0.0 else 0.0


def wave(seed: int, n: int) -> np.ndarray:
    """A few waves of one period and its parts, with noise: (n, 3)."""
    random = np.random.default_rng(seed)
    period = random.uniform(8.0, 40.0)
    t = np.arange(n)[:, None] / period
    x = np.zeros((n, 3))
    for part in (1, 2, 3):
        phases = random.uniform(0.0, 6.0, 3)
        x += random.normal(0.0, 8.0 / part, 3) * np.sin(2 * np.pi * part * t + phases)
    return x + random.normal(0.0, random.choice([0.1, 2.0, 6.0]), (n, 3)) + [0.0, 0.0, G]


def naive_period(x: np.ndarray, p: np.void) -> float:
    n = len(x)
    x = x - x.mean(axis=0) if n else x
    if n == 0 or math.sqrt((x**2).sum() / n) < p["least_motion_g"] * G:
        return math.nan
    longest, shortest = min(54, n // 2), int(p["shortest_period_s"] * 25.0)
    if longest <= shortest + 1:
        return math.nan
    at = [alike(x, lag) for lag in range(longest + 1)]
    peaks = [k for k in range(1, longest) if at[k] > at[k - 1] and at[k] >= at[k + 1]]
    best = max([0.0, *(at[k] for k in peaks if k >= shortest)])
    if best < p["least_alike"] or min(at) < -p["most_opposed"]:
        return math.nan
    high = [k for k in peaks if at[k] > p["first_peak_share"] * best and k > 1]
    if not high or high[0] < shortest:
        return math.nan
    k = high[0]
    bend = at[k - 1] - 2.0 * at[k] + at[k + 1]
    return (k + 0.5 * (at[k - 1] - at[k + 1]) / bend) / 25.0


P = RhythmParameters(run_stride_s=(0.4, 1.2), walk_stride_s=(0.8, 2.0)).record()


def kept(x: np.ndarray) -> tuple[np.void, np.ndarray]:
    """As if these had come in."""
    coarse = new_coarse()
    coarse[: len(x)] = x
    state = np.zeros(1, np.dtype(RHYTHM))
    state["kept"] = len(x)
    return state[0], coarse


@pytest.mark.parametrize("n", [0, 1, 20, 22, 24, 30, 60, 107, 108, 109, 112])
def test_the_period_of_noisy_waves(n: int) -> None:
    known = 0
    for seed in range(60):
        x = wave(seed, n)
        expected = naive_period(x, P)
        assert period_of(*kept(x), P) == pytest.approx(expected, rel=1e-9, nan_ok=True), seed
        known += math.isfinite(expected)
    assert known > 0 or n < 30


@pytest.mark.parametrize("period", [2, 3, 5, 9])
def test_what_repeats_faster_than_a_foot_can_is_shaking(period: int) -> None:
    """And a multiple of its period, which is as much alike, is no stride."""
    x = np.zeros((112, 3))
    x[::period, 0] = 40.0
    assert math.isnan(naive_period(x, P))
    assert math.isnan(period_of(*kept(x), P))
    slow = np.zeros((112, 3))
    slow[::20, 0] = 40.0
    assert period_of(*kept(slow), P) == pytest.approx(20 / 25.0, abs=1e-3)


@pytest.mark.parametrize("n", [3, 20, 55, 112])
@pytest.mark.parametrize("period_s", [0.02, 0.4, 0.81, 1.9])
def test_how_alike_the_last_two_are(n: int, period_s: float) -> None:
    for seed in range(20):
        x = wave(seed, n)
        lag = round(25.0 * period_s)
        last = x[-(2 * lag + 1) :]
        last = last - last.mean(axis=0)
        near = [k for k in (lag - 1, lag, lag + 1) if 1 <= k < len(last)]
        expected = max([-1.0, *(alike(last, k) for k in near)])
        assert last_two_match(*kept(x), period_s) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 104.0, 400.0])
def test_samples_become_means_of_a_25th_of_a_second(rate_hz: float) -> None:
    random = np.random.default_rng(3)
    force = random.normal(0.0, 30.0, (round(8 * rate_hz), 3))
    force[5] = 0.0
    state, coarse = np.zeros(1, np.dtype(RHYTHM)), new_coarse()
    reset_rhythm(state[0])
    looks, expected, part, phase = [], [], [], 0.0
    for i, one in enumerate(force):
        length = float(np.linalg.norm(one))
        if add_sample(state[0], coarse, one, length, 4.0 * G, rate_hz):
            looks.append(i)
        part.append(one * min(1.0, 4.0 * G / length) if length else one)
        phase += 25.0 / rate_hz
        if phase >= 1.0:
            expected.append(np.mean(part, axis=0))
            part, phase = [], phase - 1.0
    assert state["kept"][0] == min(112, len(expected))
    np.testing.assert_allclose(coarse[: state["kept"][0]], expected[-112:])
    # every 20 of them
    assert len(looks) == len(expected) // 20
    assert np.diff(looks) == pytest.approx(20 * rate_hz / 25.0, abs=1.0)
