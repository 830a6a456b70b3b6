"""A real sensor: sampling on its own clock, bandwidth, noise, bias, range, resolution, mounting."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

from gait.model import Samples, UsageError
from gait.model.arrays import Floats
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.simulate.motion import FootMotion

Vector = tuple[float, float, float]

_FINE_HZ = 2000.0


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """How one sensor measures. The defaults are those of a usual consumer motion chip.

    Noise densities are in µg/√Hz and (mdeg/s)/√Hz, biases in m/s² and deg/s along the sensor's
    axes. `mounting` is a rotation vector (rad) from the foot's axes to the sensor's: a vector u
    of the foot frame reads `Rotation.from_rotvec(mounting).apply(u)`. `bandwidth_hz` None is 0.45
    of the rate; the filter's delay counts as known and removed. `bits` None: no quantisation.
    A device time is `clock_offset_s + true time · (1 + clock_ppm · 10⁻⁶)`.
    """

    rate_hz: float = 400.0
    acc_range_g: float = 16.0
    gyr_range_dps: float | None = 2000.0
    acc_noise_ug: float = 120.0
    gyr_noise_mdps: float = 7.0
    acc_bias_m_s2: Vector = (0.0, 0.0, 0.0)
    gyr_bias_dps: Vector = (0.0, 0.0, 0.0)
    mounting: Vector = (0.0, 0.0, 0.0)
    bits: int | None = 16
    clock_ppm: float = 0.0
    clock_offset_s: float = 0.0
    bandwidth_hz: float | None = None

    def __post_init__(self) -> None:
        if not 10.0 <= self.rate_hz <= 4000.0:
            raise UsageError(f"A sensor's rate must be from 10 to 4000 Hz, is {self.rate_hz:g}.")
        if self.acc_range_g <= 0.0 or (self.gyr_range_dps is not None and self.gyr_range_dps <= 0):
            raise UsageError("A sensor's ranges must be above zero; for no gyroscope use None.")
        if self.bits is not None and not 6 <= self.bits <= 32:
            raise UsageError(f"A sensor's resolution must be from 6 to 32 bits, is {self.bits}.")

    def mounted(self, rotation: Rotation) -> "Sensor":
        """The same sensor, mounted with this rotation from the foot's axes to its own."""
        x, y, z = rotation.as_rotvec()
        return replace(self, mounting=(float(x), float(y), float(z)))

    def device_time(self, true_s: Floats) -> Floats:
        """The device's clock at true times, seconds."""
        return self.clock_offset_s + np.asarray(true_s) * (1.0 + 1e-6 * self.clock_ppm)

    def true_time(self, device_s: Floats) -> Floats:
        """The true time at times of the device's clock, seconds."""
        return (np.asarray(device_s) - self.clock_offset_s) / (1.0 + 1e-6 * self.clock_ppm)


def measure(motion: FootMotion, sensor: Sensor, *, seed: int) -> Samples:
    """What the sensor on this foot delivers: Samples in the sensor's axes, on its own clock.

    Samples are equally spaced on the device's clock. Values beyond the range are held at its
    end. The same seed gives the same samples.
    """
    rng = np.random.default_rng(seed)
    true_rate = sensor.rate_hz * (1.0 + 1e-6 * sensor.clock_ppm)
    n = math.floor(motion.duration_s * true_rate)
    force, rate = _band_limited(motion, n, true_rate, sensor)
    turn = Rotation.from_rotvec(sensor.mounting).as_matrix()
    acc_white = sensor.acc_noise_ug * 1e-6 * STANDARD_GRAVITY_M_S2
    acc = force @ turn.T + sensor.acc_bias_m_s2
    acc += _noise(rng, n, acc_white, sensor.rate_hz)
    acc = _digitise(acc, sensor.acc_range_g * STANDARD_GRAVITY_M_S2, sensor.bits)
    if sensor.gyr_range_dps is None:
        gyr = np.full((n, 3), np.nan)
    else:
        gyr = rate @ turn.T + np.array(sensor.gyr_bias_dps) * RAD_PER_DEG
        gyr += _noise(rng, n, sensor.gyr_noise_mdps * 1e-3 * RAD_PER_DEG, sensor.rate_hz)
        gyr = _digitise(gyr, sensor.gyr_range_dps * RAD_PER_DEG, sensor.bits)
    return Samples(sensor.clock_offset_s + np.arange(n) / sensor.rate_hz, acc, gyr)


def truth_on_device_clock(motion: FootMotion, sensor: Sensor) -> NDArray[np.void]:
    """The truth with contact times on the device's clock; durations stay true seconds."""
    truth = motion.truth.copy()
    for name in ("ic_s", "tc_s"):
        truth[name] = sensor.device_time(truth[name])
    return truth


def _band_limited(
    motion: FootMotion, n: int, rate_hz: float, sensor: Sensor
) -> tuple[Floats, Floats]:
    """Ideal signals at n sampling instants, after the anti-alias filter (zero delay)."""
    fold = math.ceil(_FINE_HZ / rate_hz) if rate_hz < _FINE_HZ else 1
    force, rate = motion.ideal_imu(np.arange(n * fold) / (rate_hz * fold))
    bandwidth = sensor.bandwidth_hz or 0.45 * sensor.rate_hz
    if bandwidth < 0.48 * rate_hz * fold and n * fold > 32:
        sos = butter(2, bandwidth, fs=rate_hz * fold, output="sos")
        force, rate = (sosfiltfilt(sos, signal, axis=0) for signal in (force, rate))
    return force[::fold], rate[::fold]


def _noise(rng: np.random.Generator, n: int, density: float, rate_hz: float) -> Floats:
    """White noise (n, 3) of a one-sided density per √Hz, sampled at a rate."""
    return rng.standard_normal((n, 3)) * density * math.sqrt(rate_hz / 2.0)


def _digitise(signal: Floats, full_scale: float, bits: int | None) -> Floats:
    if bits is None:
        return np.clip(signal, -full_scale, full_scale)
    steps = 2 ** (bits - 1)
    unit = full_scale / steps
    return np.clip(np.rint(signal / unit), -steps, steps - 1) * unit
