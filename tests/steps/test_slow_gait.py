"""Slow running is running whatever the strike, and slow walking is walking, each step once."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import Activity, SensorInfo, Side
from gait.simulate import Sensor, measure, simulate
from gait.simulate.runner import Runner, Segment
from gait.steps.detector import StepDetector


def steady(runner: Runner, segment: Segment) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Strides found and true, from the fourth to the last true one."""
    seed = round(10 * segment.speed_m_s + runner.foot_strike_deg)
    motion = simulate(runner, [segment], seed=seed)[Side.LEFT]
    detector = StepDetector(SensorInfo(side=Side.LEFT, rate_hz=200.0))
    samples = measure(motion, Sensor(rate_hz=200.0), seed=1)
    closed = [*detector.push(samples), *detector.finish()]
    found = np.concatenate([c.strides for c in closed])
    truth = motion.truth[3:]
    inside = found["ic_s"] > truth["ic_s"][0] - 0.15
    inside &= found["ic_s"] < truth["ic_s"][-1] + 0.15
    return found[inside], truth


@pytest.mark.parametrize("strike_deg", [16.0, 2.5, -6.0, -10.0])
@pytest.mark.parametrize("speed", [1.8, 2.0, 2.2])
@pytest.mark.parametrize("height_m", [1.6, 1.9])
def test_slow_running_is_not_taken_for_walking(strike_deg, speed, height_m) -> None:
    runner = Runner(foot_strike_deg=strike_deg, height_m=height_m)
    found, truth = steady(runner, Segment(kind="run", duration_s=20.0, speed_m_s=speed))
    assert len(found) == len(truth)
    assert (found["activity"] == Activity.RUN).all()


@pytest.mark.parametrize("speed", [0.7, 1.0, 1.3, 1.85])
@pytest.mark.parametrize("height_m", [1.6, 1.9])
def test_walking_is_walking_and_no_step_counts_twice(speed: float, height_m: float) -> None:
    walk = Segment(kind="walk", duration_s=25.0, speed_m_s=speed)
    found, truth = steady(Runner(height_m=height_m), walk)
    assert len(found) == len(truth)
    assert (found["activity"] == Activity.WALK).all()
