"""Low-pass filters for kernels: a causal one for the stream, a zero-phase one for windows."""

import math

import numpy as np

from gait.model.arrays import Floats
from gait.model.compiled import kernel

MOST_CUTOFF = 0.4  # of the rate (working value): at half of it the bilinear transform ends
# At r times its cut-off a second-order Butterworth is down to 1 / √(1 + r⁴); passed twice that is
# 3 dB where r = (√2 − 1)^¼. To three places, as every result so far has it.
TWICE_DOWN = round((math.sqrt(2.0) - 1.0) ** 0.25, 3)


@kernel
def butterworth2(cutoff_hz: float, rate_hz: float) -> Floats:
    """Second-order Butterworth low-pass, bilinear transform.

    The cut-off is kept below `MOST_CUTOFF` of the rate; what a slow sensor cannot show is not
    invented.

    Parameters
    ----------
    cutoff_hz : float
        Where it is down by 3 dB.
    rate_hz : float
        Samples a second.

    Returns
    -------
    Floats
        (5,) b0, b1, b2, a1, a2.
    """
    cutoff = min(cutoff_hz, MOST_CUTOFF * rate_hz)
    k = math.tan(math.pi * cutoff / rate_hz)
    norm = 1.0 / (1.0 + math.sqrt(2.0) * k + k * k)
    b0 = k * k * norm
    return np.array(
        [b0, 2.0 * b0, b0, 2.0 * (k * k - 1.0) * norm, (1.0 - math.sqrt(2.0) * k + k * k) * norm]
    )


@kernel
def filtfilt(cutoff_hz: float, rate_hz: float) -> Floats:
    """`butterworth2` corrected so that forward and backward together have this −3 dB cut-off."""
    return butterworth2(cutoff_hz / TWICE_DOWN, rate_hz)


@kernel
def smooth(x: Floats, c: Floats, out: Floats):
    """Zero-phase low-pass: forward and backward, each started in steady state at the end value.

    Parameters
    ----------
    x : Floats
        (n,)
    c : Floats
        (5,) b0, b1, b2, a1, a2.
    out : Floats
        (n,) filled; may be `x` itself.
    """
    n = x.shape[0]
    if n == 0:
        return
    # transposed direct form II; steady state for a constant input u: s1 = (1-b0)u, s2 = (b2-a2)u
    s1 = (1.0 - c[0]) * x[0]
    s2 = (c[2] - c[4]) * x[0]
    for i in range(n):
        y = c[0] * x[i] + s1
        s1 = c[1] * x[i] - c[3] * y + s2
        s2 = c[2] * x[i] - c[4] * y
        out[i] = y
    s1 = (1.0 - c[0]) * out[n - 1]
    s2 = (c[2] - c[4]) * out[n - 1]
    for i in range(n - 1, -1, -1):
        u = out[i]
        y = c[0] * u + s1
        s1 = c[1] * u - c[3] * y + s2
        s2 = c[2] * u - c[4] * y
        out[i] = y


@kernel
def smooth_columns(x: Floats, c: Floats):
    """`smooth` of every column in place; together they take the time of one.

    Parameters
    ----------
    x : Floats
        (n, k)
    c : Floats
        (5,) b0, b1, b2, a1, a2.
    """
    n = x.shape[0]
    s1 = np.empty(x.shape[1])
    s2 = np.empty(x.shape[1])
    for turn in range(2):
        last = 0 if turn == 0 else n - 1
        for k in range(x.shape[1]):
            s1[k] = (1.0 - c[0]) * x[last, k]
            s2[k] = (c[2] - c[4]) * x[last, k]
        for j in range(n):
            i = j if turn == 0 else n - 1 - j
            for k in range(x.shape[1]):
                u = x[i, k]
                y = c[0] * u + s1[k]
                s1[k] = c[1] * u - c[3] * y + s2[k]
                s2[k] = c[2] * u - c[4] * y
                x[i, k] = y


@kernel
def parabola_vertex(a: float, b: float, c: float):
    """Vertex of the parabola through three points.

    Parameters
    ----------
    a, b, c : float
        Values at equal distances.

    Returns
    -------
    float
        Samples after the middle one, −0.5 to 0.5.
    """
    curve = a - 2.0 * b + c
    if curve == 0.0:
        return 0.0
    offset = 0.5 * (a - c) / curve
    return min(0.5, max(-0.5, offset))
