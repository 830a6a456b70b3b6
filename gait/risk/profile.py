"""What a runner knows of themselves: a profile file. Everything is optional; absent is unknown.

An example (YAML; TOML and JSON have the same names):

    body: {height_m: 1.78, mass_kg: 72, age_years: 41, sex: male}
    session: {date: 2026-05-17, distance_km: 12.4}     # the run that is analysed
    history:
      injured_last_12_months: yes
      ankle_sprain: no
      bone_stress_injury: no
      injuries:                                        # [] says: none
        - {condition: achilles_tendinopathy, side: left, months_ago: 8}
    pain:
      - {where: heel, side: left, level: 3, how: worst in the morning}
    training:                                          # the last half year where possible
      - {date: 2026-05-03, distance_km: 9.0}
      - {date: 2026-05-10, distance_km: 9.5}
    shoes: {distance_km: 620, changed_within_4_weeks: no, several_models: yes}
    red_flags: {night_or_rest_pain: no}
"""

import datetime
import json
import re
import tomllib
from collections.abc import Collection
from typing import Any, Literal

import msgspec
import yaml
from msgspec.structs import replace

from gait.model import Body, InputError, UsageError
from gait.risk.located import did_you_mean
from gait.risk.reading import load_evidence
from gait.risk.table import EvidenceTable

FORMATS = ("yaml", "yml", "toml", "json")

WhichSide = Literal["left", "right", "both"]


class Injury(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier injury; `condition` and `where` are keys of the evidence table."""

    condition: str | None = None
    where: str | None = None
    side: WhichSide | None = None
    months_ago: float | None = None


class History(msgspec.Struct, frozen=True, kw_only=True):
    """`injuries` is complete where it is given: an empty list says that there were none."""

    injuries: list[Injury] | None = None
    injured_last_12_months: bool | None = None
    ankle_sprain: bool | None = None
    bone_stress_injury: bool | None = None


class Pain(msgspec.Struct, frozen=True, kw_only=True):
    """Where it hurts (a key of the location map), how much (0–10) and how, in own words."""

    where: str
    side: WhichSide | None = None
    level: float | None = None
    how: str | None = None


class TrainingSession(msgspec.Struct, frozen=True, kw_only=True):
    date: datetime.date
    distance_km: float


class ThisSession(msgspec.Struct, frozen=True, kw_only=True):
    """The run that is analysed."""

    date: datetime.date | None = None
    distance_km: float | None = None


class Shoes(msgspec.Struct, frozen=True, kw_only=True):
    """The shoes of this run: how far used, changed lately, one of several models in turn."""

    distance_km: float | None = None
    changed_within_4_weeks: bool | None = None
    several_models: bool | None = None


class RunnerProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a runner may say. None: not said, which is never the same as “no”."""

    body: Body = msgspec.field(default_factory=Body)
    session: ThisSession = msgspec.field(default_factory=ThisSession)
    history: History = msgspec.field(default_factory=History)
    pain: list[Pain] = msgspec.field(default_factory=list)
    training: list[TrainingSession] | None = None
    shoes: Shoes = msgspec.field(default_factory=Shoes)
    red_flags: dict[str, bool] = msgspec.field(default_factory=dict)


def parse_profile(text: str, format: str, table: EvidenceTable | None = None) -> RunnerProfile:
    """A profile from its text.

    format : yaml, yml, toml or json
    table  : where the names of conditions, places and red flags come from; the package's own

    Raises UsageError for another format and InputError, in one sentence, for what is wrong.
    """
    if format not in FORMATS:
        named = f"ends in .{format}" if format else "has no ending"
        raise UsageError(f"The profile {named}; write it as .yaml, .toml or .json.")
    data = _data(text, format)
    _check_names(data)
    try:
        profile = msgspec.convert(_said(data), RunnerProfile)
    except msgspec.ValidationError as error:
        raise InputError(f"Profile: {_plain(str(error))}.") from error
    _check_numbers(profile)
    return _known_words(profile, table or load_evidence())


def _data(text: str, format: str) -> dict[str, Any]:
    try:
        if format == "toml":
            data: Any = tomllib.loads(text)
        elif format == "json":
            data = json.loads(text)
        else:
            data = yaml.safe_load(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"The profile is not readable as {format.upper()}: {error}.") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise InputError(f"The profile is not readable as YAML{where}.") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError("The profile must hold names with values, such as “shoes:”.")
    return data


_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "": RunnerProfile,
    "body": Body,
    "session": ThisSession,
    "history": History,
    "history.injuries": Injury,
    "pain": Pain,
    "training": TrainingSession,
    "shoes": Shoes,
}


def _check_names(data: Any, path: str = "") -> None:
    """Every name must be known, so that a slip of the pen is not a silent “unknown”."""
    if isinstance(data, list):
        for item in data:
            _check_names(item, path)
    if not isinstance(data, dict) or path not in _SECTIONS:
        return
    known = _SECTIONS[path].__struct_fields__
    for name, value in data.items():
        if name not in known:
            section = f" under {path}" if path else ""
            raise InputError(
                f"Profile: {name} is not known{section}{did_you_mean(str(name), known)}."
            )
        _check_names(value, f"{path}.{name}".lstrip("."))


def _said(data: Any) -> Any:
    """Without the names that were left empty: nothing said is unknown."""
    if isinstance(data, dict):
        return {name: _said(value) for name, value in data.items() if value is not None}
    return [_said(item) for item in data] if isinstance(data, list) else data


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
    for date in (profile.session.date, *(run.date for run in profile.training or [])):
        if date is not None:
            _within("the year of a date", date.year, 1970, 2200)
    for run in profile.training or []:
        _within("training.distance_km", run.distance_km, 0.0, 500.0)
    for pain in profile.pain:
        _within("pain.level", pain.level, 0.0, 10.0)
    for injury in profile.history.injuries or []:
        _within("history.injuries.months_ago", injury.months_ago, 0.0, 1200.0)


def _within(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise InputError(f"Profile: {name} is {value:g}; it must lie between {low:g} and {high:g}.")


def _known_words(profile: RunnerProfile, table: EvidenceTable) -> RunnerProfile:
    """Conditions, places and red flags by their keys; their names are understood too."""
    conditions = {key: c.name for key, c in table.conditions.items() if not c.overall}
    places = {key: location.name for key, location in table.locations.items()}
    flags = dict.fromkeys(table.red_flags, "")
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
        pain=[replace(p, where=_key("pain.where", p.where, places)) for p in profile.pain],
        red_flags={_key("red_flags", k, flags): v for k, v in profile.red_flags.items()},
    )


def _key(field: str, word: str | None, known: dict[str, str]) -> Any:
    if word is None:
        return None
    plain = _squeezed(word)
    for key, name in known.items():
        if plain in (_squeezed(key), _squeezed(name)):
            return key
    raise InputError(f"Profile: {field} says {word}, which is not known{_near(word, known)}.")


def _near(word: str, known: Collection[str]) -> str:
    return did_you_mean(_squeezed(word), known)


def _squeezed(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())
