"""All recordings through the analysis, group by group, with progress on stderr."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from rich.progress import Progress

from benchmarks.accuracy.project import project_recordings
from benchmarks.accuracy.recordings import Recording, disturbed, real_running
from benchmarks.accuracy.rotation import RotationScore, rotations, score_rotation, strides_of
from benchmarks.accuracy.runners import SPRINT_S, cases, recordings_of
from benchmarks.accuracy.score import score
from benchmarks.accuracy.verdict import Outcome
from benchmarks.accuracy.walking import Walk, WalkScore, real_walking, score_walk
from gait.pipeline import analyze_samples

T = TypeVar("T")
R = TypeVar("R")

ROTATED_SIMULATED = 6  # simulated runners that are turned to see whether anything changes


@dataclass(slots=True)
class Results:
    """What was scored; a group that is empty had no data here."""

    real: list[Outcome] = field(default_factory=list)
    real_disturbed: list[Outcome] = field(default_factory=list)
    walking: list[WalkScore] = field(default_factory=list)
    simulated: list[Outcome] = field(default_factory=list)
    sprints: list[Outcome] = field(default_factory=list)
    project: list[Outcome] = field(default_factory=list)
    rotation: list[RotationScore] = field(default_factory=list)

    @property
    def groups(self) -> dict[str, list[Outcome]]:
        return {
            "Real runners on a treadmill, on whom a few numbers were chosen": self.real,
            "The same, sensor turned, noisier, biased, 16 bits": self.real_disturbed,
            "Simulated runners, 2–5 m/s": self.simulated,
            "Simulated sprints": self.sprints,
            "The project's own recordings": self.project,
        }

    @property
    def misses(self) -> list[tuple[str, str]]:
        """(recording, what does not hold) of everything."""
        scored = [(o.recording.name, o.misses) for group in self.groups.values() for o in group]
        scored += [(w.name, w.misses) for w in self.walking]
        scored += [(f"{r.name}, turned", r.misses) for r in self.rotation]
        return [(name, text) for name, misses in scored for text in misses]


def outcome(recording: Recording) -> Outcome:
    """One recording through the analysis and against its truth."""
    return Outcome(recording, score(recording.name, strides_of(recording), recording.truth))


def run_all(progress: Progress) -> Results:
    """Everything but the comparison and the refit; half a minute."""
    out = Results()
    real = list(real_running())
    every = cases()
    walks = list(real_walking())
    own = list(project_recordings())
    unturned = [r for c in every[:ROTATED_SIMULATED] for r in recordings_of(c, mounted=False)]
    turns = rotations()

    def simulate_all() -> None:
        for case in progress.track(every, description="simulated runners"):
            for recording in recordings_of(case):
                into = out.sprints if case.duration_s == SPRINT_S else out.simulated
                into.append(outcome(recording))

    each = partial(_each, progress)
    each(real, "real running", out.real, outcome)
    each(list(disturbed(real)), "real running, disturbed", out.real_disturbed, outcome)
    each(walks, "real walking", out.walking, walk_outcome)
    simulate_all()
    each(own, "the project's recordings", out.project, outcome)
    each([*real, *unturned], "rotations", out.rotation, lambda r: score_rotation(r, turns))
    return out


def _each(
    progress: Progress, items: list[T], text: str, into: list[R], work: Callable[[T], R]
) -> None:
    into += [work(item) for item in progress.track(items, description=text)]


def walk_outcome(walk: Walk) -> WalkScore:
    """One foot of a walk through the analysis and against its marks."""
    feet = {walk.info.side: (walk.samples, walk.info)}
    return score_walk(walk, analyze_samples(feet).strides)
