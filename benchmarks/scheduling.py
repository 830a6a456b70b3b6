"""How late this machine itself is: what a process with nothing to do sees, beside a measurement.

It sleeps 1 ms again and again, in a process of its own, and notes by how much it overslept: the
timer's own slack and, where other work keeps the cores, the wait for one. What a program adds to
its delays is told from that. The program that is measured is part of that other work, so on a
machine that is otherwise idle the figures are its own, and small.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from array import array
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

SLEEP_S = 0.001
READY = b"ready\n"
SCHEDSTAT = Path("/proc/self/schedstat")  # ns on a core, ns waiting for one, of this thread


@dataclass(frozen=True, slots=True)
class Machine:
    """A stretch of time on this machine.

    load         : processes that ran or waited as it began (1, 5, 15 minutes); None: not told
    overslept_ms : (n,) of sleeps of 1 ms, in a process of its own
    wall_s       : how long it was, and …
    cpu_s        : … the processor time of the process that was measured, all its threads
    waited_s     : its main thread could have run and had no core; None: not told
    """

    cores: int
    load: tuple[float, float, float] | None
    overslept_ms: "array[float]"
    wall_s: float
    cpu_s: float
    waited_s: float | None


class Watching:
    """Watches the machine while the block runs; `seen` after it."""

    seen: Machine

    def __enter__(self) -> Self:
        self._load = os.getloadavg() if hasattr(os, "getloadavg") else None
        self._sleeper = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._sleeper.stdout is not None
        self._sleeper.stdout.read(len(READY))
        self._waited_s = _waited_s()
        self._cpu_s, self._began_s = time.process_time(), time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wall_s, cpu_s = time.perf_counter() - self._began_s, time.process_time() - self._cpu_s
        waited_s = _waited_s()
        told, _ = self._sleeper.communicate()
        overslept_ms = array("d")
        overslept_ms.frombytes(told)
        self.seen = Machine(
            cores=os.cpu_count() or 1,
            load=self._load,
            overslept_ms=overslept_ms,
            wall_s=wall_s,
            cpu_s=cpu_s,
            waited_s=None
            if waited_s is None or self._waited_s is None
            else waited_s - self._waited_s,
        )


def _waited_s() -> float | None:
    """Seconds that this thread waited for a core so far; only Linux tells."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return 1e-9 * int(SCHEDSTAT.read_text().split()[1])
    return None


def sleep_until_told() -> None:
    """Note by how many ms each sleep was too long, until the input ends; then write them."""
    told = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        told.set()

    threading.Thread(target=wait, daemon=True).start()
    overslept_ms = array("d")
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    while not told.is_set():
        began_s = time.perf_counter()
        time.sleep(SLEEP_S)
        overslept_ms.append(1e3 * (time.perf_counter() - began_s - SLEEP_S))
    sys.stdout.buffer.write(overslept_ms.tobytes())


if __name__ == "__main__":
    sleep_until_told()
