"""Errors a person reads: one sentence that says what is wrong and what to do."""

import unicodedata

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
