"""The stride's period from the accelerometer alone: autocorrelation of the specific force vector.

The product of two vectors does not change when both are turned, so the mounting need not be
known. Unlike its length, the vector does not repeat at half a stride: in stance and in swing it
points to different sides. Real and simulated running give +0.9 at a stride and −0.4 at worst in
between; walking on real feet +0.65. What swings to and fro (a hand that shakes the shoe, a pedal)
comes close to −1 in between, whatever its period, and is told by that.
"""

import math

import numpy as np

from gait.model.arrays import Floats, Record
from gait.model.compiled import kernel
from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.steps.filters import parabola_vertex

COARSE_HZ = 25.0
WINDOW = 112  # coarse samples that are correlated: 4.5 s, two strides of slow walking
HOP = 20  # coarse samples from one look to the next: 0.8 s
LONGEST_LAG = 54  # 2.2 s

RHYTHM = [
    ("sum", np.float64, 3),  # of the samples of the coarse one that is filling
    ("samples", np.int64),
    ("phase", np.float64),  # how far it is filled, 0 … 1
    ("kept", np.int64),  # coarse samples in the window
    ("until_look", np.int64),
]


def new_coarse() -> Floats:
    return np.zeros((WINDOW, 3))


@kernel
def reset_rhythm(r: Record):
    """Back to having seen no sample."""
    for k in range(3):
        r.sum[k] = 0.0
    r.samples = 0
    r.phase = 0.0
    r.kept = 0
    r.until_look = HOP


@kernel
def add_sample(
    r: Record, coarse: Floats, force: Floats, length: float, most: float, rate_hz: float
):
    """Take one sample into the coarse ones, which are means of `rate_hz / COARSE_HZ` samples.

    Long forces are shortened, so that neither the size of a shock nor the end of the sensor's range
    matters.

    Parameters
    ----------
    r : Record
        RHYTHM, what is kept from sample to sample.
    coarse : Floats
        (WINDOW, 3) coarse samples, sensor axes, m/s²; the first `r.kept` are filled.
    force : Floats
        (3,) specific force, sensor axes, m/s².
    length : float
        Its length, m/s².
    most : float
        Longer ones are shortened to this, m/s².
    rate_hz : float
        Samples a second.

    Returns
    -------
    bool
        It is time to look for a period.
    """
    shorten = min(1.0, most / length) if length > 0.0 else 1.0
    for k in range(3):
        r.sum[k] += force[k] * shorten
    r.samples += 1
    r.phase += COARSE_HZ / rate_hz
    if r.phase < 1.0:
        return False
    if r.kept == WINDOW:
        for i in range(WINDOW - 1):
            for k in range(3):
                coarse[i, k] = coarse[i + 1, k]
        r.kept -= 1
    for k in range(3):
        coarse[r.kept, k] = r.sum[k] / r.samples
        r.sum[k] = 0.0
    r.kept += 1
    r.samples = 0
    r.phase -= 1.0
    r.until_look -= 1
    if r.until_look > 0:
        return False
    r.until_look = HOP
    return True


@kernel
def _correlation(x: Floats, lag: int):
    """Alikeness of `x` (n, 3) and itself `lag` later, −1 … 1 (McLeod & Wyvill 2005)."""
    product = 0.0
    size = 0.0
    for i in range(lag, x.shape[0]):
        for k in range(3):
            product += x[i, k] * x[i - lag, k]
            size += x[i, k] * x[i, k] + x[i - lag, k] * x[i - lag, k]
    return 2.0 * product / size if size > 0.0 else 0.0


@kernel
def last_two_match(r: Record, coarse: Floats, period_s: float):
    """How alike the last stride and the one before it are.

    Parameters
    ----------
    r : Record
        RHYTHM, what is kept from sample to sample.
    coarse : Floats
        (WINDOW, 3) coarse samples, sensor axes, m/s²; the first `r.kept` are filled.
    period_s : float
        Of a stride, s.

    Returns
    -------
    float
        −1 … 1.
    """
    lag = round(period_s * COARSE_HZ)
    n = min(r.kept, 2 * lag + 1)
    x = coarse[r.kept - n : r.kept].copy()
    for k in range(3):
        mean = x[:, k].mean()
        for i in range(n):
            x[i, k] -= mean
    best = -1.0
    for near in range(max(1, lag - 1), min(n, lag + 2)):
        best = max(best, _correlation(x, near))
    return best


@kernel
def period_of(r: Record, coarse: Floats, p: Record):
    """Period of a stride, from the autocorrelation of the last seconds.

    Parameters
    ----------
    r : Record
        RHYTHM, what is kept from sample to sample.
    coarse : Floats
        (WINDOW, 3) coarse samples, sensor axes, m/s²; the first `r.kept` are filled.
    p : Record
        `RhythmParameters`.

    Returns
    -------
    float
        s; NaN where they hold no steady gait.
    """
    n = r.kept
    x = coarse[:n].copy()
    power = 0.0
    for k in range(3):
        mean = x[:, k].mean()
        for i in range(n):
            x[i, k] -= mean
            power += x[i, k] * x[i, k]
    if n == 0 or math.sqrt(power / n) < p.least_motion_g * STANDARD_GRAVITY_M_S2:
        return math.nan
    longest = min(LONGEST_LAG, n // 2)
    shortest = int(p.shortest_period_s * COARSE_HZ)
    if longest <= shortest + 1:
        return math.nan
    alike = np.empty(longest + 1)
    for lag in range(longest + 1):
        alike[lag] = _correlation(x, lag)
    best = 0.0
    for lag in range(shortest, longest):
        if alike[lag] > alike[lag - 1] and alike[lag] >= alike[lag + 1]:
            best = max(best, alike[lag])
    if best < p.least_alike or alike.min() < -p.most_opposed:
        return math.nan
    for lag in range(2, longest):
        peak = alike[lag] > alike[lag - 1] and alike[lag] >= alike[lag + 1]
        if peak and alike[lag] > p.first_peak_share * best:
            if lag < shortest:  # it repeats faster than a foot can: shaking
                return math.nan
            offset = parabola_vertex(alike[lag - 1], alike[lag], alike[lag + 1])
            return (lag + offset) / COARSE_HZ
    return math.nan
