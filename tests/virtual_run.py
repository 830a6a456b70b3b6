"""A simulated session on disk, made once for all tests that need one."""

import csv
import io
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from gait.cli.simulate import SimulateOptions, virtual_feet, write_session
from gait.recording import Session, open_session


@cache
def session_path(scenario: str = "easy_run", seconds: float = 20.0, drop: tuple[str, ...] = ()):
    """The session file of a simulated run."""
    options = SimulateOptions(scenario, seconds, drop=drop)
    path = Path(mkdtemp(prefix="shoegait-test-")) / f"{scenario}.gait"
    write_session(path, virtual_feet(options), options, overwrite=False)
    return path


def session(scenario: str = "easy_run", seconds: float = 20.0, drop: tuple[str, ...] = ()):
    return open_session(session_path(scenario, seconds, drop))


def truth_of(recording: Session) -> list[dict[str, str]]:
    """The truth rows kept with a session, as written."""
    return list(csv.DictReader(io.StringIO(recording.attachments["truth.csv"].decode())))


def same_strides(one: np.ndarray, other: np.ndarray) -> None:
    """Every field of every stride, bit for bit."""
    assert len(one) == len(other)
    for name in one.dtype.names or ():
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
