"""Checkups are kept, found, changed and deleted per athlete."""

from datetime import date
from pathlib import Path

import pytest

from gait.model import UsageError
from gait.roster import Roster

ANSWERS = {"hop_pain": False, "pain": [{"where": "heel", "level": 3}], "heel_raises": 22}


def test_the_latest_checkup_is_found_again_and_each_belongs_to_its_athlete(tmp_path: Path):
    with Roster(tmp_path / "roster.db") as roster:
        anna, ben = roster.athletes.add("Anna"), roster.athletes.add("Ben")
        roster.checkups.keep(anna, taken_on=date(2026, 5, 3), answers=ANSWERS, version="1")
        roster.checkups.keep(anna, taken_on=date(2026, 4, 1), answers={}, version="1")
    with Roster(tmp_path / "roster.db") as roster:
        latest = roster.checkups.latest(anna)
        assert latest is not None
        assert (latest.taken_on, latest.answers) == (date(2026, 5, 3), ANSWERS)
        assert [c.taken_on.month for c in roster.checkups.all(anna)] == [5, 4]
        earlier = roster.checkups.latest(anna, until=date(2026, 5, 2))
        assert earlier is not None
        assert earlier.taken_on == date(2026, 4, 1)
        assert roster.checkups.latest(anna, until=date(2026, 3, 1)) is None
        assert roster.checkups.latest(ben) is None


def test_a_checkup_is_changed_and_deleted(tmp_path: Path):
    path = tmp_path / "roster.db"
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna")
        kept = roster.checkups.keep(
            anna, taken_on=date(2026, 5, 3), answers={"where": "fibularis"}, version="1"
        )
        changed = roster.checkups.change(kept, answers=ANSWERS, version="2")
        assert (changed.id, changed.answers, changed.version) == (kept.id, ANSWERS, "2")
        roster.checkups.delete(changed)
        assert roster.checkups.all(anna) == []
        with pytest.raises(UsageError, match="no longer"):
            roster.checkups.get(kept.id)
        assert b"fibularis" not in path.read_bytes() + Path(f"{path}-wal").read_bytes()
