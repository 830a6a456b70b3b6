"""`gait record`: a session from the shoes near by, with a live view."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import Signals
from typing import TYPE_CHECKING

from rich.console import Console

from gait import __version__
from gait.athletes.runner import Chosen, check_one_source, kept_summary, runner_of
from gait.ble import ShoeStream
from gait.cli.console import say
from gait.cli.known_sensors import KnownShoes, known_shoes_path, now
from gait.cli.sensor_selection import (
    Ask,
    ask_at_terminal,
    find_shoes,
    remember,
    say_what_is_old,
)
from gait.cli.source import Source, source_for
from gait.live.cues import CueMaker, CueSettings, HapticCues
from gait.live.run import RecordingControls
from gait.live.shutdown import exit_code, in_words, on_signals
from gait.live.terminal import live_view
from gait.model import GaitError, SensorInfo, Side
from gait.recording import SessionWriter
from gait.recording.files import DiskReserve, check_free
from gait.report.outputs import Outputs, read_profile

if TYPE_CHECKING:
    from gait.live.feet import Usual
    from gait.live.recorder import Recorder
    from gait.model import Summary
    from gait.pipeline import Result
    from gait.risk import RunnerProfile

FAILED = 1
STARTING_S = 10.0  # virtual shoes may stream this long beyond the recording
VIRTUAL_RUN_S = 600.0  # how long virtual shoes run when nobody says


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Where to record to, for how long, and how.

    `worn` has the name or address of the sensor on each foot, where the runner says it.
    """

    session: Path
    seconds: float | None = None
    rate_hz: float | None = None
    notes: str = ""
    overwrite: bool = False
    worn: Mapping[Side, str] = field(default_factory=dict)
    cues: CueSettings | None = field(default_factory=CueSettings)
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """What came of a recording.

    found    : None where the analysis failed as a whole
    ended_by : the signal that ended it
    refused  : what the disk said where that ended it
    path     : the file that holds it, closed and read back
    troubles : sentences on what went wrong here
    """

    found: "Result | None"
    started_at: str
    ended_by: Signals | None = None
    refused: str = ""
    path: Path = field(default_factory=Path)
    troubles: Sequence[str] = ()

    @property
    def interrupted(self) -> bool:
        return self.ended_by is not None

    @property
    def result(self) -> "Result":
        """Raises GaitError where the analysis failed as a whole."""
        if self.found is None:
            raise GaitError(" ".join(self.troubles))
        return self.found


def run_record(
    options: RecordOptions,
    outputs: Outputs,
    profile_path: Path | None,
    chosen: Chosen | None = None,
    *,
    virtual: bool,
) -> None:
    """Record, then print the summary, and keep it for the athlete that was `chosen`.

    Exit code 130, 143 or 129 where a signal ended it, but 0 for a Ctrl-C that was awaited; 1 for a
    disk that took no more, and where there is no result.
    """
    outputs.check()
    check_free(options.session, overwrite=options.overwrite)
    check_one_source(profile_path, chosen)
    if chosen is not None:
        with runner_of(chosen):
            pass  # a name that is not in the roster is told before the run
    runner = read_profile(profile_path)
    recorded = record_session(options, outputs, runner, chosen, virtual=virtual)
    if recorded.refused or recorded.found is None:
        raise SystemExit(FAILED)
    by = recorded.ended_by
    if by is not None and not (by is Signals.SIGINT and options.seconds is None):
        raise SystemExit(exit_code(by))


def record_session(
    options: RecordOptions,
    outputs: Outputs,
    runner: "RunnerProfile | None" = None,
    chosen: Chosen | None = None,
    *,
    virtual: bool,
) -> RecordedSession:
    """Record with a live view, then write and print what came of it."""
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    with stderr.status("Loading the step detector (some seconds, the first time) …"):
        from gait.cli.warm import warm_up

        try:
            warm_up()
        except GaitError as error:  # what comes is recorded all the same
            say(str(error))

    if virtual and options.seconds is None:
        options = replace(options, seconds=VIRTUAL_RUN_S)

    def usual(sensors: Sequence[SensorInfo]) -> "Mapping[Side, Usual]":
        if chosen is None:
            return {}
        with runner_of(chosen) as whose:
            return whose.usual(sensors)

    async def whole() -> RecordedSession:
        seconds = (options.seconds or 0.0) + STARTING_S
        async with source_for(virtual=virtual, seconds=seconds, adapter=options.adapter) as source:
            known = KnownShoes(None if virtual else known_shoes_path())
            ask = None if virtual else ask_at_terminal()
            return await record_from(source, options, known=known, ask=ask, usual=usual)

    recorded = asyncio.run(whole())
    for trouble in recorded.troubles:
        say(trouble)
    if recorded.refused:
        say(f"{recorded.refused} The recording was ended; everything up to then is saved.")
    elif recorded.ended_by not in (None, Signals.SIGINT):
        say(f"The recording was ended: {in_words(recorded.ended_by)}; all of it is saved.")
    stderr.print(f"Recording: {recorded.path}")
    if recorded.found is not None:
        summary = _summary(recorded, recorded.found, runner, chosen)
        outputs.write(summary, recorded.found.strides)
        if runner is None and chosen is None and not virtual and not recorded.refused:
            from gait.cli.first_questions import ask_first_questions

            ask_first_questions(summary)
    return recorded


def _summary(
    recorded: RecordedSession,
    result: "Result",
    runner: "RunnerProfile | None",
    chosen: Chosen | None,
) -> "Summary":
    """Kept in the roster where an athlete was chosen; where that fails, the summary alone."""
    from gait.pipeline import summarise
    from gait.risk import load_evidence

    if chosen is not None:
        try:
            summary, kept = kept_summary(chosen, result, recorded.path, recorded.started_at)
            say(kept)
            return summary
        except GaitError as error:
            say(
                f"{error} The recording is safe, but not in the roster yet; keep it later with: "
                f'gait import {recorded.path} --athlete "{chosen.athlete}"'
            )
    return summarise(
        result,
        source=recorded.path.name,
        started_at=recorded.started_at,
        runner=runner,
        evidence=load_evidence(),
    )


async def record_from(
    source: Source,
    options: RecordOptions,
    *,
    known: KnownShoes | None = None,
    ask: Ask | None = None,
    usual: "Callable[[Sequence[SensorInfo]], Mapping[Side, Usual]] | None" = None,
) -> RecordedSession:
    """Scan, connect and record, with a live view.

    `usual` gives the runner's own usual range of measures with these sensors, by foot.

    Shoes in `known` are taken by themselves, and those that are recorded are known from then on.
    Raises EndedError where a signal came before there was anything to keep.
    """
    from gait.live.recorder import Recorder, record_stream

    known = known or KnownShoes(None)
    with on_signals() as ending:
        async with AsyncExitStack() as stack:
            with ending.abruptly():
                sensors = await find_shoes(source, options.worn, known, ask)
                stream = await stack.enter_async_context(
                    ShoeStream(
                        sensors, radio=source.radio, rate_hz=options.rate_hz, clock=source.clock
                    )
                )
            say_what_is_old(known, sensors, stream)
            started_at = now()
            # Before the writer, so that it is the last to go.
            reserve = stack.enter_context(DiskReserve(options.session.parent))
            controls = RecordingControls(stream.mark)
            with SessionWriter(
                options.session,
                started_at=started_at,
                software=f"shoegait {__version__}",
                notes=options.notes,
                overwrite=options.overwrite,
            ) as writer:
                async with live_view(
                    stream.sensors,
                    controls,
                    title=options.session.name,
                    target=options.cues.cadence if options.cues else None,
                    usual=usual(stream.sensors) if usual else None,
                ) as view:
                    cues = CueMaker(options.cues) if options.cues else None
                    recorder = Recorder(stream.sensors, writer, view, cues, HapticCues(stream))
                    for name, content in source.attachments.items():
                        writer.attach(name, content)
                    refused = await record_stream(
                        stream,
                        recorder,
                        ending,
                        seconds=options.seconds,
                        asked_to_stop=lambda: controls.stop,
                        make_room=reserve.release,
                    )
                    reserve.release()  # closing takes space too
                    recorder.close()
        remember(known, sensors, stream, recorder.batteries())
        return RecordedSession(
            _result(recorder),
            started_at,
            ending.by,
            str(refused or ""),
            writer.path,
            recorder.troubles,
        )


def _result(recorder: "Recorder") -> "Result | None":
    try:
        return recorder.finish()
    except GaitError:
        return None  # it is among the troubles
