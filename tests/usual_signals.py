"""Signals as they are at a terminal, however the tests themselves were started.

What a program ignores its children ignore too: started with `nohup` the tests ignore SIGHUP, and
started in the background of a script SIGINT. A program that is told to end by one of them would
then go on for ever. `listen` puts this right in a child, `heard` in this process for a while.
"""

import contextlib
import signal
from collections.abc import Iterator

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def listen() -> None:
    """Ignore none of the signals that end a program; for `preexec_fn`, or after a fork."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)


@contextlib.contextmanager
def heard(number: signal.Signals) -> Iterator[None]:
    """Do not ignore this signal while the block runs."""
    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        usual = signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL
        signal.signal(number, usual)
    try:
        yield
    finally:
        signal.signal(number, before)
