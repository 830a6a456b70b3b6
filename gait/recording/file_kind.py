"""What a file is, by its content and not by its name."""

from pathlib import Path
from typing import Literal

from gait.model import InputError
from gait.recording.files import cannot_read
from gait.recording.session_format import APPLICATION_ID, FORMAT_VERSION, PAGE_BYTES
from gait.recording.tolerant_reader import first_bytes

Container = Literal["sqlite", "jsonl", "csv", "parquet"]

SQLITE_MAGIC = b"SQLite format 3\0"
PARQUET_MAGIC = b"PAR1"
JSONL_FORMAT = b'"gait-session"'
_VERSION_AT, _APPLICATION_AT = 60, 68  # offsets in the header of an SQLite file


def sniff(path: Path | str) -> Literal["session", "table"]:
    """Whether `path` is a session file or an IMU table.

    Raises InputError with a sentence where it is neither, is missing, is a folder, is empty or
    may not be read.
    """
    return "session" if container(Path(path)) in ("sqlite", "jsonl") else "table"


def container(path: Path) -> Container:
    """The form of the file. Raises InputError as `sniff` does, and for a newer session format."""
    try:
        with path.open("rb") as file:
            start = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise cannot_read(path, error) from error
    if not size:
        raise InputError(f"{path} is empty; nothing was recorded in it.")
    if start.startswith(SQLITE_MAGIC):
        _check_is_session(path, start)
        return "sqlite"
    if start.startswith(PARQUET_MAGIC):
        return "parquet"
    head = first_bytes(path)
    if head.lstrip().startswith(b"{") and JSONL_FORMAT in head:
        return "jsonl"
    if _looks_like_columns(head):
        return "csv"
    if path.suffix == ".gait" and size >= 2 * PAGE_BYTES:
        return "sqlite"  # the first page may be damaged; the reader looks at the others
    raise InputError(
        f"{path} is neither a session file nor an IMU table (.csv, .csv.gz or .parquet)."
    )


def _check_is_session(path: Path, header: bytes) -> None:
    application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4], "big")
    version = int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big")
    if application != APPLICATION_ID:
        raise InputError(f"{path} is a database of another program, not a session file.")
    check_version(path, version)


def check_version(path: Path, version: int) -> None:
    """Raise InputError for a session format that this version does not know."""
    if version > FORMAT_VERSION:
        raise InputError(
            f"{path} was made by a newer version (session format {version}, this one reads up to "
            f"{FORMAT_VERSION}); update shoegait to read it."
        )


def _looks_like_columns(head: bytes) -> bool:
    text = head.decode("utf-8-sig", "replace")
    names = next((line for line in text.splitlines() if line.strip() and line[0] != "#"), "")
    is_text = all(character >= " " or character.isspace() for character in names)
    return is_text and any(separator in names for separator in ",;\t")
