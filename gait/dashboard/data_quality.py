"""The map of quality: second by second and foot by foot, what was measured and what was not."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from gait.app.run_detail import RunDetail
from gait.model.strides import Activity


class State(IntEnum):
    """Of one second. A later one hides an earlier one where both hold."""

    STILL = 0
    RUNNING = 1
    WALKING = 2
    LEFT_OUT = 3
    MISSING = 4
    PAUSED = 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds in one state, from and to since the first sample."""

    state: State
    from_s: int
    to_s: int


def seconds_of(detail: RunDetail, side: str) -> NDArray[np.int8]:
    """The state of each second of one foot, (n,)."""
    count = max(1, int(np.ceil(detail.ends_s)))
    seconds = np.zeros(count, dtype=np.int8)
    mine = detail.strides[detail.strides["side"] == (side == "right")]
    running = mine["activity"] == Activity.RUN
    for state, strides in (
        (State.RUNNING, mine[mine["valid"] & running]),
        (State.WALKING, mine[mine["valid"] & ~running]),
        (State.LEFT_OUT, mine[~mine["valid"]]),
    ):
        last = np.where(np.isfinite(strides["stride_s"]), strides["stride_s"], 0.0)
        _paint(seconds, strides["ic_s"], strides["ic_s"] + last, state)
    first, last = detail.covered.get(side, (count, count))
    _paint_most(seconds, np.array([[0.0, min(first, count)], [last, count]]), State.MISSING)
    _paint_most(seconds, detail.gaps.get(side, np.zeros((0, 2))), State.MISSING)
    _paint_most(seconds, detail.pauses, State.PAUSED)
    return seconds


def stretches(seconds: NDArray[np.int8]) -> list[Stretch]:
    """Neighbouring seconds in the same state together."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(seconds)) + 1])
    ends = np.append(starts[1:], len(seconds))
    return [
        Stretch(State(int(seconds[a])), int(a), int(b)) for a, b in zip(starts, ends, strict=True)
    ]


def totals(seconds: NDArray[np.int8]) -> dict[State, int]:
    """How many seconds are in each state."""
    return {state: int(np.sum(seconds == state)) for state in State}


def _paint(seconds: NDArray[np.int8], begin: NDArray, end: NDArray, state: State) -> None:
    """Every second that is touched."""
    for a, b in zip(begin, end, strict=True):
        seconds[max(0, int(a)) : max(0, int(np.ceil(b)))] = state


def _paint_most(seconds: NDArray[np.int8], spans: NDArray, state: State) -> None:
    """Every second of which at least half is in one of the spans."""
    part = np.zeros(len(seconds))
    for a, b in spans:
        first, last = max(0, int(a)), min(len(seconds), int(np.ceil(b)))
        at = np.arange(first, last)
        part[first:last] += np.minimum(at + 1.0, b) - np.maximum(at, a)
    seconds[part >= 0.5] = state
