"""Motions that several tests of the simulator look at, made once."""

from functools import cache

from gait.model import Side
from gait.simulate import FootMotion, preset, simulate


@cache
def motions(name: str, seconds: float = 12.0, seed: int = 3) -> dict[Side, FootMotion]:
    scenario = preset(name, seconds)
    return simulate(scenario.runner, scenario.segments, seed=seed)
