"""Many simulated sessions with their truth, and how far the session's medians are off.

`python tests/measures/virtual_sessions.py [COUNT]` prints the errors behind the `method_sd` of
the table of measures.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

from benchmarks.accuracy.runners import any_vector, evenly
from gait.model import Activity, SensorInfo, Side
from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.pipeline import Result, analyze_samples
from gait.simulate import FootMotion, Runner, Segment, Sensor, measure, simulate

STAND_S = 3.0
LARGEST_ROTATION_RAD = 2.5

# What varies between the sessions, each evenly spread from lowest to highest.
RANGES: dict[str, tuple[float, float]] = {
    "speed_m_s": (2.2, 4.6),
    "foot_strike_deg": (-6.0, 26.0),
    "height_m": (1.55, 1.92),
    "mass_kg": (50.0, 92.0),
    "pronation_left_deg": (4.0, 16.0),
    "pronation_right_deg": (4.0, 16.0),
    "roll_at_contact_deg": (-11.0, -2.0),
    "toe_out_deg": (0.0, 14.0),
    "contact_asymmetry_pct": (-4.0, 4.0),
    "step_asymmetry_pct": (-3.0, 3.0),
    "stride_cv_pct": (0.8, 2.0),
    "resonance_hz": (25.0, 90.0),
    "resonance_damping": (0.12, 0.35),
    "impact_severity": (0.5, 1.4),
}


@dataclass(frozen=True, slots=True)
class VirtualSession:
    runner: Runner
    speed_m_s: float
    seconds: float
    seed: int
    rate_hz: float = 400.0

    def motions(self) -> dict[Side, FootMotion]:
        stand = Segment(kind="stand", duration_s=STAND_S)
        run = Segment(kind="run", duration_s=self.seconds, speed_m_s=self.speed_m_s)
        return simulate(self.runner, [stand, run], seed=self.seed)

    def measured(self, motions: dict[Side, FootMotion], acc_range_g: float = 32.0) -> Result:
        """What the pipeline finds with a noisy, biased, arbitrarily mounted sensor a shoe."""
        feet = {}
        for number, (side, motion) in enumerate(motions.items()):
            rng = np.random.default_rng([self.seed, number])
            sensor = Sensor(
                rate_hz=self.rate_hz,
                acc_range_g=acc_range_g,
                acc_noise_ug=float(rng.uniform(80.0, 250.0)),
                gyr_noise_mdps=float(rng.uniform(4.0, 12.0)),
                acc_bias_m_s2=any_vector(rng, 0.15),
                gyr_bias_dps=any_vector(rng, 1.0),
            ).mounted(Rotation.from_rotvec(any_vector(rng, LARGEST_ROTATION_RAD / 3**0.5)))
            info = SensorInfo(
                side=side,
                rate_hz=sensor.rate_hz,
                acc_range_g=sensor.acc_range_g,
                gyr_range_dps=sensor.gyr_range_dps,
            )
            feet[side] = measure(motion, sensor, seed=2 * self.seed + number), info
        return analyze_samples(feet)


def sessions(count: int, seed: int = 7, rate_hz: float = 400.0) -> Iterator[VirtualSession]:
    """`count` runners who cover every range evenly; 12 to 15 s of running."""
    rng = np.random.default_rng(seed)
    spread = evenly(RANGES, count, rng)
    for i in range(count):
        values = {name: float(column[i]) for name, column in spread.items()}
        speed = values.pop("speed_m_s")
        seconds = float(rng.uniform(12.0, 15.0))
        yield VirtualSession(Runner(**values), speed, seconds, 1000 * seed + i, rate_hz)


def true_shock_g(motion: FootMotion) -> NDArray[np.float64]:
    """(n,) 10–20 Hz part of the upward specific force, RMS over each true contact, g.

    The band of one pass is wider, so that two passes are 3 dB down at 10 and at 20 Hz.
    """
    rate = 2000.0
    t = np.arange(0.0, motion.duration_s, 1.0 / rate)
    upward = motion.curve(t, 2)[:, 2] / STANDARD_GRAVITY_M_S2
    band = sosfiltfilt(butter(1, (8.37, 23.94), "bandpass", fs=rate, output="sos"), upward)
    inside = [(t >= row["ic_s"]) & (t <= row["tc_s"]) for row in motion.truth]
    return np.array([np.sqrt(np.mean(band[i] ** 2)) for i in inside])


def truth_of(motions: dict[Side, FootMotion]) -> dict[Side, dict[str, float]]:
    """The true session value of every measure that has one: medians of steady running."""
    contacts = {side: m.truth["ic_s"] for side, m in motions.items()}
    found = {}
    for side, motion in motions.items():
        steady = (motion.truth["activity"] == Activity.RUN) & motion.truth["steady"]
        rows = motion.truth[steady]
        names = [n for n in rows.dtype.names or () if n.endswith(("_ms", "_spm", "_deg", "_pct"))]
        names += ["pronation_velocity_deg_s", "impact_g", "stride_length_m", "speed_m_s"]
        values = {name: float(np.nanmedian(rows[name])) for name in names}
        values["cadence_spm"] = 120.0 * len(rows) / float(rows["stride_s"].sum())
        others = contacts[side.other]
        after = np.searchsorted(others, rows["ic_s"] + 0.05)
        step = np.append(others, np.nan)[after] - rows["ic_s"]
        values["step_time_ms"] = 1e3 * float(np.nanmedian(step))
        values["swing_ms"] = float(np.median(1e3 * rows["stride_s"] - rows["contact_ms"]))
        values["duty_factor_pct"] = float(np.median(rows["contact_ms"] / rows["stride_s"] / 10))
        values["step_length_m"] = 0.5 * values["stride_length_m"]
        values["shock_g"] = float(np.median(true_shock_g(motion)[steady]))
        found[side] = values
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 400.0
    errors: dict[str, list[tuple[float, float]]] = {}
    sides: dict[str, list[float]] = {}
    for session in sessions(count, rate_hz=rate):
        motions = session.motions()
        strides = session.measured(motions).strides
        off: dict[str, list[float]] = {}
        for side, values in truth_of(motions).items():
            mine = strides[strides["valid"] & (strides["side"] == (side is Side.RIGHT))]
            for name, true in values.items():
                if name in (mine.dtype.names or ()) and np.isfinite(mine[name]).sum() >= 3:
                    error = float(np.nanmedian(mine[name])) - true
                    errors.setdefault(name, []).append((error, true))
                    off.setdefault(name, []).append(error)
        for name, both in off.items():
            if len(both) == 2:
                sides.setdefault(name, []).append(both[0] - both[1])
    say = sys.stdout.write
    say(f"{'measure':28}{'n':>4}{'mean':>8}{'sd':>8}{'95 %':>8}{'95 % rel':>9}{'l-r sd':>8}\n")
    for name, pairs in errors.items():
        e, t = np.array(pairs).T
        relative = np.percentile(np.abs(100 * e / np.where(t == 0, np.nan, t)), 95)
        say(
            f"{name:28}{len(e):4}{e.mean():8.3f}{e.std():8.3f}"
            f"{np.percentile(np.abs(e), 95):8.3f}{relative:8.1f}%{np.std(sides[name]):8.3f}\n"
        )


if __name__ == "__main__":
    main()
