"""Stretches of life for a simulated foot, and what the detector made of them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from gait.measures.strides import measure_strides
from gait.model import Activity, Samples, SensorInfo, Side
from gait.simulate import FootMotion, Runner, Segment, Sensor, measure, simulate
from gait.steps.detector import StepDetector

Strides = NDArray[np.void]

RUNNERS = ((16.0, 3.0), (2.5, 4.5), (-6.0, 2.2))  # strike (°) and speed (m/s)
INFO = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0)
SAME_S = 0.1  # a found contact this near to a true one is that one
RECOVERED = 3  # true strides after a disturbance until all are found …
MEASURED = 7  # … and until they are measured right
BENT_DEG = 3.0
BENT_SPEED = 0.05


@cache
def moved(strike_deg: float, *segments: Segment) -> FootMotion:
    """A left foot; each set of segments has its own seed, so stride noise differs."""
    seed = round(sum(10 * s.speed_m_s + s.duration_s for s in segments) + strike_deg) % 97
    return simulate(Runner(foot_strike_deg=strike_deg), segments, seed=seed)[Side.LEFT]


def run(duration_s: float, speed_m_s: float, turn_deg: float = 0.0) -> Segment:
    return Segment(kind="run", duration_s=duration_s, speed_m_s=speed_m_s, turn_deg=turn_deg)


def walk(duration_s: float, speed_m_s: float = 1.3, turn_deg: float = 0.0) -> Segment:
    return Segment(kind="walk", duration_s=duration_s, speed_m_s=speed_m_s, turn_deg=turn_deg)


def stop(duration_s: float) -> Segment:
    return Segment(kind="stop", duration_s=duration_s)


def worn(motion: FootMotion, seed: int) -> Samples:
    """What a sensor in a random mounting gives."""
    sensor = Sensor(gyr_bias_dps=(0.4, -0.3, 0.2)).mounted(Rotation.random(None, seed))
    return measure(motion, sensor, seed=seed)


def without(samples: Samples, start_s: float, end_s: float) -> Samples:
    """The samples with a drop-out."""
    kept = (samples.time_s < start_s) | (samples.time_s >= end_s)
    breaks = np.zeros(int(kept.sum()), dtype=np.bool_)
    breaks[np.searchsorted(samples.time_s[kept], end_s)] = True
    return Samples(samples.time_s[kept], samples.acc[kept], samples.gyr[kept], breaks)


@dataclass(frozen=True)
class Life:
    """What was found, and the truth of the steps."""

    found: Strides
    truth: Strides
    remounted: int

    def between(self, start_s: float, end_s: float) -> Strides:
        at = self.found["ic_s"]
        return self.found[(at > start_s) & (at < end_s)]

    def true_after(self, at_s: float, strides: int) -> Strides:
        """True strides from so many whole ones after a time on."""
        return self.truth[self.truth["ic_s"] > at_s][strides:]

    def of(self, truth: Strides) -> Strides:
        """The nearest found stride to each true one."""
        return self.found[[np.abs(self.found["ic_s"] - t).argmin() for t in truth["ic_s"]]]

    def missed_after(self, at_s: float, strides: int = RECOVERED) -> int:
        """True strides missed or of another kind, and false ones, from `strides` after a time."""
        truth = self.true_after(at_s, strides)
        nearest = self.of(truth)
        right = np.abs(nearest["ic_s"] - truth["ic_s"]) < SAME_S
        right &= nearest["activity"] == truth["activity"]
        first, last = truth["ic_s"][[0, -1]]
        inside = self.between(first - SAME_S, last + SAME_S)
        return int((~right).sum()) + max(0, len(inside) - int(right.sum()))

    def bent_after(self, at_s: float, strides: int = MEASURED) -> list[str]:
        """Measures of running whose typical error is too large, or that are mostly empty.

        A third may be missing, where the sensor was at the end of its range.
        """
        truth = self.true_after(at_s, strides)
        truth = truth[(truth["activity"] == Activity.RUN) & truth["steady"]]
        nearest = self.of(truth)
        limits = {
            "strike_angle_deg": BENT_DEG,
            "pronation_excursion_deg": BENT_DEG,
            "roll_at_ic_deg": BENT_DEG,
            "speed_m_s": BENT_SPEED * float(np.median(truth["speed_m_s"])),
        }
        assert len(truth) >= 3
        bent = []
        for name, limit in limits.items():
            error = nearest[name] - truth[name]
            known = np.isfinite(error)
            if known.sum() < len(truth) / 3.0 or abs(np.median(error[known])) >= limit:
                bent.append(name)
        return bent


def lived(motion: FootMotion, samples: Samples, block: int = 10**9) -> Life:
    detector = StepDetector(INFO)
    closed = []
    for start in range(0, len(samples), block):
        closed += detector.push(samples[start : start + block])
    closed += detector.finish()
    found = np.concatenate([measure_strides(c) for c in closed])
    return Life(found, motion.truth, detector.remounted)


def valid_runs(strides: Strides) -> int:
    return int((strides["valid"] & (strides["activity"] == Activity.RUN)).sum())
