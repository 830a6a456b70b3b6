"""Whether a roster's file is sound: its pages, its tables, its rows; and how its last use ended."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gait.model.edge import reason_of
from gait.roster.checksums import Checksums
from gait.roster.migrations import Migration

MOST_TOLD = 5
MANY = "session_measures"


def problems_of(db: sqlite3.Connection, checksums: Checksums, *, quick: bool = False) -> list[str]:
    """Everything that is wrong with an open roster, in words; reads all of the file.

    quick : leaves out the checksums of single measures, nine of ten rows, each of which is checked
            when it is read and can be found again from a summary
    """
    try:
        pages = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST_TOLD})")]
        found = [] if pages == ["ok"] else [f"SQLite says: {'; '.join(pages)}"]
        broken = len(db.execute("PRAGMA foreign_key_check").fetchall())
        found += [f"{broken} rows belong to nobody"] if broken else []
        found += [
            f"{what}: {count} damaged"
            for what, count in checksums.damaged(but=MANY if quick else "")
        ]
    except (sqlite3.Error, ValueError) as error:
        return [f"it cannot be read through ({reason_of(error)})"]
    return found


def page_problem(db: sqlite3.Connection) -> str:
    """What a quick look at the pages finds, empty where nothing: after an unclean end."""
    (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    return "" if said == "ok" else said


def is_ours(db: sqlite3.Connection, migrations: Sequence[Migration]) -> bool:
    """Whether names stand for what they are to stand for after these migrations: tables are tables
    with their columns, the view is ours, and nothing happens by itself."""
    ours, theirs = _schema_after(tuple(migrations)), _schema_of(db)
    return ours.columns == {
        table: columns for table, columns in theirs.columns.items() if table in ours.columns
    } and (ours.views, ours.triggers) == (theirs.views, theirs.triggers)


class _Schema(msgspec.Struct, frozen=True):
    """The columns of every table with what is said of them, views as SQL, triggers by name."""

    columns: dict[str, list[Any]]
    views: set[str]
    triggers: set[str]


@cache
def _schema_after(migrations: tuple[Migration, ...]) -> _Schema:
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in (s for migration in migrations for s in migration):
            db.execute(statement)
        return _schema_of(db)


def _schema_of(db: sqlite3.Connection) -> _Schema:
    columns: dict[str, list[Any]] = defaultdict(list)
    for table, *column in db.execute(
        "SELECT m.name, c.name, c.type, c.'notnull', c.pk FROM main.sqlite_master AS m"
        " JOIN pragma_table_info(m.name, 'main') AS c WHERE m.type = 'table' ORDER BY m.name, c.cid"
    ):
        columns[table].append(tuple(column))
    others = db.execute(
        "SELECT type, name, sql FROM main.sqlite_master WHERE type IN ('view', 'trigger')"
    ).fetchall()
    return _Schema(
        dict(columns),
        {sql for kind, _, sql in others if kind == "view"},
        {name for kind, name, _ in others if kind == "trigger"},
    )


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
