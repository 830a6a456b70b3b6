"""Recordings to drop on a page, made once for all tests that need some."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from gait.cli.simulate import SimulateOptions, virtual_feet, write_session
from gait.recording import SessionWriter, open_session, write_jsonl


@cache
def three_runs() -> list[Path]:
    """Short runs of three days, the last day first; the last one as JSON lines."""
    folder = Path(mkdtemp(prefix="shoegait-test-"))
    runs = []
    for number in (3, 2, 1):
        options = SimulateOptions("easy_run", 14.0, seed=number)
        write_session(folder / "raw.gait", virtual_feet(options), options, overwrite=True)
        run = folder / f"run {number}.gait"
        _dated(folder / "raw.gait", run, f"2026-05-0{number}T10:00:00Z")
        runs.append(run)
    packed = folder / "run 1.jsonl.gz"
    write_jsonl(open_session(runs[-1]), packed)
    return [*runs[:-1], packed]


def _dated(path: Path, to: Path, started_at: str) -> None:
    """The same session on another day."""
    session = open_session(path)
    with SessionWriter(to, started_at=started_at, software="test") as writer:
        for info in session.sensors:
            writer.add_sensor(info)
        for item in session.items():
            writer.write(item)
