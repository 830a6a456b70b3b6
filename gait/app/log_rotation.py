"""The log beside a recorder that nobody watches: few files that do not grow, so that a failure on a
small computer leaves a trace.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from gait.app.logging import ROOT, add_handler

NAME = ".gait-record.log"
MOST_BYTES = 1_000_000  # of one file
OLDER = 2  # files beside it


@contextmanager
def log_beside(folder: Path, level: int = logging.INFO) -> Iterator[None]:
    """Lines of everything inside go into a file in this folder, for its owner only.

    A folder that takes none, now or later, stops nothing.
    """
    try:
        handler = _PrivateFile(folder / NAME, maxBytes=MOST_BYTES, backupCount=OLDER)
    except OSError:
        yield
        return
    add_handler(handler, level)
    try:
        yield
    finally:
        logging.getLogger(ROOT).removeHandler(handler)
        handler.close()


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        private = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return os.fdopen(private, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A disk that takes no more ends the log and not the recording."""
        del record
