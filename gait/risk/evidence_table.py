"""The evidence table as it is used: factors, rows, conditions, places of pain, red flags, sources.

Read from `evidence.yaml` by `gait.risk.evidence_reader`, which checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gait.model import Citation, LinkedBy, Read, Study
from gait.risk.profile import AnswerPredicate
from gait.risk.structure_table import StructureTable

Kind = Literal["flag", "above", "at_least", "below", "ramp_high", "ramp_low", "ramp_away"]
ReferenceKind = Literal["norm", "provisional", "baseline"]
Of = Literal["runner", "foot"]
Urgency = Literal["same day", "within days", "book someone"]
BOOK: Urgency = "book someone"  # the one step that leaves the rest of the page as it is
Bound = Literal["w", "w_lo", "w_hi"]


@dataclass(frozen=True, slots=True)
class Grade:
    key: str
    cap: float
    means: str


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    cap: float
    name: str


@dataclass(frozen=True, slots=True)
class Levels:
    """Boundaries of the score; see `gait.risk.score`."""

    coverage: float
    watch: float
    elevated: float
    elevated_specific: float
    own: float


@dataclass(frozen=True, slots=True)
class SessionBand:
    """What was found after sessions longer than the longest of 30 days by more than this ratio."""

    above: float
    says: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provisional:
    """A reference where no norm is published. `basis` says how weak it is."""

    mean: float
    sd: float
    basis: str
    cite: str


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that can be known of a runner or a run, and when it counts.

    Either `measure` (a session measure) or `input` (what the runner knows) says where it comes
    from. `says`, `missing` and `name` are its words, `boundary` says whose its threshold is.
    """

    key: str
    group: str
    kind: Kind
    name: str
    says: str
    missing: str
    measure: str | None = None
    of: Of = "runner"
    input: str | None = None
    threshold: float | None = None
    boundary: str | None = None
    reference: ReferenceKind | None = None
    provisional: Provisional | None = None
    reliability: float = 1.0
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A factor's evidence for one condition. Weights are natural logarithms of odds.

    `found` is what studies found, `but` what speaks against it or limits it, `read` how much of
    the source of `found` was read. Not `specific`: any overuse injury was counted.
    """

    factor: Factor
    direction: Literal["up", "down", "none", "contradictory"]
    grade: str
    cites: tuple[str, ...]
    found: str
    but: str
    read: Read
    w: float = 0.0
    w_lo: float = 0.0
    w_hi: float = 0.0
    specific: bool = True
    in_score: bool = True

    def weight(self, bound: Bound) -> float:
        return {"w": self.w, "w_lo": self.w_lo, "w_hi": self.w_hi}[bound]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a statement of the guide that others do not share."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with the field guide's words and its rows, flattened.

    `beside`: measures that are shown with it, by who links them. `kinds`: which of the guide's
    five kinds of causes it names. `structures`: what it loads. `distinguishing`: those of
    its signs that tell it from its neighbours; `against`: a neighbour's, that speak against it.
    """

    key: str
    name: str
    site: str
    cause: str
    symptoms: str
    rows: tuple[Row, ...]
    beside: dict[LinkedBy, tuple[str, ...]]
    kinds: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()
    remark: Remark | None = None
    signs: tuple[str, ...] = ()
    distinguishing: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    helps: str | None = None
    always_show: str | None = None
    no_rows: str | None = None
    overall: bool = False
    summary_only: bool = False
    gait_context_only: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """What a runner can tell that the guide (or `cites`) names with a condition; never counted.

    `asks` is its question, None where another question of the checkup answers it.
    """

    key: str
    told: AnswerPredicate
    says: str
    asks: str | None
    note: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A test that runners do themselves, each side, and how it can end."""

    key: str
    name: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherCause:
    """A cause of the guide's map that is no condition, of one of its kinds of causes or of none."""

    name: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """How a session measure is said beside a condition."""

    name: str
    of: Of
    unit: str
    decimals: int
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a place of pain, and the conditions that the guide has there."""

    key: str
    name: str
    fits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place of pain; keys of conditions or other causes, in the guide's order.

    `from_sections`: the guide's own section on it names the place, its map does not.
    `for_safety`: not the guide's. `spots`: where the guide tells conditions apart by them.
    """

    key: str
    name: str
    causes: tuple[str, ...]
    from_sections: tuple[str, ...] = ()
    for_safety: tuple[str, ...] = ()
    spots: Mapping[str, Spot] = field(default_factory=dict[str, Spot])

    @property
    def all_causes(self) -> tuple[str, ...]:
        return (*self.causes, *self.from_sections, *self.for_safety)


@dataclass(frozen=True, slots=True)
class KindOfCause:
    """One of the guide's five kinds of causes.

    `known` are the factors and `tests` the self-tests that tell of a runner; `nothing` is said
    where none of them is known.
    """

    key: str
    name: str
    says: str
    helps: str | None
    known: tuple[str, ...]
    tests: tuple[str, ...]
    nothing: str
    grade: str
    cites: tuple[str, ...]
    found: str
    but: str


@dataclass(frozen=True, slots=True)
class Advised:
    """Advice, and when it is given: always, where it hurts, or with one of these factors."""

    text: str
    cites: tuple[str, ...]
    when: Literal["always", "pain"] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A red flag as it is asked. `also`: other answers that say the same.

    bone     : without an answer nothing is judged of a place where a bone can hurt
    asked_as : it is an older, broader question, still understood; these are asked instead
    """

    key: str
    question: str
    urgency: Urgency
    what_to_do: str
    cites: tuple[str, ...]
    also: tuple[AnswerPredicate, ...] = ()
    bone: bool = False
    asked_as: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """A yes leaves no condition with a level."""
        return self.urgency != BOOK


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """All of `evidence.yaml`, checked. Dictionaries keep the order of the file."""

    version: str
    statement: str
    guide: str
    words: dict[str, str]
    grades: dict[str, Grade]
    groups: dict[str, Group]
    levels: Levels
    provisional_share: float
    session_bands: tuple[SessionBand, ...]
    factors: dict[str, Factor]
    conditions: dict[str, Condition]
    measures: dict[str, MeasureWords]
    signs: dict[str, Sign]
    self_tests: dict[str, SelfTest]
    other_causes: dict[str, OtherCause]
    locations: dict[str, Location]
    red_flags: dict[str, Question]
    causes: dict[str, KindOfCause]
    larger_studies: tuple[Study, ...]
    advice: tuple[Advised, ...]
    structures: StructureTable
    citations: dict[str, Citation] = field(default_factory=dict[str, Citation])

    def helps(self, condition: Condition) -> str:
        """What helps as the guide says it, and what that depends on."""
        return "; ".join([*self.helps_with(condition), self.words["helps_depends"]])

    def helps_with(self, condition: Condition) -> list[str]:
        """What helps as the guide says it: of the condition, then of its kinds of causes."""
        kinds = (self.causes[key] for key in condition.kinds)
        of_kinds = (
            self.words["helps_with"].format(kind=kind.name.lower(), helps=kind.helps)
            for kind in kinds
            if kind.helps
        )
        return [*([condition.helps] if condition.helps else []), *of_kinds]

    def cause_name(self, key: str) -> str:
        """Words for a cause of the map: a condition's name or another cause's."""
        if key in self.conditions:
            return self.conditions[key].name
        return self.other_causes[key].name
