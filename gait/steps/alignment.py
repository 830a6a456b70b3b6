"""Two shoes on one clock: device time → host time from the fastest deliveries.

A packet arrives after its last sample was taken, at best almost at once, often later. So host
minus device time never lies below the true offset of the clocks, and touches it now and then:
the offset (and its drift) is the line below all points that lies closest to them.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BIN_S = 2.0  # one point, the lowest, is kept of so much time: memory grows by 1,800 an hour
MOST_DRIFT = 2e-4  # quartz is better than ±100 ppm; two of them, and some
DRIFT_NEEDS_S = 60.0
LEAST_UNCERTAINTY_S = 0.001
UNKNOWN_DELAY_S = 0.004  # half a connection interval of 7.5 ms: the part no one-way delay shows


@dataclass(frozen=True, slots=True)
class ClockLine:
    """host = device + offset + drift · (device − reference); `uncertainty_s` one sd."""

    offset_s: float
    drift: float
    reference_s: float
    uncertainty_s: float

    def host(self, device_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return device_s + self.offset_s + self.drift * (device_s - self.reference_s)


def _lower_hull(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[int]:
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (x[b] - x[a]) * (y[i] - y[a]) > (y[b] - y[a]) * (x[i] - x[a]):
                break
            hull.pop()
        hull.append(i)
    return hull


class DeliveryClock:
    """Collects when packets arrived; gives the line between the clocks."""

    def __init__(self) -> None:
        self._best: dict[int, tuple[float, float]] = {}

    def push(self, last_s: NDArray[np.float64], host_s: NDArray[np.float64]) -> None:
        """last_s (n,) device time of each packet's last sample, host_s (n,) its arrival."""
        if len(last_s) == 0:
            return
        delay = host_s - last_s
        bins = np.floor(last_s / BIN_S).astype(np.int64)
        starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
        for first, lowest in zip(starts, np.minimum.reduceat(delay, starts), strict=True):
            key = int(bins[first])
            at = float(last_s[first])
            best = self._best.get(key)
            # the bin's time is that of its first packet, so blocks of any size agree
            if best is None:
                self._best[key] = (at, float(lowest))
            elif lowest < best[1]:
                self._best[key] = (best[0], float(lowest))

    def line(self) -> ClockLine | None:
        """The line below all deliveries; None before the first packet."""
        if not self._best:
            return None
        points = np.array([self._best[key] for key in sorted(self._best)])
        x, y = points[:, 0], points[:, 1]
        middle = float(x.mean())
        drift = 0.0
        if x[-1] - x[0] >= DRIFT_NEEDS_S:
            hull = _lower_hull(x, y)
            for a, b in pairwise(hull):
                if x[a] <= middle <= x[b]:
                    drift = float(np.clip((y[b] - y[a]) / (x[b] - x[a]), -MOST_DRIFT, MOST_DRIFT))
        above = y - drift * (x - middle)
        offset = float(above.min())
        typical = float(np.median(above) - offset)
        uncertainty = float(np.hypot(np.hypot(typical / 2.0, UNKNOWN_DELAY_S), LEAST_UNCERTAINTY_S))
        return ClockLine(offset, drift, middle, uncertainty)
