"""The live view in a terminal: a screen where one can be drawn, else plain lines."""

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self, TextIO

import numpy as np
from numpy.typing import NDArray

from gait.live.feet import FootNow, Usual
from gait.live.run import LiveRun, PlaybackControls, RecordingControls, RunNow
from gait.model import Doubt, Reading, SensorInfo, SessionItem, Side
from gait.text import UNKNOWN, clock, printable

PLAIN_EVERY_S = 5.0  # of session time


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
        from gait.live.screen import ScreenView, screen_for

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
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return False
    if not (sys.stderr.encoding or "").lower().startswith("utf"):
        return False
    try:
        return sys.platform == "win32" or os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


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

    def on_strides(self, strides: NDArray[np.void]) -> None:
        super().on_strides(strides)
        self._print_when_due()

    def on_item(self, item: SessionItem) -> None:
        super().on_item(item)
        self._print_when_due()

    def on_status(
        self,
        session_s: float,
        message: str | None = None,
        lost_pct: Mapping[int, float | None] | None = None,
        told: Mapping[Side, Reading] | None = None,
        doubts: Sequence[Doubt] | None = None,
        nothing: Mapping[Side, str] | None = None,
    ) -> None:
        super().on_status(session_s, message, lost_pct, told, doubts, nothing)
        self._print_when_due()

    def on_cue(self, text: str) -> None:
        super().on_cue(text)
        self._print(self._message)
        self._message = ""

    def on_trouble(self, text: str) -> None:
        """A line at once, and from then on it is part of each."""
        if text not in self._troubles:
            self._print(f"! {text}")
        super().on_trouble(text)

    def _print_when_due(self) -> None:
        self._news = True
        if self._session_s - self._printed_s >= self._every_s:
            self._print_now()

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
