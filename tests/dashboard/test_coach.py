"""A coach at work: people, recordings, looks, notes, undo, and deleting for good."""

from browsing import Coach
from dropped_files import three_runs
from selenium.webdriver.common.keys import Keys


def add(coach: Coach, name: str) -> None:
    coach.open("/")
    coach.click("Add an athlete")
    coach.write("Name", name)
    coach.keys(Keys.ENTER)
    coach.sees("nothing more is known")


def test_somebody_is_added_and_recordings_are_dropped(coach, served, tmp_path):
    coach.sees("Nobody is in the roster yet")
    add(coach, "Anna Berg")
    rubbish = tmp_path / "holiday.jpg"
    rubbish.write_bytes(b"\xff\xd8 no recording at all")
    coach.drop(*three_runs(), rubbish)
    coach.sees(
        "run 3.gait: kept.",
        "run 2.gait: kept.",
        "run 1.jsonl.gz: kept.",
        "holiday.jpg is neither a session file nor an IMU table",
    )
    coach.sees("2026-05-01", "2026-05-02", "2026-05-03", "Undo: added 3 sessions")
    kept = sorted(served.recordings.iterdir())
    assert [path.suffix for path in kept] == [".gz", ".gait", ".gait"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    coach.drop(*three_runs())
    coach.sees("run 3.gait: was kept before.")
    coach.click("Undo: added 3 sessions")
    coach.sees("Undone: added 3 sessions", "No session yet")
    assert list(served.recordings.iterdir()) == []
    assert coach.everything_came_from_here()
