"""The benchmark of a large roster runs on a small one; how quick it is, is not asserted."""

import pytest

from benchmarks.roster import __main__ as benchmark
from benchmarks.roster import long_run
from benchmarks.roster.long_run import LIMIT_MB, reports
from benchmarks.roster.must import Must

SMALL = ("--athletes", "3", "--sessions", "12")


@pytest.mark.parametrize(("found", "met", "word"), [(0.5, True, "met"), (2.1, False, "MISSED")])
def test_a_limit_is_met_or_missed(found: float, met: bool, word: str) -> None:
    must = Must("a page", found, 2.0, "s")
    assert must.met is met
    assert str(must).startswith(word)
    assert f"{found / 2.0:.0%}".replace("%", " %") in str(must)


def test_every_question_is_asked_of_the_roster(tmp_path, capsys) -> None:
    kept = tmp_path / "roster.db"
    assert benchmark.main(["--parts", "queries", "--keep", str(kept), *SMALL]) == 0
    said = capsys.readouterr().out
    assert "3 athletes, 36 sessions" in said
    assert "keep a session" in said
    assert "to delete a person" in said


def test_the_pages_are_seen_in_a_browser(tmp_path) -> None:
    pages = pytest.importorskip("benchmarks.roster.pages", reason="selenium is not installed")
    if lacking := pages.missing():
        pytest.skip(f"{lacking} is not installed here")
    benchmark.fill(tmp_path / "roster.db", 3, 12)
    found = pages.visits(tmp_path / "roster.db", 1)
    assert [one.page for one in found] == ["the roster", "an athlete"]
    assert all(one.first_s > 0.0 and len(one.later_s) == 1 for one in found)
    assert all(str(one.must()).endswith(f"page of {one.page}") for one in found)


def test_a_run_is_made_once_and_reported(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(long_run, "KEPT", tmp_path / "kept")
    session = long_run.recording(20.0)
    made_at = session.stat().st_mtime_ns
    assert long_run.recording(20.0).stat().st_mtime_ns == made_at
    (report,) = reports(session, 1)
    assert report.wall_s > 0.0
    assert report.cpu_s > 0.0
    assert 0.0 < report.size_mb < LIMIT_MB
    assert [must.unit for must in long_run.musts([report])] == ["s", "s", "MB"]
