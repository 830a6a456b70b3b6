"""Undo: the last change first, up to so many, and forgotten where nothing may stay."""

import pytest

from gait.dashboard.state import MOST_UNDOS, AppState
from gait.model import GaitError, UsageError
from gait.roster import Roster


@pytest.fixture
def state(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        yield AppState(roster, tmp_path / "recordings")


def test_changes_are_taken_back_the_last_one_first(state):
    taken_back = []
    for number in range(MOST_UNDOS + 3):
        state.did(f"change {number}", lambda number=number: taken_back.append(number))
    assert state.last_did == f"change {MOST_UNDOS + 2}"
    while state.last_did:
        state.undo()
    assert taken_back == list(reversed(range(3, MOST_UNDOS + 3)))
    assert state.undo() == ""


def test_doing_remembers_what_was_done_and_only_that(state):
    with state.doing("added Anna"):
        anna = state.roster.athletes.add("Anna")
    with state.doing("nothing", anna):
        pass
    with pytest.raises(UsageError), state.doing("added Anna again"):
        state.roster.athletes.add("anna")
    assert [undo.did for undo in state.undos] == ["added Anna"]
    assert state.undo() == "added Anna"
    assert state.roster.athletes.all() == []


def test_what_can_no_longer_be_taken_back_is_said_and_does_not_stand_in_the_way(state):
    with state.doing("added Anna"):
        anna = state.roster.athletes.add("Anna")
    with state.doing("deleted a note", anna):
        note = state.roster.diary.note(anna, state.today(), "calf tight")
    with state.doing("deleted a note", anna):
        state.roster.diary.delete_note(note)
    state.roster.athletes.delete(anna)
    with pytest.raises(GaitError, match="Nothing was changed"):
        state.undo()
    assert state.undo() == "deleted a note"
    state.forget_undos()
    assert state.last_did == ""


def test_a_message_is_said_once(state):
    state.messages.append("Deleted: Anna.")
    assert state.take_messages() == ["Deleted: Anna."]
    assert state.take_messages() == []
