"""Whether a roster's file is sound: its pages, its tables, its rows; and how its last use ended."""

import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from gait.roster.checksums import TABLES, Checksums
from gait.roster.migrations import MIGRATIONS

MOST_TOLD = 5


def problems_of(db: sqlite3.Connection, checksums: Checksums) -> list[str]:
    """Everything that is wrong with an open roster, in words; reads all of the file."""
    try:
        pages = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST_TOLD})")]
        found = [] if pages == ["ok"] else [f"SQLite says: {'; '.join(pages)}"]
        broken = len(db.execute("PRAGMA foreign_key_check").fetchall())
        found += [f"{broken} rows belong to nobody"] if broken else []
        found += [f"{what}: {count} damaged" for what, count in checksums.damaged()]
    except (sqlite3.Error, ValueError) as error:
        return [f"it cannot be read through ({error})"]
    return found


def page_problem(db: sqlite3.Connection) -> str:
    """What a quick look at the pages finds, empty where nothing: after an unclean end."""
    (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    return "" if said == "ok" else said


def is_ours(db: sqlite3.Connection) -> bool:
    """Whether names stand for what they are to stand for: tables are tables, the view is ours, and
    nothing happens by itself when something is read or written."""
    kinds = {name: kind for kind, name, _ in _schema(db)}
    views = {sql for kind, _, sql in _schema(db) if kind == "view"}
    tables = {name for name in TABLES if name in kinds}
    return (
        all(kinds[name] == "table" for name in tables)
        and "trigger" not in kinds.values()
        and views <= _our_views()
    )


@cache
def _our_views() -> set[str]:
    texts = {text for migration in MIGRATIONS for text in migration}
    return {text for text in texts if text.startswith("CREATE VIEW")}


def _schema(db: sqlite3.Connection) -> list[Any]:
    return db.execute("SELECT type, name, sql FROM main.sqlite_master").fetchall()


class Hold:
    """Says that somebody has the roster open, so that a log left by nobody tells an unclean end.

    SQLite removes its write-ahead log when the last one closes. The lock is on that log, as a
    closed handle of the database itself would take SQLite's own locks away; systems without such
    locks call every log that is there unclean, which costs a look and nothing else.
    """

    def __init__(self, roster: Path) -> None:
        self._log = roster.with_name(f"{roster.name}-wal")
        self._handle: int | None = None

    def is_left(self) -> bool:
        """Whether the log is there and nobody has it open; asked before this one opens it."""
        if not self._log.exists():
            return False
        try:
            return self._lock(exclusive=True)
        finally:
            self.release()

    def take(self) -> None:
        """Once it is open."""
        self._lock(exclusive=False)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _lock(self, *, exclusive: bool) -> bool:
        """Whether it could be had; `True` also where the system has no such locks."""
        try:
            import fcntl  # noqa: PLC0415 - not on Windows
        except ImportError:
            return True
        try:
            self._handle = os.open(self._log, os.O_RDONLY)
            kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
            fcntl.flock(self._handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True


def is_open_somewhere(roster: Path) -> bool:
    """Whether a program has it open now; never on Windows, where it cannot be replaced then."""
    log = roster.with_name(f"{roster.name}-wal")
    return log.exists() and not Hold(roster).is_left()
