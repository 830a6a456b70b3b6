"""Whatever is done to an athlete can be taken back, to the last byte of every row."""

import pickle
import sqlite3
from datetime import date
from io import BytesIO

import pytest
from msgspec.structs import replace
from summaries import summary

from gait.model import GaitError
from gait.roster import Athlete, Roster, Session

DAY = date(2026, 5, 3)


@pytest.fixture
def roster(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        for name in ("Anna", "Ben"):
            athlete = roster.athletes.add(name, height_m=1.7, groups=["Youth", name])
            shoe = roster.shoes.add(athlete, "Pegasus", km_before=20.0)
            for day in range(3):
                roster.sessions.register(
                    athlete, summary(day), key=f"{name} {day}", shoe=shoe, notes="windy"
                )
            roster.diary.note(athlete, DAY, "calf tight")
            roster.diary.set_goal(athlete, "ten km", DAY)
            roster.diary.log(athlete, DAY, km=4.0, shoe=shoe)
            roster.checkups.keep(athlete, taken_on=DAY, answers={"pain": []}, version="1")
        yield roster


def everything(roster: Roster) -> dict[str, list[tuple]]:
    with sqlite3.connect(roster.path) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {t: sorted(db.execute(f"SELECT * FROM {t}").fetchall(), key=repr) for t in tables}


def anna_of(roster: Roster) -> tuple[Athlete, Athlete, Session]:
    anna = roster.athletes.find("Anna")
    return anna, roster.athletes.find("Ben"), roster.sessions.all(anna)[0]


def rename(roster, anna, ben, session):
    roster.athletes.edit(replace(anna, name="Anne", mass_kg=60.0, height_m=None))
    roster.athletes.leave(anna, "Anna")  # the group ends with her
    roster.athletes.join(anna, "Masters")


def add_people(roster, anna, ben, session):
    new = roster.athletes.add("Cleo", groups=["Youth", "New"])
    roster.diary.note(new, DAY, "hello")


def write_in_the_diary(roster, anna, ben, session):
    roster.diary.note(anna, DAY, "another")
    roster.diary.delete_note(roster.diary.notes(anna)[-1])
    roster.diary.reach_goal(roster.diary.goals(anna)[0], DAY)
    roster.diary.unlog(roster.diary.logged(anna)[0])
    roster.checkups.change(roster.checkups.all(anna)[0], answers={"pain": [{"where": "heel"}]})


def rename_a_shoe(roster, anna, ben, session):
    shoe = roster.shoes.find(anna, "Pegasus")
    roster.shoes.edit(replace(shoe, model="Ride", retired=DAY))


def delete_a_shoe(roster, anna, ben, session):
    roster.shoes.delete(roster.shoes.find(anna, "Pegasus"))


def delete_a_session(roster, anna, ben, session):
    roster.sessions.delete(session)


def change_a_session(roster, anna, ben, session):
    roster.sessions.edit(replace(session, notes="", effort=4.0, indoors=True))
    roster.sessions.register(anna, summary(2, km=9.0, cadence=181.0), key=session.key)
    roster.sessions.register(anna, summary(8), key="new")


def move_a_session(roster, anna, ben, session):
    roster.sessions.move(session, ben, None)


def merge(roster, anna, ben, session):
    roster.merge(anna, ben)


def take_in(roster, anna, ben, session):
    archive = BytesIO()
    roster.export(anna, archive, recordings=False)
    roster.diary.delete_note(roster.diary.notes(anna)[0])
    roster.sessions.delete(session)
    roster.take_in(archive, "archive")


DONE = [
    rename,
    add_people,
    write_in_the_diary,
    rename_a_shoe,
    delete_a_shoe,
    delete_a_session,
    change_a_session,
    move_a_session,
    merge,
    take_in,
]


@pytest.mark.parametrize("done", DONE, ids=lambda done: done.__name__)
def test_a_change_is_taken_back_whole(roster, done):
    before = everything(roster)
    anna, ben, session = anna_of(roster)
    with roster.undoable([anna, ben], [session]) as change:
        done(roster, anna, ben, session)
    assert change
    assert everything(roster) != before
    roster.take_back(change)
    assert everything(roster) == before


def test_one_after_the_other_and_all_of_them_back(roster):
    before, changes = everything(roster), []
    anna, ben, session = anna_of(roster)
    for done in (rename, add_people, write_in_the_diary, change_a_session, delete_a_shoe, merge):
        with roster.undoable([anna, ben], [session]) as change:
            done(roster, anna, ben, session)
        changes.append(change)
    while changes:
        roster.take_back(changes.pop())
    assert everything(roster) == before


def test_what_others_did_since_stays(roster):
    anna, _, session = anna_of(roster)
    with roster.undoable([anna], [session]) as change:
        roster.sessions.edit(replace(session, effort=9.0))
        roster.diary.note(anna, DAY, "mine")
    with Roster(roster.path) as other:
        other.sessions.edit(replace(other.sessions.get(session.id), notes="theirs"))
        other.sessions.register(anna, summary(9), key="theirs")
        other.diary.note(anna, DAY, "theirs")
    roster.take_back(change)
    kept = roster.sessions.get(session.id)
    assert (kept.effort, kept.notes) == (None, "theirs")
    assert len(roster.sessions.all(anna)) == 4
    assert [note.text for note in roster.diary.notes(anna)] == ["theirs", "calf tight"]


def test_a_change_that_was_made_in_another_process_is_taken_back_in_this_one(roster):
    before = everything(roster)
    anna, ben, session = anna_of(roster)
    with Roster(roster.path) as other, other.undoable([anna], [session]) as change:
        delete_a_session(other, anna, ben, session)
    roster.take_back(pickle.loads(pickle.dumps(change)))
    assert everything(roster) == before


def test_what_is_in_the_way_changes_nothing(roster):
    anna, *_ = anna_of(roster)
    with roster.undoable([anna]) as change:
        roster.athletes.edit(replace(anna, name="Anne"))
    roster.athletes.add("Anna")
    before = everything(roster)
    with pytest.raises(GaitError, match="Nothing was changed"):
        roster.take_back(change)
    assert everything(roster) == before


def test_nothing_done_is_no_change(roster):
    anna, ben, session = anna_of(roster)
    with roster.undoable([anna, ben], [session]) as change:
        roster.sessions.all(anna)
    assert not change


def test_what_fails_half_way_is_not_done(roster):
    anna, *_ = anna_of(roster)
    before = everything(roster)

    def half() -> None:
        with roster.undoable([anna]):
            roster.diary.note(anna, DAY, "half")
            roster.athletes.edit(replace(anna, name="Ben"))

    with pytest.raises(GaitError, match="Ben already"):
        half()
    assert everything(roster) == before


def test_a_session_moved_to_somebody_new_comes_back(roster):
    before = everything(roster)
    anna, _, session = anna_of(roster)
    with roster.undoable([anna], [session]) as change:
        new = roster.athletes.add("Cleo")
        roster.sessions.move(session, new, roster.shoes.add(new, "Ride"))
    roster.take_back(change)
    assert everything(roster) == before
