"""Nanoseconds a sample of every stage, in blocks of one size at one rate."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.speed.feet import Foot, packets
from benchmarks.speed.floors import copy_all, like, strapdown
from gait.measures.strides import measure_strides
from gait.model import Packet, Samples
from gait.model.window import StrideBatch
from gait.pipeline import BATCH, Pipeline
from gait.sensors import profile
from gait.steps.clock import PacketClock, Timed
from gait.steps.detector import StepDetector

FIRST_S = 15.0  # in which how the sensor sits is found, once; timed apart
STAGES = ("copy the bytes", "strapdown", "decode", "clock", "detect", "measure", "whole way")


@dataclass(frozen=True, slots=True)
class Timing:
    """`block` samples at once (0: a recording), `ns` a sample by stage, `first_ms` for the
    detector's first seconds, in which the mounting is found and it goes back to the start."""

    rate_hz: float
    block: int
    samples: int
    strides: int
    ns: dict[str, float]
    first_ms: float

    def ratio(self, stage: str) -> float:
        """How many strapdowns a stage takes."""
        return self.ns[stage] / self.ns["strapdown"]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _groups(stream: list[Packet], block: int) -> list[list[Packet]]:
    size = 1 if block else BATCH
    return [stream[i : i + size] for i in range(0, len(stream), size)]


class _Stages:
    """Each stage with what the one before gives it, made once and not timed."""

    def __init__(self, foot: Foot, block: int) -> None:
        self.foot = foot
        self.kind = profile(foot.info.profile)
        stream = packets(foot, block or 20)
        first = round(FIRST_S * foot.info.rate_hz) // (block or 20)
        self.early, self.late = stream[:first], _groups(stream[first:], block)
        self.samples = [timed.samples for timed in self._clock(self._decode())]
        self.count = sum(map(len, self.samples))
        detector = self._settled()[0]
        self.closed = [part for s in self.samples for part in detector.push(s)]
        self.whole = Samples(
            *(
                np.concatenate([getattr(s, name) for s in self.samples])
                for name in ("time_s", "acc", "gyr", "breaks")
            )
        )
        self.copy = like(self.whole)
        self.path = np.empty((self.count, 10))

    def _decode(self) -> list:
        assert self.kind.decoder is not None
        decoder = self.kind.decoder(self.foot.info)
        return [decoder.push(group) for group in self.late]

    def _clock(self, frames: Sequence) -> list[Timed]:
        kind, rate_hz = self.kind, self.foot.info.rate_hz
        clock = PacketClock(rate_hz, kind.seq_modulo, kind.time_modulo_us)
        groups = zip(self.late, frames, strict=True)
        return [clock.push(f, np.array([p.host_s for p in group])) for group, f in groups]

    def _settled(self) -> tuple[StepDetector, float]:
        """A detector that knows the mounting, and the seconds that took."""
        detector = StepDetector(self.foot.info)
        early = self.foot.samples[: round(FIRST_S * self.foot.info.rate_hz)]
        return detector, _seconds(lambda: list(detector.push(early)))

    def _detect(self, detector: StepDetector) -> None:
        for samples in self.samples:
            for _ in detector.push(samples):
                pass

    def _measure(self, closed: Sequence[StrideBatch]) -> None:
        for part in closed:
            measure_strides(part)

    def _feed(self, pipeline: Pipeline) -> None:
        for group in self.late:
            pipeline.feed(group)

    def seconds(self) -> tuple[dict[str, float], float]:
        """Every stage once: its seconds, and those of the detector's beginning."""
        whole = self.whole
        frames = self._decode()
        detector, first_s = self._settled()
        pipeline = Pipeline([self.foot.info])
        pipeline.feed(self.early)
        took = (
            _seconds(lambda: copy_all(whole, self.copy)),
            _seconds(lambda: strapdown(whole.time_s, whole.acc, whole.gyr, self.path)),
            _seconds(self._decode),
            _seconds(lambda: self._clock(frames)),
            _seconds(lambda: self._detect(detector)),
            _seconds(lambda: self._measure(self.closed)),
            _seconds(lambda: self._feed(pipeline)),
        )
        return dict(zip(STAGES, took, strict=True)), first_s


def time_stages(
    foot: Foot, block: int, repeats: int, done: Callable[[], None] = lambda: None
) -> Timing:
    """The best of `repeats`, all stages one after the other each time."""
    stages = _Stages(foot, block)
    stages.seconds()  # compiled, and in the cache
    found = []
    for _ in range(repeats):
        found.append(stages.seconds())
        done()
    return Timing(
        rate_hz=foot.info.rate_hz,
        block=block,
        samples=stages.count,
        strides=sum(len(part.strides) for part in stages.closed),
        ns={s: 1e9 * min(took[s] for took, _ in found) / stages.count for s in STAGES},
        first_ms=1e3 * min(first_s for _, first_s in found),
    )
