"""Errors a person reads: one sentence that says what is wrong and what to do."""


class GaitError(Exception):
    """Something failed; the command ends with exit code 1 and prints the sentence."""

    exit_code = 1


class InputError(GaitError):
    """A file or a stream is not what it should be."""


class UsageError(GaitError):
    """The command was asked for something that cannot be; exit code 2."""

    exit_code = 2
