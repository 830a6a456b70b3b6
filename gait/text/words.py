"""The words of what people read, in the language that is chosen: `words.NAME` of its file.

The files are in `gait.text.languages`; English is the one that is complete by definition.
"""

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from types import ModuleType
from typing import Any

from gait.model import UsageError
from gait.text import languages
from gait.text.languages import en

# The feet as data; `SIDE` has the words for them.
FEET = LEFT, RIGHT = "left", "right"
BOTH = "both"

_chosen: ContextVar[ModuleType] = ContextVar("language", default=en)


def known_languages() -> list[str]:
    """The codes of the languages there is a file for."""
    return sorted(module.name for module in pkgutil.iter_modules(languages.__path__))


def language_file(code: str) -> ModuleType:
    """The words of a language. Raises UsageError where there is no file of it."""
    known = known_languages()
    if code not in known:
        raise UsageError(f"There is no language {code} here; there is {', '.join(known)}.")
    return import_module(f"{languages.__name__}.{code}")


@contextmanager
def in_language(file: ModuleType) -> Iterator[None]:
    """Everything inside is said in the words of that file."""
    before = _chosen.set(file)
    try:
        yield
    finally:
        _chosen.reset(before)


def measure_label(name: str, english: str) -> str:
    """A measure by its name in the tables, in the language that is chosen."""
    return _chosen.get().LABELS.get(name, english)


def __getattr__(name: str) -> Any:
    return getattr(_chosen.get(), name)
