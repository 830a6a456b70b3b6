"""How fast feet alternate and how long they stay on the ground, for a speed and a body.

Running to 14 km/h: regression of Malisoux et al. 2023 (860 recreational runners). Faster: bent
so that a sprint at 9 m/s has about 4.4 steps/s and 0.11 s of contact. Walking: step rate grows
with about the square root of speed, duty factor falls slowly. Start of a
sprint: 4 steps/s at once and contacts that shorten from 0.18 to 0.11 s, as is reported of starts.
"""

from gait.simulate.runner import Runner

_REGRESSION_TOP_M_S = 14.0 / 3.6
_SLOWEST_RUN_M_S = 7.0 / 3.6


def run_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet when running at a speed."""
    v = max(speed_m_s, _SLOWEST_RUN_M_S)
    expected = _expected_run_cadence(runner, v)
    if runner.cadence_spm is None:
        return expected * (1.0 + runner.cadence_pct / 100.0)
    return runner.cadence_spm


def _expected_run_cadence(runner: Runner, v: float) -> float:
    linear = 203.056 + 0.193 * runner.age_years - 44.242 * runner.height_m + 3.067 * 3.6 * v
    return linear + 1.2 * max(v - _REGRESSION_TOP_M_S, 0.0) ** 2


def run_contact_s(runner: Runner, speed_m_s: float) -> float:
    """Time a running foot is on the ground, seconds."""
    if runner.contact_ms is not None:
        return runner.contact_ms / 1000.0
    v = max(speed_m_s, _SLOWEST_RUN_M_S)
    v_regression = min(v, _REGRESSION_TOP_M_S)
    linear_ms = (
        259.01 + 0.855 * runner.mass_kg + 77.122 * runner.height_m - 17.314 * 3.6 * v_regression
    )
    expected_s = linear_ms / 1000.0 * (v_regression / v) ** 0.85
    return expected_s * (1.0 + runner.contact_pct / 100.0)


def sprint_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet while speeding up from a start: quick from the first on."""
    return (228.0 + 5.0 * speed_m_s) * (1.0 + runner.cadence_pct / 100.0)


def sprint_contact_s(runner: Runner, speed_m_s: float) -> float:
    """Time a sprinting foot is on the ground, seconds: 0.18 at first, 0.11 at 9 m/s."""
    return (0.085 + 0.26 / (speed_m_s + 1.0)) * (1.0 + runner.contact_pct / 100.0)


def walk_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet when walking at a speed."""
    if runner.walk_cadence_spm is not None:
        return runner.walk_cadence_spm
    return 110.0 * (max(speed_m_s, 0.4) / 1.25) ** 0.45 * (1.75 / runner.height_m) ** 0.5


def walk_duty(runner: Runner, speed_m_s: float) -> float:
    """Share of the stride that a walking foot is on the ground."""
    if runner.walk_duty_pct is not None:
        return runner.walk_duty_pct / 100.0
    return min(max(0.655 - 0.035 * speed_m_s, 0.55), 0.65)
