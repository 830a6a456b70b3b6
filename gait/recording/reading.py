"""Open a session, whatever the form of its file."""

from pathlib import Path

from gait.model import InputError
from gait.recording.jsonl import read_jsonl
from gait.recording.session import Session
from gait.recording.sqlite_reader import read_sqlite
from gait.recording.tolerant_reader import container


def open_session(path: Path | str) -> Session:
    """The session in `path`: an SQLite session file or JSON lines, told apart by content.

    The file is never changed. A recording that was cut off or damaged gives what is readable,
    and `Session.problems` says what is not. Raises InputError for anything else.
    """
    path = Path(path)
    form = container(path)
    if form == "sqlite":
        return read_sqlite(path)
    if form == "jsonl":
        return read_jsonl(path)
    raise InputError(f"{path} is an IMU table, not a session file; say which side it is of.")
