"""The one SQLite file of the roster: opening, migrating, changing it whole or not at all."""

import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import msgspec

from gait.model import GaitError, InputError, UsageError
from gait.model.errors import reason_of
from gait.roster.copies import (
    copies,
    copy_before_version,
    dated_copy,
    make_copy,
    make_private,
    remove_copies,
    to_go_back_to,
)
from gait.roster.migrations import MIGRATIONS, Migration
from gait.roster.names import folded
from gait.roster.soundness import Checksums, Hold, is_ours, page_problem, problems_of

APPLICATION_ID = 0x67724F73
BUSY_S = 5.0  # waited for another program before giving up
MOST_KEPT_BYTES = 64_000_000  # of one text or blob, packed or not
GO_BACK = "`gait doctor` says what is wrong and how to go back to a copy"

Row = sqlite3.Row
Record = TypeVar("Record", bound=msgspec.Struct)
Kept = TypeVar("Kept")


# Of errors that have no code of their own: in text, and in the names of tables and columns.
_OF_DAMAGE = ("decode to UTF-8", "no such", "malformed", "has no column", "too big")


class DamagedRosterError(InputError):
    """What is in the roster's file is not what was written there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; {GO_BACK}.")


def new_uid() -> str:
    return uuid4().hex


def record(row: Row, kind: type[Record], **more: Any) -> Record:
    """A row as a struct, by the names of its columns; `more` has fields that are no column.

    Raises DamagedRosterError for values that nobody can have kept.
    """
    values = {name: row[name] for name in kind.__struct_fields__ if name not in more}
    return sound(
        lambda: msgspec.convert(values | more, kind, strict=False, dec_hook=lambda made, v: made(v))
    )


def kept_json(text: str | bytes, kind: type[Kept]) -> Kept:
    """What was kept as JSON. Raises DamagedRosterError where it is none of that kind."""
    return sound(lambda: msgspec.json.decode(text, type=kind))


def unpacked(blob: bytes) -> bytes:
    """What was kept compressed. Raises DamagedRosterError where its own checksum does not fit."""

    def unpack() -> bytes:
        reader = zlib.decompressobj()
        content = reader.decompress(blob, MOST_KEPT_BYTES)
        if not reader.eof:
            raise ValueError("cut off, or far too long")
        return content

    return sound(unpack)


def sound(read: Callable[[], Kept]) -> Kept:
    """What `read` makes of what was kept. Raises DamagedRosterError where it cannot."""
    try:
        return read()
    except (msgspec.MsgspecError, zlib.error, ValueError, TypeError) as error:
        raise DamagedRosterError("Something in the roster is damaged") from error


class Database:
    """An open roster file, made with its folder, for its owner only, where there is none.

    Whole rows that are read are checked against their checksums. Before the first change of a
    day all of the file is checked and copied; after an unclean end its pages are looked at.

    Raises InputError for a file that is no roster or comes from a newer version (it stays
    untouched), DamagedRosterError where it is damaged, GaitError where the disk refuses or
    another program holds it.
    """

    def __init__(
        self,
        path: Path,
        *,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_s: float = BUSY_S,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.path = path
        self._today = today
        self._copied_on: date | None = None
        self._hold = Hold(path)
        with self._explained():
            self._was_there = path.exists()
            unclean = self._hold.is_left()
            make_private(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=busy_s)
            self._db.create_function("folded", 1, folded, deterministic=True)
            self._db.row_factory = sqlite3.Row
            self._checksums = Checksums(self._db)
            self._watches = False
            self._triggers: list[str] = []
            try:
                self._open(migrations, unclean=unclean)
                self._hold.take()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        self._db.close()
        self._hold.release()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """What a query gives. Raises DamagedRosterError for a row unlike its checksum."""
        with self._explained():
            return self._checked(self._db.execute(sql, values).fetchall())

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query; raises as `rows`."""
        with self._explained():
            found = self._db.execute(sql, values).fetchone()
            return None if found is None else self._checked([found])[0]

    def write(self, sql: str, *values: Any) -> int:
        """One statement; returns the id of a row it added."""
        with self.change(), self._explained():
            return self._db.execute(sql, values).lastrowid or 0

    def trigger(self, triggers: Sequence[str]) -> None:
        """Have these `CREATE TEMP TRIGGER` work from the first change on, for this connection."""
        self._triggers.extend(triggers)

    def write_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        with self.change(), self._explained():
            self._db.executemany(sql, values)

    @contextmanager
    def change(self, *, derived: bool = False) -> Iterator[None]:
        """Everything inside is kept together, or nothing of it. One within another is one.

        derived : nothing is lost with it, so it needs no copy before
        """
        if self._db.in_transaction:
            yield
            return
        with self._explained():
            self._watch()  # before, as what fails is rolled back
            self._db.execute("BEGIN IMMEDIATE")
        try:
            if not derived:
                self._copy_of_the_day()
            yield
            with self._explained():
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def forget_deleted(self) -> int:
        """Leave nothing of deleted rows in the file, its write-ahead log or copies of it.

        Rewrites the file, as pages may hold older copies of a row that has moved; in the place of
        all copies there is a new one then. Returns how many copies were removed. Raises GaitError
        where that cannot be done now.
        """
        try:
            with self._explained():
                removed = remove_copies(self.path)
                self._db.execute("VACUUM")
                busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy and self._has_anybody():
                    make_copy(self.path, dated_copy(self.path, self._today()))
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
        return removed

    def backups(self) -> list[Path]:
        """Copies that it made, the newest first."""
        return copies(self.path)

    def problems(self) -> list[str]:
        """Everything that is wrong with the file, in words; reads all of it."""
        with self._explained():
            return problems_of(self._db, self._checksums)

    def _open(self, migrations: Sequence[Migration], *, unclean: bool) -> None:
        self._db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_KEPT_BYTES)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN")  # so that all of this is of one moment
        try:
            version = self._look_at(migrations)
            if unclean and (problem := page_problem(self._db)):
                raise self._damaged(f"found after an unclean end: {problem}")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        if version < len(migrations):
            self._migrate(migrations)
        self._db.execute("PRAGMA foreign_keys = ON")

    def _look_at(self, migrations: Sequence[Migration]) -> int:
        """The version of a file that may be used. Raises InputError where it may not."""
        version = self._version()
        if version == 0 and self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise self._no_roster()
        if version == 0 and self._was_there and to_go_back_to(self.path):
            raise DamagedRosterError(f"The roster {self.path} is empty, but there are copies of it")
        if version and self._db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise self._no_roster()
        if version > len(migrations):
            raise InputError(
                f"{self.path} was written by a newer shoegait; update shoegait to use it."
            )
        if not is_ours(self._db, migrations[:version]):
            raise self._damaged("its tables are not those of a roster")
        return version

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        """To the newest version; a roster that has something in it is checked and copied before."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            version = self._version()  # anew, as another program may have been first
            if 0 < version < len(migrations):
                self._check()
                make_copy(self.path, copy_before_version(self.path, len(migrations)))
            for statement in (s for migration in migrations[version:] for s in migration):
                self._db.execute(statement)
            broken = self._db.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise self._damaged(f"in {broken[0]}")
            if version < len(migrations):
                self._checksums.renew()
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {len(migrations)}")
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _watch(self) -> None:
        """From now on checksums are kept and triggers work; asking again changes nothing."""
        if not self._watches:
            self._checksums.keep()
            for trigger in self._triggers:
                self._db.execute(trigger)
            self._watches = True

    def _copy_of_the_day(self) -> None:
        """Once a day, before anything is changed: only what is sound is copied, and added to."""
        today = self._today()
        if self._copied_on == today:
            return
        with self._explained():
            copy = dated_copy(self.path, today)
            if not copy.exists() and self._has_anybody():
                self._check(quick=True)
                make_copy(self.path, copy)
        self._copied_on = today

    def _check(self, *, quick: bool = False) -> None:
        problems = problems_of(self._db, self._checksums, quick=quick)
        if problems:
            raise self._damaged("; ".join(problems))

    def _checked(self, rows: list[Row]) -> list[Row]:
        what = self._checksums.check(rows)
        if what:
            raise DamagedRosterError(
                f"The roster {self.path} is damaged: {what} does not fit its checksum"
            )
        return rows

    def _has_anybody(self) -> bool:
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM athletes)").fetchone()[0])

    def _version(self) -> int:
        return self._db.execute("PRAGMA user_version").fetchone()[0]

    def _damaged(self, how: str) -> DamagedRosterError:
        return DamagedRosterError(f"The roster {self.path} is damaged ({how})")

    def _no_roster(self) -> InputError:
        if to_go_back_to(self.path):
            return self._damaged("it is not a roster any more")
        return InputError(f"{self.path} is not a roster; choose another file with --roster.")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._sentence(error) from error
        except UnicodeDecodeError as error:  # of a text, or of SQLite's own message about one
            raise self._damaged("a text is none") from error
        except OverflowError as error:  # a number that no row can have
            raise UsageError("There is no such thing in the roster.") from error
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
        if code == sqlite3.SQLITE_CORRUPT or any(word in str(error) for word in _OF_DAMAGE):
            return self._damaged(reason_of(error))
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return GaitError(f"The roster {self.path} may not be written; choose another place.")
        return GaitError(f"The roster {self.path} could not be used: {reason_of(error)}.")
