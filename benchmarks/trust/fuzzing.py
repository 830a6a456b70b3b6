"""Runs the targets in processes of their own, so that a crash or an endless loop is one finding.

Each call has a bound of CPU time, which the system keeps (SIGPROF ends the process), and the
process one of memory. The number of the call under way lies in a file that both processes see: it
is all that is needed to do it again.
"""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "trust" / "corpus"
PACKED = ".gz"  # the ending of a large seed, which is kept compressed

MOST_CPU_S = 2.0  # of one call
ENDLESS_CPU_S = 10.0  # then it is ended
WARM_UP_CPU_S = 600.0  # of the good inputs, which compile what is compiled
MOST_MB = 300  # beyond what the process needed for the corpus itself
STANDS_STILL_S = 300.0  # of the clock, without a further call
MOST_FINDINGS = 20  # of one target; then it is left
MOST_ALIKE = 3

UNDER_WAY = struct.Struct("<IQQ")  # which target, which call, inputs that are not told yet
WORKER = "benchmarks.trust.worker"


@dataclass(frozen=True, slots=True)
class Finding:
    """What did not hold: in which call, and what was found."""

    call: int
    what: str


@dataclass(slots=True)
class Fuzzed:
    """What came of one target.

    inputs  : how many it was given
    refused : calls that were answered with the product's own sentence
    slowest_s : CPU time of the slowest call
    """

    name: str
    inputs: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    cpu_s: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    def line(self) -> str:
        held = "held" if not self.findings else f"{len(self.findings)} findings"
        return (
            f"{self.name}: {self.inputs:,} inputs, {self.refused:,} refused, slowest "
            f"{1e3 * self.slowest_s:.0f} ms, {held}"
        )


def fuzz(
    names: Sequence[tuple[str, int]],
    *,
    workers: int = 2,
    say: Callable[[str], None] = lambda _: None,
) -> list[Fuzzed]:
    """Give each target (name, inputs) what it is to be given; by name, in the order of `names`."""
    order = {name: i for i, (name, _) in enumerate(names)}
    shares = [list(names[i::workers]) for i in range(workers)]
    running = [_Share(share) for share in shares if share]
    done: list[Fuzzed] = []
    try:
        while running:
            ready, _, _ = select.select([share.output for share in running], [], [], 1.0)
            for share in list(running):
                found = share.step(readable=share.output in ready)
                for one in found:
                    say(one.line())
                done += found
                if share.ended:
                    running.remove(share)
    finally:
        for share in running:
            share.stop()
    return sorted(done, key=lambda one: order[one.name])


class _Share:
    """The targets that one process goes through; it is begun anew behind what ended it."""

    def __init__(self, targets: list[tuple[str, int]]) -> None:
        self._targets = targets
        self._at = 0  # of `targets`
        self._so_far = Fuzzed(targets[0][0])
        self._mark = tempfile.NamedTemporaryFile()  # noqa: SIM115 - it lives as long as this
        self.ended = False
        self._start(first=0)

    @property
    def output(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def step(self, *, readable: bool) -> list[Fuzzed]:
        """Targets that are through."""
        done: list[Fuzzed] = []
        if readable:
            self._moved_at = time.monotonic()
            text = os.read(self.output, 1 << 16)
            *lines, self._rest = (self._rest + text).split(b"\n")
            for line in lines:
                done += self._heard(json.loads(line))
            if not text:
                done += self._gone()
        elif self._under_way() != self._last:
            self._last, self._moved_at = self._under_way(), time.monotonic()
        elif time.monotonic() - self._moved_at > STANDS_STILL_S:
            self._process.kill()
        return done

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self, first: int) -> None:
        self._rest = b""
        self._mark.seek(0)
        self._mark.write(UNDER_WAY.pack(0, first, 0))
        self._mark.flush()
        plan = {"targets": self._targets[self._at :], "first": first, "mark": self._mark.name}
        self._process = subprocess.Popen(
            [sys.executable, "-m", WORKER, json.dumps(plan)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
        )
        self._moved_at, self._last = time.monotonic(), self._under_way()

    def _under_way(self) -> tuple[int, int, int]:
        self._mark.seek(0)
        at, call, untold = UNDER_WAY.unpack(self._mark.read(UNDER_WAY.size))
        return at, call, untold

    def _heard(self, told: dict) -> list[Fuzzed]:
        one = self._so_far
        if "finding" in told:
            one.findings.append(Finding(told["call"], told["finding"]))
            return []
        one.inputs += told["inputs"]
        one.refused += told["refused"]
        one.slowest_s = max(one.slowest_s, told["slowest_s"])
        one.cpu_s += told["cpu_s"]
        return self._next() if told["through"] else []

    def _next(self) -> list[Fuzzed]:
        done = self._so_far
        self._at += 1
        if self._at < len(self._targets):
            self._so_far = Fuzzed(self._targets[self._at][0])
        return [done]

    def _gone(self) -> list[Fuzzed]:
        """The process is no more: through, or ended by what it was given."""
        code = self._process.wait()
        if self._at == len(self._targets):
            self.ended = True
            return []
        if code >= 0:
            raise RuntimeError(f"the worker ended with exit code {code}; what it said is above")
        _, call, untold = self._under_way()
        self._so_far.findings.append(Finding(call, _cause(code)))
        self._so_far.inputs += untold + 1
        done = self._next() if len(self._so_far.findings) >= MOST_FINDINGS else []
        if self._at == len(self._targets):
            self.ended = True
        else:
            self._start(0 if done else call + 1)
        return done


def _cause(code: int) -> str:
    if code == -signal.SIGPROF:
        return f"took more than {ENDLESS_CPU_S:.0f} s of CPU time"
    if code == -signal.SIGKILL:
        return f"stood still for {STANDS_STILL_S:.0f} s, or was ended by the system"
    return f"ended the process with {signal.Signals(-code).name}"
