"""The truth of each stride agrees with the motion it is of, and with physiology."""

import numpy as np
import pytest
from scipy.interpolate import make_interp_spline
from simulated_motions import motions, slope_of

from gait.model import Activity, Side
from gait.simulate import PRESETS, Runner, Segment, simulate
from gait.simulate.plan import long_memory_noise, plan_steps

NAMES = sorted(PRESETS)


def run(runner: Runner, seconds: float, speed_m_s: float = 3.0, seed: int = 1):
    segment = Segment(kind="run", duration_s=seconds, speed_m_s=speed_m_s)
    return simulate(runner, [segment], seed=seed)


def fluctuation_exponent(values: np.ndarray) -> float:
    """Detrended fluctuation analysis as in Peng et al. 1994, written out."""
    profile = np.cumsum(values - values.mean())
    sizes = np.unique(np.geomspace(8, len(values) // 8, 12).astype(int))
    spread = []
    for size in sizes:
        boxes = profile[: len(profile) // size * size].reshape(-1, size)
        x = np.arange(size)
        rest = [box - np.polyval(np.polyfit(x, box, 1), x) for box in boxes]
        spread.append(np.sqrt(np.mean(np.square(rest))))
    return float(np.polyfit(np.log(sizes), np.log(spread), 1)[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_follow_from_each_other(name: str) -> None:
    for side, motion in motions(name).items():
        truth = motion.truth
        assert len(truth) > 5
        assert np.all(truth["side"] == (side is Side.RIGHT))
        np.testing.assert_allclose(truth["stride_s"][:-1], np.diff(truth["ic_s"]), atol=1e-9)
        np.testing.assert_allclose(
            truth["contact_ms"], 1e3 * (truth["tc_s"] - truth["ic_s"]), atol=1e-6
        )
        np.testing.assert_allclose(truth["cadence_spm"], 120.0 / truth["stride_s"])
        np.testing.assert_allclose(
            truth["stride_length_m"], truth["speed_m_s"] * truth["stride_s"], atol=1e-9
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_are_what_the_motion_does(name: str) -> None:
    ground_deg = np.degrees(np.arctan(slope_of(name)))
    for motion in motions(name).values():
        truth = motion.truth[motion.truth["steady"]]
        np.testing.assert_allclose(
            motion.pitch_deg(truth["ic_s"]) - ground_deg, truth["strike_angle_deg"], atol=1e-3
        )
        np.testing.assert_allclose(
            motion.eversion_deg(truth["ic_s"]), truth["roll_at_ic_standing_deg"], atol=1e-3
        )
        contact = 1e-3 * truth["contact_ms"]
        t = truth["ic_s"][:, None] + np.linspace(0.0, 0.6, 400) * contact[:, None]
        roll = motion.eversion_deg(t.ravel()).reshape(t.shape)
        np.testing.assert_allclose(
            roll.max(axis=1) - roll[:, 0], truth["pronation_excursion_deg"], atol=0.02
        )
        steepest = (np.diff(roll, axis=1) / np.diff(t, axis=1))[:, :330].max(axis=1)
        np.testing.assert_allclose(steepest, truth["pronation_velocity_deg_s"], rtol=0.02)
        middle = truth["ic_s"] + 0.39 * contact
        moved = np.linalg.norm(np.diff(motion.position(middle)[:, :2], axis=0), axis=1)
        follows = np.diff(truth["ic_s"]) < 1.5 * truth["stride_s"][:-1]
        np.testing.assert_allclose(
            moved[follows], truth["stride_length_m"][:-1][follows], rtol=0.02
        )


def test_both_feet_alternate_on_one_clock() -> None:
    feet = motions("easy_run")
    left, right = (feet[side].truth for side in (Side.LEFT, Side.RIGHT))
    events = np.sort(np.concatenate([left["ic_s"], right["ic_s"]]))
    assert np.diff(events).min() > 0.3
    following = right["ic_s"][np.searchsorted(right["ic_s"], left["ic_s"][:-1])]
    flight = 1e3 * (following - left["tc_s"][:-1])
    np.testing.assert_allclose(flight, left["flight_ms"][:-1], atol=1e-6)
    assert np.all(flight > 30.0)


def test_walking_has_both_feet_on_the_ground_and_running_neither() -> None:
    walk = motions("walk")[Side.LEFT].truth
    duty = walk["contact_ms"] / 1e3 / walk["stride_s"]
    assert 0.55 < duty.mean() < 0.68
    assert walk["flight_ms"].max() < 0.0
    assert 1.0 < walk["stride_s"].mean() < 1.25
    assert np.all(walk["activity"] == Activity.WALK)
    run_duty = motions("easy_run")[Side.LEFT].truth
    assert np.all(run_duty["contact_ms"] / 1e3 / run_duty["stride_s"] < 0.5)


def test_an_easy_run_is_in_the_published_ranges() -> None:
    truth = motions("easy_run")[Side.LEFT].truth
    steady = truth[truth["steady"]]
    assert 150 < steady["cadence_spm"].mean() < 180
    assert 230 < steady["contact_ms"].mean() < 310
    assert steady["speed_m_s"].mean() == pytest.approx(2.8, rel=0.01)
    assert {int(s) for s in truth["strike"]} == {0}


def test_what_the_runner_is_told_is_what_the_truth_says() -> None:
    runner = Runner(
        cadence_spm=176,
        contact_ms=222,
        foot_strike_deg=4.0,
        pronation_left_deg=16.0,
        pronation_right_deg=7.0,
        contact_asymmetry_pct=4.0,
        step_asymmetry_pct=6.0,
        stride_cv_pct=0.2,
    )
    feet = {side: m.truth[m.truth["steady"]] for side, m in run(runner, 60.0).items()}
    left, right = feet[Side.LEFT], feet[Side.RIGHT]
    assert left["cadence_spm"].mean() == pytest.approx(176, rel=0.01)
    contact = left["contact_ms"].mean(), right["contact_ms"].mean()
    assert np.mean(contact) == pytest.approx(222, rel=0.01)
    assert (contact[0] - contact[1]) / 222 == pytest.approx(0.04, abs=0.01)
    assert left["strike_angle_deg"].mean() == pytest.approx(4.0, abs=1.0)
    assert left["pronation_excursion_deg"].mean() == pytest.approx(16.0, abs=1.0)
    assert right["pronation_excursion_deg"].mean() == pytest.approx(7.0, abs=1.0)
    here = left["ic_s"][2:20]
    onto_left = here - right["ic_s"][np.searchsorted(right["ic_s"], here) - 1]
    assert onto_left.mean() / (60 / 176) == pytest.approx(1.03, abs=0.01)


def test_stride_times_have_the_spread_and_the_memory_asked_for() -> None:
    runner = Runner(stride_cv_pct=1.5, memory_alpha=0.85)
    segment = Segment(kind="run", duration_s=600.0, speed_m_s=3.0)
    alphas, spreads = [], []
    for seed in range(8):
        steps = plan_steps(runner, [segment], np.random.default_rng(seed))
        left = [step.ic_s for step in steps if step.side is Side.LEFT and step.ic_s is not None]
        stride = np.diff(left)[10:]
        alphas.append(fluctuation_exponent(stride))
        spreads.append(stride.std() / stride.mean())
    assert np.mean(alphas) == pytest.approx(0.85, abs=0.08)
    assert np.mean(spreads) == pytest.approx(0.015, rel=0.15)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 0.95])
def test_noise_has_unit_variance_and_the_covariance_of_its_definition(alpha: float) -> None:
    rng = np.random.default_rng(0)
    draws = np.stack([long_memory_noise(64, alpha, rng) for _ in range(4000)])
    lag = np.arange(4.0)
    expected = 0.5 * (
        np.abs(lag + 1) ** (2 * alpha) - 2 * lag ** (2 * alpha) + np.abs(lag - 1) ** (2 * alpha)
    )
    measured = [np.mean(draws[:, 10] * draws[:, 10 + int(k)]) for k in lag]
    np.testing.assert_allclose(measured, expected, atol=0.08)


def test_the_impact_is_the_peak_of_what_an_ideal_sensor_feels() -> None:
    motion = motions("easy_run")[Side.RIGHT]
    for row in motion.truth[3:8]:
        t = np.linspace(row["ic_s"], row["ic_s"] + 0.05, 800)
        peak = np.linalg.norm(motion.specific_force(t), axis=1).max() / 9.80665
        assert row["impact_g"] == pytest.approx(peak, rel=0.01)


def test_derivatives_are_those_of_the_position() -> None:
    """Against an independent spline through sampled positions."""
    motion = motions("walk")[Side.LEFT]
    t = np.arange(5.0, 7.0, 1e-3)
    independent = make_interp_spline(t, motion.position(t), k=5)
    inner = t[50:-50]
    np.testing.assert_allclose(independent(inner, 1), motion.velocity(inner), atol=2e-3)


def test_cadence_and_contact_are_so_much_more_than_expected() -> None:
    usual = run(Runner(stride_cv_pct=0.0), 10.0)[Side.LEFT].truth
    other = run(Runner(stride_cv_pct=0.0, cadence_pct=3.0, contact_pct=-5.0), 10.0)[Side.LEFT].truth
    for name, ratio in (("cadence_spm", 1.03), ("contact_ms", 0.95)):
        middles = [np.median(truth[name][truth["steady"]]) for truth in (usual, other)]
        assert middles[1] / middles[0] == pytest.approx(ratio, abs=0.003)
