"""A trial that is done so many times: what it says, and processes that can be killed in it."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from gait.model import Packet

Say = Callable[[str], None]
PATIENCE_S = 120.0


@dataclass(slots=True)
class Trial:
    """What was tried, how often, and what did not hold.

    name   : what was done
    must   : what must hold each time
    detail : a figure more, in words
    left_out : why it could not be done here; "" where it was
    """

    name: str
    must: str
    times: int = 0
    detail: str = ""
    left_out: str = ""
    failures: list[str] = field(default_factory=list)

    def tried(self, failure: str | None) -> None:
        self.times += 1
        if failure is not None:
            self.failures.append(failure)

    def line(self) -> str:
        if self.left_out:
            return f"{self.name}: left out, {self.left_out}"
        held = self.times - len(self.failures)
        return f"{self.name}: {held:,} of {self.times:,} held{self.detail and f'; {self.detail}'}"


class Child:
    """A process that does `task` and says lines; it can be killed at any moment.

    It is forked, so that it begins at once; the process that forks it has no threads.
    """

    def __init__(self, task: Callable[[Say], None]) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _do(task, writing)
        os.close(writing)
        self._reading = reading
        self._text = b""

    def first_line(self) -> None:
        """Wait until it says something, or is no more."""
        self._text += os.read(self._reading, 1 << 16)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def lines(self) -> list[str]:
        """All that it said, once it is no more."""
        until = time.monotonic() + PATIENCE_S
        while part := os.read(self._reading, 1 << 16):
            self._text += part
            if time.monotonic() > until:
                self.kill()
        os.close(self._reading)
        os.waitpid(self.pid, 0)
        whole, _, _ = self._text.rpartition(b"\n")
        return whole.decode().split("\n") if whole else []


def _do(task: Callable[[Say], None], writing: int) -> None:
    """In the child; it never returns."""
    try:
        task(lambda line: (os.write(writing, f"{line}\n".encode()), None)[1])
    except BaseException:
        os.write(writing, f"failed {traceback.format_exc()!r}\n".encode())
        os._exit(1)
    os._exit(0)


def failed_line(lines: list[str]) -> str | None:
    """What a child's own error was."""
    return next((line for line in lines if line.startswith("failed ")), None)


def numbered(packets: tuple[Packet, ...], count: int) -> list[Packet]:
    """So many packets in order of time, no two alike."""
    return [
        Packet(
            0,
            0.024 * i,
            packets[0].characteristic,
            i.to_bytes(4, "big") + packets[i % len(packets)].payload,
        )
        for i in range(count)
    ]
