"""What is kept of a run to compare later ones with, and what such a comparison says."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from gait.model.sensor import SensorInfo

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
