"""Who is deleted leaves no trace in any file of the roster."""

import random
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summaries import summary

from gait.model import GaitError
from gait.roster import Athlete, Roster


def trace(number: int) -> str:
    """A word that stands for everything of one person; in no other person's."""
    return f"Zq{number:04d}x"


def fill(roster: Roster, number: int, rng: random.Random) -> Athlete:
    """A person all of whose texts carry their trace, written and rewritten in many pages."""
    mark = trace(number)
    name = f"{rng.random()} {mark} {'n' * rng.randrange(60)}"  # at any place of the index
    athlete = roster.athletes.add(name, groups=[f"g{mark}"])
    roster.shoes.add(athlete, f"{mark} shoe")
    for session in range(rng.randrange(4)):
        roster.sessions.register(
            athlete,
            summary(session, source=f"{mark}.gait"),
            key=f"{mark}{session}",
            shoe=roster.shoes.only(athlete),
            recording=Path(f"{mark}.gait"),
            notes=mark * rng.randrange(200),
        )
    roster.checkups.keep(
        athlete,
        taken_on=date(2026, 5, 1),
        answers={"said": mark * rng.randrange(100)},
        version="1",
    )
    roster.diary.note(athlete, date(2026, 5, 1), mark * (1 + rng.randrange(100)))
    roster.diary.set_goal(athlete, mark)
    return athlete


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_nothing_of_the_deleted_is_left_and_all_of_the_others(tmp_path_factory, seed: int):
    folder = tmp_path_factory.mktemp("roster")
    rng = random.Random(seed)
    with Roster(folder / "roster.db") as roster:
        with roster.change():
            people = [fill(roster, number, rng) for number in range(150)]
            for _ in range(300):  # rows that grow push their neighbours into other pages
                number = rng.randrange(150)
                checkup = roster.checkups.latest(people[number])
                assert checkup is not None
                answers = {"said": trace(number) * rng.randrange(150)}
                roster.checkups.change(checkup, answers=answers)
        gone = rng.sample(range(150), 20)
        for number in gone:
            roster.athletes.delete(people[number])
        # while it is open, with its log beside it, and after
        while_open = content(folder)
    for number in gone:
        assert trace(number).encode() not in while_open
        assert trace(number).encode() not in content(folder)
    with Roster(folder / "roster.db") as roster:
        left = [number for number in range(150) if number not in gone]
        assert len(roster.athletes.all()) == len(left)
        for number in left:
            assert roster.checkups.latest(people[number]) is not None
            assert trace(number).encode() in content(folder)


def test_copies_from_before_a_migration_go_too(tmp_path: Path):
    path = tmp_path / "roster.db"
    with Roster(path) as roster:
        anna = roster.athletes.add("Annabella")
        (tmp_path / "roster.db.before-version-2").write_bytes(b"Annabella")
        roster.athletes.delete(anna)
    assert b"Annabella" not in content(tmp_path)


def test_a_reader_that_keeps_old_pages_is_named(tmp_path: Path):
    path = tmp_path / "roster.db"
    with Roster(path) as roster:
        roster._db.rows("PRAGMA busy_timeout = 50")
        anna = roster.athletes.add("Annabella")
        with closing(Roster(path)) as reader:
            reader._db.rows("BEGIN")
            assert len(reader.athletes.all()) == 1
            with pytest.raises(GaitError, match="another program has"):
                roster.athletes.delete(anna)
            assert roster.athletes.all() == []
    assert b"Annabella" not in content(tmp_path)


def test_a_file_that_cannot_be_rewritten_now_is_rewritten_at_the_next_deletion(tmp_path: Path):
    path = tmp_path / "roster.db"
    with Roster(path) as roster, Roster(path) as other:
        roster._db.rows("PRAGMA busy_timeout = 50")
        anna, ben = roster.athletes.add("Annabella"), roster.athletes.add("Ben")
        roster._db.write("DELETE FROM athletes WHERE id = ?", anna.id)
        with other.change(), pytest.raises(GaitError, match="could not be rewritten"):
            roster._db.forget_deleted()
        roster.athletes.delete(ben)
    assert b"Annabella" not in content(tmp_path)
