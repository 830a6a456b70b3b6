"""Orientation and path of the foot through one stride, from mid-stance to mid-stance.

In mid-stance the foot is not quite still: it rolls about its ground contact, so the sensor,
`height` above it, moves with ω × height. Plain zero velocity there reads 1–3 % slow on real
running; the rolling term takes that to about 1 %. Nor is it quite flat, above all in a foot that
is rolled in: which way is up follows from the whole stride, whose mean specific force is gravity,
as the foot has the same velocity at both ends. What orientation drifted until the next mid-stance
is spread evenly over the stride (as in Falbriard 2020; level ground as in Osaka 2022).

Unit quaternions (w, x, y, z) for kernels.
"""

import math

import numpy as np

from gait.model.arrays import Floats
from gait.model.compiled import kernel
from gait.model.units import STANDARD_GRAVITY_M_S2 as G
from gait.model.window import (
    ACC,
    GYR,
    LEVEL_ACC,
    PITCH,
    POSITION,
    ROLL,
    TIME,
    VELOCITY,
)

TINY_RAD = 1e-12  # half a turn, below which sin(h) / h is 1 to all digits


@kernel
def rotate_by_rates(q: Floats, wx: float, wy: float, wz: float, dt: float, out: Floats):
    """`out` = `q` turned by body rates (rad/s) over `dt`: q ⊗ exp(ω dt / 2).

    Parameters
    ----------
    q : Floats
        (4,) unit quaternion w, x, y, z: body → outer frame.
    wx, wy, wz : float
        Angular rate in the body's axes, rad/s.
    dt : float
        For how long, s.
    out : Floats
        (4,) filled; may be `q` itself.
    """
    hx = 0.5 * wx * dt
    hy = 0.5 * wy * dt
    hz = 0.5 * wz * dt
    h = math.sqrt(hx * hx + hy * hy + hz * hz)
    c = math.cos(h)
    s = math.sin(h) / h if h > TINY_RAD else 1.0
    rx = s * hx
    ry = s * hy
    rz = s * hz
    w = q[0] * c - q[1] * rx - q[2] * ry - q[3] * rz
    x = q[0] * rx + q[1] * c + q[2] * rz - q[3] * ry
    y = q[0] * ry - q[1] * rz + q[2] * c + q[3] * rx
    z = q[0] * rz + q[1] * ry - q[2] * rx + q[3] * c
    norm = 1.0 / math.sqrt(w * w + x * x + y * y + z * z)
    out[0] = w * norm
    out[1] = x * norm
    out[2] = y * norm
    out[3] = z * norm


@kernel
def rotate(q: Floats, x: float, y: float, z: float):
    """A vector of the body in the outer frame.

    Parameters
    ----------
    q : Floats
        (4,) unit quaternion w, x, y, z: body → outer frame.
    x, y, z : float
        A vector in the body's axes.

    Returns
    -------
    tuple[float, float, float]
        Its components there.
    """
    w, a, b, c = q[0], q[1], q[2], q[3]
    tx = 2.0 * (b * z - c * y)
    ty = 2.0 * (c * x - a * z)
    tz = 2.0 * (a * y - b * x)
    return (
        x + w * tx + b * tz - c * ty,
        y + w * ty + c * tx - a * tz,
        z + w * tz + a * ty - b * tx,
    )


@kernel
def pitch_of(q: Floats):
    """Elevation of the body's x axis: toe-up positive, rad."""
    s = 2.0 * (q[1] * q[3] - q[2] * q[0])
    return math.asin(min(1.0, max(-1.0, s)))


@kernel
def roll_of(q: Floats):
    """Rotation about the body's x axis: left edge up positive, rad."""
    return math.atan2(2.0 * (q[2] * q[3] + q[1] * q[0]), 1.0 - 2.0 * (q[1] * q[1] + q[2] * q[2]))


LEAST_UP = 0.1  # of a unit vector: less points up of a foot on its side, which is no mid-stance
ORIENTATION = VELOCITY  # four columns that wait for velocity and position


@kernel
def _mean_rate(w: Floats, a: int, b: int, column: int):
    """Of two rows, rad/s."""
    return 0.5 * (w[a, column] + w[b, column])


@kernel
def _fill_pose(w: Floats, i: int, q: Floats):
    """Pitch, roll and level force of row `i` by its orientation `q`."""
    w[i, PITCH] = pitch_of(q)
    w[i, ROLL] = roll_of(q)
    ax, ay, az = rotate(q, w[i, ACC], w[i, ACC + 1], w[i, ACC + 2])
    w[i, LEVEL_ACC] = ax
    w[i, LEVEL_ACC + 1] = ay
    w[i, LEVEL_ACC + 2] = az


@kernel
def _pose_back(w: Floats, mid_stance: int):
    """Orientation from mid-stance back to the start of the window."""
    q = np.array([1.0, 0.0, 0.0, 0.0])
    _fill_pose(w, mid_stance, q)
    for i in range(mid_stance, 0, -1):
        dt = w[i, TIME] - w[i - 1, TIME]
        rotate_by_rates(
            q,
            -_mean_rate(w, i, i - 1, GYR),
            -_mean_rate(w, i, i - 1, GYR + 1),
            -_mean_rate(w, i, i - 1, GYR + 2),
            dt,
            q,
        )
        _fill_pose(w, i - 1, q)


@kernel
def _turn_forward(w: Floats, start: int, stop: int):
    """Orientation from `start` to `stop`, kept where velocity and path come later."""
    q = np.array([1.0, 0.0, 0.0, 0.0])
    for i in range(start + 1, stop + 1):
        dt = w[i, TIME] - w[i - 1, TIME]
        rotate_by_rates(
            q,
            _mean_rate(w, i, i - 1, GYR),
            _mean_rate(w, i, i - 1, GYR + 1),
            _mean_rate(w, i, i - 1, GYR + 2),
            dt,
            q,
        )
        for k in range(4):
            w[i, ORIENTATION + k] = q[k]
    return q


@kernel
def _pose_forward(w: Floats, start: int, stop: int, tilt_x: float, tilt_y: float):
    """Pose from `start` to `stop`, with a tilt (rad, level frame) taken out evenly."""
    corrected = np.empty(4)
    span = w[stop, TIME] - w[start, TIME]
    for i in range(start + 1, stop + 1):
        q = w[i, ORIENTATION : ORIENTATION + 4]
        part = (w[i, TIME] - w[start, TIME]) / span
        # a small turn about level axes multiplies from the left
        hx = -0.5 * tilt_x * part
        hy = -0.5 * tilt_y * part
        corrected[0] = q[0] - hx * q[1] - hy * q[2]
        corrected[1] = q[1] + hx * q[0] + hy * q[3]
        corrected[2] = q[2] + hy * q[0] - hx * q[3]
        corrected[3] = q[3] + hx * q[2] - hy * q[1]
        norm = 1.0 / math.sqrt(
            corrected[0] ** 2 + corrected[1] ** 2 + corrected[2] ** 2 + corrected[3] ** 2
        )
        for k in range(4):
            corrected[k] *= norm
        _fill_pose(w, i, corrected)


@kernel
def _rolling_velocity(w: Floats, i: int, height: float):
    """Velocity along the foot of a sensor that rolls `height` above the ground contact."""
    return w[i, GYR + 1] * height


@kernel
def _mean_force(w: Floats, a: int, b: int):
    """Mean level specific force from `a` to `b`, by the trapezoid rule."""
    x = y = z = 0.0
    for i in range(a + 1, b + 1):
        dt = w[i, TIME] - w[i - 1, TIME]
        x += 0.5 * dt * (w[i, LEVEL_ACC] + w[i - 1, LEVEL_ACC])
        y += 0.5 * dt * (w[i, LEVEL_ACC + 1] + w[i - 1, LEVEL_ACC + 1])
        z += 0.5 * dt * (w[i, LEVEL_ACC + 2] + w[i - 1, LEVEL_ACC + 2])
    span = w[b, TIME] - w[a, TIME]
    return x / span, y / span, z / span


@kernel
def _level(w: Floats, up_x: float, up_y: float, up_z: float):
    """Turn level acceleration so that (up_x, up_y, up_z) becomes z, by the shortest way.

    Returns the angle turned, rad.
    """
    size = math.sqrt(up_x**2 + up_y**2 + up_z**2)
    x, y, z = up_x / size, up_y / size, up_z / size
    if z < LEAST_UP:
        return math.pi / 2
    k = 1.0 / (1.0 + z)
    for i in range(w.shape[0]):
        ax, ay, az = w[i, LEVEL_ACC], w[i, LEVEL_ACC + 1], w[i, LEVEL_ACC + 2]
        along = x * ax + y * ay
        w[i, LEVEL_ACC] = ax - x * az - k * x * along
        w[i, LEVEL_ACC + 1] = ay - y * az - k * y * along
        w[i, LEVEL_ACC + 2] = along + z * az
    return math.acos(min(1.0, z))


@kernel
def integrate_trajectory(w: Floats, mid_stance: int, next_mid_stance: int, height: float):
    """Fill angles, level acceleration, velocity and position of a window.

    Velocity and position are filled from mid-stance to the next; NaN before it.

    Parameters
    ----------
    w : Floats
        (n, COLUMNS) a stride's window: TIME, ACC and GYR are read, the rest is filled.
    mid_stance, next_mid_stance : int
        Indices in the window.
    height : float
        Of the sensor above the ground contact, m; 0 for plain zero velocity.

    Returns
    -------
    tuple[float, float, float, float]
        Of the foot in mid-stance, by gravity over the whole stride: how far it was from
        level and how far it leaned to its left (rad); the size of that gravity in g, which
        is 1 where gyroscope and accelerometer tell of the same movement; and how far the
        foot turned left until the next mid-stance (rad).
    """
    _pose_back(w, mid_stance)
    end = _turn_forward(w, mid_stance, next_mid_stance)
    # where z points at the next mid-stance, which should be up: the tilt to take out
    zx, zy, _ = rotate(end, 0.0, 0.0, 1.0)
    _pose_forward(w, mid_stance, next_mid_stance, -zy, zx)
    # the foot may have turned: at the end it rolls along its own new heading
    hx, hy, _ = rotate(end, 1.0, 0.0, 0.0)
    span = w[next_mid_stance, TIME] - w[mid_stance, TIME]
    roll_speed = _rolling_velocity(w, next_mid_stance, height)
    start_speed = _rolling_velocity(w, mid_stance, height)
    fx, fy, fz = _mean_force(w, mid_stance, next_mid_stance)
    fx -= (roll_speed * hx - start_speed) / span
    fy -= roll_speed * hy / span
    lean = math.atan2(fy, fz)
    closure = math.sqrt(fx * fx + fy * fy + fz * fz) / G
    tilt = _level(w, fx, fy, fz)

    for i in range(mid_stance):
        for k in range(3):
            w[i, VELOCITY + k] = np.nan
            w[i, POSITION + k] = np.nan
    vx = start_speed
    vy = 0.0
    vz = 0.0
    w[mid_stance, VELOCITY] = vx
    w[mid_stance, VELOCITY + 1] = vy
    w[mid_stance, VELOCITY + 2] = vz
    for i in range(mid_stance + 1, next_mid_stance + 1):
        dt = w[i, TIME] - w[i - 1, TIME]
        vx += 0.5 * dt * (w[i, LEVEL_ACC] + w[i - 1, LEVEL_ACC])
        vy += 0.5 * dt * (w[i, LEVEL_ACC + 1] + w[i - 1, LEVEL_ACC + 1])
        vz += 0.5 * dt * (w[i, LEVEL_ACC + 2] + w[i - 1, LEVEL_ACC + 2] - 2.0 * G)
        w[i, VELOCITY] = vx
        w[i, VELOCITY + 1] = vy
        w[i, VELOCITY + 2] = vz
    ex = vx - roll_speed * hx
    ey = vy - roll_speed * hy
    px = py = pz = 0.0
    for k in range(3):
        w[mid_stance, POSITION + k] = 0.0
    for i in range(mid_stance + 1, next_mid_stance + 1):
        part = (w[i, TIME] - w[mid_stance, TIME]) / span
        w[i, VELOCITY] -= ex * part
        w[i, VELOCITY + 1] -= ey * part
        w[i, VELOCITY + 2] -= vz * part
        dt = w[i, TIME] - w[i - 1, TIME]
        px += 0.5 * dt * (w[i, VELOCITY] + w[i - 1, VELOCITY])
        py += 0.5 * dt * (w[i, VELOCITY + 1] + w[i - 1, VELOCITY + 1])
        pz += 0.5 * dt * (w[i, VELOCITY + 2] + w[i - 1, VELOCITY + 2])
        w[i, POSITION] = px
        w[i, POSITION + 1] = py
        w[i, POSITION + 2] = pz
    return tilt, lean, closure, math.atan2(hy, hx)
