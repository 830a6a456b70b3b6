"""Orientation and path of the foot, as formulas over the whole window."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from scipy.integrate import cumulative_trapezoid, trapezoid
from scipy.spatial.transform import Rotation

from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.model.window import ACC, COLUMNS, GYR, LEVEL_ACC, PITCH, POSITION, ROLL, TIME, VELOCITY

from .signals import Array, Signals

GRAVITY = np.array([0.0, 0.0, STANDARD_GRAVITY_M_S2])
X, Y, Z = np.eye(3)


def orientation(samples: Signals, origin: int) -> Array:
    """Rotation matrices (n, 3, 3) from the foot at each sample to the foot at sample `origin`.

    From one sample to the next the foot turns about its own axes at the mean of both rates.
    """
    turns = 0.5 * (samples.turn[1:] + samples.turn[:-1]) * np.diff(samples.time_s)[:, None]
    steps: Iterable[Array] = Rotation.from_rotvec(turns).as_matrix()
    from_first = np.stack(list(accumulate(steps, np.matmul, initial=np.eye(3))))
    return from_first[origin].T @ from_first


def pitch(foot: Array) -> Array:
    """Elevation of the foot's x axis, toe-up positive, rad."""
    return np.arcsin(np.clip(foot[:, 2, 0], -1.0, 1.0))


def roll(foot: Array) -> Array:
    """Rotation about the foot's x axis, left edge up positive, rad."""
    return np.arctan2(foot[:, 2, 1], foot[:, 2, 2])


def applied(foot: Array, vectors: Array) -> Array:
    """Each of (n, 3, 3) applied to its own of (n, 3)."""
    return np.einsum("nij,nj->ni", foot, vectors)


def integrated(samples: Signals, rates: Array, origin: int) -> Array:
    """Integral (n, …) over time by the trapezoid rule, zero at sample `origin`."""
    total = cumulative_trapezoid(rates, samples.time_s, axis=0, initial=0)
    return total - total[origin]


def flat_again(samples: Signals, foot: Array, first: int, last: int) -> Array:
    """Orientation with the tilt at `last`, where the foot should be flat, spread from `first` on.

    The tilt is the level part of where z then points, taken as a small angle: the turn that undoes
    the share `part` of it is the quaternion (1, ½ part tilt × z), normalised.
    """
    part = np.clip((samples.time_s - samples.time_s[first]) / _span(samples, first, last), 0.0, 1.0)
    axis = np.cross(foot[last] @ Z, Z)
    undo = np.column_stack([0.5 * part[:, None] * axis, np.ones(len(samples))])
    return Rotation.from_quat(undo).as_matrix() @ foot


def shortest_turn(up: Array) -> tuple[Array, float]:
    """The shortest rotation (3, 3) that turns the vector `up` to z, and its angle, rad.

    None of more than 84° is made; that is no foot on the ground.
    """
    x, y, z = up / np.linalg.norm(up)
    if z < 0.1:
        return np.eye(3), 0.5 * np.pi
    sine = np.hypot(x, y)
    angle = np.arctan2(sine, z)
    axis = np.array([y, -x, 0.0]) / sine if sine > 0.0 else X
    return Rotation.from_rotvec(angle * axis).as_matrix(), float(angle)


@dataclass(frozen=True)
class Pose:
    """How the foot stood in mid-stance; angles in rad."""

    tilt: float  # from level
    lean: float  # to its left
    closure: float  # specific force less the change of velocity, in g: 1 where both fit
    turn: float  # to its left, until the next mid-stance


def follow(samples: Signals, first: int, last: int, height_m: float) -> tuple[Array, Pose]:
    """The window (n, COLUMNS) of a stride from mid-stance `first` to mid-stance `last`.

    Also returns how the foot stood in `first`. Between the mid-stances mean specific force is
    gravity and the change of velocity: that tells which way is up. In a mid-stance the sensor,
    `height_m` above the contact the foot rolls about, moves along the foot.
    """
    span = _span(samples, first, last)
    between = slice(first, last + 1)
    drifted = orientation(samples, first)
    foot = flat_again(samples, drifted, first, last)
    force = applied(foot, samples.force)
    start_velocity = height_m * samples.turn[first, 1] * X
    heading = (drifted[last] @ X) * (X + Y)
    end_velocity = height_m * samples.turn[last, 1] * heading
    mean_force = trapezoid(force[between], samples.time_s[between], axis=0) / span
    gravity = mean_force - (end_velocity - start_velocity) / span
    to_level, tilt = shortest_turn(gravity)
    force = force @ to_level.T

    part = (samples.time_s - samples.time_s[first])[:, None] / span
    velocity = start_velocity + integrated(samples, force - GRAVITY, first)
    velocity -= part * (velocity[last] - end_velocity)
    position = integrated(samples, velocity, first)
    for known_from_first in (velocity, position):
        known_from_first[:first] = np.nan

    window = np.full((len(samples), COLUMNS), np.nan)
    window[:, TIME] = samples.time_s
    window[:, ACC : ACC + 3] = samples.force
    window[:, GYR : GYR + 3] = samples.turn
    window[:, PITCH] = pitch(foot)
    window[:, ROLL] = roll(foot)
    window[:, LEVEL_ACC : LEVEL_ACC + 3] = force
    window[:, VELOCITY : VELOCITY + 3] = velocity
    window[:, POSITION : POSITION + 3] = position
    pose = Pose(
        tilt=tilt,
        lean=float(np.arctan2(gravity[1], gravity[2])),
        closure=float(np.linalg.norm(gravity)) / STANDARD_GRAVITY_M_S2,
        turn=float(np.arctan2(heading[1], heading[0])),
    )
    return window, pose


def _span(samples: Signals, first: int, last: int) -> float:
    return float(samples.time_s[last] - samples.time_s[first])
