"""Where the recordings with independent truth are, and how a test reads them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import Samples

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data"

RUNNING = (
    "runnerA_3mps_left",
    "runnerA_3mps_right",
    "runnerA_5mps_right",
    "runnerB_2mps_left",
    "runnerB_2mps_right",
)
WALKING = (
    "walk_1-1_left",
    "walk_1-1_right",
    "walk_5-2_left",
    "walk_5-2_right",
    "walk_9-1_left",
    "walk_9-1_right",
)


def file_path(kind: str, name: str) -> Path:
    path = FOLDER / kind / name
    if not path.exists():
        pytest.skip(f"the shared recording {name} is not on this machine")
    return path


def table_path(kind: str, name: str) -> Path:
    return file_path(kind, f"{name}.csv.gz")


def samples(kind: str, name: str) -> Samples:
    data = np.loadtxt(table_path(kind, name), delimiter=",", skiprows=1)
    return Samples(data[:, 0].copy(), data[:, 1:4].copy(), data[:, 4:7].copy())


def truth(kind: str, name: str) -> NDArray[np.float64]:
    path = table_path(kind, name).with_name(f"{name}.truth.csv")
    return np.loadtxt(path, delimiter=",", skiprows=1)
