"""A session as TCX or GPX, for what reads no FIT: time, distance, place, heart rate and cadence.

One point a second while the runner's timer went; a pause ends a track and the next begins. What is
not known has no element. TCX asks for calories of a lap, which nobody here knows: the element is
left out, and sites take it so. A point of GPX is a place, so GPX needs a track that has some.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

from gait.export.fit import Timer, timer_of
from gait.export.per_second import Seconds
from gait.model import InputError
from gait.model.packets import Mark
from gait.recording.files import private_output
from gait.recording.tracks import Track, TrackPoint

_TCX = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_TPX = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
_GPX = "http://www.topografix.com/GPX/1/1"
_GPX_TPX = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
STEPS_A_CYCLE = 2.0


def write_tcx(
    path: Path,
    seconds: Seconds,
    started_at: datetime,
    *,
    marks: Sequence[Mark] = (),
    track: Track | None = None,
    software: str = "shoegait",
    overwrite: bool = False,
) -> None:
    """Write one activity; arguments and errors as of `write_fit`."""
    timer = timer_of(marks, len(seconds))
    root = Xml.Element("TrainingCenterDatabase", {"xmlns": _TCX, "xmlns:x": _TPX})
    activities = Xml.SubElement(root, "Activities")
    sport = "Running" if seconds.sport == "running" else "Other"
    activity = Xml.SubElement(activities, "Activity", Sport=sport)
    Xml.SubElement(activity, "Id").text = _time(started_at, 0)
    for begin, end in timer.lap_spans:
        lap = Xml.SubElement(activity, "Lap", StartTime=_time(started_at, begin))
        Xml.SubElement(lap, "TotalTimeSeconds").text = f"{timer.seconds((begin, end)):.1f}"
        if end > begin:
            before = seconds.distance_m[begin - 1] if begin else 0.0
            Xml.SubElement(
                lap, "DistanceMeters"
            ).text = f"{seconds.distance_m[end - 1] - before:.1f}"
        Xml.SubElement(lap, "Intensity").text = "Active"
        Xml.SubElement(lap, "TriggerMethod").text = "Manual"
        for span in _spans(timer, begin, end):
            part = Xml.SubElement(lap, "Track")
            for i in range(*span):
                part.append(_trackpoint(seconds, started_at, track, i))
    Xml.SubElement(activity, "Notes").text = software
    _write(path, root, overwrite=overwrite)


def write_gpx(
    path: Path,
    seconds: Seconds,
    started_at: datetime,
    *,
    marks: Sequence[Mark] = (),
    track: Track | None = None,
    software: str = "shoegait",
    overwrite: bool = False,
) -> None:
    """Write one track; arguments and errors as of `write_fit`.

    Raises InputError without a track that has places at the time.
    """
    timer = timer_of(marks, len(seconds))
    root = Xml.Element(
        "gpx", {"version": "1.1", "creator": software, "xmlns": _GPX, "xmlns:x": _GPX_TPX}
    )
    run = Xml.SubElement(root, "trk")
    Xml.SubElement(run, "type").text = seconds.sport
    count = 0
    for begin, end in timer.going:
        segment = Xml.SubElement(run, "trkseg")
        for i in range(begin, end):
            point = None if track is None else track.at(_moment(started_at, i))
            if point is None or point.latitude_deg is None or point.longitude_deg is None:
                continue
            segment.append(_trkpt(seconds, started_at, point, i))
            count += 1
    if not count:
        raise InputError(
            "A GPX file is made of places, and a shoe knows none: name the file of a watch that "
            "has them with --track, or export to TCX or FIT."
        )
    _write(path, root, overwrite=overwrite)


def _spans(timer: Timer, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for a, b in timer.going:
        if max(a, begin) < min(b, end):
            yield max(a, begin), min(b, end)


def _trackpoint(seconds: Seconds, started_at: datetime, track: Track | None, i: int) -> Xml.Element:
    """In the order of Garmin's schema."""
    point = Xml.Element("Trackpoint")
    told = None if track is None else track.at(_moment(started_at, i))
    Xml.SubElement(point, "Time").text = _time(started_at, i)
    if told is not None and told.latitude_deg is not None and told.longitude_deg is not None:
        place = Xml.SubElement(point, "Position")
        Xml.SubElement(place, "LatitudeDegrees").text = f"{told.latitude_deg:.7f}"
        Xml.SubElement(place, "LongitudeDegrees").text = f"{told.longitude_deg:.7f}"
    if told is not None and told.altitude_m is not None:
        Xml.SubElement(point, "AltitudeMeters").text = f"{told.altitude_m:.1f}"
    if math.isfinite(seconds.distance_m[i]):
        Xml.SubElement(point, "DistanceMeters").text = f"{seconds.distance_m[i]:.2f}"
    if told is not None and told.heart_rate_bpm is not None:
        rate = Xml.SubElement(point, "HeartRateBpm")
        Xml.SubElement(rate, "Value").text = str(round(told.heart_rate_bpm))
    speed, cadence = seconds.speed_m_s[i], seconds.cadence_spm[i]
    if math.isfinite(speed) or math.isfinite(cadence):
        more = Xml.SubElement(Xml.SubElement(point, "Extensions"), "x:TPX")
        if math.isfinite(speed):
            Xml.SubElement(more, "x:Speed").text = f"{speed:.3f}"
        if math.isfinite(cadence):
            Xml.SubElement(more, "x:RunCadence").text = str(round(cadence / STEPS_A_CYCLE))
    return point


def _trkpt(seconds: Seconds, started_at: datetime, told: TrackPoint, i: int) -> Xml.Element:
    place = {"lat": f"{told.latitude_deg:.7f}", "lon": f"{told.longitude_deg:.7f}"}
    point = Xml.Element("trkpt", place)
    if told.altitude_m is not None:
        Xml.SubElement(point, "ele").text = f"{told.altitude_m:.1f}"
    Xml.SubElement(point, "time").text = _time(started_at, i)
    cadence = seconds.cadence_spm[i]
    if told.heart_rate_bpm is not None or math.isfinite(cadence):
        more = Xml.SubElement(Xml.SubElement(point, "extensions"), "x:TrackPointExtension")
        if told.heart_rate_bpm is not None:
            Xml.SubElement(more, "x:hr").text = str(round(told.heart_rate_bpm))
        if math.isfinite(cadence):
            Xml.SubElement(more, "x:cad").text = str(round(cadence / STEPS_A_CYCLE))
    return point


def _moment(started_at: datetime, i: int) -> datetime:
    return started_at.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=i)


def _time(started_at: datetime, i: int) -> str:
    return f"{_moment(started_at, i):%Y-%m-%dT%H:%M:%SZ}"


def _write(path: Path, root: Xml.Element, *, overwrite: bool) -> None:
    Xml.indent(root)
    with private_output(path, overwrite=overwrite) as file:
        file.write(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
