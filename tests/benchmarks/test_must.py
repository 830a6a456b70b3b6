"""What must hold of accuracy, on real runners and walkers and on a few simulated ones.

The whole of it, with figures, is printed by `python -m benchmarks.accuracy`.
"""

import numpy as np
import pytest
from shared_data import RUNNING, WALKING, table_path

from benchmarks.accuracy.recordings import Recording, real_running
from benchmarks.accuracy.rotation import rotations, score_rotation
from benchmarks.accuracy.run import disturbed, outcome, walk_outcome
from benchmarks.accuracy.runners import cases, recordings_of
from benchmarks.accuracy.walking import AIM_MS, Walk, real_walking

# Walks in which all holds; of the others, what holds is tested below.
WALKS_THAT_HOLD = ("walk_1-1_left",)
SIMULATED = [
    case
    for case in cases()
    if case.runner.foot_strike_deg > 8.0 and (case.rate_hz != 400.0 or case.seed % 4 == 0)
]
SPRINTS = [case for case in cases() if case.speed_m_s > 8.9]


def running(name: str) -> Recording:
    table_path("running", name)  # skips with the reason where it is absent
    return next(r for r in real_running() if r.name == name)


def walking(name: str) -> Walk:
    table_path("walking", name)
    return next(w for w in real_walking() if w.name == name)


@pytest.mark.parametrize("name", RUNNING)
def test_real_running_holds(name: str) -> None:
    scored = outcome(running(name))
    assert scored.misses == []
    assert len(scored.score.errors) == 8


@pytest.mark.parametrize("name", RUNNING)
def test_real_running_holds_turned_noisy_and_biased(name: str) -> None:
    [worse] = disturbed([running(name)])
    assert outcome(worse).misses == []


@pytest.mark.parametrize("name", RUNNING)
def test_real_running_is_the_same_in_any_mounting(name: str) -> None:
    assert score_rotation(running(name), rotations(2)).misses == []


@pytest.mark.parametrize("name", WALKING)
def test_real_walking_is_never_running_and_its_contacts_are_near(name: str) -> None:
    scored = walk_outcome(walking(name))
    assert scored.running == 0
    assert np.median(np.abs(scored.landing_ms)) <= AIM_MS


@pytest.mark.parametrize("name", WALKS_THAT_HOLD)
def test_real_walking_holds(name: str) -> None:
    assert walk_outcome(walking(name)).misses == []


@pytest.mark.parametrize("case", SIMULATED, ids=lambda case: case.name)
def test_simulated_heel_strikers_hold(case) -> None:
    for recording in recordings_of(case):
        assert outcome(recording).misses == []


@pytest.mark.parametrize("case", SPRINTS, ids=lambda case: case.name)
def test_simulated_sprints_hold(case) -> None:
    for recording in recordings_of(case):
        assert outcome(recording).misses == []
