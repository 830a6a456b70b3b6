"""Undo: the last change first, up to so many, and forgotten where nothing may stay."""

import pytest

from gait.dashboard.state import MOST_UNDOS, AppState
from gait.model import GaitError, UsageError
from gait.roster import Roster


@pytest.fixture
def desk(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        yield AppState(roster, tmp_path / "recordings")


def test_changes_are_taken_back_the_last_one_first(desk):
    taken_back = []
    for number in range(MOST_UNDOS + 3):
        desk.did(f"change {number}", lambda number=number: taken_back.append(number))
    assert desk.last_did == f"change {MOST_UNDOS + 2}"
    while desk.last_did:
        desk.undo()
    assert taken_back == list(reversed(range(3, MOST_UNDOS + 3)))
    assert desk.undo() == ""


def test_doing_remembers_what_was_done_and_only_that(desk):
    with desk.doing("added Anna"):
        anna = desk.roster.athletes.add("Anna")
    with desk.doing("nothing", anna):
        pass
    with pytest.raises(UsageError), desk.doing("added Anna again"):
        desk.roster.athletes.add("anna")
    assert [undo.did for undo in desk.undos] == ["added Anna"]
    assert desk.undo() == "added Anna"
    assert desk.roster.athletes.all() == []


def test_what_can_no_longer_be_taken_back_is_said_and_does_not_stand_in_the_way(desk):
    with desk.doing("added Anna"):
        anna = desk.roster.athletes.add("Anna")
    with desk.doing("deleted a note", anna):
        note = desk.roster.diary.note(anna, desk.today(), "calf tight")
    with desk.doing("deleted a note", anna):
        desk.roster.diary.delete_note(note)
    desk.roster.athletes.delete(anna)
    with pytest.raises(GaitError, match="Nothing was changed"):
        desk.undo()
    assert desk.undo() == "deleted a note"
    desk.forget_undos()
    assert desk.last_did == ""


def test_a_message_is_said_once(desk):
    desk.messages.append("Deleted: Anna.")
    assert desk.take_messages() == ["Deleted: Anna."]
    assert desk.take_messages() == []
