"""A profile from the text of a file, or from answers; what is wrong is said in one sentence."""

import json
import logging
import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from gait.model import Body, InputError, UsageError
from gait.model.errors import told_as
from gait.model.limits import NESTING, PROFILE_BYTES, PROFILE_LINE, check_most
from gait.risk.evidence_reader import load_evidence
from gait.risk.evidence_table import EvidenceTable, SelfTest
from gait.risk.profile import (
    Changes,
    History,
    Injury,
    Pain,
    RunnerProfile,
    SelfTestResult,
    Shoes,
    ThisSession,
    TrainingInShort,
    TrainingSession,
    only_said,
)
from gait.risk.yaml_nodes import did_you_mean, yaml_data

_log = logging.getLogger(__name__)
MOST_SHOWN = 60  # characters of what somebody wrote
FORMATS = ("yaml", "yml", "toml", "json")


def parse_profile(text: str, format: str, table: EvidenceTable | None = None) -> RunnerProfile:
    """A profile from its text.

    format : yaml, yml, toml or json
    table  : where the names of conditions, places and red flags come from; the package's own

    Raises UsageError for another format and InputError, in one sentence, for what is wrong.
    """
    if format not in FORMATS:
        named = f"ends in .{format}" if format else "has no ending"
        raise UsageError(f"The profile {named}; write it as .yaml, .toml or .json.")
    return profile_of(_data(text, format), table)


def profile_of(data: Mapping[str, Any], table: EvidenceTable | None = None) -> RunnerProfile:
    """A profile from its names and values, such as the answers of a checkup.

    Dates may be texts (2026-05-17). Raises InputError as `parse_profile` does.
    """
    _check_nesting(data)
    _check_names(data)
    with told_as(lambda reason: InputError(f"Profile: {_plain(reason)}."), _log):
        profile = msgspec.convert(only_said(data), RunnerProfile)
    _check_numbers(profile)
    return _known_words(profile, table or load_evidence())


def _data(text: str, format: str) -> dict[str, Any]:
    named = "YAML" if format == "yml" else format.upper()
    check_most(len(text), PROFILE_BYTES, "characters", "The profile")
    if format != "json":
        longest = max(map(len, text.splitlines()), default=0)
        check_most(longest, PROFILE_LINE, "characters in one line", "The profile")
    with told_as(
        lambda reason: InputError(f"The profile is not readable as {named}: {reason}."), _log
    ):
        if format == "toml":
            data: Any = tomllib.loads(text)
        elif format == "json":
            data = json.loads(text)
        else:
            data = yaml_data(text, "The profile")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError("The profile must hold names with values, such as “shoes:”.")
    return cast(dict[str, Any], data)


def _check_nesting(data: Mapping[str, Any]) -> None:
    waiting: list[tuple[Any, int]] = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > NESTING:
            raise InputError(f"The profile is nested more than {NESTING} deep.")
        if isinstance(value, Mapping):
            waiting += [(part, depth + 1) for part in cast(Mapping[str, Any], value).values()]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in cast(list[Any], value)]


_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "": RunnerProfile,
    "body": Body,
    "session": ThisSession,
    "history": History,
    "history.injuries": Injury,
    "pain": Pain,
    "training": TrainingSession,
    "training_in_short": TrainingInShort,
    "shoes": Shoes,
    "changes": Changes,
    "self_tests.*": SelfTestResult,
}
_BY_KEY = "self_tests"  # its names are keys of the evidence table, checked with the other words


def _check_names(data: Any, path: str = "") -> None:
    """Every name must be known, so that a slip of the pen is not a silent “unknown”."""
    if isinstance(data, list):
        for item in cast(list[Any], data):
            _check_names(item, path)
    if not isinstance(data, Mapping):
        return
    named = cast(Mapping[Any, Any], data)
    if path == _BY_KEY:
        for value in named.values():
            _check_names(value, f"{path}.*")
    if path not in _SECTIONS:
        return
    known = _SECTIONS[path].__struct_fields__
    for name, value in named.items():
        if name not in known:
            section = f" under {path.removesuffix('.*')}" if path else ""
            raise InputError(
                f"Profile: {_short(name)} is not known{section}{did_you_mean(str(name), known)}."
            )
        _check_names(value, f"{path}.{name}".lstrip("."))


_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "bool": "yes or no",
    "str": "a text",
    "date": "a date such as 2026-05-17",
    "array": "a list",
    "datetime": "a date with a time",
    "object": "names with values",
}


def _plain(message: str) -> str:
    """A validation message in plain words: `$.body.height_m` → body.height_m."""
    said, _, path = message.partition(" - at `$")
    where = path.rstrip("`").replace("[...]", "").lstrip(".") or "the profile"
    expected = re.fullmatch(r"Expected `(.+)`, got `(.+)`", said)
    if expected:
        wanted = " or ".join(_TYPES.get(t, t) for t in expected[1].split(" | ") if t != "null")
        return f"{where} must be {wanted}, not {_TYPES.get(expected[2], expected[2])}"
    missing = re.fullmatch(r"Object missing required field `(.+)`", said)
    if missing:
        return f"{missing[1]} is missing in an entry of {where}"
    invalid = re.fullmatch(r"Invalid enum value (.+)", said)
    if invalid:
        return f"{invalid[1]} is not one of the words that {where} can be"
    if "RFC3339" in said:
        return f"{where} must be a date such as 2026-05-17"
    return f"{where}: {said[:1].lower()}{said[1:]}"


def _check_numbers(profile: RunnerProfile) -> None:
    """Numbers in another unit are the common slip: 178 for 1.78 m."""
    body = profile.body
    _within("body.height_m", body.height_m, 1.0, 2.5)
    _within("body.mass_kg", body.mass_kg, 20.0, 300.0)
    _within("body.age_years", body.age_years, 5.0, 110.0)
    _within("session.distance_km", profile.session.distance_km, 0.0, 500.0)
    _within("shoes.distance_km", profile.shoes.distance_km, 0.0, 20000.0)
    short = profile.training_in_short
    _within("training_in_short.longest_30_days_km", short.longest_30_days_km, 0.0, 500.0)
    _within("training_in_short.weekly_km", short.weekly_km, 0.0, 1000.0)
    dates = (profile.answered_on, profile.session.date)
    for date in (*dates, *(run.date for run in profile.training or [])):
        if date is not None:
            _within("the year of a date", date.year, 1970, 2200)
    for run in profile.training or []:
        _within("training.distance_km", run.distance_km, 0.0, 500.0)
    for pain in profile.pain or []:
        _within("pain.level", pain.level, 0.0, 10.0)
    for injury in profile.history.injuries or []:
        _within("history.injuries.months_ago", injury.months_ago, 0.0, 1200.0)


def _within(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise InputError(f"Profile: {name} is {value:g}; it must lie between {low:g} and {high:g}.")


def _known_words(profile: RunnerProfile, table: EvidenceTable) -> RunnerProfile:
    """Conditions, places, signs, self-tests and red flags by their keys; their names too."""
    conditions = {key: c.name for key, c in table.conditions.items() if not c.overall}
    places = {key: location.name for key, location in table.locations.items()}
    flags = dict.fromkeys(table.red_flags, "")
    tests = {key: test.name for key, test in table.self_tests.items()}
    injuries = profile.history.injuries
    if injuries is not None:
        injuries = [
            replace(
                injury,
                condition=_key("history.injuries.condition", injury.condition, conditions),
                where=_key("history.injuries.where", injury.where, places),
            )
            for injury in injuries
        ]
    return replace(
        profile,
        history=replace(profile.history, injuries=injuries),
        pain=None if profile.pain is None else [_known_pain(p, table) for p in profile.pain],
        self_tests={
            key: _known_result(result, table.self_tests[key])
            for key, result in (
                (_key("self_tests", name, tests), r) for name, r in profile.self_tests.items()
            )
        },
        red_flags={_key("red_flags", k, flags): v for k, v in profile.red_flags.items()},
    )


def _known_pain(pain: Pain, table: EvidenceTable) -> Pain:
    places = {key: location.name for key, location in table.locations.items()}
    symptoms = {sign.told.path[-1]: sign.says for sign in table.signs.values() if sign.asks}
    where = _key("pain.where", pain.where, places)
    spots = {key: spot.name for key, spot in table.locations[where].spots.items()}
    return replace(
        pain,
        where=where,
        spot=_key("pain.spot", pain.spot, spots),
        symptoms={_key("pain.symptoms", k, symptoms): v for k, v in pain.symptoms.items()},
    )


def _known_result(result: SelfTestResult, test: SelfTest) -> SelfTestResult:
    known = dict.fromkeys(test.results, "")
    field = f"self_tests.{test.key}"
    return SelfTestResult(
        left=_key(field, result.left, known), right=_key(field, result.right, known)
    )


def _key(field: str, word: str | None, known: dict[str, str]) -> Any:
    if word is None:
        return None
    plain = _squeezed(word)
    for key, name in known.items():
        if plain in (_squeezed(key), _squeezed(name)):
            return key
    raise InputError(
        f"Profile: {field} says {_short(word)}, which is not known{_near(word, known)}."
    )


def _short(name: Any) -> str:
    """A name that somebody wrote, as much of it as one reads."""
    text = " ".join(str(name).split())
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _near(word: str, known: Collection[str]) -> str:
    return did_you_mean(_squeezed(word), known)


def _squeezed(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())
