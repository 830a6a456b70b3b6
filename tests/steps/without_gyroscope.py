"""Accelerometers alone, as the tests of their steps need them: simulated, real and shaken."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation
from shared_data import samples

from gait.model import Samples, SensorInfo, Side
from gait.model.units import STANDARD_GRAVITY_M_S2 as G
from gait.simulate import Sensor, measure, simulate, truth_on_device_clock
from gait.simulate.runner import Runner, Segment
from gait.steps.detector import StepDetector

RANGE_G = 8.0
RATE_HZ = 100.0


def sensor(rate_hz: float = RATE_HZ, acc_range_g: float = RANGE_G) -> SensorInfo:
    return SensorInfo(side=Side.LEFT, rate_hz=rate_hz, acc_range_g=acc_range_g, has_gyroscope=False)


def alone(acc: NDArray[np.float64], time_s: NDArray[np.float64] | None = None) -> Samples:
    """Specific force (n, 3), m/s², cut at the range, with no gyroscope beside it."""
    time = np.arange(len(acc)) / RATE_HZ if time_s is None else time_s
    return Samples(time, np.clip(acc, -RANGE_G * G, RANGE_G * G), np.full_like(acc, np.nan))


def simulated(
    runner: Runner,
    segments: list[Segment],
    *,
    seed: int,
    rate_hz: float = RATE_HZ,
    acc_range_g: float = RANGE_G,
) -> tuple[Samples, NDArray[np.void]]:
    """The left foot's samples in a random mounting, and the truth."""
    motion = simulate(runner, segments, seed=seed)[Side.LEFT]
    worn = Sensor(rate_hz=rate_hz, acc_range_g=acc_range_g, gyr_range_dps=None, clock_ppm=15.0)
    worn = worn.mounted(Rotation.random(None, seed))
    return measure(motion, worn, seed=seed), truth_on_device_clock(motion, worn)


def real(kind: str, name: str, seed: int) -> Samples:
    """A shared recording at 100 Hz and ±8 g in a random mounting."""
    whole = samples(kind, name)
    rate_hz = 1.0 / float(np.median(np.diff(whole.time_s)))
    acc = Rotation.random(None, seed).apply(whole.acc)
    step = round(rate_hz / RATE_HZ)
    if step > 1:
        acc = sosfiltfilt(butter(2, 45.0, fs=rate_hz, output="sos"), acc, axis=0)
    return alone(acc[::step], whole.time_s[::step])


def steps_of(
    recording: Samples, info: SensorInfo | None = None, block: int = 10**9
) -> tuple[StepDetector, NDArray[np.void]]:
    """The detector after these samples, and the strides it closed."""
    detector = StepDetector(info or sensor())
    closed = []
    for start in range(0, len(recording), block):
        closed += list(detector.push(recording[start : start + block]))
    closed += list(detector.finish())
    nothing = np.zeros(0, dtype=[("ic_s", float), ("next_ic_s", float), ("activity", int)])
    return detector, np.concatenate([c.strides for c in closed]) if closed else nothing


def band_noise(low_hz: float, high_hz: float, size_g: float, seconds: float, seed: int):
    """Gravity and noise (n, 3) of a band, m/s²: a shoe that is handled, carried, thrown."""
    rng = np.random.default_rng(seed)
    band = butter(2, [low_hz, high_hz], "bandpass", fs=RATE_HZ, output="sos")
    noise = sosfiltfilt(band, rng.standard_normal((int(seconds * RATE_HZ), 3)), axis=0)
    return noise * size_g * G / noise.std() + [0.0, 0.0, G]


def shaken(hz: float, size_g: float, seconds: float, seed: int, other_axis: float):
    """A hand that shakes the shoe, not quite evenly and with a second swing at twice the pace."""
    rng = np.random.default_rng(seed)
    n = int(seconds * RATE_HZ)
    pace = hz * (1.0 + 0.1 * np.repeat(rng.standard_normal(n // 50 + 1), 50)[:n])
    phase = np.cumsum(2.0 * np.pi * pace / RATE_HZ)
    first, second = rng.standard_normal((2, 3))
    first /= np.linalg.norm(first)
    swing = np.sin(phase)[:, None] * first
    swing += 0.3 * other_axis * np.sin(2.0 * phase + 1.0)[:, None] * second
    return size_g * G * swing + [0.0, 0.0, G] + 0.5 * rng.standard_normal((n, 3))
