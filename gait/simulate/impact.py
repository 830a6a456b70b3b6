"""The ring of shoe and soft tissue after each landing, felt by a sensor that is tied to it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gait.model import Side
from gait.simulate.foot import Stance
from gait.simulate.runner import Runner

Array = NDArray[np.float64]

_AXES = {Side.LEFT: (0.45, 0.12, 1.0), Side.RIGHT: (0.45, -0.12, 1.0)}  # x, y, z of the foot
_PEAK_PER_TOUCHDOWN = 75.0  # m/s² of ring per m/s of touch-down speed, hard heel contact
_LASTS_S = 0.3


def ring(runner: Runner, stances: Iterable[Stance], grid: Array) -> Array:
    """Displacement (n, 3) m of the sensor against the foot, foot frame, on the grid.

    A damped oscillation from each initial contact: sharp after a heel contact, with a slower
    onset and about half the size after a forefoot contact.
    """
    out = np.zeros((len(grid), 3))
    omega = 2.0 * np.pi * runner.resonance_hz
    for stance in stances:
        landing = stance.landing
        if landing is None:
            continue
        size = _PEAK_PER_TOUCHDOWN * landing.touchdown_m_s * runner.impact_severity
        size *= 0.45 + 0.55 * landing.heel_first
        onset = 0.011 - 0.006 * landing.heel_first
        i, j = np.searchsorted(grid, [stance.start_s, stance.start_s + _LASTS_S])
        t = grid[i:j] - stance.start_s
        decay = np.exp(-runner.resonance_damping * omega * t)
        damped = omega * np.sqrt(1.0 - runner.resonance_damping**2)
        wave = decay * np.sin(damped * t) * -np.expm1(-((t / onset) ** 3))
        out[i:j] -= (size / omega**2 * wave)[:, None] * _AXES[stance.step.side]
    return out
