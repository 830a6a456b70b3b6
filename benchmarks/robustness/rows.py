"""One row of the table: a trouble over all recordings, and what of it does not hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.score import Score
from benchmarks.robustness.trial import Trial
from benchmarks.robustness.troubles import Trouble

ROOM = 36  # strides, of which `Need.missed` may be missed


@dataclass(frozen=True, slots=True)
class Row:
    """Counts over all tables; errors of the table in which they are farthest off, None unknown.

    valid    : true strides that were found and are valid
    landing  : ms, the largest mean error and the largest spread of a table, as is toe_off
    false    : what stood with quality good and was not so, and in how many recordings
    lost     : what is no longer measured, and in how many recordings
    said     : what was said of it, and in how many recordings
    named    : recordings in which anything was said of it
    """

    trouble: Trouble
    recordings: int
    strides: int
    found: int
    invented: int
    valid: int
    cadence: float | None
    landing: tuple[float, float] | None
    toe_off: tuple[float, float] | None
    false: Counter[str]
    lost: Counter[str]
    said: Counter[str]
    named: int

    @property
    def misses(self) -> list[str]:
        """What does not hold, in words; empty where all does, or nothing is promised."""
        need = self.trouble.need
        if need is None:
            return []
        missed = self.strides - self.found
        out = []
        if missed > np.ceil(need.missed / ROOM * self.strides):
            out.append(f"{missed} strides missed")
        if self.invented:
            out.append(f"{self.invented} invented")
        if self.valid < need.valid * self.strides:
            out.append(f"{self.valid} of {self.strides} valid")
        if self.cadence is not None and abs(self.cadence) > need.cadence:
            out.append(f"cadence {signed(self.cadence, 1)}")
        out += _beyond("landing", self.landing, need.landing)
        out += _beyond("toe-off", self.toe_off, need.toe_off)
        if self.false:
            out.append(f"false and called good: {', '.join(self.false)}")
        if need.given and self.lost:
            out.append(f"not measured: {', '.join(self.lost)}")
        if need.named and self.named < self.recordings:
            out.append(f"not said in {self.recordings - self.named} of {self.recordings}")
        return out


def row_of(trouble: Trouble, trials: Sequence[Trial]) -> Row:
    """Of all recordings."""
    every = [foot for trial in trials for foot in trial.feet]
    valid = [score for _, score in every]
    return Row(
        trouble=trouble,
        recordings=len(trials),
        strides=sum(score.strides for score, _ in every),
        found=sum(score.strides - score.missed for score, _ in every),
        invented=sum(score.invented for score, _ in every),
        valid=sum(score.strides - score.missed for score in valid),
        cadence=_farthest([s.errors["cadence_spm"][0] for s in valid if "cadence_spm" in s.errors]),
        landing=_event(valid, "ic_ms"),
        toe_off=_event(valid, "tc_ms"),
        false=Counter(name for trial in trials for name in trial.false),
        lost=Counter(name for trial in trials for name in trial.lost),
        said=Counter(trial.said[0] for trial in trials if trial.said),
        named=sum(bool(trial.said) for trial in trials),
    )


def _event(scores: Sequence[Score], key: str) -> tuple[float, float] | None:
    errors = [score.errors[key] for score in scores if key in score.errors]
    mean = _farthest([mean for mean, _ in errors])
    return None if mean is None else (mean, max(spread for _, spread in errors))


def _farthest(errors: Sequence[float]) -> float | None:
    return max(errors, key=abs) if errors else None


def _beyond(name: str, error: tuple[float, float] | None, most: float | None) -> list[str]:
    if error is None or most is None or max(abs(error[0]), error[1]) <= most:
        return []
    return [f"{name} {signed(error[0], 0)} ± {error[1]:.0f} ms"]


def signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")
