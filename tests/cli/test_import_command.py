"""`gait import` as a runner uses it: a folder of other makers' files, good and bad."""

from datetime import timedelta
from pathlib import Path

import pytest
from foreign_files import (
    BEGIN,
    STRYD_HEADER,
    fit_file,
    fit_of_legs,
    runscribe_csv,
    stryd_rows,
    table,
    watch_records,
)

from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.recording import write_table
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


def test_one_door_takes_whatever_is_there(gait, folder, tmp_path):
    """A session, runs of watches and an archive, in one command and once."""
    with Roster() as roster:
        roster.athletes.add("Ben")
    gait("roster", "export", "Ben", tmp_path / "ben.gaitroster")
    gait("roster", "delete", "Ben", "--yes")
    (folder / "cut.fit").unlink()
    (folder / "weights.csv").unlink()
    gait("simulate", folder / "run.gait", "--seconds", "12", "--date", "2026-05-20T18:30")
    files = (folder, tmp_path / "ben.gaitroster")
    code, _, err = gait("import", *files, "--athlete", "Anna Berg")
    assert code == 0, err
    assert "Added: Ben; 0 of 0 sessions are new." in err
    assert err.splitlines()[-1] == "Anna Berg: 4 kept."
    with Roster() as roster:
        anna = roster.athletes.find("Anna Berg")
        assert len(roster.sessions.all(anna)) == 1
        assert len(roster.foreign.all(anna)) == 3
    code, _, err = gait("import", *files, "--athlete", "Anna Berg")
    assert (code, err.splitlines()[-1]) == (0, "Anna Berg: 0 kept, 4 kept before.")


def test_an_archive_needs_no_name_and_all_else_does(gait, folder, tmp_path):
    archive = tmp_path / "anna.gaitroster"
    gait("roster", "export", "Anna Berg", archive)
    theirs = ("--roster", tmp_path / "theirs.db")
    code, _, err = gait("import", archive, *theirs)
    assert (code, err) == (0, "Added: Anna Berg; 0 of 0 sessions are new.\n")
    code, _, err = gait("import", folder / "stryd.csv", *theirs)
    assert (code, err.count("\n")) == (2, 1)
    assert "with --athlete NAME" in err


def test_tables_are_kept_with_their_date(gait, tmp_path):
    for side, foot in virtual_feet(SimulateOptions("easy_run", 14.0)).items():
        write_table(tmp_path / f"run_{side}.csv", foot.samples)
    code, _, err = gait("import", tmp_path, "--athlete", "Anna Berg")
    assert code == 1
    assert "say so with --date" in err
    for kept in ("1 kept", "1 kept before"):
        code, _, err = gait("import", tmp_path, "-a", "Anna Berg", "--date", "2026-05-17T18:30")
        assert code == 0
        assert kept in err
    assert (tmp_path / "run_left.csv").exists()


def test_old_names_go_on_working(gait, folder):
    code, _, err = gait("roster", "import", folder / "stryd.csv", "--athlete", "Anna Berg")
    assert (code, err) == (0, "Anna Berg: 1 kept.\n")


def test_what_is_no_run_is_passed_over_in_a_folder_and_refused_by_name(gait, tmp_path):
    folder = tmp_path / "watch"
    folder.mkdir()
    for name, sport in (("a", "running"), ("b", "cycling"), ("c", "cycling"), ("d", "swimming")):
        data = fit_of_legs([(sport, "generic", 300, 3.0, 150)])
        (folder / f"{name}.fit").write_bytes(data)
    code, _, err = gait("import", folder, "-a", "Anna Berg")
    assert (code, err.splitlines()) == (
        0,
        [
            f"Passed over, cycling: {folder / 'b.fit'}, {folder / 'c.fit'}.",
            f"Passed over, swimming: {folder / 'd.fit'}.",
            "Anna Berg: 1 kept, 3 passed over.",
        ],
    )
    code, _, err = gait("import", folder / "b.fit", "-a", "Anna Berg")
    assert code == 1
    assert "b.fit is not on foot (cycling)" in err


def test_a_multisport_file_is_as_many_runs(gait, tmp_path):
    legs = [(sport, "generic", 300, 3.0, 150) for sport in ("running", "cycling", "running")]
    (tmp_path / "duathlon.fit").write_bytes(fit_of_legs(legs))
    code, _, err = gait("import", tmp_path / "duathlon.fit", "-a", "Anna Berg")
    assert (code, err.splitlines()) == (
        0,
        ["Left out, as no run: cycling.", "Anna Berg: 2 kept."],
    )
    with Roster() as roster:
        runs = roster.foreign.all(roster.athletes.find("Anna Berg"))
        assert [(run.km, run.counted) for run in runs] == [(0.9, True), (0.9, True)]
    assert "2 kept before" in gait("import", tmp_path / "duathlon.fit", "-a", "Anna Berg")[2]


def test_the_day_is_that_of_the_place(gait, tmp_path):
    """Late in the evening in Honolulu it is the next day in UTC, and on this computer."""
    begin = BEGIN.replace(hour=8)  # 22:00 the day before
    data = fit_of_legs([("running", "generic", 300, 3.0, 150)], begin=begin, offset_s=-36000)
    (tmp_path / "run.fit").write_bytes(data)
    gait("import", tmp_path / "run.fit", "-a", "Anna Berg")
    with Roster() as roster:
        (run,) = roster.foreign.all(roster.athletes.find("Anna Berg"))
        assert run.day.isoformat() == "2026-05-16"


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
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("gait: There is nothing to import there")


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
