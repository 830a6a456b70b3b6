"""When a log was made: a sensor's own clock → host time, from what was seen at its two ends.

A log is written without a host. What was said when it began, and what the sensor answered when it
was asked later, are one or two moments at which both clocks are known; between them runs a line
whose drift is that of a quartz, fitted by least squares with what is known of quartzes beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.steps.alignment import MOST_DRIFT

DRIFT_SD = 1e-4 / np.sqrt(3.0)  # anything within ±100 ppm
WANDER = 4e-6  # of the drift, as the shoe cools down and warms up by some ten degrees
CLOCKS_APART_S = 0.5  # two hosts, each with a clock that is set by the network


@dataclass(frozen=True, slots=True)
class Seen:
    """At `device_s` of the sensor's clock it was `host_s`, give or take `sd_s`."""

    device_s: float
    host_s: float
    sd_s: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """host = device + offset + drift · (device − reference), and how well that is known."""

    offset_s: float
    drift: float
    reference_s: float
    covariance: NDArray[np.float64]
    seen: tuple[Seen, ...]

    def host(self, device_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return device_s + self.offset_s + self.drift * (device_s - self.reference_s)

    def sd_s(self, device_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """One standard deviation of `host` there; worst far from where the clocks were seen."""
        x = device_s - self.reference_s
        (offset, both), (_, drift) = self.covariance
        nearest = np.min([np.abs(device_s - seen.device_s) for seen in self.seen], axis=0)
        return np.sqrt(offset + 2.0 * both * x + drift * x**2 + (WANDER * nearest) ** 2)


def log_line(seen: Sequence[Seen]) -> LogLine:
    """The line through one moment or more. Raises ValueError for none."""
    if not seen:
        raise ValueError("a line needs a moment at which both clocks are known")
    reference, apart = seen[-1].device_s, seen[-1].host_s - seen[-1].device_s
    information = np.diag([0.0, DRIFT_SD**-2])
    weighted = np.zeros(2)
    for moment in seen:
        row = np.array([1.0, moment.device_s - reference])
        information += np.outer(row, row) / moment.sd_s**2
        weighted += row * (moment.host_s - moment.device_s - apart) / moment.sd_s**2
    covariance = np.linalg.inv(information)
    offset, drift = covariance @ weighted
    return LogLine(apart + float(offset), float(drift), reference, covariance, tuple(seen))


def agree(one: Seen, other: Seen) -> bool:
    """Whether one line can go through both: else one of the hosts had a wrong clock."""
    device_s = other.device_s - one.device_s
    off_s = abs(other.host_s - one.host_s - device_s)
    return device_s >= 0.0 and off_s <= MOST_DRIFT * device_s + CLOCKS_APART_S


def unwrapped_s(device_us: NDArray[np.int64], modulo_us: int) -> NDArray[np.float64]:
    """Device times in order, raw → seconds since the first, for steps shorter than one round."""
    steps = np.diff(device_us) % modulo_us
    return np.concatenate(([0.0], np.cumsum(steps) * 1e-6))[: len(device_us)]
