"""A sensor that slips or is put on the other way round in mid-run is found again."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from shared_data import RUNNING, samples, truth

from gait.model import Samples, SensorInfo, Side
from gait.steps.detector import StepDetector


def turned_in_the_middle(name: str, euler_deg: tuple[float, float, float]) -> Samples:
    recording = samples("running", name)
    half = len(recording) // 2
    turn = Rotation.from_euler("xyz", euler_deg, degrees=True)
    for signal in (recording.acc, recording.gyr):
        signal[half:] = turn.apply(signal[half:])
    return recording


def found_in(recording: Samples, name: str, block: int = 10**9):
    side = Side.LEFT if name.endswith("left") else Side.RIGHT
    detector = StepDetector(SensorInfo(side=side, rate_hz=400.0))
    parts = []
    for start in range(0, len(recording), block):
        parts += [closed.strides for closed in detector.push(recording[start : start + block])]
    parts += [closed.strides for closed in detector.finish()]
    return detector, np.concatenate(parts)


@pytest.mark.parametrize("name", RUNNING)
@pytest.mark.parametrize("euler", [(0, 0, 180), (0, 0, 90), (90, 0, 0)])
def test_only_a_few_strides_are_lost(name: str, euler) -> None:
    detector, found = found_in(turned_in_the_middle(name, euler), name)
    contacts = truth("running", name)[3:, 0]
    missed = sum(np.abs(found["ic_s"] - t).min() > 0.05 for t in contacts)
    after = found["ic_s"][found["ic_s"] > contacts[0] - 0.1]
    invented = sum(np.abs(contacts - t).min() > 0.05 for t in after)
    assert detector.remounted == 1
    assert missed <= 4
    assert invented <= 2


@pytest.mark.parametrize("name", RUNNING)
def test_a_sensor_that_stays_is_left_alone(name: str) -> None:
    detector, _ = found_in(samples("running", name), name)
    assert detector.remounted == 0


@pytest.mark.parametrize("block", [1, 7])
def test_blocks_of_any_size_agree_about_it(block: int) -> None:
    recording = turned_in_the_middle("runnerB_2mps_right", (0, 0, 180))[6000:]
    _, whole = found_in(recording, "right")
    _, parts = found_in(recording, "right", block)
    np.testing.assert_array_equal(whole["ic_s"], parts["ic_s"])
    np.testing.assert_array_equal(whole["why"], parts["why"])
