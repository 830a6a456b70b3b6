"""A group of recordings in few numbers, for the table, the document and the pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.score import MUST, limits
from benchmarks.accuracy.verdict import Grade, Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over a group: the typical and the farthest recording, and how many hold.

    `typical` and `worst` are of the absolute mean error of a recording; `spread` is the median
    over recordings of the standard deviation over strides; `bias` the mean of the mean errors.
    """

    key: str
    limit: tuple[float, float | None]  # what must hold, of the fastest recording
    recordings: int
    bias: float
    typical: float
    worst: float
    spread: float
    must: int
    aim: int
    measured: float  # share of strides with known truth for which there is a value

    @property
    def grade(self) -> Grade:
        """Of the whole group: every recording must hold."""
        if self.aim == self.recordings:
            return Grade.AIM
        return Grade.MUST if self.must == self.recordings else Grade.MISS


@dataclass(frozen=True, slots=True)
class Counts:
    """Strides of a group."""

    recordings: int
    strides: int
    missed: int
    invented: int
    not_running: int

    @property
    def grade(self) -> Grade:
        wrong = self.missed + self.invented + self.not_running
        return Grade.MISS if wrong else Grade.AIM


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run: how many recordings there are and how many hold every requirement."""

    by: str  # strike, speed or rate
    name: str
    group: list[Outcome]

    @property
    def holding(self) -> int:
        return sum(not o.misses for o in self.group)

    @property
    def grade(self) -> Grade:
        return Grade.MUST if self.holding == len(self.group) else Grade.MISS

    def line(self, key: str) -> Line | None:
        """The line of one measure, None where nothing was measured."""
        return next((line for line in lines(self.group) if line.key == key), None)


def kinds(group: Sequence[Outcome]) -> list[Kind]:
    """The runs by true strike, by speed and by sampling rate; empty kinds are left out."""
    rules: list[tuple[str, str, Callable[[Outcome], bool]]] = [
        ("strike", "forefoot (below −1.6°)", lambda o: strike(o) < -1.6),
        ("strike", "midfoot (−1.6 to 8°)", lambda o: -1.6 <= strike(o) <= 8.0),
        ("strike", "rearfoot (above 8°)", lambda o: strike(o) > 8.0),
        ("speed", "slower than 3 m/s", lambda o: o.recording.speed_m_s < 3.0),
        ("speed", "3 to 4 m/s", lambda o: 3.0 <= o.recording.speed_m_s < 4.0),
        ("speed", "4 m/s and faster", lambda o: o.recording.speed_m_s >= 4.0),
    ]
    rates = sorted({o.recording.info.rate_hz for o in group})
    if len(rates) > 1:
        rules += [
            ("rate", f"{rate:g} Hz", lambda o, rate=rate: o.recording.info.rate_hz == rate)
            for rate in rates
        ]
    found = [Kind(by, name, [o for o in group if belongs(o)]) for by, name, belongs in rules]
    return [kind for kind in found if kind.group]


def strike(outcome: Outcome) -> float:
    """True strike angle (°), median over strides."""
    return float(np.nanmedian(outcome.recording.truth.strike_angle_deg))


def counts(group: Sequence[Outcome]) -> Counts:
    """How many strides there are, and how many are not as they should be."""
    scores = [o.score for o in group]
    return Counts(
        len(scores),
        sum(s.strides for s in scores),
        sum(s.missed for s in scores),
        sum(s.invented for s in scores),
        sum(s.not_running for s in scores),
    )


def lines(group: Sequence[Outcome]) -> list[Line]:
    """One line a measure that has a value anywhere in the group."""
    out = []
    for key in MUST:
        known = [o for o in group if key in o.score.errors]
        if not known:
            continue
        mean = np.array([o.score.errors[key][0] for o in known])
        spread = np.array([o.score.errors[key][1] for o in known])
        grades = [o.grade(key) for o in known]
        shares = [o.score.measured[key] for o in group if key in o.score.measured]
        out.append(
            Line(
                key,
                limits(key, max(o.recording.speed_m_s for o in known)),
                len(known),
                float(mean.mean()),
                float(np.median(np.abs(mean))),
                float(np.abs(mean).max()),
                float(np.median(spread)),
                sum(grade in (Grade.AIM, Grade.MUST) for grade in grades),
                sum(grade is Grade.AIM for grade in grades),
                float(np.mean(shares)),
            )
        )
    return out
