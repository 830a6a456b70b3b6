"""The motion of one foot and what an ideal sensor on it would feel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline

from gait.model import Side
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.simulate.sole import Sole

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FootMotion:
    """Rigid motion of the sensor's point on top of the midfoot, from 0 to `duration_s`.

    `curve` is a quintic spline in time (s) with six columns: position x, y, z (m, world: z up)
    and yaw, pitch, roll (rad); attitude is Rz(yaw) · Ry(−pitch) · Rx(roll). Everything below is
    that spline or its exact derivative. `truth` has one row a stride (see `truth.STRIDE`).
    """

    side: Side
    duration_s: float
    curve: BSpline
    sole: Sole
    truth: NDArray[np.void]

    def position(self, time_s: ArrayLike) -> Array:
        """(n, 3) m, world."""
        return self.curve(time_s)[..., :3]

    def velocity(self, time_s: ArrayLike) -> Array:
        """(n, 3) m/s, world."""
        return self.curve(time_s, 1)[..., :3]

    def orientation(self, time_s: ArrayLike) -> Array:
        """(n, 3, 3): columns are the foot's axes in the world."""
        return attitude(self.curve(time_s)[..., 3:])

    def pitch_deg(self, time_s: ArrayLike) -> Array:
        """Toe-up positive, relative to level ground."""
        return self.curve(time_s)[..., 4] * DEG_PER_RAD

    def eversion_deg(self, time_s: ArrayLike) -> Array:
        """Roll, eversion positive on both feet, relative to standing."""
        sign = 1.0 if self.side is Side.LEFT else -1.0
        return sign * self.curve(time_s)[..., 5] * DEG_PER_RAD

    def angular_rate(self, time_s: ArrayLike) -> Array:
        """(n, 3) rad/s in the foot frame (x heel → toe, y to the runner's left, z up)."""
        return _body_rate(self.curve(time_s)[..., 3:], self.curve(time_s, 1)[..., 3:])

    def specific_force(self, time_s: ArrayLike) -> Array:
        """(n, 3) m/s² in the foot frame; +g upwards at rest."""
        return self.ideal_imu(time_s)[0]

    def ideal_imu(self, time_s: ArrayLike) -> tuple[Array, Array]:
        """Specific force (n, 3) m/s² and angular rate (n, 3) rad/s in the foot frame."""
        now = self.curve(time_s)
        acc = self.curve(time_s, 2)[..., :3]
        acc[..., 2] += STANDARD_GRAVITY_M_S2
        force = np.einsum("...ji,...j->...i", attitude(now[..., 3:]), acc)
        return force, _body_rate(now[..., 3:], self.curve(time_s, 1)[..., 3:])

    def sole_height(self, time_s: ArrayLike) -> Array:
        """Height (n,) m of the undeformed sole's lowest point above level ground.

        Slightly negative while the foot stands: the midsole is pressed in.
        """
        now = self.curve(time_s)
        down = -attitude(now[..., 3:])[..., 2, :]
        return now[..., 2] - np.sum(down * self.sole.contact(down), axis=-1)


def attitude(angles: Array) -> Array:
    """Rotation matrices (…, 3, 3) of yaw, pitch (toe-up), roll (…, 3) in rad."""
    yaw, pitch, roll = np.moveaxis(angles, -1, 0)
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    rows = [
        [cy * cp, -cy * sp * sr - sy * cr, -cy * sp * cr + sy * sr],
        [sy * cp, -sy * sp * sr + cy * cr, -sy * sp * cr - cy * sr],
        [sp, cp * sr, cp * cr],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _body_rate(angles: Array, rates: Array) -> Array:
    _, pitch, roll = np.moveaxis(angles, -1, 0)
    d_yaw, d_pitch, d_roll = np.moveaxis(rates, -1, 0)
    cp, sp, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    return np.stack(
        [
            d_roll + d_yaw * sp,
            -d_pitch * cr + d_yaw * sr * cp,
            d_pitch * sr + d_yaw * cr * cp,
        ],
        axis=-1,
    )
