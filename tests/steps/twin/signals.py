"""Sampled signals of one foot, and what is looked for in them."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Array = NDArray[np.float64]
Filter = tuple[Array, Array]  # b and a of a digital filter


@dataclass(frozen=True)
class Signals:
    """Consecutive samples in the foot frame: x heel → toe, y to the left, z up.

    time_s (n,) s; force (n, 3) specific force, m/s²; turn (n, 3) angular rate, rad/s;
    force_clipped and turn_clipped (n,): an axis was at the end of its range; filled (n,): no
    sample of the sensor but put in where a few were missing, filled_long (n,): where too many were.
    """

    time_s: Array
    force: Array
    turn: Array
    force_clipped: NDArray[np.bool_]
    turn_clipped: NDArray[np.bool_]
    filled: NDArray[np.bool_]
    filled_long: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, start: int, stop: int) -> "Signals":
        cut = slice(start, stop)
        return Signals(
            self.time_s[cut],
            self.force[cut],
            self.turn[cut],
            self.force_clipped[cut],
            self.turn_clipped[cut],
            self.filled[cut],
            self.filled_long[cut],
        )


def low_pass(cutoff_hz: float, rate_hz: float) -> Filter:
    """Second-order Butterworth; its cut-off stays below 0.4 of the rate."""
    b, a = cast(Filter, signal.butter(2, min(cutoff_hz, 0.4 * rate_hz), fs=rate_hz))
    return b, a


def zero_phase_low_pass(cutoff_hz: float, rate_hz: float) -> Filter:
    """As `low_pass`, for use forward and backward: then −3 dB is at `cutoff_hz`."""
    return low_pass(cutoff_hz / 0.802, rate_hz)


def smooth(x: Array, low: Filter) -> Array:
    """Forward and backward, each way begun as if the end value had always been there."""
    return signal.filtfilt(*low, x, axis=0, padtype=None)


def minima(x: Array) -> NDArray[np.intp]:
    """Indices of the inner minima; of a flat bottom the first."""
    return 1 + np.flatnonzero((x[1:-1] < x[:-2]) & (x[1:-1] <= x[2:]))


def lowest(x: Array, start: int, stop: int) -> int:
    """Index of the lowest value in [start, stop)."""
    return start + int(np.argmin(x[start:stop]))


def last_not_after(time_s: Array, t: float) -> int:
    """The last sample not after time `t`, the first if there is none."""
    return max(0, int(np.searchsorted(time_s, t, side="right")) - 1)


def first_after(time_s: Array, start: int, seconds: float) -> int:
    """The first sample at least `seconds` after sample `start`, the last if there is none."""
    later = start + int(np.searchsorted(time_s[start:], time_s[start] + seconds, side="left"))
    return min(later, len(time_s) - 1)


def time_of_minimum(time_s: Array, x: Array, i: int) -> float:
    """Time of the vertex of the parabola through the minimum `i` and its neighbours."""
    if not 0 < i < len(x) - 1:
        return float(time_s[i])
    before, here, after = x[i - 1 : i + 2]
    curvature = before - 2.0 * here + after
    samples = 0.5 * (before - after) / curvature if curvature else 0.0
    period = 0.5 * (time_s[i + 1] - time_s[i - 1])
    return float(time_s[i] + period * np.clip(samples, -0.5, 0.5))


def time_of_crossing(time_s: Array, x: Array, i: int) -> float:
    """Time between samples `i` and `i + 1` at which `x` is zero; that of `i` if it is the last."""
    if i == len(x) - 1:
        return float(time_s[i])
    share = x[i] / (x[i] - x[i + 1]) if x[i] != x[i + 1] else 0.0
    return float(time_s[i] + share * (time_s[i + 1] - time_s[i]))
