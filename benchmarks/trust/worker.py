"""The process in which targets are tried: `python -m benchmarks.trust.worker PLAN`."""

import gzip
import json
import logging
import mmap
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.trust.fuzzing import (
    CORPUS,
    ENDLESS_CPU_S,
    MOST_ALIKE,
    MOST_CPU_S,
    MOST_FINDINGS,
    MOST_MB,
    PACKED,
    UNDER_WAY,
    WARM_UP_CPU_S,
)
from benchmarks.trust.target import Target, failure
from benchmarks.trust.targets import TARGETS
from gait.model import GaitError

TELL_EVERY_S = 20.0
IN_MEMORY = Path("/dev/shm")


def seeds_of(target: Target) -> list[bytes]:
    """What the corpus holds for it."""
    folder = CORPUS / (target.corpus or target.name)
    return [
        gzip.decompress(content) if path.suffix == PACKED else content
        for path in sorted(folder.iterdir())
        for content in [path.read_bytes()]
    ]


def main(plan: dict) -> None:
    mark_file = Path(plan["mark"]).open("r+b")  # noqa: SIM115 - until the process ends
    mark = mmap.mmap(mark_file.fileno(), UNDER_WAY.size)
    first = plan["first"]
    logging.disable()  # what is wrong is told by the errors
    room = str(IN_MEMORY) if os.access(IN_MEMORY, os.W_OK) else None
    for at, (name, count) in enumerate(plan["targets"]):
        with tempfile.TemporaryDirectory(prefix="gait-trust-", dir=room) as folder:
            _Trial(TARGETS[name], at, mark, Path(folder)).run(first, count)
        first = 0


class _Trial:
    def __init__(self, target: Target, at: int, mark: mmap.mmap, folder: Path) -> None:
        self._target = target
        self._at = at
        self._mark = mark
        self._folder = folder
        self._seeds = seeds_of(target)
        self._alike: Counter[str] = Counter()
        self._clear()

    def run(self, first: int, count: int) -> None:
        """Calls from `first` on, until `count` inputs were given in all."""
        target = self._target
        self._corpus(first)
        calls = -(-count // target.batch)
        told_at = time.monotonic()
        for call in range(max(first, 1), calls + 1):
            self._call(call, target.inputs(self._seeds, call))
            if sum(self._alike.values()) >= MOST_FINDINGS:
                break
            if time.monotonic() - told_at > TELL_EVERY_S:
                self._tell(through=False)
                told_at = time.monotonic()
        self._tell(through=True)

    def _corpus(self, first: int) -> None:
        """What the corpus holds, as it is: call 0. Memory is counted from here on."""
        _limit_memory(None)
        for seed in self._seeds:
            inputs = [seed] * self._target.batch
            if self._target.wrap is not None:
                inputs = [self._target.seed(seed)]
            if first:  # it was tried, and only fills the caches
                _quietly(self._target, inputs, self._folder)
            else:
                self._call(0, inputs)
        _limit_memory(_data_bytes() + MOST_MB * 1_000_000)

    def _call(self, call: int, inputs: list[bytes]) -> None:
        UNDER_WAY.pack_into(self._mark, 0, self._at, call, self._inputs)
        signal.setitimer(signal.ITIMER_PROF, ENDLESS_CPU_S if call else WARM_UP_CPU_S)
        what, refused, took_s = self._timed(inputs)
        if call and took_s > MOST_CPU_S:  # once more: a kernel may have been compiled
            what, refused, took_s = self._timed(inputs)
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        if what is None and call and took_s > MOST_CPU_S:
            what = f"took {took_s:.1f} s of CPU time"
        self._inputs += len(inputs)
        self._refused += refused
        self._slowest_s = max(self._slowest_s, took_s if call else 0.0)
        self._cpu_s += took_s
        if what is not None:
            self._found(call, what)

    def _timed(self, inputs: list[bytes]) -> tuple[str | None, bool, float]:
        began_s = time.process_time()
        what, refused = failure(self._target, inputs, self._folder)
        took_s = time.process_time() - began_s
        for left in self._folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        return what, refused, took_s

    def _found(self, call: int, what: str) -> None:
        kind = what.partition(":")[0] + what.rpartition("(")[2]
        self._alike[kind] += 1
        if self._alike[kind] <= MOST_ALIKE:
            _say({"finding": what, "call": call})

    def _tell(self, *, through: bool) -> None:
        _say(
            {
                "inputs": self._inputs,
                "refused": self._refused,
                "slowest_s": self._slowest_s,
                "cpu_s": self._cpu_s,
                "through": through,
            }
        )
        self._clear()

    def _clear(self) -> None:
        self._inputs = self._refused = 0
        self._slowest_s = self._cpu_s = 0.0


def _quietly(target: Target, inputs: list[bytes], folder: Path) -> None:
    try:
        target.read(inputs, folder)
    except (GaitError, ValueError):
        return


def _say(told: dict) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _data_bytes() -> int:
    """Memory that this process may write to, as the system counts it for RLIMIT_DATA."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return 1024 * int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _limit_memory(most: int | None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard if most is None else most, hard))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
