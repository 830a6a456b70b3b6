"""`gait import` as a runner uses it: a folder of other makers' files, good and bad."""

from datetime import timedelta
from pathlib import Path

import pytest
from foreign_files import (
    BEGIN,
    STRYD_HEADER,
    fit_file,
    runscribe_csv,
    stryd_rows,
    table,
    watch_records,
)

from gait.roster import Roster


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "home" / "roster.db"
    monkeypatch.setenv("GAIT_ROSTER", str(path))
    with Roster() as roster:
        roster.athletes.add("Anna Berg")
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three runs of three devices, and two files that are none."""
    folder = tmp_path / "watch"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "a.FIT").write_bytes(
        fit_file(watch_records(), begin=BEGIN + timedelta(days=2))
    )
    (folder / "stryd.csv").write_text(table(STRYD_HEADER, stryd_rows()))
    (folder / "run_1left.csv").write_text(runscribe_csv())
    (folder / "cut.fit").write_bytes(fit_file(watch_records())[:-99])
    (folder / "weights.csv").write_text("day,weight\n1,61\n")
    (folder / "notes.txt").write_text("not asked for")
    return folder


def test_a_folder_is_kept_once_and_bad_files_are_one_sentence_each(gait, folder):
    code, out, err = gait("import", folder, "--athlete", "anna berg")
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert sum("cut.fit" in line and "is cut off" in line for line in lines) == 1
    assert sum("weights.csv" in line and "not one of" in line for line in lines) == 1
    assert lines[-1] == "Anna Berg: 3 kept, 2 not, for the reasons above."
    assert "notes.txt" not in err
    (folder / "cut.fit").unlink()
    (folder / "weights.csv").unlink()
    code, _, err = gait("import", folder, "-a", "Anna Berg")
    assert (code, err) == (0, "Anna Berg: 0 kept, 3 kept before.\n")


def test_they_are_shown_with_their_makers_and_counted(gait, folder):
    gait("import", folder, "--athlete", "Anna Berg")
    code, out, _ = gait("roster", "show", "Anna Berg", "--weeks", "104")
    assert code == 0
    (stryd,) = (line for line in out.splitlines() if line.startswith("Stryd"))
    assert "contact time 231 ms" in stryd
    assert "power 3.60 W/kg" in stryd
    (runscribe,) = (line for line in out.splitlines() if line.startswith("RunScribe"))
    assert "impact left 11.5 g" in runscribe
    assert any(line.startswith("Garmin") for line in out.splitlines())
    assert "other makers' figures" in out
    assert gait("roster", "list")[1].splitlines()[1].split()[2] == "–"  # no session of ours


def test_a_session_is_sent_to_its_own_command(gait, tmp_path):
    gait("simulate", tmp_path / "run.gait", "--seconds", "12")
    code, _, err = gait("import", tmp_path / "run.gait", "--athlete", "Anna Berg")
    assert code == 1
    assert "gait roster import" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--athlete", "Anna Borg"), "did you mean Anna Berg"),
        (("--athlete", "Anna Berg", "--shoe", "Pegasus"), "no shoe of Anna Berg"),
    ],
)
def test_an_unknown_name_is_one_sentence_and_changes_nothing(gait, path, folder, arguments, said):
    before = path.read_bytes()
    code, out, err = gait("import", folder, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert path.read_bytes() == before


def test_an_empty_folder_is_said(gait, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = gait("import", tmp_path / "empty", "--athlete", "Anna Berg")
    assert (code, err) == (2, "gait: There is no FIT, TCX, GPX or CSV file there.\n")


def test_in_the_shoes_that_are_named(gait, folder):
    with Roster() as roster:
        roster.shoes.add(roster.athletes.find("Anna Berg"), "Ride")
    gait("import", folder / "stryd.csv", "--athlete", "Anna Berg")
    with Roster() as roster:
        assert [s.km for s in roster.shoes.all(roster.athletes.find("Anna Berg"))] == [0.0]
    gait("import", folder / "2026", "--athlete", "Anna Berg", "--shoe", "ride")
    with Roster() as roster:
        (shoe,) = roster.shoes.all(roster.athletes.find("Anna Berg"))
        assert shoe.km == pytest.approx(0.357)
