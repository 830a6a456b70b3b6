"""`gait doctor`: what works on this machine, and how to mend what does not."""

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gait import __version__

NEEDED_FREE_MB = 500

EXTRAS = (
    ("bumble", "virtual", "virtual shoes (`gait demo`, `--virtual`)"),
    ("jinja2", "report", "the HTML report"),
    ("matplotlib", "report", "pictures in the report"),
    ("pyarrow", "parquet", "IMU tables as Parquet"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `essential` ones decide the exit code."""

    what: str
    works: bool
    said: str
    essential: bool = False


def _python() -> Finding:
    return Finding(
        "Python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.system()}"
    )


def _kernels() -> Finding:
    try:
        from gait.app.warm import warm_up
        from gait.model.compiled import cache_folder
        from gait.pipeline import Pipeline  # noqa: F401 - compiles on import of its kernels

        seconds = warm_up()
    except Exception as error:
        return Finding("Step detector", False, f"could not be compiled: {error}", essential=True)
    kept = cache_folder()
    try:
        kept.mkdir(parents=True, exist_ok=True)
        writable = os.access(kept, os.W_OK)
    except OSError:
        writable = False
    said = f"ready after {seconds:.1f} s"
    if not writable:
        said += "; its cache cannot be written, so every start will compile again"
    return Finding("Step detector", True, said, essential=True)


def _bluetooth() -> Finding:
    from gait.ble import adapter_status

    problem = adapter_status()
    return Finding("Bluetooth", problem is None, problem or "an adapter is there and switched on")


def _disk() -> Finding:
    free_mb = shutil.disk_usage(Path.cwd()).free / 1e6
    try:
        with tempfile.TemporaryFile(dir=Path.cwd()):
            writable = True
    except OSError:
        writable = False
    if not writable:
        return Finding("Disk", False, "this folder may not be written; change to another")
    return Finding(
        "Disk",
        free_mb >= NEEDED_FREE_MB,
        f"{free_mb / 1e3:.1f} GB free here; an hour of two shoes takes about 41 MB",
    )


def _extra(module: str, extra: str, purpose: str) -> Finding:
    there = find_spec(module) is not None
    mend = f"for {purpose}: pip install 'shoegait[{extra}]'"
    return Finding(module, there, purpose if there else mend)


def run_doctor() -> int:
    """Print what was found; 0 where the essentials work, else 1."""
    findings = [_python(), _kernels(), _bluetooth(), _disk(), *(_extra(*e) for e in EXTRAS)]
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        mark = "ok" if finding.works else ("missing" if not finding.essential else "FAILS")
        table.add_row(mark, finding.what, finding.said)
    console = Console()
    console.print(f"shoegait {__version__}")
    console.print(table)
    return 1 if any(f.essential and not f.works for f in findings) else 0
