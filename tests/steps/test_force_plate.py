"""The step detector against a force plate: every running contact, and walking as walking."""

import numpy as np
import pytest
from shared_data import RUNNING, WALKING, samples, truth

from gait.model import Activity, Samples, SensorInfo, Side
from gait.steps.detector import StepDetector


def strides_of(name: str, rate_hz: float, recording: Samples, block: int = 10**9):
    side = Side.LEFT if name.endswith("left") else Side.RIGHT
    detector = StepDetector(SensorInfo(side=side, rate_hz=rate_hz))
    closed = []
    for start in range(0, len(recording), block):
        closed += list(detector.push(recording[start : start + block]))
    closed += list(detector.finish())
    return np.concatenate([c.strides for c in closed])


@pytest.mark.parametrize("name", RUNNING)
def test_every_running_contact_is_found_and_none_invented(name: str) -> None:
    expected = truth("running", name)
    found = strides_of(name, 400.0, samples("running", name))
    ic = found["ic_s"]
    scored = expected[3:]
    nearest = np.array([np.abs(ic - t).argmin() for t in scored[:, 0]])
    assert len(set(nearest)) == len(scored)
    landing = ic[nearest] - scored[:, 0]
    push_off = found["tc_s"][nearest] - scored[:, 1]
    assert abs(landing.mean()) < 0.010
    assert landing.std() < 0.010
    assert abs(push_off.mean()) < 0.010
    assert push_off.std() < 0.010
    after = ic > scored[0, 0] - 0.05
    assert after.sum() == len(scored)
    assert (found["activity"][after] == Activity.RUN).all()


@pytest.mark.parametrize("name", WALKING)
def test_walking_is_never_running(name: str) -> None:
    found = strides_of(name, 100.0, samples("walking", name))
    assert len(found) > 10
    assert (found["activity"] == Activity.WALK).all()


@pytest.mark.parametrize("block", [1, 7, 20])
def test_blocks_of_any_size_give_identical_strides(block: int) -> None:
    recording = samples("running", "runnerA_5mps_right")[:6000]
    whole = strides_of("runnerA_5mps_right", 400.0, recording)
    parts = strides_of("runnerA_5mps_right", 400.0, recording, block)
    for field in ("ic_s", "tc_s", "next_ic_s", "activity", "why", "ic", "mid_stance"):
        np.testing.assert_array_equal(whole[field], parts[field])
