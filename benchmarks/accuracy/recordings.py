"""Recordings with truth: shared ones of real runners, and the simulated runner."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.accuracy.score import Truth
from gait.model import Samples, SensorInfo, Side
from gait.recording import read_table

PROJECT = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("SHOEGAIT_SHARED_DATA", PROJECT.parent / "shared" / "data"))


@dataclass(frozen=True, slots=True)
class Recording:
    """One foot of one recording."""

    name: str
    samples: Samples
    info: SensorInfo
    truth: Truth
    speed_m_s: float


def real_running() -> Iterator[Recording]:
    """Treadmill running with force-plate contacts; nothing where the data are not there."""
    for path in sorted((SHARED / "running").glob("*.csv.gz")):
        name = path.name.removesuffix(".csv.gz")
        side = Side(name.rsplit("_", 1)[1])
        table = read_table(path, side=side)
        rows = np.genfromtxt(
            path.with_name(f"{name}.truth.csv"), delimiter=",", names=True, dtype=float
        )
        speed = float(name.split("_")[1].removesuffix("mps"))
        stride_s = np.append(np.diff(rows["ic_s"]), np.nan)
        truth = Truth(
            rows["ic_s"],
            rows["tc_s"],
            rows["toe_up_at_ic_deg"],
            rows["eversion_excursion_deg"],
            np.full(len(rows), speed),
            speed * stride_s,
        )
        yield Recording(name, table.samples, table.info, truth, speed)


def any_rotation(rng: np.random.Generator) -> Rotation:
    """Every direction is equally likely."""
    return Rotation.from_quat(rng.normal(size=4))


def turned(recording: Recording, rotation: Rotation, label: str) -> Recording:
    """The same with the sensor mounted in another way."""
    s = recording.samples
    samples = Samples(s.time_s, rotation.apply(s.acc), rotation.apply(s.gyr), s.breaks)
    return replace(recording, name=f"{recording.name} {label}".strip(), samples=samples)


ACC_STEP_M_S2 = 16 * 9.80665 / 32768  # ±16 g in 16 bits
GYR_STEP_RAD_S = np.radians(2000.0) / 32768  # ±2000 °/s in 16 bits


def digitised(recording: Recording) -> Recording:
    """In the steps of a 16-bit ±16 g, ±2000 °/s sensor, along its own axes."""
    s = recording.samples
    samples = Samples(
        s.time_s,
        np.rint(s.acc / ACC_STEP_M_S2) * ACC_STEP_M_S2,
        np.rint(s.gyr / GYR_STEP_RAD_S) * GYR_STEP_RAD_S,
        s.breaks,
    )
    return replace(recording, samples=samples)


def degraded(recording: Recording, seed: int) -> Recording:
    """With more noise, a gyroscope bias and the steps of a 16-bit ±16 g, ±2000 °/s sensor."""
    rng = np.random.default_rng(seed)
    s = recording.samples
    acc = s.acc + rng.normal(0.0, 0.05, s.acc.shape)
    gyr = s.gyr + rng.normal(0.0, 0.005, s.gyr.shape) + np.radians(rng.uniform(-2, 2, 3))
    noisy = replace(
        recording, name=f"{recording.name} noisy", samples=Samples(s.time_s, acc, gyr, s.breaks)
    )
    return digitised(noisy)


def disturbed(recordings: Iterable[Recording]) -> Iterator[Recording]:
    """Each as from another mounting on a worse sensor."""
    for seed, recording in enumerate(recordings):
        yield degraded(turned(recording, any_rotation(np.random.default_rng(seed)), "turned"), seed)
