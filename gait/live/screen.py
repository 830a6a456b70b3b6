"""What the live view shows, drawn: a screen to be read at arm's length, or one plain line.

Pure: a `RunNow` goes in, rich renderables or text come out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gait.live.figures import DIGIT_ROWS, big_number, gauge, sparkline
from gait.model.strides import Side
from gait.text import MOST_RUNNERS, UNKNOWN, band_sentence, clock, pace, printable, sentence_case

WIDE, LINES = 72, 22  # from which both feet fit side by side, and everything below each other
LARGE_COLUMNS, LARGE_LINES = 110, 32  # from which the cadence is twice as large
SPARK_STRIDES = 12
LABEL_COLUMNS, VALUE_COLUMNS, USUAL_COLUMNS = 10, 14, 10
FOOT_STYLE = {Side.LEFT: "bold blue", Side.RIGHT: "bold yellow"}
BATTERY_LOW_PCT = 15
LEAST_LOST_PCT = 0.05  # less reads as none
MOST_KNOWN_PCT = 99.5  # of the strides; with more, a loss costs nothing worth a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure of one foot: its value in words, or None and why; and its last strides.

    usual : the runner's own usual range in words, and where the value lies: "▲", "▼" or "●"
    """

    key: str
    label: str
    value: str | None
    why_not: str = ""
    recent: tuple[float, ...] = ()
    least_range: float = 1.0  # the sparkline's height is at least this, so noise stays small
    usual: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A sensor's connection, and what its losses cost. None: not known.

    contact_pct : of how many strides contact time is known
    """

    state: str
    well: bool
    battery_pct: int | None = None
    lost_pct: float | None = None
    contact_pct: float | None = None


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
    """Everything on the screen.

    at_least : the distance has strides missing from it
    target   : the runner's own cadence band; None for the one where most runners are
    drift    : what changed since the first minutes, each in words
    paused   : the runner paused
    keys     : the keys that do something, in words; asked and typed: what is being typed
    help     : show what is on the screen instead of it
    doubts   : what cannot be right, to be seen before everything else
    """

    title: str
    elapsed_s: float
    feet: Sequence[FootNow]
    distance_m: float | None = None
    at_least: bool = False
    speed_m_s: float | None = None
    message: str = ""
    activity: str | None = None
    cadence_spm: float | None = None
    target: tuple[float, float] | None = None
    drift: Sequence[str] = ()
    paused: bool = False
    keys: Sequence[tuple[str, str]] = ()
    asked: str | None = None
    typed: str = ""
    help: bool = False
    doubts: Sequence[str] = ()


def draw(now: RunNow, width: int, height: int) -> RenderableType:
    """The screen for this many columns and rows; 80 × 24 shows everything."""
    if now.help:
        return _help(now)
    if width < WIDE or height < LINES:
        return _small(now, width)
    scale = 2 if width >= LARGE_COLUMNS and height >= LARGE_LINES else 1
    running = now.cadence_spm if now.activity == "running" else None
    return Group(
        _header(now),
        _one_line(_notice(now)),
        _headline(now, scale),
        Text(),
        gauge(running, now.target or MOST_RUNNERS, width),
        Text(),
        _feet(now, width),
        Text(),
        _one_line(_drift(now)),
        _one_line(Text(printable(now.message), "bold")),
        _one_line(_keys(now)),
    )


def _one_line(text: Text) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def _header(now: RunNow) -> Table:
    head = Table.grid(expand=True, padding=(0, 1))
    head.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    head.add_column(no_wrap=True, justify="right")
    state = Text("❚❚ paused  " if now.paused else "", "bold reverse" if now.paused else "")
    head.add_row(Text(printable(now.title), "bold"), state.append(clock(now.elapsed_s), "bold"))
    return head


def _notice(now: RunNow) -> Text:
    """What cannot be right; else what a lossy link costs."""
    if now.doubts:
        return Text(f"! {printable(' · '.join(map(sentence_case, now.doubts)))}", "bold reverse")
    lost = [(foot.side, text) for foot in now.feet if (text := loss_words(foot.link))]
    return Text(" · ".join(f"{side}: {text}" for side, text in lost), "bold")


def loss_words(link: Link) -> str:
    """What is lost and what that costs, such as `2.0 % lost: contact time from 91 % of strides`;
    empty where nothing is, or it costs nothing."""
    lost, known = link.lost_pct, link.contact_pct
    if not lost or lost < LEAST_LOST_PCT or known is None or known > MOST_KNOWN_PCT:
        return ""
    return f"{lost:.1f} % lost: contact time from {known:.0f} % of strides"


def _headline(now: RunNow, scale: int) -> Table:
    """The cadence in large digits, and beside it what it is, distance, speed and pace."""
    rows = DIGIT_ROWS * scale
    if now.activity == "running" and now.cadence_spm is not None:
        large = [Text(row, "bold") for row in big_number(now.cadence_spm, scale)]
        said = Text("steps/min, ").append(band_sentence(now.cadence_spm, now.target), "bold")
    elif now.activity == "walking":
        large = [Text()] * (rows // 2) + [Text("walking", "bold")]
        beside = "" if now.cadence_spm is None else f"{now.cadence_spm:.0f} steps/min; "
        said = Text(f"{beside}the scale below is for running")
    else:
        large = [Text()] * (rows // 2) + [Text(UNKNOWN, "bold")]
        said = Text(next((foot.why_not for foot in now.feet if foot.why_not), "no steps yet"))
    if now.paused:
        said = Text("paused: this time does not count", "bold")
    table = Table.grid(padding=(0, 3, 0, 1))
    table.add_column(no_wrap=True)
    table.add_column(vertical="middle")
    table.add_row(Group(*large), Group(said, Text(), _progress(now)))
    return table


def _progress(now: RunNow) -> Text:
    parts = []
    if now.distance_m is not None:
        least = "at least " if now.at_least else ""
        parts.append(f"{least}{now.distance_m / 1000.0:.2f} km")
    if now.speed_m_s:
        parts.append(f"{now.speed_m_s:.1f} m/s")
        parts.append(pace(now.speed_m_s))
    return Text(" · ".join(parts) or f"distance {UNKNOWN} not known yet", "bold" if parts else "")


def _feet(now: RunNow, width: int) -> Table:
    """Both feet side by side, a row a measure."""
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    table.add_column(width=LABEL_COLUMNS)
    for _ in now.feet:
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_row("", *(_foot_title(foot) for foot in now.feet))
    cell = (width - LABEL_COLUMNS) // max(1, len(now.feet))
    for lines in zip(*(foot.lines for foot in now.feet), strict=True):
        table.add_row(lines[0].label, *(_measure(line, cell) for line in lines))
    table.add_row("sensor", *(_link(foot.link) for foot in now.feet))
    return table


def _foot_title(foot: FootNow) -> Text:
    said = "1 stride" if foot.strides == 1 else f"{foot.strides} strides"
    if foot.activity is None:
        said = f"{UNKNOWN} {foot.why_not}"
    return Text(foot.side.value.upper(), FOOT_STYLE[foot.side]).append(f"  {said}", "dim")


def _measure(line: Line, columns: int) -> Text:
    if line.value is None:
        return Text(f"{UNKNOWN} {line.why_not}", "dim")
    cell = Text(line.value.ljust(VALUE_COLUMNS), "bold")
    room = columns - VALUE_COLUMNS - 2
    if line.usual is not None:
        place, span = line.usual
        cell.append(f"{place} {span}".ljust(USUAL_COLUMNS), "" if place == "●" else "bold")
        room -= USUAL_COLUMNS
    strides = line.recent[-min(SPARK_STRIDES, max(0, room)) :] if room > 0 else ()
    return cell.append(sparkline(strides, line.least_range))


def _link(link: Link) -> Text:
    """State, battery and loss; what needs a look is bold."""
    known = _battery_and_loss(link)
    if not link.well or not known:
        known.insert(0, (link.state, not link.well))
    cell = Text("● " if link.well else "○ ", "green" if link.well else "bold")
    for i, (part, urgent) in enumerate(known):
        cell.append(" · " if i else "").append(part, "bold" if urgent else "")
    return cell


def _battery_and_loss(link: Link, *, short: bool = True) -> list[tuple[str, bool]]:
    parts = []
    if link.battery_pct is not None:
        parts.append((f"battery {link.battery_pct} %", link.battery_pct <= BATTERY_LOW_PCT))
    if link.lost_pct is not None:
        cost = "" if short else loss_words(link)
        parts.append((cost or f"{link.lost_pct:.1f} % lost", link.lost_pct >= 1))
    return parts


def _drift(now: RunNow) -> Text:
    if not now.drift:
        return Text()
    return Text("since your first minutes: ").append(" · ".join(now.drift), "bold")


def _keys(now: RunNow) -> Text:
    if now.asked is not None:
        return Text(f"{now.asked} ", "bold").append(f"{printable(now.typed)}▏")
    text = Text()
    for key, does in now.keys:
        text.append(f" {key} ", "reverse").append(f" {does}   ")
    return text


def _help(now: RunNow) -> Panel:
    """What is on the screen, and the keys."""
    table = Table.grid(padding=(0, 2))
    for key, does in now.keys:
        table.add_row(Text(key, "bold"), does)
    words = Group(
        Text("The large number is your cadence: steps of both feet in a minute."),
        Text(
            "The line below it marks your target, or 160–180, where most runners are. Taller and "
            "slower runners are often below: it is no goal in itself."
        ),
        Text("contact: how long a foot is on the ground. strike: the shoe's angle at landing."),
        Text("pronation: how far the shoe rolls inwards. impact: the peak at landing."),
        Text("▲ ▼ ●: above, below, within your own usual range, where earlier runs are known."),
        Text("A dash with words: not measured, and why. Information, not a diagnosis."),
        Text(),
        table,
    )
    return Panel(words, title="Help", title_align="left", padding=(1, 2))


def _small(now: RunNow, width: int) -> Group:
    """For a small window: the feet under each other, a line a measure."""
    table = Table.grid(padding=(0, 2))
    table.add_row("", *(Text(foot.side.value, "bold") for foot in now.feet))
    table.add_row("cadence", *(Text(_cadence_words(foot), "bold") for foot in now.feet))
    for lines in zip(*(foot.lines for foot in now.feet), strict=True):
        table.add_row(lines[0].label, *(line.value or UNKNOWN for line in lines))
    table.add_row("link", *(foot.link.state for foot in now.feet))
    message = Text(printable(now.message))
    notice = [_one_line(_notice(now))] if _notice(now) else []
    return Group(_header(now), *notice, table, _progress(now), message, _one_line(_keys(now)))


def _cadence_words(foot: FootNow) -> str:
    if foot.activity is None:
        return f"{UNKNOWN} {foot.why_not}"
    if foot.activity == "walking" or foot.cadence_spm is None:
        return foot.activity
    return f"{foot.cadence_spm:.0f} steps/min"


def plain_line(now: RunNow) -> str:
    """Everything in one line of text, for a pipe or a log."""
    parts = [clock(now.elapsed_s), *(["paused"] if now.paused else [])]
    parts += [f"! {printable(doubt)}" for doubt in now.doubts]
    parts += [_plain_foot(foot) for foot in now.feet]
    if now.distance_m is not None:
        parts.append(f"distance {_progress(now).plain}")
    if now.message:
        parts.append(printable(now.message))
    return " | ".join(parts)


def _plain_foot(foot: FootNow) -> str:
    words = [foot.side.value, _cadence_words(foot)]
    if foot.activity is not None:
        words += [f"{line.label} {line.value}" for line in foot.lines if line.value is not None]
    words.append(foot.link.state)
    words += [part for part, _ in _battery_and_loss(foot.link, short=False)]
    return words[0] + ": " + ", ".join(words[1:])
