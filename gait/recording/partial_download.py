"""A log of a sensor while it is fetched: the packets that came so far, safe against a kill."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gait.model import GaitError
from gait.recording.files import companions, create_private

SUFFIX = ".part"
COMMIT_EVERY = 128  # packets: a few seconds of sampling, a second or less over the air

_SCHEMA = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE packets (number INTEGER PRIMARY KEY, content BLOB NOT NULL)",
)
_LOG = "SELECT value FROM about WHERE name = 'log'"
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class PartialDownload:
    """Packets of one log by their index, in a file for its owner only; one program at a time.

    Opened again it goes on with what it holds, unless `log` says that it is of another log, or it
    cannot be read: then it begins anew. Raises GaitError where the disk refuses, or another
    program has it open; what was committed before stays.
    """

    def __init__(self, path: Path, log: str) -> None:
        self.path = path
        self._fresh: dict[int, bytes] = {}
        try:
            db = _continued(path, log)
            if db is None:
                self._unlink()
                create_private(path, overwrite=False)
                db = _made(path, log)
            self._db = db
            rows = self._db.execute("SELECT number, length(content) FROM packets").fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error
        self._held = {number for number, _ in rows}
        self.size = sum(length for _, length in rows)

    def __len__(self) -> int:
        return len(self._held)

    def note(self, name: str) -> str | None:
        """What was noted under this name."""
        row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_note(self, name: str, value: str) -> None:
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def keep(self, index: int, packet: bytes) -> None:
        """Take a packet, if it was not there yet."""
        if index in self._held:
            return
        self._held.add(index)
        self._fresh[index] = packet
        self.size += len(packet)
        if len(self._fresh) >= COMMIT_EVERY:
            self.commit()

    def missing(self, wanted: range) -> range:
        """From the first to the last of `wanted` that is not there; empty where all are."""
        first = next((i for i in wanted if i not in self._held), None)
        if first is None:
            return range(0)
        last = next(i for i in reversed(wanted) if i not in self._held)
        return range(first, last + 1)

    def packets(self, wanted: range) -> Iterator[bytes]:
        """These packets, in order; those that are missing are left out."""
        self.commit()
        rows = self._db.execute(
            "SELECT content FROM packets WHERE number >= ? AND number < ? ORDER BY number",
            (wanted.start, wanted.stop),
        )
        for (content,) in rows:
            yield content

    def forget(self, wanted: range) -> None:
        """Drop these packets: they are not as the sensor has them."""
        self.size -= sum(map(len, self.packets(wanted)))
        with self._writing():
            self._db.execute(
                "DELETE FROM packets WHERE number >= ? AND number < ?", (wanted.start, wanted.stop)
            )
        self._held.difference_update(wanted)

    def commit(self) -> None:
        """Put everything that came on the disk."""
        if not self._fresh:
            return
        with self._writing():
            self._db.executemany("INSERT INTO packets VALUES (?, ?)", self._fresh.items())
        self._fresh.clear()

    def close(self) -> None:
        """Commit and close; the file stays."""
        try:
            self.commit()
        finally:
            self._db.close()

    def remove(self) -> None:
        """The log is stored elsewhere: the file goes."""
        self._db.close()
        self._unlink()

    def _unlink(self) -> None:
        for file in (self.path, *companions(self.path)):
            file.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All of the block is on the disk when it ends, or nothing of it."""
        try:
            self._db.execute("BEGIN")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._refused(error) from error

    def _refused(self, error: sqlite3.Error) -> GaitError:
        if _is_busy(error):
            return GaitError(f"Another program fetches into {self.path} already; let it finish.")
        full = (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_FULL
        reason = "the disk is full; free some space" if full else f"{error}; check the disk"
        return GaitError(
            f"{self.path} could not be written further: {reason} and run it again. "
            "What came until then is kept in it."
        )


def _is_busy(error: sqlite3.Error) -> bool:
    return (error.sqlite_errorcode & 0xFF) in _BUSY


def _continued(path: Path, log: str) -> sqlite3.Connection | None:
    """The file, where it is there, can be read and is of this log."""
    if not path.exists():
        return None
    db = _opened(path)
    try:
        _set_up(db)
        db.execute("BEGIN IMMEDIATE")
        db.execute("COMMIT")
        if _is_whole(db) and db.execute(_LOG).fetchone() == (log,):
            return db
    except UnicodeDecodeError:  # a damaged schema, quoted in SQLite's own message
        pass
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            db.close()
            raise
    db.close()
    return None


def _is_whole(db: sqlite3.Connection) -> bool:
    """Whether every packet is one; what is in them is checked by the sensor. Else it is fetched
    anew, as the sensor still has it."""
    others = "SELECT count(*) FROM packets WHERE typeof(content) != 'blob'"
    return db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",) and db.execute(
        others
    ).fetchone() == (0,)


def _made(path: Path, log: str) -> sqlite3.Connection:
    db = _opened(path)
    _set_up(db)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN")
    for table in _SCHEMA:
        db.execute(table)
    db.execute("INSERT INTO about VALUES ('log', ?)", (log,))
    db.execute("COMMIT")
    return db


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=1.0, check_same_thread=False)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # damaged text is no error
    return db


def _set_up(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA synchronous = FULL")
