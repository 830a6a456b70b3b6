"""From a runner and what the runner does to the motion of both feet.

The shock of landing: what a sensor on the shoe feels beyond the motion of the foot in it.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.signal import bilinear, lfilter

from gait.model import Side, UsageError
from gait.model.arrays import Floats
from gait.simulate.foot import (
    CHANNELS,
    GRID_HZ,
    Rolled,
    Stance,
    roll_on_ground,
    stance_of,
    swing_between,
)
from gait.simulate.motion import FootMotion, Sole, attitude, sole_of
from gait.simulate.plan import Step, plan_steps
from gait.simulate.runner import Runner, Segment
from gait.simulate.truth import truth_of

# The shoe stops before the foot in it does: a push back, a little inwards, and up.
_PUSH = {Side.LEFT: (-0.45, -0.12, 1.0), Side.RIGHT: (-0.45, 0.12, 1.0)}
_PEAK_PER_TOUCHDOWN = 90.0  # m/s² of push per m/s of touch-down speed, hard heel contact
_LASTS_S = 0.3  # at least, and until it has died away to this power of e
_DIES_AWAY = 16.0


def shock(runner: Runner, stances: Iterable[Stance], grid: Floats) -> Floats:
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


def _push(stance: Stance, since_contact_s: Floats, runner: Runner) -> Floats:
    landing = stance.landing
    assert landing is not None
    lasts = (0.020 - 0.010 * landing.heel_first) * runner.cushion
    size = _PEAK_PER_TOUCHDOWN * landing.touchdown_m_s * runner.impact_severity
    size *= stance.step.hardness
    size *= 0.45 + 0.55 * landing.heel_first
    size /= runner.cushion
    pulse = np.sin(np.pi * np.minimum(since_contact_s / lasts, 1.0)) ** 2
    return size * pulse


def simulate(
    runner: Runner, segments: Sequence[Segment], *, seed: int, standing_s: float = 3.0
) -> dict[Side, FootMotion]:
    """The motion of both feet, on one clock that starts at 0.

    Begins with `standing_s` seconds of quiet standing unless the first segment is a stand
    already. The same seed gives the same motion. Raises UsageError without segments.
    """
    if not segments:
        raise UsageError("A simulation needs at least one segment; give one, such as a run.")
    if standing_s > 0.0 and segments[0].speed_m_s > 0.0:
        segments = [Segment(kind="stand", duration_s=standing_s), *segments]
    duration = float(sum(segment.duration_s for segment in segments))
    steps = plan_steps(runner, segments, np.random.default_rng(seed))
    sole = sole_of(runner.height_m)
    stances = {side: _stances(runner, steps, side, duration) for side in Side}
    return {side: _motion(runner, side, stances, sole, duration) for side in Side}


def _stances(runner: Runner, steps: Sequence[Step], side: Side, duration: float) -> list[Stance]:
    own = [step for step in steps if step.side is side]
    out = []
    for step, following in zip(own, [*own[1:], None], strict=True):
        start = 0.0 if step.ic_s is None else step.ic_s
        end = step.tc_s if step.tc_s is not None else max(duration, start) + 1.0
        out.append(stance_of(runner, step, following, start, end))
    return out


def _motion(
    runner: Runner, side: Side, stances: dict[Side, list[Stance]], sole: Sole, duration: float
) -> FootMotion:
    own = stances[side]
    # The grid goes past the end, so that the last contact and what follows it are there.
    grid = np.arange(0.0, duration + 0.5, 1.0 / GRID_HZ)
    channels = _on_grid(own, sole, grid)
    twist = own[0].twist
    foot = attitude(channels[:, 3:], twist)
    channels[:, :3] += np.einsum("nij,nj->ni", foot, shock(runner, own, grid))
    curve = make_interp_spline(grid, channels, k=5)
    truth = truth_of(own, stances[side.other], curve, duration)
    return FootMotion(side, duration, curve, sole, truth, twist)


def _on_grid(stances: Sequence[Stance], sole: Sole, grid: Floats) -> Floats:
    channels = np.empty((len(grid), CHANNELS))
    before: tuple[Stance, Rolled] | None = None
    for stance in stances:
        if stance.start_s > grid[-1] and before is not None and before[0].end_s > grid[-1]:
            break
        i, j = np.searchsorted(grid, [stance.start_s, stance.end_s])
        rolled = roll_on_ground(stance, sole, _clock(stance))
        channels[i:j] = rolled.curve(grid[i:j])
        if before is not None:
            k = int(np.searchsorted(grid, before[0].end_s))
            swing = swing_between(before[0], before[1].last, stance, rolled.first, sole)
            channels[k:i] = swing(grid[k:i])
        before = stance, rolled
    return channels


def _clock(stance: Stance) -> Floats:
    n = max(int(np.ceil((stance.end_s - stance.start_s) * GRID_HZ)), 16)
    return np.linspace(stance.start_s, stance.end_s, n + 1)
