"""Past runs, trends and weeks say what a plain walk through all sessions says."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summaries import START, summary

from gait.model import UsageError
from gait.roster import Roster, TrainingRun

RUNS = st.lists(
    st.tuples(
        st.sampled_from(["Anna", "Ben"]),
        st.integers(0, 30),
        st.sampled_from(["laces", "heel"]),
        st.none() | st.floats(140.0, 200.0),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(runs=RUNS, before=st.integers(0, 31), limit=st.integers(1, 5))
def test_past_runs_and_trend_are_those_of_a_plain_search(
    tmp_path_factory, runs: list, before: int, limit: int
):
    with Roster(tmp_path_factory.mktemp("roster") / "roster.db") as roster:
        people = {name: roster.athletes.add(name) for name in ("Anna", "Ben")}
        kept = []
        for number, (name, day, mounting, cadence) in enumerate(runs):
            made = summary(day + number / 1000, mounting=mounting, cadence=cadence)
            session = roster.sessions.register(people[name], made, key=str(number))
            kept.append((session.started_at, name, session, made))
        kept.sort(key=lambda one: one[0])
        moment = (START + timedelta(days=before)).isoformat()
        gear = next((s.gear for _, _, s, _ in kept), "none")
        expected = [
            (s.key, m.distance, m.speed_bins)
            for started, name, s, m in kept
            if name == "Anna" and started < moment and s.gear == gear
        ]
        found = roster.history.past_runs(people["Anna"], before=moment, gear=gear, limit=limit)
        assert [(r.key, r.distance, r.speed_bins) for r in found] == expected[-limit:]
        later = roster.history.past_runs(people["Anna"], before="9999", since=moment)
        assert [r.key for r in later] == [
            s.key for started, name, s, _ in kept if name == "Anna" and started >= moment
        ]
        trend = roster.history.trend(people["Anna"], "cadence_spm", "both")
        assert [(p.session, p.value) for p in trend] == [
            (s.id, m.measures["both"]["cadence_spm"].value)
            for _, name, s, m in kept
            if name == "Anna" and m.measures["both"]["cadence_spm"].value is not None
        ]


def test_a_measure_nobody_has_gives_an_empty_trend(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        roster.sessions.register(anna, summary(), key="a")
        assert roster.history.trend(anna, "unheard_of", "left") == []
        assert len(roster.history.trend(anna, "cadence_spm", "left", since=date(2026, 5, 3))) == 1
        assert roster.history.trend(anna, "cadence_spm", "left", since=date(2026, 5, 4)) == []


@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 60), st.none() | st.floats(0.5, 40)), max_size=10),
    until=st.integers(0, 60),
)
def test_weeks_are_those_of_the_calendar(tmp_path_factory, days: list, until: int):
    with Roster(tmp_path_factory.mktemp("roster") / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        expected_km: Counter = Counter()
        expected_runs: Counter = Counter()
        longest: dict = {}
        for number, (day, km) in enumerate(days):
            when = START.date() + timedelta(days=day)
            if number % 2:
                roster.sessions.register(anna, summary(day, km=km), key=str(number))
            else:
                roster.diary.log(anna, when, km=km, minutes=30.0)
            expected_runs[when.isocalendar()[:2]] += 1
            expected_km[when.isocalendar()[:2]] += km or 0.0
            if km is not None:
                of_week = when.isocalendar()[:2]
                longest[of_week] = max(km, longest.get(of_week, 0.0))
        weeks = roster.history.weeks(anna, until=START.date() + timedelta(days=until), count=6)
        assert len(weeks) == 6
        assert weeks[-1].begins <= START.date() + timedelta(days=until)
        for week in weeks:
            assert week.begins.weekday() == 0
            assert week.runs == expected_runs[week.begins.isocalendar()[:2]]
            assert week.km == pytest.approx(expected_km[week.begins.isocalendar()[:2]])
            assert week.longest_km == pytest.approx(longest.get(week.begins.isocalendar()[:2]))


def test_runs_are_sessions_and_what_was_logged(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        roster.sessions.register(anna, summary(1), key="a")
        logged = roster.diary.log(anna, START.date(), km=9.0)
        assert roster.history.runs(anna) == [
            TrainingRun(day=START.date(), km=9.0, minutes=None, logged=True),
            TrainingRun(day=date(2026, 5, 4), km=5.0, minutes=30.0, logged=False),
        ]
        assert roster.history.runs(anna, since=date(2026, 5, 5)) == []
        assert roster.diary.logged(anna) == [logged]
        roster.diary.unlog(logged)
        assert len(roster.history.runs(anna)) == 1
        with pytest.raises(UsageError, match="how far or how long"):
            roster.diary.log(anna, START.date())
        with pytest.raises(UsageError, match="up to 500"):
            roster.diary.log(anna, START.date(), km=9000)


def test_notes_and_goals_are_kept_in_order(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna = roster.athletes.add("Anna")
        first = roster.diary.note(anna, date(2026, 5, 1), "calf tight")
        second = roster.diary.note(anna, date(2026, 5, 2), "fine")
        assert roster.diary.notes(anna) == [second, first]
        roster.diary.delete_note(first)
        assert roster.diary.notes(anna) == [second]
        some_day = roster.diary.set_goal(anna, "half marathon")
        soon = roster.diary.set_goal(anna, "10 km", date(2026, 6, 1))
        assert roster.diary.goals(anna) == [soon, some_day]
        roster.diary.reach_goal(soon, date(2026, 5, 30))
        assert [g.reached for g in roster.diary.goals(anna)] == [None, date(2026, 5, 30)]
        roster.diary.delete_goal(some_day)
        assert len(roster.diary.goals(anna)) == 1
        with pytest.raises(UsageError, match="empty"):
            roster.diary.note(anna, date(2026, 5, 1), "  ")
