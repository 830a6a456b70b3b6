"""`checkup.yaml` → the questions of a checkup. A wrong edit fails with the line and a sentence.

Whatever shows them (a terminal, a page) renders the same data; `gait.risk.checkup` is their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args, get_origin

from gait.risk.evidence_checks import check_braces
from gait.risk.evidence_reader import load_evidence
from gait.risk.evidence_table import EvidenceTable
from gait.risk.profile import SelfTestResult
from gait.risk.profile_fields import field_type
from gait.risk.wording import banned_words
from gait.risk.yaml_nodes import YamlNode, parse

FILE = "gait/risk/checkup.yaml"

Kind = Literal["yes_no", "choice", "several", "checklist", "number", "text", "log"]
Path = tuple[str, ...]

WORDS: dict[str, tuple[str, ...]] = {
    "thanks": ("answered", "asked"),
    "order": ("places",),
    "unanswered": ("count",),
    **dict.fromkeys(("no_flag", "stopped", "counts", "alone", "not_again"), ()),
}
_LISTS = ("pain", "history.injuries")
# What a kind of question must have, and may have, beside key, kind, text and help.
_NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "yes_no": (("to",), ()),
    "choice": (("to",), ("choices", "of", "sides", "spots")),
    "several": (("to", "entry", "of", "none"), ("other",)),
    "checklist": ((), ("flags", "items", "signs")),
    "number": (("to", "low", "high"), ("unit", "units")),
    "text": (("to",), ()),
    "log": (("to",), ()),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands in the data.

    to      : the answer's path in a profile; empty for a checklist, whose items have their own
    items   : what can be chosen, by key: words of a choice, paths (a.b.c) of a checklist
    each    : the list for whose every entry it is asked
    sides   : asked for the left and the right
    unless  : asked only while this path is not answered
    entry   : of `several`, the field of an entry that holds what was chosen
    other   : of `several`, the words for an entry that is none of the items
    units   : further units of a number, each with its size in `unit`
    signs   : a checklist of the signs of the conditions of the place that hurts
    spots   : a choice of the spots of the place that hurts
    """

    key: str
    section: str
    kind: Kind
    text: str
    help: str
    to: Path = ()
    items: Mapping[str, str] | None = None
    each: Path = ()
    sides: bool = False
    unless: Path = ()
    entry: str = ""
    none: str = ""
    other: str = ""
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    units: Mapping[str, float] | None = None
    signs: bool = False
    spots: bool = False
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lead: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All of `checkup.yaml`, checked against the evidence table and the profile."""

    version: str
    words: Mapping[str, str]
    sections: tuple[Section, ...]

    @property
    def questions(self) -> list[Asked]:
        return [question for section in self.sections for question in section.questions]


@cache
def load_questions() -> Questionnaire:
    """The package's own questions, read once."""
    text = files("gait.risk").joinpath("checkup.yaml").read_text(encoding="utf-8")
    return parse_questions(text, load_evidence())


def parse_questions(text: str, table: EvidenceTable, file: str = FILE) -> Questionnaire:
    """Questions from a text. Raises InputError with the line of what is wrong."""
    document = parse(text, file)
    for part in document.texts():
        for words in banned_words(part.text()):
            raise part.error(f"“{words}” must not be said to a runner")
    f = document.fields(("version", "words", "sections"))
    found = f["words"].fields(WORDS)
    for key, node in found.items():
        check_braces(node, dict.fromkeys(WORDS[key], "x"))
    reader = _Reader(table)
    questionnaire = Questionnaire(
        version=f["version"].text(),
        words={key: node.text() for key, node in found.items()},
        sections=tuple(reader.section(node) for node in f["sections"].items()),
    )
    _check_flags(questionnaire, table, f["sections"])
    return questionnaire


class _Reader:
    """Reads question by question; `unless` may only look back."""

    def __init__(self, table: EvidenceTable) -> None:
        self._table = table
        self._keys: set[str] = set()
        self._answered: set[Path] = set()

    def section(self, node: YamlNode) -> Section:
        f = node.fields(("title", "lead", "questions"))
        title = f["title"].text()
        questions = tuple(self._question(q, title) for q in f["questions"].items())
        return Section(title, f["lead"].text(), questions)

    def _question(self, node: YamlNode, section: str) -> Asked:
        kind = node.mapping().get("kind")
        if kind is None:
            raise node.error("kind is missing")
        needed, more = _NEEDS[kind.one_of(get_args(Kind))]
        f = node.fields(
            ("key", "kind", "text", "help", *needed), ("each", "unless", "lasting", *more)
        )
        asked = Asked(
            key=f["key"].text(),
            section=section,
            kind=cast(Kind, kind.text()),
            text=f["text"].text(),
            help=f["help"].text(),
            to=_path(f.get("to")),
            items=self._items(f),
            each=_path(f.get("each")),
            sides="sides" in f and f["sides"].flag(),
            unless=_path(f.get("unless")),
            entry=f["entry"].text() if "entry" in f else "",
            none=f["none"].text() if "none" in f else "",
            other=f["other"].text() if "other" in f else "",
            low=f["low"].number() if "low" in f else 0.0,
            high=f["high"].number() if "high" in f else 0.0,
            unit=f["unit"].text() if "unit" in f else "",
            units={k: v.number() for k, v in f["units"].mapping().items()} if "units" in f else {},
            signs="signs" in f and f["signs"].flag(),
            spots="spots" in f and f["spots"].flag(),
            lasting="lasting" in f and f["lasting"].flag(),
        )
        self._check(node, asked)
        return asked

    def _items(self, f: Mapping[str, YamlNode]) -> Mapping[str, str] | None:
        given = [name for name in ("choices", "of", "items", "flags") if name in f]
        if "flags" in f:
            keys = [node.one_of(self._table.red_flags) for node in f["flags"].items()]
            return {f"red_flags.{key}": self._table.red_flags[key].question for key in keys}
        if "of" in f:
            table = self._table
            return {
                "locations": {key: place.name for key, place in table.locations.items()},
                "conditions": {k: c.name for k, c in table.conditions.items() if not c.overall},
            }[f["of"].one_of(("locations", "conditions"))]
        return {k: v.text() for k, v in f[given[0]].mapping().items()} if given else None

    def _check(self, node: YamlNode, asked: Asked) -> None:
        """It has a key and items of its own, fits the profile's fields and looks back only."""
        if asked.key in self._keys:
            raise node.error(f"{asked.key} is a question already")
        self._keys.add(asked.key)
        if asked.each and ".".join(asked.each) not in _LISTS:
            raise node.error(f"{'.'.join(asked.each)} is no list of a profile")
        if asked.unless and asked.unless not in self._answered:
            raise node.error(f"{'.'.join(asked.unless)} is not asked before this")
        chosen_from = asked.kind in ("choice", "several", "checklist")
        if chosen_from and not (asked.items or asked.signs or asked.spots):
            raise node.error(f"{asked.key} needs something to choose from")
        if not asked.low <= asked.high:
            raise node.error("low must not be above high")
        paths = [tuple(path.split(".")) for path in asked.items or ()]
        for path in paths if asked.kind == "checklist" else [asked.to] if asked.to else []:
            self._check_field(node, asked, path)
            self._answered |= {path, (*path, asked.entry)} if asked.entry else {path}

    def _check_field(self, node: YamlNode, asked: Asked, path: Path) -> None:
        if path[: len(asked.each)] != asked.each:
            raise node.error(f"{'.'.join(path)} is no field of {'.'.join(asked.each)}")
        try:
            field = field_type(path)
            if asked.entry:
                field = field_type((*path, asked.entry))
        except KeyError as error:
            raise node.error(f"{'.'.join(path)} is no field of a profile") from error
        if not _fits(asked, field, self._table):
            raise node.error(f"the field {'.'.join(path)} does not take these answers")


def _path(node: YamlNode | None) -> Path:
    return () if node is None else tuple(node.text().split("."))


def _fits(asked: Asked, field: Any, table: EvidenceTable) -> bool:
    """Whether a field takes what the question gives, neither more nor less."""
    if asked.sides or field is SelfTestResult:
        test = table.self_tests.get(asked.to[-1])
        return bool(asked.sides and test and tuple(asked.items or ()) == test.results)
    if get_origin(field) is Literal:
        return asked.kind == "choice" and tuple(asked.items or ()) == get_args(field)
    kinds = {bool: ("yes_no", "checklist"), float: ("number",), str: ("choice", "text", "several")}
    return asked.kind in kinds.get(field, ("log",))


def _check_flags(questionnaire: Questionnaire, table: EvidenceTable, node: YamlNode) -> None:
    """Every red flag is asked once, before anything else."""
    asked = [
        path.removeprefix("red_flags.")
        for question in questionnaire.questions
        for path in question.items or ()
        if path.startswith("red_flags.")
    ]
    for key, flag in table.red_flags.items():
        if flag.asked_as and key in asked:
            raise node.error(f"instead of {key}, {' and '.join(flag.asked_as)} must be asked")
        if not flag.asked_as and asked.count(key) != 1:
            raise node.error(f"the red flag {key} must be asked once")
    first = questionnaire.sections[0].questions
    if sum(len(question.items or ()) for question in first) != len(asked):
        raise node.error("the first section must be that of the red flags")
