"""What lies beside a session file: its own, or another's, after SQLite's file format.

A rollback journal: 8 bytes of magic, then at 16 the pages of the database before, at 20 the sector
that records begin at; a record is a page's number, the page, and 4 bytes of checksum. A write-ahead
log: 32 bytes of header with two salts at 16, frames of 24 bytes of header, in which a page's number
is first and the salts are at 8, and the page.
"""

import struct
from pathlib import Path

import pytest

from gait.model import Mark
from gait.recording import SessionWriter
from gait.recording.session_format import PAGE_BYTES
from gait.recording.untrusted_database import foreign_companions

MAGIC = bytes.fromhex("d9d505f920a163d7")
SECTOR = 512
SALTS = b"saltsalt"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return recorded(tmp_path / "run.gait")


def recorded(path: Path) -> Path:
    with SessionWriter(path, started_at="2026-05-01", software="test") as writer:
        writer.write(Mark(0.0, "kept"))
    return path


def first_page(path: Path) -> bytes:
    return path.read_bytes()[:PAGE_BYTES]


def pages(path: Path) -> int:
    return int.from_bytes(first_page(path)[28:32], "big")


def journal(count: int, *records: tuple[int, bytes], magic: bytes = MAGIC) -> bytes:
    header = magic + struct.pack(">IIIII", len(records), 7, count, SECTOR, PAGE_BYTES)
    body = b"".join(struct.pack(">I", n) + page + bytes(4) for n, page in records)
    return header.ljust(SECTOR, b"\0") + body


def is_foreign(session: Path, suffix: str, content: bytes) -> bool:
    beside = session.with_name(session.name + suffix)
    beside.write_bytes(content)
    found = foreign_companions(session)
    beside.unlink()
    assert found in ([], [beside])
    return bool(found)


def test_a_journal_is_its_own_where_the_first_page_in_it_is(session: Path, tmp_path: Path) -> None:
    other = first_page(recorded(tmp_path / "other.gait"))
    mine, third = first_page(session), (3, bytes(PAGE_BYTES))
    assert not is_foreign(session, "-journal", journal(99, (1, mine)))
    assert not is_foreign(session, "-journal", journal(99, third, (1, mine)))
    assert is_foreign(session, "-journal", journal(pages(session), (1, other)))
    assert is_foreign(session, "-journal", journal(pages(session), third, (1, other)))


def test_a_journal_without_the_first_page_is_told_by_the_number_of_pages(session: Path) -> None:
    third = (3, bytes(PAGE_BYTES))
    assert not is_foreign(session, "-journal", journal(pages(session), third))
    assert is_foreign(session, "-journal", journal(pages(session) + 1, third))


def test_what_sqlite_itself_does_not_read_is_no_journal_of_others(session: Path) -> None:
    other = bytes(PAGE_BYTES)
    assert not is_foreign(session, "-journal", b"")
    assert not is_foreign(session, "-journal", MAGIC + bytes(19))
    assert not is_foreign(session, "-journal", journal(99, (1, other), magic=bytes(8)))
    assert is_foreign(session, "-journal", journal(99, (1, other)))


def log(*frames: tuple[int, bytes, bytes]) -> bytes:
    header = bytes(16) + SALTS + bytes(8)
    return header + b"".join(
        struct.pack(">II", n, 0) + salts + bytes(8) + page for n, salts, page in frames
    )


def unfinished(path: Path) -> None:
    """As a file that is being written says of itself: byte 19 is 2."""
    content = bytearray(path.read_bytes())
    content[18:20] = b"\2\2"
    path.write_bytes(content)


def test_a_log_is_its_own_where_the_first_page_in_it_is(session: Path, tmp_path: Path) -> None:
    other = first_page(recorded(tmp_path / "other.gait"))
    mine, empty = first_page(session), bytes(PAGE_BYTES)
    assert is_foreign(session, "-wal", log((1, SALTS, mine)))  # a finished one has none
    unfinished(session)
    assert not is_foreign(session, "-wal", b"")
    assert not is_foreign(session, "-wal", log())
    assert not is_foreign(session, "-wal", log((1, SALTS, mine)))
    assert not is_foreign(session, "-wal", log((3, SALTS, empty), (1, SALTS, mine)))
    assert is_foreign(session, "-wal", log((1, SALTS, other)))
    assert is_foreign(session, "-wal", log((3, SALTS, empty), (1, SALTS, other)))
    assert is_foreign(session, "-wal", log((3, SALTS, empty)))
    # frames from before the log began anew have other salts, and end it
    assert not is_foreign(session, "-wal", log((1, b"saltSALT", other)))


def test_of_a_file_without_a_head_only_the_log_can_tell(session: Path) -> None:
    damaged = b"\0" * 16 + session.read_bytes()[16:]
    session.write_bytes(damaged)
    assert not is_foreign(session, "-wal", log((1, SALTS, bytes(PAGE_BYTES))))
