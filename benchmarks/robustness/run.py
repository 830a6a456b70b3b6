"""All troubles, done to all recordings."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.progress import Progress

from benchmarks.accuracy.project import project_recordings
from benchmarks.accuracy.recordings import Recording, real_running
from benchmarks.robustness.feet import foot_of, of_its_table, pairs
from benchmarks.robustness.rows import Row, row_of
from benchmarks.robustness.trial import ask, judge
from benchmarks.robustness.troubles import NOTHING, RANGE, SPRINT, Trouble, troubles

SEED = 12
REAL = "real running on a treadmill"
OWN = "the project's own recordings, which are simulated"


def recordings() -> tuple[str, list[Recording]]:
    """What they are, and each foot of them; real running, where it is at hand."""
    real = list(real_running())
    if real:
        return REAL, real
    # a later bout is of a foot that is there already
    return OWN, [r for r in project_recordings() if "bout" not in r.name]


def run_all(
    every: Sequence[Recording], progress: Progress, *, quick: bool = False
) -> dict[str, list[Row]]:
    """Rows by group. `quick`: one recording and one pair, and of each kind the most that must
    hold."""
    single, pair = [[foot_of(recording)] for recording in every], list(pairs(every))
    if quick:
        single, pair = single[:1], pair[:1]
    groups = {title: _most(rows) if quick else rows for title, rows in troubles().items()}
    task = progress.add_task("troubles", total=1 + sum(map(len, groups.values())))
    out: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as name:  # nobody else may read in it
        folder = Path(name)
        usual = [[ask(feet, folder) for feet in runs] for runs in (single, pair)]
        for title, rows in groups.items():
            out[title] = []
            for trouble in rows:
                runs = pair if trouble.pair else single
                trials = []
                for number, feet in enumerate(runs):
                    given = trouble.feet(feet, np.random.default_rng([SEED, number]))
                    known = None if trouble.text == NOTHING else usual[trouble.pair][number]
                    trials.append(judge(given, ask(given, folder), known))
                out[title].append(row_of(trouble, trials))
                progress.advance(task)
        out[RANGE].append(_sprint(folder))
        progress.advance(task)
    return out


def _sprint(folder: Path) -> Row:
    """Nobody sprints in the real recordings; a sensor of ±16 g clips in the simulated sprint."""
    trials = []
    for recording in project_recordings():
        if recording.name.startswith("sprint"):
            feet = [of_its_table(foot_of(recording))]
            trials.append(judge(feet, ask(feet, folder), None))
    return row_of(SPRINT, trials)


def _most(rows: Sequence[Trouble]) -> list[Trouble]:
    """One row a kind: the last for which something must hold, or the last of all."""
    found: dict[str, Trouble] = {}
    for row in rows:
        if row.need is not None or row.kind not in found:
            found[row.kind] = row
    return list(found.values())
