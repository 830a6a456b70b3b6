"""Tidying up after a recording that was cut off: its companion files folded into it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from gait.model import GaitError
from gait.recording.files import companions
from gait.recording.untrusted_database import foreign_companions


def cut_off(folder: Path) -> list[Path]:
    """Session files in `folder` that a kill or a power cut left with companions beside them."""
    return [
        path
        for path in sorted(folder.glob("*.gait"))
        if any(companion.exists() for companion in companions(path))
    ]


def fold_together(path: Path) -> None:
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
