"""A statement about conditions that explains itself. Information, not diagnosis."""

from enum import StrEnum
from typing import Literal

import msgspec

# How much of a source was read, the most first.
Read = Literal["whole", "abstract", "part", "second-hand", "unread"]
LinkedBy = Literal["guide", "studies", "teaching", "reading"]


class Level(StrEnum):
    """How far the known reasons go. A word, never a likelihood."""

    NO_FLAG = "no flag"
    WATCH = "watch"
    ELEVATED = "elevated"
    NOT_ENOUGH = "not enough information"
    GENERAL_LOAD = "general load only"
    CONTEXT = "context only"


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A source, and how much of its own text was read.

    kind    : what it is, such as a cohort or a case-control study
    checked : whether what is said of it was compared with its text, as of `as_of` (a date)
    """

    key: str
    ref: str
    doi: str | None
    where: str
    read: Read
    kind: str = ""
    checked: bool = False
    as_of: str = ""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the evidence table, applied.

    size    : its signed contribution to the score
    found   : what studies found; `but` says what speaks against that, or limits it
    read    : how much of the source of `found` was read
    general : any overuse injury was counted, not this condition
    """

    factor: str
    text: str
    direction: str
    size: float
    grade: str
    cites: list[str]
    found: str
    but: str
    read: Read
    in_score: bool
    general: bool = False
    side: str | None = None


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of this run shown with a condition, and who links the two."""

    measure: str
    text: str
    by: LinkedBy


class StructureLoad(msgspec.Struct, frozen=True, kw_only=True):
    """What a run asked of one structure, told in the runner's own easy kilometres.

    per_km  : by view, how many easy kilometres one kilometre of this run counted like
    easy_km : by view, of the whole run
    most_km : by view, the most of the 30 days before; None without a run in them
    peak    : of a landing, in `unit`, with `peak_low` and `peak_high` between people
    more    : above the most of 30 days by every view (True), by none (False); None: not known,
              or the views disagree
    why_not : why there is no number, where there could be one
    """

    key: str
    name: str
    says: list[str]
    grade: str
    found: str
    but: str
    cites: list[str]
    unit: str = ""
    peak: float | None = None
    peak_low: float | None = None
    peak_high: float | None = None
    per_km: dict[str, float] = {}
    easy_km: dict[str, float] = {}
    most_km: dict[str, float] | None = None
    more: bool | None = None
    why_not: str | None = None


class StructureLoads(msgspec.Struct, frozen=True, kw_only=True):
    """`easy`: what an easy kilometre is here, in a sentence; `easy_own`: it is the runner's own."""

    statement: str
    easy: str
    easy_m_s: float
    easy_own: bool
    each: list[StructureLoad]


class SignAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that is named with a condition, and what the runner answered.

    answer       : None where it was not answered
    distinguishes: it tells the condition from its neighbours, so that a no speaks against
    against      : a yes speaks against, as the sign is a neighbour's
    """

    key: str
    text: str
    answer: bool | None
    distinguishes: bool
    against: bool
    cites: list[str]


class SignFit(msgspec.Struct, frozen=True, kw_only=True):
    """How well the signs of a condition fit a pain that is there; never how likely it is."""

    says: str
    signs: list[SignAnswer]


class ConditionFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one condition for this runner and this run.

    `reasons` are active and speak for it, `against` is what contradicts or is null,
    `missing` what was not known (unknown is never normal), `coverage` the share of the
    evidence's weight that was known, `would_help_most` the one missing input worth most.
    `beside` is what this run measured of what is linked to it, `signs` what the runner told that
    is named with it, which is never counted, `hurts_at` the places of pain that it can explain.

    score      : what the level follows from, None where nothing is scored or shown
    level_low  : the level by the lower reading of the same evidence, `level_high` by the upper;
                 None where there is no level. `uncertain`: one of them differs from `level`
    explained  : sentences on how the level came about, and on what would change it
    kinds_per_guide : which of the guide's five kinds of causes it names
    headline   : what stands beside the name: how the signs fit where it hurts, else the level
    fit        : the signs of a condition that can be behind a pain that is there, else None
    structures : keys of `StructureLoads` of what it loads
    """

    key: str
    name: str
    level: Level
    level_low: Level | None
    level_high: Level | None
    uncertain: bool
    score: float | None
    explained: list[str]
    reasons: list[Reason]
    against: list[Reason]
    missing: list[str]
    would_help_most: str | None
    coverage: float
    hurts_at: list[str]
    site: str
    cause_per_guide: str
    symptoms_per_guide: str
    kinds_per_guide: list[str]
    helps_per_guide: str
    beside: list[Beside]
    signs: list[str]
    always_show: str | None
    summary_only: bool
    headline: str = ""
    fit: SignFit | None = None
    structures: list[str] = []


class RedFlag(msgspec.Struct, frozen=True, kw_only=True):
    """A question asked before any result. `answer` is null where it was not answered.

    bone : without an answer nothing is judged of a place where a bone can hurt
    """

    key: str
    question: str
    urgency: str
    what_to_do: str
    cites: list[str]
    answer: bool | None = None
    bone: bool = False


class LocationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A place of pain and its possible causes, in the guide's order, never ranked by gait.

    from_sections : the guide's own section on the condition names the place, its map does not
    for_safety    : not the guide's
    helps         : what the guide says of causes that are no condition, by the cause's name
    """

    key: str
    name: str
    hurts: bool
    causes: list[str]
    from_sections: list[str]
    for_safety: list[str]
    helps: dict[str, str]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of this run and the conditions it is linked to, by who links them.

    stands_out : in what way it is unusual, empty where it is not or where that is not known
    """

    measure: str
    text: str
    stands_out: list[str]
    guide: list[str]
    studies: list[str]
    teaching: list[str]
    reading: list[str] = []


class CauseKind(msgspec.Struct, frozen=True, kw_only=True):
    """One of the guide's five kinds of causes, its evidence, and what is known of this runner."""

    key: str
    name: str
    says_per_guide: str
    helps_per_guide: str | None
    known: list[str]
    grade: str
    cites: list[str]
    found: str
    but: str


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """What larger studies found of running measures as such, both halves."""

    topic: str
    found: str
    but: str
    cites: list[str]


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """Load, gradual change, comfort, shoes, and whom to see; nothing else."""

    text: str
    cites: list[str]


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """`stop` is true where a red flag was answered with yes: then no condition carries a level.

    Those that are to “book someone” stop nothing.
    ask_first      : the questions on bones that come before any level of a place that hurts
    also_told      : signs that the runner told and that no condition here is shown with
    contradictions : answers that disagree with each other
    history_known  : anything of earlier injuries was answered
    """

    statement: str
    table_version: str
    red_flags: list[RedFlag]
    stop: bool
    first: list[str]
    conditions: list[ConditionFinding]
    links: list[Link]
    causes: list[CauseKind]
    advice: list[Advice]
    locations: list[LocationEntry]
    larger_studies: list[Study]
    citations: list[Citation]
    notes: list[str]
    ask_first: list[str] = []
    also_told: list[SignAnswer] = []
    contradictions: list[str] = []
    history_known: bool = False
