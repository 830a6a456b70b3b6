"""The stated 95 % interval holds the truth of simulated sessions, and is not absurdly wide."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from virtual_sessions import VirtualSession, sessions, truth_of

from gait.measures.session_table import SYMMETRIES
from gait.model import Measure, Side
from gait.pipeline import summarise

SESSIONS = 40
FEWER = 14  # in the short form
LEAST_COVERAGE = 0.90

# Measures with a truth, and what half the interval of a 12-second session may be in the middle.
WIDEST = {
    "cadence_spm": 3.0,
    "contact_ms": 20.0,
    "flight_ms": 21.0,
    "step_time_ms": 11.0,
    "swing_ms": 21.0,
    "duty_factor_pct": 3.0,
    "strike_angle_deg": 6.0,
    "roll_at_ic_deg": 5.0,
    "roll_at_ic_standing_deg": 6.0,
    "roll_max_standing_deg": 6.0,
    "pronation_excursion_deg": 5.0,
    "pronation_velocity_deg_s": 120.0,
    "time_to_pronation_ms": 60.0,
    "everted_pct": 35.0,
    "impact_g": 1.6,
    "shock_g": 0.12,
    "stride_length_m": 0.12,
    "step_length_m": 0.06,
    "speed_m_s": 0.17,
}
WIDEST_SYMMETRY = {
    "symmetry_contact_pct": 5.0,
    "symmetry_step_time_pct": 5.0,
    "symmetry_flight_pct": 16.0,
    "symmetry_pronation_excursion_deg": 3.0,
    "symmetry_impact_pct": 13.0,
}
Seen = dict[str, list[tuple[float, Measure]]]  # truth and what was measured


def _symmetry_truth(of: str, truth: dict[Side, dict[str, float]]) -> float:
    left, right = truth[Side.LEFT][of], truth[Side.RIGHT][of]
    return left - right if of.endswith("_deg") else 200.0 * (left - right) / (left + right)


def _look(session: VirtualSession, seen: Seen) -> None:
    motions = session.motions()
    result = session.measured(motions)
    found = summarise(result, source="simulated").measures
    truth = truth_of(motions)
    for side, values in truth.items():
        for name in WIDEST:
            seen.setdefault(name, []).append((values[name], found[side][name]))
    for row in SYMMETRIES:
        if row.name in WIDEST_SYMMETRY:
            true = _symmetry_truth(row.of, truth)
            seen.setdefault(row.name, []).append((true, found["both"][row.name]))


@cache
def seen_in(rate_hz: float, seeds: Sequence[int], count: int = SESSIONS) -> Seen:
    seen: Seen = {}
    for seed in seeds:
        for session in sessions(count, seed=seed, rate_hz=rate_hz):
            _look(session, seen)
    return seen


def coverage_of(pairs: list[tuple[float, Measure]]) -> tuple[float, float, int]:
    """Share of intervals that hold the truth, median half-width, how many had a value."""
    known = [
        (abs(m.value - true), m.uncertainty)
        for true, m in pairs
        if m.value is not None and m.uncertainty is not None
    ]
    error, half = np.array(known).T
    return float(np.mean(error <= half)), float(np.median(half)), len(known)


@pytest.mark.parametrize("name", [*WIDEST, *WIDEST_SYMMETRY])
def test_the_interval_holds_the_truth(name: str) -> None:
    pairs = seen_in(400.0, (11,), FEWER)[name]
    share, half, n = coverage_of(pairs)
    assert n >= 0.9 * len(pairs)
    assert share >= LEAST_COVERAGE, f"{name}: {share:.3f} of {n}, half-width {half:.3g}"
    assert half <= {**WIDEST, **WIDEST_SYMMETRY}[name]


@pytest.mark.long
@pytest.mark.parametrize("rate_hz", [200.0, 400.0, 800.0])
@pytest.mark.parametrize("name", [*WIDEST, *WIDEST_SYMMETRY])
def test_the_interval_holds_the_truth_at_other_rates(name: str, rate_hz: float) -> None:
    pairs = seen_in(rate_hz, (12, 13, 14))[name]
    share, half, n = coverage_of(pairs)
    assert n >= 0.9 * len(pairs)
    assert share >= LEAST_COVERAGE, f"{name}: {share:.3f} of {n}, half-width {half:.3g}"
