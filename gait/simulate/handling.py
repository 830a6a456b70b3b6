"""What befalls a foot and its sensor besides steps: a lace tied, a shake, a slip, a new place.

    motion = simulate(runner, [run, stand, run], seed=1)[Side.LEFT]
    motion = handled(motion, SHAKE, 15.0, 19.0, seed=2)  # while the foot stands
    motion = turned(motion, 17.0, 17.3, (0.0, 0.0, math.pi))  # and worn the other way round
    samples = measure(motion, Sensor(), seed=3)

Handling is a smooth random movement added to the pose of the foot, and a turn is a smooth rotation
of the sensor against the foot, so what the sensor feels is exact, without a seam. The truth of the
strides stays what it was: handle a foot only while it stands.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import make_interp_spline
from scipy.spatial.transform import Rotation

from gait.model import UsageError
from gait.model.arrays import Floats
from gait.simulate.foot import CHANNELS, GRID_HZ
from gait.simulate.motion import FootMotion

Vector = tuple[float, float, float]

FADE_S = 0.3  # in which handling comes up, and in which it dies away
_TONES = 24  # sinusoids of a random movement
_STILL = 0.05  # m/s and rad/s: a standing foot moves less


@dataclass(frozen=True, kw_only=True)
class Handling:
    """A band-limited random movement. Sizes are standard deviations along (or about) one axis.

    `jolts_per_s` short knocks of about `jolt_m` in a random direction come on top, each lasting
    `jolt_s`.
    """

    tilt_deg: float
    tilt_hz: tuple[float, float]
    move_m: float
    move_hz: tuple[float, float]
    jolts_per_s: float = 0.0
    jolt_m: float = 0.0
    jolt_s: float = 0.06


# A lace is tied: the foot tilts a little this way and that, and is tugged at.
LACE = Handling(
    tilt_deg=6.0,
    tilt_hz=(0.15, 1.2),
    move_m=0.012,
    move_hz=(0.15, 1.0),
    jolts_per_s=1.5,
    jolt_m=0.003,
)
# The sensor (or the shoe with it) is shaken by hand.
SHAKE = Handling(tilt_deg=25.0, tilt_hz=(1.0, 5.0), move_m=0.03, move_hz=(1.0, 4.0))
# The sensor is carried in the hand and turned over, as when it is taken off and put on.
CARRY = Handling(
    tilt_deg=50.0,
    tilt_hz=(0.1, 0.9),
    move_m=0.15,
    move_hz=(0.1, 0.9),
    jolts_per_s=0.7,
    jolt_m=0.004,
)


def handled(
    motion: FootMotion, handling: Handling, start_s: float, end_s: float, *, seed: int
) -> FootMotion:
    """The motion with `handling` from `start_s` to `end_s`, and none of it outside.

    Raises UsageError where the foot takes a step meanwhile or the time is too short to fade.
    """
    if not end_s - start_s > 2.0 * FADE_S or start_s < 0.0 or end_s > motion.duration_s:
        raise UsageError(
            f"Handling must last longer than {2.0 * FADE_S:g} s and lie within the motion "
            f"(0–{motion.duration_s:g} s), not from {start_s:g} to {end_s:g} s."
        )
    grid = np.arange(round((motion.duration_s + 0.5) * GRID_HZ)) / GRID_HZ
    i, j = np.searchsorted(grid, [start_s, end_s])
    if np.abs(motion.curve(grid[i:j], 1)).max() > _STILL:
        raise UsageError("A foot can be handled only while it stands; choose another time.")
    channels = motion.curve(grid)
    channels[i:j] += _movement(handling, grid[i:j], np.random.default_rng(seed))
    return replace(motion, curve=make_interp_spline(grid, channels, k=5))


def _movement(handling: Handling, t: Floats, rng: np.random.Generator) -> Floats:
    """What is added to the channels of a motion at times `t` (n,): (n, CHANNELS)."""
    out = np.empty((len(t), CHANNELS))
    for k in range(3):
        out[:, k] = handling.move_m * _wander(t, handling.move_hz, rng)
        out[:, 3 + k] = math.radians(handling.tilt_deg) * _wander(t, handling.tilt_hz, rng)
    for _ in range(rng.poisson(handling.jolts_per_s * (t[-1] - t[0]))):
        direction = rng.standard_normal(3)
        at = rng.uniform(t[0], t[-1])
        out[:, :3] += handling.jolt_m * _bump((t - at) / handling.jolt_s)[:, None] * direction
    fade = _step((t - t[0]) / FADE_S) * _step((t[-1] - t) / FADE_S)
    return out * fade[:, None]


def _wander(t: Floats, band_hz: tuple[float, float], rng: np.random.Generator) -> Floats:
    """A random signal (n,) of unit variance with frequencies in a band."""
    frequency = rng.uniform(*band_hz, _TONES)
    phase = rng.uniform(0.0, 2.0 * np.pi, _TONES)
    waves = np.sin(2.0 * np.pi * frequency[:, None] * t + phase[:, None])
    return math.sqrt(2.0 / _TONES) * waves.sum(axis=0)


def _bump(x: Floats) -> Floats:
    """Up and down again between 0 and 1, smooth to the third derivative."""
    inside = np.clip(x, 0.0, 1.0)
    return np.sin(np.pi * inside) ** 4


def _step(x: ArrayLike, derivative: int = 0) -> Floats:
    """0 below 0, 1 above 1, smooth to the third derivative in between."""
    u = np.clip(x, 0.0, 1.0)
    if derivative:
        return 140.0 * u**3 * (1.0 - u) ** 3
    return u**4 * (35.0 - 84.0 * u + 70.0 * u**2 - 20.0 * u**3)


@dataclass(frozen=True)
class Turn:
    """The sensor turns against the foot by a rotation vector (rad, sensor axes), in a time (s)."""

    start_s: float
    end_s: float
    by: Vector


@dataclass(frozen=True)
class LooseMotion(FootMotion):
    """A motion of a foot whose sensor does not keep its place: `ideal_imu` is in the turned axes.

    Everything else is the foot's own.
    """

    turns: Sequence[Turn] = ()

    def ideal_imu(self, time_s: ArrayLike) -> tuple[Floats, Floats]:
        """Specific force (n, 3) m/s² and angular rate (n, 3) rad/s along the turned axes."""
        t = np.asarray(time_s, dtype=np.float64)
        force, rate = super().ideal_imu(t)
        for turn in self.turns:
            by = np.array(turn.by)
            lasts = turn.end_s - turn.start_s
            x = (t - turn.start_s) / lasts
            rotation = Rotation.from_rotvec(_step(x)[:, None] * by)
            force = rotation.apply(force)
            # what the foot's frame does against the sensor, the sensor does the other way
            rate = rotation.apply(rate) - _step(x, 1)[:, None] / lasts * by
        return force, rate


def turned(motion: FootMotion, start_s: float, end_s: float, by: Vector) -> LooseMotion:
    """The motion with a sensor that turns by `by` (rad) against the foot from then to then.

    Like `Sensor.mounting`, a vector u of the foot frame reads `Rotation.from_rotvec(by).apply(u)`
    after it. Turns follow one another; those of the motion come first.
    """
    if not end_s > start_s:
        raise UsageError("A turn of the sensor must end after it starts.")
    before = motion.turns if isinstance(motion, LooseMotion) else ()
    return LooseMotion(
        motion.side,
        motion.duration_s,
        motion.curve,
        motion.sole,
        motion.truth,
        motion.twist,
        (*before, Turn(start_s, end_s, by)),
    )
