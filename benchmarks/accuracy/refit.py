"""Leave one runner out: are the few fitted numbers fitted to the people they are tested on?

The numbers of the step detector that were chosen on data are chosen anew on one runner's
recordings, starting from nothing, and tried on the other's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scipy.optimize import minimize

from benchmarks.accuracy import intervals
from benchmarks.accuracy.intervals import Stated, stated
from benchmarks.accuracy.recordings import Recording, disturbed, real_running
from benchmarks.accuracy.score import MUST, Score, score
from benchmarks.accuracy.tables import limit_text
from benchmarks.accuracy.verdict import Grade, Outcome, figure
from gait.measures.strides import measure_strides
from gait.measures.table import empty_strides
from gait.steps.detector import StepDetector
from gait.steps.parameters import Parameters

# Chosen on real running: name → (start, step of the search), in the order of choosing. A cap is
# chosen last: with the slope it would be one number too many for one runner's few angles.
FITTED: dict[str, tuple[float, float]] = {
    "landing_offset_s_per_rad": (0.0, 0.02),
    "toe_off_share": (0.0, 0.02),
}
THEN: dict[str, tuple[float, float]] = {"landing_most_s": (0.100, -0.010)}  # caps nothing
MISSED_MS = 100.0  # what a missed, invented or mistaken stride counts as
EVALUATIONS = 250


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One runner left out: what was chosen without this runner, and how it does on this one."""

    runner: str
    chosen: dict[str, float]
    refitted: list[Outcome]
    shipped: list[Outcome]
    stated: list[Stated]  # by the refitted, of the recordings and of them disturbed


def shipped() -> dict[str, float]:
    """The fitted numbers as they are in the detector."""
    return {name: float(getattr(Parameters(), name)) for name in (*FITTED, *THEN)}


def runner_of(recording: Recording) -> str:
    return recording.name.split("_", 1)[0]


def strides_with(recording: Recording, parameters: Parameters) -> NDArray[np.void]:
    """Strides of one foot, found and measured with these parameters."""
    detector = StepDetector(recording.info, parameters=parameters)
    closed = [*detector.push(recording.samples), *detector.finish()]
    return np.concatenate([empty_strides(), *(measure_strides(part) for part in closed)])


def score_with(recording: Recording, parameters: Parameters) -> Score:
    return score(recording.name, strides_with(recording, parameters), recording.truth)


def cost(scores: Sequence[Score]) -> float:
    """Mean square (ms²) of landing and toe-off errors over strides."""
    squares: list[float] = []
    for s in scores:
        wrong = s.missed + s.invented + s.not_running
        squares += [MISSED_MS**2] * wrong
        for key in ("ic_ms", "tc_ms"):
            if key in s.pairs:
                squares += np.square(np.subtract(*s.pairs[key].T)).tolist()
    return float(np.mean(squares))


def refit(recordings: Sequence[Recording]) -> dict[str, float]:
    """The fitted numbers that suit these recordings best."""
    chosen = {name: start for name, (start, _) in THEN.items()}
    for numbers in (FITTED, THEN):
        chosen |= _best(recordings, numbers, replace(Parameters(), **chosen))
    return chosen


def _best(
    recordings: Sequence[Recording], numbers: dict[str, tuple[float, float]], others: Parameters
) -> dict[str, float]:
    """The best of these numbers, with the others as they are."""
    start, step = np.array(list(numbers.values())).T

    def values(position: NDArray[np.float64]) -> dict[str, float]:
        return dict(zip(numbers, (start + step * position).tolist(), strict=True))

    def cost_at(position: NDArray[np.float64]) -> float:
        parameters = replace(others, **values(position))
        return cost([score_with(r, parameters) for r in recordings])

    corners = np.vstack([np.zeros(len(numbers)), np.eye(len(numbers))])
    best = minimize(
        cost_at,
        corners[0],
        method="Nelder-Mead",
        options={"initial_simplex": corners, "maxfev": EVALUATIONS, "xatol": 0.02, "fatol": 0.01},
    )
    return values(best.x)


def leave_one_out(progress: Progress) -> list[HeldOut]:
    """Every runner left out once; empty without the real recordings."""
    every = list(real_running())
    out = []
    runners = sorted({runner_of(r) for r in every})
    for runner in progress.track(runners, description="leaving one runner out"):
        others = [r for r in every if runner_of(r) != runner]
        mine = [r for r in every if runner_of(r) == runner]
        chosen = refit(others)
        parameters = replace(Parameters(), **chosen)
        out.append(
            HeldOut(
                runner,
                chosen,
                [Outcome(r, score_with(r, parameters)) for r in mine],
                [Outcome(r, score_with(r, Parameters())) for r in mine],
                [
                    one
                    for r in [*mine, *disturbed(mine)]
                    for one in stated(r, strides_with(r, parameters))
                ],
            )
        )
    return out


HEADERS = (
    "left out",
    "recording",
    f"landing refitted, ms (must {limit_text(MUST['ic_ms'])})",
    "landing as shipped, ms",
    f"toe-off refitted, ms (must {limit_text(MUST['tc_ms'])})",
    "toe-off as shipped, ms",
)


def cells(held: HeldOut) -> list[tuple[str, ...]]:
    """One row a recording of the runner left out, as text with marks."""
    return [
        (
            held.runner,
            new.recording.name,
            _cell(new, "ic_ms"),
            _cell(old, "ic_ms"),
            _cell(new, "tc_ms"),
            _cell(old, "tc_ms"),
        )
        for new, old in zip(held.refitted, held.shipped, strict=True)
    ]


def _cell(outcome: Outcome, key: str) -> str:
    grade = outcome.grade(key)
    if grade is Grade.UNKNOWN:
        return grade.mark
    mean, spread = outcome.score.errors[key]
    return f"{figure(key, mean)} ± {spread:.1f} {grade.mark}"


def chosen_text(values: dict[str, float]) -> str:
    """`name value` of each fitted number."""
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())


def print_held_out(console: Console, results: Sequence[HeldOut]) -> None:
    """What was chosen without each runner, and how it does on that runner."""
    if not results:
        console.print("Leave one runner out: no real recordings here")
        return
    table = Table(title="Leave one runner out (error, mean ± spread over strides)")
    for header in HEADERS:
        table.add_column(header)
    for held in results:
        for row in cells(held):
            table.add_row(*row)
    console.print(table)
    table = Table(title="Stated 95 % intervals on the runner left out")
    for header in intervals.HEADERS:
        table.add_column(header)
    for row in intervals.cells([one for held in results for one in held.stated]):
        table.add_row(*row)
    console.print(table)
    console.print(f"as shipped: {chosen_text(shipped())}")
    for held in results:
        console.print(f"chosen without {held.runner}: {chosen_text(held.chosen)}")
