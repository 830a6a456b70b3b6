"""Files made for their owner only, and plain sentences for what the disk refuses."""

import errno
import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from gait.model import GaitError, InputError, UsageError

# What SQLite keeps beside a database while it is open, or after a kill.
COMPANION_SUFFIXES = ("-wal", "-shm", "-journal")


def companions(path: Path) -> list[Path]:
    """The files SQLite may keep beside `path`."""
    return [path.with_name(path.name + suffix) for suffix in COMPANION_SUFFIXES]


def check_free(path: Path, *, overwrite: bool) -> None:
    """Raise UsageError where `path` (or a leftover beside it) is in the way."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it.")
    taken = [file for file in (path, *companions(path)) if os.path.lexists(file)]
    if taken and not overwrite:
        raise UsageError(f"{taken[0]} exists already; choose another name, or --overwrite.")


def create_private(path: Path, *, overwrite: bool) -> None:
    """Make an empty file that only its owner can read and write.

    Raises UsageError for a taken path or a missing folder, GaitError where the disk refuses.
    """
    try:
        check_free(path, overwrite=overwrite)
        if overwrite:
            for file in (path, *companions(path)):
                file.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise cannot_write(path, error) from error


def make_folder(folder: Path) -> None:
    """Make it for its owner only, where it is not there. Raises UsageError for a file of that
    name, GaitError where the disk refuses."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for the sessions.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise GaitError(
            f"The folder {folder} cannot be made ({error.strerror or error})."
        ) from error


def by_date(began: datetime) -> str:
    """The name of a session that began then."""
    return f"{began:%Y-%m-%d_%H.%M.%S}"


def free_name(folder: Path, name: str) -> Path:
    """`name` as a session file, with a number behind it where that is taken, as by a clock that
    was set back."""
    number = 1
    while True:
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}.gait"
        if not any(file.exists() for file in (path, *companions(path))):
            return path
        number += 1


def put_in_place(made: Path, path: Path) -> None:
    """Give a file that is complete its name, in place of what may be there; it stays so also
    after a power cut. Raises GaitError where the disk refuses."""
    try:
        made.replace(path)
        if os.name == "posix":  # elsewhere a folder cannot be synced
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def private_output(path: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """A new file for its owner only, gzip-compressed where the name ends in `.gz`.

    It appears under its name when it is complete, so a failure leaves nothing half-written.
    """
    unfinished: Path | None = None
    try:
        check_free(path, overwrite=overwrite)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        unfinished = Path(name)
        with os.fdopen(handle, "wb") as raw:
            if path.suffix == ".gz":
                # no name and no date inside, so the same content gives the same bytes
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield raw
        unfinished.replace(path)
        unfinished = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> GaitError:
    """The sentence for a file that could not be written."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UsageError(f"The folder {path.parent} does not exist; make it or choose another.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return GaitError(f"{path} may not be written; choose a folder that is yours.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return GaitError(f"There is no space left to write {path}; free some and try again.")
    return GaitError(f"{path} could not be written: {error.strerror or error}.")


def cannot_read(path: Path, error: OSError) -> InputError:
    """The sentence for a file that could not be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"There is no file {path}; check the name.")
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} is a folder; name a session file or an IMU table in it.")
    if isinstance(error, PermissionError):
        return InputError(f"{path} may not be read; ask its owner for permission.")
    return InputError(f"{path} could not be read: {error.strerror or error}.")
