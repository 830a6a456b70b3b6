"""YAML that knows its lines, so that a wrong edit of a data file is named where it stands."""

import difflib
import logging
import math
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, cast

import yaml

from gait.model import InputError
from gait.model.errors import reason_of, told_as
from gait.model.limits import NESTING, NUMBER_CHARACTERS

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {
    _TAG + name for name in ("null", "bool", "int", "float", "timestamp", "str", "seq", "map")
}
_log = logging.getLogger(__name__)
_TRUE = frozenset({"true", "yes", "on"})


def did_you_mean(word: str, known: Collection[str]) -> str:
    """` (did you mean …?)`, or what is known where nothing is near."""
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.6)
    near = near or [name for name in known if len(word) > 3 and word in name][:2]
    if near:
        return f" (did you mean {' or '.join(near)}?)"
    return f" (known: {', '.join(known)})"


class YamlNode:
    """A value of a YAML text with its line. Every wrong type is an InputError with that line."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self._node = node
        self._file = file

    @property
    def line(self) -> int:
        return self._node.start_mark.line + 1

    def error(self, message: str) -> InputError:
        return InputError(f"{self._file} line {self.line}: {message}.")

    def mapping(self) -> dict[str, "YamlNode"]:
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error("names with values are expected here")
        found: dict[str, YamlNode] = {}
        for key_node, value_node in self._node.value:
            key = YamlNode(key_node, self._file)
            if key.text() in found:
                raise key.error(f"{key.text()} stands here twice")
            found[key.text()] = YamlNode(value_node, self._file)
        return found

    def fields(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, "YamlNode"]:
        """The mapping, with exactly these names."""
        found = self.mapping()
        for name, value in found.items():
            if name not in required and name not in optional:
                near = did_you_mean(name, [*required, *optional])
                raise value.error(f"{name} is not known here{near}")
        for name in required:
            if name not in found:
                raise self.error(f"{name} is missing")
        return found

    def items(self) -> list["YamlNode"]:
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error("a list is expected here")
        return [YamlNode(node, self._file) for node in self._node.value]

    @property
    def is_text(self) -> bool:
        return isinstance(self._node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self._node, yaml.SequenceNode)

    @property
    def is_flag(self) -> bool:
        return self._node.tag == _TAG + "bool"

    def raw(self) -> str:
        """A text with the spaces around it."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value:
            raise self.error("a text is expected here")
        return str(self._node.value)

    def text(self) -> str:
        return self.raw().strip()

    def number(self) -> float:
        """A finite number, written with decimals."""
        if self._node.tag in (_TAG + "float", _TAG + "int"):
            with suppress(ValueError):
                value = float(self._node.value)
                if math.isfinite(value):
                    return value
        raise self.error("a number is expected here")

    def flag(self) -> bool:
        if not self.is_flag:
            raise self.error("true or false is expected here")
        return str(self._node.value).lower() in _TRUE

    def one_of(self, known: Collection[str]) -> str:
        word = self.text()
        if word not in known:
            raise self.error(f"{word} is not known{did_you_mean(word, known)}")
        return word

    def names(self, known: Collection[str]) -> tuple[str, ...]:
        """A list of known names, each once."""
        found: list[str] = []
        for item in self.items():
            if item.one_of(known) in found:
                raise item.error(f"{item.text()} stands here twice")
            found.append(item.text())
        return tuple(found)

    def texts(self) -> Iterator["YamlNode"]:
        """Every text and number below, names included."""
        if isinstance(self._node, yaml.MappingNode):
            for pair in self._node.value:
                for node in pair:
                    yield from YamlNode(node, self._file).texts()
        elif isinstance(self._node, yaml.SequenceNode):
            for node in self._node.value:
                yield from YamlNode(node, self._file).texts()
        else:
            yield self


def parse(text: str, file: str) -> YamlNode:
    """The document in a YAML text; `file` is how errors name it."""
    node = _composed(text, file)
    if node is None:
        raise InputError(f"{file} is empty.")
    return YamlNode(node, file)


def yaml_data(text: str, file: str) -> Any:
    """The values of a YAML text: names, lists, texts, numbers, flags and dates; None where empty.

    Raises InputError as `parse` does, also for a value that is not what its tag says.
    """
    node = _composed(text, file)
    if node is None:
        return None
    with told_as(lambda reason: InputError(f"{file} is not readable as YAML ({reason})."), _log):
        constructor: Any = yaml.constructor.SafeConstructor()
        return constructor.construct_document(node)


def _composed(text: str, file: str) -> yaml.Node | None:
    """The nodes of the one document, which are as many as it has characters or fewer.

    Raises InputError, with the line, where it is no YAML, or has what no file of ours needs: an
    alias, by which a few lines become millions, other tags than those of plain values, or nesting
    that nobody writes.
    """
    try:
        node: yaml.Node | None = cast(Any, yaml).compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{file} line {line}: not readable as YAML ({error.problem}).") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{file} is not readable as YAML ({reason_of(error)}).") from error
    if node is not None:
        _check_plain(node, file)
    return node


def _check_plain(root: yaml.Node, file: str) -> None:
    seen: set[int] = set()
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        here = YamlNode(node, file)
        if id(node) in seen:
            raise InputError(
                f"{file} has the alias of a part (* and the name of an anchor, in line "
                f"{here.line}); write that part out again."
            )
        seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            raise here.error(f"the tag {node.tag[:NUMBER_CHARACTERS]} is not known here")
        if depth > NESTING:
            raise here.error(f"nested more than {NESTING} deep")
        if isinstance(node, yaml.ScalarNode):
            if node.tag != _TAG + "str" and len(node.value) > NUMBER_CHARACTERS:
                raise here.error("a number or date as long as this is not known here")
        elif isinstance(node, yaml.MappingNode):
            waiting += [(part, depth + 1) for pair in node.value for part in pair]
        else:
            waiting += [(part, depth + 1) for part in node.value]
