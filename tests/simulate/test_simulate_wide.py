"""Runners drawn wide: possible feet, each with a truth that its own motion bears out."""

from functools import cache

import numpy as np
import pytest
from test_simulate_kinds import highest_toe_up, own_angles
from test_simulate_motion import strapdown
from test_simulate_real_feet import DATA, needs_data

from gait.model import Activity, Side
from gait.simulate import FootMotion, Scenario, simulate, wide_scenario

SECONDS = 5.0
SEEDS = range(12)


@cache
def drawn(seed: int) -> tuple[Scenario, dict[Side, FootMotion]]:
    scenario = wide_scenario(seed, SECONDS)
    return scenario, simulate(scenario.runner, scenario.segments, seed=seed)


@cache
def heel_striker(seed: int) -> FootMotion:
    scenario = wide_scenario(seed, 4.0, "heel")
    return simulate(scenario.runner, scenario.segments, seed=seed)[Side.LEFT]


@pytest.mark.parametrize("seed", SEEDS)
def test_contact_is_where_the_sole_meets_the_ground_and_nowhere_else(seed: int) -> None:
    scenario, feet = drawn(seed)
    slope = scenario.segments[-1].slope
    for motion in feet.values():
        truth = motion.truth[1:]
        for event in ("ic_s", "tc_s"):
            np.testing.assert_allclose(motion.sole_height(truth[event], slope), 0.0, atol=2.5e-3)
        assert np.all(motion.sole_height(truth["ic_s"] - 0.01, slope) > 5e-4)
        assert np.all(motion.sole_height(truth["tc_s"] + 0.012, slope) > 5e-4)
        always = motion.sole_height(np.arange(3.0, motion.duration_s, 1e-3), slope)
        assert always.min() > -0.018  # a soft midsole gives way so much
        share = np.linspace(0.1, 0.9, 60)[:, None]
        leaves, lands = truth["tc_s"], truth["ic_s"] + truth["stride_s"]
        swing = leaves + share * (lands - leaves)
        assert motion.sole_height(swing.ravel(), slope).min() > 2e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_felt_integrates_to_the_way(seed: int) -> None:
    _, feet = drawn(seed)
    for motion in feet.values():
        start = float(motion.truth["ic_s"][1]) - 0.1
        end = start + 0.5
        _, speed, place = strapdown(motion, start, end, 5e-4)
        np.testing.assert_allclose(speed, motion.velocity([end])[0], atol=0.03)
        np.testing.assert_allclose(place, motion.position([end])[0], atol=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_is_what_the_axes_of_the_foot_do(seed: int) -> None:
    scenario, feet = drawn(seed)
    ground = np.degrees(np.arctan(scenario.segments[-1].slope))
    for motion in feet.values():
        for row in motion.truth[1:]:
            contact_s = 1e-3 * row["contact_ms"]
            toe_up, eversion = own_angles(
                motion, row["ic_s"] + np.linspace(0.0, 0.6, 601) * contact_s
            )
            assert row["strike_angle_deg"] == pytest.approx(toe_up[0] - ground, abs=0.7)
            excursion = eversion.max() - eversion[0]
            assert row["pronation_excursion_deg"] == pytest.approx(excursion, abs=1.5)
        assert np.all(np.diff(motion.truth["ic_s"]) > 0.3)


@pytest.mark.parametrize("seed", SEEDS)
def test_walking_feet_share_the_ground_and_running_ones_do_not(seed: int) -> None:
    scenario, feet = drawn(seed)
    for motion in feet.values():
        duty = 1e-3 * motion.truth["contact_ms"] / motion.truth["stride_s"]
        if scenario.segments[-1].kind == "walk":
            assert duty.min() > 0.5
            assert np.all(motion.truth["activity"] == Activity.WALK)
        else:
            assert duty.max() < 0.5


def test_the_same_seed_is_the_same_runner_and_another_one_another() -> None:
    assert wide_scenario(3) == wide_scenario(3)
    assert wide_scenario(3).runner != wide_scenario(4).runner


@pytest.mark.parametrize("who", ["heel", "flat", "forefoot", "walk", "sprint"])
def test_one_can_ask_for_a_kind(who) -> None:
    for seed in range(20):
        scenario = wide_scenario(seed, who=who)
        strike = scenario.runner.foot_strike_deg
        kinds = {"walk": "walk", "sprint": "sprint"}
        assert scenario.segments[-1].kind == kinds.get(who, "run")
        assert {
            "heel": strike >= 8.0,
            "flat": -1.6 <= strike <= 8.0,
            "forefoot": strike <= -1.6,
            "sprint": strike <= -1.6,
            "walk": scenario.runner.walk_duty_pct is not None,
        }[who]


def test_all_kinds_are_drawn_and_half_of_the_runners_hold_their_feet_ready() -> None:
    scenarios = [wide_scenario(seed) for seed in range(300)]
    kinds = [scenario.segments[-1].kind for scenario in scenarios]
    assert 30 < kinds.count("walk") < 75
    assert 10 < kinds.count("sprint") < 45
    runs = [s for s in scenarios if s.segments[-1].kind != "walk"]
    assert 0.4 < np.mean([s.runner.ready_ms > 0.0 for s in runs]) < 0.6
    slow = [s for s in runs if s.segments[-1].speed_m_s < 2.5]
    assert {"heel" if s.runner.foot_strike_deg > 8.0 else "other" for s in slow} == {
        "heel",
        "other",
    }
    assert max(s.runner.toe_out_deg * s.runner.twist_pct for s in scenarios) > 1400.0


@needs_data
@pytest.mark.parametrize(
    ("name", "speed"),
    [
        ("runnerA_3mps_left", 3.0),
        ("runnerA_5mps_right", 5.0),
        ("runnerB_2mps_left", 2.0),
        ("runnerB_2mps_right", 2.0),
    ],
)
def test_real_feet_lie_among_those_drawn(name: str, speed: float) -> None:
    """What a gyroscope sees of a real heel striker is neither below nor above all that are drawn
    and run about as fast."""
    table = np.loadtxt(DATA / f"{name}.csv.gz", delimiter=",", skiprows=1)
    rows = np.genfromtxt(DATA / f"{name}.truth.csv", delimiter=",", names=True)
    toe_up_rate = -np.degrees(table[:, 5] - table[table[:, 0] < 3.0, 5].mean())
    real = np.median(
        [
            _rates(table[:, 0], toe_up_rate, a, b, c)
            for a, b, c in zip(
                rows["ic_s"][2:-1], rows["tc_s"][2:-1], rows["ic_s"][3:], strict=True
            )
        ],
        axis=0,
    )
    seen = []
    alike = [
        seed
        for seed in range(100, 300)
        if abs(wide_scenario(seed, who="heel").segments[-1].speed_m_s - speed) < 0.5
    ]
    for seed in alike[:20]:
        motion = heel_striker(seed)
        row = motion.truth[-2]
        t = np.arange(row["ic_s"] - 0.2, row["ic_s"] + row["stride_s"] + 0.1, 2.5e-3)
        rate = -np.degrees(motion.angular_rate(t)[:, 1])
        seen.append(_rates(t, rate, row["ic_s"], row["tc_s"], row["ic_s"] + row["stride_s"]))
    low, high = np.min(seen, axis=0), np.max(seen, axis=0)
    assert np.all(low < real), (low, real)
    assert np.all(real < high), (real, high)


def _rates(t: np.ndarray, rate: np.ndarray, ic: float, tc: float, again: float) -> tuple:
    """Toes fall, push off and swing forward at most, °/s; contact as a share of the stride."""
    landing = rate[(t >= ic - 0.02) & (t < ic + 0.08)]
    leaving = rate[(t >= ic + 0.5 * (tc - ic)) & (t < tc + 0.03)]
    swing = rate[(t >= tc) & (t < again)]
    return -landing.min(), -leaving.min(), swing.max(), (tc - ic) / (again - ic)


def test_the_time_from_the_highest_toe_up_to_contact_reaches_from_none_to_long() -> None:
    """Real feet were seen to take 2 to 50 ms, and to fall by 0 to 7° meanwhile."""
    before, by = [], []
    for seed in (*SEEDS, *range(100, 112)):
        scenario, feet = drawn(seed)
        if scenario.segments[-1].kind == "run":
            motion = feet[Side.RIGHT]
            ms, deg = np.median([highest_toe_up(motion, row) for row in motion.truth[2:]], axis=0)
            before.append(ms)
            by.append(deg)
    assert min(before) < 15.0
    assert max(before) > 60.0
    assert min(by) < 1.0
    assert max(by) > 8.0
