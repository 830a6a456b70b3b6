"""The summary of a session: the JSON that others read. Its schema is in the package."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from gait.model.assessment import Assessment, StructureLoads
from gait.model.history import Change, Distance, Load, RunLoad, SpeedBin
from gait.model.sensor import SensorInfo

SUMMARY_VERSION = "1.2"

Quality = Literal["good", "fair", "low", "none"]
Clocks = Literal["one", "shared", "separate"]


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What a value can be seen beside. Context, never a target."""

    kind: Literal["expectation", "usual range", "provisional", "own baseline"]
    low: float | None
    high: float | None
    text: str
    source: str


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One number about a session, with everything needed to judge it.

    `value` is the median over `n` strides, `spread` their robust standard deviation
    (1.4826 × median absolute deviation), `uncertainty` the 95 % half-width of the value
    including what the method itself does not know; `why_not` says in a sentence why `value`
    is null or of low quality; `note` what must be known to read it.
    """

    value: float | None
    unit: str
    n: int
    spread: float | None = None
    uncertainty: float | None = None
    quality: Quality = "none"
    reference: Reference | None = None
    why_not: str | None = None
    label: str = ""
    note: str | None = None


class FootCount(msgspec.Struct, frozen=True, kw_only=True):
    """Strides of one foot: found, and how many of them are valid running or walking strides."""

    found: int
    running: int
    walking: int
    left_out: int
    left_out_why: dict[str, int]


class SensorNote(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor as used, and what it delivered."""

    info: SensorInfo
    samples: int
    rate_measured_hz: float | None
    packets: int
    packets_lost: int
    packets_bad: int
    samples_wrong: int = 0  # no measurement: not finite, all zero, or far beyond the range
    lost_s: float
    lost_pct: float | None = None  # of the time between the first sample and the last
    clipped_pct: float | None
    battery_pct: int | None
    mounting_quality: str
    notes: list[str]


class StepCurve(msgspec.Struct, frozen=True, kw_only=True):
    """A signal over the average running step of one foot.

    mean   : at 0, 1, … 100 % of the stride, from contact to the next contact of the same foot
    spread : one standard deviation between strides
    n      : strides
    """

    unit: str
    n: int
    mean: list[float]
    spread: list[float]


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a recording that cannot be right.

    check    : its name in `gait.measures.plausibility`
    side     : `left`, `right` or `both`
    sentence : what it is, and what to do
    what     : what it is alone, as it stands beside the measures it spoils
    spoils   : the measures that are not given, or of low quality, because of it
    """

    check: str
    side: str
    sentence: str
    what: str
    spoils: list[str]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A session in numbers. `measures` has the keys `left`, `right` and `both`.

    landings     : what the landings add up to for each structure, as measured
    structures   : the same in the runner's own easy kilometres, None where that was not asked
    doubts       : what cannot be right, to be read before everything else
    clocks       : whether times of the two feet can be set against each other
    gear         : what was worn, from `gear_text`
    speed_bins   : by foot and of both, what later runs are compared with
    changes      : every measure that was compared with the runner's own earlier runs, None where
                   no earlier run was given
    change_notes : in sentences, what was not compared and why
    load         : this session beside the training before it, None where none is known
    """

    version: str = SUMMARY_VERSION
    software: str
    source: str
    started_at: str | None
    duration_s: float
    activity_s: dict[str, float]
    strides: dict[str, FootCount]
    sensors: list[SensorNote]
    clock_uncertainty_ms: float | None
    measures: dict[str, dict[str, Measure]]
    notes: list[str]
    assessment: Assessment | None
    distance: Distance = Distance(metres=None, why_not="no steps were found")
    gear: str = ""
    speed_bins: dict[str, list[SpeedBin]] = {}
    changes: list[Change] | None = None
    change_notes: list[str] = []
    load: Load | None = None
    curves: dict[str, dict[str, StepCurve]] = {}
    doubts: list[Doubt] = []
    clocks: Clocks = "one"
    landings: RunLoad | None = None
    structures: StructureLoads | None = None


def alone(summary: Summary) -> Summary:
    """Without what is said of it beside anything but its own recording."""
    return replace(
        summary, assessment=None, changes=None, change_notes=[], load=None, structures=None
    )
