"""Runs from files of other makers: what is in them comes out, named as theirs."""

import gzip
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from foreign_files import (
    BEGIN,
    STRYD_HEADER,
    fit_file,
    gpx,
    runscribe_csv,
    stryd_rows,
    table,
    tcx,
    watch_records,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.measures.session_table import ROWS
from gait.model.history import ONLY_FOREIGN, ForeignRun
from gait.recording.foreign import read_foreign


def run_of(tmp_path, name: str, content: str | bytes) -> ForeignRun:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (run,) = read_foreign(path)
    return run


def told(run: ForeignRun) -> dict[tuple[str, str], float]:
    return {(m.name, m.side): m.value for m in run.measures}


def test_a_watch_alone_gives_its_running_dynamics(tmp_path):
    data = fit_file(watch_records(), total_timer_time=115.0, total_distance=357.0)
    run = run_of(tmp_path, "a.fit", data)
    assert (run.maker, run.source, run.points) == ("Garmin", "a.fit", 120)
    assert datetime.fromisoformat(run.started_at) == BEGIN
    assert datetime.fromisoformat(run.ended_at) == BEGIN + timedelta(seconds=119)
    assert (run.duration_s, run.distance_m) == (115.0, 357.0)
    assert told(run) == pytest.approx(
        {
            ("cadence_spm", "both"): 172.0,
            ("speed_m_s", "both"): 3.0,
            ("contact_ms", "both"): 248.0,
            ("vertical_oscillation_mm", "both"): 82.0,
            ("step_length_m", "both"): 1.046,
            ("heart_rate_bpm", "both"): 141.0,
        }
    )


RUNSCRIBE_FIELDS = [
    ("IG_L", "G"),
    ("BG_L", "G"),
    ("FS_L", ""),
    ("P_L", "D"),
    ("FR_L", "%"),
    ("GCT_L", "ms"),
    ("IG_R", "G"),
    ("P_R", "D"),
    ("Power", "W"),
]


def test_runscribe_in_fit_has_both_feet_and_leaves_zeros_out(tmp_path):
    values = [11.5, 8.0, 5.0, -10.5, 12.0, 251.0, 12.25, -14.0, 260.0]
    rows = [[0.0] * 9 if i < 50 else values for i in range(120)]
    run = run_of(tmp_path, "r.fit", fit_file(watch_records(), fields=RUNSCRIBE_FIELDS, told=rows))
    assert run.maker == "RunScribe"
    found = told(run)
    assert found["impact_g", "left"] == 11.5
    assert found["impact_g", "right"] == 12.25
    assert found["pronation_excursion_deg", "left"] == 10.5  # inward is negative with them
    assert found["pronation_excursion_deg", "right"] == 14.0
    assert found["contact_ms", "left"] == 251.0
    assert ("contact_ms", "both") not in found  # the watch's own gives way
    assert found["heart_rate_bpm", "both"] == 141.0
    assert {m.n for m in run.measures if m.side != "both"} == {70}
    assert any("15.94" in note for note in run.notes)


@pytest.mark.parametrize("names", [("IG", "GCT"), ("currImpactGs", "currContactTime")])
def test_runscribe_that_keeps_the_mean_of_both_feet(tmp_path, names):
    data = fit_file(watch_records(), fields=[(n, "") for n in names], told=[[9.5, 270.0]] * 120)
    found = told(run_of(tmp_path, "r.fit", data))
    assert (found["impact_g", "both"], found["contact_ms", "both"]) == (9.5, 270.0)


@pytest.mark.parametrize(("cadence", "notes"), [(86.0, 1), (172.0, 0)])
def test_stryd_in_fit(tmp_path, cadence, notes):
    fields = [("Power", "Watts"), ("Form Power", "Watts"), ("Leg Spring Stiffness", "kN/m")]
    fields += [("Vertical Oscillation", "Centimeters"), ("Cadence", "RPM")]
    data = fit_file(watch_records(), fields=fields, told=[[250.0, 62.0, 10.2, 6.5, cadence]] * 120)
    run = run_of(tmp_path, "s.fit", data)
    assert (run.maker, len(run.notes)) == ("Stryd", notes)
    found = told(run)
    assert found["power_w", "both"] == 250.0
    assert found["form_power_w", "both"] == 62.0
    assert found["leg_stiffness_kn_m", "both"] == pytest.approx(10.2, rel=1e-6)
    assert found["vertical_oscillation_mm", "both"] == pytest.approx(65.0)
    assert found["cadence_spm", "both"] == 172.0


def test_every_measure_has_words_and_the_unit_of_ours(tmp_path):
    files = {
        "a.fit": fit_file(watch_records()),
        "b.fit": fit_file(watch_records(), fields=RUNSCRIBE_FIELDS, told=[[5.0] * 9] * 120),
        "s.csv": table(STRYD_HEADER, stryd_rows()),
        "left.csv": runscribe_csv(),
    }
    for name, content in files.items():
        for measure in run_of(tmp_path, name, content).measures:
            known = ROWS.get(measure.name)
            unit = known.unit if known else ONLY_FOREIGN[measure.name][1]
            assert measure.unit == unit, (name, measure)


STRYD = {
    ("power_w_kg", "both"): 3.6,
    ("form_power_w_kg", "both"): 0.9,
    ("air_power_w_kg", "both"): 0.0,
    ("speed_m_s", "both"): 3.1,
    ("leg_stiffness_kn_m", "both"): 10.5,
    ("contact_ms", "both"): 231.0,
    ("cadence_spm", "both"): 174.0,
    ("vertical_oscillation_mm", "both"): 65.0,
    ("heart_rate_bpm", "both"): 150.0,
}


@settings(max_examples=60, deadline=None)
@given(
    separator=st.sampled_from(",;\t"),
    bom=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n"]),
    order=st.permutations(range(len(STRYD_HEADER))),
    empty=st.sets(st.integers(0, 119), max_size=50),
    words=st.sampled_from(["", "NaN", "--", "n/a"]),
    one_foot=st.booleans(),
    packed=st.booleans(),
)
def test_stryd_csv_however_it_was_saved(
    tmp_path_factory, separator, bom, ends, order, empty, words, one_foot, packed
):
    """Columns in any order, cells empty, another spreadsheet's separators: the same medians."""
    rows = stryd_rows(cadence=87.0 if one_foot else 174.0)
    cells = [
        [words if i in empty and column > 7 else row[column] for column in order]
        for i, row in enumerate(rows)
    ]
    header = [STRYD_HEADER[column] for column in order]
    text = table(header, cells, separator, comma=separator != ",").replace("\n", ends)
    data = text.encode("utf-8-sig" if bom else "utf-8")
    path = tmp_path_factory.mktemp("stryd") / "whatever.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    (run,) = read_foreign(path)
    assert told(run) == pytest.approx(STRYD)
    assert (run.maker, run.duration_s) == ("Stryd", 119.0)
    assert run.distance_m == pytest.approx(3.1 * 119)
    assert len(run.notes) == one_foot


def test_a_pause_in_stryd_csv_is_no_time_of_running(tmp_path):
    rows = stryd_rows()
    for row in rows[60:]:
        row[0] += 600.0
    run = run_of(tmp_path, "s.csv", table(STRYD_HEADER, rows))
    assert run.duration_s == 118.0
    assert datetime.fromisoformat(run.ended_at) == BEGIN + timedelta(seconds=719)


@pytest.mark.parametrize(("name", "side"), [("run_1left.csv", "left"), ("run_1Right.csv", "right")])
def test_runscribe_csv_is_of_the_foot_its_name_says(tmp_path, name, side):
    run = run_of(tmp_path, name, runscribe_csv())
    assert run.maker == "RunScribe"
    assert told(run) == pytest.approx(
        {
            ("impact_g", side): 11.5,
            ("braking_g", side): 8.5,
            ("footstrike_type", side): 5.0,
            ("pronation_excursion_deg", side): 10.5,
            ("pronation_velocity_deg_s", side): 640.0,
            ("contact_ms", side): 290.0,
            ("cadence_spm", side): 168.0,
            ("stride_length_m", side): 8.0 * 0.3048,
        }
    )
    assert run.duration_s == pytest.approx(63.0)
    assert run.distance_m == pytest.approx(0.135 * 1609.344)
    assert datetime.fromisoformat(run.started_at) == datetime(2026, 5, 17, 8, 30).astimezone()


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize(
    ("begin", "offset_h"),
    [("2026-10-25 02:50:00", 2), ("2026-03-29 01:50:00", 1)],
    ids=["autumn", "spring"],
)
def test_runscribe_csv_over_a_change_of_clocks(tmp_path, monkeypatch, begin, offset_h, counted):
    """Twenty minutes from ten minutes before the clocks in Berlin are changed."""
    utc = datetime.fromisoformat(f"{begin}+0{offset_h}:00")
    zone = ZoneInfo("Europe/Berlin")
    rows = [
        [f"{(utc + timedelta(seconds=i)).astimezone(zone):%Y-%m-%d %H:%M:%S}", i, 11.5, 8.5, 290]
        for i in range(1200)
    ]
    header = ["datetime", " time (s)", " impact_gs", " braking_gs", " contact_time (ms)"]
    if not counted:
        header, rows = [header[0], *header[2:]], [[row[0], *row[2:]] for row in rows]
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        run = run_of(tmp_path, "left.csv", table(header, rows))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert datetime.fromisoformat(run.started_at) == utc
    assert datetime.fromisoformat(run.ended_at) == utc + timedelta(seconds=1199)
    assert run.duration_s == 1199.0


def test_runscribe_csv_without_a_foot_in_its_name_says_so(tmp_path):
    run = run_of(tmp_path, "run.csv", runscribe_csv())
    assert {m.side for m in run.measures} == {"both"}
    assert any("left or right" in note for note in run.notes)


def test_tcx_and_gpx_give_time_distance_and_heart_rate(tmp_path):
    run = run_of(tmp_path, "a.tcx", tcx())
    assert (run.maker, run.duration_s, run.distance_m) == ("TCX file", 39.0, 117.0)
    assert told(run) == {("heart_rate_bpm", "both"): 150.0}
    run = run_of(tmp_path, "a.gpx", gpx("<type>running</type>"))
    assert (run.maker, run.duration_s, run.measures) == ("GPX file", 400.0, [])
    assert run.distance_m == pytest.approx(1852.0, rel=0.003)
    assert "along the points" in run.notes[0]


def test_the_same_content_has_the_same_key_packed_or_renamed(tmp_path):
    data = fit_file(watch_records())
    keys = {
        run_of(tmp_path, "a.fit", data).key,
        run_of(tmp_path, "b", data).key,
        run_of(tmp_path, "c.fit.gz", gzip.compress(data)).key,
    }
    assert len(keys) == 1
    assert run_of(tmp_path, "d.fit", fit_file(watch_records(119))).key not in keys
