"""What is usual at a speed: against scipy's Theil–Sen, against simple loops, and never beyond."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from gait.compare.baseline_model import (
    SHORT_OF_FEW,
    Points,
    at_speed,
    off_usual,
    run_to_run,
    theil_sen,
    usual_at,
)


def points(runs, days=None):
    """runs: of each the (speed, value, count) of its bins."""
    rows = [(i, *row) for i, run in enumerate(runs) for row in run]
    number, speed, value, count = np.array(rows, dtype=float).T
    when = 4.0 * np.arange(len(runs)) if days is None else np.array(days, dtype=float)
    return Points(number.astype(int), speed, value, count, when)


def naive_usual(speed, runs):
    """The same in plain loops; scipy's slope."""
    near = [[row for row in run if abs(row[0] - speed) <= 0.25] for run in runs]
    flat = [row for run in near for row in run]
    slope = theilslopes([r[1] for r in flat], [r[0] for r in flat])[0]
    values = []
    for run in near:
        weight = sum(n for _, _, n in run)
        values.append(sum(n * (y - slope * (v - speed)) for v, y, n in run) / weight)
    return sorted(values)[len(values) // 2], values


def test_against_scipy_and_plain_loops() -> None:
    rng = np.random.default_rng(3)
    grid = np.arange(2.85, 3.2, 0.0703)  # every pair far enough apart for both
    runs = [
        [(v, 250 - 60 * v + rng.normal(0, 4), rng.integers(20, 300)) for v in (a, b)]
        for a, b in rng.choice(grid, (7, 2))
    ]
    runs = [run for run in runs if run[0][0] != run[1][0]]
    runs += [[(v, 250 - 60 * v + rng.normal(0, 4), 50)] for v in rng.choice(grid, 11 - len(runs))]
    found = usual_at(3.0, points(runs))
    assert found is not None
    usual, values = naive_usual(3.0, runs)
    assert found.value == pytest.approx(usual)
    assert at_speed(3.0, points(runs)) == pytest.approx(values)
    assert off_usual(3.0, points(runs)) == pytest.approx(np.array(values) - usual)


@given(st.integers(0, 1000))
def test_slope_is_scipys(seed) -> None:
    rng = np.random.default_rng(seed)
    x = rng.permutation(0.06 * np.arange(12)) + 2.0
    y = rng.normal(size=12)
    assert theil_sen(x, y) == pytest.approx(theilslopes(y, x)[0])


def test_runs_at_one_speed_have_no_slope() -> None:
    assert theil_sen(np.full(5, 3.0), np.arange(5.0)) == 0.0


def test_a_straight_line_is_met_wherever_the_bins_lie() -> None:
    runs = [[(v, 100.0 - 20.0 * v, 90)] for v in (2.8, 3.2, 2.9, 3.1, 3.05, 2.95)]
    found = usual_at(3.03, points(runs))
    assert found is not None
    assert found.value == pytest.approx(100.0 - 20.0 * 3.03)
    assert off_usual(3.03, points(runs)) == pytest.approx(np.zeros(6))


def test_runs_at_other_speeds_tell_how_far_days_differ_but_not_what_is_usual() -> None:
    days = [0.4, -0.2, 0.0, 0.3, -0.3, 0.1, -0.1]
    near = [[(v, 5.0 * v + d, 90)] for v, d in zip((2.9, 3.1, 3.0, 2.95, 3.05), days, strict=False)]
    other = [[(3.6, 18.0 + 0.1, 90)], [(2.4, 12.0 - 0.1, 90)]]  # far apart: they set the slope
    far = [[(4.5, 70.0, 90)]]
    found = usual_at(3.0, points(near + other + far))
    assert found is not None
    assert list(found.near) == [True] * 5 + [False] * 3
    assert found.value == pytest.approx(15.0, abs=0.15)
    assert off_usual(3.0, points(near + other + far)) == pytest.approx(days, abs=0.2)


@pytest.mark.parametrize("speed", [2.7, 3.3])
def test_nothing_is_extrapolated(speed) -> None:
    runs = [[(v, 1.0, 90)] for v in (2.8, 3.2, 2.9, 3.1, 3.05, 2.95)]
    assert usual_at(speed, points(runs)) is None


def test_a_new_speed_between_two_known_ones_is_interpolated() -> None:
    runs = [[(2.9, 29.0, 50), (3.2, 32.0, 50)] for _ in range(5)]
    found = usual_at(3.05, points(runs))
    assert found is not None
    assert found.value == pytest.approx(30.5)


def test_too_few_runs_or_days_tell_nothing() -> None:
    runs = [[(3.0, 1.0, 90)]] * 5
    assert usual_at(3.0, points(runs[:4])) is None
    assert usual_at(3.0, points(runs, days=[0, 1, 2, 3, 12])) is None
    assert usual_at(3.0, points(runs, days=[0, 1, 2, 3, 14])) is not None


def test_run_to_run_is_the_standard_deviation_and_wider_for_few() -> None:
    """Of normal values, drawn anew; one far run in eight moves it little."""
    rng = np.random.default_rng(5)
    for n in (5, 8, 12, 30):
        drawn = rng.standard_normal((4000, n))
        drawn -= np.median(drawn, axis=1, keepdims=True)
        middle = np.median([run_to_run(row) for row in drawn]) / (1.0 + (6.0 / n) ** 2)
        assert middle == pytest.approx(1.0, abs=0.12), n
    drawn = rng.standard_normal((1000, 16))
    far = drawn.copy()
    far[:, :2] = 50.0
    with_far, without = (
        np.median([run_to_run(row - np.median(row)) for row in rows]) for rows in (far, drawn)
    )
    assert with_far < 1.5 * without


def test_how_much_mad_falls_short_in_few() -> None:
    rng = np.random.default_rng(6)
    for n, factor in SHORT_OF_FEW.items():
        drawn = rng.standard_normal((60_000, n))
        off = np.abs(drawn - np.median(drawn, axis=1, keepdims=True))
        mean = 1.4826 * float(np.mean(np.median(off, axis=1)))
        assert 1.0 / mean == pytest.approx(factor, abs=0.02), n
