"""What one gets without trying hard: peaks of acceleration, troughs of pitch rate, fixed offsets.

Plain numpy and scipy's peak finder; the yardstick that a real method must beat.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfiltfilt

Array = NDArray[np.float64]

SWING_LOWPASS_HZ = 8.0
SWING_RATE_RAD_S = 2.5  # a toe-up peak above this is a swing
LEAST_CYCLE_S = 0.45
EVENT_LOWPASS_HZ = 30.0
LANDING_SHARE = 0.45  # of the time between swings, in which the landing is looked for
# Best for the real running recordings themselves, so in the naive method's favour.
LANDING_OFFSET_S = -0.027
TOE_OFF_OFFSET_S = 0.033


def pitch_axis(gyr: Array) -> Array:
    """(3,) axis of the strongest rotation, toe-up positive: swings turn farthest in one go."""
    _, _, axes = np.linalg.svd(gyr - gyr.mean(axis=0), full_matrices=False)
    rate = gyr @ axes[0]
    return axes[0] if rate.max() >= -rate.min() else -axes[0]


def events(time_s: Array, acc: Array, gyr: Array, axis: Array | None = None) -> tuple[Array, Array]:
    """Landings and toe-offs (s). acc (n, 3) m/s², gyr (n, 3) rad/s, `axis` of toe-up rotation."""
    rate_hz = (len(time_s) - 1) / (time_s[-1] - time_s[0])
    pitch = gyr @ (pitch_axis(gyr) if axis is None else axis)
    slow = _lowpass(pitch, SWING_LOWPASS_HZ, rate_hz)
    swings, _ = find_peaks(slow, height=SWING_RATE_RAD_S, distance=int(LEAST_CYCLE_S * rate_hz))
    smooth = _lowpass(pitch, EVENT_LOWPASS_HZ, rate_hz)
    force = np.linalg.norm(acc, axis=1)
    landing, toe_off = [], []
    if len(swings) > 1:  # the last contact ends where the next swing would come
        swings = np.append(swings, min(2 * swings[-1] - swings[-2], len(time_s) - 1))
    for start, end in pairwise(swings):
        middle = start + int(LANDING_SHARE * (end - start))
        landing.append(time_s[start + int(force[start:middle].argmax())] + LANDING_OFFSET_S)
        toe_off.append(time_s[middle + int(smooth[middle:end].argmin())] + TOE_OFF_OFFSET_S)
    return np.array(landing), np.array(toe_off)


def _lowpass(signal: Array, cut_hz: float, rate_hz: float) -> Array:
    sos = butter(2, min(cut_hz, 0.45 * rate_hz), fs=rate_hz, output="sos")
    return sosfiltfilt(sos, signal)
