"""`gait doctor`: what works on this machine, and how to mend what does not."""

import asyncio
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gait import __version__
from gait.app.known import KnownShoe, KnownShoes, known_shoes_path
from gait.app.sensor_table import what_it_measures
from gait.ble import FoundSensor, Radio, listening
from gait.ble.bluez import connected_here
from gait.model import GaitError

NEEDED_FREE_MB = 500
LISTEN_S = 4.0

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


def _shoe(shoe: KnownShoe, heard: Mapping[str, FoundSensor], taken: Collection[str]) -> Finding:
    """Whether a known shoe can be had now, and if not, why that may be."""
    address = shoe.address.casefold()
    facts = [shoe.side.value, shoe.profile, what_it_measures(shoe.info)]
    if shoe.info.firmware:
        facts.append(f"firmware {shoe.info.firmware}")
    if shoe.battery_pct is not None:
        facts.append(f"battery {shoe.battery_pct} % when last recorded")
    said = ", ".join(facts)
    found = heard.get(address)
    if found is not None:
        return Finding(shoe.label, True, f"near ({found.rssi} dBm); {said}")
    if address in taken:
        return Finding(
            shoe.label,
            False,
            "is connected to this machine already; end the other program that records, or run "
            f"`bluetoothctl disconnect {shoe.address}`; {said}",
        )
    return Finding(
        shoe.label,
        False,
        "not heard: wake it by moving it, charge it, bring it near, and disconnect it from phones "
        f"and watches, as a sensor that is connected elsewhere cannot be found; {said}",
    )


async def _look(radio: Radio | None, seconds: float) -> tuple[dict[str, FoundSensor], set[str]]:
    """What advertises near by, and what is connected to this machine already, by address."""
    async with listening(radio) as heard:
        await asyncio.sleep(seconds)
    near = {address.casefold(): sensor for address, sensor in heard.sensors.items()}
    return near, {address.casefold() for address in await connected_here()}


def shoe_findings(
    known: KnownShoes, *, bluetooth: bool, radio: Radio | None = None, seconds: float = LISTEN_S
) -> list[Finding]:
    """The file of known shoes, and each shoe in it; listens where Bluetooth works."""
    try:
        shoes = known.all()
    except GaitError as error:
        return [Finding("Known shoes", False, str(error))]
    if known.problem:
        return [Finding("Known shoes", False, known.problem)]
    said = f"{len(shoes)} in {known.path}" if shoes else "none yet; `gait record` remembers them"
    findings = [Finding("Known shoes", True, said)]
    if shoes and bluetooth:
        try:
            heard, taken = asyncio.run(_look(radio, seconds))
        except GaitError as error:
            return [*findings, Finding("Listening", False, str(error))]
        findings += [_shoe(shoe, heard, taken) for shoe in shoes]
    return findings


def _cache() -> Finding:
    """Compiled kernels of this and of earlier versions, which may be deleted at any time."""
    from gait.model.compiled import cache_folder

    kept = cache_folder().parent
    size_mb = sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()) / 1e6
    return Finding("Cache", True, f"{size_mb:.0f} MB in {kept}; it may be deleted at any time")


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
    bluetooth = _bluetooth()
    findings = [
        _python(),
        _kernels(),
        _cache(),
        bluetooth,
        *shoe_findings(KnownShoes(known_shoes_path()), bluetooth=bluetooth.works),
        _disk(),
        *(_extra(*e) for e in EXTRAS),
    ]
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        mark = "ok" if finding.works else ("missing" if not finding.essential else "FAILS")
        table.add_row(mark, finding.what, finding.said)
    console = Console()
    console.print(f"shoegait {__version__}")
    console.print(table)
    return 1 if any(f.essential and not f.works for f in findings) else 0
