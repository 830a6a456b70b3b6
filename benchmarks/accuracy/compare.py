"""Ours, a naive detector, and another package on the same recordings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.accuracy import naive
from benchmarks.accuracy.gaitmap_peer import NotInstalledError, run_gaitmap
from benchmarks.accuracy.recordings import Recording, real_running
from benchmarks.accuracy.runners import SPRINT_S, cases, recordings_of, walking_recordings
from benchmarks.accuracy.score import SAME_CONTACT_S, WARM_UP
from benchmarks.accuracy.walking import SAME_SWING_S, nearest, real_walking
from gait.model import Samples, SensorInfo
from gait.pipeline import analyze_samples

Array = NDArray[np.float64]

TOE_UP = np.array([0.0, -1.0, 0.0])  # axis of toe-up rotation in the foot's axes
SIMULATED = 6  # runners, both feet
ABOUT_NAIVE = (
    "Naive: for running; landing at the peak of acceleration, toe-off at the trough of pitch rate, "
    "each with the fixed offset that suits the real running best. It is given the foot's true axes "
    "where they are known. Ours is never given them."
)
OURS, NAIVE, GAITMAP = "shoegait", "naive", "gaitmap"
REAL_RUNNING, SIMULATED_WALKING = "real running", "simulated walking"


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot to be tried on all methods: where it belongs, and its true events (s)."""

    group: str
    name: str
    samples: Samples
    info: SensorInfo
    aligned: bool  # the axes are the foot's; told to the others, not to ours
    landing_s: Array
    toe_off_s: Array
    from_s: float  # what was found before, or after `to_s`, is not scored
    to_s: float
    same_s: float


@dataclass(slots=True)
class Tally:
    """One method on one group of feet."""

    strides: int = 0
    missed: int = 0
    invented: int = 0
    landing_ms: list[float] = field(default_factory=list)
    toe_off_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, foot: Foot, landing_s: Array, toe_off_s: Array) -> None:
        """Count and time what was found against the truth."""
        landed = nearest(foot.landing_s, landing_s, foot.same_s)
        left = nearest(foot.toe_off_s, toe_off_s, foot.same_s)
        scored = (landing_s > foot.from_s) & (landing_s < foot.to_s)
        hit, gone = landed >= 0, left >= 0
        self.strides += len(landed)
        self.missed += int((~hit).sum())
        self.invented += int(scored.sum() - scored[landed[hit]].sum())
        self.landing_ms += (1e3 * (landing_s[landed[hit]] - foot.landing_s[hit])).tolist()
        self.toe_off_ms += (1e3 * (toe_off_s[left[gone]] - foot.toe_off_s[gone])).tolist()


@dataclass(slots=True)
class Comparison:
    """group → method → tally; `note` says which other package ran, or why none."""

    tallies: dict[str, dict[str, Tally]]
    segmented: dict[str, dict[str, int]]  # strides that gaitmap saw before it looked for events
    note: str


def feet() -> list[Foot]:
    """Real running, real walking, simulated running, sprints and walking."""
    out = [_foot(REAL_RUNNING, r) for r in real_running()]
    out += [
        Foot(
            "real walking",
            w.name,
            w.samples,
            w.info,
            False,
            w.swing_end_s,
            w.swing_start_s[1:],  # before the first there is no contact to begin with
            -np.inf,
            np.inf,
            SAME_SWING_S,
        )
        for w in real_walking()
    ]
    every = cases()
    sprints = [c for c in every if c.duration_s == SPRINT_S]
    for group, chosen in (("simulated running", every[:SIMULATED]), ("simulated sprint", sprints)):
        for case in chosen:
            out += [_foot(group, r) for r in recordings_of(case, mounted=False)]
    out += [_foot(SIMULATED_WALKING, r) for r in walking_recordings()]
    return out


def _foot(group: str, r: Recording) -> Foot:
    return Foot(
        group,
        r.name,
        r.samples,
        r.info,
        True,
        r.truth.ic_s[WARM_UP:],
        r.truth.tc_s[WARM_UP:],
        r.truth.ic_s[WARM_UP] - SAME_CONTACT_S,
        r.truth.ic_s[-1] + SAME_CONTACT_S,
        SAME_CONTACT_S,
    )


def compare(console: Console) -> Comparison:
    """All methods on all feet."""
    every = feet()
    groups = list(dict.fromkeys(foot.group for foot in every))
    out = Comparison({g: {OURS: Tally(), NAIVE: Tally()} for g in groups}, {}, "")
    for foot in every:
        s = foot.samples
        strides = analyze_samples({foot.info.side: (s, foot.info)}).strides
        out.tallies[foot.group][OURS].add(foot, strides["ic_s"], strides["tc_s"])
        axis = TOE_UP if foot.aligned else None
        out.tallies[foot.group][NAIVE].add(foot, *naive.events(s.time_s, s.acc, s.gyr, axis))
    try:
        version, found = run_gaitmap([(f.samples, f.info, f.aligned) for f in every], console)
    except NotInstalledError as error:
        out.note = f"gaitmap could not be run here, so it is not compared: {error}"
        return out
    out.note = (
        f"gaitmap {version}: BarthDtw with its own template, RamppEventDetection; given the "
        "foot's true axes where they are known, its own alignment elsewhere. “Loosened”: "
        "max_cost 8 instead of 4, shortest stride 0.4 s instead of 0.6 s."
    )
    for foot, row in zip(every, found, strict=True):
        _add_gaitmap(out, foot, row)
    walk = out.tallies.get(SIMULATED_WALKING, {}).get(GAITMAP)
    if walk and walk.missed == walk.strides:
        out.note += (
            " As it comes it finds nothing in our simulated walking either, so what it misses in "
            "simulated running says little; the real recordings count."
        )
    return out


def _add_gaitmap(out: Comparison, foot: Foot, row: dict[str, dict]) -> None:
    for method, answer in row.items():
        tally = out.tallies[foot.group].setdefault(method, Tally())
        if "error" in answer:
            tally.errors.append(f"{foot.name}: {answer['error']}")
            answer = {"segmented": 0, "landing_s": [], "toe_off_s": []}  # noqa: PLW2901
        tally.add(foot, np.array(answer["landing_s"]), np.array(answer["toe_off_s"]))
        counts = out.segmented.setdefault(foot.group, {})
        counts[method] = counts.get(method, 0) + answer["segmented"]


def mean_spread(errors: Sequence[float]) -> str:
    """Mean ± standard deviation, in ms."""
    if not errors:
        return "–"
    return f"{np.mean(errors):+.1f} ± {np.std(errors):.1f}".replace("-", "−")


HEADERS = ("recordings", "method", "strides", "missed", "invented", "landing, ms", "toe-off, ms")


def rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """One row a group and method, as text."""
    return [
        (
            group,
            method,
            str(tally.strides),
            str(tally.missed),
            str(tally.invented),
            mean_spread(tally.landing_ms),
            mean_spread(tally.toe_off_ms),
        )
        for group, methods in comparison.tallies.items()
        for method, tally in methods.items()
    ]


def print_comparison(console: Console, comparison: Comparison) -> None:
    """The table, and what could not be run."""
    table = Table(title="The same recordings, other methods (error: mean ± spread over strides)")
    for header in HEADERS:
        table.add_column(header, justify="left" if header in HEADERS[:2] else "right")
    for row in rows(comparison):
        table.add_row(*row)
    console.print(table)
    console.print(comparison.note)
    console.print(ABOUT_NAIVE)
    for group, counts in comparison.segmented.items():
        text = ", ".join(f"{method}: {count}" for method, count in counts.items())
        console.print(f"  strides segmented in {group}: {text}")
    for methods in comparison.tallies.values():
        for method, tally in methods.items():
            for error in tally.errors:
                console.print(f"  {method}: {error}")
