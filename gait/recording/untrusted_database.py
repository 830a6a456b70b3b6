"""Opening a session file that was perhaps not made here, and telling what beside it is its own.

SQLite's own advice for files of strangers (sqlite.org/security.html) is taken whole: nothing of
the schema is trusted, cells are checked, nothing is mapped into memory, lengths are limited, and a
handler ends a query that takes more steps than the file can have rows. Beyond that the file must
have exactly the two tables of a session: a view or a virtual table of their name would run the
stranger's own query.

SQLite takes any `-wal` that bears the file's name for its own, whoever wrote it: its checksums are
chained to each other, not to the file (sqlite.org/howtocorrupt.html, 1.4). So a session has an id
in the text of its schema, which lies on its first page, and every transaction writes that page
again: the id is in the file and in every log of it. A log with another id, or one beside a file
that was finished and needs none, is not read.

Tidying up after a recording that was cut off: its companion files folded into it.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from gait.model import GaitError
from gait.recording.files import companions
from gait.recording.session_format import PAGE_BYTES, TABLES, session_id

_WRITE_AHEAD_AT = 19  # in the header: 2 where a write-ahead log may belong to the file, else 1
_PAGE_COUNT_AT = 28
_WAL_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_MOST_FRAMES = 10_000
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_JOURNAL_COUNT_AT, _JOURNAL_SECTOR_AT = 16, 20
_STEPS = 100_000  # of SQLite's machine between two looks
_FREE_STEPS = 10_000_000
_STEPS_A_BYTE = 10  # reading a row takes some 12, and a row has at least 8 bytes

_LIMITS = (
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (sqlite3.SQLITE_LIMIT_COLUMN, 100),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 3),
    (sqlite3.SQLITE_LIMIT_VDBE_OP, 25_000),
    (sqlite3.SQLITE_LIMIT_FUNCTION_ARG, 8),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 10),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
)
# Only from Python 3.12: SQLITE_DBCONFIG_DEFENSIVE, and no trust in schemas from the start.
_DEFENSIVE, _TRUSTED_SCHEMA = 1010, 1017


def open_untrusted(
    path: Path, *, most_bytes: int, immutable: bool = False, writable: bool = False
) -> sqlite3.Connection:
    """A connection that cannot change what is recorded, to a file that has a session's tables.

    most_bytes : of one text or blob
    immutable  : nothing beside the file is looked at, and nothing is locked
    writable   : a copy of our own, into which SQLite folds what lies beside it

    Raises sqlite3.Error where the file cannot be read so.
    """
    mode = "rw" if writable else "ro"
    address = f"{path.resolve().as_uri()}?mode={mode}{'&immutable=1' if immutable else ''}"
    db = sqlite3.connect(address, uri=True, isolation_level=None)
    try:
        configure = getattr(db, "setconfig", None)
        if configure is not None:
            configure(_DEFENSIVE, True)
            configure(_TRUSTED_SCHEMA, False)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, most_bytes)
        for limit, value in _LIMITS:
            db.setlimit(limit, value)
        db.set_progress_handler(_step_counter(path), _STEPS)
        db.text_factory = _text
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            db.execute(f"PRAGMA {setting}").fetchall()
        db.execute("PRAGMA query_only = ON")
        _check_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def _step_counter(path: Path) -> Callable[[], bool]:
    """True, which ends the query, once it took more steps than reading every row of the file."""
    size = sum(file.stat().st_size for file in (path, *companions(path)) if file.exists())
    left = (_FREE_STEPS + _STEPS_A_BYTE * size) // _STEPS

    def exhausted() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    return exhausted


def _check_tables(db: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where the tables are not those of a session, and no more."""
    found = db.execute("SELECT type, sql FROM sqlite_master LIMIT 10").fetchall()
    if sorted((kind, _plain(sql or "")) for kind, sql in found) != _EXPECTED:
        raise sqlite3.DatabaseError("its tables are not those of a session")


def _plain(sql: str) -> str:
    """Without comments and with single spaces."""
    return " ".join(re.sub(r"--[^\n]*", " ", sql).split()).lower()


_EXPECTED = sorted(("table", _plain(sql)) for sql in TABLES)


def _text(raw: bytes) -> str:
    """Damaged text becomes text whose CRC is wrong, not an error in the middle of a batch."""
    return raw.decode("utf-8", "replace")


def foreign_companions(path: Path) -> list[Path]:
    """What lies beside a session file under its name, and is not its own."""
    wal, _, journal = companions(path)
    with path.open("rb") as file:
        first = file.read(PAGE_BYTES)
    foreign = []
    if wal.exists() and not _is_own_log(first, wal):
        foreign.append(wal)
    if journal.exists() and not _is_own_journal(first, journal):
        foreign.append(journal)
    return foreign


def _is_own_log(first: bytes, wal: Path) -> bool:
    if len(first) < PAGE_BYTES or not first.startswith(b"SQLite format 3\0"):
        return True  # so damaged that only the log may tell
    if first[_WRITE_AHEAD_AT] == 1:
        return False  # finished: folding takes the log away before it says so
    mine = session_id(first)
    if mine is None:
        return True  # made before sessions had an id
    with wal.open("rb") as file:
        page = _first_page_in_log(file)
    return page is None or session_id(page) == mine


def _first_page_in_log(file: BinaryIO) -> bytes | None:
    """The first page of the database as the log has it, b"" without one; None for an empty log."""
    header = file.read(_WAL_HEADER_BYTES)
    frames = 0
    while len(frame := file.read(_FRAME_HEADER_BYTES)) == _FRAME_HEADER_BYTES:
        if frame[8:16] != header[16:24] or frames > _MOST_FRAMES:
            break  # left over from before the log began anew
        frames += 1
        page = file.read(PAGE_BYTES)
        if int.from_bytes(frame[:4], "big") == 1:
            return page
    return b"" if frames else None


def _is_own_journal(first: bytes, journal: Path) -> bool:
    """A rollback journal, which is there after a kill in the middle of folding."""
    with journal.open("rb") as file:
        header = file.read(28)
        if len(header) < 28 or not header.startswith(_JOURNAL_MAGIC):
            return True  # SQLite does not read it either
        file.seek(int.from_bytes(header[_JOURNAL_SECTOR_AT : _JOURNAL_SECTOR_AT + 4], "big"))
        for _ in range(_MOST_FRAMES):
            record = file.read(4 + PAGE_BYTES + 4)
            if len(record) < 4 + PAGE_BYTES:
                break
            if int.from_bytes(record[:4], "big") == 1:
                return session_id(record[4:]) == session_id(first)
    count = header[_JOURNAL_COUNT_AT : _JOURNAL_COUNT_AT + 4]
    return count == first[_PAGE_COUNT_AT : _PAGE_COUNT_AT + 4]


def is_left_open(path: Path) -> bool:
    """Whether a recording was cut off and nobody has it open: SQLite would make files beside it."""
    with path.open("rb") as file:
        write_ahead = file.read(_WRITE_AHEAD_AT + 1)[_WRITE_AHEAD_AT:] == b"\x02"
    return write_ahead and not path.with_name(path.name + "-shm").exists()


def cut_off(folder: Path) -> list[Path]:
    """Session files in `folder` that a kill or a power cut left with companions beside them."""
    return [
        path
        for path in sorted(folder.glob("*.gait"))
        if any(companion.exists() for companion in companions(path))
    ]


def checkpoint_wal(path: Path) -> None:
    """Fold what lies beside the file into it, so that the one file is all there is.

    It goes on saying that it was not finished. Raises GaitError where another program has it
    open, it is damaged, or what lies beside it is not its own; nothing is lost then.
    """
    for other in foreign_companions(path):
        raise GaitError(
            f"{other} is of another recording than {path.name}, so it was not folded into it; "
            "move it away."
        )
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1.0)) as db:
            db.execute("PRAGMA journal_mode = DELETE").fetchall()
            db.execute("SELECT count(*) FROM about").fetchall()
    except sqlite3.Error as error:
        busy = (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        why = "another program has it open" if busy else str(error)
        raise GaitError(
            f"{path} was not folded into a single file ({why}); keep {path.name}-wal beside it."
        ) from error
