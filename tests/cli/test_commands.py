"""The command as its user meets it: results on stdout, one sentence on stderr, exit codes."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from contract import STRIDE_COLUMNS
from virtual_run import session_path

from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.model import Side
from gait.recording import SessionWriter, open_session, read_table, write_table
from gait.simulate.disturbance import shift_clock


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[Side, Path]:
    folder = tmp_path_factory.mktemp("tables")
    paths = {}
    for side, foot in virtual_feet(SimulateOptions("easy_run", 16.0)).items():
        paths[side] = folder / f"{side}.csv"
        write_table(paths[side], foot.samples)
    return paths


def one_sentence(err: str) -> bool:
    return err.startswith("gait: ") and err.count("\n") == 1 and "Traceback" not in err


def test_analyze_writes_everything_that_was_asked_for(gait, tmp_path) -> None:
    strides, report = tmp_path / "s.csv", tmp_path / "r.html"
    code, out, _ = gait(
        "analyze", session_path(), "--json", "-", "--strides", strides, "--report", report
    )
    assert code == 0
    summary = json.loads(out)  # nothing but the result on stdout
    assert summary["measures"]["both"]["cadence_spm"]["value"] > 150
    rows = list(csv.DictReader(strides.open()))
    assert set(STRIDE_COLUMNS) <= set(rows[0])
    assert {r["side"] for r in rows} == {"left", "right"}
    assert {r["activity"] for r in rows} == {"run"}
    assert report.read_text().lstrip().lower().startswith("<!doctype html")
    assert strides.stat().st_mode & 0o077 == 0
    assert report.stat().st_mode & 0o077 == 0


def test_tables_of_one_and_of_both_feet(gait, tables) -> None:
    code, out, _ = gait("analyze", tables[Side.LEFT], "--side", "left", "--json", "-")
    assert code == 0
    assert json.loads(out)["measures"]["right"] == {}
    code, out, _ = gait(
        "analyze", "--left", tables[Side.LEFT], "--right", tables[Side.RIGHT], "--json", "-"
    )
    assert json.loads(out)["measures"]["both"]["flight_ms"]["value"] is not None


def test_two_clocks_are_said_to_be_one_or_two(gait, tables, tmp_path) -> None:
    """The right table counts its time from another moment."""
    samples = read_table(tables[Side.RIGHT], side=Side.RIGHT).samples
    later = tmp_path / "later.csv"
    write_table(later, shift_clock(samples, 500.0))
    feet = ("analyze", "--left", tables[Side.LEFT], "--right", later)
    code, out, err = gait(*feet, "--json", "-")
    assert code == 0
    unknown = json.loads(out)
    assert unknown["clocks"] == "separate"
    assert unknown["doubts"][0]["sentence"] in err
    assert "--clock shared" in err
    assert unknown["measures"]["both"]["flight_ms"]["value"] is None
    assert unknown["duration_s"] < 60.0
    _, out, err = gait(*feet, "--clock", "separate", "--json", "-")
    assert json.loads(out)["doubts"] == []
    feet = ("analyze", "--left", tables[Side.LEFT], "--right", tables[Side.RIGHT])
    _, out, _ = gait(*feet, "--clock", "separate", "--json", "-")
    assert json.loads(out)["measures"]["both"]["flight_ms"]["value"] is None
    _, out, _ = gait(*feet, "--clock", "shared", "--json", "-")
    assert json.loads(out)["measures"]["both"]["flight_ms"]["value"] is not None


def test_the_wrong_side_is_named_and_mended(gait, tables) -> None:
    code, out, _ = gait("analyze", tables[Side.LEFT], "--side", "right")
    assert code == 0
    assert "looks like the left shoe" in " ".join(out.split())
    _, out, _ = gait("analyze", session_path(), "--swap", "--json", "-")
    assert [doubt["check"] for doubt in json.loads(out)["doubts"]] == ["side"]


def test_the_summary_in_words_reads_without_colour(gait) -> None:
    code, out, err = gait("analyze", session_path())
    assert code == 0
    assert "\x1b[" not in out
    assert "diagnos" not in out.replace("not a diagnosis", "").replace("not diagnosis", "")
    assert "Traceback" not in err


def test_replay_as_fast_as_it_goes(gait) -> None:
    code, out, err = gait("replay", session_path(), "--speed", "0")
    assert code == 0
    assert "steps/min" in out + err


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze",),
        ("analyze", "SESSION", "--side", "left"),
        ("analyze", "TABLE"),
        ("analyze", "SESSION", "--left", "TABLE"),
        ("analyze", "SESSION", "--clock", "shared"),
        ("analyze", "TABLE", "--side", "left", "--swap"),
        ("analyze", "--left", "TABLE", "--right", "TABLE", "--swap"),
        ("analyze", "SESSION", "--strides", "TAKEN"),
        ("simulate", "TAKEN"),
        ("simulate", "NEW", "--drop", "left"),
        ("simulate", "NEW", "--scenario", "swim"),
        ("simulate", "NEW", "--date", "yesterday"),
        ("simulate", "NEW", "--speed", "40"),
        ("simulate", "NEW", "--scenario", "walk", "--speed", "3"),
        ("evidence", "housemaid's knee"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(gait, tables, tmp_path, arguments) -> None:
    taken = tmp_path / "taken.gait"
    taken.write_bytes(b"something")
    known = {
        "SESSION": session_path(),
        "TABLE": tables[Side.LEFT],
        "TAKEN": taken,
        "NEW": tmp_path / "new.gait",
    }
    code, out, err = gait(*(known.get(a, a) for a in arguments))
    assert code == 2
    assert out == ""
    assert one_sentence(err), err
    assert taken.read_bytes() == b"something"


def test_a_virtual_run_has_the_date_and_the_speed_asked_for(gait, tmp_path) -> None:
    run = tmp_path / "run.gait"
    asked = ("--date", "2026-05-17T18:30+02:00", "--speed", "3.4", "--seconds", "20")
    assert gait("simulate", run, *asked)[0] == 0
    assert open_session(run).started_at == "2026-05-17T16:30:00+00:00"
    summary = json.loads(gait("analyze", run, "--json", "-")[1])
    assert summary["measures"]["both"]["speed_m_s"]["value"] == pytest.approx(3.4, abs=0.15)


def test_names_in_brackets_are_told_as_they_are(gait, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))
    run, page, name = tmp_path / "run [old].gait", tmp_path / "page [b].html", "Al [/b] Bo"
    assert gait("roster", "add", name)[0] == 0
    code, _, err = gait("simulate", run, "--seconds", "16")
    assert (code, err) == (0, f"Made {run}\n")
    code, _, err = gait("report", run, "-o", page, "--athlete", name)
    assert code == 0
    assert f"Kept in the roster: {name}," in err
    assert f"Report: {page}" in err
    code, _, err = gait("analyze", run, "--report", tmp_path / "other [b].html", "--athlete", name)
    assert code == 0
    assert "other [b].html" in err
    code, _, err = gait("export", run, "--to", "csv", "-o", tmp_path / "csv [b]")
    assert (code, err) == (0, f"Exported: {tmp_path / 'csv [b]'}\n")


def changed(table: Path, to: Path, change) -> Path:
    lines = table.read_text().splitlines()
    to.write_text("\n".join(change(lines)) + "\n")
    return to


def test_bad_files_are_one_sentence_and_exit_code_1(gait, tables, tmp_path) -> None:
    table = tables[Side.LEFT]
    bad = {
        "missing.gait": None,
        "empty.csv": b"",
        "random.gait": bytes(np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8)),
        "words.csv": b"to be or not to be\n" * 100,
    }
    for name, content in bad.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        code, out, err = gait("analyze", tmp_path / name, "--side", "left")
        assert code == 1, name
        assert out == ""
        assert one_sentence(err), err

    def without_gyro_z(lines):
        return [line.rsplit(",", 1)[0] for line in lines]

    def backwards(lines):
        return [lines[0], *reversed(lines[1:])]

    def mixed(lines):
        return [lines[0].replace("acc_y_m_s2", "acc_y_g"), *lines[1:]]

    for change, word in ((without_gyro_z, "gyr_z"), (backwards, "time"), (mixed, "acc_")):
        path = changed(table, tmp_path / f"{change.__name__}.csv", change)
        code, out, err = gait("analyze", path, "--side", "left")
        assert code == 1
        assert one_sentence(err), err
        assert word in err.lower()


def test_rows_that_are_no_numbers_are_left_out_and_said(gait, tables, tmp_path) -> None:
    def with_nan(lines):
        cells = lines[3000].split(",")
        lines[3000] = ",".join([cells[0], "nan", *cells[2:]])
        return lines

    path = changed(tables[Side.LEFT], tmp_path / "nan.csv", with_nan)
    code, out, _ = gait("analyze", path, "--side", "left", "--json", "-")
    assert code == 0
    summary = json.loads(out)
    assert summary["notes"]
    assert summary["measures"]["left"]["cadence_spm"]["value"] > 150


def test_a_session_cut_off_in_the_middle_is_analysed_as_far_as_it_goes(gait, tmp_path) -> None:
    whole = session_path().read_bytes()
    path = tmp_path / "cut.gait"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    code, out, _ = gait("analyze", path, "--json", "-")
    assert code == 0
    summary = json.loads(out)
    assert summary["notes"]
    assert summary["strides"]["left"]["running"] > 3


def test_an_empty_recording_and_two_left_feet(gait, tmp_path) -> None:
    info = open_session(session_path()).sensors[0]
    for name, sensors in (("empty.gait", [info]), ("left.gait", [info, info])):
        with SessionWriter(tmp_path / name, started_at="2026-01-01T10:00:00Z", software="t") as w:
            for sensor in sensors:
                w.add_sensor(sensor)
    code, out, _ = gait("analyze", tmp_path / "empty.gait", "--json", "-")
    assert code == 0
    assert json.loads(out)["measures"]["both"]["cadence_spm"]["value"] is None
    code, _, err = gait("analyze", tmp_path / "left.gait")
    assert code == 1
    assert one_sentence(err)
    assert "left" in err


def test_no_bluetooth_is_one_sentence(gait, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent")
    for arguments in (("scan", "--seconds", "1"), ("record", tmp_path / "x.gait")):
        code, out, err = gait(*arguments)
        assert code == 1
        assert out == ""
        assert one_sentence(err), err
    assert not (tmp_path / "x.gait").exists()


def test_doctor_and_evidence_speak(gait) -> None:
    code, out, _ = gait("doctor")
    assert code == 0
    assert "Step detector" in out
    code, out, _ = gait("evidence")
    assert code == 0
    assert "plantar fasciitis" in out.lower()
    code, out, _ = gait("evidence", "plantar fasciitis")
    assert code == 0


def test_every_command_has_help_with_an_example(gait) -> None:
    for command in (
        "demo",
        "scan",
        "record",
        "replay",
        "analyze",
        "simulate",
        "evidence",
        "doctor",
        "shoes",
    ):
        code, out, _ = gait(command, "--help")
        assert code == 0
        assert f"gait {command}" in out


def test_help_loads_neither_numba_nor_the_radio() -> None:
    asked = "import sys; import gait.cli.main; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    for heavy in ("numba", "bleak", "bumble", "scipy", "matplotlib", "jinja2", "yaml"):
        assert heavy not in loaded
