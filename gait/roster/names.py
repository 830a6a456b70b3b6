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


def folded(name: str) -> str:
    """As `key`, without accents: plain letters find a name that has them."""
    apart = unicodedata.normalize("NFKD", key(name).translate(_NO_ACCENT))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


# Letters that Unicode does not take apart into a plain one and a mark.
_NO_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)


def not_found(what: str, name: str, known: Iterable[str]) -> UsageError:
    """The sentence for a name that is not there, with those that come close."""
    by_key = {folded(one): one for one in known}
    wanted = folded(name)
    near = [one for k, one in by_key.items() if wanted and wanted in k][:3]
    near = near or [by_key[k] for k in difflib.get_close_matches(wanted, by_key, n=3)]
    if near:
        return UsageError(f"There is no {what} called {name!r}; did you mean {' or '.join(near)}?")
    if not by_key:
        return UsageError(f"There is no {what} called {name!r}; there is none at all yet.")
    return UsageError(f"There is no {what} called {name!r}; look for the name in the list.")
