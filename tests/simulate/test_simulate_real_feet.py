"""The shape of a simulated stride against real running in the shared data folder."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gait.model import Side
from gait.simulate import Runner, Segment, simulate

DATA = Path(__file__).parents[3] / "shared" / "data" / "running"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the shared running data is not beside the project"
)


def mean_stride(time_s: np.ndarray, signal: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """Mean over strides, each stretched to 200 points."""
    strides = [
        np.interp(np.linspace(a, b, 200), time_s, signal)
        for a, b in pairwise(contacts)
        if b - a < 1.2
    ]
    return np.mean(strides, axis=0)


@needs_data
@pytest.mark.parametrize(
    ("name", "speed_m_s"),
    [
        ("runnerA_3mps_left", 3.0),
        ("runnerA_3mps_right", 3.0),
        ("runnerA_5mps_right", 5.0),
        ("runnerB_2mps_left", 2.0),
        ("runnerB_2mps_right", 2.0),
    ],
)
def test_pitch_rate_over_a_stride_is_like_a_real_runners(name: str, speed_m_s: float) -> None:
    with (DATA / f"{name}.truth.csv").open() as file:
        rows = list(csv.DictReader(file))
    contacts = np.array([float(row["ic_s"]) for row in rows])
    leaves = np.array([float(row["tc_s"]) for row in rows])
    strike = float(np.mean([float(row["toe_up_at_ic_deg"]) for row in rows]))
    table = np.loadtxt(DATA / f"{name}.csv.gz", delimiter=",", skiprows=1)
    real = mean_stride(table[:, 0], -table[:, 5], contacts)
    runner = Runner(
        foot_strike_deg=strike,
        cadence_spm=120.0 / float(np.median(np.diff(contacts))),
        contact_ms=1e3 * float(np.median(leaves - contacts)),
    )
    side = Side.LEFT if name.endswith("left") else Side.RIGHT
    segment = Segment(kind="run", duration_s=10.0, speed_m_s=speed_m_s)
    motion = simulate(runner, [segment], seed=1)[side]
    steady = motion.truth["ic_s"][motion.truth["steady"]]
    t = np.arange(0.0, motion.duration_s, 2.5e-3)
    simulated = mean_stride(t, -motion.angular_rate(t)[:, 1], steady)
    assert np.corrcoef(real, simulated)[0, 1] > 0.95
    assert np.ptp(simulated) == pytest.approx(np.ptp(real), rel=0.25)
