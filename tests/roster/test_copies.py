"""Damage that is found, and the copies that the roster makes by itself to go back to."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from summaries import summary

from gait.model import GaitError, UsageError
from gait.roster import Roster
from gait.roster.copies import DATED, MOST, copies
from gait.roster.database import DamagedRosterError, Database
from gait.roster.migrations import MIGRATIONS
from gait.roster.soundness import TABLES

DAY = date(2026, 5, 3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "roster.db"


def names(path: Path) -> list[str]:
    with Roster(path) as roster:
        return [athlete.name for athlete in roster.athletes.all()]


def damage(path: Path, sql: str) -> None:
    """As if bytes had changed on the disk: no checksum follows."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql)


def on_day(path: Path, day: date, name: str) -> None:
    with closing(Database(path, today=lambda: day)) as db:
        db.write(
            "INSERT INTO athletes (uid, name, name_key, changed_at) VALUES (?, ?, ?, '')",
            *(name, name, name),
        )


def test_every_table_has_checksums_and_every_way_of_writing_keeps_them(path: Path):
    with Roster(path) as roster:
        anna, ben = (roster.athletes.add(name, groups=["Youth"]) for name in ("Anna", "Ben"))
        shoe = roster.shoes.add(anna, "Ride")
        for day in range(2):
            for _ in range(2):  # the second time it takes the place of the first
                roster.sessions.register(anna, summary(day), key=str(day), shoe=shoe)
        roster.shoes.delete(shoe)  # sets what hangs on it to nothing
        with roster.undoable([ben]) as change:
            roster.diary.note(ben, DAY, "again")
            roster.athletes.edit(ben)
        roster.take_back(change)
        roster.merge(anna, ben)

        def add_and_fail() -> None:
            with roster.change():
                roster.diary.note(anna, DAY, "never")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            add_and_fail()
        roster.diary.set_goal(anna, "after what was rolled back")
        with_sums = {
            row["name"]
            for row in roster._db.rows(
                "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
                " ON c.name = 'checksum' WHERE m.type = 'table'"
            )
        }
        tables = {
            row["name"]
            for row in roster._db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        assert roster.problems() == []
    assert with_sums == set(TABLES) == tables


@pytest.mark.parametrize("of_table", ["athletes", "notes", "sessions", "session_measures"])
def test_a_row_that_was_not_written_here_is_found_when_it_is_read(path: Path, of_table: str):
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna", mass_kg=60.0)
        roster.diary.note(anna, DAY, "calf tight")
        roster.sessions.register(anna, summary(), key="a")
    column = {
        "athletes": "mass_kg = 61",
        "notes": "text = 'calf fine'",
        "sessions": "effort = 3",
        "session_measures": "value = value + 1",
    }
    damage(path, f"UPDATE {of_table} SET {column[of_table]}")

    def read(roster: Roster) -> None:
        for anna in roster.athletes.all():
            roster.diary.notes(anna)
            roster.sessions.all(anna)
            roster.history.trend(anna, "cadence_spm", "both")

    with Roster(path) as roster:
        with pytest.raises(DamagedRosterError, match=r"damaged: .* does not fit its checksum; `g"):
            read(roster)
        assert any("damaged" in problem for problem in roster.problems())


def test_an_older_roster_gets_its_checksums(path: Path):
    with closing(Database(path, migrations=MIGRATIONS[:2])) as db:
        db.write("INSERT INTO athletes (uid, name, name_key, changed_at) VALUES ('u','A','a','')")
    assert names(path) == ["A"]
    damage(path, "UPDATE athletes SET name = 'B'")
    with pytest.raises(DamagedRosterError):
        names(path)


def test_a_damaged_older_roster_is_left_as_it_was(path: Path):
    with closing(Database(path, migrations=MIGRATIONS[:2])) as db:
        for number in range(300):
            db.write(
                "INSERT INTO athletes (uid, name, name_key, changed_at) VALUES (?, ?, ?, '')",
                *(f"u{number}", f"A{number}" * 20, f"a{number}"),
            )
    content = bytearray(path.read_bytes())
    content[4096 * 5 + 1 : 4096 * 5 + 7] = b"\xa5" * 6
    path.write_bytes(content)
    with pytest.raises(DamagedRosterError):
        names(path)
    assert path.read_bytes() == content


def test_a_copy_is_made_before_the_first_change_of_a_day_and_few_are_kept(path: Path):
    for number in range(9):
        day = DAY + timedelta(days=number)
        on_day(path, day, f"{number} first")
        on_day(path, day, f"{number} second")
    found = copies(path, (DATED,))
    assert [copy.name for copy in found] == [
        f"roster.db.backup-{DAY + timedelta(days=8 - back)}" for back in range(MOST[DATED])
    ]
    assert all(stat.S_IMODE(copy.stat().st_mode) == 0o600 for copy in found)
    with closing(sqlite3.connect(f"file:{found[0]}?immutable=1", uri=True)) as db:
        kept = [name for (name,) in db.execute("SELECT name FROM athletes")]
    assert kept == [f"{n} {which}" for n in range(8) for which in ("first", "second")]
    assert sorted(file.name for file in path.parent.iterdir()) == sorted(
        ["roster.db", *(copy.name for copy in found)]
    )


def test_what_is_damaged_is_neither_copied_nor_added_to(path: Path):
    on_day(path, DAY, "Anna")
    on_day(path, DAY, "Ben")
    damage(path, "UPDATE athletes SET mass_kg = 70")
    before = path.read_bytes()
    with pytest.raises(DamagedRosterError, match="an athlete: 2 damaged"):
        on_day(path, DAY + timedelta(days=1), "Cleo")
    assert path.read_bytes() == before
    assert [copy.name for copy in copies(path)] == [f"roster.db.backup-{DAY}"]


def test_going_back_puts_the_newest_sound_copy_in_place_and_keeps_what_was_there(path: Path):
    for number in range(3):
        on_day(path, DAY + timedelta(days=number), str(number))
    newest = copies(path, (DATED,))[0]
    damage(newest, "UPDATE athletes SET mass_kg = 70")
    damage(path, "UPDATE athletes SET mass_kg = 70")
    with pytest.raises(DamagedRosterError):
        names(path)
    damaged = path.read_bytes()
    back = Roster.restore(path)
    assert back.copy.name == f"roster.db.backup-{DAY + timedelta(days=1)}"
    assert back.aside is not None
    assert back.aside.read_bytes() == damaged
    assert names(path) == ["0"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_sound_roster_is_put_back_only_to_a_copy_that_is_named(path: Path):
    on_day(path, DAY, "Anna")
    on_day(path, DAY, "Ben")
    with pytest.raises(UsageError, match="is sound"):
        Roster.restore(path)
    (copy,) = copies(path)
    Roster.restore(path, copy)
    assert names(path) == ["Anna"]


def test_going_back_needs_a_sound_copy_and_nobody_who_has_it_open(path: Path):
    with pytest.raises(UsageError, match="no copy"):
        Roster.restore(path)
    on_day(path, DAY, "Anna")
    on_day(path, DAY, "Ben")
    (copy,) = copies(path)
    with Roster(path), pytest.raises(GaitError, match="open in another program"):
        Roster.restore(path, copy)
    copy.write_bytes(b"no roster" * 1000)
    with pytest.raises(GaitError, match="not sound"):
        Roster.restore(path, copy)
    assert names(path) == ["Anna", "Ben"]


def test_an_empty_file_where_a_roster_was_is_not_begun_anew(path: Path):
    on_day(path, DAY, "Anna")
    on_day(path, DAY, "Ben")
    path.write_bytes(b"")
    with pytest.raises(DamagedRosterError, match="is empty, but there are copies"):
        Roster(path)
    Roster.restore(path)
    assert names(path) == ["Anna"]


def test_a_view_or_a_trigger_of_somebody_else_is_no_roster_of_ours(path: Path):
    endless = (
        "CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        " SELECT x AS id FROM n"
    )
    for statements in (
        ["DROP TABLE notes", endless],
        ["CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM athletes; END"],
        ["DROP VIEW counted_log", endless.replace("notes", "counted_log")],
    ):
        path.unlink(missing_ok=True)
        Roster(path).close()
        for statement in statements:
            damage(path, statement)
        with pytest.raises(DamagedRosterError, match="not those of a roster"):
            Roster(path)


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("killed", [True, False])
def test_pages_are_looked_at_after_an_unclean_end_only(path: Path, killed: bool, monkeypatch):
    looked = []
    monkeypatch.setattr(
        "gait.roster.database.page_problem", lambda db: looked.append(db) or "a page is torn"
    )
    code = (
        "import sys, os, signal; from pathlib import Path; from gait.roster import Roster\n"
        "roster = Roster(Path(sys.argv[1])); roster.athletes.add('Anna')\n"
        "print('there', flush=True); sys.stdin.read()\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"there\n"
    assert names(path) == ["Anna"]  # beside another that has it open
    assert looked == []
    if killed:
        program.send_signal(signal.SIGKILL)
        program.communicate()
        with pytest.raises(DamagedRosterError, match="unclean end: a page is torn"):
            Roster(path)
    else:
        program.communicate()  # which ends it
        assert names(path) == ["Anna"]
        assert looked == []
