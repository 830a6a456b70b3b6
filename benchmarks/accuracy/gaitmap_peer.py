"""gaitmap in an environment of its own, made once in the user's cache folder."""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from rich.console import Console

from gait.model import Samples, SensorInfo

PACKAGES = ("gaitmap==2.6.0", "gaitmap_mad==2.6.0")  # the template matching is in the second
WORKER = Path(__file__).with_name("gaitmap_worker.py")


class NotInstalledError(Exception):
    """gaitmap could not be installed here; the message says why."""


def environment(console: Console) -> Path:
    """The Python that has gaitmap. Installs it on first use; `SHOEGAIT_GAITMAP_PYTHON` names
    one that has it already."""
    given = os.environ.get("SHOEGAIT_GAITMAP_PYTHON")
    if given:
        return Path(given)
    folder = user_cache_path("shoegait") / "benchmarks" / "gaitmap"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if _has(python):
        return python
    with console.status(f"Installing {', '.join(PACKAGES)} into an environment of its own …"):
        try:
            venv.create(folder, with_pip=True, clear=True)
            _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
        except (OSError, subprocess.CalledProcessError) as error:
            text = getattr(error, "stderr", "") or str(error)
            raise NotInstalledError(text.strip().splitlines()[-1]) from error
    return python


def run_gaitmap(
    feet: Sequence[tuple[Samples, SensorInfo, bool]], console: Console
) -> tuple[str, list[dict[str, dict]]]:
    """gaitmap's version, and what it found: for each foot, setting → segmented, events or error.

    `feet`: samples, sensor, and whether the axes are the foot's.
    """
    python = environment(console)
    arrays: dict[str, np.ndarray] = {"count": np.array(len(feet))}
    for i, (samples, info, aligned) in enumerate(feet):
        arrays |= {
            f"time_{i}": samples.time_s,
            f"acc_{i}": samples.acc,
            f"gyr_{i}": samples.gyr,
            f"side_{i}": np.array(str(info.side)),
            f"aligned_{i}": np.array(aligned),
        }
    with tempfile.TemporaryDirectory() as folder, console.status("gaitmap at work …"):
        source, target = Path(folder, "in.npz"), Path(folder, "out.json")
        np.savez(source, allow_pickle=False, **arrays)
        try:
            _run([str(python), str(WORKER), str(source), str(target)])
        except (OSError, subprocess.CalledProcessError) as error:
            text = getattr(error, "stderr", "") or str(error)
            raise NotInstalledError(text.strip().splitlines()[-1]) from error
        answer = json.loads(target.read_text())
    return answer["version"], answer["found"]


def _has(python: Path) -> bool:
    try:
        _run([str(python), "-c", "import gaitmap, gaitmap_mad"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _run(command: list[str]) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    subprocess.run(command, check=True, capture_output=True, text=True, env=clean)
