"""A virtual runner: foot motion with known truth → ideal sensor → a real sensor's samples.

    scenario = preset("easy_run", 30)
    feet = simulate(scenario.runner, scenario.segments, seed=1)
    samples = measure(feet[Side.LEFT], Sensor(rate_hz=400), seed=2)
    feet[Side.LEFT].truth  # one row a stride

Knows nothing of how events are found, so it is a fair test of what finds them.
"""

from gait.simulate import presets
from gait.simulate.motion import FootMotion
from gait.simulate.presets import PRESETS, preset, wide_scenario
from gait.simulate.runner import Runner, Scenario, Segment
from gait.simulate.sensor import Sensor, measure, truth_on_device_clock
from gait.simulate.simulation import simulate
from gait.simulate.truth import STRIDE

__all__ = [
    "PRESETS",
    "STRIDE",
    "FootMotion",
    "Runner",
    "Scenario",
    "Segment",
    "Sensor",
    "measure",
    "preset",
    "presets",
    "simulate",
    "truth_on_device_clock",
    "wide_scenario",
]
