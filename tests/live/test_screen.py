"""The live view's screen: what it shows at which size, what its keys do, and how it ends."""

import asyncio
import io
import re
import signal
import sys
import xml.etree.ElementTree as ET
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from live_strides import LEFT, RIGHT, stride
from textual.drivers._writer_thread import WriterThread
from textual.widgets import Input
from usual_signals import heard
from virtual_run import session_path

from gait.live.feet import FIRST, LATE, SKIPPED
from gait.live.run import SPEEDS, LiveRun, PlaybackControls, RecordingControls
from gait.live.screen import (
    BARS,
    LONGEST_NOTE,
    MOST_WAITING,
    LiveScreen,
    RecordScreen,
    ReplayScreen,
    gauge,
    sparkline,
)
from gait.live.terminal import ScreenView
from gait.model import (
    Activity,
    BatteryReading,
    Connection,
    ConnectionEvent,
    Doubt,
    Mark,
    Packet,
    QualityFlag,
    Reading,
    SensorInfo,
    Side,
    Strike,
)
from gait.model.packets import MARKED, PAUSE, RESUME
from gait.sensors import running_pod

NO_GYROSCOPE = SensorInfo(side=Side.RIGHT, rate_hz=60, has_gyroscope=False)
COLUMN, ROW = 12.2, 24.4  # of a character in Textual's picture
ONE_SIX_FIVE = ("╺┓ ┏━╸┏━╸", "┃ ┣━┓┗━┓", "╺┻╸┗━┛╺━┛")


def lines(screen: LiveScreen) -> list[str]:
    """What is on the screen, taken from Textual's picture of it."""
    width, height = screen.size
    rows = [[" "] * width for _ in range(height)]
    for text in ET.fromstring(screen.export_screenshot()).iter():
        if text.tag.endswith("}text") and "clip-path" in text.attrib:
            row = int(re.findall(r"line-(\d+)", text.attrib["clip-path"])[0])
            start = round(float(text.attrib["x"]) / COLUMN)
            for column, character in enumerate((text.text or "").replace("\xa0", " "), start):
                if character != "\n":
                    rows[row][column] = character
    return ["".join(row).rstrip() for row in rows]


class Shown:
    def __init__(self, screen, pilot):
        self.screen, self.pilot = screen, pilot

    async def lines(self) -> list[str]:
        self.screen.draw()
        await self.pilot.pause()
        return lines(self.screen)

    async def text(self) -> str:
        return "\n".join(await self.lines())


@asynccontextmanager
async def shown(run: LiveRun, screen: LiveScreen | None = None, size=(80, 24)):
    screen = screen or RecordScreen(run, RecordingControls(lambda _: None))
    async with screen.run_test(size=size) as pilot:
        yield Shown(screen, pilot)


def running(run, n=1, **values):
    for _ in range(n):
        for side in Side:
            run.on_strides(stride(side, speed_m_s=3.0, **values))


def a_run(sensors=(LEFT, RIGHT), **known) -> LiveRun:
    """A run that has everything there is to show."""
    run = LiveRun(sensors, title="sunday.gait", **known)
    run.on_status(3725.0)
    running(
        run,
        20,
        cadence_spm=165.0,
        contact_ms=248.0,
        stride_length_m=25.0,
        strike=Strike.FOREFOOT,
        strike_angle_deg=-4.0,
        pronation_excursion_deg=10.7,
        impact_g=9.6,
    )
    for device in range(2):
        run.on_item(Packet(device, 3725.0, "uuid", b""))
        run.on_item(BatteryReading(device, 3725.0, 90))
    run.on_status(3725.0, lost_pct={0: 0.0, 1: 0.0})
    run.say("mark: by the runner")
    return run


async def test_80_by_24_hold_the_whole_also_with_the_longest_notice():
    run = a_run()
    run.on_trouble("the analysis of one foot failed, and this sentence on it is a long one " * 2)
    running(run, SKIPPED + FIRST, cadence_spm=165.0, contact_ms=248.0, stride_length_m=2.0)
    running(run, LATE, cadence_spm=162.0, contact_ms=262.0, stride_length_m=2.0)
    running(run, 1, cadence_spm=162.0, contact_ms=262.0)
    async with shown(run) as at:
        text = await at.text()
        assert at.screen.query_one("#body").max_scroll_y == 0
    for words in (
        "sunday.gait",
        "! The analysis of one foot failed",
        "steps/min",
        "min/km · 3.0 m/s",
        "km at least",
        "within 160–180, where most runners are",
        "LEFT",
        "RIGHT",
        "contact   262 ms",
        "impact",
        "battery 90 % · 0.0 % lost",
        "since your first minutes: cadence -3 · contact +14 ms",
        "1:02:05 mark: by the runner",
        "m mark n note p pause ? help q stop",
    ):
        assert words in text, words


async def test_the_figures_are_in_large_digits():
    async with shown(a_run()) as at:
        text = await at.text()
    for row in ONE_SIX_FIVE:
        assert row in text
    assert "within 160–180, where most runners are" in text
    assert "forefoot -4°" in text
    assert "0.50" not in text  # it is in digits, too


@pytest.mark.parametrize("sensors", [(LEFT, RIGHT), (RIGHT, LEFT)])
async def test_the_left_foot_is_on_the_left_whatever_connected_first(sensors):
    run = a_run(sensors)
    run.on_strides(stride(Side.RIGHT, cadence_spm=165.0, contact_ms=248.0))
    async with shown(run) as at:
        (title,) = [line for line in await at.lines() if "LEFT" in line]
    assert re.search(r"LEFT  20 strides .* RIGHT  21 strides", title)


@pytest.mark.parametrize("info", [LEFT, RIGHT])
async def test_one_foot_alone_keeps_its_side(info):
    run = LiveRun([info])
    run.on_strides(stride(info.side, cadence_spm=165.0, contact_ms=248.0))
    async with shown(run) as at:
        found = await at.lines()
    (measured,) = [line for line in found if "248 ms" in line]
    (missing,) = [line for line in found if "– no sensor on this foot" in line]
    left_of_middle = {"248 ms": measured.index("248 ms") < 40, "no": missing.index("no") < 40}
    assert left_of_middle == {"248 ms": info is LEFT, "no": info is RIGHT}


async def test_40_columns_show_both_feet_below_each_other():
    async with shown(a_run(), size=(40, 24)) as at:
        found = await at.lines()
        assert at.screen.query_one("#body").max_scroll_y == 0
    text = "\n".join(found)
    assert max(map(len, found)) <= 40
    for row in ONE_SIX_FIVE:
        assert row in text
    assert text.index("LEFT") < text.index("RIGHT")
    assert text.count("contact   248 ms") == text.count("battery 90 % · 0.0 % lost") == 2
    assert "at least 0.50 km" not in text
    assert "0.50 km · 3.0 m/s · 5:33 min/km" in text
    assert "m mark n note p pause ? help q stop" in text


@pytest.mark.parametrize("size", [(50, 12), (80, 12), (20, 5), (3, 2), (200, 60)])
async def test_any_size_can_be_had_also_in_the_middle(size):
    async with shown(a_run()) as at:
        await at.pilot.resize_terminal(*size)
        found = await at.lines()
        assert len(found) == size[1]
        assert at.screen.failed is None
        if size[1] >= 12:
            assert any(ONE_SIX_FIVE[0] in line for line in found)
        await at.pilot.resize_terminal(80, 24)
        assert "RIGHT  20 strides" in await at.text()


async def test_unknown_is_a_dash_with_a_reason_and_never_zero():
    run = LiveRun([LEFT, NO_GYROSCOPE])
    run.on_status(1.0)
    run.on_strides(stride(cadence_spm=165.0, why=QualityFlag.IMPACT_CLIPPED | QualityFlag.ONE_SHOE))
    async with shown(run) as at:
        text = await at.text()
    assert re.search("impact +– beyond sensor's range", text)
    assert "flight" not in text  # needs both feet, which meet when the session ends
    assert "no steps yet" in text
    assert not re.search(r"\b0 (ms|steps)|\b0\.0 g", text)


async def test_a_sensor_without_gyroscope_shows_its_cadence_and_says_what_it_cannot():
    run = LiveRun([SensorInfo(side=Side.LEFT, rate_hz=100, acc_range_g=8, has_gyroscope=False)])
    run.on_strides(stride(cadence_spm=165.0, why=QualityFlag.NO_GYROSCOPE))
    async with shown(run) as at:
        text = await at.text()
    assert all(row in text for row in ONE_SIX_FIVE)
    assert re.search("contact +– no gyroscope", text)


async def test_walking_is_not_held_against_the_scale_of_running():
    run = LiveRun([LEFT])
    run.on_strides(stride(activity=Activity.WALK, cadence_spm=165.0))
    async with shown(run) as at:
        text = await at.text()
    assert "walking; the scale below is for running" in text
    assert "160–180, where" not in text


async def test_an_own_target_and_the_own_usual_range_are_shown():
    ranges = {Side.LEFT: (240.0, 260.0), Side.RIGHT: (240.0, 247.0)}

    def usual_of(side):
        return lambda measure, speed: (
            ranges[side] if measure == "contact_ms" and speed == 3.0 else None
        )

    run = a_run(target=(168.0, 176.0), usual={side: usual_of(side) for side in Side})
    async with shown(run) as at:
        text = await at.text()
    assert "below your target 168–176" in text
    assert "248 ms        ● 240–260" in text
    assert "248 ms        ▲ 240–247" in text


async def test_a_lost_sensor_is_said_and_its_values_are_withdrawn():
    run = a_run()
    async with shown(run) as at:
        run.on_item(ConnectionEvent(1, 3726.0, Connection.LOST, "out of reach"))
        text = await at.text()
        assert "○ connection lost · battery 90 %" in text
        assert "1:02:06 right shoe connection lost: out of reach" in text
        run.on_status(3740.0)
        assert (await at.text()).count("– no steps for 00:15") == 2
        run.on_item(ConnectionEvent(1, 3741.0, Connection.CONNECTED))
        assert "right shoe connected" in await at.text()


async def test_what_a_lossy_link_costs_is_said_above():
    run = LiveRun([LEFT])
    for i in range(100):
        run.on_strides(stride(contact_ms=np.nan if i % 11 == 0 else 250.0))
    run.on_status(1.0, lost_pct={0: 2.0})
    async with shown(run) as at:
        assert (await at.lines())[1] == "left: 2.0 % lost: contact time from 90 % of strides"


async def test_what_cannot_be_right_stands_above_everything_and_its_values_are_withdrawn():
    doubt = Doubt(
        check="side",
        side="left",
        sentence="This looks like the right shoe; analyse it with --side right.",
        what="this looks like the right shoe",
        spoils=["pronation_excursion_deg"],
    )
    run = a_run()
    run.on_status(3725.0, doubts=[doubt])
    async with shown(run) as at:
        text = await at.text()
    assert text.splitlines()[1] == "! This looks like the right shoe"
    assert re.search("pronation +– cannot be right", text)
    assert "248 ms" in text


async def test_a_pod_shows_what_it_tells_and_no_more():
    pod = SensorInfo(
        side=Side.LEFT, rate_hz=1, profile=running_pod.PROFILE.name, has_gyroscope=False
    )
    run = LiveRun([pod])
    told = Reading(host_s=3.0, cadence_spm=165.0, speed_m_s=3.0, running=True)
    run.on_status(3.5, lost_pct={}, told={Side.LEFT: told})
    async with shown(run) as at:
        text = await at.text()
        assert all(row in text for row in ONE_SIX_FIVE)
        assert "3.0 m/s" in text
        assert "– a pod does not tell" in text
        run.on_status(60.0)
        assert "the pod tells of no steps" in await at.text()


async def test_text_of_others_is_no_markup_and_steers_no_terminal():
    run = LiveRun([LEFT], title="[red]x[/] \x1b[2J.gait")
    run.on_item(Mark(2.0, "hill [b] \x1b[2J starts"))
    async with shown(run) as at:
        text = await at.text()
    assert "[red]x[/]  [2J.gait" in text
    assert "mark: hill [b]  [2J starts" in text


def recording():
    marks = []
    controls = RecordingControls(marks.append)
    run = a_run()
    return run, RecordScreen(run, controls), controls, marks


async def test_mark_note_pause_and_help():
    run, screen, controls, marks = recording()
    async with shown(run, screen) as at:
        await at.pilot.press("m", "M", "n", *"left knee q", *"mp", "backspace", "?")
        assert "note: left knee qm?" in await at.text()
        await at.pilot.press("enter", "P", "p", "up", "tab", "f5")
        assert "note:" not in (await at.lines())[-2]
        await at.pilot.press("?")
        assert "Information, not a diagnosis" in await at.text()
        await at.pilot.press("?")
        assert "Information" not in await at.text()
    assert marks == [MARKED, MARKED, "note: left knee qm?", PAUSE, RESUME]
    assert not controls.stop


async def test_a_pause_is_seen():
    run, screen, _, _ = recording()
    async with shown(run, screen) as at:
        run.on_item(Mark(3726.0, PAUSE))
        text = await at.text()
        assert "❚❚ paused" in text.splitlines()[0]
        assert "paused: this time does not count" in text
        run.on_item(Mark(3727.0, RESUME))
        assert "❚❚" not in await at.text()


async def test_stopping_takes_two_presses_in_a_row():
    run, screen, controls, _ = recording()
    async with shown(run, screen) as at:
        for other in ("m", "p", "?", "n"):
            await at.pilot.press("q", other, *(["escape"] if other == "n" else []))
            assert not controls.stop
        await at.pilot.press("q")
        assert "press q once more to stop and save" in await at.text()
        assert not controls.stop
        await at.pilot.press("q")
        assert controls.stop


async def test_escape_drops_a_note_and_an_empty_one_is_none():
    run, screen, _, marks = recording()
    async with shown(run, screen) as at:
        await at.pilot.press("n", *"abc", "escape", "n", "enter", "n", "space", "enter", "m")
    assert marks == [MARKED]


async def test_a_note_has_a_longest_length():
    run, screen, _, marks = recording()
    async with shown(run, screen) as at:
        await at.pilot.press("n", *("a" * 20))
        screen.query_one(Input).insert("b" * 2 * LONGEST_NOTE, 20)
        await at.pilot.press("enter")
    assert all(len(mark) <= len("note: ") + LONGEST_NOTE for mark in marks)


async def test_keys_that_end_a_textual_app_end_nothing_here():
    run, screen, controls, marks = recording()
    async with shown(run, screen) as at:
        await at.pilot.press("ctrl+q", "ctrl+p", "ctrl+d", "escape", "enter", "x")
        assert "RIGHT  20 strides" in await at.text()
    assert (controls.stop, marks) == (False, [])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("typing", [False, True])
async def test_ctrl_c_is_the_signal_that_it_is_elsewhere(typing):
    came = []
    run, screen, _, _ = recording()
    with heard(signal.SIGINT):
        before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
        try:
            async with shown(run, screen) as at:
                await at.pilot.press(*(["n"] if typing else []), "ctrl+c")
        finally:
            signal.signal(signal.SIGINT, before)
    assert came == [True]


async def test_replay_changes_its_speed_within_bounds_and_ends():
    run = a_run()
    controls = PlaybackControls(1.0)
    async with shown(run, ReplayScreen(run, controls)) as at:
        assert "p pause + faster - slower ? help q end" in await at.text()
        await at.pilot.press(*["plus"] * 11)
        assert controls.speed == SPEEDS[-1]
        await at.pilot.press(*["minus"] * 20)
        assert controls.speed == SPEEDS[0]
        assert "0.25 times as fast as it was" in await at.text()
        await at.pilot.press("p")
        assert controls.paused
        assert "held; p goes on" in await at.text()
        await at.pilot.press("p", "q")
    assert (controls.paused, controls.stop) == (False, True)


async def test_as_fast_as_it_goes_has_no_speed_to_change():
    run = a_run()
    controls = PlaybackControls(0.0)
    async with shown(run, ReplayScreen(run, controls)) as at:
        await at.pilot.press("plus", "minus")
    assert controls.speed == 0.0


class Headless(RecordScreen):
    """Shown as a view shows it, on no terminal."""

    rang = 0

    def __init__(self, run):
        super().__init__(run, RecordingControls(lambda _: None))

    async def run_async(self, **_):
        return await super().run_async(headless=True, size=(80, 24))

    def bell(self):
        Headless.rang += 1


async def test_a_view_is_there_when_it_begins_and_gone_when_it_ends():
    async with ScreenView([LEFT, RIGHT], Headless, title="run") as view:
        assert view.screen.is_running
        factory = asyncio.get_running_loop().get_task_factory()
        assert factory is None  # Textual would set another for all that runs here
        running(view, 3, cadence_spm=165.0)
        view.screen.draw()
    assert not view.screen.is_running
    assert view.now.cadence_spm == 165.0


async def test_an_error_in_the_block_puts_the_screen_away():
    view = ScreenView([LEFT], Headless)
    with pytest.raises(KeyError):
        async with view:
            raise KeyError
    assert not view.screen.is_running


async def test_a_cue_and_trouble_ring_the_bell(monkeypatch):
    monkeypatch.setattr(Headless, "rang", 0)
    async with ScreenView([LEFT], Headless) as view:
        view.on_cue("quicker steps")
        for _ in range(3):
            view.on_trouble("the disk is slow")
        assert Headless.rang == 2
        assert view.now.message == "00:00 cue: quicker steps"
        assert view.now.doubts == ["the disk is slow"]


@pytest.mark.parametrize("error", [IndexError("off the screen"), OSError("the terminal is gone")])
async def test_a_screen_that_cannot_be_drawn_says_so_to_who_feeds_it(error):
    class Broken(Headless):
        def _show(self, now):
            raise error

    async with ScreenView([LEFT], Broken) as view:
        await until_closed(view)
        with pytest.raises(type(error), match=str(error)):
            running(view)


class OnTerminal(Headless):
    """Drawn as if there were a terminal."""

    gone = False

    @property
    def is_headless(self):
        return False

    @staticmethod
    def terminal_is_gone():
        return OnTerminal.gone


async def until_closed(view):
    for _ in range(500):
        if not view.screen.is_running:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the screen is still there")


async def test_a_terminal_that_is_gone_is_written_to_no_more(monkeypatch):
    async with ScreenView([LEFT], OnTerminal) as view:
        running(view)
        monkeypatch.setattr(OnTerminal, "gone", True)
        await until_closed(view)
        with pytest.raises(OSError, match="the terminal is gone"):
            running(view)


async def test_a_terminal_that_takes_nothing_for_a_while_is_not_waited_for():
    """Textual's writer is made full, as it becomes where a connection stalls."""
    writer = WriterThread(io.StringIO())  # that is not running
    run = a_run()
    async with shown(run) as at:
        before = await at.lines()
        vars(at.screen._driver)["_writer_thread"] = writer
        for _ in range(MOST_WAITING + 1):
            writer.write("waits")
        run.say("something new")
        assert await at.lines() == before
        while writer._queue.qsize():
            writer._queue.get()
        assert "something new" in await at.text()


async def test_an_error_inside_textual_is_told_in_the_same_way(capsys):
    async with ScreenView([LEFT], Headless) as view:
        view.screen.call_later(lambda: 1 // 0)
        await until_closed(view)
        with pytest.raises(ZeroDivisionError):
            running(view)
    assert "Traceback" not in capsys.readouterr().err


def test_memory_is_bounded():
    run = LiveRun([LEFT])
    run.on_strides(np.concatenate([stride(contact_ms=250.0, stride_length_m=2.0)] * 3000))
    (foot,) = run.now.feet
    assert foot.strides == 3000
    assert len(foot.lines[0].recent) < 50


async def test_the_picture_stands_alone(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "docs")
    from make_images import live_picture

    svg = await live_picture(session_path())
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert not re.findall(r"https?://(?!www\.w3\.org)[^\"' ]+\.(?:woff|css)", svg)
    assert "@font-face" not in svg
    assert "LEFT" in svg


def test_sparkline_scale():
    assert sparkline([1.0, 2.0, 3.0], 0.0) == BARS[0] + BARS[4] + BARS[7]
    assert sparkline([1.0, float("nan"), 3.0], 0.0) == BARS[0] + "·" + BARS[7]
    assert set(sparkline([250.0, 250.1], 20.0)) <= set(BARS[3:5])
    assert sparkline([float("nan")], 1.0) == ""


@pytest.mark.parametrize(
    ("cadence", "pointer"), [(120.0, "◀"), (150.0, "●"), (180.0, "●"), (240.0, "▶")]
)
def test_gauge_points_at_the_cadence(cadence, pointer):
    bar = (
        gauge(cadence, (160, 180), 80)
        .plain.splitlines()[0]
        .removeprefix(" 140 ")
        .removesuffix(" 200")
    )
    at = bar.index(pointer)
    place = (min(max(cadence, 140), 200) - 140) / 60 * (len(bar) - 1)
    assert at == pytest.approx(place, abs=0.5)
