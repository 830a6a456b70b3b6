"""The live view as a screen of the terminal, to be read at arm's length: a Textual app.

The app looks at a `LiveRun` some times a second and shows what changed.
"""

import asyncio
import errno
import math
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.driver import Driver
from textual.widget import Widget
from textual.widgets import Digits, Footer, Input, Static

from gait.live.feet import SPARK_STRIDES, FootNow, Line, Link
from gait.live.run import LiveRun, PlaybackControls, RecordingControls, RunNow
from gait.model import Side
from gait.model.packets import MARKED, PAUSE, RESUME
from gait.text import MOST_RUNNERS, UNKNOWN, band_sentence, clock, pace, printable, sentence_case

REDRAW_S = 1.0 / 8.0
MOST_WAITING = 5  # writes that the terminal has not taken yet; Textual holds 30
WIDE, TALL = 72, 22  # columns and rows from which everything is shown
LONGEST_NOTE = 500
LABEL_COLUMNS, VALUE_COLUMNS, USUAL_COLUMNS = 10, 14, 10
BATTERY_LOW_PCT = 15
BARS = "▁▂▃▄▅▆▇█"
GAUGE_LOW, GAUGE_HIGH = 140, 200

HELP = """\
The first number is your cadence: steps of both feet in a minute.
The scale marks your target, or 160–180, where most runners are. Taller and slower runners are \
often below: it is no goal in itself.

contact: how long a foot is on the ground. strike: the shoe's angle at landing.
pronation: how far the shoe rolls inwards. impact: the peak at landing.
▲ ▼ ●: above, below, within your own usual range, where earlier runs are known.
A dash with words: not measured, and why. Information, not a diagnosis.
"""


_HELP_KEY = Binding("question_mark", "help", "help", key_display="?")


class Figure(Vertical):
    """A number in large digits, and below it what it is."""

    def __init__(self, name: str) -> None:
        self._digits, self._caption = Digits(), Static(markup=False)
        self._shown = ("", "")
        super().__init__(self._digits, self._caption, id=name)

    def show(self, value: str, caption: str) -> None:
        """`value` has digits, a point or a colon; anything else has normal size."""
        if (value, caption) != self._shown:
            self._shown = value, caption
            self._digits.update(value)
            self._caption.update(caption, layout=False)


class Gauge(Widget):
    """The cadence on a scale with a band marked on it, in two rows; readable without colour."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[float | None, tuple[float, float]] = (None, MOST_RUNNERS)

    def show(self, cadence_spm: float | None, band: tuple[float, float]) -> None:
        if (cadence_spm, band) != self._shown:
            self._shown = cadence_spm, band
            self.refresh()

    def render(self) -> Content:
        return gauge(*self._shown, self.size.width)


class FootPanel(Widget):
    """One foot: a row a measure, and in the frame its side and its sensor."""

    def __init__(self, side: Side) -> None:
        super().__init__(id=side.value)
        self._foot: FootNow | None = None
        self.border_title = side.upper()

    def show(self, foot: FootNow) -> None:
        if foot != self._foot:
            self._foot = foot
            self.border_title = _foot_title(foot)
            self.border_subtitle = _link_words(foot.link)
            self.set_class(not foot.link.well, "-unwell")
            self.refresh()

    def render(self) -> Content:
        foot = self._foot
        if foot is None or foot.activity is None:
            why_not = foot.why_not if foot else "no sensor on this foot"
            return Content.styled(f"{UNKNOWN} {why_not}", "dim")
        return Content("\n").join(_measure(line, self.size.width) for line in foot.lines)


class LiveScreen(App[None], inherit_bindings=False):
    """What is known of `run`, and the keys of every terminal.

    failed : why it cannot be shown any more
    ready  : set once it is there
    """

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]
    CSS = """
    #head { height: 1; }
    #title { width: 1fr; text-style: bold; }
    #paused { width: auto; text-style: bold reverse; }
    #notice { height: auto; max-height: 3; text-style: bold reverse; }
    #figures { height: 4; margin: 0 1; }
    .-tall.-wide #figures { margin: 1 1 0 1; }
    Figure { width: 1fr; height: 4; }
    Figure Digits { width: 1fr; text-style: bold; }
    #said, #drift, #message { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    #said, #message { text-style: bold; }
    #said, #way { margin: 0 1; }
    #way { display: none; height: 1; }
    Gauge { height: 2; margin: 1 0; }
    #feet { height: 6; }
    FootPanel { width: 1fr; height: 6; border: round ansi_default; padding: 0 1; }
    FootPanel#left { border: round ansi_blue; }
    FootPanel#right { border: round ansi_yellow; }
    FootPanel.-unwell { border-subtitle-style: bold reverse; }
    VerticalScroll { scrollbar-size-vertical: 1; }
    Input { height: 1; border: none; padding: 0; }
    #note { height: 1; display: none; }
    #note Static { width: auto; text-style: bold; }
    #help { display: none; height: 1fr; padding: 1 2; border: round ansi_default; }
    .-help #help { display: block; }
    .-help #body { display: none; }
    .-note #note { display: block; }
    .-note #message { display: none; }
    .-narrow #pace, .-narrow #distance, .-narrow Gauge, .-narrow #drift { display: none; }
    .-narrow #way { display: block; }
    .-narrow #feet { layout: vertical; height: auto; }
    .-narrow FootPanel { width: 100%; }
    .-short Gauge, .-short #drift { display: none; }
    """

    def __init__(self, run: LiveRun, *, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self.run_shown = run
        self.failed: Exception | None = None
        self.ready = asyncio.Event()

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield Static(id="title", markup=False)
            yield Static(id="paused", markup=False)
        yield Static(id="notice", markup=False)
        with VerticalScroll(id="body"):
            with Horizontal(id="figures"):
                for name in ("cadence", "pace", "distance", "time"):
                    yield Figure(name)
            yield Static(id="said", markup=False)
            yield Static(id="way", markup=False)
            yield Gauge()
            with Horizontal(id="feet"):
                for side in Side:
                    yield FootPanel(side)
            yield Static(id="drift", markup=False)
        yield Static(HELP, id="help", markup=False)
        yield Static(id="message", markup=False)
        with Horizontal(id="note"):
            yield Static("note: ")
            yield Input(max_length=LONGEST_NOTE, select_on_focus=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.theme = "ansi-dark"  # the terminal's own colours, light or dark
        self.draw()
        self.set_interval(REDRAW_S, self.draw)

    def on_ready(self) -> None:
        self.ready.set()

    def draw(self) -> None:
        """Show what is known now. An error ends the screen and nothing else."""
        try:
            if not self.is_headless and self.terminal_is_gone():
                raise OSError(errno.EIO, "the terminal is gone")
            if not self._terminal_is_behind():
                with self.batch_update():
                    self._show(self.run_shown.now)
        except Exception as error:
            self.failed = error
            self.exit()

    @staticmethod
    def terminal_is_gone() -> bool:
        """Looked at before anything is written to it, as that would wait for ever."""
        return sys.__stderr__ is None or not sys.__stderr__.isatty()

    def _terminal_is_behind(self) -> bool:
        """Where a terminal takes nothing for a while, Textual would soon wait for it, and with it
        all that runs here."""
        writer = getattr(self._driver, "_writer_thread", None)
        return writer is not None and writer._queue.qsize() > MOST_WAITING

    def _show(self, now: RunNow) -> None:
        self._write("title", printable(now.title))
        self._write("paused", " ❚❚ paused " if now.paused else "")
        notice = _notice(now)
        self._write("notice", notice)
        self.query_one("#notice").display = bool(notice)
        self._show_figures(now)
        self._write("said", _said(now))
        self._write("way", now.way)
        running = now.cadence_spm if now.activity == "running" else None
        self.query_one(Gauge).show(running, now.target or MOST_RUNNERS)
        for foot in now.feet:
            self.query_one(f"#{foot.side}", FootPanel).show(foot)
        drift = " · ".join(now.drift)
        self._write("drift", f"since your first minutes: {drift}" if drift else "")
        self._write("message", printable(now.message))

    def _show_figures(self, now: RunNow) -> None:
        def show(name: str, value: str, caption: str) -> None:
            self.query_one(f"#{name}", Figure).show(value, caption)

        moving = now.cadence_spm is not None and now.activity is not None
        show("cadence", f"{now.cadence_spm:.0f}" if moving else UNKNOWN, "steps/min")
        if now.speed_m_s:
            words = pace(now.speed_m_s).split()
            show("pace", words[0], f"{words[1]} · {now.speed_m_s:.1f} m/s")
        else:
            show("pace", UNKNOWN, "min/km")
        known = now.distance_m is not None
        distance = f"{now.distance_m / 1000.0:.2f}" if now.distance_m is not None else UNKNOWN
        show("distance", distance, "km at least" if known and now.at_least else "km")
        show("time", clock(now.elapsed_s), "time")

    def _write(self, name: str, text: str) -> None:
        static = self.query_one(f"#{name}", Static)
        if static.content != text:
            static.update(text)

    def action_help(self) -> None:
        self.screen.toggle_class("-help")

    def action_interrupt(self) -> None:
        """As if it were no key: what else runs here is told in the same way as by `kill -INT`."""
        signal.raise_signal(signal.SIGINT)

    def _handle_exception(self, error: Exception) -> None:
        """Textual prints an error with all that is in memory; here a sentence is told instead."""
        self.failed = self.failed or error
        super()._handle_exception(error)
        self._exit_renderables.clear()


class RecordScreen(LiveScreen):
    """A recording: mark, note, pause, stop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m,M", "mark", "mark", key_display="m"),
        Binding("n,N", "note", "note", key_display="n"),
        Binding("p,P", "pause", "pause", key_display="p"),
        _HELP_KEY,
        Binding("q,Q", "stop", "stop", key_display="q"),
        Binding("escape", "drop_note", show=False),
    ]

    def __init__(self, run: LiveRun, controls: RecordingControls, **more) -> None:
        super().__init__(run, **more)
        self._controls = controls
        self._paused = False
        self._asked_to_stop = False

    def action_mark(self) -> None:
        self._asked_to_stop = False
        self._controls.mark(MARKED)

    def action_note(self) -> None:
        self._asked_to_stop = False
        self.screen.add_class("-note")
        self.query_one(Input).focus()

    def action_drop_note(self) -> None:
        self.screen.remove_class("-note")
        self.query_one(Input).clear()
        self.query_one("#body").focus()

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        if text := printable(submitted.value):
            self._controls.mark(f"note: {text}")
        self.action_drop_note()

    def action_pause(self) -> None:
        self._asked_to_stop = False
        self._paused = not self._paused
        self._controls.mark(PAUSE if self._paused else RESUME)

    def action_help(self) -> None:
        self._asked_to_stop = False
        super().action_help()

    def action_stop(self) -> None:
        self._controls.stop = self._asked_to_stop
        self._asked_to_stop = True
        if not self._controls.stop:
            self.run_shown.say("press q once more to stop and save")


class ReplayScreen(LiveScreen):
    """A recording that is shown again: pause, speed, end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p,P", "pause", "pause", key_display="p"),
        Binding("plus", "faster(1)", "faster", key_display="+"),
        Binding("minus", "faster(-1)", "slower", key_display="-"),
        _HELP_KEY,
        Binding("q,Q", "stop", "end", key_display="q"),
    ]

    def __init__(self, run: LiveRun, controls: PlaybackControls, **more) -> None:
        super().__init__(run, **more)
        self._controls = controls

    def action_pause(self) -> None:
        self._controls.paused = not self._controls.paused
        self.run_shown.say("held; p goes on" if self._controls.paused else "goes on")

    def action_faster(self, steps: int) -> None:
        if self._controls.speed > 0.0:
            self._controls.faster(steps)
            self.run_shown.say(f"{self._controls.speed:g} times as fast as it was")

    def action_stop(self) -> None:
        self._controls.stop = True


def screen_for(
    controls: RecordingControls | PlaybackControls,
) -> Callable[[LiveRun], LiveScreen]:
    """What makes the screen whose keys change these controls."""
    if isinstance(controls, PlaybackControls):
        return partial(ReplayScreen, controls=controls)
    return partial(RecordScreen, controls=controls)


def _notice(now: RunNow) -> str:
    """What cannot be right; else what a lossy link costs."""
    if now.doubts:
        return f"! {printable(' · '.join(map(sentence_case, now.doubts)))}"
    return " · ".join(f"{foot.side}: {foot.link.cost}" for foot in now.feet if foot.link.cost)


def _said(now: RunNow) -> str:
    """What there is to say to the cadence."""
    if now.paused:
        return "paused: this time does not count"
    if now.activity == "walking":
        return "walking; the scale below is for running"
    if now.activity == "running" and now.cadence_spm is not None:
        return band_sentence(now.cadence_spm, now.target)
    return next((foot.why_not for foot in now.feet if foot.why_not), "no steps yet")


def _foot_title(foot: FootNow) -> Content:
    said = "1 stride" if foot.strides == 1 else f"{foot.strides} strides"
    return Content.assemble((foot.side.upper(), "bold"), f"  {said}")


def _link_words(link: Link) -> Content:
    """State, battery and loss; what needs a look is bold."""
    known: list[tuple[str, bool]] = []
    if link.battery_pct is not None:
        known.append((f"battery {link.battery_pct} %", link.battery_pct <= BATTERY_LOW_PCT))
    if link.lost_pct is not None and link.well:
        known.append((f"{link.lost_pct:.1f} % lost", link.lost_pct >= 1))
    if not link.well or not known:
        known.insert(0, (link.state, not link.well))
    parts = [Content.styled(part, "bold" if urgent else "") for part, urgent in known]
    return Content("● " if link.well else "○ ") + Content(" · ").join(parts)


def _measure(line: Line, columns: int) -> Content:
    """Label, value, own usual range and the last strides, as far as there is room for them."""
    label = line.label.ljust(LABEL_COLUMNS)
    if line.value is None:
        return Content.assemble(label, (f"{UNKNOWN} {line.why_not}", "dim"))
    cell = Content.assemble(label, (line.value.ljust(VALUE_COLUMNS), "bold"))
    room = columns - LABEL_COLUMNS - VALUE_COLUMNS
    if line.usual is not None:
        place, span = line.usual
        style = "" if place == "●" else "bold"
        cell += Content.styled(f"{place} {span}".ljust(USUAL_COLUMNS), style)
        room -= USUAL_COLUMNS
    strides = line.recent[-min(SPARK_STRIDES, room) :] if room > 0 else ()
    return cell + Content(sparkline(strides, line.least_range))


def sparkline(values: Sequence[float], least_range: float) -> str:
    """One bar a stride, scaled from the lowest to the highest of them, but never to less than
    `least_range`, which Textual's own would; a dot where unknown."""
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


def gauge(cadence_spm: float | None, band: tuple[float, float], width: int) -> Content:
    """The scale of `Gauge` in so many columns."""
    cells = max(20, width - 10)
    place = (cells - 1) / (GAUGE_HIGH - GAUGE_LOW)

    def column(value: float) -> int:
        return round((min(max(value, GAUGE_LOW), GAUGE_HIGH) - GAUGE_LOW) * place)

    low, high = column(band[0]), column(band[1])
    bar = ["━" if low < i < high else "─" for i in range(cells)]
    bar[low] = bar[high] = "┃"
    if cadence_spm is not None:
        off = "◀" if cadence_spm < GAUGE_LOW else "▶" if cadence_spm > GAUGE_HIGH else "●"
        bar[column(cadence_spm)] = off
    scale = Content(f" {GAUGE_LOW} {''.join(bar)} {GAUGE_HIGH}")
    start = len(f" {GAUGE_LOW} ")
    scale = scale.stylize("ansi_green", start + low, start + high + 1)
    return scale + Content.styled("\n" + " " * start + _marks(band, (low, high), cells), "dim")


def _marks(band: tuple[float, float], at: tuple[int, int], cells: int) -> str:
    """The numbers below the ends of the band; one in the middle where there is no room for two."""
    words = [f"{end:.0f}" for end in band]
    if at[1] - at[0] < len(words[0]) + 2:
        both = "–".join(dict.fromkeys(words))
        words, at = [both], ((at[0] + at[1]) // 2, 0)
    marks = [" "] * cells
    for word, middle in zip(words, at, strict=False):
        start = min(max(0, middle - len(word) // 2), cells - len(word))
        marks[start : start + len(word)] = word
    return "".join(marks)
