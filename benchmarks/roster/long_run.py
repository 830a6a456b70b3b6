"""How long the report of a long run takes from asking for it, and how large it is.

The run is of two virtual shoes at 400 Hz, made once by `gait simulate` and kept beside this file.
The report is asked for as a coach does, `gait report` in a process of its own: starting Python,
reading, analysing and writing are all in it.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.roster.must import Must

KEPT = Path(__file__).parent / "kept"
LIMIT_S, LIMIT_MB = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Made:
    """A report: seconds from asking, seconds of processor of all its threads, megabytes."""

    wall_s: float
    cpu_s: float
    size_mb: float

    def __str__(self) -> str:
        return f"{self.wall_s:8.2f} s, {self.cpu_s:.2f} s of processor, {self.size_mb:.2f} MB"


def recording(seconds: float) -> Path:
    """The session file of so long a run, made where it is not there yet."""
    path = KEPT / f"run-{seconds:g}s.gait"
    if not path.exists():
        KEPT.mkdir(exist_ok=True)
        making = path.with_name(f"making-{path.name}")
        _gait("simulate", making, "--seconds", f"{seconds:g}", "--overwrite")
        making.replace(path)
    return path


def reports(session: Path, times: int) -> list[Made]:
    """So many reports of it, one after the other."""
    return [_report(session) for _ in range(times)]


def musts(made: list[Made]) -> list[Must]:
    """The best of several times counts: what else runs here can only add to it."""
    return [
        Must("report of the long run, from asking", min(m.wall_s for m in made), LIMIT_S, "s"),
        Must("its processor time alone", min(m.cpu_s for m in made), LIMIT_S, "s"),
        Must("its size", max(m.size_mb for m in made), LIMIT_MB, "MB"),
    ]


def _report(session: Path) -> Made:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        before, begun = os.times(), time.perf_counter()
        _gait("report", session, "-o", page)
        wall_s, after = time.perf_counter() - begun, os.times()
        cpu_s = sum(after[2:4]) - sum(before[2:4])
        return Made(wall_s, cpu_s, page.stat().st_size / 1e6)


def _gait(*arguments: object) -> None:
    command = [sys.executable, "-m", "gait", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
