"""What a runner told, asked of the profile's data: a yes, one of several words, more than a number.

The data are a profile as plain names and values; a list (places of pain) is asked item by item.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Told:
    """Holds where the answer at `path` is one of `equals`, or more than `above`."""

    path: tuple[str, ...]
    equals: tuple[str | bool, ...] = (True,)
    above: float | None = None

    def holds(self, value: Any) -> bool:
        """Never for what was not answered."""
        if value is None:
            return False
        if self.above is not None:
            return float(value) > self.above
        return any(
            value is word if isinstance(word, bool) else value == word for word in self.equals
        )


def sides_told(told: Told, data: Mapping[str, Any]) -> list[str | None]:
    """The sides for which it holds (left, right, both; None where no side is known), each once.

    Empty where it does not hold anywhere.
    """
    found = [side for side, value in _answers(data, told.path, None) if told.holds(value)]
    return list(dict.fromkeys(found))


def _answers(
    data: Any, path: tuple[str, ...], side: str | None
) -> Iterator[tuple[str | None, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _answers(item, path, side)
    elif not isinstance(data, Mapping):
        if not path:
            yield side, data
    elif path:
        yield from _answers(data.get(path[0]), path[1:], data.get("side", side))
    else:  # a self-test: an answer a side
        yield from ((each, data.get(each)) for each in SIDES)
