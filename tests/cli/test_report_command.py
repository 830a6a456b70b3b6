"""`gait report` as a runner and a coach use it."""

import re
import sys
from datetime import date, timedelta

import pytest

from gait.cli.simulate import SimulateOptions, virtual_feet, write_session
from gait.report import outputs


@pytest.fixture(autouse=True)
def _roster(tmp_path, monkeypatch):
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of 40 s, the left shoe rolling in more in the second."""
    folder = tmp_path_factory.mktemp("runs")
    for name, scenario in (("may", "easy_run"), ("july", "pronation_left")):
        options = SimulateOptions(scenario, 40.0, seed=len(name))
        write_session(folder / f"{name}.gait", virtual_feet(options), options, overwrite=False)
    return folder


def words_of(path):
    return " ".join(re.sub(r"<[^>]+>", " ", path.read_text()).split())


def test_a_session_becomes_a_page_beside_it_and_is_not_overwritten(gait, runs):
    page = runs / "may.html"
    assert gait("report", runs / "may.gait") == (0, "", f"Report: {page}\n")
    assert "Running report" in words_of(page)
    assert page.stat().st_mode & 0o777 == 0o600
    code, _, said = gait("report", runs / "may.gait")
    assert code == 2
    assert "exists already" in said
    assert gait("report", runs / "may.gait", "--overwrite")[0] == 0


def test_two_sessions_are_compared(gait, runs, tmp_path):
    page = tmp_path / "both.html"
    assert gait("report", runs / "may.gait", runs / "july.gait", "-o", page)[0] == 0
    text = words_of(page)
    assert "Before and after" in text
    assert re.search(r"our left shoe rolled in [5-9]\.\d° more", text)


@pytest.mark.skipif(outputs.browser() is None, reason="no browser that prints is installed")
def test_a_pdf_is_printed_by_a_browser(gait, runs, tmp_path):
    page = tmp_path / "may.pdf"
    assert gait("report", runs / "may.gait", "--pdf", "-o", page)[0] == 0
    assert page.read_bytes().startswith(b"%PDF-")
    assert page.stat().st_mode & 0o777 == 0o600


def test_without_a_browser_one_sentence_says_what_to_do(gait, runs, tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "browser", lambda: None)
    code, out, said = gait("report", runs / "may.gait", "--pdf", "-o", tmp_path / "may.pdf")
    assert (code, out) == (1, "")
    assert "leave --pdf away" in said
    assert not list(tmp_path.glob("*.pdf"))


def test_a_browser_that_fails_leaves_nothing(gait, runs, tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "browser", lambda: sys.executable)
    code, _, said = gait("report", runs / "may.gait", "--pdf", "-o", tmp_path / "may.pdf")
    assert code == 1
    assert "could not print the report" in said
    assert not list(tmp_path.glob("*.pdf"))


def test_an_athletes_last_session_and_two_periods(gait, runs, tmp_path):
    gait("roster", "add", "Anna")
    code, _, said = gait("report", "--athlete", "Anna")
    assert code == 2
    assert "no session yet" in said
    page = tmp_path / "anna.html"
    assert gait("report", runs / "may.gait", "--athlete", "Anna", "-o", page)[0] == 0
    last = tmp_path / "last.html"
    assert gait("report", "--athlete", "anna", "-o", last)[0] == 0
    assert "may.gait" in words_of(last)
    day = re.search(r"(\d{4}-\d\d-\d\d) \d\d:\d\d", words_of(last))
    assert day
    kept = date.fromisoformat(day[1])
    around = f"{kept - timedelta(1)}..{kept + timedelta(1)}"
    periods = tmp_path / "periods.html"
    said = gait("report", "--athlete", "Anna", "--before", around, "--after", around, "-o", periods)
    assert said[0] == 0
    assert "Before and after Anna" in words_of(periods)
    code, _, said = gait(
        "report", "--athlete", "Anna", "--before", "2020-01-01..2020-01-31", "--after", around
    )
    assert code == 2
    assert "no session from 2020-01-01 to 2020-01-31" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "Name a session file"),
        (["may.gait", "may.gait", "may.gait"], "or two to compare"),
        (["may.gait", "--before", "2026-01-01..2026-02-01"], "name --athlete"),
        (
            ["--athlete", "A", "--before", "May", "--after", "2026-01-01..2026-02-01"],
            "is no period",
        ),
        (
            [
                "--athlete",
                "A",
                "--before",
                "2026-03-01..2026-02-01",
                "--after",
                "2026-01-01..2026-02-01",
            ],
            "ends before it begins",
        ),
        (["may.gait", "july.gait", "--athlete", "A"], "leave the runner away"),
        (["may.gait", "--language", "tlh"], "no language tlh"),
        (["nothing.gait"], "nothing.gait"),
    ],
)
def test_wrong_use_says_what_to_do(gait, runs, monkeypatch, asked, said):
    monkeypatch.chdir(runs)
    code, out, error = gait("report", *asked)
    assert (code, out) == (2, "") or asked == ["nothing.gait"]
    assert code
    assert said in " ".join(error.split())
