"""What the program does, in lines for who looks for a fault: with `--verbose` on stderr, and beside
a recorder that nobody watches in a file.

Nothing of a person is in them: no name, no token, no path of a home folder, no value of a file.
Lines are written so; the formatter takes away what a library's message may bring along, and of an
error it keeps the kind and the lines of code, as its message may hold anything.

The log beside a recorder that nobody watches: few files that do not grow, so that a failure on a
small computer leaves a trace.
"""

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from gait.model import GaitError

ROOT = "gait"
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_TOKEN = re.compile(r"(token[=:]\s*)\S+", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\][^\s'\"<>|:,;()]+")
_ADDRESS = re.compile(r"\b(?:[0-9A-F]{2}[:_-]){5}([0-9A-F]{2})\b", re.IGNORECASE)


class PlainFormatter(logging.Formatter):
    """Of a path only how it ends, of a Bluetooth address only its last two digits."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        line = _TOKEN.sub(r"\1…", line)
        line = _ADDRESS.sub(r"…\1", line)
        return _PATH.sub(_ending, line)

    def formatException(  # noqa: N802 - the name that logging gives it
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        return f"  {kind.__name__}{_number(error)} at {' < '.join(reversed(_places(trace)))}"


def _ending(path: re.Match[str]) -> str:
    suffix = Path(path[0].replace("\\", "/")).suffix
    return f"…{suffix}" if len(suffix) <= 8 else "…"


def _number(error: BaseException) -> str:
    """What the system calls it; that says nothing of anybody."""
    return f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places


def log_to_stderr(level: int = logging.DEBUG) -> None:
    """What we do; libraries may say names and are not listened to."""
    add_handler(logging.StreamHandler(sys.stderr), level)


def add_handler(handler: logging.Handler, level: int) -> None:
    """One more place for lines of that level and above."""
    handler.setFormatter(PlainFormatter(FORM))
    handler.setLevel(level)
    ours = logging.getLogger(ROOT)
    ours.addHandler(handler)
    if ours.level == logging.NOTSET or ours.level > level:
        ours.setLevel(level)


def said_of(error: Exception) -> str:
    """The sentence for an error that nobody foresaw; the log has where it was."""
    if isinstance(error, GaitError):
        return str(error)
    return (
        f"Something went wrong that was not foreseen ({type(error).__name__}); what was saved "
        "before is safe. `gait --verbose …` shows where it was, for a report."
    )


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
