"""The motion is one rigid motion: what the ideal sensor feels integrates back to it."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from simulated_motions import motions, slope_of

from gait.model import Activity, Side, UsageError
from gait.simulate import PRESETS, FootMotion, Runner, Segment, preset, simulate

G = 9.80665
NAMES = sorted(PRESETS)


def strapdown(motion: FootMotion, start_s: float, end_s: float, dt: float):
    """Attitude and path by naive integration: exact turns at mid-steps, Simpson for velocity."""
    n = round((end_s - start_s) / dt)
    fine = start_s + 0.5 * dt * np.arange(2 * n + 1)
    force, rate = motion.ideal_imu(fine)
    turn = Rotation.from_matrix(motion.orientation(fine[:1])[0])
    attitudes = [turn]
    for k in range(2 * n):
        turn = turn * Rotation.from_rotvec(0.5 * (rate[k] + rate[k + 1]) * 0.5 * dt)
        attitudes.append(turn)
    acc = Rotation.concatenate(attitudes).apply(force) - (0.0, 0.0, G)
    speed, place = motion.velocity(fine[:1])[0], motion.position(fine[:1])[0]
    for k in range(n):
        a0, a1, a2 = acc[2 * k : 2 * k + 3]
        place = place + dt * speed + dt**2 / 6.0 * (a0 + 2.0 * a1)
        speed = speed + dt / 6.0 * (a0 + 4.0 * a1 + a2)
    return turn, speed, place


@pytest.mark.parametrize("name", ["easy_run", "sprint", "walk"])
@pytest.mark.parametrize("side", list(Side))
def test_integrating_the_ideal_sensor_gives_the_motion_back(name: str, side: Side) -> None:
    motion = motions(name)[side]
    start, end = 6.0, 7.6  # two strides or more
    turn, speed, place = strapdown(motion, start, end, 5e-4)
    error = turn.inv() * Rotation.from_matrix(motion.orientation([end])[0])
    assert np.degrees(error.magnitude()) < 0.02
    np.testing.assert_allclose(speed, motion.velocity([end])[0], atol=0.01)
    np.testing.assert_allclose(place, motion.position([end])[0], atol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_velocity_and_rates_have_no_jumps(name: str) -> None:
    """C²: halving the step halves the largest change of specific force between samples."""
    motion = motions(name)[Side.LEFT]
    contact = motion.truth["ic_s"][2]
    for t in (contact, motion.truth["tc_s"][2]):
        jumps = []
        for dt in (4e-4, 1e-4):
            force, rate = motion.ideal_imu(t + dt * np.arange(-2, 3))
            jumps.append(
                [np.abs(np.diff(force, axis=0)).max(), np.abs(np.diff(rate, axis=0)).max()]
            )
        assert np.all(np.array(jumps[1]) < 0.45 * np.array(jumps[0]))


def test_standing_reads_plus_g_upwards_and_does_not_turn() -> None:
    for motion in motions("easy_run").values():
        force, rate = motion.ideal_imu(np.linspace(0.1, 2.5, 200))
        np.testing.assert_allclose(force, np.broadcast_to([0.0, 0.0, G], force.shape), atol=1e-3)
        assert np.abs(rate).max() < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_the_sole_stays_above_the_ground(name: str) -> None:
    """Beyond the few millimetres that a midsole and a heel pad give way."""
    for motion in motions(name).values():
        starts = 0.0 if slope_of(name) == 0.0 else motion.truth["ic_s"][0]  # they stand level
        always = np.arange(starts, motion.duration_s, 1e-3)
        height = motion.sole_height(always, slope_of(name))
        assert height.min() > -0.014
        inside = motion.truth["tc_s"] + 0.5 * (
            motion.truth["ic_s"] + motion.truth["stride_s"] - motion.truth["tc_s"]
        )
        assert np.all(motion.sole_height(inside, slope_of(name)) > 0.008)


@pytest.mark.parametrize("name", NAMES)
def test_contacts_are_where_the_sole_meets_and_leaves_the_ground(name: str) -> None:
    slope = slope_of(name)
    for motion in motions(name).values():
        for event in ("ic_s", "tc_s"):
            height = motion.sole_height(motion.truth[event], slope)
            # under a foot that points outwards, the ground slopes along the foot
            np.testing.assert_allclose(height, 0.0, atol=1e-3 if slope == 0.0 else 2e-3)
        before = motion.sole_height(motion.truth["ic_s"] - 0.01, slope)
        after = motion.sole_height(motion.truth["tc_s"] + 0.012, slope)
        assert np.all(before > 5e-4)
        assert np.all(after > 5e-4)


@pytest.mark.parametrize("name", ["easy_run", "midfoot", "walk", "pronation_left"])
def test_the_foot_does_not_slip_in_mid_stance(name: str) -> None:
    """The material point that touches the ground is still, though the foot rolls over it."""
    for motion in motions(name).values():
        truth = motion.truth
        t = truth["ic_s"] + 0.5e-3 * truth["contact_ms"]
        attitude = motion.orientation(t)
        arm = motion.sole.contact(-attitude[:, 2, :])  # foot frame, sensor to lowest point
        turning = np.cross(motion.angular_rate(t), arm)
        speed = motion.velocity(t) + np.einsum("nij,nj->ni", attitude, turning)
        assert np.linalg.norm(speed[:, :2], axis=1).max() < 0.02
        assert np.abs(motion.pitch_deg(t)).max() < 6.0


def test_signs_of_the_foot_frame() -> None:
    """x forward, toe-up about −y, eversion about +x on the left foot and about −x on the right."""
    for side, motion in motions("easy_run").items():
        row = motion.truth[4]
        assert motion.velocity([row["tc_s"] + 0.2])[0, 0] > 3.0
        landing = row["ic_s"] + np.linspace(0.01, 0.03, 20)
        assert np.all(motion.angular_rate(landing)[:, 1] > 0.0)  # the foot slaps down
        evert = motion.angular_rate(landing)[:, 0] * (1.0 if side is Side.LEFT else -1.0)
        assert evert.mean() > np.radians(100.0)
        assert motion.eversion_deg([row["ic_s"]])[0] < motion.eversion_deg([row["ic_s"] + 0.1])[0]


@pytest.mark.parametrize(
    ("name", "swing", "push", "eversion"),
    [
        ("easy_run", (400, 900), (400, 900), (150, 800)),
        ("midfoot", (400, 1000), (400, 900), (150, 800)),
        ("walk", (300, 600), (350, 700), (60, 400)),
    ],
)
def test_sizes_are_those_of_real_feet(name, swing, push, eversion) -> None:
    """Ranges of foot-worn sensors and motion capture in the literature, degrees per second."""
    motion = motions(name)[Side.RIGHT]
    steady = motion.truth[motion.truth["steady"]]
    for row in steady:
        t = row["ic_s"] + np.arange(0.0, row["stride_s"], 1e-3)
        toe_up = -np.degrees(motion.angular_rate(t)[:, 1])
        late = t > row["ic_s"] + 0.5e-3 * row["contact_ms"]
        assert swing[0] < toe_up.max() < swing[1]
        assert push[0] < -toe_up[late].min() < push[1]
    assert eversion[0] < steady["pronation_velocity_deg_s"].mean() < eversion[1]
    low, high = (4.0, 15.0) if name != "walk" else (1.5, 10.0)
    assert low < steady["impact_g"].mean() < high


def test_a_rearfoot_contact_is_sharper_than_a_forefoot_contact() -> None:
    shock = {}
    for angle in (18.0, -6.0):
        segments = [Segment(kind="run", duration_s=8.0, speed_m_s=3.3)]
        motion = simulate(Runner(foot_strike_deg=angle), segments, seed=1)[Side.LEFT]
        t = motion.truth["ic_s"][-4:, None] + np.arange(0.0, 0.04, 5e-4)
        force = motion.specific_force(t.ravel()).reshape(*t.shape, 3)
        shock[angle] = np.abs(np.diff(force[..., 2], axis=1)).max()
    assert shock[18.0] > 1.5 * shock[-6.0]


def test_the_same_seed_gives_the_same_motion_and_another_seed_another() -> None:
    scenario = preset("easy_run", 8.0)
    one, same, other = (
        simulate(scenario.runner, scenario.segments, seed=seed)[Side.LEFT] for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one.curve.c, same.curve.c)
    assert np.abs(one.truth["ic_s"][5] - other.truth["ic_s"][5]) > 1e-4


def test_walking_stopping_slope_and_turn() -> None:
    segments = [
        Segment(kind="walk", duration_s=8.0, speed_m_s=1.3),
        Segment(kind="run", duration_s=12.0, speed_m_s=3.0, slope=0.05, turn_deg=90.0),
        Segment(kind="stop", duration_s=5.0),
    ]
    for motion in simulate(Runner(), segments, seed=2).values():
        assert {int(a) for a in motion.truth["activity"]} == {Activity.WALK, Activity.RUN}
        end = np.array([motion.duration_s - 0.5])
        force, rate = motion.ideal_imu(end)
        assert np.abs(rate).max() < 1e-3
        assert np.linalg.norm(force[0]) == pytest.approx(G, abs=1e-2)
        assert motion.position(end)[0, 2] > 1.0  # 12 s at 3 m/s up 5 % is about 1.8 m
        forward = motion.orientation(end)[0][:, 0]
        assert np.degrees(np.arctan2(forward[1], forward[0])) == pytest.approx(90.0, abs=15.0)


def test_wrong_wishes_are_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match="between"):
        Runner(height_m=9.0)
    with pytest.raises(UsageError, match="speed"):
        Segment(kind="run", duration_s=5.0, speed_m_s=40.0)
    with pytest.raises(UsageError, match="at least one segment"):
        simulate(Runner(), [], seed=1)
    with pytest.raises(UsageError, match="easy_run"):
        preset("swim")
