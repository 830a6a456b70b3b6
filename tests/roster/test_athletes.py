"""People are found by name, whatever the case, and stand in groups."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gait.model import Body, UsageError
from gait.roster import Roster
from gait.roster.names import key

NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@pytest.fixture
def roster(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        yield roster


def test_an_athlete_comes_back_as_added(roster: Roster):
    anna = roster.athletes.add(
        "Anna  Berg", height_m=1.68, mass_kg=60, birth_year=1990, sex="female", groups=["Youth"]
    )
    assert anna.name == "Anna Berg"
    assert roster.athletes.find(" anna berg ") == anna == roster.athletes.get(anna.id)
    assert anna.groups == ("Youth",)
    assert anna.body(date(2026, 5, 1)) == Body(
        height_m=1.68, mass_kg=60.0, age_years=36.0, sex="female"
    )
    assert roster.athletes.add("Ben").body(date(2026, 5, 1)) == Body()


@settings(max_examples=40, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6, unique_by=key))
def test_any_names_are_found_whatever_their_case(tmp_path_factory, names: list[str]):
    with Roster(tmp_path_factory.mktemp("roster") / "roster.db") as roster:
        added = [roster.athletes.add(name) for name in names]
        for name, athlete in zip(names, added, strict=True):
            assert roster.athletes.find(name) == athlete
            if key(name.upper()) == key(name):
                assert roster.athletes.find(name.upper()) == athlete
        assert [a.id for a in roster.athletes.all()] == [
            a.id for a in sorted(added, key=lambda a: key(a.name).encode())
        ]


def test_a_name_is_had_by_one_person_only(roster: Roster):
    anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
    with pytest.raises(UsageError, match="Anna already"):
        roster.athletes.add("ANNA")
    with pytest.raises(UsageError, match="Ben already"):
        roster.athletes.edit(replace(anna, name="ben"))
    assert roster.athletes.edit(replace(ben, name="BEN")).name == "BEN"


@pytest.mark.parametrize("name", ["", "  ", "a\x07b", "x" * 201, "\u202etxt"])
def test_a_name_that_cannot_be_shown_is_refused(roster: Roster, name: str):
    with pytest.raises(UsageError, match="name of an athlete"):
        roster.athletes.add(name)


def test_a_name_that_is_not_there_brings_near_ones(roster: Roster):
    with pytest.raises(UsageError, match="none at all yet"):
        roster.athletes.find("Anna")
    roster.athletes.add("Anna Berg")
    roster.athletes.add("Benjamin")
    assert roster.athletes.find("anna").name == "Anna Berg"  # the only one of that first name
    assert roster.athletes.find("BERG").name == "Anna Berg"
    with pytest.raises(UsageError, match="did you mean Anna Berg"):
        roster.athletes.find("ann")
    roster.athletes.add("Anna Lind")
    with pytest.raises(UsageError, match="may be Anna Berg or Anna Lind"):
        roster.athletes.find("Anna")
    with pytest.raises(UsageError, match="did you mean Benjamin"):
        roster.athletes.find("Benjamim")
    with pytest.raises(UsageError, match="look for"):
        roster.athletes.find("Zoë")


@pytest.mark.parametrize(
    ("values", "said"),
    [({"height_m": 168}, "168"), ({"mass_kg": 6}, "kg"), ({"birth_year": 90}, "birth")],
)
def test_a_body_in_other_units_is_refused(roster: Roster, values: dict, said: str):
    with pytest.raises(UsageError, match=said):
        roster.athletes.add("Anna", **values)
    anna = roster.athletes.add("Anna")
    with pytest.raises(UsageError, match=said):
        roster.athletes.edit(replace(anna, **values))


def test_groups_come_and_go_with_their_members(roster: Roster):
    anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
    roster.athletes.join(anna, "Youth")
    roster.athletes.join(ben, "youth")
    roster.athletes.join(ben, "Relay")
    assert roster.athletes.groups() == [("Relay", 1), ("Youth", 2)]
    assert [a.name for a in roster.athletes.all(group="YOUTH")] == ["Anna", "Ben"]
    assert [a.name for a in roster.athletes.all("nn", group="youth")] == ["Anna"]
    roster.athletes.leave(ben, "relay")
    assert roster.athletes.groups() == [("Youth", 2)]
    with pytest.raises(UsageError, match="no group called 'relay'"):
        roster.athletes.all(group="relay")
    roster.athletes.delete(anna)
    assert roster.athletes.groups() == [("Youth", 1)]


def test_one_who_was_deleted_elsewhere_is_no_longer_there(roster: Roster):
    anna = roster.athletes.add("Anna")
    roster.athletes.delete(anna)
    with pytest.raises(UsageError, match="no longer"):
        roster.athletes.get(anna.id)
    with pytest.raises(UsageError, match="no longer"):
        roster.athletes.edit(anna)


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("Zoë Müller", "zoe mu"),
        ("Łukasz Dąbrowski", "lukasz dab"),
        ("Søren Ærø", "soren aero"),
        ("José Nuñez", "nunez"),
        ("Strauß", "strauss"),
        ("İpek Yıldız", "ipek yildiz"),
        ("Ana", "ÁNA"),
    ],
)
def test_plain_letters_find_a_name_that_has_accents(roster: Roster, name: str, search: str):
    roster.athletes.add("Nobody Else")
    roster.athletes.add(name)
    assert [athlete.name for athlete in roster.athletes.all(search)] == [name]
    assert (
        roster.athletes.find(search.rsplit(maxsplit=1)[-1] if " " not in name else name).name
        == name
    )
