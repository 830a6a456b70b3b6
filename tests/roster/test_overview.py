"""What may call for a look, against the same worked out row by row."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from summaries import START, summary

from gait.roster import Roster
from gait.roster.history import LONGEST_DAYS

FIRST = START.date()
DAYS = st.integers(0, 70)
KM = st.one_of(st.none(), st.floats(1.0, 40.0).map(lambda km: round(km, 1)))
RUNS = st.lists(st.tuples(DAYS, KM, st.booleans(), st.sampled_from([None, "A", "B", "C"])))


@pytest.fixture(scope="module")
def roster(tmp_path_factory):
    with Roster(tmp_path_factory.mktemp("overview") / "roster.db") as roster:
        yield roster


@settings(max_examples=60, deadline=None)
@given(runs=RUNS)
def test_lately_is_what_a_reader_of_the_rows_finds(roster, runs):
    athlete = roster.athletes.add(f"Athlete {len(roster.athletes.all())}")
    shoes = {model: roster.shoes.add(athlete, model, km_before=3.0) for model in "AB"}
    shoes["C"] = roster.shoes.add(athlete, "C")
    told = []
    for number, (day, km, logged, worn) in enumerate(runs):
        shoe = shoes[worn] if worn else None
        if logged:
            if km is not None:
                on = FIRST + timedelta(days=day)
                roster.diary.log(athlete, on, km=km, shoe=shoe)
                told.append((on, km, None, worn))
            continue
        kept = roster.sessions.register(
            athlete, summary(day, km=km), key=f"{athlete.id} {number}", shoe=shoe
        )
        told.append((kept.day, km, kept, worn))

    [lately] = [one for one in roster.lately() if one.athlete == athlete.id]

    assert lately.last_run == max((day for day, *_ in told), default=None)
    sessions = [kept for _, _, kept, _ in told if kept is not None]
    last = max(sessions, key=lambda kept: (kept.started_at, kept.key), default=None)
    assert lately.session == (last.id if last else None)
    if last is not None:
        assert lately.session_on == last.day
        assert lately.session_km == (None if last.metres is None else last.metres / 1000)
        before = [
            km
            for day, km, *_ in told
            if km is not None and timedelta(0) < last.day - day <= timedelta(days=LONGEST_DAYS)
        ]
        assert lately.longest_km == pytest.approx(max(before, default=None))
    far = {model: 3.0 if model in "AB" else 0.0 for model in shoes}
    for _, km, _, worn in told:
        if worn and km:
            far[worn] += km
    assert lately.shoe_km == pytest.approx(max(far.values()))
    assert far[lately.shoe] == pytest.approx(lately.shoe_km)


def test_the_latest_checkup_and_only_shoes_in_use(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        nothing = roster.lately()[0]
        assert (nothing.last_run, nothing.session, nothing.shoe, nothing.answers) == (None,) * 4
        worn = roster.shoes.add(anna, "Old", km_before=900.0)
        assert roster.lately()[0].shoe == "Old"
        roster.shoes.edit(replace(worn, retired=date(2026, 5, 1)))
        assert roster.lately()[0].shoe is None
        for day, answer in ((3, True), (9, False), (5, True)):
            roster.checkups.keep(
                anna,
                taken_on=date(2026, 5, day),
                answers={"red_flags": {"hop_pain": answer}},
                version="1",
            )
        latest = roster.lately()[0]
        assert latest.asked_on == date(2026, 5, 9)
        assert latest.answers == {"red_flags": {"hop_pain": False}}
