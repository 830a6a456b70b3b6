"""The live view: what it says on a screen, in a pipe, and when something is missing."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

from gait.live.feet import FIRST, LATE, RECENT, SKIPPED
from gait.live.figures import BARS, big_number, gauge, sparkline
from gait.live.keys import Controls, Key
from gait.live.terminal import LiveView
from gait.measures.table import empty_strides
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
from gait.model.packets import PAUSE, RESUME
from gait.sensors import running_pod
from gait.text import pace

LEFT = SensorInfo(side=Side.LEFT, rate_hz=400)
RIGHT = SensorInfo(side=Side.RIGHT, rate_hz=400)
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


def stride(side=Side.LEFT, *, activity=Activity.RUN, valid=True, why=0, **values):
    record = empty_strides(1)
    record["side"] = side is Side.RIGHT
    record["activity"], record["valid"], record["why"] = activity, valid, why
    record["strike"] = Strike.UNKNOWN
    for name, value in values.items():
        record[name] = value
    return record


def piped():
    """A console on something that is no terminal, and what was written to it."""
    out = io.StringIO()
    return Console(file=out, width=80), out


def screen(width=80, height=24, **options):
    """A console that believes it is a terminal, and what was written to it."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        height=height,
        force_terminal=True,
        _environ={"TERM": "xterm-256color"},
        **options,
    )
    return console, out


def frames(out):
    """The screens drawn so far, as text without control sequences."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    return text.split("\x1b[H")


def test_plain_lines_come_by_session_time_and_once_more_at_the_end():
    console, out = piped()
    with LiveView([LEFT], console=console, plain_every_s=5.0) as view:
        for t in np.arange(0.0, 12.4, 0.4):
            view.on_item(Packet(0, float(t), "uuid", b""))
    times = [line.split(" | ")[0] for line in out.getvalue().splitlines()]
    assert times == ["00:05", "00:10", "00:12"]
    assert "\x1b" not in out.getvalue()


def test_values_are_medians_of_the_last_valid_strides():
    console, out = piped()
    contacts = [300.0] * 20 + [210, 220, 230, 240, 250, 260, 270, 280, 290, 300]
    with LiveView([LEFT], console=console) as view:
        view.on_status(6.0)
        for contact in contacts:
            view.on_strides(stride(contact_ms=contact, cadence_spm=170.0))
        view.on_strides(stride(contact_ms=999.0, valid=False, why=QualityFlag.ODD_DURATION))
    assert RECENT == 10
    last = out.getvalue().splitlines()[-1]
    assert "contact 255 ms" in last
    assert "170 steps/min" in last


def test_walking_is_not_shown_as_running():
    console, out = piped()
    with LiveView([LEFT], console=console, plain_every_s=3.0) as view:
        view.on_status(2.0)
        view.on_strides(stride(cadence_spm=168.0, contact_ms=250.0))
        view.on_status(4.0)
        for _ in range(3):
            view.on_strides(stride(activity=Activity.WALK, cadence_spm=112.0, contact_ms=640.0))
        view.on_status(7.0)
    first, second = out.getvalue().splitlines()[:2]
    assert "168 steps/min" in first
    assert "walking" in second
    assert "steps/min" not in second
    assert "contact 640 ms" in second


def test_unknown_is_a_dash_with_a_reason_and_never_zero():
    console, out = screen()
    no_gyroscope = SensorInfo(side=Side.RIGHT, rate_hz=60, has_gyroscope=False)
    with LiveView([LEFT, no_gyroscope], console=console, now=iter(range(99)).__next__) as view:
        view.on_status(1.0)
        view.on_strides(
            stride(cadence_spm=165.0, why=QualityFlag.IMPACT_CLIPPED | QualityFlag.ONE_SHOE)
        )
    text = frames(out)[-1]
    assert re.search("impact +– beyond sensor's range", text)
    assert "flight" not in text  # needs both feet, which meet when the session ends
    assert "no steps yet" in text
    assert not re.search(r"\b0 (ms|steps)|\b0\.0 g", text)


def test_a_sensor_without_gyroscope_shows_its_cadence_and_says_what_it_cannot():
    console, out = screen()
    info = SensorInfo(side=Side.LEFT, rate_hz=100, acc_range_g=8, has_gyroscope=False)
    with LiveView([info], console=console, now=iter(range(99)).__next__) as view:
        view.on_status(1.0)
        view.on_strides(stride(cadence_spm=165.0, why=QualityFlag.NO_GYROSCOPE))
    text = frames(out)[-1]
    for row in big_number(165):
        assert row.rstrip() in text
    assert re.search("contact +– no gyroscope", text)


def test_old_values_are_withdrawn_when_steps_stop():
    console, out = piped()
    with LiveView([LEFT], console=console, plain_every_s=10.0) as view:
        view.on_status(2.0)
        view.on_strides(stride(cadence_spm=168.0, contact_ms=250.0))
        view.on_status(11.0)
    assert "– no steps for 00:09" in out.getvalue()
    assert "contact" not in out.getvalue()


def test_link_battery_loss_and_marks_are_said():
    console, out = piped()
    with LiveView([LEFT, RIGHT], console=console, plain_every_s=1.0) as view:
        view.on_item(ConnectionEvent(0, 0.0, Connection.CONNECTED))
        view.on_item(BatteryReading(1, 0.1, 41))
        for i in range(98):
            view.on_item(Packet(1, 0.2 + i / 1000, "uuid", b""))
        view.on_status(0.5, lost_pct={1: 2.0})
        view.on_item(ConnectionEvent(0, 1.0, Connection.LOST, "out of reach"))
        view.on_item(Mark(2.0, "hill \x1b[2J starts"))
    lost, mark = out.getvalue().splitlines()
    wait = "– no steps yet; it takes some 8 s of running"
    assert f"left: {wait}, connection lost" in lost
    assert f"right: {wait}, connected, battery 41 %, 2.0 % lost" in lost
    assert "left shoe connection lost: out of reach" in lost
    assert "mark: hill  [2J starts" in mark


def test_the_screen_fits_80_by_24_and_is_put_back_after_an_error():
    console, out = screen(no_color=True)
    values = {"cadence_spm": 172.0, "contact_ms": 248.0, "stride_length_m": 2.0}
    strike = {"strike": Strike.FOREFOOT, "strike_angle_deg": -4.0}

    def run_until_the_radio_fails():
        clock = iter(range(99)).__next__
        with LiveView([LEFT, RIGHT], title="run", console=console, now=clock) as view:
            view.on_status(3725.0)
            for side in Side:
                view.on_strides(stride(side, **values, **strike))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run_until_the_radio_fails()
    written = out.getvalue()
    assert written.index(ENTER_SCREEN) < written.index(LEAVE_SCREEN)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", written)
    lines = frames(out)[-1].split(LEAVE_SCREEN)[0].split("\n")
    assert len(lines) <= 24
    assert max(len(re.sub(r"\x1b[^a-zA-Z]*[a-zA-Z]", "", line)) for line in lines) <= 80
    text = "\n".join(lines)
    for row in big_number(172):
        assert text.count(row.rstrip())
    assert "1:02:05" in text
    assert "forefoot -4°" in text
    assert "steps/min, within 160–180" in text
    assert "0.00 km" in text


def test_a_small_window_gets_the_short_form():
    console, out = screen(width=50, height=12)
    with LiveView([LEFT, RIGHT], console=console, now=iter(range(99)).__next__) as view:
        view.on_strides(stride(cadence_spm=172.0, contact_ms=248.0))
    text = frames(out)[-1]
    assert "172 steps/min" in text
    assert "█" not in text


def test_redraws_at_most_eight_times_a_second():
    console, out = screen()
    clock = iter(np.arange(0.0, 100.0, 0.001))
    with LiveView([LEFT], console=console, now=lambda: float(next(clock))) as view:
        for i in range(1000):
            view.on_item(Packet(0, i / 1000, "uuid", b""))
    assert 4 <= len(frames(out)) <= 12


def test_memory_is_bounded():
    console, _ = piped()
    view = LiveView([LEFT], console=console, plain_every_s=1e9)
    many = np.concatenate([stride(contact_ms=250.0, stride_length_m=2.0)] * 3000)
    with view:
        view.on_strides(many)
    foot = view._feet[Side.LEFT]
    assert len(foot.recent) == RECENT
    assert len(foot.trace) < 50
    assert foot.strides == 3000
    assert foot.distance_m == pytest.approx(6000.0)


def test_the_picture_stands_alone(tmp_path):
    console, _ = piped()
    with LiveView([LEFT, RIGHT], title="<easy> & run", console=console) as view:
        view.on_strides(stride(cadence_spm=168.0))
        view.svg_snapshot(tmp_path / "live.svg")
    text = (tmp_path / "live.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert not re.findall(r"https?://(?!www\.w3\.org)[^\"' ]+\.(?:woff|css)", text)
    assert "@font-face" not in text


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


def running(view, n, **values):
    for _ in range(n):
        for side in Side:
            view.on_strides(stride(side, speed_m_s=3.0, **values))


def test_a_change_since_the_first_minutes_is_said_when_it_is_worth_showing():
    console, out = screen()
    with LiveView([LEFT, RIGHT], console=console, now=iter(range(9999)).__next__) as view:
        running(view, SKIPPED + FIRST, cadence_spm=170.0, contact_ms=250.0, impact_g=9.0)
        running(view, LATE - 1, cadence_spm=168.0, contact_ms=262.0, impact_g=9.5)
        assert "since your first minutes" not in frames(out)[-1]
        running(view, 1, cadence_spm=168.0, contact_ms=262.0, impact_g=9.5)
        text = frames(out)[-1]
    assert "since your first minutes: cadence -2 · contact +12 ms" in text
    assert "impact +" not in text


def test_an_own_target_and_the_own_usual_range_are_shown():
    console, out = screen(no_color=True)
    ranges = {Side.LEFT: (240.0, 260.0), Side.RIGHT: (240.0, 250.0)}

    def usual_of(side):
        return lambda measure, speed: (
            ranges[side] if measure == "contact_ms" and speed == 3.0 else None
        )

    usual = {side: usual_of(side) for side in Side}
    with LiveView(
        [LEFT, RIGHT],
        console=console,
        now=iter(range(999)).__next__,
        target=(168.0, 176.0),
        usual=usual,
    ) as view:
        running(view, 5, cadence_spm=165.0, contact_ms=255.0)
        text = frames(out)[-1]
    assert "below your target 168–176" in text
    assert "255 ms        ● 240–260" in text
    assert "255 ms        ▲ 240–250" in text


def test_a_pause_stops_the_clock_and_the_distance():
    console, out = piped()
    with LiveView([LEFT], console=console, plain_every_s=1e9) as view:
        view.on_strides(stride(stride_length_m=2.0))
        view.on_item(Mark(10.0, PAUSE))
        view.on_strides(stride(stride_length_m=2.0))
        view.on_status(40.0)
        assert view.now.paused
        assert view.now.elapsed_s == 10.0
        view.on_item(Mark(50.0, RESUME))
        view.on_status(65.0)
    assert view.now.elapsed_s == 25.0
    assert view.now.distance_m == 2.0
    assert "00:25" in out.getvalue()


def test_a_pod_shows_what_it_tells_and_no_more():
    console, out = screen()
    pod = SensorInfo(
        side=Side.LEFT, rate_hz=1, profile=running_pod.PROFILE.name, has_gyroscope=False
    )
    with LiveView([pod], console=console, now=iter(range(99)).__next__) as view:
        told = Reading(host_s=3.0, cadence_spm=172.0, speed_m_s=3.0, running=True)
        view.on_status(3.5, lost_pct={}, told={Side.LEFT: told})
        text = frames(out)[-1]
        for row in big_number(172):
            assert row.rstrip() in text
        assert "3.0 m/s" in text
        assert "– a pod does not tell" in text
        view.on_status(60.0)
        assert "the pod tells of no steps" in frames(out)[-1]


def test_help_and_a_note_being_typed_are_on_the_screen():
    console, out = screen(no_color=True)
    notes = []
    controls = Controls({"q": Key("q", "stop", lambda: None)}, note_key="n", note=notes.append)
    clock = iter(range(99)).__next__
    with LiveView([LEFT], console=console, now=clock, controls=controls) as view:
        controls.take("nsore heel")
        view.redraw()
        assert "note: sore heel▏" in frames(out)[-1]
        controls.take("\r")
        view.help = True
        view.redraw()
        assert "Information, not a diagnosis" in frames(out)[-1]
        assert "stop" in frames(out)[-1]
    assert notes == ["sore heel"]


def test_pace():
    assert pace(1000.0 / 300.0) == "5:00 min/km"
    assert pace(2.5) == "6:40 min/km"


def test_what_cannot_be_right_stands_above_everything_and_its_values_are_withdrawn():
    doubt = Doubt(
        check="side",
        side="left",
        sentence="This looks like the right shoe; analyse it with --side right.",
        what="this looks like the right shoe",
        spoils=["pronation_excursion_deg"],
    )
    console, out = screen()
    with LiveView([LEFT], console=console, now=iter(range(99)).__next__) as view:
        view.on_status(1.0, doubts=[doubt])
        for _ in range(12):
            view.on_strides(stride(contact_ms=240.0, pronation_excursion_deg=0.0))
    text = frames(out)[-1]
    assert "! This looks like the right shoe" in text.splitlines()[1]
    assert re.search("pronation +– cannot be right", text)
    assert "240 ms" in text
    plain, said = piped()
    with LiveView([LEFT], console=plain, plain_every_s=1.0) as view:
        view.on_status(2.0, doubts=[doubt])
        view.on_status(4.0, doubts=[])
    first, second = said.getvalue().splitlines()[:2]
    assert "this looks like the right shoe" in first
    assert "looks like" not in second


def test_what_a_lossy_link_costs_is_said_beside_it():
    console, out = piped()
    drawn, screened = screen()
    for to in (console, drawn):
        with LiveView([LEFT], console=to, now=iter(range(999)).__next__) as view:
            for i in range(98):
                view.on_item(Packet(0, i / 100, "uuid", b""))
            for i in range(100):
                view.on_strides(stride(contact_ms=np.nan if i % 11 == 0 else 250.0))
            view.on_status(1.0, lost_pct={0: 2.0})
    assert "2.0 % lost: contact time from 90 % of strides" in out.getvalue().splitlines()[-1]
    assert "2.0 % lost: contact time from 90 % of strides" in frames(screened)[-1]


def test_where_no_steps_are_found_the_reason_is_said():
    console, out = piped()
    with LiveView([LEFT], console=console) as view:
        view.on_status(30.0, nothing={Side.LEFT: "samples are missing all along: 30 % of them"})
    assert "left: – samples are missing all along: 30 % of them" in out.getvalue()


def test_a_distance_of_few_strides_is_none():
    console, out = piped()
    with LiveView([LEFT], console=console) as view:
        for i in range(40):
            view.on_strides(stride(stride_length_m=2.0 if i % 10 == 0 else np.nan))
        view.on_status(2.0)
    assert view.now.distance_m is None
    assert "at least" not in out.getvalue()
