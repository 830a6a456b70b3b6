"""How a recording ends when it is told to: Ctrl-C, SIGTERM, and SIGHUP (its terminal is gone)."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType

from gait.model import GaitError

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_Handler = Callable[[int, FrameType | None], object] | signal.Handlers
WORDS = {
    "SIGINT": "Ctrl-C",
    "SIGTERM": "the system asked to stop (SIGTERM)",
    "SIGHUP": "the terminal was closed (SIGHUP)",
}


class EndedError(GaitError):
    """Told to end before there was anything to save."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(f"Ended by {in_words(by)}; nothing was recorded yet.")
        self.by = by
        self.exit_code = exit_code(by)


def in_words(by: signal.Signals) -> str:
    return WORDS.get(by.name, by.name)


def exit_code(by: signal.Signals) -> int:
    """As shells number it: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + by


class Ending:
    """Set once, by the first signal that comes."""

    def __init__(self) -> None:
        self.by: signal.Signals | None = None
        self._told = asyncio.Event()
        self._abruptly: asyncio.Task[object] | None = None

    def __bool__(self) -> bool:
        return self.by is not None

    async def wait(self) -> None:
        await self._told.wait()

    @contextlib.contextmanager
    def abruptly(self) -> Iterator[None]:
        """While the block runs, a signal breaks it off with EndedError: nothing is kept yet."""
        if self.by is not None:
            raise EndedError(self.by)
        task = self._abruptly = asyncio.current_task()
        try:
            yield
        except asyncio.CancelledError:
            if self.by is None:
                raise
            if task is not None:
                task.uncancel()
            raise EndedError(self.by) from None
        finally:
            self._abruptly = None

    def on_signal(self, by: signal.Signals) -> None:
        if self.by is not None:
            return  # it is ending already
        self.by = by
        self._told.set()
        if self._abruptly is not None:
            self._abruptly.cancel()


@contextlib.contextmanager
def on_signals() -> Iterator[Ending]:
    """Signals set the Ending while the block runs, instead of tearing it down in the middle.

    What the caller of this program had it ignore (nohup ignores SIGHUP) stays ignored.
    """
    ending = Ending()
    loop = asyncio.get_running_loop()
    terminals = [fd for fd in (1, 2) if _is_terminal(fd)]

    def handle(number: int, _: FrameType | None) -> None:
        by = signal.Signals(number)
        if by.name == "SIGHUP":
            _nobody_looks(terminals)
        loop.call_soon_threadsafe(ending.on_signal, by)

    with _handled_by(dict.fromkeys(SIGNALS, handle)):
        yield ending


@contextlib.contextmanager
def as_usual() -> Iterator[None]:
    """Signals end the program at once while the block runs, such as one that waits for a key."""
    usual: dict[signal.Signals, _Handler] = dict.fromkeys(SIGNALS, signal.SIG_DFL)
    usual[signal.SIGINT] = signal.default_int_handler
    with _handled_by(usual):
        yield


@contextlib.contextmanager
def _handled_by(handlers: Mapping[signal.Signals, _Handler]) -> Iterator[None]:
    before = {}
    try:
        with contextlib.suppress(ValueError):  # only the main thread is told of signals
            for number, handler in handlers.items():
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def _nobody_looks(descriptors: list[int]) -> None:
    """Writing to a terminal that is gone fails; from now on it goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
