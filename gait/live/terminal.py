"""The live view in a terminal: a screen where one can be drawn, else plain lines."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

import numpy as np
from numpy.typing import NDArray

from gait.live.feet import FootNow, Usual
from gait.live.run import LiveRun, PlaybackControls, RecordingControls, RunNow
from gait.model import Doubt, Reading, SensorInfo, Side
from gait.text import UNKNOWN, clock, printable

if TYPE_CHECKING:
    from gait.live.screen import LiveScreen

PLAIN_EVERY_S = 5.0  # of session time
CLOSE_S = 3.0  # a screen that takes longer to close is given up
_TEXTUAL_SIGNALS = [
    getattr(signal, name) for name in ("SIGTSTP", "SIGCONT", "SIGWINCH") if hasattr(signal, name)
]


@asynccontextmanager
async def live_view(
    sensors: Sequence[SensorInfo],
    controls: RecordingControls | PlaybackControls,
    *,
    title: str = "",
    target: tuple[float, float] | None = None,
    usual: Mapping[Side, Usual] | None = None,
) -> AsyncIterator[LiveRun]:
    """Show a session on stderr while it happens or is replayed, for as long as the block runs.

    A screen takes keys, which change `controls`. Feed the run from this event loop only. Nothing
    shown is older than the last call, so call `on_status` at least every second, also when nothing
    comes in.
    """
    if has_screen():
        from gait.live.screen import screen_for

        async with ScreenView(
            sensors, screen_for(controls), title=title, target=target, usual=usual
        ) as screen:
            yield screen
    else:
        with PlainView(sensors, title=title, target=target, usual=usual) as lines:
            yield lines


def has_screen() -> bool:
    """Whether a screen can be drawn, and keys be heard: a terminal that moves its cursor, knows
    the glyphs, and has this program in front."""
    streams = [sys.stdin, sys.stderr]
    if sys.platform == "win32":
        streams.append(sys.stdout)  # where Textual draws there
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return False
    if not (sys.stderr.encoding or "").lower().startswith("utf"):
        return False
    try:
        return sys.platform == "win32" or os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


class ScreenView(LiveRun):
    """An asynchronous context manager: a run on a screen that is put away at the end.

    Where the screen cannot be drawn any more, telling it anything raises why: OSError where the
    terminal is gone.
    """

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        make: "Callable[[LiveRun], LiveScreen]",
        *,
        title: str = "",
        target: tuple[float, float] | None = None,
        usual: Mapping[Side, Usual] | None = None,
    ) -> None:
        super().__init__(sensors, title=title, target=target, usual=usual)
        self.screen = make(self)
        self._shown: asyncio.Task[None] | None = None
        self._handlers: dict[int, Any] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        factory = loop.get_task_factory()
        self._handlers = {number: signal.getsignal(number) for number in _TEXTUAL_SIGNALS}
        self._shown = loop.create_task(self.screen.run_async(mouse=False))
        ready = loop.create_task(self.screen.ready.wait())
        try:
            await asyncio.wait([self._shown, ready], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self._put_away()
            raise
        finally:
            ready.cancel()
            loop.set_task_factory(factory)  # Textual's own is not for what else runs in this loop
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._put_away()

    async def _put_away(self) -> None:
        assert self._shown is not None
        self.screen.exit()
        _, open_still = await asyncio.wait([self._shown], timeout=CLOSE_S)
        if open_still:
            self._shown.cancel()
            await asyncio.wait([self._shown], timeout=CLOSE_S)
        for number, handler in self._handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)

    def on_strides(self, strides: NDArray[np.void]) -> None:
        self._check()
        super().on_strides(strides)

    def on_cue(self, text: str) -> None:
        """A line, and the terminal's bell."""
        self._check()
        super().on_cue(text)
        self.screen.bell()

    def on_trouble(self, text: str) -> None:
        """Also the terminal's bell, the first time."""
        self._check()
        if text not in self._troubles:
            self.screen.bell()
        super().on_trouble(text)

    def _check(self) -> None:
        if self.screen.failed is not None:
            raise self.screen.failed
        if self._shown is not None and self._shown.done():
            raise RuntimeError("the screen was closed")


class PlainView(LiveRun):
    """A context manager that prints a line every `every_s` seconds of session time, and at the end
    one more."""

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        *,
        title: str = "",
        target: tuple[float, float] | None = None,
        usual: Mapping[Side, Usual] | None = None,
        file: TextIO | None = None,
        every_s: float = PLAIN_EVERY_S,
    ) -> None:
        super().__init__(sensors, title=title, target=target, usual=usual)
        self._file = file or sys.stderr
        self._every_s = every_s
        self._printed_s = 0.0
        self._news = False  # something came in since the last printed line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._news:
            self._print_now()

    def on_status(
        self,
        session_s: float,
        lost_pct: Mapping[int, float | None] | None = None,
        told: Mapping[Side, Reading] | None = None,
        doubts: Sequence[Doubt] | None = None,
        nothing: Mapping[Side, str] | None = None,
    ) -> None:
        super().on_status(session_s, lost_pct, told, doubts, nothing)
        self._news = True
        if self._session_s - self._printed_s >= self._every_s:
            self._print_now()

    def on_cue(self, text: str) -> None:
        super().on_cue(text)
        self._print(self._message)
        self._message = ""

    def on_trouble(self, text: str) -> None:
        """A line at once, and from then on it is part of each."""
        if text not in self._troubles:
            self._print(f"! {text}")
        super().on_trouble(text)

    def _print_now(self) -> None:
        self._printed_s = self._session_s
        self._news = False
        self._print(plain_line(self.now))
        self._message = ""  # said once; a screen keeps it

    def _print(self, line: str) -> None:
        encoding = self._file.encoding or "utf-8"
        self._file.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._file.flush()


def plain_line(now: RunNow) -> str:
    """Everything in one line of text, for a pipe or a log."""
    parts = [clock(now.elapsed_s), *(["paused"] if now.paused else [])]
    parts += [f"! {printable(doubt)}" for doubt in now.doubts]
    parts += [_plain_foot(foot) for foot in now.feet]
    if now.distance_m is not None:
        parts.append(f"distance {now.way}")
    if now.message:
        parts.append(printable(now.message))
    return " | ".join(parts)


def _plain_foot(foot: FootNow) -> str:
    words = [_activity_words(foot)]
    if foot.activity is not None:
        words += [f"{line.label} {line.value}" for line in foot.lines if line.value is not None]
    words.append(foot.link.state)
    if foot.link.battery_pct is not None:
        words.append(f"battery {foot.link.battery_pct} %")
    if foot.link.lost_pct is not None:
        words.append(foot.link.cost or f"{foot.link.lost_pct:.1f} % lost")
    return f"{foot.side}: {', '.join(words)}"


def _activity_words(foot: FootNow) -> str:
    if foot.activity is None:
        return f"{UNKNOWN} {foot.why_not}"
    if foot.activity == "walking" or foot.cadence_spm is None:
        return foot.activity
    return f"{foot.cadence_spm:.0f} steps/min"
