"""The one SQLite file of the roster: opening, migrating, changing it whole or not at all."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import msgspec

from gait.model import GaitError, InputError
from gait.roster.migrations import MIGRATIONS, Migration

APPLICATION_ID = 0x67724F73
BUSY_S = 5.0  # waited for another program before giving up

Row = sqlite3.Row
Record = TypeVar("Record", bound=msgspec.Struct)


def new_uid() -> str:
    return uuid4().hex


def record(row: Row, kind: type[Record], **more: Any) -> Record:
    """A row as a struct, by the names of its columns; `more` has fields that are no column."""
    values = {name: row[name] for name in kind.__struct_fields__ if name not in more}
    return msgspec.convert(values | more, kind, strict=False, dec_hook=lambda made, v: made(v))


class Database:
    """An open roster file, made with its folder, for its owner only, where there is none.

    Raises InputError for a file that is no roster or comes from a newer version (it stays
    untouched), GaitError where the disk refuses or another program holds it.
    """

    def __init__(
        self,
        path: Path,
        *,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = path
        with self._explained():
            _make_private(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=busy_s)
            self._db.row_factory = sqlite3.Row
            try:
                self._open(migrations)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        self._db.close()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """What a query gives."""
        with self._explained():
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query."""
        with self._explained():
            return self._db.execute(sql, values).fetchone()

    def write(self, sql: str, *values: Any) -> int:
        """One statement; returns the id of a row it added."""
        with self.change(), self._explained():
            return self._db.execute(sql, values).lastrowid or 0

    def write_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        with self.change(), self._explained():
            self._db.executemany(sql, values)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything inside is kept together, or nothing of it. One within another is one."""
        if self._db.in_transaction:
            yield
            return
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._explained():
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def forget_deleted(self) -> None:
        """Leave nothing of deleted rows in the file, its write-ahead log or copies of it.

        Rewrites the file, as pages may hold older copies of a row that has moved. Raises
        GaitError where that cannot be done now.
        """
        try:
            with self._explained():
                for copy in self.backups():
                    copy.unlink(missing_ok=True)
                self._db.execute("VACUUM")
                busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except GaitError as error:
            raise GaitError(
                f"It is deleted, but {self.path} could not be rewritten (is the disk full, or "
                "another program busy with it?), and traces may stay in it until the next deletion."
            ) from error
        if busy:
            raise GaitError(
                f"It is deleted, but another program has {self.path} open, and traces stay in "
                f"{self.path.name}-wal until that program is closed."
            )

    def backups(self) -> list[Path]:
        """Copies that were made before migrating."""
        return sorted(self.path.parent.glob(f"{self.path.name}.before-version-*"))

    def _open(self, migrations: Sequence[Migration]) -> None:
        version = self._version()
        if version == 0 and self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise self._no_roster()
        if version and self._db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise self._no_roster()
        if version > len(migrations):
            raise InputError(
                f"{self.path} was written by a newer shoegait; update shoegait to use it."
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        if version < len(migrations):
            self._migrate(migrations)
        self._db.execute("PRAGMA foreign_keys = ON")

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        """To the newest version; a roster that has something in it is copied before."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            version = self._version()  # anew, as another program may have been first
            if 0 < version < len(migrations):
                self._back_up(len(migrations))
            for statement in (s for migration in migrations[version:] for s in migration):
                self._db.execute(statement)
            broken = self._db.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise InputError(f"{self.path} is damaged in {broken[0]}; it was left as it was.")
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {len(migrations)}")
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _back_up(self, version: int) -> None:
        copy = self.path.with_name(f"{self.path.name}.before-version-{version}")
        copy.unlink(missing_ok=True)
        _make_private(copy)
        try:
            # through a connection of its own, as this one is inside the migration
            with (
                closing(sqlite3.connect(self.path)) as here,
                closing(sqlite3.connect(copy)) as there,
            ):
                here.backup(there)
        except sqlite3.Error:
            copy.unlink(missing_ok=True)
            raise

    def _version(self) -> int:
        return self._db.execute("PRAGMA user_version").fetchone()[0]

    def _no_roster(self) -> InputError:
        return InputError(f"{self.path} is not a roster; choose another file with --roster.")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._sentence(error) from error
        except OSError as error:
            raise GaitError(
                f"The roster {self.path} cannot be used ({error.strerror or error}); "
                "choose another place with --roster."
            ) from error

    def _sentence(self, error: sqlite3.Error) -> GaitError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return GaitError(
                f"The roster {self.path} is in use by another program; try again in a moment. "
                "Nothing was changed."
            )
        if code == sqlite3.SQLITE_FULL:
            return GaitError(
                f"There is no space left for the roster {self.path}; free some and try again. "
                "Nothing was changed."
            )
        if code == sqlite3.SQLITE_CONSTRAINT:
            return GaitError(
                "The roster was changed by another program in between; look again. "
                "Nothing was changed."
            )
        if code == sqlite3.SQLITE_NOTADB:
            return self._no_roster()
        if code == sqlite3.SQLITE_CORRUPT:
            return InputError(
                f"The roster {self.path} is damaged; put a copy of it in its place, or choose "
                "another with --roster."
            )
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return GaitError(f"The roster {self.path} may not be written; choose another place.")
        return GaitError(f"The roster {self.path} could not be used: {error}.")


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
