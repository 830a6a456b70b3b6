"""Whether the roster is sound, and going back to a copy of it where it is not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import msgspec

from gait.model import GaitError, InputError, UsageError
from gait.model.errors import reason_of
from gait.roster.copies import put_in_place, to_go_back_to
from gait.roster.database import APPLICATION_ID
from gait.roster.migrations import MIGRATIONS
from gait.roster.soundness import Checksums, is_open_somewhere, is_ours, problems_of


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Of a roster's file.

    problems : what is wrong with it, in words; empty where it is sound
    athletes : how many are in it, None where that cannot be read
    copies   : those that it can go back to, the newest first; `sound` the newest that is
    """

    problems: list[str]
    athletes: int | None
    copies: list[Path]
    sound: Path | None


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """`aside` is where the file is now that was in the roster's place, None without one."""

    copy: Path
    aside: Path | None


def health(path: Path) -> Health:
    """Reads all of the file, and copies only where it is damaged; changes nothing."""
    problems, athletes = _looked_into(path)
    found = to_go_back_to(path)
    sound = found[0] if found and not problems else _newest_sound(found)
    return Health(problems=problems, athletes=athletes, copies=found, sound=sound)


def restore(path: Path, copy: Path | None = None) -> Restored:
    """Put a copy in the roster's place; without one named, the newest that is sound.

    Raises UsageError where there is none, or the roster is sound and no copy was named; GaitError
    where the copy is not sound, or a program has the roster open; then nothing is changed.
    """
    if copy is None:
        copy = _chosen(path)
    elif problems := _looked_into(copy)[0]:
        raise InputError(f"{copy} is not sound ({problems[0]}); choose another copy.")
    if is_open_somewhere(path):
        raise GaitError(f"{path} is open in another program; close that and try again.")
    try:
        return Restored(copy=copy, aside=put_in_place(path, copy, date.today()))
    except OSError as error:
        raise GaitError(
            f"{copy} could not be put in the roster's place ({error.strerror or error}); "
            "free some space, or check who may write there."
        ) from error


def _chosen(path: Path) -> Path:
    found = to_go_back_to(path)
    if not found:
        raise UsageError(f"There is no copy of {path} to go back to; name one with --copy.")
    if path.exists() and path.stat().st_size and not _looked_into(path)[0]:
        raise UsageError(f"{path} is sound; to go back all the same, name a copy with --copy.")
    sound = _newest_sound(found)
    if sound is None:
        raise InputError(f"None of the {len(found)} copies of {path} is sound.")
    return sound


def _newest_sound(found: list[Path]) -> Path | None:
    return next((copy for copy in found if not _looked_into(copy)[0]), None)


def _looked_into(path: Path) -> tuple[list[str], int | None]:
    """What is wrong with a file, and how many athletes are in it."""
    try:
        with _reading(path) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return ["it is not a roster (any more)"], None
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if not is_ours(db, MIGRATIONS[:version]):
                return ["its tables are not those of a roster"], None
            problems = problems_of(db, Checksums(db))
            return problems, db.execute("SELECT count(*) FROM athletes").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [f"it cannot be read ({reason_of(error)})"], None


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """With what a log beside it may hold; a file without one is whole and is not written to."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=rw" if log.exists() else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as db:
        db.row_factory = sqlite3.Row
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            db.execute(f"PRAGMA {pragma}")
        yield db
