"""Heart rate and place from files of other devices, good and bad."""

from datetime import UTC, datetime, timedelta

import pytest

from gait.export.fit import fit_activity
from gait.export.per_second import by_second
from gait.measures.table import empty_strides
from gait.model import InputError
from gait.recording.tracks import Track, TrackPoint, read_track

BEGIN = datetime(2026, 5, 17, 6, 30, 12, tzinfo=UTC)

GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"
 xmlns:x="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><trkseg>
{points}</trkseg></trk></gpx>"""
GPX_POINT = """<trkpt lat="48.1" lon="11.5"><ele>520</ele><time>{time}</time>
<extensions><x:TrackPointExtension><x:hr>{hr}</x:hr></x:TrackPointExtension></extensions></trkpt>
"""
TCX = """<?xml version="1.0"?><TrainingCenterDatabase
 xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
<Activity Sport="Running"><Id>2026-05-17T06:30:12Z</Id><Lap StartTime="2026-05-17T06:30:12Z">
<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"""
TCX_POINT = """<Trackpoint><Time>{time}</Time><AltitudeMeters>520</AltitudeMeters>
<Position><LatitudeDegrees>48.1</LatitudeDegrees><LongitudeDegrees>11.5</LongitudeDegrees></Position>
<HeartRateBpm><Value>{hr}</Value></HeartRateBpm></Trackpoint>"""


def filled(form: str, point: str) -> str:
    times = [(BEGIN + timedelta(seconds=i)).strftime("%Y-%m-%dT%H:%M:%SZ") for i in range(5)]
    return form.format(
        points="".join(point.format(time=t, hr=140 + i) for i, t in enumerate(times))
    )


@pytest.mark.parametrize(
    ("name", "text"), [("a.gpx", filled(GPX, GPX_POINT)), ("a.tcx", filled(TCX, TCX_POINT))]
)
def test_gpx_and_tcx_give_the_same(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    track = read_track(path)
    assert len(track.points) == 5
    point = track.at(BEGIN + timedelta(seconds=2.5))
    assert point is not None
    assert point.heart_rate_bpm == pytest.approx(142.5)
    assert (point.latitude_deg, point.longitude_deg, point.altitude_m) == (48.1, 11.5, 520.0)


def test_a_fit_file_is_read_back(tmp_path):
    before = Track(
        [TrackPoint(BEGIN + timedelta(seconds=i), 140 + i, 48.1, 11.5, 520.0) for i in range(5)], ""
    )
    path = tmp_path / "a.fit"
    path.write_bytes(fit_activity(by_second(empty_strides(), 5.0), BEGIN, track=before))
    for one, other in zip(read_track(path).points, before.points, strict=True):
        assert (one.when, one.heart_rate_bpm) == (other.when, other.heart_rate_bpm)
        assert one.latitude_deg == pytest.approx(48.1, abs=1e-6)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no GPX, TCX or FIT"),
        (b"name,x\n1,2\n", "no GPX, TCX or FIT"),
        (filled(GPX, GPX_POINT).encode()[:-40], "damaged"),
        (filled(TCX, TCX_POINT).encode()[:-40], "damaged"),
        (GPX.format(points="").encode(), "no point with a time"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><gpx></gpx>', "no GPX, TCX or FIT"),
        (bytes([14, 32, 0, 0, 50, 0, 0, 0]) + b".FIT" + bytes(60), "damaged|no point"),
    ],
)
def test_bad_files_are_said_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_track(path)


def test_gaps_are_not_bridged_and_the_date_line_is_crossed_the_short_way():
    points = [
        TrackPoint(BEGIN, 100, 0.0, 179.9),
        TrackPoint(BEGIN + timedelta(seconds=2), 110, 0.0, -179.9),
        TrackPoint(BEGIN + timedelta(seconds=60), 150, 0.0, -179.0),
    ]
    track = Track(points, "")
    middle = track.at(BEGIN + timedelta(seconds=1))
    assert middle is not None
    assert middle.longitude_deg is not None
    assert abs(middle.longitude_deg) == pytest.approx(180.0)
    assert track.at(BEGIN + timedelta(seconds=30)) is None
    assert track.at(BEGIN - timedelta(seconds=1)) is None
    assert track.at(BEGIN + timedelta(seconds=61)) is None
