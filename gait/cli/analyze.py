"""`gait analyze`: a recording in, the summary and what else was asked for out."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace
from rich.console import Console

from gait.athletes.runner import Chosen, check_one_source, runner_of
from gait.cli.first_questions import ask_first_questions
from gait.model import SensorInfo, Side, UsageError
from gait.recording import open_session, read_table, sniff
from gait.recording.session import samples_key, session_key
from gait.report.outputs import Outputs, read_profile

if TYPE_CHECKING:
    from gait.model import Summary
    from gait.pipeline import Result
    from gait.risk import RunnerProfile


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was named on the command line.

    clock   : whether two tables are on one, where that was said
    swapped : the sensors of a session were on the other feet than it says
    """

    recording: Path | None
    side: Side | None
    left: Path | None
    right: Path | None
    frame: Literal["sensor", "foot"]
    clock: Literal["shared", "separate"] | None = None
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Analysed:
    """A recording and what was found in it; `key` tells it from every other one."""

    result: "Result"
    source: str
    started_at: str | None
    notes: list[str]
    key: str


def session_analysed(path: Path, *, side: Side | None = None, swapped: bool = False) -> Analysed:
    """A session file, read and analysed.

    side    : which foot its one sensor really was on, where that is not what it says
    swapped : its sensors were on the other feet
    """
    from gait.pipeline import analyze_items

    session = open_session(path)
    return Analysed(
        result=analyze_items(_sensors(session.sensors, side, swapped=swapped), session.items()),
        source=path.name,
        started_at=session.started_at,
        notes=session.problems,
        key=session_key(session),
    )


def _sensors(
    sensors: Sequence[SensorInfo], side: Side | None, *, swapped: bool
) -> list[SensorInfo]:
    """As they were worn."""
    if side is not None:
        if len(sensors) != 1:
            raise UsageError(
                "A session of two sensors knows its sides; leave --side away, or say --swap where "
                "they were on the other feet."
            )
        return [replace(sensors[0], side=side)]
    return [replace(info, side=info.side.other) if swapped else info for info in sensors]


def run_analyze(
    inputs: Inputs, outputs: Outputs, profile_path: Path | None, chosen: Chosen | None = None
) -> None:
    tables = _tables(inputs)
    outputs.check()
    check_one_source(profile_path, chosen)
    runner = read_profile(profile_path)
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    with runner_of(chosen) if chosen else nullcontext() as of_roster:
        with stderr.status("Reading and analysing …"):
            found = _analysed(inputs, tables)
            started_at = found.started_at or (chosen.date if chosen else None)
            if of_roster is None:
                summary = summary_of(found, runner)
            else:
                summary = of_roster.summarise(
                    found.result,
                    key=found.key,
                    source=found.source,
                    started_at=started_at,
                    notes=found.notes,
                )
        outputs.write(summary, found.result.strides)
        if of_roster is not None:
            kept = of_roster.keep(summary, key=found.key, recording=inputs.recording)
            stderr.print(f"Kept in the roster: {of_roster.athlete.name}, {kept.day}.")
    if runner is None and chosen is None and outputs.json is None:
        ask_first_questions(summary)


def summary_of(found: Analysed, runner: "RunnerProfile | None" = None) -> "Summary":
    """In numbers and words, with what the runner knows."""
    from gait.pipeline import summarise
    from gait.risk import load_evidence

    return summarise(
        found.result,
        source=found.source,
        started_at=found.started_at,
        notes=found.notes,
        runner=runner,
        evidence=load_evidence(),
    )


def _analysed(inputs: Inputs, tables: dict[Side, Path]) -> Analysed:
    from gait.pipeline import analyze_samples

    if tables:
        read = {s: read_table(path, side=s, frame=inputs.frame) for s, path in tables.items()}
        return Analysed(
            result=analyze_samples(
                {s: (t.samples, t.info) for s, t in read.items()}, clock=inputs.clock
            ),
            source=" + ".join(path.name for path in tables.values()),
            started_at=None,
            notes=[p for t in read.values() for p in t.problems],
            key=samples_key({s: t.samples for s, t in read.items()}),
        )
    assert inputs.recording is not None
    return session_analysed(inputs.recording, side=inputs.side, swapped=inputs.swapped)


def _tables(inputs: Inputs) -> dict[Side, Path]:
    """The IMU tables that were named; empty for a session file."""
    named = {Side.LEFT: inputs.left, Side.RIGHT: inputs.right}
    tables = {side: path for side, path in named.items() if path is not None}
    if inputs.swapped and (tables or inputs.side is not None):
        raise UsageError("--swap is for a session of two sensors; name the tables the other way.")
    if inputs.recording is None:
        if not tables:
            raise UsageError(
                "Name a session file, a table with --side, or tables with --left and --right."
            )
        return tables
    if tables:
        raise UsageError("Name either one recording or --left and --right, not both.")
    if inputs.clock is not None:
        raise UsageError("--clock is for two tables, --left and --right; leave it away.")
    if sniff(inputs.recording) == "session":
        if inputs.frame == "foot":
            raise UsageError("A session file holds the sensor's own axes; leave --frame away.")
        return {}
    if inputs.swapped:
        raise UsageError("--swap is for a session of two sensors; say which foot with --side.")
    if inputs.side is None:
        raise UsageError("Say which foot the table is of: --side left or --side right.")
    return {inputs.side: inputs.recording}
