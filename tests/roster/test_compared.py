"""What was found to differ is remembered until the session or one before it is another one."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from summaries import DIFFERS, summary

from gait.model.history import Verdict
from gait.roster import Athlete, Roster, Session

DAYS = (0, 2, 4)


@pytest.fixture
def roster(tmp_path: Path):
    """Two people of whom every session was compared."""
    with Roster(tmp_path / "roster.db") as roster:
        for name in ("Anna", "Ben"):
            athlete = roster.athletes.add(name)
            shoe = roster.shoes.add(athlete, "Pegasus")
            for day in DAYS:
                roster.sessions.register(athlete, summary(day), key=f"{name} {day}", shoe=shoe)
        compare_all(roster)
        yield roster


def compare_all(roster: Roster) -> None:
    found = {session.id: Verdict(shown=[DIFFERS]) for session in roster.sessions.all()}
    roster.compared.keep(found, roster.compared.state())


def still_known(roster: Roster) -> set[str]:
    sessions = {session.id: session.key for session in roster.sessions.all()}
    return {sessions[id] for id in roster.compared.known(sessions)}


def run_before(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.register(anna, summary(1), key="new")


def run_after(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.register(anna, summary(9), key="new")


def analyse_again(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.register(anna, summary(2, cadence=180.0), key=middle.key)


def wear_others(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.move(middle, anna, None)


def give_away(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.move(middle, roster.athletes.find("Ben"), None)


def delete(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.delete(middle)


def rename_shoe(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.shoes.edit(replace(roster.shoes.find(anna, "Pegasus"), model="Other"))


def write_a_note(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.sessions.edit(replace(middle, notes="windy", effort=4.0))


def merge(roster: Roster, anna: Athlete, middle: Session) -> None:
    roster.merge(roster.athletes.find("Ben"), anna)


ANNA, BEN = ({f"{name} {day}" for day in DAYS} for name in ("Anna", "Ben"))


@pytest.mark.parametrize(
    ("do", "known"),
    [
        (run_before, {"Anna 0"} | BEN),
        (run_after, ANNA | BEN),
        (analyse_again, {"Anna 0"} | BEN),
        (wear_others, {"Anna 0"} | BEN),
        (give_away, {"Anna 0", "Ben 0"}),
        (delete, {"Anna 0"} | BEN),
        (rename_shoe, BEN),
        (write_a_note, ANNA | BEN),
        (merge, set()),
    ],
)
def test_what_depends_on_a_change_is_forgotten_and_nothing_else(roster: Roster, do, known):
    anna = roster.athletes.find("Anna")
    middle = roster.sessions.by_key("Anna 2")
    assert middle is not None
    do(roster, anna, middle)
    assert still_known(roster) == known


@pytest.mark.parametrize("do", [run_before, analyse_again, wear_others, delete])
def test_undoing_forgets_what_was_found_meanwhile(roster: Roster, do):
    anna = roster.athletes.find("Anna")
    middle = roster.sessions.by_key("Anna 2")
    assert middle is not None
    with roster.undoable([anna], [middle]) as change:
        do(roster, anna, middle)
    compare_all(roster)
    roster.take_back(change)
    assert still_known(roster) == {"Anna 0"} | BEN


def test_it_comes_back_as_it_was(roster: Roster):
    one, other, *_ = roster.sessions.all()
    found = {one.id: Verdict(why="too few"), other.id: Verdict(shown=[DIFFERS])}
    roster.compared.keep(found, roster.compared.state())
    assert roster.compared.known([one.id, other.id]) == found
    assert roster.problems() == []


def test_what_others_changed_meanwhile_is_no_ground_to_remember(roster: Roster):
    state = roster.compared.state()
    with Roster(roster.path) as other:
        other.sessions.register(other.athletes.find("Anna"), summary(-1), key="new")
    assert still_known(roster) == BEN
    roster.compared.keep({s.id: Verdict() for s in roster.sessions.all()}, state)
    assert still_known(roster) == BEN


def test_a_session_that_is_gone_is_not_remembered(roster: Roster):
    (last, *_) = roster.sessions.all()
    roster.sessions.delete(last)
    roster.compared.keep({last.id: Verdict()}, roster.compared.state())
    assert roster.compared.known([last.id]) == {}
