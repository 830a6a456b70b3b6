"""However a recording is ended, its session is closed and holds everything up to then."""

import asyncio
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from shoes_on_air import noise, sensor
from usual_signals import heard, listen

from gait.cli.record import Outputs, RecordedSession, RecordOptions, record_from, run_record
from gait.cli.source import Source
from gait.live.shutdown import EndedError, on_signals
from gait.measures.table import empty_strides
from gait.model import GaitError, Packet
from gait.pipeline import Result
from gait.recording import SessionWriter, open_session
from gait.recording.files import DiskReserve, companions
from gait.virtual import VirtualAir, VirtualShoe

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def started(path: Path, *more: str, preexec_fn=listen, **options) -> subprocess.Popen:
    command = [sys.executable, "-m", "gait", "record", "--virtual", str(path), *more]
    return subprocess.Popen(command, preexec_fn=preexec_fn, **options)  # noqa: PLW1509 - no threads


def listen_to_this_terminal() -> None:
    """In a child: its standard input is the terminal that ends it when it closes."""
    import fcntl
    import termios

    listen()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@posix
def test_children_of_these_tests_listen_also_where_hang_ups_are_ignored():
    asked = (signal.SIGHUP, signal.SIGINT)
    say = "import signal; print(*[signal.getsignal(n) is not signal.SIG_IGN for n in (1, 2)])"
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in asked]
    try:
        heeds, ignores = (
            subprocess.run(
                [sys.executable, "-c", say],
                capture_output=True,
                text=True,
                check=True,
                preexec_fn=preexec_fn,
            ).stdout
            for preexec_fn in (listen, None)
        )
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    assert (heeds, ignores) == ("True True\n", "False False\n")


def until_recorded(path: Path, seconds: float = 180.0) -> None:
    """Wait until the file holds more than what it begins with."""
    for _ in range(int(seconds / 0.1)):
        if path.exists():
            try:
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
                    if db.execute("SELECT count(*) FROM items").fetchone()[0] > 20:
                        return
            except sqlite3.Error:
                pass
        time.sleep(0.1)
    raise AssertionError(f"nothing was recorded in {path}")


def whole(path: Path) -> list:
    """The items of a session that is closed and lies in a single file."""
    assert not any(file.exists() for file in companions(path))
    session = open_session(path)
    items = list(session.items())
    assert session.problems == []
    assert {item.device for item in items if isinstance(item, Packet)} == {0, 1}
    return items


@posix
def test_each_signal_ends_in_a_closed_session_and_its_exit_code(tmp_path):
    signals = {
        "term": (signal.SIGTERM, 143, "SIGTERM"),
        "early": (signal.SIGINT, 130, "Recording:"),  # before its time
    }
    running = {}
    for name in signals:
        running[name] = started(
            tmp_path / f"{name}.gait",
            "--seconds",
            "60",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    for name, (number, _, _) in signals.items():
        until_recorded(tmp_path / f"{name}.gait")
        running[name].send_signal(number)
    for name, (_, code, words) in signals.items():
        out, err = running[name].communicate(timeout=60)
        assert running[name].returncode == code, (name, err)
        assert words in err
        assert "Traceback" not in err
        assert "No steps were found in" in out  # the summary is made all the same
        assert len(whole(tmp_path / f"{name}.gait")) > 20


@pytest.mark.parametrize(
    ("by", "seconds", "refused", "code"),
    [
        (None, 60.0, "", 0),
        (signal.SIGINT, None, "", 0),  # Ctrl-C is the awaited end
        (signal.SIGINT, 60.0, "", 130),
        (signal.SIGTERM, None, "", 143),
        (None, None, "The disk is full.", 1),
    ],
)
def test_the_exit_code_says_how_it_ended(tmp_path, monkeypatch, by, seconds, refused, code):
    summary = Result(empty_strides(), {}, 0.0)
    recorded = RecordedSession(summary, "2026-01-01T10:00:00+00:00", by, refused)
    monkeypatch.setattr("gait.cli.record.record_session", lambda *_, **__: recorded)
    options = RecordOptions(tmp_path / "run.gait", seconds)
    if code:
        with pytest.raises(SystemExit) as end:
            run_record(options, Outputs(), None, virtual=True)
        assert end.value.code == code
    else:
        run_record(options, Outputs(), None, virtual=True)


@posix
def test_a_closed_terminal_saves_the_session(tmp_path):
    path = tmp_path / "closed.gait"
    terminal, inside = pty.openpty()
    child = started(
        path,
        "--seconds",
        "60",
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
        env=os.environ | {"TERM": "xterm-256color"},
        preexec_fn=listen_to_this_terminal,
    )
    os.close(inside)
    deadline = time.monotonic() + 180
    drawn = b""
    while b"LEFT" not in drawn and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.5)[0]:
            drawn += os.read(terminal, 65536)
    assert b"LEFT" in drawn  # the live view's screen
    until_time = time.monotonic() + 1.5
    while time.monotonic() < until_time:
        if select.select([terminal], [], [], 0.2)[0]:
            os.read(terminal, 65536)
    os.close(terminal)  # the kernel sends SIGHUP, and writing fails from now on
    assert child.wait(timeout=60) == 129
    assert len(whole(path)) > 20


@posix
async def test_a_signal_before_there_is_anything_breaks_off_at_once():
    with heard(signal.SIGTERM), on_signals() as ending:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
        with pytest.raises(EndedError, match="nothing was recorded"), ending.abruptly():
            await asyncio.sleep(30)
        assert ending.by is signal.SIGTERM
        with pytest.raises(EndedError), ending.abruptly():
            raise AssertionError("it is ending already")


@posix
async def test_what_is_ignored_stays_ignored_and_handlers_are_put_back():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    term = signal.getsignal(signal.SIGTERM)
    try:
        with on_signals() as ending:
            assert signal.getsignal(signal.SIGTERM) is not term
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0.05)
            assert not ending
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is term
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4.5 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4500k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    """What somebody else writes, until nothing more goes in."""
    try:
        with path.open("wb", buffering=0) as other:
            while True:
                other.write(bytes(4096))
    except OSError:
        return


def test_a_full_disk_ends_in_a_closed_session(small_disk, tmp_path):
    path = small_disk / "run.gait"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    child = started(path, "--seconds", "60", **pipes, text=True)
    until_recorded(path)
    fill(small_disk / "other.bin")
    out, err = child.communicate(timeout=60)
    assert child.returncode == 1, err
    assert "the disk is full; free some space" in err
    assert "everything up to then is saved" in err
    assert "Traceback" not in err
    assert "No steps were found in" in out
    items = whole(path)
    assert items[-1].host_s > 1.0


class FullDisk(SessionWriter):
    """A disk that takes nothing from its third commit on, until `freed`."""

    freed = False
    commits = 0

    def commit(self) -> None:
        FullDisk.commits += 1
        if self.commits > 4 and not self.freed:
            raise GaitError("the disk is full")
        super().commit()


@pytest.mark.parametrize("frees", [True, False])
async def test_what_the_disk_refused_is_kept_once_there_is_room(tmp_path, monkeypatch, frees):
    monkeypatch.setattr("gait.cli.record.SessionWriter", FullDisk)
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.5)
    FullDisk.freed, FullDisk.commits = False, 0

    def release(self):
        FullDisk.freed = frees

    monkeypatch.setattr(DiskReserve, "release", release)
    path = tmp_path / "run.gait"
    async with (
        VirtualAir(speed=4) as air,
        VirtualShoe(air, sensor(), noise(8000)),
    ):
        recording = record_from(Source(air.radio, air.clock), RecordOptions(path, 15.0))
        if frees:
            recorded = await recording
            assert "the disk is full" in recorded.refused
            items = list(open_session(path).items())
            packets = [item for item in items if isinstance(item, Packet)]
            samples = next(iter(recorded.result.shoes.values())).samples
            assert samples > 19 * (len(packets) - 1)  # all that was analysed is in the file
            assert open_session(path).problems == []
        else:
            with pytest.raises(GaitError, match="the disk is full"):
                await recording
            session = open_session(path)
            assert list(session.items())
            assert session.problems  # it says that it was not finished


def test_the_reserve_holds_space_and_leaves_nothing_behind(tmp_path):
    with DiskReserve(tmp_path, 100_000) as reserve:
        assert reserve.release()
        assert not reserve.release()
    assert list(tmp_path.iterdir()) == []
    with DiskReserve(tmp_path / "nowhere") as reserve:
        assert not reserve.release()
