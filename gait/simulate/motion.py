"""The motion of one foot and what an ideal sensor on it would feel.

The shoe's sole as a smooth convex body that rolls on the ground.

An ellipsoid, long, narrow and very flat, with a rounded rim (its Minkowski sum with a sphere):
flat under the midfoot, a bevel at the heel, a rocker at the toes. A convex body's lowest point
in any attitude is the gradient of its support function, so contact needs no search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from gait.model import Side
from gait.model.arrays import Floats
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2


@dataclass(frozen=True)
class Sole:
    """Sizes in metres, in the foot frame whose origin is the sensor on top of the midfoot.

    `centre` is the middle of the ellipsoid, `half` its half axes, `rim` the sphere's radius.
    """

    centre: tuple[float, float, float]
    half: tuple[float, float, float]
    rim: float

    def contact(self, down: Floats) -> Floats:
        """Lowest point (n, 3) of the sole in the foot frame; `down` (n, 3) are unit vectors."""
        half2 = np.square(self.half)
        stretch = np.sqrt(np.sum(half2 * down**2, axis=-1, keepdims=True))
        return np.asarray(self.centre) + half2 * down / stretch + self.rim * down


def sole_of(height_m: float) -> Sole:
    """The sole that fits a runner of this height (shoe length about 0.163 of it)."""
    shoe = 0.152 * height_m + 0.02
    rim = 0.15 * shoe
    thickness = 0.02 * shoe
    sensor_height = 0.28 * shoe
    return Sole(
        centre=(-0.02 * shoe, 0.0, -(sensor_height - rim - thickness)),
        half=(0.36 * shoe, 0.09 * shoe, thickness),
        rim=rim,
    )


@dataclass(frozen=True)
class FootMotion:
    """Rigid motion of the sensor's point on top of the midfoot, from 0 to `duration_s`.

    `curve` is a quintic spline in time (s) with six columns: position x, y, z (m, world: z up)
    and yaw, pitch, roll (rad); attitude is Rz(yaw) · Ry(−pitch) · Rz(twist) · Rx(roll). Everything
    below is that spline or its exact derivative. `truth` has one row a stride (see `truth.STRIDE`).
    `twist` is how far the long axis points out of the plane of swing, to the left, rad.
    """

    side: Side
    duration_s: float
    curve: BSpline
    sole: Sole
    truth: NDArray[np.void]
    twist: float = 0.0

    def position(self, time_s: Floats | float) -> Floats:
        """(n, 3) m, world."""
        return self.curve(time_s)[..., :3]

    def velocity(self, time_s: Floats | float) -> Floats:
        """(n, 3) m/s, world."""
        return self.curve(time_s, 1)[..., :3]

    def orientation(self, time_s: Floats | float) -> Floats:
        """(n, 3, 3): columns are the foot's axes in the world."""
        return attitude(self.curve(time_s)[..., 3:], self.twist)

    def pitch_deg(self, time_s: Floats | float) -> Floats:
        """Of the foot's long axis, toe-up positive, relative to level ground.

        Where there is a twist it lies within ±90°; a foot that points down further is seen to
        have rolled over.
        """
        pitch = self.curve(time_s)[..., 4]
        if self.twist:
            pitch = np.arcsin(np.sin(pitch) * np.cos(self.twist))
        return pitch * DEG_PER_RAD

    def eversion_deg(self, time_s: Floats | float) -> Floats:
        """Roll about the foot's long axis, eversion positive on both feet, relative to standing."""
        sign = 1.0 if self.side is Side.LEFT else -1.0
        now = self.curve(time_s)
        roll = now[..., 5]
        if self.twist:
            roll = roll - np.arctan2(np.sin(now[..., 4]) * np.sin(self.twist), np.cos(now[..., 4]))
        return sign * roll * DEG_PER_RAD

    def angular_rate(self, time_s: Floats | float) -> Floats:
        """(n, 3) rad/s in the foot frame (x heel → toe, y to the runner's left, z up)."""
        return _body_rate(self.curve(time_s)[..., 3:], self.curve(time_s, 1)[..., 3:], self.twist)

    def specific_force(self, time_s: Floats | float) -> Floats:
        """(n, 3) m/s² in the foot frame; +g upwards at rest."""
        return self.ideal_imu(time_s)[0]

    def ideal_imu(self, time_s: Floats | float) -> tuple[Floats, Floats]:
        """Specific force (n, 3) m/s² and angular rate (n, 3) rad/s in the foot frame."""
        now = self.curve(time_s)
        acc = self.curve(time_s, 2)[..., :3]
        acc[..., 2] += STANDARD_GRAVITY_M_S2
        force = np.einsum("...ji,...j->...i", attitude(now[..., 3:], self.twist), acc)
        return force, _body_rate(now[..., 3:], self.curve(time_s, 1)[..., 3:], self.twist)

    def sole_height(self, time_s: Floats | float, slope: float = 0.0) -> Floats:
        """Height (n,) m of the undeformed sole's lowest point above the ground.

        Slightly negative while the foot stands: the midsole is pressed in. The ground goes through
        the origin and rises by `slope` along the first heading; height is normal to it.
        """
        now = self.curve(time_s)
        up = np.array([-slope, 0.0, 1.0]) / np.hypot(1.0, slope)
        down = -np.einsum("...ji,j->...i", attitude(now[..., 3:], self.twist), up)
        return now[..., :3] @ up - np.sum(down * self.sole.contact(down), axis=-1)


def attitude(angles: Floats, twist: float = 0.0) -> Floats:
    """Rotation matrices (…, 3, 3) of yaw, pitch (toe-up), roll (…, 3) in rad."""
    yaw, pitch, roll = np.moveaxis(angles, -1, 0)
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    if twist:
        untwisted = attitude(np.stack([yaw, pitch, np.zeros_like(roll)], axis=-1))
        return untwisted @ attitude(np.stack([np.full_like(yaw, twist), 0.0 * roll, roll], axis=-1))
    rows = [
        [cy * cp, -cy * sp * sr - sy * cr, -cy * sp * cr + sy * sr],
        [sy * cp, -sy * sp * sr + cy * cr, -sy * sp * cr - cy * sr],
        [sp, cp * sr, cp * cr],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _body_rate(angles: Floats, rates: Floats, twist: float) -> Floats:
    _, pitch, roll = np.moveaxis(angles, -1, 0)
    d_yaw, d_pitch, d_roll = np.moveaxis(rates, -1, 0)
    cp, sp, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    ct, st = np.cos(twist), np.sin(twist)
    return np.stack(
        [
            d_roll + d_yaw * sp * ct - d_pitch * st,
            -d_pitch * cr * ct + d_yaw * sr * cp - d_yaw * sp * cr * st,
            d_pitch * sr * ct + d_yaw * cr * cp + d_yaw * sp * sr * st,
        ],
        axis=-1,
    )
