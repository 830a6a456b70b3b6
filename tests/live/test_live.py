"""The live view in plain lines: what it says in a pipe, and when something is missing."""

import io
import os
import subprocess
import sys

import numpy as np
import pytest
from live_strides import LEFT, RIGHT, stride

from gait.live.feet import RECENT
from gait.live.terminal import PlainView, has_screen
from gait.model import (
    Activity,
    BatteryReading,
    Connection,
    ConnectionEvent,
    Doubt,
    Mark,
    Packet,
    QualityFlag,
    Side,
)
from gait.model.packets import PAUSE, RESUME
from gait.text import pace


def test_plain_lines_come_by_session_time_and_once_more_at_the_end():
    out = io.StringIO()
    with PlainView([LEFT], file=out, every_s=5.0) as view:
        for t in np.arange(0.0, 12.4, 0.4):
            view.on_status(float(t))
    times = [line.split(" | ")[0] for line in out.getvalue().splitlines()]
    assert times == ["00:05", "00:10", "00:12"]
    assert "\x1b" not in out.getvalue()


def test_values_are_medians_of_the_last_valid_strides():
    out = io.StringIO()
    contacts = [300.0] * 20 + [210, 220, 230, 240, 250, 260, 270, 280, 290, 300]
    with PlainView([LEFT], file=out) as view:
        for contact in contacts:
            view.on_strides(stride(contact_ms=contact, cadence_spm=170.0))
        view.on_strides(stride(contact_ms=999.0, valid=False, why=QualityFlag.ODD_DURATION))
        view.on_status(3.0)
    assert RECENT == 10
    last = out.getvalue().splitlines()[-1]
    assert "contact 255 ms" in last
    assert "170 steps/min" in last


def test_walking_is_not_shown_as_running():
    out = io.StringIO()
    with PlainView([LEFT], file=out, every_s=3.0) as view:
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


def test_old_values_are_withdrawn_when_steps_stop():
    out = io.StringIO()
    with PlainView([LEFT], file=out, every_s=10.0) as view:
        view.on_status(2.0)
        view.on_strides(stride(cadence_spm=168.0, contact_ms=250.0))
        view.on_status(11.0)
    assert "– no steps for 00:09" in out.getvalue()
    assert "contact" not in out.getvalue()


def test_link_battery_loss_and_marks_are_said():
    out = io.StringIO()
    with PlainView([LEFT, RIGHT], file=out, every_s=1.0) as view:
        view.on_item(ConnectionEvent(0, 0.0, Connection.CONNECTED))
        view.on_item(BatteryReading(1, 0.1, 41))
        for i in range(98):
            view.on_item(Packet(1, 0.2 + i / 1000, "uuid", b""))
        view.on_status(0.5, lost_pct={1: 2.0})
        view.on_item(ConnectionEvent(0, 1.0, Connection.LOST, "out of reach"))
        view.on_status(1.0)
        view.on_item(Mark(2.0, "hill \x1b[2J starts"))
        view.on_status(2.0)
    lost, mark = out.getvalue().splitlines()
    wait = "– no steps yet; it takes some 8 s of running"
    assert f"left: {wait}, connection lost" in lost
    assert f"right: {wait}, connected, battery 41 %, 2.0 % lost" in lost
    assert "left shoe connection lost: out of reach" in lost
    assert "mark: hill  [2J starts" in mark


def test_memory_is_bounded():
    out = io.StringIO()
    view = PlainView([LEFT], file=out, every_s=1e9)
    many = np.concatenate([stride(contact_ms=250.0, stride_length_m=2.0)] * 3000)
    with view:
        view.on_strides(many)
    foot = view._feet[Side.LEFT]
    assert len(foot.recent) == RECENT
    assert len(foot.trace) < 50
    assert foot.strides == 3000
    assert foot.distance_m == pytest.approx(6000.0)


def test_a_pause_stops_the_clock_and_the_distance():
    out = io.StringIO()
    with PlainView([LEFT], file=out, every_s=1e9) as view:
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


def test_pace():
    assert pace(1000.0 / 300.0) == "5:00 min/km"
    assert pace(2.5) == "6:40 min/km"


def test_where_no_steps_are_found_the_reason_is_said():
    out = io.StringIO()
    with PlainView([LEFT], file=out) as view:
        view.on_status(30.0, nothing={Side.LEFT: "samples are missing all along: 30 % of them"})
    assert "left: – samples are missing all along: 30 % of them" in out.getvalue()


def test_a_distance_of_few_strides_is_none():
    out = io.StringIO()
    with PlainView([LEFT], file=out) as view:
        for i in range(40):
            view.on_strides(stride(stride_length_m=2.0 if i % 10 == 0 else np.nan))
        view.on_status(2.0)
    assert view.now.distance_m is None
    assert "at least" not in out.getvalue()


def test_what_cannot_be_right_stands_first_for_as_long_as_it_holds():
    doubt = Doubt(
        check="side",
        side="left",
        sentence="This looks like the right shoe; analyse it with --side right.",
        what="this looks like the right shoe",
        spoils=["pronation_excursion_deg"],
    )
    out = io.StringIO()
    with PlainView([LEFT], file=out, every_s=1.0) as view:
        view.on_status(2.0, doubts=[doubt])
        view.on_status(4.0, doubts=[])
    first, second = out.getvalue().splitlines()[:2]
    assert "| ! this looks like the right shoe |" in first
    assert "looks like" not in second


def test_what_a_lossy_link_costs_is_said_beside_it():
    out = io.StringIO()
    with PlainView([LEFT], file=out) as view:
        for i in range(98):
            view.on_item(Packet(0, i / 100, "uuid", b""))
        for i in range(100):
            view.on_strides(stride(contact_ms=np.nan if i % 11 == 0 else 250.0))
        view.on_status(1.0, lost_pct={0: 2.0})
    assert "2.0 % lost: contact time from 90 % of strides" in out.getvalue().splitlines()[-1]


@pytest.mark.parametrize("sensors", [[LEFT, RIGHT], [RIGHT, LEFT]])
def test_left_comes_first_whatever_connected_first(sensors):
    out = io.StringIO()
    with PlainView(sensors, file=out) as view:
        view.on_status(1.0)
    assert out.getvalue().index("left:") < out.getvalue().index("right:")
    assert [foot.side for foot in view.now.feet] == list(Side)


class Terminal(io.TextIOWrapper):
    """Says of itself that it is one."""

    def __init__(self, encoding="utf-8"):
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self):
        return True

    def fileno(self):
        return 0


@pytest.mark.parametrize(
    ("term", "stdin", "stderr", "front", "drawn"),
    [
        ("xterm-256color", Terminal(), Terminal(), True, True),
        ("dumb", Terminal(), Terminal(), True, False),
        ("xterm-256color", Terminal(), Terminal("latin-1"), True, False),
        ("xterm-256color", io.StringIO(), Terminal(), True, False),
        ("xterm-256color", Terminal(), io.StringIO(), True, False),
        ("xterm-256color", Terminal(), Terminal(), False, False),  # gait record … &
        ("xterm-256color", None, Terminal(), True, False),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="jobs of a POSIX shell")
def test_a_screen_needs_a_terminal_in_front_that_can_draw_it(
    monkeypatch, term, stdin, stderr, front, drawn
):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr("os.tcgetpgrp", lambda _: os.getpgrp() + (not front))
    assert has_screen() is drawn


def test_commands_that_show_nothing_live_do_not_load_the_screen():
    program = (
        "import sys, gait.cli.main, gait.cli.record, gait.cli.replay, gait.dashboard.pages.live;"
        "print([name for name in sys.modules if name.split('.')[0] == 'textual'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"
