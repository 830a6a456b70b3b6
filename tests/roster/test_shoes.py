"""Shoes know how far they were run in."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from summaries import START, summary

from gait.model import UsageError
from gait.roster import Roster

DISTANCES = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.floats(0.1, 50.0), st.booleans()), max_size=8
)


@settings(max_examples=25, deadline=None)
@given(before=st.floats(0.0, 900.0), runs=DISTANCES, until=st.integers(0, 40))
def test_kilometres_are_the_sum_of_sessions_and_log_as_a_plain_sum_says(
    tmp_path_factory, before: float, runs: list, until: int
):
    path = tmp_path_factory.mktemp("roster") / "roster.db"
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna")
        pair = roster.shoes.add(anna, "Pegasus", km_before=before)
        other = roster.shoes.add(anna, "Ride")
        roster.sessions.register(anna, summary(1, km=99.0), key="other", shoe=other)
        for number, (day, km, logged) in enumerate(runs):
            if logged:
                roster.diary.log(
                    anna, summary_day(day), km=km, minutes=None if km else 30.0, shoe=pair
                )
            else:
                roster.sessions.register(anna, summary(day, km=km), key=str(number), shoe=pair)
        now = roster.shoes.find(anna, "PEGASUS")
        assert now.km == pytest.approx(before + sum(km or 0.0 for _, km, _ in runs))
        assert now.uncounted == sum(km is None for _, km, _ in runs)
        # both begin at noon or on a day: what began before midnight of `until` counts
        then = roster.shoes.get(pair.id, before=f"{summary_day(until)}T00:00:00")
        earlier = [km for day, km, _ in runs if day < until]
        assert then.km == pytest.approx(before + sum(km or 0.0 for km in earlier))
        assert then.uncounted == sum(km is None for km in earlier)


def summary_day(day: int) -> date:
    return date.fromordinal(START.date().toordinal() + day)


def test_the_only_pair_in_use_is_meant(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        assert roster.shoes.only(anna) is None
        old = roster.shoes.add(anna, "Old", since=date(2025, 1, 1))
        assert roster.shoes.only(anna) == old
        new = roster.shoes.add(anna, "New", since=date(2026, 1, 1))
        assert roster.shoes.only(anna) is None
        retired = roster.shoes.edit(replace(old, retired=date(2026, 1, 1)))
        assert roster.shoes.only(anna) == new
        assert roster.shoes.all(anna) == [new, retired]


def test_shoes_have_names_of_their_own_per_athlete(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
        pair = roster.shoes.add(anna, "Pegasus")
        roster.shoes.add(ben, "Pegasus")
        with pytest.raises(UsageError, match="already"):
            roster.shoes.add(anna, " pegasus ")
        other = roster.shoes.add(anna, "Ride")
        with pytest.raises(UsageError, match="already"):
            roster.shoes.edit(replace(other, model="PEGASUS"))
        with pytest.raises(UsageError, match="did you mean Pegasus"):
            roster.shoes.find(anna, "Pegasos")
        with pytest.raises(UsageError, match="km before"):
            roster.shoes.add(anna, "Third", km_before=-1)
        roster.shoes.delete(pair)
        with pytest.raises(UsageError, match="no longer"):
            roster.shoes.get(pair.id)
