"""Heart rate and place as another device recorded them: a GPX, TCX or FIT file.

Merged with a session by time.
"""

import codecs
import logging
import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.parsers import expat

from gait.model import InputError
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
from gait.recording.fit_messages import FIT_MAGIC, fit_content

BRIDGED_S = 10.0  # between points further apart nothing is known
# What can be; anything else is not known.
YEARS = (1970, 2200)
HEART_RATES_BPM = (1.0, 300.0)
ALTITUDES_M = (-1000.0, 20_000.0)
MOST_M = 1e7
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


@dataclass(frozen=True, slots=True)
class Activity:
    """A part of a GPX or TCX file: what it calls it, empty where it does not, and its points."""

    kind: str
    points: list[TrackPoint]


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

    Raises InputError where it is none of these, is damaged or has no point with a time.
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

    def damaged(reason: str) -> InputError:
        return InputError(f"{name} is damaged and cannot be read ({reason}).")

    with told_as(damaged, _log):
        points = [point for point in _points(data, name) if point is not None]
    if not points:
        raise InputError(f"{name} has no point with a time, so nothing can be merged from it.")
    check_most(len(points), TRACK_POINTS, "points", name)
    return Track(points, Path(name).name)


def is_xml(data: bytes) -> bool:
    """Whether it is, or means to be, XML, in one of its usual encodings."""
    head = data[:400]
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace").lstrip().startswith("<")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


@dataclass(frozen=True, slots=True)
class XmlContent:
    """What a GPX or TCX file has.

    planned : whether something in it has no times
    made_by : what wrote it, as far as it says so
    """

    activities: list[Activity]
    planned: bool
    made_by: str


def xml_content(data: bytes, name: str) -> XmlContent:
    """Raises InputError for what is no GPX nor TCX file, ExpatError for what is damaged."""
    xml = _Xml(name)
    xml.read(data)
    return XmlContent(xml.activities, xml.planned, xml.made_by)


def _points(data: bytes, name: str) -> Iterable[TrackPoint | None]:
    if data[8:12] == FIT_MAGIC:
        return _fit_points(data, name)
    if is_xml(data):
        return [point for one in xml_content(data, name).activities for point in one.points]
    raise InputError(f"{name} is no GPX, TCX or FIT file.")


def _fit_points(data: bytes, name: str) -> Iterable[TrackPoint | None]:
    content = fit_content(data, name)
    for part in content.parts:
        columns = (
            part.columns["timestamp"],
            part.column("heart_rate"),
            DEGREES * part.column("position_lat"),
            DEGREES * part.column("position_long"),
            part.column("enhanced_altitude", "altitude"),
            part.column("distance"),
        )
        for second, *values in zip(*(column.tolist() for column in columns), strict=True):
            if math.isfinite(second):
                yield _point(datetime.fromtimestamp(second, UTC), *values)
    if content.damage and not any(part.n for part in content.parts):
        raise InputError(f"{name} {content.damage}.")


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


class _Xml:
    """GPX or TCX, read in one pass of the parser that also refuses; so no encoding and no comment
    hides anything from what looks, and nothing is built of what is not used.

    A document type declares what makes a few lines become millions (entities) and reads other
    files; no track needs one.
    """

    def __init__(self, name: str) -> None:
        self.activities: list[Activity] = []
        self.planned = False
        self.made_by = ""
        self._name = name
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._point: dict[str, str] | None = None
        self._elements = self._points = 0

    def read(self, data: bytes) -> None:
        """Raises InputError for what is neither, ExpatError for what is no XML."""
        check_most(data.count(b"xmlns"), XML_NAMESPACES, "namespaces", self._name)
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.CharacterDataHandler = self._characters
        parser.EndElementHandler = self._end
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise InputError(
            f"{self._name} is no GPX, TCX or FIT file: it declares a document type or entities, "
            "which none of them needs."
        )

    def _begin(self, tag: str, attributes: list[str]) -> None:
        element = tag.rpartition(":")[2]
        if not self._path and element.casefold() not in _ROOTS:
            raise InputError(f"{self._name} is no GPX, TCX or FIT file.")
        self._path.append(element)
        self._elements += 1
        check_most(len(self._path), XML_DEPTH, "elements within each other", self._name)
        check_most(self._elements, XML_ELEMENTS, "elements", self._name)
        check_most(len(attributes) // 2, XML_ATTRIBUTES, "attributes of one element", self._name)
        told = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if element == "gpx":
            self.made_by = told.get("creator", "")
        if element in ("trk", "Activity"):
            self.activities.append(Activity(told.get("Sport", ""), []))
        elif element in ("rte", "Course", "Workout"):
            self.planned = True
        elif element in _POINTS:
            self._points += 1
            check_most(self._points, TRACK_POINTS, "points", self._name)
            self._point = told
        self._text = [] if element in _LEAVES else None

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._text) < MOST_TEXTS:
            self._text.append(text[:LONGEST_TEXT])

    def _end(self, _: str) -> None:
        element = self._path.pop()
        text = "" if self._text is None else "".join(self._text).strip()[:LONGEST_TEXT]
        self._text = None
        if element == "Notes":
            self.made_by = self.made_by or text
        elif element == "type" and self._path[-1:] == ["trk"] and self.activities:
            self.activities[-1] = Activity(text, self.activities[-1].points)
        elif element in _POINTS:
            self._take()
        elif element == "Value" and self._path[-1:] != ["HeartRateBpm"]:
            return
        elif self._point is not None and element in _LEAVES:
            self._point[element] = text

    def _take(self) -> None:
        told, self._point = self._point or {}, None
        if not self.activities or not {"trk", "Activity"} & set(self._path):
            self.planned = True
            return

        def number(*names: str) -> float | None:
            return _number(next((told[name] for name in names if told.get(name)), ""))

        point = _point(
            _moment(told.get("time") or told.get("Time") or ""),
            number("hr", "Value"),
            number("lat", "LatitudeDegrees"),
            number("lon", "LongitudeDegrees"),
            number("ele", "AltitudeMeters"),
            number("DistanceMeters"),
        )
        if point is None:
            self.planned = True
        else:
            self.activities[-1].points.append(point)


_ROOTS = {"gpx", "trainingcenterdatabase"}
_POINTS = {"trkpt", "rtept", "Trackpoint"}
_LEAVES = {
    *("time", "ele", "hr", "type", "Notes"),
    *("Time", "AltitudeMeters", "DistanceMeters", "LatitudeDegrees", "LongitudeDegrees", "Value"),
}
MOST_TEXTS, LONGEST_TEXT = 4, 100  # pieces and characters of a value; no true one has more


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """None where it is none; UTC where it has no offset, as both forms want it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
