"""The fields of a runner's profile, by path, for the data files that name them."""

import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from gait.risk.evidence_table import SelfTest
from gait.risk.profile import AnswerPredicate, RunnerProfile, SelfTestResult
from gait.risk.yaml_nodes import YamlNode


def field_type(path: tuple[str, ...]) -> Any:
    """The type of the field at a path such as (pain, level): of one item where it is a list.

    Raises KeyError for a path that a profile does not have.
    """
    found: Any = RunnerProfile
    for name in path:
        found = _fields(_one(found), name)
    return _one(found)


def check_told(node: YamlNode, told: AnswerPredicate, tests: Mapping[str, SelfTest]) -> None:
    """What is asked of the profile is there to be asked, and can be answered so."""
    said = ".".join(told.path)
    try:
        kind = field_type(told.path)
    except KeyError as error:
        raise node.error(f"{said} is no answer in a profile") from error
    if kind is SelfTestResult:
        known: tuple[str | bool, ...] = (
            tests[told.path[-1]].results if told.path[-1] in tests else ()
        )
    elif get_origin(kind) is Literal:
        known = get_args(kind)
    else:
        known = (True, False) if kind is bool else ()
    if told.above is not None:
        if kind is not float:
            raise node.error(f"{said} is no number")
    elif not set(told.equals) <= set(known):
        raise node.error(f"{said} is never {' or '.join(map(str, told.equals))}")


def _fields(kind: Any, name: str) -> Any:
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return get_type_hints(kind)[name]
    raise KeyError(name)


def _one(kind: Any) -> Any:
    """Without None, and the item of a list."""
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (t for t in get_args(kind) if t is not types.NoneType)
    return get_args(kind)[0] if get_origin(kind) is list else kind
