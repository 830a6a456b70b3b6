"""A file under a recorder: whether its name still means it, and whether others may have the name.

A name can be moved, deleted or given to another file while a program goes on writing into what it
had opened. The writer therefore compares the file that it holds open with what now bears the
name, and every output of ours asks first whether a recorder has a file of that name open.
"""

import errno
import os
import zlib
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where an open file can be neither moved nor deleted
    fcntl = None

# The bytes in which SQLite's connections hold the lock of those that read; a recorder holds it
# from its first commit to its end.
SHARED_FIRST, SHARED_SIZE = 0x40000002, 510
HEAD_BYTES = 4096

# Device and number of the files that are being recorded by this process, to which its own locks
# say nothing.
_held_here: set[tuple[int, int]] = set()


def is_being_recorded(path: Path) -> bool:
    """Whether a recorder, of this program or another one, has the session file open right now."""
    try:
        found = path.stat()
    except OSError:
        return False
    if (found.st_dev, found.st_ino) in _held_here:
        return True
    # Never opened here without need: closing it would give up locks that this process has on it.
    if not path.with_name(path.name + "-wal").exists():
        return False
    return _is_locked(path)


def _is_locked(path: Path) -> bool:
    if fcntl is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EAGAIN)
    finally:
        os.close(descriptor)
    return False


class HeldFile:
    """Holds `path` open, which a database writes to, and compares it with what bears its name.

    Close it after the database: on POSIX closing it gives up the locks of this process.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = path.with_name(path.name + "-wal")
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        mine = os.fstat(self._descriptor)
        # Some network file systems number a file anew each time that they are asked.
        self._numbered = os.path.samestat(mine, path.stat())
        self._key = (mine.st_dev, mine.st_ino)
        _held_here.add(self._key)
        self._written: tuple[int, int] | None = None  # size and time of change
        self._head: int | None = None
        self._log_stat: os.stat_result | None = None

    def note(self) -> None:
        """It is now as it should be: the database has just written to it."""
        mine = os.fstat(self._descriptor)
        if (mine.st_size, mine.st_mtime_ns) != self._written:
            self._written = (mine.st_size, mine.st_mtime_ns)
            self._head = self._read_head()
        if self._log_stat is None:
            self._log_stat = _stat(self._log)

    def folded(self) -> None:
        """The write-ahead log was folded into it, and is gone for good."""
        self._log_stat = None
        self.note()

    def trouble(self) -> str:
        """What has become of it since `note`, "" where nothing has."""
        found = _stat(self.path)
        if found is None:
            return "was moved or deleted"
        mine = os.fstat(self._descriptor)
        if self._numbered and not os.path.samestat(found, mine):
            return "was replaced by another file"
        # a changed time alone says little: a file system may set it late
        changed = (mine.st_size, mine.st_mtime_ns) != self._written
        if changed and self._read_head() != self._head:
            return "was written to by another program"
        if self._log_stat is not None:
            log = _stat(self._log)
            same = log is not None and os.path.samestat(log, self._log_stat)
            if log is None or (self._numbered and not same):
                return "lost the -wal file beside it"
        return ""

    def abandon(self) -> None:
        """Before the database is closed, whose file is no longer ours: what it would fold into
        whatever is there now is emptied, and does not stay beside it."""
        log = _stat(self._log)
        if self._log_stat is None or log is None or not os.path.samestat(log, self._log_stat):
            return
        try:
            os.truncate(self._log, 0)
            self._log.unlink()
            self.path.with_name(self.path.name + "-shm").unlink(missing_ok=True)
        except OSError:
            return  # only tidying up

    def close(self) -> None:
        _held_here.discard(self._key)
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read_head(self) -> int:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return zlib.crc32(os.read(self._descriptor, HEAD_BYTES))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
