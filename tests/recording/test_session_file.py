"""The session file: what goes in comes out, and lies in it as documented."""

import os
import sqlite3
import stat
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zlib import crc32

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import LEFT, OTHER, RIGHT, every_kind, packets, record, session_items

from gait.model import (
    GaitError,
    InputError,
    Mark,
    SessionItem,
    UsageError,
)
from gait.recording import SessionWriter, open_session, sniff


def new_writer(path: Path, *, overwrite: bool = False) -> SessionWriter:
    return SessionWriter(path, started_at="2026-05-01", software="test 1", overwrite=overwrite)


def of_two_sensors(path: Path) -> SessionWriter:
    writer = new_writer(path)
    for sensor in (LEFT, RIGHT):
        writer.add_sensor(sensor)
    return writer


def write_until_full(writer: SessionWriter, items: list[SessionItem]) -> int:
    for done, item in enumerate(items):
        try:
            writer.write(item)
        except GaitError:
            return done
    raise AssertionError("the disk was not full")


@contextmanager
def as_somebody_else() -> Iterator[Path]:
    """A folder of a user without rights, as that user: the tests may run as root."""
    with tempfile.TemporaryDirectory() as name:
        root = os.geteuid() == 0
        if root:
            os.chown(name, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            Path(name).chmod(0o700)
            if root:
                os.seteuid(0)


def test_every_kind_of_item_comes_back_in_order_bit_for_bit(tmp_path: Path) -> None:
    session = open_session(record(tmp_path / "run.gait", every_kind()))
    read = list(session.items())
    assert read == every_kind()
    assert [struct.pack("<d", item.host_s) for item in read] == [
        struct.pack("<d", item.host_s) for item in every_kind()
    ]
    assert list(session.items()) == read, "a session can be read twice"
    assert session.sensors == [LEFT, RIGHT]
    assert session.problems == []


@settings(max_examples=40, deadline=None)
@given(st.lists(session_items, max_size=30))
def test_any_sequence_comes_back(items: list[SessionItem]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        session = open_session(record(Path(folder) / "x.gait", items))
        assert list(session.items()) == items
        assert session.problems == []


def test_meta_notes_and_attachments(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    with SessionWriter(path, started_at="2026-05-01", software="s 2", notes="wet") as writer:
        writer.set_meta("place", "Zürich")
        writer.set_meta("notes", "wet, then dry")
        writer.attach("truth.csv", bytes(range(256)) * 100)
    session = open_session(path)
    assert (session.started_at, session.software) == ("2026-05-01", "s 2")
    assert session.notes == "wet, then dry"
    assert session.meta["place"] == "Zürich"
    assert session.attachments == {"truth.csv": bytes(range(256)) * 100}
    assert session.sensors == []


def test_the_file_is_as_documented(tmp_path: Path) -> None:
    path = record(tmp_path / "run.gait", every_kind())
    head = path.read_bytes()[:100]
    assert head[18:20] == b"\x01\x01", "rollback journal, so a single file"
    assert head[68:72] == b"gait"
    assert int.from_bytes(head[60:64], "big") == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        about = db.execute("SELECT kind, name, value FROM about").fetchall()
        rows = db.execute("SELECT * FROM items ORDER BY seq").fetchall()
    assert ("meta", "software", "test 1") in about
    assert ("characteristic", "1", OTHER) in about
    assert ("closed", "", "9") in about
    [right] = [value for kind, name, value in about if (kind, name) == ("sensor", "1")]
    assert msgspec.json.decode(right)["serial"] == "№ 7"
    packet, mark = bytes(range(256)), "hill\0 — ünïcode\nsecond line"
    packet_crc = crc32(struct.pack("<qqqqd", 2, 0, 0, 0, 0.1 + 0.2) + packet)
    mark_crc = crc32(struct.pack("<qqqqd", 5, 3, -1, 0, 0.25) + mark.encode())
    assert rows[1] == (2, 0, 0, 0.1 + 0.2, 0, packet, packet_crc)
    exchanged = struct.pack("<dH", 0.1 / 3, 1) + b"\5" + b"\5\0\0\1\2\3"
    exchange_crc = crc32(struct.pack("<qqqqd", 8, 4, 0, 2, 0.75) + exchanged)
    assert rows[4] == (5, 3, None, 0.25, 0, mark, mark_crc)
    assert rows[7] == (8, 4, 0, 0.75, 2, exchanged, exchange_crc)
    kinds = [(2, 0), (0, 0), (0, 1), (1, 1), (3, None), (2, 1), (2, 1), (4, 0), (4, 1)]
    assert [row[1:3] for row in rows] == kinds


def test_only_the_owner_may_read_it_also_while_recording(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with new_writer(tmp_path / "run.gait") as writer:
            writer.write(Mark(0.0, "x"))
            writer.commit()
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("run.gait", "run.gait-wal", "run.gait-shm"), 0o600)
    assert [file.name for file in tmp_path.iterdir()] == ["run.gait"]


def test_one_transaction_a_second_of_the_items_own_clock(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    with new_writer(path) as writer, closing(sqlite3.connect(path)) as db:
        seen = []
        for item in packets(200):
            writer.write(item)
            seen.append(db.execute("SELECT count(*) FROM items").fetchone()[0])
    assert len(set(seen)) == 5, "none, then four whole seconds in 4.8 s"
    assert max(i - n for i, n in enumerate(seen, 1)) <= 42


def test_a_running_recording_can_be_read(tmp_path: Path) -> None:
    with new_writer(tmp_path / "run.gait") as writer:
        writer.write(Mark(0.0, "here"))
        writer.commit()
        session = open_session(tmp_path / "run.gait")
        assert list(session.items()) == [Mark(0.0, "here")]
    assert len(session.problems) == 1
    assert "not finished" in session.problems[0]
    assert open_session(tmp_path / "run.gait").problems == []


def test_a_taken_path(tmp_path: Path) -> None:
    path = record(tmp_path / "run.gait", every_kind())
    before = path.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        new_writer(path)
    assert path.read_bytes() == before
    new_writer(path, overwrite=True).close()
    assert list(open_session(path).items()) == []
    with pytest.raises(UsageError, match="is a folder"):
        new_writer(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        new_writer(tmp_path / "no" / "run.gait")


def test_folders_and_files_without_permission() -> None:
    with as_somebody_else() as folder:
        path = record(folder / "run.gait", every_kind())
        path.chmod(0)
        for reader in (sniff, open_session):
            with pytest.raises(InputError, match="may not be read"):
                reader(path)
        path.chmod(0o600)
        folder.chmod(0o500)
        with pytest.raises(GaitError, match="may not be written"):
            new_writer(folder / "other.gait")
        assert list(open_session(path).items()) == every_kind()


def test_a_killed_recording_in_a_folder_that_may_not_be_written() -> None:
    with as_somebody_else() as folder:
        with new_writer(folder / "run.gait") as writer:
            writer.write(Mark(0.0, "kept"))
            writer.commit()
            left_behind = {
                name: (folder / name).read_bytes() for name in ("run.gait", "run.gait-wal")
            }
        for name, content in left_behind.items():
            (folder / name).write_bytes(content)
        folder.chmod(0o500)
        assert list(open_session(folder / "run.gait").items()) == [Mark(0.0, "kept")]
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == left_behind


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = of_two_sensors(path)
    writer._database._db.execute("PRAGMA max_page_count = 60")
    done = write_until_full(writer, packets(2000))
    with pytest.raises(GaitError, match="disk is full"):
        writer.close()
    assert [file.name for file in tmp_path.iterdir()] == ["run.gait"]
    session = open_session(path)
    read = list(session.items())
    assert read == packets(2000)[: len(read)]
    assert done - 42 <= len(read) <= done
    assert "not finished" in session.problems[0]


def test_after_the_disk_has_space_again_nothing_is_missing(tmp_path: Path) -> None:
    writer = of_two_sensors(tmp_path / "run.gait")
    writer._database._db.execute("PRAGMA max_page_count = 20")
    refused = write_until_full(writer, packets(500))
    writer._database._db.execute("PRAGMA max_page_count = 1000")
    for item in packets(500)[refused + 1 :]:
        writer.write(item)
    writer.close()
    assert list(open_session(tmp_path / "run.gait").items()) == packets(500)


def test_wrong_use_of_the_writer(tmp_path: Path) -> None:
    writer = new_writer(tmp_path / "run.gait")
    with pytest.raises(ValueError, match="finite"):
        writer.write(Mark(float("nan"), "never"))
    writer.close()
    writer.close()
    with pytest.raises(UsageError, match="closed"):
        writer.write(Mark(0.0, "too late"))
