"""What keys do, and that they are heard at a real terminal and given back afterwards."""

import os
import pty
import subprocess
import sys
import termios
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.live.controls import SPEEDS, RecordKeys, ReplayKeys
from gait.live.keys import LONGEST_NOTE, Controls, Key
from gait.model.packets import PAUSE, RESUME


class FakeView:
    """Only what keys need of a view."""

    def __init__(self):
        self.help, self.said, self.controls = False, [], None

    def say(self, text):
        self.said.append(text)

    def redraw(self):
        pass


def recording():
    marks = []
    view = FakeView()
    return RecordKeys(view, marks.append), view, marks


def test_mark_note_pause_and_help():
    keys, view, marks = recording()
    for typed in ("m", "nleft knee qmp\x7f?\r", "P", "p", "?"):
        keys.take(typed)
    assert marks == ["by the runner", "note: left knee qm?", PAUSE, RESUME]
    assert view.help
    assert not keys.stop


def test_stopping_takes_two_presses_in_a_row():
    keys, view, _ = recording()
    keys.take("q")
    keys.take("m")
    keys.take("q")
    assert not keys.stop
    assert "once more" in view.said[-1]
    keys.take("q")
    assert keys.stop


def test_an_arrow_key_does_nothing_and_escape_drops_a_note():
    keys, _, marks = recording()
    keys.take("\x1b[A")
    keys.take("nabc")
    keys.take("\x1b")
    keys.take("m")
    assert marks == ["by the runner"]


def test_replay_changes_its_speed_within_bounds():
    view = FakeView()
    keys = ReplayKeys(view, 1.0)
    keys.take("+++++++++++")
    assert keys.speed == SPEEDS[-1]
    keys.take("-" * 20)
    assert keys.speed == SPEEDS[0]
    keys.take("p")
    assert keys.paused
    keys.take("q")
    assert keys.stop


@given(st.lists(st.text(max_size=8), max_size=30))
def test_whatever_is_typed_ends_in_no_error(typed):
    notes = []
    controls = Controls({"a": Key("a", "x", lambda: None)}, note_key="n", note=notes.append)
    for characters in typed:
        controls.take(characters)
    assert all(note.isprintable() and 0 < len(note) <= LONGEST_NOTE for note in notes)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_terminal_gives_single_keys_and_is_put_back():
    program = textwrap.dedent("""
        import fcntl, termios, time
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        from gait.live.keys import Keyboard
        with Keyboard() as keyboard:
            print("ready", keyboard.there, flush=True)
            typed, until = "", time.monotonic() + 20
            while "q" not in typed and time.monotonic() < until:
                typed += keyboard.pressed()
                time.sleep(0.01)
        print("got", typed, flush=True)
    """)
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=slave,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready True\n"
        os.write(master, b"m")
        time.sleep(0.05)
        os.write(master, b"q")
        assert process.stdout.readline() == "got mq\n"
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


def test_without_a_terminal_there_are_no_keys():
    program = (
        "from gait.live.keys import Keyboard\n"
        "with Keyboard() as k: print(k.there, repr(k.pressed()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "False ''\n", done.stderr
