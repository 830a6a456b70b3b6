"""Files made for their owner only, whole or not at all, and plain sentences for what the disk
refuses.

A folder of results that is there as a whole or not at all.

Space kept back while recording, so that a full disk still takes the end of the session.
"""

import errno
import gzip
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self, cast

from gait.model import GaitError, InputError, UsageError
from gait.recording.held_file import is_being_recorded


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder for its owner only, which appears under its name when it is complete.

    Raises UsageError where `path` exists, GaitError where the disk refuses.
    """
    unfinished: Path | None = None
    try:
        if path.exists():
            raise UsageError(f"{path} exists already; choose another name.")
        unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        yield unfinished
        put_in_place(unfinished, path)
        unfinished = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)


try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

# What SQLite keeps beside a database while it is open, or after a kill.
COMPANION_SUFFIXES = ("-wal", "-shm", "-journal")
STEP_BYTES = 32_768  # the largest step in which SQLite lets one of its files grow


def companions(path: Path) -> list[Path]:
    """The files SQLite may keep beside `path`."""
    return [path.with_name(path.name + suffix) for suffix in COMPANION_SUFFIXES]


def check_free(path: Path, *, overwrite: bool) -> None:
    """Raise UsageError where `path` (or a leftover beside it) is in the way, also to be
    overwritten: a folder, or what is being recorded."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it.")
    taken = [file for file in (path, *companions(path)) if os.path.lexists(file)]
    if taken and not overwrite:
        raise UsageError(f"{taken[0]} exists already; choose another name, or --overwrite.")
    if taken:
        check_not_recorded(path)


def check_not_recorded(path: Path) -> None:
    """Raise UsageError where `path` is a session that is being recorded, or belongs to one."""
    whole = path
    for suffix in COMPANION_SUFFIXES:
        if path.name.endswith(suffix):
            whole = path.with_name(path.name.removesuffix(suffix))
    if is_being_recorded(whole):
        raise UsageError(
            f"{whole} is being recorded just now; end that recording, or choose another name."
        )


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
        _sync_folder(path.parent)
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


def name_by_date(began: datetime) -> str:
    """The name of a session that began then."""
    return f"{began:%Y-%m-%d_%H.%M.%S}"


def free_name(folder: Path, name: str, *, first: int = 1) -> Path:
    """`name` as a session file, with a number behind it where that is taken, as by a clock that
    was set back; `first` 2 gives it a number anyhow."""
    number = first
    while True:
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}.gait"
        if not any(file.exists() for file in (path, *companions(path))):
            return path
        number += 1


def put_in_place(made: Path, path: Path) -> None:
    """Give a file or a folder that is complete its name, in place of what may be there.

    It is on the disk before it has the name, and the name stays also after a power cut. Every
    output of ours gets its name here. Raises UsageError where `path` is being recorded, GaitError
    where the disk refuses.
    """
    check_not_recorded(path)
    try:
        _sync(made)
        made.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _sync(made: Path) -> None:
    """Its content is on the disk when this returns, that of a folder with all that is in it."""
    if not made.is_dir():
        with made.open("r+b") as file:
            os.fsync(file.fileno())
        return
    for folder, _, names in os.walk(made, topdown=False):
        for name in names:
            _sync(Path(folder, name))
        _sync_folder(Path(folder))


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be synced
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems
            raise
    finally:
        os.close(descriptor)


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
        check_free(path, overwrite=overwrite)  # much may have happened since
        put_in_place(unfinished, path)
        unfinished = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError | sqlite3.Error) -> GaitError:
    """The sentence for a file that could not be written."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UsageError(f"The folder {path.parent} does not exist; make it or choose another.")
    if isinstance(error, OSError) and (
        isinstance(error, PermissionError) or error.errno == errno.EROFS
    ):
        return GaitError(f"{path} may not be written; choose a folder that is yours.")
    return GaitError(f"{path} could not be written: {why_refused(path, error)} and try again.")


def why_refused(path: Path, error: OSError | sqlite3.Error) -> str:
    """Why the disk took no more for `path`, and what to do, as a part of a sentence."""
    cause = _cause(path, error) if isinstance(error, sqlite3.Error) else error
    if cause is None:
        return f"{error}; check the disk"
    if cause.errno == errno.ENOSPC:
        return "the disk is full; free some space"
    if cause.errno == errno.EDQUOT:
        return "your share of the disk is used up; free some space"
    if cause.errno == errno.EFBIG:
        limit = _size_limit()
        most = "no larger" if limit is None else f"no larger than {limit / 1e6:g} MB"
        return f"a file may be {most} here (ulimit -f, or the file system); raise that limit"
    return f"{cause.strerror or cause}; check the disk"


def _cause(path: Path, error: sqlite3.Error) -> OSError | None:
    """What the system said; SQLite calls most of it a disk error. Where it is not a limit on the
    size of files, a small file is written beside `path` to hear it."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if primary not in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return None
    limit = _size_limit()
    if limit is not None:
        sizes = [file.stat().st_size for file in (path, *companions(path)) if file.exists()]
        if max(sizes, default=0) + STEP_BYTES > limit:
            return OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    try:
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(os.urandom(STEP_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as refused:
        return refused
    return None


def _size_limit() -> int | None:
    """The most bytes that a file of this process may have; None where there is no limit."""
    if resource is None:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return None if soft == resource.RLIM_INFINITY else soft


def cannot_read(path: Path, error: OSError) -> InputError:
    """The sentence for a file that could not be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"There is no file {path}; check the name.")
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} is a folder; name a session file or an IMU table in it.")
    if isinstance(error, PermissionError):
        return InputError(f"{path} may not be read; ask its owner for permission.")
    return InputError(f"{path} could not be read: {error.strerror or error}.")


# The last second of two shoes, and the write-ahead log folded into the file.
RESERVE_BYTES = 3_000_000


class DiskReserve:
    """A context manager that holds space in `folder` until `release`, and no longer than it lives.

    Where there is not even that much, it holds nothing: recording will say so soon enough.
    """

    def __init__(self, folder: Path, size: int = RESERVE_BYTES) -> None:
        self._folder = folder
        self._size = size
        self._file = None

    def __enter__(self) -> Self:
        try:
            self._file = tempfile.TemporaryFile(dir=self._folder)
            # random, as some file systems give no space to zeros
            self._file.write(os.urandom(self._size))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            self.release()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> bool:
        """Give the space back; False where there was none any more."""
        if self._file is None:
            return False
        with suppress(OSError):  # closed all the same
            self._file.close()
        self._file = None
        return True
