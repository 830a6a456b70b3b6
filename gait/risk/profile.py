"""What a runner knows of themselves. Everything is optional; absent is unknown.

As a profile file (YAML; TOML and JSON have the same names):

    answered_on: 2026-05-16
    body: {height_m: 1.78, mass_kg: 72, age_years: 41, sex: male}
    session: {date: 2026-05-17, distance_km: 12.4}     # the run that is analysed
    history:
      injured_last_12_months: yes
      ankle_sprain: no
      bone_stress_injury: no
      injuries:                                        # [] says: none
        - {condition: achilles_tendinopathy, side: left, months_ago: 8}
    pain:                                              # [] says: nowhere
      - {where: heel, side: left, level: 3, onset: gradual, morning: yes, at_night: no}
    training:                                          # the last half year where possible
      - {date: 2026-05-03, distance_km: 9.0}
      - {date: 2026-05-10, distance_km: 9.5}
    shoes: {distance_km: 620, changed_within_4_weeks: no, several_models: yes}
    changes: {volume: yes, intensity: no, surface: no}
    self_tests:
      heel_raise: {left: easy, right: easy}
    red_flags: {night_pain: no}

What a runner told, asked of the profile's data: a yes, one of several words, more than a number.

The data are a profile as plain names and values; a list (places of pain) is asked item by item.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import msgspec

from gait.model import Body

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
    """Where it hurts (a key of the location map), how much (0–10), since when and when.

    spot     : where exactly, a key of the place's spots
    onset    : how it began
    morning  : with the first steps in the morning or after sitting
    at_rest  : while resting, or at night; `at_night` and `ache_at_rest` tell the two apart
    symptoms : what else is felt, by the keys of `pain.symptoms` in the evidence table's signs
    how      : in own words
    """

    where: str
    spot: str | None = None
    side: WhichSide | None = None
    level: float | None = None
    onset: Literal["sudden", "gradual"] | None = None
    morning: bool | None = None
    during: bool | None = None
    after: bool | None = None
    at_rest: bool | None = None
    at_night: bool | None = None
    ache_at_rest: bool | None = None
    symptoms: dict[str, bool] = {}
    how: str | None = None


class TrainingSession(msgspec.Struct, frozen=True, kw_only=True):
    date: datetime.date
    distance_km: float


class TrainingInShort(msgspec.Struct, frozen=True, kw_only=True):
    """Where there is no log. The longest run of the 30 days before `answered_on`; km a week."""

    longest_30_days_km: float | None = None
    weekly_km: float | None = None


class ThisSession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The run that is analysed.

    uncertain_km : 95 % half-width of a measured distance
    at_least     : it was farther, by how much is not known
    """

    date: datetime.date | None = None
    distance_km: float | None = None
    uncertain_km: float | None = None
    at_least: bool = False


class Shoes(msgspec.Struct, frozen=True, kw_only=True):
    """The shoes of this run: how far used, changed lately, one of several models in turn."""

    distance_km: float | None = None
    changed_within_4_weeks: bool | None = None
    several_models: bool | None = None


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What became different within the last four weeks: more running, harder, other ground."""

    volume: bool | None = None
    intensity: bool | None = None
    surface: bool | None = None


class SelfTestResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a self-test ended on each side: one of its results in the evidence table."""

    left: str | None = None
    right: str | None = None


class RunnerProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a runner may say. None: not said, which is never the same as “no”.

    answered_on : the day of these answers
    pain, training, history.injuries : complete where given; an empty list says that there is none
    """

    answered_on: datetime.date | None = None
    body: Body = msgspec.field(default_factory=Body)
    session: ThisSession = msgspec.field(default_factory=ThisSession)
    history: History = msgspec.field(default_factory=History)
    pain: list[Pain] | None = None
    training: list[TrainingSession] | None = None
    training_in_short: TrainingInShort = msgspec.field(default_factory=TrainingInShort)
    shoes: Shoes = msgspec.field(default_factory=Shoes)
    changes: Changes = msgspec.field(default_factory=Changes)
    self_tests: dict[str, SelfTestResult] = {}
    red_flags: dict[str, bool] = {}


def answers_of(profile: RunnerProfile | None) -> dict[str, Any]:
    """A profile as plain names and values (dates as texts), without what is not said.

    `gait.risk.profile_of` makes the same profile of it again.
    """
    return {} if profile is None else only_said(msgspec.to_builtins(profile))


def only_said(value: Any) -> Any:
    """Names and values without the names that are left empty: nothing said is unknown."""
    if isinstance(value, list):
        return [only_said(item) for item in cast(list[Any], value)]
    if not isinstance(value, Mapping):
        return value
    said = {name: only_said(item) for name, item in cast(Mapping[str, Any], value).items()}
    return {name: item for name, item in said.items() if item is not None and item != {}}


SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class AnswerPredicate:
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


def sides_told(told: AnswerPredicate, data: Mapping[str, Any]) -> list[str | None]:
    """The sides for which it holds (left, right, both; None where no side is known), each once.

    Empty where it does not hold anywhere.
    """
    found = [side for side, value in _answers(data, told.path, None) if told.holds(value)]
    return list(dict.fromkeys(found))


def answers_at(path: tuple[str, ...], data: Mapping[str, Any]) -> list[tuple[str | None, Any]]:
    """Every answer at a path, each with its side (None where no side is known)."""
    return [(side, value) for side, value in _answers(data, path, None) if value is not None]


def _answers(
    data: Any, path: tuple[str, ...], side: str | None
) -> Iterator[tuple[str | None, Any]]:
    if isinstance(data, list):
        for item in cast(list[Any], data):
            yield from _answers(item, path, side)
    elif not isinstance(data, Mapping):
        if not path:
            yield side, data
    else:
        answers = cast(Mapping[str, Any], data)
        if path:
            yield from _answers(answers.get(path[0]), path[1:], answers.get("side", side))
        else:  # a self-test: an answer a side
            yield from ((each, answers.get(each)) for each in SIDES)
