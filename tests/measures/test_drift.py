"""Change over a run: what is put in comes out, speed alone is none, chance rarely is."""

import numpy as np
import pytest
from scipy.ndimage import median_filter
from scipy.stats import t as student

from gait.measures.session import BLOCKS, STUDENT, drift, last_against_first
from gait.measures.session_table import DRIFTS
from gait.measures.table import empty_strides
from gait.simulate.plan import long_memory_noise

CONTACT = next(row for row in DRIFTS if row.of == "contact_ms")


def run(n: int, change_ms: float, per_m_s: float, speed: np.ndarray, seed: int = 0):
    """Strides whose contact grows by `change_ms` from start to end at the same speed."""
    rng = np.random.default_rng(seed)
    made = empty_strides(n)
    made["valid"] = True
    made["ic_s"] = 0.7 * np.arange(n)
    made["speed_m_s"] = speed + rng.normal(0.0, 0.03, n)
    made["contact_ms"] = 250.0 + change_ms * np.linspace(0.0, 1.0, n) + per_m_s * (speed - 3.0)
    made["contact_ms"] += 5.0 * long_memory_noise(n, 0.7, rng)
    return made


@pytest.mark.parametrize("change_ms", [0.0, 12.0, -15.0])
def test_a_change_is_found_from_third_to_third(change_ms: float) -> None:
    found = drift(CONTACT, run(900, change_ms, -40.0, np.full(900, 3.0)))
    assert found.value is not None
    assert found.uncertainty is not None
    assert abs(found.value - change_ms * 2.0 / 3.0) < found.uncertainty < 5.0
    assert found.n == 900


def test_running_slower_is_no_drift() -> None:
    """Contact that follows speed up and down, and speed that falls over the run."""
    t = np.linspace(0.0, 1.0, 1200)
    speed = 3.4 - 0.5 * t + 0.3 * np.sin(25.0 * t)
    found = drift(CONTACT, run(1200, 0.0, -45.0, speed))
    raw = 45.0 * 0.5 * 2.0 / 3.0
    assert found.value is not None
    assert found.uncertainty is not None
    assert abs(found.value) < found.uncertainty < raw


def test_a_few_wild_strides_are_no_drift() -> None:
    strides = run(600, 0.0, 0.0, np.full(600, 3.0))
    plain = drift(CONTACT, strides).value
    strides["contact_ms"][550:556] = 900.0
    assert drift(CONTACT, strides).value == pytest.approx(plain, abs=1.5)


def test_chance_alone_is_rarely_a_drift() -> None:
    rng = np.random.default_rng(0)
    for alpha, most in ((0.5, 0.07), (0.85, 0.08), (0.95, 0.14)):
        missed = 0
        for _ in range(150):
            n = int(rng.choice([150, 400, 1500]))
            values = long_memory_noise(n, alpha, rng)
            speed = median_filter(3.0 + 0.05 * long_memory_noise(n, 0.9, rng), 31)
            change, half, _ = last_against_first(0.7 * np.arange(n), values, speed)
            missed += abs(change) > half
        assert missed / 150 <= most, alpha


def test_what_it_needs_is_said() -> None:
    short = drift(CONTACT, run(149, 0.0, 0.0, np.full(149, 3.0)))
    assert short.value is None
    assert "needs 150 strides" in (short.why_not or "")
    unknown = run(300, 0.0, 0.0, np.full(300, 3.0))
    unknown["speed_m_s"][100:] = np.nan
    assert "speed is not known" in (drift(CONTACT, unknown).why_not or "")


def test_students_t_is_that_of_scipy() -> None:
    for freedom, value in STUDENT.items():
        assert value == pytest.approx(student.ppf(0.975, freedom), abs=1e-6)
    assert {BLOCKS - terms for terms in (1, 2, 3, 4)} == set(STUDENT)
