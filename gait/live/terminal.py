"""The live view: a run as it is now, drawn as a screen or printed as plain lines.

The only clock of its own limits how often it redraws.
"""

import contextlib
import io
import math
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.live import Live

from gait.live.feet import Usual
from gait.live.keys import Controls
from gait.live.run import LiveRun
from gait.live.screen import draw, plain_line
from gait.model import Doubt, Reading, SensorInfo, SessionItem, Side
from gait.recording.files import private_output

REDRAW_S = 1.0 / 8.0
PLAIN_EVERY_S = 5.0  # of session time
SVG_COLUMNS, SVG_LINES = 80, 24


class LiveView(LiveRun):
    """A context manager that shows a session while it happens or is replayed.

    sensors : one a device; `device` of an item is its index here
    title   : shown above, such as the name of the recording
    console : where to; a terminal gets a screen of its own that is put back at the end, anything
              else one plain line every `plain_every_s` seconds of session time
    now     : any rising clock in seconds; only limits redrawing to eight times a second
    target  : the runner's own cadence band in steps a minute
    usual   : the runner's own usual range of measures, by foot
    controls: what the keys do, shown in the last row

    Feed it from one thread. Nothing it shows is older than the last call, so call `on_status` at
    least every second, also when nothing comes in.
    """

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        *,
        title: str = "",
        console: Console | None = None,
        plain_every_s: float = PLAIN_EVERY_S,
        now: Callable[[], float] = time.monotonic,
        target: tuple[float, float] | None = None,
        usual: Mapping[Side, Usual] | None = None,
        controls: Controls | None = None,
    ) -> None:
        super().__init__(sensors, title=title, target=target, usual=usual, controls=controls)
        self._console = console or Console(stderr=True)
        self._plain_every_s = plain_every_s
        self._clock = now
        self._drawn_at = -math.inf
        self._printed_s = 0.0
        self._news = False  # something came in since the last printed line
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if _can_draw(self._console):
            self._live = Live(console=self._console, screen=True, auto_refresh=False)
            self._live.start()
            self._show()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            with contextlib.suppress(OSError):  # its terminal may be gone
                self._live.stop()
            self._live = None
        elif self._news:
            self._print_line()

    def on_strides(self, strides: NDArray[np.void]) -> None:
        super().on_strides(strides)
        self._refresh()

    def on_item(self, item: SessionItem) -> None:
        super().on_item(item)
        self._refresh()

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
        self._refresh()

    def on_cue(self, text: str) -> None:
        """Something to tell the runner at once: a line, and the terminal's bell."""
        super().on_cue(text)
        if self._live is not None:
            self._console.bell()
            self._show()
        else:
            self._print(self._message)
            self._message = ""

    def on_trouble(self, text: str) -> None:
        """A line at once, also where nobody sees a screen, and from then on it is part of it."""
        new = text not in self._troubles
        super().on_trouble(text)
        if new and self._live is not None:
            self._console.bell()
            self._show()
        elif new:
            self._print(f"! {text}")

    def svg_snapshot(self, path: Path | str, *, overwrite: bool = True) -> None:
        """Write the view as it is now as an SVG picture of 80 × 24 characters."""
        paper = Console(
            record=True,
            file=io.StringIO(),
            force_terminal=True,
            color_system="truecolor",
            width=SVG_COLUMNS,
            height=SVG_LINES,
        )
        paper.print(draw(self.now, SVG_COLUMNS, SVG_LINES))
        svg = paper.export_svg(title=self._title or "gait", unique_id="live")
        # rich links to fonts on the network; the picture must stand alone
        svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
        with private_output(Path(path), overwrite=overwrite) as file:
            file.write(svg.encode())

    def redraw(self) -> None:
        """Draw at once: something was typed."""
        if self._live is not None:
            self._show()

    def _refresh(self) -> None:
        self._news = True
        if self._live is not None:
            if self._clock() - self._drawn_at >= REDRAW_S:
                self._show()
        elif self._session_s - self._printed_s >= self._plain_every_s:
            self._print_line()

    def _show(self) -> None:
        assert self._live is not None
        self._drawn_at = self._clock()
        self._live.update(draw(self.now, *self._console.size), refresh=True)

    def _print_line(self) -> None:
        self._printed_s = self._session_s
        self._news = False
        self._print(plain_line(self.now))
        self._message = ""  # said once; a screen keeps it

    def _print(self, line: str) -> None:
        encoding = self._console.encoding
        line = line.encode(encoding, "replace").decode(encoding)
        self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _can_draw(console: Console) -> bool:
    """Whether a screen can be drawn: a terminal that moves its cursor and knows the glyphs."""
    dumb = console.is_dumb_terminal or os.environ.get("TERM") == "dumb"
    return console.is_terminal and not dumb and console.encoding.lower().startswith("utf")
