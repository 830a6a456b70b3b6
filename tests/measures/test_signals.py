"""Facts of a sensor from its samples: against recomputations, in blocks of any size."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gait.measures.signals import LOOK_EVERY_SPANS, LOOKED_SPANS, Signals
from gait.model import Samples
from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.simulate import disturbance as life

RATE_HZ = 200.0


@pytest.fixture(scope="module")
def running() -> Samples:
    segments = [
        Segment(kind="stand", duration_s=3.0),
        Segment(kind="run", duration_s=30.0, speed_m_s=3.0),
    ]
    motion = next(iter(simulate(Runner(), segments, seed=2).values()))
    return measure(motion, Sensor(rate_hz=RATE_HZ, mounting=(0.4, -1.1, 0.7)), seed=2)


def facts(samples: Samples, block: int | None = None, *, with_gyroscope: bool = True) -> Signals:
    signals = Signals(RATE_HZ, with_gyroscope=with_gyroscope)
    for start in range(0, len(samples), block or len(samples)):
        signals.push(samples[start : start + (block or len(samples))])
    return signals


@pytest.mark.parametrize("block", [1, 7, 20, 4096])
def test_blocks_of_any_size_give_the_same_facts(running: Samples, block: int) -> None:
    whole, parts = facts(running), facts(running, block)
    assert parts.digest == whole.digest
    assert parts.moving_share == whole.moving_share
    assert parts.mean_acc_g == whole.mean_acc_g
    assert (parts._facts == whole._facts).all()


def test_the_digest_tells_recordings_from_each_other(running: Samples) -> None:
    assert facts(running).digest == facts(life.shift_clock(running, 1e9)).digest
    other = Samples(running.time_s, running.acc.copy(), running.gyr)
    other.acc[10, 0] += 1e-6
    assert facts(other).digest != facts(running).digest
    assert facts(running[:-1]).digest != facts(running).digest


def test_the_foot_moves_while_it_runs(running: Samples) -> None:
    assert facts(running).moving_share == pytest.approx(30.0 / 33.0, abs=0.1)
    assert facts(running[: int(2.5 * RATE_HZ)]).moving_share == 0.0


def test_the_mean_force_is_that_of_the_samples_that_were_looked_at(running: Samples) -> None:
    second = (np.arange(len(running)) // RATE_HZ).astype(int)
    looked = second % LOOK_EVERY_SPANS < LOOKED_SPANS
    expected = running.acc[looked].mean(axis=0) / STANDARD_GRAVITY_M_S2
    np.testing.assert_allclose(facts(running).mean_acc_g, expected)


@pytest.mark.parametrize("column", range(6))
def test_a_stuck_axis_is_known_with_and_without_noise(running: Samples, column: int) -> None:
    assert facts(running).stuck_axes == []
    noise = np.random.default_rng(1).normal(0.0, 0.01, len(running))
    for stuck in (np.full(len(running), 0.2), 0.2 + noise):
        acc, gyr = running.acc.copy(), running.gyr.copy()
        (acc if column < 3 else gyr)[:, column % 3] = stuck
        name = f"{'accelerometer' if column < 3 else 'gyroscope'} {'xyz'[column % 3]}"
        assert facts(Samples(running.time_s, acc, gyr)).stuck_axes == [name]


def test_wild_values_and_gaps_are_no_facts(running: Samples) -> None:
    rng = np.random.default_rng(3)
    for worse in (
        life.spoil_values(running, 0.02, rng),
        life.blank_values(running, 0.02, rng),
        life.lose_packets(running, 0.1, rng),
        life.zero_start(running, 2.0),
    ):
        found = facts(worse)
        assert found.stuck_axes == []
        assert not found.turns_the_other_way
        assert found.held_share < 0.1


@pytest.mark.parametrize("times", [2, 3])
def test_held_values_are_counted(running: Samples, times: int) -> None:
    assert facts(running).held_share == 0.0
    held = facts(life.hold_values(running, times)).held_share
    assert held == pytest.approx(1.0 - 1.0 / times, abs=0.03)
    assert facts(life.hold_gyroscope(running, times)).held_share == 0.0


def mean_force_g(samples: Samples, sign: float) -> float:
    """The force turned along with the gyroscope, in the mean, by another library."""
    turn = Rotation.identity()
    total = np.zeros(3)
    for rate, force in zip(samples.gyr, samples.acc, strict=True):
        turn = turn * Rotation.from_rotvec(sign * rate / RATE_HZ)
        total += turn.apply(force)
    return float(np.linalg.norm(total)) / len(samples) / STANDARD_GRAVITY_M_S2


def test_the_hand_of_the_axes_shows_in_the_mean_force(running: Samples) -> None:
    stretch = running[int(8 * RATE_HZ) : int(10 * RATE_HZ)]
    plain, turned = mean_force_g(stretch, 1.0), mean_force_g(stretch, -1.0)
    assert abs(plain - 1.0) < 0.15
    assert turned > 1.3
    assert not facts(running).turns_the_other_way
    assert facts(life.flip_gyr(running)).turns_the_other_way
    for axis in range(3):
        assert facts(life.mirror_axis(running, axis)).turns_the_other_way
    assert not facts(life.flip_acc(running)).turns_the_other_way
    assert not facts(running, with_gyroscope=False).turns_the_other_way


def test_a_gyroscope_of_another_scale_or_order_does_not_fit(running: Samples) -> None:
    assert not facts(running).far_off
    for gyr in (0.5 * running.gyr, 2.0 * running.gyr):
        other = facts(Samples(running.time_s, running.acc, gyr))
        assert other.far_off or other.turns_the_other_way
    assert not facts(life.lose_single(running, 0.03, np.random.default_rng(1))).far_off
    dead = facts(Samples(running.time_s, running.acc, np.full_like(running.gyr, np.nan)))
    assert not dead.far_off
    assert not dead.turns_the_other_way
