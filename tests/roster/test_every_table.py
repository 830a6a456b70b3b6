"""Merging, undoing, deleting and handing on, held to every table that the roster's file has.

Which tables there are, and which rows are an athlete's or a pair's, is asked of the file itself. So
a table that is new and that nobody thought of fails here, until it has rows in `full` and a rule.
"""

import io
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from summaries import summary

from gait.model.history import ForeignMeasure, ForeignRun
from gait.roster import Athlete, Roster

DAY = date(2026, 5, 3)
# Beside the people: what belongs to nobody, and what an archive leaves behind and why.
OF_NOBODY = {"athletes", "groups", "measures"}
NOT_HANDED_ON = {"merged": "names that only this roster gave"}
FOUND_AGAIN = {"compared": "from the sessions, when it is asked for"}  # may be empty at any time

Rows = list[dict[str, Any]]


@pytest.fixture
def roster(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as opened:
        yield opened


def tables(roster: Roster) -> dict[str, Rows]:
    """Every table with all its rows, without checksums and the moment of the change."""
    left_out = {"checksum", "changed_at"}
    with closing(sqlite3.connect(roster.path)) as db:
        db.row_factory = sqlite3.Row
        return {
            name: [
                {key: row[key] for key in row.keys() if key not in left_out}  # noqa: SIM118
                for row in db.execute(f"SELECT * FROM {name}")
            ]
            for name in names_of(db)
        }


def names_of(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in found if name not in FOUND_AGAIN]


def refers_to(roster: Roster, parent: str) -> dict[str, str]:
    """The tables whose rows hang on `parent`, with the column that says on which."""
    with closing(sqlite3.connect(roster.path)) as db:
        return {
            name: key[3]
            for name in names_of(db)
            for key in db.execute(f"PRAGMA foreign_key_list({name})")
            if key[2] == parent
        }


def full(roster: Roster, name: str, number: int, shoe: str) -> Athlete:
    """An athlete with something in every table."""
    one = roster.athletes.add(name, groups=("team", f"only {name}"))
    former = roster.athletes.add(f"{name} twice")
    one = roster.merge(one, former)
    pair = roster.shoes.add(one, shoe, km_before=10.0 * number)
    roster.checkups.keep(one, taken_on=DAY, answers={"who": name}, version="1")
    roster.diary.note(one, DAY, f"a note of {name}")
    roster.diary.set_goal(one, f"a goal of {name}")
    roster.diary.log(one, DAY, km=number, shoe=pair)
    measure = ForeignMeasure(name="power_w", side="both", unit="W", value=200.0 + number, n=60)
    run = ForeignRun(
        key=f"file of {name}",
        started_at=f"2026-04-0{number}T08:00:00+00:00",
        ended_at=f"2026-04-0{number}T09:00:00+00:00",
        duration_s=3600.0,
        distance_m=9000.0,
        maker="Maker",
        measures=[measure],
        points=60,
        source="run.fit",
    )
    roster.foreign.keep(one, run, pair)
    ran = summary(float(number))
    sensors = [
        replace(note, info=replace(note.info, serial=f"{name} {note.info.side}"))
        for note in ran.sensors
    ]
    roster.sessions.register(one, replace(ran, sensors=sensors), key=f"run of {name}", shoe=pair)
    return roster.athletes.get(one.id)


def as_a_set(rows: Rows) -> set[tuple[Any, ...]]:
    return {tuple(row.items()) for row in rows}


def test_the_made_up_people_have_something_in_every_table_that_is_a_persons(roster: Roster) -> None:
    people = [full(roster, "Anna", 1, "road"), full(roster, "Bea", 2, "trail")]
    kept = tables(roster)
    assert all(kept.values()), "a table without a row in it is not tested here"
    for table, column in refers_to(roster, "athletes").items():
        assert {row[column] for row in kept[table]} == {one.id for one in people}, table
    for table, column in refers_to(roster, "shoes").items():
        assert len({row[column] for row in kept[table]} - {None}) == len(people), table
    mine, theirs = refers_to(roster, "athletes"), refers_to(roster, "sessions")
    assert set(kept) == {*OF_NOBODY, *mine, *theirs}, "whose is a table that is new?"


def test_merging_loses_no_row_of_any_table(roster: Roster) -> None:
    anna, bea = full(roster, "Anna", 1, "road"), full(roster, "Bea", 2, "trail")
    before = tables(roster)
    roster.merge(anna, bea)
    after = tables(roster)
    mine = refers_to(roster, "athletes")
    assert set(before) == set(after)
    for table, rows in before.items():
        if table in mine:
            column = mine[table]
            rows = [row | {column: anna.id} for row in rows]  # noqa: PLW2901 - as they must be now
        if table == "athletes":
            rows = [row for row in rows if row["id"] != bea.id]  # noqa: PLW2901
        if table == "merged":
            rows = [*rows, {"uid": bea.uid, "athlete": anna.id}]  # noqa: PLW2901
        assert as_a_set(after[table]) == as_a_set(rows), table
    assert roster.problems() == []


def test_what_was_worn_stays_worn_where_both_had_the_same_pair(roster: Roster) -> None:
    anna, bea = full(roster, "Anna", 1, "Road 5"), full(roster, "Bea", 2, "road 5")
    (ours,) = roster.shoes.all(anna)
    before = tables(roster)
    roster.merge(anna, bea)
    after = tables(roster)
    assert [pair.id for pair in roster.shoes.all(anna)] == [ours.id]
    worn = refers_to(roster, "shoes")
    assert worn
    for table, column in worn.items():
        assert len(after[table]) == len(before[table]), table
        assert {row[column] for row in after[table]} == {ours.id}, table
    assert {session.gear.partition(";")[0] for session in roster.sessions.all(anna)} == {"Road 5"}


def test_of_a_sensor_that_both_used_the_later_use_is_kept(roster: Roster) -> None:
    for earlier, later in ((1.0, 9.0), (9.0, 1.0)):
        anna, bea = roster.athletes.add("Anna"), roster.athletes.add("Bea")
        roster.sessions.register(anna, summary(earlier, mounting="laces"), key="a")
        roster.sessions.register(bea, summary(later, mounting="insole"), key="b")
        roster.merge(anna, bea)
        used = roster.sessions.sensors(anna)
        assert len(used) == 2
        assert {one.last_used for one in used} == {date(2026, 5, 12)}
        assert {one.info.mounting for one in used} == {"laces" if earlier > later else "insole"}
        roster.athletes.delete(anna)


@pytest.mark.parametrize("same_pair", [False, True])
def test_a_merge_that_is_taken_back_leaves_every_table_as_it_was(
    roster: Roster, same_pair: bool
) -> None:
    anna = full(roster, "Anna", 1, "road")
    bea = full(roster, "Bea", 2, "road" if same_pair else "trail")
    before = tables(roster)
    with roster.undoable([anna, bea]) as change:
        roster.merge(anna, bea)
    assert tables(roster) != before
    roster.take_back(change)
    after = tables(roster)
    for table, rows in before.items():
        assert as_a_set(after[table]) == as_a_set(rows), table
    assert roster.problems() == []


def test_deleting_a_session_that_is_taken_back_leaves_every_table_as_it_was(roster: Roster) -> None:
    anna = full(roster, "Anna", 1, "road")
    (session,) = roster.sessions.all(anna)
    before = tables(roster)
    with roster.undoable([anna], [session]) as change:
        roster.sessions.delete(session)
    for table, column in refers_to(roster, "sessions").items():
        assert not any(row[column] == session.id for row in tables(roster)[table]), table
    roster.take_back(change)
    after = tables(roster)
    for table, rows in before.items():
        assert as_a_set(after[table]) == as_a_set(rows), table


def test_deleting_leaves_no_row_of_theirs_in_any_table_and_all_of_the_others(
    roster: Roster,
) -> None:
    full(roster, "Anna", 1, "road")
    before = tables(roster)
    bea = full(roster, "Bea", 2, "trail")
    roster.athletes.delete(bea)
    after = tables(roster)
    for table, rows in before.items():
        assert as_a_set(after[table]) == as_a_set(rows), table


def test_an_archive_carries_every_table_to_another_roster(roster: Roster, tmp_path: Path) -> None:
    anna = full(roster, "Anna", 1, "road")
    file = io.BytesIO()
    roster.export(anna, file, recordings=False)
    file.seek(0)
    with Roster(tmp_path / "other.db") as other:
        taken = other.take_in(file, "Anna.zip")
        assert taken.is_new
        here, there = tables(roster), tables(other)
        own = {*refers_to(roster, "athletes"), *refers_to(roster, "sessions")}
        for table in own - NOT_HANDED_ON.keys():
            ids = {"id", "athlete", "shoe", "session", "in_group", "measure"}
            plain = [
                [{k: v for k, v in row.items() if k not in ids} for row in kept[table]]
                for kept in (here, there)
            ]
            assert as_a_set(plain[0]) == as_a_set(plain[1]), table
            assert len(plain[0]) == len(plain[1]), table
        for table, column in refers_to(other, "shoes").items():
            assert all(row[column] is not None for row in there[table]), table
        assert other.problems() == []
