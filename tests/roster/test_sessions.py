"""Sessions are kept once, with what was run in, and found by athlete and day."""

import time
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from summaries import DIFFERS, summary

from gait.model import UsageError
from gait.model.history import Load, gear_text
from gait.roster import Roster


@pytest.fixture
def roster(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        yield roster


def test_a_session_comes_back_as_it_was(roster: Roster, tmp_path: Path):
    anna = roster.athletes.add("Anna")
    kept = roster.sessions.register(
        anna, summary(), key="a", recording=tmp_path / "run.gait", effort=6, notes="windy"
    )
    assert (kept.athlete, kept.day, kept.metres) == (anna.id, date(2026, 5, 3), 5000.0)
    assert (kept.recording, kept.effort, kept.notes) == (tmp_path / "run.gait", 6.0, "windy")
    assert kept.indoors is None
    assert roster.sessions.summary(kept) == summary()
    assert roster.sessions.by_key("a") == kept
    assert roster.sessions.by_key("b") is None


def test_registering_again_replaces_the_summary_and_keeps_what_was_said(roster: Roster):
    anna = roster.athletes.add("Anna")
    pair = roster.shoes.add(anna, "Pegasus")
    roster.sessions.register(anna, summary(), key="a", shoe=pair, notes="windy", indoors=False)
    again = roster.sessions.register(anna, summary(km=6.0, cadence=None), key="a")
    assert (again.shoe, again.notes, again.indoors) == (pair.id, "windy", False)
    assert again.metres == 6000.0
    assert len(roster.sessions.all(anna)) == 1
    assert roster.history.trend(anna, "cadence_spm", "left") == []


def test_a_session_of_somebody_else_is_refused(roster: Roster):
    anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
    kept = roster.sessions.register(anna, summary(), key="a")
    with pytest.raises(UsageError, match="Anna's already"):
        roster.sessions.register(ben, summary(), key="a")
    moved = roster.sessions.move(kept, ben, None)
    assert moved.athlete == ben.id
    assert roster.sessions.register(ben, summary(), key="a").id == kept.id


def test_a_session_without_a_date_needs_one(roster: Roster):
    anna = roster.athletes.add("Anna")
    with pytest.raises(UsageError, match="--date"):
        roster.sessions.register(anna, summary(undated=True), key="a")
    with pytest.raises(UsageError, match="no date"):
        roster.sessions.register(anna, summary(undated=True), key="a", started_at="yesterday")
    kept = roster.sessions.register(
        anna, summary(undated=True), key="a", started_at="2026-05-17T18:30"
    )
    assert kept.day == date(2026, 5, 17)


def test_effort_beyond_its_scale_is_refused(roster: Roster):
    anna = roster.athletes.add("Anna")
    with pytest.raises(UsageError, match="between 0 and 10"):
        roster.sessions.register(anna, summary(), key="a", effort=11)
    kept = roster.sessions.register(anna, summary(), key="a")
    with pytest.raises(UsageError, match="between 0 and 10"):
        roster.sessions.edit(replace(kept, effort=-1.0))


def test_what_was_said_beside_earlier_runs_is_not_kept(roster: Roster):
    said = replace(
        summary(), changes=[DIFFERS], change_notes=["of today"], load=Load(session_km=5.0)
    )
    kept = roster.sessions.register(roster.athletes.add("A"), said, key="a")
    assert roster.sessions.summary(kept) == summary()


def test_sessions_are_listed_by_athlete_and_day_the_newest_first(roster: Roster):
    anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
    for day in (3, 1, 2):
        roster.sessions.register(anna, summary(day), key=f"a{day}")
    roster.sessions.register(ben, summary(2.5), key="b")
    assert [s.key for s in roster.sessions.all(anna)] == ["a3", "a2", "a1"]
    assert [s.key for s in roster.sessions.all(limit=2)] == ["a3", "b"]
    some = roster.sessions.all(anna, since=date(2026, 5, 5), until=date(2026, 5, 5))
    assert [s.key for s in some] == ["a2"]


def test_gear_follows_the_shoe_its_name_and_its_end(roster: Roster):
    anna = roster.athletes.add("Anna")
    pair = roster.shoes.add(anna, "Pegasus")
    infos = [note.info for note in summary().sensors]
    kept = roster.sessions.register(anna, summary(), key="a", shoe=pair)
    assert kept.gear == gear_text(infos, "Pegasus")
    roster.shoes.edit(replace(pair, model="Pegasus 41"))
    assert roster.sessions.get(kept.id).gear == gear_text(infos, "Pegasus 41")
    roster.shoes.delete(pair)
    bare = roster.sessions.get(kept.id)
    assert (bare.shoe, bare.gear) == (None, gear_text(infos))
    other = roster.shoes.add(anna, "Ride")
    assert roster.sessions.move(bare, anna, other).gear == gear_text(infos, "Ride")


def test_what_is_said_of_a_session_is_edited_and_a_session_deleted(roster: Roster, tmp_path: Path):
    anna = roster.athletes.add("Anna")
    kept = roster.sessions.register(anna, summary(), key="a")
    edited = roster.sessions.edit(replace(kept, notes="null", indoors=True, effort=3.0))
    assert edited == replace(kept, notes="null", indoors=True, effort=3.0)
    roster.sessions.locate(kept, tmp_path / "moved.gait")
    assert roster.sessions.get(kept.id).recording == tmp_path / "moved.gait"
    roster.sessions.delete(edited)
    with pytest.raises(UsageError, match="no longer"):
        roster.sessions.get(kept.id)
    with pytest.raises(UsageError, match="no longer"):
        roster.sessions.summary(kept)
    assert roster.sessions.all() == []


def test_sensors_are_those_of_the_sessions_as_last_used(roster: Roster):
    anna = roster.athletes.add("Anna")
    roster.sessions.register(anna, summary(3, mounting="heel"), key="new")
    roster.sessions.register(anna, summary(1), key="old")
    used = roster.sessions.sensors(anna)
    assert [(u.info.side, u.info.mounting, u.last_used) for u in used] == [
        ("left", "heel", date(2026, 5, 6)),
        ("right", "heel", date(2026, 5, 6)),
    ]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs to change the time zone")
@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 3), ("America/Los_Angeles", 3), ("Pacific/Auckland", 4)]
)
def test_a_session_belongs_to_the_day_it_was_here(roster: Roster, monkeypatch, zone, day):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        kept = roster.sessions.register(roster.athletes.add("Anna"), summary(0.2), key="a")
        assert kept.day == date(2026, 5, day)  # 16:48 UTC
        assert kept.started_at == "2026-05-03T16:48:00.000000+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()
