"""Make the recordings of this folder again: `python -m recordings.make [NAME …]`.

Each goes through the whole path: the simulated runner, virtual shoes, a real Bluetooth stack, the
client, the session file. They take as long as they are.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.cli.record import RecordOptions, record_from
from gait.cli.simulate import SimulateOptions
from gait.cli.source import virtual_shoes
from gait.cli.warm import warm_up
from gait.model import Side
from gait.recording import open_session, write_jsonl

FOLDER = Path(__file__).parent

RECORDINGS = {
    "easy_run": SimulateOptions("easy_run", 30.0),
    "run_walk_run": SimulateOptions("run_walk_run", 45.0, seed=2, drop=("left:12:13.5",)),
    "pronation_left": SimulateOptions("pronation_left", 25.0, seed=3),
    "one_shoe_100hz": SimulateOptions("easy_run", 40.0, seed=4, rate_hz=100.0, side=Side.LEFT),
    "midfoot": SimulateOptions("midfoot", 20.0, seed=5),
    "sprint": SimulateOptions("sprint", 12.0, seed=6),
}


async def make(name: str) -> Path:
    """Record one of RECORDINGS and keep it as JSON lines with its truth."""
    options = RECORDINGS[name]
    to = FOLDER / f"{name}.jsonl.gz"
    with TemporaryDirectory() as folder:
        session = Path(folder) / f"{name}.gait"
        length = options.seconds + 2.0  # standing comes before, and the last stride must close
        async with virtual_shoes(options, ring_s=0.0) as source:  # so that drops stay
            await record_from(source, RecordOptions(session, length, notes=f"virtual: {name}"))
        write_jsonl(open_session(session), to, overwrite=True)
    return to


if __name__ == "__main__":
    warm_up()
    for wanted in sys.argv[1:] or RECORDINGS:
        if wanted not in RECORDINGS:
            sys.exit(f"No recording is called {wanted!r}; there are {', '.join(RECORDINGS)}.")
        sys.stderr.write(f"Made {asyncio.run(make(wanted))}\n")
