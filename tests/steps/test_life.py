"""Any stretch of life is handled, marked, and over a few strides later the run is found again.

Standing, a lace, a shake, a sensor taken off and put on another way round, a slip, stairs, a
turn, a red light, a drop-out: simulated with exact truth, in several runners and mountings.
"""

import numpy as np
import pytest
from lives import (
    RUNNERS,
    Life,
    lived,
    moved,
    run,
    stop,
    valid_runs,
    walk,
    without,
    worn,
)
from scipy.spatial.transform import Rotation

from gait.model import Activity, QualityFlag, Samples
from gait.simulate import FootMotion, Segment
from gait.simulate.handling import CARRY, LACE, SHAKE, handled, turned
from gait.steps.gap_filling import FILL_S

HANDLINGS = {"lace": LACE, "shake": SHAKE, "carry": CARRY}
STOPS_S, HANDLED_S, LET_GO_S, RUNS_S = 15.0, 20.0, 28.0, 30.0
RUNS_BEFORE_S = 9.0  # by then the first run is steady
WAYS_ROUND = {"heel to toe": (0.0, 0.0, 180.0), "aside": (0.0, 0.0, 90.0), "on edge": (90, 30, 0)}
SLIP_S = 18.0

every_runner = pytest.mark.parametrize("runner", RUNNERS, ids=lambda r: f"{r[0]:g}deg-{r[1]:g}mps")


def run_stand_run(runner) -> FootMotion:
    """Stands from about 18 s to 31 s."""
    strike, speed = runner
    return moved(strike, run(STOPS_S - 3.0, speed), stop(RUNS_S - STOPS_S), run(14.0, speed))


def handled_between(runner, kind: str, seed: int) -> Life:
    motion = handled(run_stand_run(runner), HANDLINGS[kind], HANDLED_S, LET_GO_S, seed=seed)
    return lived(motion, worn(motion, seed))


def found_again(life: Life, before_s: float, after_s: float) -> None:
    """All strides up to a disturbance and from the fourth after it, and what they measure."""
    early = life.truth[(life.truth["ic_s"] > RUNS_BEFORE_S) & (life.truth["ic_s"] < before_s)]
    assert np.abs(life.of(early)["ic_s"] - early["ic_s"]).max() < 0.1
    assert life.missed_after(after_s) == 0
    assert life.bent_after(after_s) == []


@every_runner
@pytest.mark.parametrize("kind", HANDLINGS)
def test_a_shoe_that_is_handled_does_not_run(runner, kind: str) -> None:
    for seed in (1, 2):
        life = handled_between(runner, kind, seed)
        meanwhile = life.between(HANDLED_S, LET_GO_S)
        assert valid_runs(meanwhile) == 0
        assert meanwhile["valid"].sum() <= 1
        found_again(life, STOPS_S - 1.0, RUNS_S)


@every_runner
@pytest.mark.parametrize("kind", HANDLINGS)
def test_a_shoe_that_is_handled_before_the_first_step(runner, kind: str) -> None:
    strike, speed = runner
    still = moved(strike, Segment(kind="stand", duration_s=13.0), run(15.0, speed))
    for seed in (3, 4):
        motion = handled(still, HANDLINGS[kind], 1.0, 10.0, seed=seed)
        life = lived(motion, worn(motion, seed))
        assert life.between(0.0, 10.0)["valid"].sum() <= 1
        assert life.missed_after(10.0) == 0
        assert life.bent_after(10.0) == []


@every_runner
@pytest.mark.parametrize("way", WAYS_ROUND)
def test_a_sensor_that_is_put_on_another_way_round(runner, way: str) -> None:
    by = Rotation.from_euler("xyz", WAYS_ROUND[way], degrees=True).as_rotvec()
    in_hand = handled(run_stand_run(runner), CARRY, HANDLED_S, LET_GO_S, seed=5)
    motion = turned(in_hand, HANDLED_S + 1.0, LET_GO_S - 1.0, tuple(by))
    life = lived(motion, worn(motion, 6))
    assert 1 <= life.remounted <= 2
    assert life.between(HANDLED_S, LET_GO_S)["valid"].sum() <= 1
    found_again(life, STOPS_S - 1.0, RUNS_S)


def slipped(runner, axis: str, angle_deg: float) -> tuple[FootMotion, Samples]:
    strike, speed = runner
    by = Rotation.from_euler(axis, angle_deg, degrees=True).as_rotvec()
    motion = turned(moved(strike, run(32.0, speed)), SLIP_S, SLIP_S + 0.3, tuple(by))
    return motion, worn(motion, 7)


@every_runner
@pytest.mark.parametrize("angle_deg", [10.0, -20.0, 40.0])
@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_a_sensor_that_slips_in_mid_run(runner, axis: str, angle_deg: float) -> None:
    """At most its own stride is lost. About the foot's y it is taken for a hill to nearly 30°."""
    life = lived(*slipped(runner, axis, angle_deg))
    seen = abs(angle_deg) >= (20.0 if axis != "y" else 30.0)
    assert life.remounted == seen or not seen
    if life.remounted:
        late = life.between(SLIP_S + 2.0, 40.0)
        assert (
            late["why"] & int(QualityFlag.NO_STANDING)
        ).all()  # what is neutral is not known any more
    assert life.missed_after(RUNS_BEFORE_S, 0) <= 1
    bent = life.bent_after(SLIP_S, 1 if life.remounted else 7)
    if axis == "y" and not seen and runner[0] < 0.0:  # when a forefoot lands is 6° of it
        bent = [name for name in bent if name != "strike_angle_deg"]
    assert bent == []


@pytest.mark.parametrize("rise", [0.17, -0.17])
def test_stairs_are_walked(rise: float) -> None:
    stairs = Segment(kind="stairs", duration_s=14.0, speed_m_s=0.55, rise_m=rise)
    for strike, speed in RUNNERS:
        motion = moved(strike, walk(7.0), stairs, walk(6.0), run(8.0, speed))
        life = lived(motion, worn(motion, 8))
        assert life.remounted == 0
        assert valid_runs(life.between(0.0, 28.0)) == 0
        on_stairs = life.truth[(life.truth["ic_s"] > 11.0) & (life.truth["ic_s"] < 23.0)]
        nearest = life.of(on_stairs)
        assert np.abs(nearest["ic_s"] - on_stairs["ic_s"]).max() < 0.2
        assert nearest["valid"].all()
        assert life.missed_after(31.0) == 0


@every_runner
def test_a_turn_at_a_cone(runner) -> None:
    strike, speed = runner
    motion = moved(strike, run(11.0, speed), run(1.5, 1.8, turn_deg=180.0), run(11.0, speed))
    life = lived(motion, worn(motion, 9))
    assert life.remounted == 0
    assert life.missed_after(RUNS_BEFORE_S, 0) == 0
    found_again(life, 13.0, 16.0)


def test_a_turn_on_a_walk() -> None:
    motion = moved(16.0, walk(11.0), walk(2.0, 0.8, turn_deg=180.0), walk(11.0))
    life = lived(motion, worn(motion, 9))
    assert life.remounted == 0
    assert valid_runs(life.found) == 0
    assert life.missed_after(RUNS_BEFORE_S, 0) == 0


@every_runner
def test_a_red_light(runner) -> None:
    life = lived(run_stand_run(runner), worn(run_stand_run(runner), 10))
    assert len(life.between(20.0, 30.0)) == 0
    assert life.remounted == 0
    found_again(life, STOPS_S - 1.0, RUNS_S)
    assert not (life.found["why"] & int(QualityFlag.NO_STANDING)).any()


@every_runner
@pytest.mark.parametrize("lasts_s", [0.05, 0.4, 3.0])
def test_a_drop_out_in_a_run(runner, lasts_s: float) -> None:
    strike, speed = runner
    motion = moved(strike, run(26.0, speed))
    for start in (14.1, 14.3, 14.5):
        life = lived(motion, without(worn(motion, 11), start, start + lasts_s))
        assert life.remounted == 0
        across = life.between(start - 1.5, start + lasts_s)
        across = across[across["ic_s"] + across["stride_s"] > start + 0.02]
        if lasts_s > FILL_S:  # what is missing for less is filled in
            assert not across[across["ic_s"] < start - 0.02]["valid"].any()
        assert life.missed_after(start + lasts_s, 2) == 0
        assert life.bent_after(start + lasts_s, 2) == []


def test_a_drop_out_on_a_walk() -> None:
    motion = moved(16.0, walk(22.0))
    for start in (13.0, 13.4, 13.8):
        life = lived(motion, without(worn(motion, 11), start, start + 0.5))
        assert valid_runs(life.found) == 0
        assert life.missed_after(start + 0.5, 2) == 0


@pytest.mark.parametrize("block", [1, 7, 20])
def test_blocks_of_any_size_agree_about_it(block: int) -> None:
    motion, slip = slipped(RUNNERS[0], "z", 30.0)
    handled_too = handled(run_stand_run(RUNNERS[0]), CARRY, HANDLED_S, LET_GO_S, seed=5)
    for moving, samples in ((motion, slip), (handled_too, worn(handled_too, 6))):
        part = samples[4000:10400]
        whole, parts = lived(moving, part), lived(moving, part, block)
        assert len(whole.found) > 5
        for name in whole.found.dtype.names or ():
            np.testing.assert_array_equal(whole.found[name], parts.found[name])


@pytest.mark.long
@every_runner
@pytest.mark.parametrize("seed", range(20, 32))
def test_many_handled_shoes(runner, seed: int) -> None:
    """In 24 s of it at most three strides pass, and at most one for running (1 in 12 seeds)."""
    passed = runs = 0
    for kind in HANDLINGS:
        life = handled_between(runner, kind, seed)
        runs += valid_runs(life.between(HANDLED_S, LET_GO_S))
        passed += life.between(HANDLED_S, LET_GO_S)["valid"].sum()
        found_again(life, STOPS_S - 1.0, RUNS_S)
    assert passed <= 3
    assert runs <= 1


@pytest.mark.long
@every_runner
@pytest.mark.parametrize("seed", range(12))
def test_many_slips(runner, seed: int) -> None:
    rng = np.random.default_rng(seed)
    direction = rng.standard_normal(3)
    by = np.radians(rng.uniform(10.0, 40.0)) * direction / np.linalg.norm(direction)
    strike, speed = runner
    motion = turned(moved(strike, run(32.0, speed)), SLIP_S, SLIP_S + 0.3, tuple(by))
    life = lived(motion, worn(motion, seed))
    assert life.missed_after(RUNS_BEFORE_S, 0) <= 1
    assert life.missed_after(SLIP_S, 1) == 0
    assert (life.found["activity"] == Activity.RUN).sum() >= len(life.truth) - 2
