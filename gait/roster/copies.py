"""Copies of the roster that it makes by itself, beside it and for its owner only.

roster.db.backup-2026-11-30     as it was before the first change of that day
roster.db.before-version-3      as it was before a newer shoegait brought it up to date
roster.db.damaged-2026-11-30    what was in its place when a copy was put there
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

DATED, BEFORE_VERSION, DAMAGED = ".backup-", ".before-version-", ".damaged-"
MOST = {DATED: 5, BEFORE_VERSION: 2, DAMAGED: 1}  # the newest of each kind stay
COMPANIONS = ("-wal", "-shm")  # what SQLite keeps beside a database while it is open


def copies(roster: Path, kinds: Sequence[str] = tuple(MOST)) -> list[Path]:
    """Those that are there, the newest first."""
    found = [
        path
        for kind in kinds
        for path in roster.parent.glob(f"{roster.name}{kind}*")
        if not path.name.endswith((*COMPANIONS, ".part"))
    ]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def to_go_back_to(roster: Path) -> list[Path]:
    """Copies that may be put in the roster's place, the newest first."""
    return copies(roster, (DATED, BEFORE_VERSION))


def dated_copy(roster: Path, day: date) -> Path:
    return roster.with_name(f"{roster.name}{DATED}{day}")


def copy_before_version(roster: Path, version: int) -> Path:
    return roster.with_name(f"{roster.name}{BEFORE_VERSION}{version}")


def make_copy(roster: Path, copy: Path) -> None:
    """All that is committed, whole and on the disk under its name, or nothing.

    Through a connection of its own, as the caller's may be inside a change. Raises sqlite3.Error
    or OSError.
    """
    with (
        _appearing(copy) as part,
        closing(sqlite3.connect(roster)) as here,
        closing(sqlite3.connect(part)) as there,
    ):
        here.backup(there)
    for kind, most in MOST.items():
        for old in copies(roster, (kind,))[most:]:
            _remove(old)


def remove_copies(roster: Path) -> int:
    """All of them, as they hold what was deleted since; how many there were."""
    found = copies(roster)
    for path in found:
        _remove(path)
    for left in roster.parent.glob(f"{roster.name}.*.part*"):  # of a copy that was cut off
        left.unlink(missing_ok=True)
    return len(found)


def put_in_place(roster: Path, copy: Path, day: date) -> Path | None:
    """A copy becomes the roster; what was there is kept as a damaged one, whose path is returned.

    Nobody may have the roster open. Raises OSError.
    """
    aside = None
    if roster.exists():
        for old in copies(roster, (DAMAGED,)):
            _remove(old)
        aside = roster.with_name(f"{roster.name}{DAMAGED}{day}")
        for companion in ("", *COMPANIONS):
            with suppress(FileNotFoundError):
                roster.with_name(roster.name + companion).replace(f"{aside}{companion}")
    with _appearing(roster) as part:
        part.write_bytes(copy.read_bytes())
    return aside


def make_private(path: Path) -> None:
    """An empty file for its owner only, with its folder, where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """A file to fill that gets its name when it is whole and on the disk."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    make_private(part)
    try:
        yield part
        _sync(part)
        part.replace(path)
        if os.name == "posix":  # elsewhere a folder cannot be synced
            _sync(path.parent)
    finally:
        _remove(part)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    for companion in ("", *COMPANIONS):
        Path(f"{path}{companion}").unlink(missing_ok=True)
