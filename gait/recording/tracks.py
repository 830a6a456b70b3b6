"""Heart rate and place as another device recorded them: a GPX, TCX or FIT file.

Merged with a session by time. Read with gpxpy, tcxreader and Garmin's own SDK (the extra `fit`).

XML of a stranger, looked through before anybody builds something of it.

The parser itself refuses, so no encoding and no comment hides anything from it: it is the one that
ElementTree, gpxpy and tcxreader read with afterwards.
"""

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.parsers import expat

from gait.model import GaitError, InputError
from gait.model.errors import told_as
from gait.model.limits import (
    TRACK_BYTES,
    TRACK_POINTS,
    XML_ATTRIBUTES,
    XML_DEPTH,
    XML_ELEMENTS,
    XML_NAMESPACES,
    check_most,
)
from gait.recording.files import cannot_read
from gait.recording.fit_messages import fit_messages

_POINTS = {"trkpt", "rtept", "wpt", "Trackpoint"}


def check_plain_xml(data: bytes, name: str) -> None:
    """Raise InputError for XML that swells or nests, or that has more points than any run.

    A document type declares what makes a few lines become millions (entities) and reads other
    files; no track needs one. Raises ExpatError where it is no XML.
    """
    depth = elements = points = 0

    def refuse(*_: object) -> None:
        raise InputError(
            f"{name} is no GPX, TCX or FIT file: it declares a document type or entities, which "
            "none of them needs."
        )

    def begin(tag: str, attributes: list[str]) -> None:
        nonlocal depth, elements, points
        depth += 1
        elements += 1
        points += tag.rpartition(":")[2] in _POINTS
        check_most(depth, XML_DEPTH, "elements within each other", name)
        check_most(elements, XML_ELEMENTS, "elements", name)
        check_most(points, TRACK_POINTS, "points", name)
        check_most(len(attributes) // 2, XML_ATTRIBUTES, "attributes of one element", name)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    # gpxpy looks for them in the text, once each through all of it
    check_most(data.count(b"xmlns"), XML_NAMESPACES, "namespaces", name)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(data, True)


BRIDGED_S = 10.0  # between points further apart nothing is known
# What can be; anything else is not known.
YEARS = (1970, 2200)
HEART_RATES_BPM = (1.0, 300.0)
ALTITUDES_M = (-1000.0, 20_000.0)
MOST_M = 1e7
FIT_MAGIC = b".FIT"  # at byte 8
DEGREES = 180.0 / 2**31  # of a semicircle
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """One moment; `when` in UTC, the rest None where it is not known. `distance_m` is cumulated."""

    when: datetime
    heart_rate_bpm: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_m: float | None = None
    distance_m: float | None = None


class Track:
    """Points in order of time."""

    def __init__(self, points: Iterable[TrackPoint], source: str) -> None:
        self.points = sorted(points, key=lambda point: point.when)
        self.source = source
        self._times = [point.when.timestamp() for point in self.points]

    def at(self, when: datetime) -> TrackPoint | None:
        """The point at this time, in between in a straight line; None outside and across gaps."""
        second = when.timestamp()
        i = bisect_right(self._times, second)
        if i and self._times[i - 1] == second:
            return self.points[i - 1]
        if i in (0, len(self.points)) or self._times[i] - self._times[i - 1] > BRIDGED_S:
            return None
        share = (second - self._times[i - 1]) / (self._times[i] - self._times[i - 1])
        return _between(self.points[i - 1], self.points[i], share, when)


def _between(one: TrackPoint, other: TrackPoint, share: float, when: datetime) -> TrackPoint:
    def middle(a: float | None, b: float | None) -> float | None:
        return None if a is None or b is None else a + share * (b - a)

    return TrackPoint(
        when,
        middle(one.heart_rate_bpm, other.heart_rate_bpm),
        middle(one.latitude_deg, other.latitude_deg),
        _longitude(one.longitude_deg, other.longitude_deg, share),
        middle(one.altitude_m, other.altitude_m),
        middle(one.distance_m, other.distance_m),
    )


def _longitude(one: float | None, other: float | None, share: float) -> float | None:
    """The short way round, also across the date line."""
    if one is None or other is None:
        return None
    turn = (other - one + 180.0) % 360.0 - 180.0
    return (one + share * turn + 180.0) % 360.0 - 180.0


def read_track(path: Path) -> Track:
    """Read a GPX, TCX or FIT file, told apart by content.

    Raises InputError where it is none of these, is damaged or has no point with a time, GaitError
    where the extra `fit` is not installed.
    """
    try:
        with path.open("rb") as file:
            data = file.read(TRACK_BYTES + 1)
    except OSError as error:
        raise cannot_read(path, error) from error
    if len(data) > TRACK_BYTES:
        raise InputError(f"{path} is larger than any track; name a GPX, TCX or FIT file.")
    return track_of(data, str(path))


def track_of(data: bytes, name: str) -> Track:
    """The content of such a file; `name` is what to call it. Raises as `read_track`."""
    read = _reader(data)
    if read is None:
        raise InputError(f"{name} is no GPX, TCX or FIT file.")

    def damaged(reason: str) -> InputError:
        return InputError(f"{name} is damaged and cannot be read ({reason}).")

    try:
        with told_as(damaged, _log, ImportError):
            points = [point for point in read(data, name) if point is not None]
    except ImportError as error:
        raise GaitError(
            f"Reading {name} needs the extra `fit`: pip install 'shoegait[fit]'."
        ) from error
    if not points:
        raise InputError(f"{name} has no point with a time, so nothing can be merged from it.")
    check_most(len(points), TRACK_POINTS, "points", name)
    return Track(points, Path(name).name)


Reader = Callable[[bytes, str], Iterable[TrackPoint | None]]


def is_xml(data: bytes) -> bool:
    """Whether it is, or means to be, XML."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _reader(data: bytes) -> Reader | None:
    if data[8:12] == FIT_MAGIC:
        return _fit_points
    head = data[:2000].lower()
    if b"<gpx" in head:
        return _gpx_points
    if b"trainingcenterdatabase" in head:
        return _tcx_points
    return None


def _gpx_points(data: bytes, name: str) -> Iterable[TrackPoint | None]:
    import gpxpy  # noqa: PLC0415

    check_plain_xml(data, name)
    for track in gpxpy.parse(data).tracks:
        for segment in track.segments:
            for point in segment.points:
                yield _point(
                    point.time,
                    _heart_rate_extension(point.extensions),
                    point.latitude,
                    point.longitude,
                    point.elevation,
                )


def _heart_rate_extension(extensions: Iterable[Any]) -> float | None:
    """`hr` of Garmin's TrackPointExtension, wherever it is nested."""
    for extension in extensions:
        for element in extension.iter():
            if element.tag.rpartition("}")[2] == "hr" and element.text:
                return float(element.text)
    return None


def _tcx_points(data: bytes, name: str) -> Iterable[TrackPoint | None]:
    from io import BytesIO  # noqa: PLC0415
    from typing import cast  # noqa: PLC0415

    from tcxreader.tcxreader import TCXReader  # noqa: PLC0415

    check_plain_xml(data, name)
    # what it hands on to ElementTree may also be an open file
    exercise = TCXReader().read(cast(str, BytesIO(data)), only_gps=False)
    for point in exercise.trackpoints:
        yield _point(
            point.time,
            point.hr_value,
            point.latitude,
            point.longitude,
            point.elevation,
            point.distance,
        )


def _fit_points(data: bytes, name: str) -> Iterable[TrackPoint | None]:
    messages, errors = fit_messages(data, name)
    records = messages.get("record_mesgs", [])
    if errors and not records:
        raise ValueError(errors[0])
    for record in records:
        latitude, longitude = record.get("position_lat"), record.get("position_long")
        when = record.get("timestamp")
        yield _point(
            when if isinstance(when, datetime) else None,
            record.get("heart_rate"),
            latitude * DEGREES if isinstance(latitude, int) else None,
            longitude * DEGREES if isinstance(longitude, int) else None,
            record.get("enhanced_altitude", record.get("altitude")),
            record.get("distance"),
        )


def _point(
    when: datetime | None,
    heart_rate: Any,
    latitude: Any,
    longitude: Any,
    altitude: Any,
    distance: Any = None,
) -> TrackPoint | None:
    """None without a time that can be; the rest as far as it can be."""
    if when is None or not YEARS[0] < when.year < YEARS[1]:
        return None
    utc = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return TrackPoint(
        utc,
        _within(heart_rate, *HEART_RATES_BPM),
        _within(latitude, -90.0, 90.0),
        _within(longitude, -180.0, 180.0),
        _within(altitude, *ALTITUDES_M),
        _within(distance, 0.0, MOST_M),
    )


def _within(value: Any, low: float, high: float) -> float | None:
    return value if isinstance(value, int | float) and low <= value <= high else None
