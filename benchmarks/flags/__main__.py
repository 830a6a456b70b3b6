"""`python -m benchmarks.flags`: the tables on stdout, progress on stderr."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager
from pathlib import Path
from queue import Empty, Queue

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from benchmarks.flags.loads import lives as lives_of_loads
from benchmarks.flags.loads import print_loads
from benchmarks.flags.product import Seen, live
from benchmarks.flags.score import ONE_IN_TWENTY, Lived, false_flags
from benchmarks.flags.tables import print_results
from benchmarks.flags.year import Training, Year, years
from gait.roster import Roster

WIDE = 110  # columns, where the output is no terminal
SEED = 2026  # no threshold was chosen on the runners of this one
RUNNERS = 30
TRAINING = Training()


def _live(year: Year, path: Path, ran: "Queue[int]") -> list[Seen]:
    return live(year, path, ran=lambda: ran.put(year.number))


def live_all(every: Sequence[Year], path: Path, jobs: int, console: Console) -> list[Lived]:
    """Everybody's year, in as many processes, all in the roster at `path`."""
    with Roster(path):
        pass  # made before many open it at once
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    with progress, Manager() as manager, ProcessPoolExecutor(jobs) as pool:
        task = progress.add_task("runs", total=sum(len(year.runs) for year in every))
        ran = manager.Queue()
        waiting = {pool.submit(_live, year, path, ran): year for year in every}
        lived: dict[int, Lived] = {}
        while len(lived) < len(every):
            try:
                ran.get(timeout=1.0)
                progress.advance(task)
            except Empty:
                pass
            for future in [f for f in waiting if f.done()]:
                year = waiting.pop(future)
                lived[year.number] = year, future.result()
    return [lived[year.number] for year in every]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or with `--strict` 1 where false flags reach one run in twenty."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flags", description=__doc__)
    parser.add_argument("--runners", type=int, default=RUNNERS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--every", type=float, default=TRAINING.every_days, help="days")
    parser.add_argument("--seconds", type=float, default=TRAINING.seconds, help="of each run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="a new file for the roster, to look at after")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if too much is false")
    parser.add_argument("--loads", action="store_true", help="load spikes instead of the gait")
    options = parser.parse_args(arguments)
    if options.keep and options.keep.exists():
        parser.error(f"{options.keep} is there already")
    if options.loads:
        stdout = Console(highlight=False)
        if not stdout.is_terminal:
            stdout.width = WIDE
        print_loads(stdout, list(lives_of_loads(options.runners, options.seed)))
        return 0
    every = years(options.runners, options.seed, Training(options.every, options.seconds))
    stdout = Console(highlight=False)
    if not stdout.is_terminal:
        stdout.width = WIDE
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "roster.db"
        lives = live_all(every, path, options.jobs, Console(stderr=True))
    print_results(stdout, lives)
    unchanged = [(year, seen) for year, seen in lives if year.kind == "nothing"]
    return int(options.strict and false_flags(unchanged).value >= ONE_IN_TWENTY)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
