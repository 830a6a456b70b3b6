"""Errors a person reads: one sentence that says what is wrong and what to do.

The edge where files of others come in: whatever goes wrong there becomes one sentence.
"""

import logging
import unicodedata
from collections.abc import Callable, Generator
from contextlib import contextmanager

_STEERS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, halves of letters, new lines


class GaitError(Exception):
    """Something failed; the command ends with exit code 1 and prints the sentence.

    What a sentence quotes of a file or a sensor may hold anything: nothing in it breaks its line or
    steers a terminal.
    """

    exit_code = 1

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            "".join("?" if unicodedata.category(c) in _STEERS else c for c in sentence)
        )


class InputError(GaitError):
    """A file or a stream is not what it should be."""


class UsageError(GaitError):
    """The command was asked for something that cannot be; exit code 2."""

    exit_code = 2


LARGEST_REASON = 120  # characters of a library's own message


@contextmanager
def told_as(
    sentence: Callable[[str], GaitError], log: logging.Logger, *passed: type[Exception]
) -> Generator[None]:
    """Turn any error inside into the one `sentence` makes of a short reason, and log its place.

    Readers, ours and of libraries, are given what strangers wrote, and no list of the errors that
    come of it was ever complete. Errors of ours and those `passed` go on as they are. The log has
    the kind and the line of code, never a value of the file.
    """
    try:
        yield
    except (GaitError, *passed):
        raise
    except MemoryError as error:
        log.info("out of memory at %s", _place(error))
        raise sentence("it needs more memory than there is") from error
    except Exception as error:
        log.info("%s at %s", type(error).__name__, _place(error))
        raise sentence(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """The error's own message, short and on one line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = " ".join(str(error).split())
    printable = "".join(c if c.isprintable() else "?" for c in text)
    return printable[:LARGEST_REASON].rstrip(" .") or type(error).__name__


def _place(error: Exception) -> str:
    """Module and line where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
