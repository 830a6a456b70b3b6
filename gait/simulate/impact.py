"""The shock of landing: what a sensor on the shoe feels beyond the motion of the foot in it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import bilinear, lfilter

from gait.model import Side
from gait.simulate.foot import GRID_HZ, Stance
from gait.simulate.runner import Runner

Array = NDArray[np.float64]

# The shoe stops before the foot in it does: a push back, a little inwards, and up.
_PUSH = {Side.LEFT: (-0.45, -0.12, 1.0), Side.RIGHT: (-0.45, 0.12, 1.0)}
_PEAK_PER_TOUCHDOWN = 90.0  # m/s² of push per m/s of touch-down speed, hard heel contact
_LASTS_S = 0.3  # at least, and until it has died away to this power of e
_DIES_AWAY = 16.0


def shock(runner: Runner, stances: Iterable[Stance], grid: Array) -> Array:
    """Displacement (n, 3) m of the sensor against the foot, foot frame, on the 1/GRID_HZ grid.

    A damped oscillator (shoe and soft tissue) that each initial contact pushes: short and hard
    on the heel, twice as long and about half as hard on the forefoot. A soft shoe spreads the
    same push over a longer time.
    """
    omega = 2.0 * np.pi * runner.resonance_hz
    shoe = bilinear([1.0], [1.0, 2.0 * runner.resonance_damping * omega, omega**2], GRID_HZ)
    lasts_s = max(_LASTS_S, _DIES_AWAY / (runner.resonance_damping * omega))
    out = np.zeros((len(grid), 3))
    for stance in stances:
        if stance.landing is None:
            continue
        i, j = np.searchsorted(grid, [stance.start_s, stance.start_s + lasts_s])
        push = _push(stance, grid[i:j] - stance.start_s, runner)
        out[i:j] += np.asarray(lfilter(*shoe, push))[:, None] * _PUSH[stance.step.side]
    return out


def _push(stance: Stance, since_contact_s: Array, runner: Runner) -> Array:
    landing = stance.landing
    assert landing is not None
    lasts = (0.020 - 0.010 * landing.heel_first) * runner.cushion
    size = _PEAK_PER_TOUCHDOWN * landing.touchdown_m_s * runner.impact_severity
    size *= stance.step.hardness
    size *= 0.45 + 0.55 * landing.heel_first
    size /= runner.cushion
    pulse = np.sin(np.pi * np.minimum(since_contact_s / lasts, 1.0)) ** 2
    return size * pulse
