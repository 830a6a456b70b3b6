"""What is kept of a run to compare later ones with, and what such a comparison says.

What a norm needs to know of a body. Everything is optional: unknown stays unknown.

Runs as devices of other makers told them: history, never compared with what is measured here.

What others call contact time or impact is defined and found in another way (RunScribe's impact
ends at 15.94 g, Stryd's contact is about 5 % short), so a value never goes without its maker.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from gait.model.sensor import SensorInfo


class Body(msgspec.Struct, frozen=True, kw_only=True):
    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: Literal["female", "male"] | None = None


Foot = Literal["left", "right", "both"]


class SpeedBin(msgspec.Struct, frozen=True, kw_only=True):
    """Running strides of one foot at about one speed.

    from_m_s : the slowest speed of the bin; all bins are equally wide
    n        : valid running strides in it
    medians  : by measure, over those strides that have it
    spreads  : by measure, their robust standard deviation
    counts   : by measure, how many those are

    Of both feet (`both`) it holds what belongs to the runner, and left against right.
    """

    from_m_s: float
    n: int
    medians: dict[str, float]
    spreads: dict[str, float]
    counts: dict[str, int]


class Distance(msgspec.Struct, frozen=True, kw_only=True):
    """How far was run and walked, from the sensor itself.

    metres      : None where no stride has a length
    uncertainty : 95 % half-width in metres
    at_least    : the recording has gaps or strides without a length, so it was farther
    """

    metres: float | None
    uncertainty: float | None = None
    at_least: bool = False
    why_not: str | None = None


class LandingSum(msgspec.Struct, frozen=True, kw_only=True):
    """What the running landings of one foot add up to for one structure of the evidence table.

    n       : strides that are in it; `outside`: those at speeds where its formula does not hold
    peak    : median estimate of a landing, None without any
    per_km  : by view, what one running kilometre adds
    """

    n: int
    outside: int
    peak: float | None
    per_km: dict[str, float]


class RunLoad(msgspec.Struct, frozen=True, kw_only=True):
    """What a run asked of each structure, by foot and structure, as measured.

    table    : version of the structures' table, as sums of another one say something else
    km       : run, without walking; None where the distance is not known
    at_least : it was farther
    forefoot : share of landings on the forefoot, None where no strike is known
    """

    table: str
    km: float | None
    at_least: bool
    forefoot: float | None
    feet: dict[str, dict[str, LandingSum]]


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier run of the same runner.

    gear : from `gear_text`; only runs of the same are compared, as angles and impact depend on
           the shoe, the sensor and its place
    """

    key: str
    started_at: str
    gear: str
    duration_s: float
    distance: Distance
    speed_bins: dict[str, list[SpeedBin]]
    landings: RunLoad | None = None


def gear_text(sensors: Iterable[SensorInfo], shoe: str = "") -> str:
    """The same text for the same shoes, sensors and places of mounting.

    shoe : the name of the pair, empty where it is not known
    """
    parts = [
        f"{info.side} {info.profile} {info.serial or info.address or info.name} "
        f"{info.rate_hz:.0f} Hz {info.mounting}"
        for info in sorted(sensors, key=lambda info: info.side)
    ]
    return "; ".join([shoe, *parts] if shoe else parts)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of this run beside the runner's own earlier runs at the same speeds.

    difference : value − usual; `smallest` is the least difference worth showing
    z          : difference in robust standard deviations of the earlier runs
    seen_in    : in how many of the last three runs, this one among them, it differed this way
    counts     : it exceeds `smallest`, was seen in at least two of the last three, and the three
                 together are further off than chance makes them
    """

    measure: str
    side: Foot
    unit: str
    value: float
    usual: float
    difference: float
    smallest: float
    z: float
    runs: int
    speed_m_s: float
    seen_in: int
    counts: bool
    text: str


FAR_Z = 4.0  # standard deviations of own runs: so far off, one run alone is worth a word


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A session beside the runner's own earlier ones: changed, as usual, or not to be told.

    shown : changes that count, and those of this one run that are very far off
    why   : why nothing could be compared, empty where it was
    """

    shown: list[Change] = []
    why: str = ""

    @property
    def lasting(self) -> list[Change]:
        """What counts."""
        return [change for change in self.shown if change.counts]

    @property
    def once(self) -> list[Change]:
        """What was very far off in this run, and in too few before it to count."""
        return [change for change in self.shown if not change.counts]


def verdict_of(changes: Iterable[Change], notes: Iterable[str]) -> Verdict:
    """From a comparison; `notes` are its sentences on what was not compared."""
    found = list(changes)
    if not found:
        return Verdict(why=" ".join(notes) or "There is no earlier run to compare it with.")
    return Verdict(
        shown=[
            change
            for change in found
            if change.counts
            or (abs(change.difference) > change.smallest and abs(change.z) >= FAR_Z)
        ]
    )


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """A week of training; `begins` is its Monday as an ISO date."""

    begins: str
    km: float
    runs: int


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """This session beside the training before it. No acute:chronic ratio.

    longest_km : the longest run of the 30 days before, None without any or without a log
    ratio      : this session over that
    weeks      : up to that of this session, none from before the log begins
    shoe_km    : of this pair, as the profile or the roster has it
    days_since : days since the run before
    """

    session_km: float | None
    longest_km: float | None = None
    ratio: float | None = None
    weeks: list[Week] = []
    shoe_km: float | None = None
    days_since: int | None = None
    sentences: list[str] = []


class ForeignMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """The median over a run of what a device told.

    name : of the same measure here (`contact_ms`), or of one that only others have (`power_w`)
    n    : how many values there were
    """

    name: str
    side: Foot
    unit: str
    value: float
    n: int


class ForeignRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a file.

    key        : names the file by what is in it, so the same one is never kept twice
    started_at : ISO 8601 with an offset; `ended_at`, too, pauses included
    duration_s : without pauses
    distance_m : None where the file has none
    maker      : as the maker writes it, or the form of the file where it names none
    points     : how many moments the file has
    notes      : sentences on what was taken for what
    """

    key: str
    started_at: str
    ended_at: str
    duration_s: float
    distance_m: float | None
    maker: str
    measures: list[ForeignMeasure]
    points: int
    source: str
    notes: list[str] = []


# What only others tell: label, unit, decimals.
ONLY_FOREIGN: dict[str, tuple[str, str, int]] = {
    "heart_rate_bpm": ("Heart rate", "beats/min", 0),
    "power_w": ("Power", "W", 0),
    "power_w_kg": ("Power", "W/kg", 2),
    "form_power_w": ("Form power", "W", 0),
    "form_power_w_kg": ("Form power", "W/kg", 2),
    "air_power_w": ("Air power", "W", 0),
    "air_power_w_kg": ("Air power", "W/kg", 2),
    "flight_ratio_pct": ("Flight ratio", "%", 1),
    "footstrike_type": ("Foot strike, 1 heel to 16 forefoot", "", 0),
}
