"""TCX and GPX of a session, taken apart by the standard library."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from gait.export.per_second import Seconds
from gait.export.routes import write_gpx, write_tcx
from gait.model import InputError, Mark, Side, UsageError
from gait.model.packets import MARKED, PAUSE, RESUME
from gait.recording.foreign import read_foreign
from gait.recording.tracks import Track, TrackPoint, read_track

STARTED = datetime(2026, 5, 17, 8, 30, 12, tzinfo=UTC)
MARKS = [Mark(10.2, PAUSE), Mark(19.8, RESUME), Mark(40.0, MARKED)]
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
TPX = "{http://www.garmin.com/xmlschemas/ActivityExtension/v2}"
GPX = "{http://www.topografix.com/GPX/1/1}"
GPX_TPX = "{http://www.garmin.com/xmlschemas/TrackPointExtension/v1}"


def seconds(n: int = 60, *, running: bool = True) -> Seconds:
    """3 m/s and 170 steps a minute; in the first five seconds nothing is known."""
    known = np.where(np.arange(n) < 5, np.nan, 1.0)
    feet = dict.fromkeys(Side, known * 240.0)
    return Seconds(
        cadence_spm=170.0 * known,
        speed_m_s=3.0 * known,
        distance_m=3.0 * np.arange(n),
        step_length_m=1.05 * known,
        vertical_oscillation_mm=80.0 * known,
        contact_ms=feet,
        pronation_deg=feet,
        impact_g=feet,
        running=np.full(n, running),
    )


def watch(n: int = 60) -> Track:
    return Track(
        [
            TrackPoint(STARTED + timedelta(seconds=i), 140 + i, 48.0 + i * 1e-5, 11.5, 500.0 + i)
            for i in range(n)
        ],
        "watch.gpx",
    )


def when(element: Xml.Element, name: str) -> int:
    return round((datetime.fromisoformat(element.findtext(name) or "") - STARTED).total_seconds())


def test_tcx_has_laps_pauses_and_what_is_known(tmp_path):
    path = tmp_path / "run.tcx"
    write_tcx(path, seconds(), STARTED, marks=MARKS, track=watch())
    (activity,) = Xml.parse(path).getroot().iter(f"{TCX}Activity")
    assert activity.get("Sport") == "Running"
    laps = list(activity.iter(f"{TCX}Lap"))
    assert [lap.findtext(f"{TCX}TotalTimeSeconds") for lap in laps] == ["30.0", "20.0"]
    assert [lap.findtext(f"{TCX}DistanceMeters") for lap in laps] == ["117.0", "60.0"]
    spans = [
        [when(point, f"{TCX}Time") for point in part.iter(f"{TCX}Trackpoint")]
        for part in activity.iter(f"{TCX}Track")
    ]
    assert spans == [list(range(10)), list(range(20, 40)), list(range(40, 60))]
    points = list(activity.iter(f"{TCX}Trackpoint"))
    assert points[0].find(f"{TCX}Extensions") is None
    last = points[-1]
    assert last.findtext(f"{TCX}DistanceMeters") == "177.00"
    assert last.findtext(f"{TCX}HeartRateBpm/{TCX}Value") == "199"
    assert last.findtext(f"{TCX}Position/{TCX}LatitudeDegrees") == "48.0005900"
    assert last.findtext(f"{TCX}AltitudeMeters") == "559.0"
    assert next(last.iter(f"{TPX}RunCadence")).text == "85"
    assert next(last.iter(f"{TPX}Speed")).text == "3.000"


def test_tcx_without_a_track_has_no_places_and_no_heart_rate(tmp_path):
    path = tmp_path / "run.tcx"
    write_tcx(path, seconds(running=False), STARTED)
    root = Xml.parse(path).getroot()
    assert next(root.iter(f"{TCX}Activity")).get("Sport") == "Other"
    for name in ("Position", "HeartRateBpm", "AltitudeMeters", "Calories"):
        assert not list(root.iter(f"{TCX}{name}"))


def test_gpx_has_the_places_of_the_watch(tmp_path):
    path = tmp_path / "run.gpx"
    write_gpx(path, seconds(), STARTED, marks=MARKS, track=watch())
    root = Xml.parse(path).getroot()
    assert root.findtext(f"{GPX}trk/{GPX}type") == "running"
    segments = [list(part.iter(f"{GPX}trkpt")) for part in root.iter(f"{GPX}trkseg")]
    assert [len(segment) for segment in segments] == [10, 40]
    point = segments[1][0]
    assert (point.get("lat"), point.get("lon")) == ("48.0002000", "11.5000000")
    assert when(point, f"{GPX}time") == 20
    assert next(point.iter(f"{GPX_TPX}hr")).text == "160"
    assert next(point.iter(f"{GPX_TPX}cad")).text == "85"
    assert next(iter(segments[0])).find(f".//{GPX_TPX}cad") is None


def test_gpx_without_places_says_what_it_needs(tmp_path):
    without = Track([TrackPoint(STARTED, 140), TrackPoint(STARTED + timedelta(seconds=9), 141)], "")
    for track in (None, without):
        with pytest.raises(InputError, match="made of places"):
            write_gpx(tmp_path / "run.gpx", seconds(), STARTED, track=track)
    assert not (tmp_path / "run.gpx").exists()


@pytest.mark.parametrize(("write", "name"), [(write_tcx, "run.tcx"), (write_gpx, "run.gpx")])
def test_they_are_tracks_and_no_runs_of_others(tmp_path, write, name):
    path = tmp_path / name
    write(path, seconds(), STARTED, track=watch(), software="shoegait 1")
    assert path.stat().st_mode & 0o777 == 0o600
    point = read_track(path).at(STARTED + timedelta(seconds=30))
    assert point is not None
    assert (point.heart_rate_bpm, point.altitude_m) == (170.0, 530.0)
    with pytest.raises(InputError, match="exported from a session here"):
        read_foreign(path)
    with pytest.raises(UsageError, match="exists already"):
        write(path, seconds(), STARTED, track=watch())
