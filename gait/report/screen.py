"""What the live view shows, drawn: a screen of two feet, or one plain line.

Pure: a `RunNow` goes in, rich renderables or text come out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gait.model.side import Side

WIDE = 72  # columns from which both feet fit side by side
LINES = 22  # rows of the full screen
SPARK_STRIDES = 12
LABEL_COLUMNS, VALUE_COLUMNS = 10, 14
BARS = "▁▂▃▄▅▆▇█"
UNKNOWN = "–"
FOOT_STYLE = {Side.LEFT: "blue", Side.RIGHT: "yellow"}

# Digits three rows high, three columns wide.
_DIGITS = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
}

GAUGE_LOW, BAND_LOW, BAND_HIGH, GAUGE_HIGH = 140, 160, 180, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure of one foot: its value in words, or None and why; and its last strides."""

    key: str
    label: str
    value: str | None
    why_not: str = ""
    recent: tuple[float, ...] = ()
    least_range: float = 1.0  # the sparkline's height is at least this, so noise stays small


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A sensor's connection. `lost_pct` None: not known."""

    state: str
    well: bool
    battery_pct: int | None = None
    lost_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FootNow:
    """One foot. `activity` is "running", "walking" or None with the reason in `why_not`."""

    side: Side
    activity: str | None
    cadence_spm: float | None
    why_not: str
    lines: Sequence[Line]
    strides: int
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNow:
    """Everything on the screen. `at_least` marks a distance with strides missing from it."""

    title: str
    elapsed_s: float
    feet: Sequence[FootNow]
    distance_m: float | None = None
    at_least: bool = False
    speed_m_s: float | None = None
    message: str = ""
    activity: str | None = None
    cadence_spm: float | None = None


def printable(text: str) -> str:
    """`text` in one line, without anything that could steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, hours only where there are any."""
    minutes, s = divmod(int(max(0.0, seconds)), 60)
    hours, m = divmod(minutes, 60)
    return f"{hours}:{m:02d}:{s:02d}" if hours else f"{m:02d}:{s:02d}"


def pace(speed_m_s: float) -> str:
    """Minutes and seconds a kilometre."""
    minutes, seconds = divmod(round(1000.0 / speed_m_s), 60)
    return f"{minutes}:{seconds:02d} min/km"


def sparkline(values: Sequence[float], least_range: float) -> str:
    """One bar a stride, scaled from the lowest to the highest of them; a dot where unknown."""
    known = [v for v in values if math.isfinite(v)]
    if not known:
        return ""
    middle = 0.5 * (min(known) + max(known))
    height = max(max(known) - min(known), least_range)
    low = middle - 0.5 * height
    steps = len(BARS) - 1
    return "".join(
        BARS[round(steps * (v - low) / height)] if math.isfinite(v) else "·" for v in values
    )


def big_number(number: float) -> list[str]:
    """The rows of a whole number in large digits."""
    return [" ".join(_DIGITS[d][row] for d in f"{number:.0f}") for row in range(3)]


def band_sentence(cadence_spm: float) -> str:
    """Where a cadence lies against the band most runners are in."""
    band = f"{BAND_LOW}–{BAND_HIGH}"
    if round(cadence_spm) < BAND_LOW:
        return f"below {band}, where most runners are"
    if round(cadence_spm) > BAND_HIGH:
        return f"above {band}, where most runners are"
    return f"within {band}, where most runners are"


def gauge(cadence_spm: float | None, width: int) -> Text:
    """The cadence on a scale with the band marked on it; readable without colour."""
    cells = max(20, width - 10)
    place = (cells - 1) / (GAUGE_HIGH - GAUGE_LOW)

    def column(value: float) -> int:
        return round((min(max(value, GAUGE_LOW), GAUGE_HIGH) - GAUGE_LOW) * place)

    low, high = column(BAND_LOW), column(BAND_HIGH)
    bar = Text()
    for i in range(cells):
        if cadence_spm is not None and i == column(cadence_spm):
            off = "◀" if cadence_spm < GAUGE_LOW else "▶" if cadence_spm > GAUGE_HIGH else "●"
            bar.append(off, "bold")
        elif i in (low, high):
            bar.append("┃", "green")
        else:
            inside = low < i < high
            bar.append("━" if inside else "─", "green" if inside else "dim")
    marks = [" "] * cells
    for value, at in ((BAND_LOW, low), (BAND_HIGH, high)):
        marks[at - 1 : at + 2] = str(value)
    scale = Text(f" {GAUGE_LOW} ").append_text(bar).append(f" {GAUGE_HIGH}")
    return scale.append("\n" + " " * 5 + "".join(marks), "dim")


def _headline(foot: FootNow) -> list[Text]:
    """Three rows: large cadence while running, else what is known in words."""
    if foot.activity == "running" and foot.cadence_spm is not None:
        rows = [Text(row, "bold") for row in big_number(foot.cadence_spm)]
        rows[2].append("  steps/min", "dim")
        return rows
    if foot.activity == "walking":
        beside = "" if foot.cadence_spm is None else f"{foot.cadence_spm:.0f} steps/min, walking"
        return [Text(), Text("walking", "bold"), Text(beside, "dim")]
    return [Text(), Text(UNKNOWN, "bold"), Text(foot.why_not, "dim")]


def _battery_and_loss(link: Link) -> Text:
    parts = []
    if link.battery_pct is not None:
        parts.append(Text(f"battery {link.battery_pct} %", "" if link.battery_pct > 15 else "bold"))
    if link.lost_pct is not None:
        lost = f"{link.lost_pct:.1f} % of packets lost"
        parts.append(Text(lost, "" if link.lost_pct < 1 else "bold"))
    return Text(" · ").join(parts)


def _measure_row(line: Line) -> Text:
    row = Text(line.label.ljust(LABEL_COLUMNS), no_wrap=True, overflow="ellipsis")
    if line.value is None:
        return row.append(f"{UNKNOWN} {line.why_not}", "dim")
    row.append(line.value.ljust(VALUE_COLUMNS), "bold")
    return row.append(sparkline(line.recent[-SPARK_STRIDES:], line.least_range))


def _foot_panel(foot: FootNow) -> Panel:
    link = Text("● " if foot.link.well else "○ ", "green" if foot.link.well else "bold")
    body = Group(
        *_headline(foot),
        Text(),
        *(_measure_row(line) for line in foot.lines),
        Text(),
        link.append(foot.link.state, "" if foot.link.well else "bold"),
        _battery_and_loss(foot.link),
    )
    strides = "1 stride" if foot.strides == 1 else f"{foot.strides} strides"
    title = f"{foot.side.value.upper()} · {strides}"
    return Panel(body, title=title, title_align="left", border_style=FOOT_STYLE[foot.side])


def _header(now: RunNow, width: int) -> Table:
    head = Table.grid(expand=True)
    head.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    head.add_column(no_wrap=True, justify="right")
    head.add_row(Text(printable(now.title), "bold"), Text(clock(now.elapsed_s), "bold"))
    return head


def _progress(now: RunNow) -> Text:
    parts = []
    if now.distance_m is not None:
        least = "at least " if now.at_least else ""
        parts.append(f"distance {least}{now.distance_m / 1000.0:.2f} km")
    if now.speed_m_s is not None:
        parts.append(f"speed {now.speed_m_s:.1f} m/s")
        parts.append(pace(now.speed_m_s))
    return Text(" · ".join(parts) or f"distance {UNKNOWN} not known yet")


def _cadence_text(now: RunNow) -> Text:
    if now.activity == "running" and now.cadence_spm is not None:
        said = f"{now.cadence_spm:.0f} steps/min, {band_sentence(now.cadence_spm)}"
        return Text("cadence ").append(said, "bold")
    if now.activity == "walking":
        return Text("cadence ").append("walking; the scale is for running", "bold")
    return Text(f"cadence {UNKNOWN}")


def draw(now: RunNow, width: int, height: int) -> RenderableType:
    """The screen for this many columns and rows; 80 × 24 shows everything."""
    if width < WIDE or height < LINES:
        return _small(now, width)
    feet = Table.grid(expand=True)
    for _ in now.feet:
        feet.add_column(ratio=1)
    feet.add_row(*(_foot_panel(foot) for foot in now.feet))
    running = now.cadence_spm if now.activity == "running" else None
    return Group(
        _header(now, width),
        feet,
        Text(),
        _cadence_text(now),
        gauge(running, width),
        _progress(now),
        Text(printable(now.message), "dim", no_wrap=True, overflow="ellipsis"),
    )


def _small(now: RunNow, width: int) -> Group:
    """For a small window: the feet under each other, a line a measure."""
    table = Table.grid(padding=(0, 2))
    table.add_row("", *(Text(foot.side.value, "bold") for foot in now.feet))
    table.add_row("cadence", *(Text(_cadence_words(foot), "bold") for foot in now.feet))
    for lines in zip(*(foot.lines for foot in now.feet), strict=True):
        table.add_row(lines[0].label, *(line.value or UNKNOWN for line in lines))
    table.add_row("link", *(foot.link.state for foot in now.feet))
    return Group(_header(now, width), table, _progress(now), Text(printable(now.message)))


def _cadence_words(foot: FootNow) -> str:
    if foot.activity is None:
        return f"{UNKNOWN} {foot.why_not}"
    if foot.activity == "walking" or foot.cadence_spm is None:
        return foot.activity
    return f"{foot.cadence_spm:.0f} steps/min"


def plain_line(now: RunNow) -> str:
    """Everything in one line of text, for a pipe or a log."""
    feet = [_plain_foot(foot) for foot in now.feet]
    parts = [clock(now.elapsed_s), *feet]
    if now.distance_m is not None:
        parts.append(_progress(now).plain)
    if now.message:
        parts.append(printable(now.message))
    return " | ".join(parts)


def _plain_foot(foot: FootNow) -> str:
    words = [foot.side.value, _cadence_words(foot)]
    if foot.activity is not None:
        words += [f"{line.label} {line.value}" for line in foot.lines if line.value is not None]
    words.append(foot.link.state)
    if said := _battery_and_loss(foot.link).plain:
        words.append(said.replace(" · ", ", "))
    return words[0] + ": " + ", ".join(words[1:])
