"""`gait scan` and `gait record`: sensors near by, and a session from them with a live view."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from gait import __version__
from gait.app.live import LiveView
from gait.app.outputs import Outputs, read_profile
from gait.app.source import Source
from gait.ble import FoundSensor, ShoeStream, scan
from gait.model import GaitError
from gait.recording import SessionWriter
from gait.recording.files import check_free

if TYPE_CHECKING:
    from gait.pipeline import Result
    from gait.risk import RunnerProfile

SCAN_S = 5.0
MOST_SHOES = 2
INTERRUPTED = 130
STARTING_S = 10.0  # virtual shoes may stream this long beyond the recording
VIRTUAL_RUN_S = 600.0  # how long virtual shoes run when nobody says


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Where to record to, for how long, and how."""

    session: Path
    seconds: float | None = None
    rate_hz: float | None = None
    notes: str = ""
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a recording."""

    result: "Result"
    started_at: str
    interrupted: bool


@asynccontextmanager
async def source_for(*, virtual: bool, seconds: float) -> AsyncIterator[Source]:
    """The machine's adapter, or two virtual shoes that run for `seconds`."""
    if not virtual:
        yield Source()
        return
    from gait.app.simulate import SimulateOptions
    from gait.app.virtual import virtual_shoes

    async with virtual_shoes(SimulateOptions(seconds=seconds)) as source:
        yield source


def run_scan(seconds: float, *, virtual: bool) -> None:
    async def look() -> list[FoundSensor]:
        async with source_for(virtual=virtual, seconds=seconds + 60.0) as source:
            return await scan(seconds, source.radio)

    with Console(stderr=True).status(f"Listening for {seconds:.0f} s …"):
        found = asyncio.run(look())
    if not found:
        raise GaitError(
            "No sensor was found; wake it by moving it, bring it near, and see `gait doctor`."
        )
    table = Table("name", "side", "address", "signal", "kind", box=None, pad_edge=False)
    for sensor in found:
        side = str(sensor.side) if sensor.side else "?"
        table.add_row(sensor.name, side, sensor.address, f"{sensor.rssi} dBm", sensor.profile.name)
    Console().print(table)


def run_record(
    options: RecordOptions, report: Path | None, profile_path: Path | None, *, virtual: bool
) -> None:
    """Record, then print the summary; exit code 130 where Ctrl-C ended it before its time."""
    outputs = Outputs(report=report, overwrite=options.overwrite)
    outputs.check()
    check_free(options.session, overwrite=options.overwrite)
    recorded = record_session(options, outputs, read_profile(profile_path), virtual=virtual)
    if recorded.interrupted and options.seconds is not None:
        raise SystemExit(INTERRUPTED)


def record_session(
    options: RecordOptions,
    outputs: Outputs,
    runner: "RunnerProfile | None" = None,
    *,
    virtual: bool,
    picture: Path | None = None,
) -> Recorded:
    """Record with a live view, then write and print what came of it."""
    stderr = Console(stderr=True, highlight=False, soft_wrap=True)
    with stderr.status("Loading the step detector (some seconds, the first time) …"):
        from gait.app.warm import warm_up
        from gait.pipeline import summarise
        from gait.risk import load_evidence

        warm_up()

    if virtual and options.seconds is None:
        options = replace(options, seconds=VIRTUAL_RUN_S)

    async def whole() -> Recorded:
        seconds = (options.seconds or 0.0) + STARTING_S
        async with source_for(virtual=virtual, seconds=seconds) as source:
            return await record_from(source, options, picture=picture)

    recorded = asyncio.run(whole())
    stderr.print(f"Recording: {options.session}")
    summary = summarise(
        recorded.result,
        source=options.session.name,
        started_at=recorded.started_at,
        runner=runner,
        evidence=load_evidence(),
    )
    outputs.write(summary, recorded.result.strides)
    return recorded


async def record_from(
    source: Source, options: RecordOptions, *, picture: Path | None = None
) -> Recorded:
    """Scan, connect and record; `picture` keeps the live view's last state as SVG."""
    from gait.app.recorder import Recorder, record_stream

    stderr = Console(stderr=True)
    with stderr.status("Looking for sensors …"):
        found = await scan(SCAN_S, source.radio, enough=MOST_SHOES)
    if not found:
        raise GaitError(
            "No sensor was found; wake it by moving it, bring it near, and see `gait doctor`."
        )
    if len(found) > MOST_SHOES:
        names = ", ".join(sensor.name for sensor in found)
        raise GaitError(
            f"More than two sensors are near ({names}); switch the others off and try again."
        )
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    async with ShoeStream(
        found, radio=source.radio, rate_hz=options.rate_hz, clock=source.clock
    ) as stream:
        with (
            SessionWriter(
                options.session,
                started_at=started_at,
                software=f"shoegait {__version__}",
                notes=options.notes,
                overwrite=options.overwrite,
            ) as writer,
            LiveView(stream.sensors, title=options.session.name, console=stderr) as view,
        ):
            recorder = Recorder(stream.sensors, writer, view)
            for name, content in source.attachments.items():
                writer.attach(name, content)

            def keep_picture() -> None:
                if picture is not None:
                    view.svg_snapshot(picture)

            interrupted = await record_stream(
                stream, recorder, seconds=options.seconds, before_stop=keep_picture
            )
    return Recorded(recorder.finish(), started_at, interrupted)
