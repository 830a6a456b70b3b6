"""What the runner does: a list of segments, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gait.model import Side, UsageError
from gait.simulate.runner import Runner

Kind = Literal["stand", "walk", "run", "sprint", "stop", "stairs"]
FASTEST_WALK_M_S = 1.9  # faster, who changes from running to walking still runs
FASTEST_BRISK_WALK_M_S = 2.6
_SPEED_M_S: dict[str, tuple[float, float]] = {
    "walk": (0.5, FASTEST_BRISK_WALK_M_S),
    "run": (1.2, 10.5),
    "sprint": (5.0, 11.0),
    "stairs": (0.3, 1.0),
}
STEEPEST_STAIR_M = 0.22
TREAD_M = 0.29


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of one kind of movement.

    `slope` is rise over run of the ground, uphill positive; `turn_deg` the change of heading
    over the whole segment, to the left positive. "stop" brakes harder than "stand" does. On
    "stairs" each step goes one stair on and `rise_m` up (negative: down), and the foot rests level;
    the speed is that over the ground. "sprint" speeds up as from a start, with quick steps from the
    first on, towards the speed given.
    Speeds change by what legs can do, so a segment begins with a few steps of transition.
    """

    kind: Kind
    duration_s: float
    speed_m_s: float = 0.0
    slope: float = 0.0
    turn_deg: float = 0.0
    rise_m: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in ("stand", "stop", *_SPEED_M_S):
            raise UsageError(
                f"A segment is stand, walk, run, sprint, stop or stairs, not {self.kind!r}."
            )
        if not self.duration_s > 0:
            raise UsageError(f"A segment must last longer than 0 s, not {self.duration_s} s.")
        low, high = _SPEED_M_S.get(self.kind, (0.0, 0.0))
        if not low <= self.speed_m_s <= high:
            raise UsageError(
                f"A {self.kind} segment's speed must be from {low:g} to {high:g} m/s, "
                f"is {self.speed_m_s:g}."
            )
        if abs(self.slope) > 0.3:
            raise UsageError(f"A slope must be within ±0.3 (30 %), is {self.slope:g}.")
        if self.rise_m != 0.0 and self.kind != "stairs":
            raise UsageError(f"Only stairs rise with each step; a {self.kind} has a slope.")
        if abs(self.rise_m) > STEEPEST_STAIR_M:
            raise UsageError(
                f"A stair must be within ±{STEEPEST_STAIR_M:g} m, is {self.rise_m:g} m."
            )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A runner, what the runner does, and which feet carry a sensor."""

    name: str
    runner: Runner
    segments: Sequence[Segment]
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)

    @property
    def duration_s(self) -> float:
        return sum(segment.duration_s for segment in self.segments)
