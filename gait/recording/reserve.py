"""Space kept back while recording, so that a full disk still takes the end of the session."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

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
