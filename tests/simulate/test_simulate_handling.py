"""Handling, turns of the sensor and stairs: exact motion, truth untouched."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from test_simulate_motion import strapdown

from gait.model import Activity, Side, UsageError
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.simulate.handling import CARRY, LACE, SHAKE, handled, turned

RUN_STAND_RUN = (
    Segment(kind="run", duration_s=5.0, speed_m_s=3.0),
    Segment(kind="stop", duration_s=8.0),
    Segment(kind="run", duration_s=3.0, speed_m_s=3.0),
)
START, END = 11.5, 14.5  # the foot stands from about 11 to 16 s


@pytest.fixture(scope="module")
def motion():
    return simulate(Runner(), RUN_STAND_RUN, seed=1)[Side.LEFT]


@pytest.mark.parametrize("handling", [LACE, SHAKE, CARRY])
def test_a_handled_foot_is_one_rigid_motion(motion, handling) -> None:
    moved = handled(motion, handling, START, END, seed=4)
    turn, speed, place = strapdown(moved, START - 0.1, END - 1.0, 5e-4)
    error = turn.inv() * Rotation.from_matrix(moved.orientation([END - 1.0])[0])
    assert np.degrees(error.magnitude()) < 0.05
    np.testing.assert_allclose(speed, moved.velocity([END - 1.0])[0], atol=0.01)
    np.testing.assert_allclose(place, moved.position([END - 1.0])[0], atol=0.02)


def test_handling_leaves_the_rest_alone(motion) -> None:
    moved = handled(motion, SHAKE, START, END, seed=4)
    outside = np.concatenate([np.arange(0.0, START, 0.01), np.arange(END, 16.0, 0.01)])
    for before, after in zip(motion.ideal_imu(outside), moved.ideal_imu(outside), strict=True):
        np.testing.assert_allclose(after, before, atol=1e-3)
    assert np.degrees(moved.angular_rate(np.arange(START, END, 0.01))).std() > 100.0
    np.testing.assert_array_equal(moved.truth, motion.truth)


@pytest.mark.parametrize(("start", "end"), [(5.0, 9.0), (12.0, 12.4), (15.0, 40.0)])
def test_only_a_standing_foot_can_be_handled(motion, start: float, end: float) -> None:
    with pytest.raises(UsageError):
        handled(motion, LACE, start, end, seed=4)


def test_a_turned_sensor_reads_like_one_mounted_so(motion) -> None:
    by = (0.3, -1.0, 2.0)
    loose = measure(turned(motion, 6.0, 6.3, by), Sensor(), seed=2)
    fixed = measure(motion, Sensor(mounting=by), seed=2)
    plain = measure(motion, Sensor(), seed=2)
    late, early = loose.time_s > 6.35, loose.time_s < 5.95
    # the same noise falls on other values, so the digits differ by a step
    np.testing.assert_allclose(loose.acc[late], fixed.acc[late], atol=0.01)
    np.testing.assert_allclose(loose.gyr[late], fixed.gyr[late], atol=0.003)
    np.testing.assert_allclose(loose.acc[early], plain.acc[early], atol=0.01)


def test_while_the_sensor_turns_its_rate_is_that_of_the_turn(motion) -> None:
    """Integrated naively, the sensor's own rates give its attitude in the world at the end."""
    by = np.array([0.5, 1.5, -0.8])
    loose = turned(motion, 12.0, 12.5, tuple(by))
    dt = 1e-3
    _, rate = loose.ideal_imu(np.arange(11.9, 12.6, dt) + 0.5 * dt)
    attitude = Rotation.from_matrix(motion.orientation([11.9])[0])
    for r in rate:
        attitude = attitude * Rotation.from_rotvec(r * dt)
    true = Rotation.from_matrix(motion.orientation([12.6])[0]) * Rotation.from_rotvec(by).inv()
    assert np.degrees((attitude.inv() * true).magnitude()) < 0.1


@pytest.mark.parametrize("rise", [0.17, -0.17])
def test_each_stair_rises_as_it_says(rise: float) -> None:
    segments = [
        Segment(kind="walk", duration_s=4.0, speed_m_s=1.2),
        Segment(kind="stairs", duration_s=8.0, speed_m_s=0.55, rise_m=rise),
    ]
    motion = simulate(Runner(), segments, seed=1)[Side.LEFT]
    stairs = motion.truth[-4:]
    middle = stairs["ic_s"] + 0.25 * stairs["stride_s"]
    climbed = np.diff(motion.position(middle)[:, 2])
    np.testing.assert_allclose(climbed, 2.0 * rise, atol=0.002)
    assert (stairs["activity"] == Activity.WALK).all()
    assert stairs["stride_length_m"] == pytest.approx(np.hypot(2 * 0.29, 2 * rise), rel=0.08)


@pytest.mark.parametrize("wrong", [{"kind": "walk", "rise_m": 0.17}, {"rise_m": 0.5}])
def test_only_stairs_rise_and_not_too_much(wrong) -> None:
    with pytest.raises(UsageError):
        Segment(**{"kind": "stairs", "duration_s": 5.0, "speed_m_s": 0.5} | wrong)
