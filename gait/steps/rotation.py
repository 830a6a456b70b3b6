"""Unit quaternions (w, x, y, z) for kernels."""

import math

from gait.model.compiled import kernel


@kernel
def turn(q, wx, wy, wz, dt, out):
    """`out` = `q` turned by body rates (rad/s) over `dt`: q ⊗ exp(ω dt / 2)."""
    hx = 0.5 * wx * dt
    hy = 0.5 * wy * dt
    hz = 0.5 * wz * dt
    h = math.sqrt(hx * hx + hy * hy + hz * hz)
    c = math.cos(h)
    s = math.sin(h) / h if h > 1e-12 else 1.0
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
def rotate(q, x, y, z):
    """The vector (x, y, z) of the body in the outer frame."""
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
def pitch_of(q):
    """Elevation of the body's x axis: toe-up positive, rad."""
    s = 2.0 * (q[1] * q[3] - q[2] * q[0])
    return math.asin(min(1.0, max(-1.0, s)))


@kernel
def roll_of(q):
    """Rotation about the body's x axis: left edge up positive, rad."""
    return math.atan2(2.0 * (q[2] * q[3] + q[1] * q[0]), 1.0 - 2.0 * (q[1] * q[1] + q[2] * q[2]))
