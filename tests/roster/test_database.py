"""The roster's file: migrated whole or not at all, shared, refused, and never half-written."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summaries import summary

from gait.model import GaitError, InputError
from gait.roster import Roster, roster_path
from gait.roster.database import APPLICATION_ID, Database
from gait.roster.migrations import MIGRATIONS

LATER = (
    *MIGRATIONS,
    ("ALTER TABLE athletes ADD COLUMN colour TEXT", "UPDATE athletes SET colour = 'blue'"),
    ("CREATE TABLE more (id INTEGER PRIMARY KEY)",),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "roster.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_files_are_for_their_owner_only(path: Path):
    with Roster(path) as roster:
        roster.athletes.add("Anna")
        assert mode(path.parent) == 0o700
        assert {file.name for file in path.parent.iterdir()} == {
            "roster.db",
            "roster.db-wal",
            "roster.db-shm",
        }
        assert all(mode(file) == 0o600 for file in path.parent.iterdir())
    assert [file.name for file in path.parent.iterdir()] == ["roster.db"]


def test_the_place_is_chosen_by_the_environment(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "mine.db"))
    assert roster_path() == tmp_path / "mine.db"
    monkeypatch.delenv("GAIT_ROSTER")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert roster_path().name == "roster.db"


@pytest.mark.parametrize("since", range(1, len(LATER)))
def test_every_earlier_version_comes_up_to_date_with_a_copy_beside_it(path: Path, since: int):
    with closing(Database(path, migrations=LATER[:since])) as db:
        db.write(
            "INSERT INTO athletes (uid, name, name_key, changed_at) VALUES ('u', 'A', 'a', '')"
        )
        before = [tuple(row) for row in db.rows("SELECT id, uid, name FROM athletes")]
    with closing(Database(path, migrations=LATER)) as db:
        assert [tuple(row) for row in db.rows("SELECT id, uid, name FROM athletes")] == before
        assert db.rows("SELECT colour FROM athletes")[0][0] == (
            "blue" if since <= len(MIGRATIONS) else None
        )
        assert db.rows("SELECT * FROM more") == []
        assert db.rows("PRAGMA user_version")[0][0] == len(LATER)
        (copy,) = db.backups()
    assert mode(copy) == 0o600
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT id, uid, name FROM athletes").fetchall() == before
        assert old.execute("PRAGMA user_version").fetchone()[0] == since


def test_a_migration_that_fails_changes_nothing(path: Path):
    with Roster(path) as roster:
        roster.athletes.add("Anna")
    before = path.read_bytes()
    broken = (
        *MIGRATIONS,
        ("ALTER TABLE athletes ADD COLUMN colour TEXT", "UPDATE nowhere SET x=1"),
    )
    with pytest.raises(GaitError, match="nowhere"):
        Database(path, migrations=broken)
    assert path.read_bytes() == before
    with Roster(path) as roster:
        assert [a.name for a in roster.athletes.all()] == ["Anna"]


def test_a_newer_version_is_left_untouched(path: Path):
    Database(path, migrations=LATER).close()
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(InputError, match="newer shoegait"):
        Roster(path)
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_what_is_no_roster_is_left_untouched(tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("Anna ran today. " * 500)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE mine (x)")
    versioned = tmp_path / "versioned.db"
    with closing(sqlite3.connect(versioned)) as db:
        db.execute("PRAGMA user_version = 1")
    for path in (text, other, versioned):
        before = path.read_bytes()
        with pytest.raises(InputError, match="is not a roster"):
            Roster(path)
        assert path.read_bytes() == before


def test_a_damaged_roster_is_said_to_be(path: Path):
    with Roster(path) as roster:
        for number in range(300):
            roster.athletes.add(f"Athlete {number}")
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        Roster(path)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GaitError, match="cannot be used"):
        Roster(tmp_path / "file" / "roster.db")
    with pytest.raises(GaitError, match="may not be written"):
        Roster(tmp_path)


def test_a_locked_roster_is_a_sentence_and_reading_goes_on(path: Path):
    with Roster(path) as roster:
        roster.athletes.add("Anna")
    with closing(Database(path, busy_s=0.05)) as db, Roster(path) as other:
        with other.change():
            other.athletes.add("Ben")
            with pytest.raises(GaitError, match="in use by another program"):
                db.write("DELETE FROM athletes")
            assert len(db.rows("SELECT * FROM athletes")) == 1
        assert len(db.rows("SELECT * FROM athletes")) == 2


def test_a_change_that_fails_in_the_middle_is_undone_whole(path: Path):
    with Roster(path) as roster:

        def add_and_fail() -> None:
            with roster.change():
                anna = roster.athletes.add("Anna")
                roster.sessions.register(anna, summary(), key="a")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            add_and_fail()
        assert roster.athletes.all() == []
        assert roster.sessions.all() == []


def test_what_another_program_took_away_is_a_sentence(path: Path):
    with Roster(path) as roster, Roster(path) as other:
        anna = roster.athletes.add("Anna")
        other.athletes.delete(anna)
        with pytest.raises(GaitError, match="changed by another program"):
            roster.sessions.register(anna, summary(), key="a")
        with pytest.raises(GaitError, match="changed by another program"):
            roster.checkups.keep(anna, taken_on=date(2026, 5, 1), answers={}, version="1")


@settings(max_examples=10, deadline=None)
@given(room=st.integers(0, 60))
def test_a_full_disk_loses_nothing_that_was_kept(tmp_path_factory, room: int):
    path = tmp_path_factory.mktemp("full") / "roster.db"
    kept = 0
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna")
        pages = roster._db.row("PRAGMA page_count")
        assert pages is not None
        roster._db.rows(f"PRAGMA max_page_count = {pages[0] + room}")
        refused = None
        while refused is None:
            try:
                roster.sessions.register(anna, summary(kept), key=str(kept), notes="x" * 500)
                kept += 1
            except GaitError as error:
                refused = str(error)
        assert "no space left" in refused
        assert len(roster.sessions.all()) == kept
    with Roster(path) as roster:
        assert [s.key for s in roster.sessions.all()] == [str(n) for n in reversed(range(kept))]
        assert all(roster.sessions.summary(s).duration_s == 1800.0 for s in roster.sessions.all())
        roster.sessions.register(anna, summary(3000), key="more room now")


def test_many_writers_at_once_lose_nothing(path: Path):
    Roster(path).close()

    def add(writer: int) -> None:
        with Roster(path) as roster:
            for number in range(10):
                athlete = roster.athletes.add(f"{writer} {number}")
                roster.sessions.register(athlete, summary(number), key=f"{writer} {number}")

    threads = [threading.Thread(target=add, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Roster(path) as roster:
        assert len(roster.athletes.all()) == len(roster.sessions.all()) == 40
        assert roster._db.rows("PRAGMA integrity_check")[0][0] == "ok"


def test_several_programs_may_make_the_roster_at_the_same_moment(path: Path):
    add = "import sys; from pathlib import Path; from gait.roster import Roster\n"
    add += "with Roster(Path(sys.argv[1])) as r: r.athletes.add(sys.argv[2])"
    programs = [
        subprocess.Popen([sys.executable, "-c", add, str(path), name], stderr=subprocess.PIPE)
        for name in ("Anna", "Ben", "Cleo")
    ]
    assert [program.communicate()[1] for program in programs] == [b""] * 3
    with Roster(path) as roster:
        assert [a.name for a in roster.athletes.all()] == ["Anna", "Ben", "Cleo"]
        assert roster._db.rows("PRAGMA application_id")[0][0] == APPLICATION_ID


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_kill_in_the_middle_keeps_what_was_committed(path: Path):
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from gait.roster import Roster; from summaries import summary\n"
        "roster = Roster(Path(sys.argv[1])); anna = roster.athletes.add('Anna')\n"
        "for n in range(5): roster.sessions.register(anna, summary(n), key=str(n))\n"
        "with roster.change():\n"
        "    roster.sessions.register(anna, summary(9), key='open')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", code, str(path), here], check=False)
    with Roster(path) as roster:
        assert [s.key for s in roster.sessions.all()] == ["4", "3", "2", "1", "0"]
