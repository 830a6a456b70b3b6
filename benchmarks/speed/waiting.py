"""How many samples a stride waits for after those that decide it, and what is held meanwhile."""

from collections import deque
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.feet import Foot, packets
from gait.pipeline import Pipeline
from gait.steps.detector import StepDetector

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Waiting:
    """`decided`, `known` (n,): after how many samples a stride is decided (fed one by one it
    comes then and not before), and out of the whole way, fed in packets. `block`: samples each."""

    rate_hz: float
    block: int
    decided: Indices
    known: Indices

    @property
    def samples(self) -> Indices:
        """(n,) how many more samples than had to be there, those of the same packet aside."""
        arrived = -(-self.decided // self.block) * self.block
        return self.known - np.minimum(arrived, self.known.max())

    @property
    def most_ms(self) -> float:
        return 1e3 * float(self.samples.max()) / self.rate_hz


def _decided(foot: Foot) -> Indices:
    detector = StepDetector(foot.info)
    after: list[int] = []
    for i in range(len(foot.samples)):
        for closed in detector.push(foot.samples[i : i + 1]):
            after += [i + 1] * len(closed.strides)
    return np.array(after)


def waiting(foot: Foot, block: int) -> Waiting:
    """Strides of a foot, without those that only the end of the samples closes."""
    pipeline = Pipeline([foot.info])
    known: list[int] = []
    for number, packet in enumerate(packets(foot, block)):
        fresh = pipeline.feed([packet])
        arrived = min((number + 1) * block, len(foot.samples))
        known += [arrived] * len(fresh)
    return Waiting(foot.info.rate_hz, block, _decided(foot), np.array(known))


def held_bytes(thing: Any) -> int:
    """Bytes of all arrays that an object and what belongs to it hold, views by what they view."""
    owners: dict[int, int] = {}
    seen: set[int] = set()

    def visit(one: Any) -> None:
        if id(one) in seen:
            return
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            owners[id(one)] = one.nbytes
        elif isinstance(one, dict):
            for value in one.values():
                visit(value)
        elif isinstance(one, list | tuple | deque | set):
            for value in one:
                visit(value)
        elif type(one).__module__.startswith("gait.") and not isinstance(one, msgspec.Struct):
            names = list(getattr(one, "__dict__", ())) + list(getattr(one, "__slots__", ()))
            for name in names:
                visit(getattr(one, name, None))

    visit(thing)
    return sum(owners.values())
