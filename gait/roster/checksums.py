"""A checksum beside every row, so that a byte that changed on the disk is found when it is read.

SQLite has none of its own. Triggers of this connection keep them, so no statement has to know:
they are not in the file, as a trigger there would need a function that other programs lack.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any
from zlib import crc32

import msgspec

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
