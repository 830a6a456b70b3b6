"""Kinds of runners: each does what it says, seen in the motion and not in the plan of it."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from simulated_motions import motions
from test_simulate_motion import strapdown

from gait.model import Activity, Side, UsageError
from gait.simulate import FootMotion, Runner, Segment, Sensor, measure, simulate

G = 9.80665
STEADY = {"stride_cv_pct": 0.0}


def run(runner: Runner, seconds: float = 8.0, **segment) -> dict[Side, FootMotion]:
    moves = {"kind": "run", "speed_m_s": 3.0} | segment
    return simulate(runner, [Segment(duration_s=seconds, **moves)], seed=2)


def own_angles(motion: FootMotion, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Toe-up and eversion of the foot's own long axis, deg, read off the axes in the world."""
    up = motion.orientation(t)[:, 2, :]  # how much each axis of the foot points up
    toe_up = np.degrees(np.arcsin(up[:, 0]))
    about_x = np.degrees(np.arctan2(up[:, 1], up[:, 2]))
    return toe_up, about_x if motion.side is Side.LEFT else -about_x


def highest_toe_up(motion: FootMotion, row: np.void) -> tuple[float, float]:
    """How long before the contact after this stride, ms, and by how much, deg."""
    before = np.arange(0.0, 0.2, 5e-4)
    toe_up, _ = own_angles(motion, row["ic_s"] + row["stride_s"] - before)
    k = int(np.argmax(toe_up))
    return 1e3 * before[k], toe_up[k] - toe_up[0]


@pytest.mark.parametrize(("strike", "speed"), [(20.0, 3.0), (3.0, 3.4), (-8.0, 2.2)])
@pytest.mark.parametrize(("ready", "drop"), [(45.0, 2.0), (58.0, 5.0), (70.0, 8.0)])
def test_a_foot_is_held_ready_and_lowered(strike, speed, ready, drop) -> None:
    runner = Runner(foot_strike_deg=strike, ready_ms=ready, ready_drop_deg=drop, **STEADY)
    for motion in run(runner, 5.0, speed_m_s=speed).values():
        for row in motion.truth[-3:]:
            before_ms, by_deg = highest_toe_up(motion, row)
            assert before_ms == pytest.approx(ready, abs=2.0)
            assert by_deg == pytest.approx(drop, abs=0.3)
            assert row["strike_angle_deg"] == pytest.approx(strike, abs=0.1)
            falls = row["ic_s"] + row["stride_s"] - np.linspace(0.0, 0.9e-3 * ready, 50)
            assert np.all(np.diff(own_angles(motion, falls)[0]) > 0.0)  # all the way down


def test_usual_heel_strikers_turn_up_until_shortly_before_contact() -> None:
    for row in motions("easy_run")[Side.LEFT].truth[4:]:
        assert highest_toe_up(motions("easy_run")[Side.LEFT], row)[0] < 35.0


def test_a_foot_turned_out_below_the_knee_swings_out_of_its_own_plane() -> None:
    """The axis about which it turns in the swing, by its strongest component, lies 18° off."""
    for twist_pct, off_deg in ((0.0, 0.0), (100.0, 18.0)):
        runner = Runner(toe_out_deg=18.0, twist_pct=twist_pct, **STEADY)
        for side, motion in run(runner).items():
            row = motion.truth[-2]
            swing = np.arange(row["tc_s"] + 0.15, row["ic_s"] + row["stride_s"] - 0.05, 1e-3)
            rate = motion.angular_rate(swing)
            axis = np.linalg.svd(rate, full_matrices=False)[2][0]
            axis *= np.sign(axis[1])
            turned = np.degrees(np.arctan2(axis[0], axis[1]))  # of the foot's y, from x
            outwards = 1.0 if side is Side.LEFT else -1.0
            assert turned * outwards == pytest.approx(off_deg, abs=6.0)
            forward = motion.orientation([row["ic_s"] + 0.1])[0][:, 0]
            out = np.degrees(np.arctan2(forward[1], forward[0])) * outwards
            assert out == pytest.approx(18.0, abs=0.5)


@pytest.mark.parametrize("twist_pct", [0.0, 60.0, 100.0])
def test_strike_and_pronation_are_about_the_foots_own_axes(twist_pct: float) -> None:
    runner = Runner(
        foot_strike_deg=25.0,
        toe_out_deg=18.0,
        twist_pct=twist_pct,
        pronation_left_deg=9.0,
        pronation_right_deg=14.0,
        **STEADY,
    )
    for side, motion in run(runner).items():
        for row in motion.truth[-3:]:
            contact_s = 1e-3 * row["contact_ms"]
            t = row["ic_s"] + np.linspace(0.0, 1.0, 801) * contact_s
            toe_up, eversion = own_angles(motion, t)
            early = eversion[:481]  # 60 % of contact
            assert toe_up[0] == pytest.approx(25.0, abs=0.05)
            assert eversion[0] == pytest.approx(-7.0, abs=0.05)
            assert early.max() - early[0] == pytest.approx(runner.pronation_deg(side), abs=0.1)
            for name, seen in (
                ("strike_angle_deg", toe_up[0]),
                ("roll_at_ic_standing_deg", eversion[0]),
                ("roll_max_standing_deg", early.max()),
                ("pronation_excursion_deg", early.max() - early[0]),
                ("everted_pct", 100.0 * np.mean(eversion > 0.0)),
            ):
                assert row[name] == pytest.approx(seen, abs=0.4), name


def test_a_twisted_foot_pushes_off_over_its_inner_border() -> None:
    for twist_pct, ends in ((0.0, (-8.0, 0.0)), (100.0, (8.0, 25.0))):
        runner = Runner(toe_out_deg=18.0, twist_pct=twist_pct, **STEADY)
        for motion in run(runner, 5.0).values():
            _, eversion = own_angles(motion, motion.truth["tc_s"][-3:])
            assert np.all((ends[0] < eversion) & (eversion < ends[1]))


@pytest.mark.parametrize("name", ["toe_out", "held_ready", "sprint_start", "brisk_walk", "uphill"])
@pytest.mark.parametrize("side", list(Side))
def test_each_is_one_rigid_motion(name: str, side: Side) -> None:
    motion = motions(name)[side]
    start, end = 6.0, 7.0
    turn, speed, place = strapdown(motion, start, end, 5e-4)
    error = turn.inv() * Rotation.from_matrix(motion.orientation([end])[0])
    assert np.degrees(error.magnitude()) < 0.02
    np.testing.assert_allclose(speed, motion.velocity([end])[0], atol=0.012)
    np.testing.assert_allclose(place, motion.position([end])[0], atol=0.012)


@pytest.mark.parametrize("pct", [45.0, 60.0])
def test_the_heel_rises_when_it_is_told_to(pct: float) -> None:
    motion = run(Runner(heel_rise_pct=pct, **STEADY), 5.0)[Side.RIGHT]
    for row in motion.truth[-3:]:
        share = np.linspace(0.3, 1.0, 701)
        toe_up, _ = own_angles(motion, row["ic_s"] + 1e-3 * row["contact_ms"] * share)
        rises = share[np.argmax(toe_up < -1.0)]
        assert pct / 100.0 < rises < pct / 100.0 + 0.12


def test_a_heel_that_stays_up_never_comes_near_the_ground() -> None:
    runner = Runner(foot_strike_deg=-9.0, heel_up_deg=6.0, **STEADY)
    motion = run(runner, 5.0, speed_m_s=4.0)[Side.LEFT]
    row = motion.truth[-2]
    t = row["ic_s"] + 1e-3 * row["contact_ms"] * np.linspace(0.0, 1.0, 400)
    toe_up, _ = own_angles(motion, t)
    assert toe_up.max() == pytest.approx(-6.0, abs=0.3)
    heel_striker = run(Runner(heel_up_deg=6.0, **STEADY), 5.0)[Side.LEFT]
    flat = heel_striker.truth["ic_s"][-3:] + 0.39e-3 * heel_striker.truth["contact_ms"][-3:]
    assert np.abs(own_angles(heel_striker, flat)[0]).max() < 0.5  # has no use for it


def test_soft_shoes_spread_what_hard_ones_concentrate() -> None:
    peak, later_ms = {}, {}
    for cushion in (0.5, 1.0, 1.7):
        motion = run(Runner(cushion=cushion, resonance_hz=90.0, **STEADY), 5.0)[Side.LEFT]
        ic = motion.truth["ic_s"][-2]
        t = ic + np.arange(0.0, 0.05, 2e-4)
        up = motion.specific_force(t)[:, 2]
        peak[cushion], later_ms[cushion] = up.max(), 1e3 * (t[np.argmax(up)] - ic)
        assert motion.sole_height(np.arange(3.0, 8.0, 1e-3)).min() > -0.018
    assert peak[0.5] > 1.4 * peak[1.0] > 1.4 * 1.2 * peak[1.7]
    assert later_ms[0.5] < later_ms[1.0] < later_ms[1.7]


def test_a_shoe_that_rings_long_does_not_stop_ringing_at_once() -> None:
    """Where the ring would be cut off its end would be felt as a jolt in the air."""
    runner = Runner(resonance_hz=18.0, resonance_damping=0.06, impact_severity=1.5, **STEADY)
    motion = run(runner, 5.0)[Side.LEFT]
    for row in motion.truth[-3:]:
        t = row["ic_s"] + np.arange(0.28, 0.34, 5e-4)
        felt = np.linalg.norm(motion.specific_force(t), axis=1)
        assert np.abs(np.diff(felt)).max() < 0.15 * G


def test_a_brisk_walk_has_the_rhythm_of_a_run_and_a_foot_on_the_ground() -> None:
    for motion in motions("brisk_walk").values():
        truth = motion.truth[2:]
        assert np.all(truth["activity"] == Activity.WALK)
        assert np.all((truth["cadence_spm"] > 147.0) & (truth["cadence_spm"] < 161.0))
        duty = 1e-3 * truth["contact_ms"] / truth["stride_s"]
        assert 0.52 < duty.mean() < 0.55
        assert truth["flight_ms"].max() < 0.0
        assert truth["strike_angle_deg"].mean() == pytest.approx(33.0, abs=2.0)
        assert truth["speed_m_s"][truth["steady"]].mean() == pytest.approx(2.4, abs=0.05)
        middle = truth["ic_s"] + 0.35e-3 * truth["contact_ms"]
        assert np.linalg.norm(motion.velocity(middle), axis=1).max() < 0.1


def test_who_walks_briskly_stops_without_a_running_step() -> None:
    segments = [
        Segment(kind="walk", duration_s=5.0, speed_m_s=2.4),
        Segment(kind="stop", duration_s=4.0),
    ]
    motion = simulate(Runner(), segments, seed=1)[Side.LEFT]
    assert np.all(motion.truth["activity"] == Activity.WALK)
    faster = [Segment(kind="run", duration_s=5.0, speed_m_s=3.0), *segments]
    kinds = simulate(Runner(), faster, seed=1)[Side.LEFT].truth["activity"]
    assert list(kinds) == sorted(kinds, key=lambda kind: kind != Activity.RUN)


def test_a_sprint_start_is_quick_at_once_and_fast_later() -> None:
    for motion in motions("sprint_start").values():
        truth = motion.truth
        assert np.all(truth["activity"] == Activity.RUN)
        assert truth["cadence_spm"].min() > 220.0
        assert truth["speed_m_s"][0] < 4.5
        assert np.all(np.diff(truth["speed_m_s"][:6]) > 0.1)
        assert truth["speed_m_s"][-1] == pytest.approx(8.5, abs=0.1)
        assert truth["contact_ms"][0] > 140.0
        assert truth["contact_ms"][-5:].mean() < 120.0
        assert truth["strike_angle_deg"][0] < truth["strike_angle_deg"][-3:].mean()
        assert not truth["steady"][:6].any()


@pytest.mark.parametrize(("name", "slope"), [("uphill", 0.10), ("downhill", -0.10)])
def test_on_a_slope_feet_rise_as_it_does_and_meet_it(name: str, slope: float) -> None:
    """The ground is a plane; the sole, its surface sampled point by point, touches it."""
    directions = np.random.default_rng(1).normal(size=(20_000, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    for motion in motions(name).values():
        truth = motion.truth[2:]
        flat = truth["ic_s"] + 0.38e-3 * truth["contact_ms"]
        rests = motion.position(flat)
        np.testing.assert_allclose(np.diff(rests[:, 2]), slope * np.diff(rests[:, 0]), atol=4e-3)
        surface = motion.sole.contact(directions)
        for event in ("ic_s", "tc_s"):
            axes, place = motion.orientation(truth[event]), motion.position(truth[event])
            points = place[:, None, :] + surface @ np.swapaxes(axes, 1, 2)
            above = (points[..., 2] - slope * points[..., 0]).min(axis=1)
            np.testing.assert_allclose(above, 0.0, atol=2.5e-3)
        way = np.linalg.norm(np.diff(rests, axis=0), axis=1)
        follows = truth["stride_length_m"][:-1]
        np.testing.assert_allclose(way, follows, rtol=0.03)
        toe_up, _ = own_angles(motion, flat)
        assert np.abs(toe_up - np.degrees(np.arctan(slope))).max() < 1.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"ready_ms": 200.0},
        {"ready_drop_deg": 0.0},
        {"heel_rise_pct": 20.0},
        {"cushion": 0.0},
        {"twist_pct": 130.0},
        {"walk_duty_pct": 40.0},
    ],
)
def test_what_no_foot_does_is_refused(wrong) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Runner(**wrong)


def test_a_sprint_is_fast() -> None:
    with pytest.raises(UsageError, match="sprint"):
        Segment(kind="sprint", duration_s=5.0, speed_m_s=3.0)


def test_a_hard_shoe_clips_a_small_sensor_and_a_soft_one_does_not() -> None:
    clipped = {}
    for name in ("soft_shoes", "hard_shoes"):
        sensor = Sensor(acc_range_g=8.0, bits=None)
        samples = measure(motions(name)[Side.LEFT], sensor, seed=1)
        clipped[name] = int(np.sum(np.abs(samples.acc) > 7.99 * G))
    assert clipped["hard_shoes"] > 30
    assert clipped["soft_shoes"] == 0
