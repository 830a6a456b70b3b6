"""Which questions a runner is asked, given what was answered: places of pain and sides expand them.

Answers are a profile's names and values (`gait.risk.profile`), so that they are one: what is not
answered is not there.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from gait.risk.evidence_table import EvidenceTable
from gait.risk.profile import SIDES
from gait.risk.questions import Asked, Path, Questionnaire
from gait.risk.signs import mapped

Answers = dict[str, Any]
At = tuple[str | int, ...]  # a path into answers, with places in lists

OTHER = "other"  # what stands for an entry that is none of the items


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose; `at` is where a checklist keeps its yes or no."""

    key: str
    text: str
    at: At = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A question as it is asked now; `about` is the place or the side it is about."""

    asked: Asked
    at: At
    about: str = ""
    items: tuple[Item, ...] = ()

    def value(self, answers: Answers) -> Any:
        """What is answered: of a checklist a dict by item, of `several` a list; None: nothing."""
        if self.asked.kind == "checklist":
            found = {item.key: look_up(answers, item.at) for item in self.items}
            return {key: value for key, value in found.items() if value is not None} or None
        value = look_up(answers, self.at)
        if self.asked.kind == "several" and value is not None:
            return [entry.get(self.asked.entry) or OTHER for entry in cast(list[Answers], value)]
        return value

    def put(self, answers: Answers, value: Any) -> None:
        """Keep a value (None: not answered any more) in place of what was answered."""
        if self.asked.kind == "checklist":
            for item in self.items:
                keep(answers, item.at, cast(Answers, value or {}).get(item.key))
        elif self.asked.kind == "several" and value is not None:
            keep(answers, self.at, self._entries(look_up(answers, self.at) or [], value))
        else:
            keep(answers, self.at, value)

    def _entries(self, before: list[Answers], chosen: list[str]) -> list[Answers]:
        """The entries of what was chosen; those that were there keep what they hold."""
        entry = self.asked.entry
        kept = [e for e in before if (e.get(entry) or OTHER) in chosen]
        there = {e.get(entry) or OTHER for e in kept}
        new = [key for key in dict.fromkeys(chosen) if key not in there]
        return kept + [{} if key == OTHER else {entry: key} for key in new]


def steps_of(
    questionnaire: Questionnaire,
    table: EvidenceTable,
    answers: Answers,
    known: Collection[Path] = (),
) -> list[Step]:
    """Every question that applies now, in order. `known` is answered elsewhere and not asked."""
    asked_here = [asked for asked in questionnaire.questions if asked.to not in known]
    return [
        step
        for each, together in groupby(asked_here, key=lambda asked: asked.each)
        for step in _of_entries(each, list(together), table, answers, known)
    ]


def _of_entries(
    each: Path,
    together: list[Asked],
    table: EvidenceTable,
    answers: Answers,
    known: Collection[Path],
) -> Iterator[Step]:
    """Questions of the same list, entry by entry."""
    entries: list[tuple[At, Answers]] = [
        ((*each, n), entry) for n, entry in enumerate(look_up(answers, each) or ())
    ]
    for place, entry in entries if each else [((), {})]:
        for asked in together:
            unless = (*place, *asked.unless[len(each) :])
            gone = asked.unless in known or look_up(answers, unless) is not None
            if not (asked.unless and gone):
                yield from _steps(asked, place, entry, table)


def _steps(asked: Asked, place: At, entry: Answers, table: EvidenceTable) -> Iterator[Step]:
    at = (*place, *asked.to[len(asked.each) :])
    items = _items(asked, place, entry, table)
    if asked.sides:
        yield from (Step(asked, (*at, side), side, items) for side in SIDES)
    elif items or not (asked.signs or asked.spots):
        yield Step(asked, at, _about(entry, table) if asked.each else "", items)


def _items(asked: Asked, place: At, entry: Answers, table: EvidenceTable) -> tuple[Item, ...]:
    if asked.signs:
        causes = mapped(entry["where"], table)
        keys = {
            s
            for cause in causes
            if cause in table.conditions
            for s in table.conditions[cause].signs
        }
        signs = [table.signs[key] for key in table.signs if key in keys]
        return tuple(
            Item(sign.key, sign.asks, (*place, *sign.told.path[len(asked.each) :]))
            for sign in signs
            if sign.asks
        )
    if asked.spots:
        spots = table.locations[entry["where"]].spots
        return tuple(Item(key, spot.name) for key, spot in spots.items())
    found = [Item(key, text) for key, text in (asked.items or {}).items()]
    if asked.kind == "checklist":
        paths = [tuple(item.key.split(".")) for item in found]
        found = [
            Item(item.key, item.text, (*place, *path[len(asked.each) :]))
            for item, path in zip(found, paths, strict=True)
        ]
    return (*found, Item(OTHER, asked.other)) if asked.other else tuple(found)


def _about(entry: Answers, table: EvidenceTable) -> str:
    """The name of an entry, with its side once that is known."""
    if "condition" in entry:
        name = table.conditions[entry["condition"]].name
    elif "where" in entry:
        name = table.locations[entry["where"]].name
    else:
        name = "The other injury"
    return f"{name}, {entry['side']}" if "side" in entry else name


def look_up(answers: Any, at: At | Path) -> Any:
    """The value at a path, None where there is none."""
    for name in at:
        if isinstance(answers, Mapping):
            answers = cast(Mapping[Any, Any], answers).get(name)
        elif isinstance(answers, list) and isinstance(name, int):
            answers = cast(list[Any], answers)[name]
        else:
            return None
    return answers


def keep(answers: Answers, at: At, value: Any) -> None:
    """Set the value at a path; with None it is removed, and the names that are empty then."""
    name, *rest = at
    here: Any = answers
    if not rest:
        if value is None:
            here.pop(name, None)
        else:
            here[name] = value
        return
    named = isinstance(here, dict)  # else a list of entries
    if named and name not in here:
        if value is None:
            return
        here[name] = {}
    inner = cast(Any, here)[name]
    keep(inner, tuple(rest), value)
    if named and inner == {}:
        del here[name]
