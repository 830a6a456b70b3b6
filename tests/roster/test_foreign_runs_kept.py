"""Runs of other makers in the roster: counted once, never mixed into what is measured here."""

import io
from datetime import date, datetime, timedelta

import pytest
from summaries import START, summary

from gait.model import UsageError
from gait.model.history import ForeignMeasure, ForeignRun
from gait.roster import Athlete, Roster


@pytest.fixture
def roster(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        yield roster


@pytest.fixture
def anna(roster) -> Athlete:
    return roster.athletes.add("Anna")


def foreign(key: str = "f1", *, hours: float = 0.0, km: float | None = 5.2) -> ForeignRun:
    """Half an hour, so many hours after the first session of `summaries`."""
    began = START + timedelta(hours=hours)
    contact = ForeignMeasure(name="contact_ms", side="left", unit="ms", value=231.0, n=900)
    return ForeignRun(
        key=key,
        started_at=began.isoformat(),
        ended_at=(began + timedelta(minutes=30)).isoformat(),
        duration_s=1800.0,
        distance_m=None if km is None else 1000.0 * km,
        maker="Stryd",
        measures=[contact],
        points=1800,
        source=f"{key}.csv",
        notes=["a remark"],
    )


def all_km(roster: Roster, anna: Athlete) -> list[float | None]:
    return [run.km for run in roster.history.runs(anna)]


def test_it_is_kept_as_it_was_told_and_once(roster, anna):
    assert roster.foreign.keep(anna, foreign())
    assert not roster.foreign.keep(anna, foreign())
    (kept,) = roster.foreign.all(anna)
    assert (kept.maker, kept.km, kept.minutes, kept.source) == ("Stryd", 5.2, 30.0, "f1.csv")
    assert (kept.counted, kept.remarks) == (True, ["a remark"])
    assert kept.measures == foreign().measures
    assert [(p.maker, p.value) for p in roster.foreign.trend(anna, "contact_ms", "left")] == [
        ("Stryd", 231.0)
    ]
    assert roster.foreign.trend(anna, "contact_ms", "right") == []
    assert [run.maker for run in roster.diary.logged(anna)] == ["Stryd"]


def test_it_is_no_session_and_nothing_is_compared_with_it(roster, anna):
    roster.foreign.keep(anna, foreign())
    assert roster.sessions.all(anna) == []
    assert roster.history.past_runs(anna, before="9999") == []
    assert roster.history.trend(anna, "contact_ms", "left") == []
    assert [one.sessions for one in roster.overview(START.date())] == [0]


def test_its_distance_counts_in_weeks_load_and_shoes(roster, anna):
    shoe = roster.shoes.add(anna, "Ride")
    roster.foreign.keep(anna, foreign(), shoe)
    assert all_km(roster, anna) == [5.2]
    (week,) = roster.history.weeks(anna, until=START.date(), count=1)
    assert (week.km, week.runs) == (5.2, 1)
    assert roster.shoes.get(shoe.id).km == pytest.approx(5.2)
    assert [one.recent_km for one in roster.overview(START.date())] == [5.2]
    assert [one.last_run for one in roster.lately()] == [date(2026, 5, 3)]


@pytest.mark.parametrize("session_first", [True, False])
def test_a_run_measured_here_too_counts_once(roster, anna, session_first):
    shoe = roster.shoes.add(anna, "Ride")
    keep = [
        lambda: roster.sessions.register(anna, summary(), key="s", shoe=shoe),
        lambda: roster.foreign.keep(anna, foreign(hours=0.05), shoe),
    ]
    for one in keep if session_first else reversed(keep):
        one()
    assert all_km(roster, anna) == [5.0]
    assert roster.shoes.get(shoe.id).km == 5.0
    assert [run.counted for run in roster.foreign.all(anna)] == [False]
    roster.sessions.delete(roster.sessions.all(anna)[0])
    assert all_km(roster, anna) == [5.2]


def test_a_session_without_a_distance_leaves_it_to_the_other(roster, anna):
    roster.sessions.register(anna, summary(km=None), key="s")
    roster.foreign.keep(anna, foreign())
    assert sorted(km for km in all_km(roster, anna) if km is not None) == [5.2]


@pytest.mark.parametrize(("hours", "counted"), [(0.0, 1), (0.24, 1), (0.26, 2), (0.5, 2), (24, 2)])
def test_two_files_of_one_run_count_once(roster, anna, hours, counted):
    """The same is what overlaps by more than half."""
    roster.foreign.keep(anna, foreign("a"))
    roster.foreign.keep(anna, foreign("b", hours=hours, km=5.3))
    assert all_km(roster, anna) == [5.2, 5.3][:counted]


def test_other_athletes_runs_at_the_same_time_are_others(roster, anna):
    ben = roster.athletes.add("Ben")
    roster.sessions.register(ben, summary(), key="s")
    roster.foreign.keep(anna, foreign())
    assert all_km(roster, anna) == [5.2]
    with pytest.raises(UsageError, match="Anna's"):
        roster.foreign.keep(ben, foreign())


def test_undone_merged_and_deleted_with_their_person(roster, anna):
    with roster.undoable([anna]) as change:
        roster.foreign.keep(anna, foreign())
    roster.take_back(change)
    assert roster.foreign.all(anna) == []
    ben = roster.athletes.add("Ben")
    roster.foreign.keep(ben, foreign())
    anna = roster.merge(anna, ben)
    assert len(roster.foreign.all(anna)) == 1
    roster.athletes.delete(anna)
    assert b"Stryd" not in roster.path.read_bytes()


def test_it_goes_to_another_coach_and_is_not_twice_there(roster, anna, tmp_path):
    shoe = roster.shoes.add(anna, "Ride")
    roster.foreign.keep(anna, foreign(), shoe)
    archive = io.BytesIO()
    roster.export(anna, archive, recordings=False)
    with Roster(tmp_path / "other.db") as other:
        there = other.take_in(archive, "a").athlete
        other.take_in(archive, "a")
        assert not other.foreign.keep(there, foreign())
        (kept,) = other.foreign.all(there)
        (here,) = roster.foreign.all(anna)
        assert (kept.measures, kept.remarks, kept.started_at) == (
            here.measures,
            here.remarks,
            here.started_at,
        )
        assert datetime.fromisoformat(kept.started_at) == START
        assert other.shoes.get(kept.shoe or 0).model == "Ride"


def test_lists_and_sums_find_their_rows_by_index(roster):
    """No scan of the whole log for one athlete or one pair of shoes."""
    for sql in (
        "SELECT sum(km) FROM counted_log WHERE shoe = 1 AND day < '9'",
        "SELECT sum(km) FROM counted_log WHERE athlete = 1 AND day BETWEEN '1' AND '9'",
        "SELECT day, km FROM sessions, (SELECT 1 AS km) WHERE athlete = 1"
        " UNION ALL SELECT day, km FROM counted_log WHERE athlete = 1",
    ):
        plan = [row["detail"] for row in roster._db.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert not any(step.startswith("SCAN") and "training_log" in step for step in plan), plan
        assert not any(step in ("SCAN log", "SCAN s", "SCAN o") for step in plan), plan
