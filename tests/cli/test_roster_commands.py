"""`gait roster` and `--athlete` as a coach uses them: what is kept, said and deleted."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from virtual_run import session_path

from gait.athletes.reassess import FRESH_DAYS, profile_answers, reassessed
from gait.cli import main
from gait.cli.simulate import SimulateOptions, virtual_feet, write_session
from gait.recording import SessionWriter, open_session, write_jsonl, write_table
from gait.roster import Roster
from gait.roster.moments import moment_of


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch) -> Path:
    """A roster of its own for every test."""
    path = tmp_path / "home" / "roster.db"
    monkeypatch.setenv("GAIT_ROSTER", str(path))
    return path


@pytest.fixture
def anna(gait) -> str:
    assert gait("roster", "add", "Anna Berg", "--height", "1.68", "--group", "Youth")[0] == 0
    return "Anna Berg"


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """Three different sessions of three days."""
    folder = tmp_path_factory.mktemp("runs")
    for number in range(3):
        options = SimulateOptions("easy_run", 14.0, seed=number + 1)
        write_session(folder / "raw.gait", virtual_feet(options), options, overwrite=True)
        dated(folder / "raw.gait", folder / f"r{number}.gait", f"2026-05-0{number + 1}T10:00:00Z")
    (folder / "raw.gait").unlink()
    return folder


def dated(path: Path, to: Path, started_at: str) -> None:
    """The same session on another day."""
    session = open_session(path)
    with SessionWriter(to, started_at=started_at, software="test", overwrite=True) as writer:
        for info in session.sensors:
            writer.add_sensor(info)
        for item in session.items():
            writer.write(item)


def one_sentence(err: str) -> bool:
    return err.startswith("gait: ") and err.count("\n") == 1 and "Traceback" not in err


def test_a_coach_adds_lists_shows_and_edits(gait, anna):
    assert gait("roster", "add", "Ben", "--born", "1990", "--sex", "male")[0] == 0
    code, out, err = gait("roster", "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["Anna", "Ben"]
    assert gait("roster", "list", "--search", "BEN")[1].count("\n") == 2
    assert "Ben" not in gait("roster", "list", "--group", "youth")[1]
    code, out, _ = gait("roster", "edit", "ben", "--mass", "71", "--unknown", "born", "--join", "A")
    assert (code, out) == (0, "Ben: 71 kg, male, in A\n")
    code, out, _ = gait("roster", "edit", "ben", "--rename", "Benno", "--leave", "a")
    assert (code, out) == (0, "Benno: 71 kg, male\n")
    code, out, _ = gait("roster", "show", "BENNO")
    assert code == 0
    assert "none yet; `gait checkup Benno` asks" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("roster", "show", "Anma Berg"),
        ("roster", "add", "anna berg"),
        ("roster", "add", "Ben", "--height", "168"),
        ("roster", "edit", "Anna Berg"),
        ("roster", "list", "--group", "Nobody"),
        ("roster", "delete", "Anna Berg"),
        ("roster", "shoe", "retire", "Anna Berg", "Pegasus"),
        ("roster", "log", "Anna Berg", "2026-05-03"),
        ("roster", "goal", "Anna Berg", "none such", "--reached"),
        ("roster", "move", "1"),
        ("roster", "move", "1", "--shoe", "Pegasus"),
        ("roster", "drop", "1"),
        ("roster", "import", ".", "--athlete", "Ben"),
        ("analyze", "none.gait", "--shoe", "Pegasus"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(gait, anna, path, arguments):
    before = path.read_bytes()
    code, out, err = gait(*arguments)
    assert (code, out) == (2, "")
    assert one_sentence(err) or (arguments[1] == "delete" and "add --yes" in err)
    assert path.read_bytes() == before


def test_a_folder_is_imported_once_whatever_is_in_it(gait, anna, runs, tmp_path):
    folder = tmp_path / "folder"
    shutil.copytree(runs, folder / "deeper")
    write_jsonl(open_session(runs / "r1.gait"), folder / "again.jsonl.gz")
    (folder / "bad.gait").write_bytes(b"rubbish")
    (folder / "notes.txt").write_text("not a session")
    code, out, err = gait("roster", "import", folder, "--athlete", "anna berg")
    assert (code, out) == (1, "")
    assert "bad.gait is neither" in err
    assert "3 kept, 1 kept before, 1 not" in err
    with Roster() as roster:
        athlete = roster.athletes.find(anna)
        sessions = roster.sessions.all(athlete)
        assert [str(s.day) for s in sessions] == ["2026-05-03", "2026-05-02", "2026-05-01"]
        # the later ones know of the earlier ones
        assert reassessed(roster, sessions[0]).change_notes != []
        assert roster.sessions.summary(sessions[0]).assessment is None
        assert roster.history.trend(athlete, "cadence_spm", "both")[0].value > 150
    takes = "Not compared: that takes 5 earlier runs over 14 days in the same shoes"
    assert takes in gait("roster", "list")[2]
    assert takes in " ".join(gait("roster", "show", "Anna Berg")[1].split())
    (folder / "bad.gait").unlink()
    code, _, err = gait("roster", "import", folder, "--athlete", "anna berg")
    assert (code, err) == (0, "Anna Berg: 0 kept, 4 kept before.\n")
    code, _, err = gait("roster", "import", folder, "--athlete", "anna berg", "--again")
    assert (code, err) == (0, "Anna Berg: 3 kept, 1 kept before.\n")
    with Roster() as roster:
        assert len(roster.sessions.all()) == 3


def test_a_moved_recording_is_found_again_and_a_strangers_refused(gait, anna, runs, tmp_path):
    gait("roster", "add", "Ben")
    first = tmp_path / "first.gait"
    shutil.copyfile(runs / "r0.gait", first)
    assert gait("roster", "import", first, "--athlete", anna)[0] == 0
    first.rename(tmp_path / "second.gait")
    assert gait("roster", "import", tmp_path / "second.gait", "--athlete", anna)[0] == 0
    with Roster() as roster:
        (session,) = roster.sessions.all()
        assert session.recording == tmp_path / "second.gait"
    code, _, err = gait("roster", "import", tmp_path / "second.gait", "--athlete", "Ben")
    assert code == 1
    assert "is Anna Berg's already; move it to Ben" in err
    assert gait("roster", "move", session.id, "--athlete", "Ben")[0] == 0
    assert "kept before" in gait("roster", "import", tmp_path, "--athlete", "Ben")[2]
    assert gait("roster", "drop", session.id)[0] == 0
    with Roster() as roster:
        assert roster.sessions.all() == []


def test_a_recording_still_under_way_waits(gait, anna, tmp_path):
    path = tmp_path / "now.gait"
    writer = SessionWriter(path, started_at="2026-05-01T10:00:00Z", software="test")
    session = open_session(session_path())
    for info in session.sensors:
        writer.add_sensor(info)
    writer.commit()
    code, _, err = gait("roster", "import", path, "--athlete", anna)
    assert code == 1
    assert "still being recorded" in err
    writer.close()


def test_analyze_compares_with_earlier_runs_and_keeps_the_session(gait, anna, runs):
    gait("roster", "shoe", "add", anna, "Pegasus", "--km", "120", "--since", "2026-04-20")
    gait("roster", "import", runs / "r0.gait", runs / "r1.gait", "--athlete", anna)
    code, out, err = gait(
        "analyze", runs / "r2.gait", "--athlete", anna, "--shoe", "pegasus", "--json", "-"
    )
    assert code == 0
    assert "Kept in the roster: Anna Berg, 2026-05-03." in err
    summary = json.loads(out)
    assert summary["gear"].startswith("Pegasus; ")
    assert summary["changes"] == []
    assert any("more runs with these shoes" in note for note in summary["change_notes"])
    assert summary["load"]["shoe_km"] == pytest.approx(120, abs=1)
    with Roster() as roster:
        athlete = roster.athletes.find(anna)
        kept = roster.sessions.all(athlete)[0]
        assert kept.gear == summary["gear"]
        assert kept.recording == runs / "r2.gait"
        (pair,) = roster.shoes.all(athlete)
        metres = [s.metres or 0.0 for s in roster.sessions.all(athlete)]
        assert pair.km == pytest.approx(120.0 + sum(metres) / 1000.0)
    # the same with its name and shoe said again is the same
    assert gait("analyze", runs / "r2.gait", "--athlete", anna, "--json", "-")[1] == out
    with Roster() as roster:
        assert len(roster.sessions.all()) == 3


def test_tables_need_a_date_and_are_kept_once(gait, anna, tmp_path):
    for side, foot in virtual_feet(SimulateOptions("easy_run", 14.0)).items():
        write_table(tmp_path / f"{side}.csv", foot.samples)
    tables = ("analyze", "--left", tmp_path / "left.csv", "--right", tmp_path / "right.csv")
    code, out, err = gait(*tables, "--athlete", anna)
    assert (code, out) == (2, "")
    assert "say so with --date" in err
    for _ in range(2):
        assert gait(*tables, "--athlete", anna, "--date", "2026-05-17T18:30")[0] == 0
    with Roster() as roster:
        (session,) = roster.sessions.all()
        assert (session.day, session.recording) == (date(2026, 5, 17), None)


def test_athlete_and_profile_are_not_both_named(gait, anna, tmp_path):
    code, _, err = gait("analyze", session_path(), "--athlete", anna, "--profile", "me.yaml")
    assert code == 2
    assert one_sentence(err)
    code, _, err = gait("record", tmp_path, "--headless", "--athlete", anna)
    assert code == 2
    assert "gait import" in err


def test_a_recorded_run_is_kept_for_its_athlete(gait, anna, tmp_path):
    run = tmp_path / "run.gait"
    code, _, err = gait("record", run, "--virtual", "--seconds", "4", "--athlete", "nobody")
    assert code == 2
    assert not run.exists()
    code, _, err = gait(
        "record", run, "--virtual", "--seconds", "4", "--athlete", anna, "--notes", "windy"
    )
    assert code == 0
    assert "Kept in the roster: Anna Berg." in err
    with Roster() as roster:
        (session,) = roster.sessions.all(roster.athletes.find(anna))
        assert (session.recording, session.notes) == (run, "windy")
    assert "kept before" in gait("roster", "import", run, "--athlete", anna)[2]


def test_a_roster_that_fails_after_a_run_loses_nothing(gait, anna, tmp_path, monkeypatch):
    from gait.model import GaitError
    from gait.roster.sessions import Sessions

    def refuse(*_, **__):
        raise GaitError("The roster is in use by another program.")

    monkeypatch.setattr(Sessions, "register", refuse)
    run = tmp_path / "run.gait"
    code, out, err = gait("record", run, "--virtual", "--seconds", "4", "--athlete", anna)
    assert code == 0
    assert "keep it later with: gait import" in err
    assert "recorded" in out or "recording" in out


def test_the_roster_answers_what_a_profile_would(anna):
    with Roster() as roster:
        athlete = roster.athletes.find(anna)
        pair = roster.shoes.add(athlete, "Pegasus", since=date(2026, 4, 20), km_before=300.0)
        roster.checkups.keep(
            athlete,
            taken_on=date(2026, 5, 1),
            answers={
                "answered_on": "2026-05-01",
                "history": {"ankle_sprain": True},
                "pain": [{"where": "heel", "level": 3}],
            },
            version="1",
        )
        for day in (1, 3, 5):
            roster.diary.log(athlete, date(2026, 5, day), km=10.0, shoe=pair)
        moment = moment_of("2026-05-04T10:00:00Z")
        answers, remarks = profile_answers(roster, athlete, moment, pair)
        assert remarks == []
        assert answers["body"] == {"height_m": 1.68}
        assert answers["pain"] == [{"where": "heel", "level": 3}]
        assert "training" not in answers  # two runs are no log
        assert answers["shoes"] == {"distance_km": 320.0, "changed_within_4_weeks": True}
        later = moment_of("2026-05-12T10:00:00Z") + timedelta(days=FRESH_DAYS)
        answers, remarks = profile_answers(roster, athlete, later, None)
        assert answers["history"] == {"ankle_sprain": True}
        assert "pain" not in answers
        assert [run["distance_km"] for run in answers["training"]] == [10.0] * 3
        assert "gait checkup" in remarks[0]
        assert profile_answers(roster, athlete, moment_of("2026-04-01"), None)[0].keys() == {"body"}


def test_an_athlete_goes_to_another_coach_and_comes_back(gait, anna, runs, tmp_path):
    shutil.copytree(runs, tmp_path / "runs")
    write_jsonl(open_session(runs / "r2.gait"), tmp_path / "runs" / "r2.jsonl.gz")
    (tmp_path / "runs" / "r2.gait").unlink()
    gait("roster", "import", tmp_path / "runs", "--athlete", anna)
    archive = tmp_path / "anna.gaitroster"
    code, _, err = gait("roster", "export", anna, archive, "--with-recordings")
    assert code == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    assert gait("roster", "export", anna, archive)[0] == 2
    theirs = tmp_path / "theirs" / "roster.db"
    take_in = ("roster", "import-archive", archive, "--roster", theirs)
    code, _, err = gait(*take_in)
    assert (code, err.splitlines()[0]) == (0, "Added: Anna Berg; 3 of 3 sessions are new.")
    with Roster(theirs) as roster:
        for session in roster.sessions.all():
            assert session.recording is not None
            assert session.recording.parent == tmp_path / "theirs" / "recordings"
            assert session.recording.stat().st_mode & 0o777 == 0o600
            assert open_session(session.recording).started_at is not None
            assert session.recording.read_bytes() in [
                file.read_bytes() for file in (tmp_path / "runs").iterdir()
            ]
    assert gait(*take_in)[2] == "Brought up to date: Anna Berg; 0 of 3 sessions are new.\n"
    assert len(list((tmp_path / "theirs" / "recordings").iterdir())) == 3


def test_a_broken_archive_leaves_no_files(gait, anna, runs, tmp_path):
    gait("roster", "import", runs, "--athlete", anna)
    archive = tmp_path / "anna.gaitroster"
    gait("roster", "export", anna, archive, "--with-recordings")
    content = bytearray(archive.read_bytes())
    place = content.rfind(open_session(runs / "r2.gait").path.read_bytes()[-4096:])
    content[place : place + 16] = bytes(16)
    archive.write_bytes(content)
    theirs = tmp_path / "theirs" / "roster.db"
    code, _, err = gait("roster", "import-archive", archive, "--roster", theirs)
    assert code == 1
    assert one_sentence(err)
    assert list((tmp_path / "theirs" / "recordings").iterdir()) == []
    with Roster(theirs) as roster:
        assert roster.athletes.all() == []
    code, _, err = gait("roster", "import-archive", tmp_path / "none.zip")
    assert (code, one_sentence(err)) == (1, True)


def test_deleting_takes_what_was_asked_for_and_nothing_else(gait, anna, runs, tmp_path, path):
    mine, other = tmp_path / "runs", tmp_path / "other.gait"
    shutil.copytree(runs, mine)
    gait("roster", "import", mine, "--athlete", anna)
    shutil.copyfile(session_path(), mine / "r1.gait")  # another recording in its place
    gait("roster", "add", "Ben")
    shutil.copyfile(session_path(), other)
    gait("roster", "import", other, "--athlete", "Ben")
    code, _, err = gait("roster", "delete", anna, "--with-recordings", "--yes")
    assert code == 0
    assert "3 sessions" in err
    assert "r1.gait holds another recording by now" in err
    assert sorted(file.name for file in mine.iterdir()) == ["r1.gait"]
    assert other.exists()
    assert b"Anna" not in path.read_bytes()
    with Roster() as roster:
        assert [a.name for a in roster.athletes.all()] == ["Ben"]


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
@pytest.mark.parametrize(("typed", "left"), [("anna berg\n", 0), ("yes\n", 1), ("\n", 1)])
def test_at_a_terminal_the_name_is_typed(anna, typed, left):
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gait", "roster", "delete", "Anna Berg"]
    if not (Path(main.__file__).parent.parent / "__main__.py").exists():
        command = [sys.executable, "-c", "from gait.cli.main import run; run()", *command[3:]]
    running = subprocess.Popen(command, stdin=theirs, stderr=subprocess.PIPE, text=True)
    os.write(ours, typed.encode())
    _, err = running.communicate(timeout=60)
    assert "Type Anna Berg to do it" in err
    with Roster() as roster:
        assert len(roster.athletes.all()) == left


def test_merging_says_whats_moved(gait, anna, runs):
    gait("roster", "add", "A. Berg")
    gait("roster", "import", runs, "--athlete", "A. Berg")
    code, _, err = gait("roster", "merge", anna, "a. berg", "--yes")
    assert code == 0
    assert "Everything of A. Berg becomes Anna Berg's: 3 sessions" in err
    with Roster() as roster:
        assert [a.name for a in roster.athletes.all()] == ["Anna Berg"]
        assert len(roster.sessions.all(roster.athletes.find(anna))) == 3


def test_shoes_log_goals_and_notes_show_up(gait, anna):
    today = date.today()
    gait("roster", "shoe", "add", anna, "Pegasus", "--km", "100")
    gait("roster", "log", anna, today, "9.5")
    gait("roster", "goal", anna, "half marathon", "--due", "2030-09-13")
    gait("roster", "goal", anna, "10 km")
    assert gait("roster", "goal", anna, "10 km", "--reached")[0] == 0
    gait("roster", "note", anna, "[bold]calf[/bold] \x1b[31mtight")
    code, out, _ = gait("roster", "show", anna)
    assert code == 0
    for said in ("110", "9.5", "half marathon, by 2030-09-13", f"10 km, reached {today}"):
        assert said in out
    assert "[bold]calf[/bold]" in out
    assert "\x1b" not in out
    assert (
        gait("roster", "shoe", "retire", anna, "pegasus")[2] == "Retired after 110 km: Pegasus.\n"
    )
    code, out, _ = gait("roster", "shoe", "edit", anna, "pegasus", "--rename", "Peg", "--km", "50")
    assert (code, "60" in out, f"retired {today}" in out) == (0, True, True)
    assert gait("roster", "shoe", "list", anna)[1] == out


def test_other_programs_and_newer_rosters_are_one_sentence(gait, anna, path):
    import sqlite3

    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    code, out, err = gait("roster", "list")
    assert (code, out, one_sentence(err)) == (1, "", True)
    assert "newer shoegait" in err


def test_nothing_here_is_needed_to_analyse_one_recording(gait, path):
    code, out, _ = gait("analyze", session_path(), "--json", "-")
    assert code == 0
    assert msgspec.json.decode(out)["changes"] is None
    assert not path.exists()
