"""Whether a roster's file is sound: its pages, its tables, its rows; and how its last use ended.

A checksum beside every row, so that a byte that changed on the disk is found when it is read.

SQLite has none of its own. Triggers of this connection keep them, so no statement has to know:
they are not in the file, as a trigger there would need a function that other programs lack.
"""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from gait.model.errors import reason_of
from gait.roster.migrations import Migration

COLUMN = "checksum"
FUNCTION = "row_checksum"

# Numbered so in every checksum: a new table goes to the end.
TABLES = {
    "athletes": "an athlete",
    "merged": "a merged athlete",
    "groups": "a group",
    "memberships": "a membership of a group",
    "checkups": "a checkup",
    "notes": "a note",
    "goals": "a goal",
    "shoes": "a pair of shoes",
    "sessions": "a session",
    "session_contents": "a summary",
    "measures": "a name of a measure",
    "session_measures": "a measure of a session",
    "sensors": "a sensor",
    "training_log": "a logged run",
    "compared": "what differs in a session",
}
_encode = msgspec.msgpack.Encoder().encode


def row_checksum(number: int, *values: object) -> int:
    """Of one row of the table with that number, its columns in the table's order without this one.

    The upper half is the table's number, the lower the CRC-32 of the values.
    """
    return number << 32 | crc32(_encode(values))


class Checksums:
    """Those of one open roster; tables from before there were any have none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._keeps = False
        self._tables: dict[int, _Table] = {}
        db.create_function(FUNCTION, -1, row_checksum, deterministic=True)

    def keep(self) -> None:
        """From now on every row that is written gets its own; asking again changes nothing."""
        if self._keeps:
            return
        for table in self._known().values():
            this_row = " AND ".join(f"{name} IS NEW.{name}" for name in table.keys)
            for when in ("INSERT", f"UPDATE OF {', '.join(table.columns)}"):
                self._db.execute(
                    f"CREATE TEMP TRIGGER {table.name}_{when.split()[0]} AFTER {when}"
                    f" ON main.{table.name} BEGIN {table.renewal} WHERE {this_row}; END"
                )
        self._keeps = True

    def renew(self) -> None:
        """Of all rows as they are now; only for what was found sound."""
        self._tables = {}  # as columns may have come
        for table in self._known().values():
            self._db.execute(table.renewal)

    def check(self, rows: Sequence[sqlite3.Row]) -> str:
        """What is damaged among these rows, in words; empty where nothing is.

        Only whole rows have their checksum among their columns, and only they can be checked.
        """
        names = set(rows[0].keys()) if rows else set()
        if COLUMN not in names:
            return ""
        known = {n: table for n, table in self._known().items() if names.issuperset(table.columns)}
        for row in rows:
            kept = row[COLUMN]
            number = kept >> 32 if isinstance(kept, int) else -1
            table = known.get(number)
            if table is None:
                return "something"  # the checksum itself, which says another table
            if row_checksum(number, *table.values(row)) != kept:
                return TABLES[table.name]
        return ""

    def damaged(self, *, but: str = "") -> Iterator[tuple[str, int]]:
        """Every table in which rows do not fit their checksums, in words, and how many.

        but : a table that is left out
        """
        for table in self._known().values():
            if table.name == but:
                continue
            sql = f"SELECT count(*) FROM {table.name} WHERE {COLUMN} IS NOT {table.sum}"  # noqa: S608 - own names
            (count,) = self._db.execute(sql).fetchone()
            if count:
                yield TABLES[table.name], count

    def _known(self) -> dict[int, "_Table"]:
        """By number, those that have checksums in this version."""
        if not self._tables:
            for number, name in enumerate(TABLES):
                told = self._db.execute(f"PRAGMA main.table_info({name})").fetchall()
                columns = [row["name"] for row in told]
                if COLUMN in columns:
                    columns.remove(COLUMN)
                    keys = [row["name"] for row in told if row["pk"]]
                    self._tables[number] = _Table(number, name, columns, keys)
        return self._tables


class _Table:
    """`sum` is the SQL that finds the checksum of a row, `renewal` the statement that keeps it."""

    def __init__(self, number: int, name: str, columns: list[str], keys: list[str]) -> None:
        self.name = name
        self.columns = columns
        self.keys = keys
        self.values: Callable[[sqlite3.Row], tuple[Any, ...]] = itemgetter(*columns)
        self.sum = f"{FUNCTION}({number}, {', '.join(columns)})"
        self.renewal = f"UPDATE {name} SET {COLUMN} = {self.sum}"  # noqa: S608 - own names


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
