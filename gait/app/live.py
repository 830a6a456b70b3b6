"""The live view: fed with strides, items and status; draws a screen, or prints plain lines.

It keeps the last few strides of each foot and nothing more, so memory does not grow. Session
time comes in with what it is fed; the only clock of its own limits how often it redraws.
"""

import contextlib
import io
import math
import os
import re
import statistics
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.live import Live

from gait.measures.table import BY_NAME
from gait.model import (
    Activity,
    BatteryReading,
    Connection,
    ConnectionEvent,
    Mark,
    Packet,
    SensorInfo,
    SessionItem,
    Side,
    Strike,
    Why,
)
from gait.recording.files import private_output
from gait.report.screen import (
    SPARK_STRIDES,
    FootNow,
    Line,
    Link,
    RunNow,
    clock,
    draw,
    plain_line,
)

RECENT = 10  # valid strides in a shown median
STALE_S = 4.0  # without a stride for so long, nothing is claimed any more
REDRAW_S = 1.0 / 8.0
PLAIN_EVERY_S = 5.0  # of session time
SVG_COLUMNS, SVG_LINES = 80, 24

# column, words on the screen, how the value is written, least range of its sparkline
SHOWN = (
    ("contact_ms", "contact", "{:.0f} ms", 20.0),
    ("strike_angle_deg", "strike", "{:+.0f}°", 4.0),
    ("pronation_excursion_deg", "pronation", "{:.1f}°", 4.0),
    ("impact_g", "impact", "{:.1f} g", 2.0),
)
SHORT_WHY = {
    Why.GAP: "samples are missing",
    Why.ACC_CLIPPED: "beyond sensor's range",
    Why.IMPACT_CLIPPED: "beyond sensor's range",
    Why.LANDING_CLIPPED: "beyond sensor's range",
    Why.GYR_CLIPPED: "beyond sensor's range",
    Why.NO_NEXT_CONTACT: "no next contact yet",
    Why.ODD_DURATION: "not steady gait",
    Why.NOT_A_STEP: "hardly a step",
    Why.MOUNTING_POOR: "mounting not known yet",
    Why.NO_STANDING: "needs quiet standing",
    Why.NO_GYROSCOPE: "gyroscope gives nothing",
    Why.NOT_STEADY: "foot not still in stance",
}
ACTIVITY_WORDS = {Activity.RUN: "running", Activity.WALK: "walking"}


def _median(values: Sequence[float]) -> float | None:
    known = [v for v in values if math.isfinite(v)]
    return statistics.median(known) if known else None


class _Foot:
    """The last strides of one foot."""

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self.recent: deque[dict[str, float]] = deque(maxlen=RECENT)
        self.trace: deque[dict[str, float]] = deque(maxlen=SPARK_STRIDES)
        self.strides = 0
        self.distance_m = 0.0
        self.unmeasured = 0  # strides whose length is not in the distance
        self.seen_s = -math.inf

    def add(self, strides: NDArray[np.void], session_s: float) -> None:
        names = strides.dtype.names or ()
        for record in strides:
            stride = dict(zip(names, record.item(), strict=True))
            self.strides += 1
            self.seen_s = session_s
            length = stride.get("stride_length_m", math.nan)
            self.distance_m += length if math.isfinite(length) else 0.0
            self.unmeasured += not math.isfinite(length)
            self.trace.append(stride)
            if stride["valid"]:
                self.recent.append(stride)

    def activity(self) -> Activity | None:
        """What most of the last three valid strides are; the latest decides a tie."""
        last = [Activity(int(s["activity"])) for s in list(self.recent)[-3:]]
        return max(reversed(last), key=last.count) if last else None

    def of_activity(self) -> list[dict[str, float]]:
        now = self.activity()
        return [s for s in self.recent if s["activity"] == now]

    def median(self, name: str) -> float | None:
        return _median([s.get(name, math.nan) for s in self.of_activity()])

    def line(self, name: str, label: str, form: str, least_range: float) -> Line:
        value = self.median(name)
        return Line(
            key=name,
            label=label,
            value=None if value is None else self._strike(name) + form.format(value),
            why_not="" if value is not None else self._why_not(name),
            recent=tuple(s.get(name, math.nan) for s in self.trace),
            least_range=least_range,
        )

    def _strike(self, name: str) -> str:
        """What goes before a strike angle: the commonest strike of the recent strides."""
        if name != "strike_angle_deg":
            return ""
        known = [int(s["strike"]) for s in self.of_activity() if s["strike"] != Strike.UNKNOWN]
        return f"{Strike(statistics.mode(known)).name.lower()} " if known else ""

    def _why_not(self, name: str) -> str:
        row = BY_NAME[name]
        if not self.info.has_gyroscope:
            return "no gyroscope"
        if self.info.rate_hz < row.least_rate_hz:
            return "rate too low"
        if not self.trace:
            return ""
        if row.running_only and self.activity() is Activity.WALK:
            return "walking"
        why = int(self.trace[-1]["why"])
        spoiled = [text for flag, text in SHORT_WHY.items() if why & int(flag & row.spoiled_by)]
        if spoiled:
            return spoiled[0]
        return "needs both shoes" if row.paired else "not seen yet"

    def now(self, session_s: float, link: Link) -> FootNow:
        fresh = session_s - self.seen_s <= STALE_S
        activity = self.activity() if fresh else None
        if activity is not None:
            why_not = ""
        elif not self.strides:
            seconds = 8 if self.info.has_gyroscope else 5
            why_not = f"no steps yet; it takes some {seconds} s of running"
        elif not fresh:
            why_not = f"no steps for {clock(session_s - self.seen_s)}"
        else:
            why_not = "no usable stride yet"
        lines = [self.line(*shown) for shown in SHOWN]
        if activity is None:
            lines = [Line(key=line.key, label=line.label, value=None) for line in lines]
        return FootNow(
            side=self.info.side,
            activity=ACTIVITY_WORDS[activity] if activity is not None else None,
            cadence_spm=self.median("cadence_spm") if activity is not None else None,
            why_not=why_not,
            lines=lines,
            strides=self.strides,
            link=link,
        )


class _Connection:
    """What is known of one sensor's link."""

    def __init__(self) -> None:
        self.state = "waiting"
        self.well = False
        self.battery_pct: int | None = None
        self.packets = 0
        self.lost: int | None = None

    def set(self, event: Connection) -> None:
        self.well = event is Connection.CONNECTED
        self.state = {
            Connection.CONNECTED: "connected",
            Connection.LOST: "connection lost",
            Connection.CLOSED: "closed",
        }[event]

    def now(self) -> Link:
        lost = self.lost
        total = self.packets + (lost or 0)
        return Link(
            state=self.state,
            well=self.well,
            battery_pct=self.battery_pct,
            lost_pct=None if lost is None or not total else 100.0 * lost / total,
        )


class LiveView:
    """A context manager that shows a session while it happens or is replayed.

    sensors : one a device; `device` of an item is its index here
    title   : shown above, such as the name of the recording
    console : where to; a terminal gets a screen of its own that is put back at the end, anything
              else one plain line every `plain_every_s` seconds of session time
    now     : any rising clock in seconds; only limits redrawing to eight times a second

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
    ) -> None:
        self._sensors = list(sensors)
        self._feet = {info.side: _Foot(info) for info in self._sensors}
        self._links = [_Connection() for _ in self._sensors]
        self._title = title
        self._console = console or Console(stderr=True)
        self._plain_every_s = plain_every_s
        self._now = now
        self._session_s = 0.0
        self._message = ""
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
        """Newly closed strides of either foot, valid or not."""
        for side, foot in self._feet.items():
            mine = strides[strides["side"] == (side is Side.RIGHT)]
            if len(mine):
                foot.add(mine, self._session_s)
        self._refresh()

    def on_item(self, item: SessionItem) -> None:
        """An item of the session as it arrives; its `host_s` is the session time from now on."""
        self._session_s = max(self._session_s, item.host_s)
        match item:
            case Packet(device=device):
                link = self._links[device]
                link.packets += 1
                if link.state == "waiting":
                    link.set(Connection.CONNECTED)
            case BatteryReading(device=device, percent=percent):
                self._links[device].battery_pct = percent
            case ConnectionEvent(device=device, event=event, detail=detail):
                self._links[device].set(event)
                said = f"{self._sensors[device].side} shoe {self._links[device].state}"
                self._say(f"{said}: {detail}" if detail else said)
            case Mark(text=text):
                self._say(f"mark: {text}")
        self._refresh()

    def on_status(
        self,
        session_s: float,
        message: str | None = None,
        lost: Mapping[int, int] | None = None,
    ) -> None:
        """The session time in seconds, a line to show, packets lost so far by device."""
        self._session_s = max(self._session_s, session_s)
        for device, count in (lost or {}).items():
            self._links[device].lost = count
        if message is not None:
            self._message = message
        self._refresh()

    def on_cue(self, text: str) -> None:
        """Something to tell the runner at once: a line, and the terminal's bell."""
        self._say(f"cue: {text}")
        if self._live is not None:
            self._console.bell()
            self._show()
        else:
            self._print(self._message)
            self._message = ""

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
        paper.print(draw(self._run_now(), SVG_COLUMNS, SVG_LINES))
        svg = paper.export_svg(title=self._title or "gait", unique_id="live")
        # rich links to fonts on the network; the picture must stand alone
        svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
        with private_output(Path(path), overwrite=overwrite) as file:
            file.write(svg.encode())

    def _say(self, text: str) -> None:
        self._message = f"{clock(self._session_s)} {text}"

    def _refresh(self) -> None:
        self._news = True
        if self._live is not None:
            if self._now() - self._drawn_at >= REDRAW_S:
                self._show()
        elif self._session_s - self._printed_s >= self._plain_every_s:
            self._print_line()

    def _show(self) -> None:
        assert self._live is not None
        self._drawn_at = self._now()
        self._live.update(draw(self._run_now(), *self._console.size), refresh=True)

    def _print_line(self) -> None:
        self._printed_s = self._session_s
        self._news = False
        self._print(plain_line(self._run_now()))
        self._message = ""  # said once; a screen keeps it

    def _print(self, line: str) -> None:
        encoding = self._console.encoding
        line = line.encode(encoding, "replace").decode(encoding)
        self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def _run_now(self) -> RunNow:
        links = {i.side: link for i, link in zip(self._sensors, self._links, strict=True)}
        feet = [f.now(self._session_s, links[side].now()) for side, f in self._feet.items()]
        moving = [f for f in feet if f.activity is not None]
        running = [f for f in moving if f.activity == "running"]
        of = running or moving
        active = [self._feet[f.side] for f in of]
        speeds = [v for f in active if (v := f.median("speed_m_s")) is not None]
        furthest = max(self._feet.values(), key=lambda f: f.distance_m, default=None)
        return RunNow(
            title=self._title,
            elapsed_s=self._session_s,
            feet=feet,
            distance_m=furthest.distance_m if furthest and furthest.distance_m else None,
            at_least=furthest is not None and furthest.unmeasured > 0,
            speed_m_s=statistics.fmean(speeds) if speeds else None,
            message=self._message,
            activity=of[0].activity if of else None,
            cadence_spm=_median([f.cadence_spm for f in of if f.cadence_spm is not None]),
        )


def _can_draw(console: Console) -> bool:
    """Whether a screen can be drawn: a terminal that moves its cursor and knows the glyphs."""
    dumb = console.is_dumb_terminal or os.environ.get("TERM") == "dumb"
    return console.is_terminal and not dumb and console.encoding.lower().startswith("utf")
