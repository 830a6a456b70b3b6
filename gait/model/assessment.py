"""A statement about conditions that explains itself. Information, not diagnosis."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How far the known reasons go. Words, never a probability."""

    NO_FLAG = "no flag"
    WATCH = "watch"
    ELEVATED = "elevated"
    NOT_ENOUGH = "not enough information"
    GENERAL_LOAD = "general load only"
    CONTEXT = "context only"


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """`verified` is false where the source's text was not read; shown as such or not at all."""

    key: str
    ref: str
    doi: str | None
    where: str
    verified: bool


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the evidence table, applied. `size` is its signed contribution to the score."""

    factor: str
    text: str
    direction: str
    size: float
    grade: str
    cites: list[str]
    note: str
    in_score: bool
    side: str | None = None


class ConditionFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one condition for this runner and this run.

    `reasons` are active and speak for it, `against` is what contradicts or is null,
    `missing` what was not known (unknown is never normal), `coverage` the share of the
    evidence's weight that was known, `would_help_most` the one missing input worth most.
    `this_run` is what the field guide links to it, with what this run measured beside it;
    `signs` what the runner told that is named with it, which is never counted.
    """

    key: str
    name: str
    level: Level
    uncertain: bool
    reasons: list[Reason]
    against: list[Reason]
    missing: list[str]
    would_help_most: str | None
    coverage: float
    site: str
    cause_per_guide: str
    symptoms_per_guide: str
    this_run: list[str]
    always_show: str | None
    summary_only: bool
    signs: list[str] = []
    helps_per_guide: str | None = None


class RedFlag(msgspec.Struct, frozen=True, kw_only=True):
    """A question asked before any result. `answer` is null where it was not answered."""

    key: str
    question: str
    urgency: str
    what_to_do: str
    answer: bool | None = None


class LocationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A place of pain and its possible causes, in the guide's order, never ranked by gait.

    `helps` is what the guide says of causes that are no condition, by the cause's name.
    """

    key: str
    name: str
    causes: list[str]
    added: list[str]
    helps: dict[str, str] = {}


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """`stop` is true where a red flag was answered with yes: then no condition carries a level."""

    statement: str
    table_version: str
    red_flags: list[RedFlag]
    stop: bool
    first: list[str]
    conditions: list[ConditionFinding]
    locations: list[LocationEntry]
    citations: list[Citation]
    notes: list[str]
