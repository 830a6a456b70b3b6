"""Names of people, shoes and groups: kept as they were written, found whatever the case."""

import difflib
import unicodedata
from collections.abc import Iterable

from gait.model import UsageError

LONGEST = 200


def tidy(name: str, what: str) -> str:
    """`name` with single spaces. Raises UsageError for one that is empty or cannot be shown."""
    tidied = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidied:
        raise UsageError(f"The name of {what} is empty; say one.")
    if len(tidied) > LONGEST or not tidied.isprintable():
        raise UsageError(f"The name of {what} must be one line of at most {LONGEST} characters.")
    return tidied


def key(name: str) -> str:
    """What two names have in common that are the same name."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def not_found(what: str, name: str, known: Iterable[str]) -> UsageError:
    """The sentence for a name that is not there, with those that come close."""
    by_key = {key(one): one for one in known}
    wanted = key(name)
    near = [one for k, one in by_key.items() if wanted and wanted in k][:3]
    near = near or [by_key[k] for k in difflib.get_close_matches(wanted, by_key, n=3)]
    if near:
        return UsageError(f"There is no {what} called {name!r}; did you mean {' or '.join(near)}?")
    if not by_key:
        return UsageError(f"There is no {what} called {name!r}; there is none at all yet.")
    return UsageError(f"There is no {what} called {name!r}; look for the name in the list.")
