"""A session file read while it is written: every item once, in order, whatever happens."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gait.model import Packet, SensorInfo, Side
from gait.recording import SessionWriter, open_session
from gait.recording.following import Followed, is_open, last_written

LEFT = SensorInfo(side=Side.LEFT, rate_hz=400.0, name="left")


def packet(i: int) -> Packet:
    return Packet(0, i * 0.01, "a-characteristic", bytes([i % 256, 7]))


def writer(path: Path) -> SessionWriter:
    made = SessionWriter(path, started_at="2026-05-03T12:00:00+00:00", software="test")
    made.add_sensor(LEFT)
    return made


@pytest.mark.parametrize("most", [1, 7, 10_000])
def test_every_item_comes_once_and_in_order(tmp_path, most):
    path = tmp_path / "now.gait"
    got = []
    with writer(path) as growing:
        followed = Followed(path)
        assert followed.more(most) == []
        for i in range(300):
            growing.write(packet(i))
            if i % 20 == 0:
                growing.commit()
                got += followed.more(most)
                assert not followed.closed
        assert followed.sensors == [LEFT]
        assert followed.started_at.startswith("2026-05-03")
        assert is_open(path)
    while not followed.closed:
        more = followed.more(most)
        got += more
        assert more or followed.closed
    assert got == list(open_session(path).items()) == [packet(i) for i in range(300)]
    assert not is_open(path)


def test_what_is_not_there_or_no_session_file_gives_nothing(tmp_path):
    assert Followed(tmp_path / "none.gait").more(10) == []
    assert last_written(tmp_path / "none.gait") == 0.0
    other = tmp_path / "other.gait"
    other.write_bytes(b"not a database, but long enough to look at" * 100)
    followed = Followed(other)
    assert followed.more(10) == []
    assert not followed.closed


def test_a_reader_does_not_keep_the_writer_from_folding_its_file(tmp_path):
    path = tmp_path / "now.gait"
    growing = writer(path)
    followed = Followed(path)
    growing.write(packet(0))
    growing.commit()
    followed.more(10)
    growing.close()
    assert [file.name for file in tmp_path.iterdir()] == ["now.gait"]
    followed.more(10)
    assert followed.closed


def test_another_process_that_is_killed_leaves_it_open(tmp_path):
    path = tmp_path / "now.gait"
    code = """
        import sys, time
        sys.path.insert(0, sys.argv[2])
        from pathlib import Path
        from test_following import packet, writer
        growing = writer(Path(sys.argv[1]))
        for i in range(50):
            growing.write(packet(i))
        growing.commit()
        print("ready", flush=True)
        time.sleep(60)
    """
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", textwrap.dedent(code), str(path), here]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        followed = Followed(path)
        assert followed.more(1000) == [packet(i) for i in range(50)]
        process.kill()
    assert followed.more(1000) == []
    assert not followed.closed
    assert is_open(path)
