"""`gait doctor`: what works on this machine, and how to mend what does not."""

import asyncio
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gait import __version__
from gait.ble import FoundSensor, Radio, listening
from gait.ble.platforms import DISCONNECT
from gait.ble.probe import probe
from gait.ble.problems import RADIO_ERRORS
from gait.ble.radio import radio_of
from gait.cli.console import what_it_measures
from gait.cli.known_sensors import KnownShoe, KnownShoes, known_shoes_path, labels
from gait.model import GaitError, SensorInfo

NEEDED_FREE_MB = 500
LISTEN_S = 4.0

EXTRAS = (
    ("bumble", "virtual", "virtual shoes (`gait demo`, `--virtual`)"),
    ("jinja2", "report", "the HTML report"),
    ("nicegui", "dashboard", "the roster in the browser (`gait dashboard`)"),
    ("garmin_fit_sdk", "fit", "FIT files (`gait export`)"),
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
        from gait.cli.warm import warm_up
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


def _bluetooth(radio: Radio) -> Finding:
    from gait.ble import adapter_status

    problem = adapter_status(radio)
    return Finding("Bluetooth", problem is None, problem or "an adapter is there and switched on")


def _facts(shoe: KnownShoe, info: SensorInfo, battery_pct: int | None) -> list[str]:
    facts = [shoe.side.value, shoe.profile, what_it_measures(info)]
    facts += [f"firmware {info.firmware}"] if info.firmware else []
    facts += [f"battery {battery_pct} %"] if battery_pct is not None else []
    return facts


async def _near(shoe: KnownShoe, found: FoundSensor, radio: Radio) -> Finding:
    """A known shoe that is heard: whether it can be used."""
    heard = f"near ({found.rssi} dBm)"
    try:
        seen = await probe(replace(found, worn=shoe.side), radio)
    except GaitError as error:
        paired = " It was paired with this machine when last recorded." if shoe.paired else ""
        return Finding(shoe.label, False, f"{heard}, but it cannot be used. {error}{paired}")
    facts = [heard, *_facts(shoe, seen.info, seen.battery_pct)]
    facts += [f"MTU {seen.mtu}"] if seen.mtu is not None else []
    facts += ["paired"] if seen.paired else []
    said = [f"{', '.join(facts)}.", *seen.remarks, *([seen.lacks] if seen.lacks else [])]
    return Finding(shoe.label, True, " ".join(said))


def _away(shoe: KnownShoe, taken: Collection[str], named: Collection[str]) -> Finding:
    """A known shoe that is not heard, and why that may be; `named` has the names that are."""
    last = ", ".join(_facts(shoe, shoe.info, shoe.battery_pct))
    if shoe.address.casefold() in taken:
        how = DISCONNECT.replace("ADDRESS", shoe.address)
        why = f"is connected to this machine already; end the other program that records, or {how}"
    elif shoe.paired and shoe.name.casefold() in named:  # by a private address, as to a stranger
        why = (
            "not heard by its address, but a sensor with its name is near: this machine has lost "
            "its pairing with it; switch it off and on, record with it and choose it again"
        )
    else:
        why = (
            "not heard: wake it by moving it, charge it, bring it near, and disconnect it from "
            "phones and watches, as a sensor that is connected elsewhere cannot be found"
        )
    return Finding(shoe.label, False, f"{why}. When last recorded: {last}.")


def _address(shoe: KnownShoe) -> str:
    return shoe.address.casefold()


async def _look(shoes: Sequence[KnownShoe], radio: Radio, seconds: float) -> list[Finding]:
    """Each known shoe as it is now. Raises GaitError where Bluetooth cannot be used."""
    async with listening(radio) as heard:
        await asyncio.sleep(seconds)
    near = {address.casefold(): sensor for address, sensor in heard.sensors.items()}
    taken: set[str] = set()
    with suppress(*RADIO_ERRORS):  # then nobody can say
        taken = {address.casefold() for address in await radio.connected()}
    findings = []
    own = set(map(_address, shoes))
    named = {sensor.name.casefold() for address, sensor in near.items() if address not in own}
    for shoe in shoes:
        found = near.get(_address(shoe))
        findings.append(await _near(shoe, found, radio) if found else _away(shoe, taken, named))
    told = zip(findings, labels(shoes), strict=True)
    return [replace(finding, what=label) for finding, label in told]


def shoe_findings(
    known: KnownShoes, *, bluetooth: bool, radio: Radio | None = None, seconds: float = LISTEN_S
) -> list[Finding]:
    """The file of known shoes, and each shoe in it; where Bluetooth works those that are heard are
    connected for a moment."""
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
            findings += asyncio.run(_look(shoes, radio or Radio(), seconds))
        except GaitError as error:
            return [*findings, Finding("Listening", False, str(error))]
    return findings


def _cache() -> Finding:
    """Compiled kernels of this and of earlier versions, which may be deleted at any time."""
    from gait.model.compiled import cache_folder

    kept = cache_folder().parent
    size_mb = sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()) / 1e6
    return Finding("Cache", True, f"{size_mb:.0f} MB in {kept}; it may be deleted at any time")


def _roster() -> Finding:
    """Whether it is sound, and how to go back where it is not."""
    from gait.cli.roster.archives import health_sentence
    from gait.roster import Roster, roster_path

    path = roster_path()
    health = Roster.health(path)
    if not path.exists() and not health.copies:
        return Finding("Roster", True, "none yet; `gait roster add NAME` begins one")
    said = health_sentence(path, health)
    return Finding("Roster", not health.problems, said, essential=bool(health.problems))


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


def run_doctor(adapter: str | None = None) -> int:
    """Print what was found; 0 where the essentials work, else 1."""
    radio = radio_of(adapter)
    bluetooth = _bluetooth(radio)
    findings = [
        _python(),
        _kernels(),
        _cache(),
        bluetooth,
        *shoe_findings(KnownShoes(known_shoes_path()), bluetooth=bluetooth.works, radio=radio),
        _roster(),
        _disk(),
        *(_extra(*e) for e in EXTRAS),
    ]
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        mark = "ok" if finding.works else ("missing" if not finding.essential else "FAILS")
        table.add_row(mark, Text(finding.what), Text(finding.said))  # what is in brackets stays
    console = Console()
    console.print(f"shoegait {__version__}")
    console.print(table)
    return 1 if any(f.essential and not f.works for f in findings) else 0
