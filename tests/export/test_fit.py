"""The FIT file as another library reads it."""

import io
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import fitdecode
import numpy as np
import pytest

from gait.export.fit import fit_activity, write_fit
from gait.export.per_second import Seconds
from gait.model import GaitError, UsageError
from gait.model.strides import Side
from gait.recording.tracks import Track, TrackPoint

STARTED = datetime(2026, 5, 17, 8, 30, 12, 400_000, tzinfo=timezone(timedelta(hours=2)))


def some_seconds(n: int = 30) -> Seconds:
    t = np.arange(n, dtype=float)
    unknown = np.where(t < 5, np.nan, 1.0)
    return Seconds(
        cadence_spm=unknown * (165.0 + 0.1 * t),
        speed_m_s=unknown * 3.1,
        distance_m=np.maximum(0.0, 3.1 * (t - 4)),
        step_length_m=unknown * 1.12,
        vertical_oscillation_mm=unknown * 78.4,
        contact_ms={Side.LEFT: unknown * 251.0, Side.RIGHT: unknown * 241.0},
        pronation_deg={Side.LEFT: unknown * 8.25, Side.RIGHT: unknown * np.nan},
        impact_g={Side.LEFT: unknown * 11.5, Side.RIGHT: unknown * 9.25},
        running=t >= 5,
    )


def read(data: bytes) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as frames:
        for frame in frames:
            if isinstance(frame, fitdecode.FitDataMessage):
                values = {f.name: f.value for f in frame.fields if f.value is not None}
                found.setdefault(frame.name, []).append(values)
    return found


def test_another_library_reads_every_value_back():
    seconds = some_seconds()
    found = read(fit_activity(seconds, STARTED, software="shoegait test"))
    begin = STARTED.astimezone(UTC).replace(microsecond=0)
    assert found["file_id"][0]["type"] == "activity"
    assert found["file_id"][0]["time_created"] == begin
    assert [r["timestamp"] for r in found["record"]] == [
        begin + timedelta(seconds=i) for i in range(30)
    ]
    record = found["record"][20]
    assert record["cadence"] + record["fractional_cadence"] == pytest.approx(167.0 / 2, abs=0.01)
    assert record["enhanced_speed"] == pytest.approx(3.1)
    assert record["distance"] == pytest.approx(3.1 * 16, abs=0.01)
    assert record["stance_time"] == pytest.approx(246.0)
    assert record["stance_time_balance"] == pytest.approx(100 * 251 / 492, abs=0.01)
    assert record["vertical_oscillation"] == pytest.approx(78.4)
    assert record["step_length"] == pytest.approx(1120.0)
    assert record["Pronation left"] == pytest.approx(8.25)
    assert record["Impact right"] == pytest.approx(9.25)
    for name in ("lap", "session"):
        assert found[name][0]["total_distance"] == pytest.approx(seconds.distance_m[-1], abs=0.01)
        assert found[name][0]["total_timer_time"] == 30.0
        assert found[name][0]["avg_stance_time"] == pytest.approx(246.0)
    assert found["session"][0]["sport"] == "running"
    assert found["activity"][0]["local_timestamp"].replace(tzinfo=None) == datetime(
        2026, 5, 17, 8, 30, 42
    )


def test_what_is_not_known_is_left_out():
    found = read(fit_activity(some_seconds(), STARTED))
    assert set(found["record"][0]) == {"timestamp", "activity_type", "distance"}
    assert "Pronation right" not in found["record"][20]
    assert "heart_rate" not in found["record"][20]
    assert "avg_heart_rate" not in found["session"][0]


def test_heart_rate_and_place_are_merged_by_time():
    begin = STARTED.astimezone(UTC).replace(microsecond=0)
    points = [
        TrackPoint(begin + timedelta(seconds=10), 140, 48.1, 11.5, 520.0),
        TrackPoint(begin + timedelta(seconds=14), 148, 48.2, 11.6, 524.0),
    ]
    found = read(fit_activity(some_seconds(), STARTED, track=Track(points, "watch.gpx")))
    record = found["record"][12]
    assert record["heart_rate"] == 144
    assert record["position_lat"] * 180 / 2**31 == pytest.approx(48.15, abs=1e-6)
    assert record["position_long"] * 180 / 2**31 == pytest.approx(11.55, abs=1e-6)
    assert record["enhanced_altitude"] == pytest.approx(522.0, abs=0.2)
    assert "heart_rate" not in found["record"][9]
    assert found["session"][0]["max_heart_rate"] == 148


@pytest.mark.parametrize(
    ("zone", "offset_s"), [("Europe/Berlin", 7200), ("Asia/Kathmandu", 20700), ("UTC", 0)]
)
def test_local_time_is_that_of_this_computer_where_the_run_was_kept_in_utc(
    monkeypatch, zone, offset_s
):
    """The recorder keeps moments in UTC, and a watch's file says what the clock on the wall did."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = read(fit_activity(some_seconds(), STARTED.astimezone(UTC)))["activity"][0]
        kept = read(fit_activity(some_seconds(), STARTED))["activity"][0]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found["local_timestamp"] - found["timestamp"] == timedelta(seconds=offset_s)
    assert kept["local_timestamp"] - kept["timestamp"] == timedelta(hours=2)


def test_averages_of_a_run_have_no_walking_in_them():
    """20 s run with a contact of 240 ms, then 10 s walked with 700 ms."""
    t = np.arange(30)
    runs = t < 20
    both = dict.fromkeys(Side, np.where(runs, 240.0, 700.0))
    steps = {
        "contact_ms": both,
        "cadence_spm": np.where(runs, 170.0, 110.0),
        "step_length_m": np.where(runs, 1.1, 0.7),
        "vertical_oscillation_mm": np.where(runs, 80.0, 40.0),
    }
    run = replace(some_seconds(), running=runs, **steps)
    (session,) = read(fit_activity(run, STARTED))["session"]
    assert session["sport"] == "running"
    assert session["avg_stance_time"] == 240.0
    assert session["avg_vertical_oscillation"] == 80.0
    assert session["avg_step_length"] == 1100.0
    assert session["avg_running_cadence"] == 85
    assert session["avg_stance_time_balance"] == 50.0


def test_an_empty_run_is_still_a_file():
    assert "session" in read(fit_activity(some_seconds(0), STARTED))


def test_a_taken_name_is_said(tmp_path):
    path = tmp_path / "run.fit"
    write_fit(path, some_seconds(), STARTED)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="exists already"):
        write_fit(path, some_seconds(), STARTED)


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "garmin_fit_sdk", None)
    with pytest.raises(GaitError, match="shoegait\\[fit\\]"):
        fit_activity(some_seconds(), STARTED)


def test_every_message_has_the_fields_that_garmins_recipe_names():
    """The SDK's cookbook, "Encoding FIT Activity Files"; what a message must say of the run."""
    begin = STARTED.astimezone(UTC).replace(microsecond=0)
    end = begin + timedelta(seconds=30)
    found = read(fit_activity(some_seconds(), STARTED, software="shoegait test"))
    (file_id,) = found["file_id"]
    assert (file_id["manufacturer"], file_id["product"]) == ("development", 0)
    assert file_id["serial_number"] == 1
    (device,) = found["device_info"]
    assert device["timestamp"] == begin
    assert (device["device_index"], device["manufacturer"]) == ("creator", "development")
    assert (device["product"], device["product_name"]) == (0, "shoegait test")
    (developer,) = found["developer_data_id"]
    assert developer["developer_data_index"] == 0
    assert developer["manufacturer_id"] == "development"
    assert {(one["field_name"], one["units"]) for one in found["field_description"]} >= {
        ("Pronation left", "deg"),
        ("Impact right", "g"),
    }
    starts_and_stops = [(one["timestamp"], one["event_type"]) for one in found["event"]]
    assert starts_and_stops == [(begin, "start"), (end, "stop_all")]
    assert {one["event"] for one in found["event"]} == {"timer"}
    (session,), (lap,) = found["session"], found["lap"]
    assert (session["first_lap_index"], session["num_laps"]) == (0, 1)
    assert (session["event"], session["event_type"]) == ("session", "stop")
    assert (session["trigger"], session["sub_sport"]) == ("activity_end", "generic")
    assert (lap["event"], lap["event_type"]) == ("lap", "stop")
    assert lap["lap_trigger"] == "session_end"
    for total in (session, lap):
        assert total["message_index"] == 0
        assert (total["start_time"], total["timestamp"]) == (begin, end)
        assert total["total_elapsed_time"] == 30.0
        assert total["enhanced_avg_speed"] == pytest.approx(3.1)
        assert total["enhanced_max_speed"] == pytest.approx(3.1)
        assert total["avg_vertical_oscillation"] == pytest.approx(78.4)
        assert total["avg_step_length"] == pytest.approx(1120.0)
        assert total["avg_stance_time_balance"] == pytest.approx(100 * 251 / 492, abs=0.01)
        cadence = total["avg_running_cadence"] + total["avg_fractional_cadence"]
        assert cadence == pytest.approx((165.0 + 0.1 * 17) / 2, abs=0.01)
    (activity,) = found["activity"]
    assert (activity["timestamp"], activity["num_sessions"]) == (end, 1)
    assert activity["total_timer_time"] == 30.0
    assert (activity["type"], activity["event"]) == ("manual", "activity")
    assert activity["event_type"] == "stop"
    kinds = [record["activity_type"] for record in found["record"]]
    assert kinds == ["walking"] * 5 + ["running"] * 25
