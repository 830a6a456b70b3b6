"""Everything, in one of its two forms."""

import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from benchmarks.trust import disks, kills, soaks, torn, writers
from benchmarks.trust.fuzzing import Fuzzed, fuzz
from benchmarks.trust.targets import TARGETS
from benchmarks.trust.trial import Trial
from gait import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How often each trial is done; `chaos` whether it is an hour of it or a minute."""

    name: str
    long: bool
    recorders: int
    outputs: int
    rosters: int
    torn: int
    notes: int
    packets: int
    limits: int
    disks: int


FORMS = {
    "quick": Form(
        name="quick",
        long=False,
        recorders=12,
        outputs=6,
        rosters=6,
        torn=80,
        notes=5,
        packets=300,
        limits=9,
        disks=2,
    ),
    "long": Form(
        name="long",
        long=True,
        recorders=200,
        outputs=100,
        rosters=100,
        torn=400,
        notes=25,
        packets=4000,
        limits=27,
        disks=18,
    ),
}


@dataclass(slots=True)
class Results:
    """What was done, on which day and on what."""

    form: Form
    day: date
    where: str
    fuzzed: list[Fuzzed] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def inputs(self) -> int:
        return sum(one.inputs for one in self.fuzzed)

    def failures(self) -> list[str]:
        """What did not hold, a line each."""
        found = [
            f"{one.name}, call {finding.call}: {finding.what}"
            for one in self.fuzzed
            for finding in one.findings
        ]
        return found + [f"{t.name}: {failure}" for t in self.trials for failure in t.failures]


def run_all(form: Form, *, only: str, workers: int, say: Callable[[str], None]) -> Results:
    """Everything whose name has `only` in it; progress is said a line each."""
    results = Results(form, date.today(), _where())
    began_s = time.monotonic()
    for name, trial in trials(form).items():
        if only in name:
            done = trial()
            say(done.line())
            results.trials.append(done)
    names = [(name, one.count(long=form.long)) for name, one in TARGETS.items() if only in name]
    if names:
        results.fuzzed = fuzz(names, workers=workers, say=say)
    results.took_s = time.monotonic() - began_s
    return results


def trials(form: Form) -> dict[str, Callable[[], Trial]]:
    """By a short name. Those that fork come before the one that begins threads."""
    return {
        "kill-recorder": lambda: kills.kill_recorders(form.recorders),
        "kill-output": lambda: kills.kill_writers(form.outputs),
        "kill-roster": lambda: kills.kill_rosters(form.rosters),
        "torn": lambda: torn.tear_files(form.torn),
        "writers-roster": lambda: writers.write_roster(form.notes),
        "writers-folder": lambda: writers.record_at_once(form.packets),
        "writers-name": writers.one_name,
        "limit": lambda: disks.limit_files(form.limits),
        "disk": lambda: disks.fill_disks(form.disks),
        "chaos": lambda: soaks.soak(long=form.long),
    }


def _where() -> str:
    return (
        f"shoegait {__version__}, Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}, {platform.system()} on {os.cpu_count()} cores of "
        f"{platform.machine()}, {sys.byteorder} endian"
    )
