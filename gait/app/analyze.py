"""`gait analyze`: a recording in, the summary and what else was asked for out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from gait.app.outputs import Outputs, read_profile
from gait.model import Side, UsageError
from gait.recording import open_session, read_table, sniff


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was named on the command line."""

    recording: Path | None
    side: Side | None
    left: Path | None
    right: Path | None
    frame: Literal["sensor", "foot"]


def run_analyze(inputs: Inputs, outputs: Outputs, profile_path: Path | None) -> None:
    tables = _tables(inputs)
    outputs.check()
    runner = read_profile(profile_path)
    with Console(stderr=True).status("Reading and analysing …"):
        from gait.pipeline import analyze_items, analyze_samples, summarise
        from gait.risk import load_evidence

        if tables:
            read = {s: read_table(path, side=s, frame=inputs.frame) for s, path in tables.items()}
            result = analyze_samples({s: (t.samples, t.info) for s, t in read.items()})
            source = " + ".join(path.name for path in tables.values())
            started_at, notes = None, [p for t in read.values() for p in t.problems]
        else:
            assert inputs.recording is not None
            session = open_session(inputs.recording)
            result = analyze_items(session.sensors, session.items())
            source, started_at, notes = inputs.recording.name, session.started_at, session.problems
        summary = summarise(
            result,
            source=source,
            started_at=started_at,
            notes=notes,
            runner=runner,
            evidence=load_evidence(),
        )
    outputs.write(summary, result.strides)


def _tables(inputs: Inputs) -> dict[Side, Path]:
    """The IMU tables that were named; empty for a session file."""
    named = {Side.LEFT: inputs.left, Side.RIGHT: inputs.right}
    tables = {side: path for side, path in named.items() if path is not None}
    if inputs.recording is None:
        if not tables:
            raise UsageError(
                "Name a session file, a table with --side, or tables with --left and --right."
            )
        return tables
    if tables:
        raise UsageError("Name either one recording or --left and --right, not both.")
    if sniff(inputs.recording) == "session":
        if inputs.side is not None:
            raise UsageError("A session file knows its sides; leave --side away.")
        if inputs.frame == "foot":
            raise UsageError("A session file holds the sensor's own axes; leave --frame away.")
        return {}
    if inputs.side is None:
        raise UsageError("Say which foot the table is of: --side left or --side right.")
    return {inputs.side: inputs.recording}
