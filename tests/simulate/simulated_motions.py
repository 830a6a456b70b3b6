"""Motions that several tests of the simulator look at, made once."""

from functools import cache

from gait.model import Side
from gait.simulate import FootMotion, preset, simulate


def slope_of(name: str) -> float:
    """Of the ground on which the preset runs."""
    return preset(name).segments[-1].slope


@cache
def motions(name: str, seconds: float = 12.0, seed: int = 3) -> dict[Side, FootMotion]:
    scenario = preset(name, seconds)
    return simulate(scenario.runner, scenario.segments, seed=seed)
