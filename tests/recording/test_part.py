"""The file a log is fetched into: it loses nothing that was committed, and mixes no two logs."""

import os
import sqlite3
import subprocess
import sys

import pytest

from gait.model import GaitError
from gait.recording.partial_download import PartialDownload

PACKETS = [bytes([i % 256]) * (i % 40 + 1) for i in range(500)]


def filled(path, log="log 7", numbers=range(500)) -> PartialDownload:
    part = PartialDownload(path, log)
    for i in numbers:
        part.keep(i, PACKETS[i])
    return part


def test_packets_come_back_in_order_whatever_the_order_they_came_in(tmp_path):
    part = filled(tmp_path / "a.part", numbers=[*range(300, 500), *range(200), 5, 400])
    assert part.missing(range(500)) == range(200, 300)
    assert part.missing(range(100, 250)) == range(200, 250)
    assert not part.missing(range(0, 200))
    assert list(part.packets(range(150, 320))) == PACKETS[150:200] + PACKETS[300:320]
    assert (len(part), part.size) == (400, sum(map(len, PACKETS[:200] + PACKETS[300:])))
    part.forget(range(100, 350))
    assert part.missing(range(500)) == range(100, 350)
    assert part.size == sum(map(len, PACKETS[:100] + PACKETS[350:]))


def test_it_goes_on_where_it_was(tmp_path):
    path = tmp_path / "a.part"
    part = filled(path, numbers=range(200))
    part.set_note("times", "one")
    part.set_note("times", "two")
    part.close()
    assert path.stat().st_mode & 0o077 == 0
    again = PartialDownload(path, "log 7")
    assert again.missing(range(500)) == range(200, 500)
    assert list(again.packets(range(500))) == PACKETS[:200]
    assert (again.note("times"), again.note("other")) == ("two", None)
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_another_log_or_rubbish_begins_anew(tmp_path):
    path = tmp_path / "a.part"
    filled(path).close()
    other = PartialDownload(path, "log 8")
    assert len(other) == 0
    other.close()
    path.write_bytes(os.urandom(5000))
    assert len(PartialDownload(path, "log 8")) == 0
    path = tmp_path / "c.part"
    filled(path).close()
    content = bytearray(path.read_bytes())
    content[content.find(b"CREATE TABLE") + 3] = 0xFF  # SQLite quotes it in its own message
    path.write_bytes(content)
    assert len(PartialDownload(path, "log 7")) == 0
    path = tmp_path / "b.part"
    path.write_bytes(b"")  # killed as it was made
    assert len(PartialDownload(path, "log 8")) == 0


def test_a_kill_loses_only_what_was_not_committed(tmp_path):
    path = tmp_path / "a.part"
    code = (
        "import os, sys; from pathlib import Path\n"
        "from gait.recording.partial_download import PartialDownload\n"
        "part = PartialDownload(Path(sys.argv[1]), 'log 7')\n"
        "for i in range(500): part.keep(i, bytes([i % 256]) * (i % 40 + 1))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    part = PartialDownload(path, "log 7")
    assert 500 - 128 <= len(part) < 500
    assert list(part.packets(range(500))) == PACKETS[: len(part)]


def test_two_programs_do_not_fetch_into_one_file(tmp_path):
    part = filled(tmp_path / "a.part")
    part.commit()
    with pytest.raises(GaitError, match="Another program"):
        PartialDownload(tmp_path / "a.part", "log 7")


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path):
    path = tmp_path / "a.part"
    part = filled(path, numbers=range(128))
    part._db.execute("PRAGMA max_page_count = 8")
    for i in range(128, 255):
        part.keep(i, PACKETS[i] * 40)
    with pytest.raises(GaitError, match="the disk is full; free some space and run it again"):
        part.keep(255, PACKETS[255])
    part._fresh.clear()
    part.close()
    assert list(PartialDownload(path, "log 7").packets(range(500))) == PACKETS[:128]


def test_it_is_no_session(tmp_path):
    filled(tmp_path / "a.part").close()
    with sqlite3.connect(tmp_path / "a.part") as db:
        assert db.execute("PRAGMA application_id").fetchone() == (0,)
