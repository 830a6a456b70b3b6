"""A session's page as a coach uses it: read, brush, zoom, edit, export, take back."""

import json
import re
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from gait.athletes.runner import Runner
from gait.pipeline import analyze_items
from gait.recording import open_session
from gait.recording.session import session_key
from gait.roster import Roster, Session

SHOWN = "figure.wide > .drawing:last-of-type"  # as there is room for it
RECORDING = Path(__file__).parents[2] / "recordings" / "run_walk_run.jsonl.gz"


@pytest.fixture(scope="module")
def kept(served) -> Session:
    """Anna's session with its recording."""
    recorded = open_session(RECORDING)
    with Roster(served.roster) as roster:
        anna = roster.athletes.add("Anna Berg", height_m=1.7)
        roster.shoes.add(anna, "Ghost 15")
        runner, key = Runner(roster, anna), session_key(recorded)
        summary = runner.summarise(
            analyze_items(recorded.sensors, recorded.items()),
            key=key,
            source=RECORDING.name,
            started_at=recorded.started_at or datetime.now(UTC).isoformat(),
        )
        return runner.keep(summary, key=key, recording=RECORDING)


@pytest.fixture
def page(coach, kept):
    coach.open(f"/session/{kept.id}")
    coach.sees("running strides are in the span")
    return coach


def of_span(coach, measure: str) -> list[str]:
    """The row of a measure: whole and span of the left foot, of the right foot."""
    for row in coach.browser.find_elements(By.CSS_SELECTOR, "tbody tr"):
        if row.text.startswith(measure):
            return row.text.removeprefix(measure).split()
    raise AssertionError(measure)


def test_it_says_what_the_run_says_and_what_is_missing(page, kept):
    page.sees("What this run says", "cadence 1", "Against your own earlier runs")
    page.sees("Left and right", "The average step", "What was measured when", "Warning signs")
    page.sees(f"Anna Berg, {kept.day}", "information, not a diagnosis")
    assert page.everything_came_from_here()


def brush(coach, start: float, end: float) -> None:
    """Draw over the picture from one part of its width to another."""
    chart = coach.browser.find_element(By.CSS_SELECTOR, SHOWN)
    coach.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    width = chart.size["width"]
    hand = ActionChains(coach.browser).move_to_element(chart)
    hand.move_by_offset(int((start - 0.5) * width), 0).click_and_hold()
    for _ in range(2):
        hand.move_by_offset(int(0.5 * (end - start) * width), 0)
    hand.release().perform()


def span(coach) -> tuple[float, float]:
    found = re.search(r"from minute (\d\.\d) to (\d\.\d)", coach.words)
    assert found is not None
    return float(found[1]), float(found[2])


def heard(page, part: str) -> str:
    """The title or the description of the strides over time."""
    found = page.browser.find_element(By.CSS_SELECTOR, f"{SHOWN} > {part}")
    return found.get_attribute("textContent") or ""


def test_brushing_shows_the_medians_of_the_span(page):
    whole = of_span(page, "Contact time, ms")
    assert whole[:2] == whole[2:]
    everything = span(page)
    brush(page, 0.1, 0.4)
    page.sees_no("from minute {:.1f} to {:.1f}".format(*everything))
    start, end = span(page)
    assert 0.0 <= start < end < 0.5
    assert of_span(page, "Contact time, ms")[:2] == whole[:2]
    shown = heard(page, "desc")
    page.click("Zoom in")
    page.until(lambda: heard(page, "desc") != shown)
    brush(page, 0.3, 0.5)
    page.sees_no(f"from minute {start:.1f} to {end:.1f}")
    assert start <= span(page)[0] < span(page)[1] <= end
    page.click("Whole run")
    page.sees("from minute {:.1f} to {:.1f}".format(*everything))


def test_a_span_can_be_written_and_zoomed_into_without_a_mouse(page):
    page.write("To minute", "0.3")
    page.keys("\t")
    page.sees("in the span from minute 0.0 to 0.3")
    page.click("Zoom in")
    page.until(lambda: "to 0:18" in heard(page, "desc"))


def test_another_measure_can_be_looked_at(page):
    page.click("Measure")
    page.click("Impact, g")
    page.until(lambda: heard(page, "title") == "Impact")


def test_the_values_under_the_pointer_can_be_read(page):
    place = page.browser.find_elements(By.CSS_SELECTOR, f"{SHOWN} .spots > g")[5]
    said = place.find_element(By.TAG_NAME, "text")
    assert re.match(r"0:\d\d: (left|right) \d+ ms", said.get_attribute("textContent") or "")
    assert said.value_of_css_property("visibility") == "hidden"
    under = place.find_element(By.TAG_NAME, "rect")
    page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", under)
    ActionChains(page.browser).move_to_element(under).perform()
    page.until(lambda: said.value_of_css_property("visibility") == "visible")


def test_every_figure_has_words_and_numbers_for_who_does_not_see_it(page):
    figures = page.browser.find_elements(By.CSS_SELECTOR, "figure")
    assert len(figures) == 5  # over time, what was measured when, and three curves
    for figure in figures:
        for drawing in figure.find_elements(By.CSS_SELECTOR, ".drawing"):
            assert drawing.get_attribute("role") == "img"
            assert len(drawing.find_element(By.TAG_NAME, "desc").get_attribute("textContent")) > 30
    numbers = page.browser.find_elements(By.CSS_SELECTOR, "figure details")
    assert len(numbers) == 4  # the seconds of what was measured when stand below it
    page.click("Numbers")
    page.sees("0:00")


def test_figures_fit_a_phone(page):
    page.narrow(390)
    try:
        page.until(lambda: not page.browser.find_element(By.CSS_SELECTOR, SHOWN).is_displayed())
        width = "return document.documentElement.scrollWidth"
        assert page.browser.execute_script(width) <= 390
    finally:
        page.narrow(None)


def test_what_is_told_is_kept_and_can_be_taken_back(page, served, kept):
    page.write("Notes", "calf tight after hills")
    page.write("Effort as felt, 0 to 10", "7")
    page.click("Save")
    page.sees("Undo: edited the session")
    with Roster(served.roster) as roster:
        now = roster.sessions.get(kept.id)
        assert (now.notes, now.effort) == ("calf tight after hills", 7.0)
    page.click("Undo: edited the session")
    page.sees("Undone: edited the session")
    with Roster(served.roster) as roster:
        assert roster.sessions.get(kept.id).notes == kept.notes


def test_the_report_opens(page, served, kept):
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.browser.get_cookies())
    address = f"{served.root}/session/{kept.id}/report"
    request = urllib.request.Request(address, headers={"cookie": cookies})
    with urllib.request.urlopen(request) as answer:
        report = answer.read().decode()
    assert "<title>Running report" in report
    assert 'http-equiv="Content-Security-Policy"' in report


def test_a_fit_file_is_downloaded(page, kept, tmp_path):
    page.browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    page.click("More")
    page.click("FIT file")
    made = tmp_path / f"anna-berg-{kept.day}.fit"
    page._wait(made.exists, lambda: str(list(tmp_path.iterdir())))
    assert made.read_bytes()[8:12] == b".FIT"


def test_the_report_is_downloaded_as_pdf(page, kept, tmp_path):
    page.browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    page.click("More")
    page.click("Report as PDF")
    made = tmp_path / f"anna-berg-{kept.day}.pdf"
    page._wait(made.exists, lambda: str(list(tmp_path.iterdir())))
    assert made.read_bytes().startswith(b"%PDF")


def test_it_can_be_analysed_again(page):
    page.click("More")
    page.click("Analyse again")
    page.sees("Undo: analysed the session")


def test_the_questions_that_would_change_most_are_answered_with_one_key(page, served, kept):
    page.sees("3 questions would change most", "Where does it hurt")
    page.keys("n")
    page.sees("Was there a running injury in the last 12 months")
    page.keys("q")  # no answer has that key
    page.keys("y")
    page.sees("Undo: answered: Was there a running injury")
    with Roster(served.roster) as roster:
        latest = roster.checkups.latest(roster.athletes.get(kept.athlete))
    assert latest is not None
    assert latest.answers["pain"] == []
    assert latest.answers["history"] == {"injured_last_12_months": True}
    for _ in range(2):
        page.click("Undo: answered")
        page.sees("Undone: answered")
    page.sees("3 questions would change most")


def test_a_recording_that_is_not_there_is_said(coach, served, kept):
    with Roster(served.roster) as roster:
        roster.sessions.locate(kept, served.watched / "gone.gait")
    coach.open(f"/session/{kept.id}")
    coach.sees("The recording is no longer at", "What this run says")
    with Roster(served.roster) as roster:
        roster.sessions.locate(kept, RECORDING)


def test_a_session_that_is_no_more_is_said(coach):
    coach.open("/session/999999")
    coach.sees("That session is no longer in the roster.")


def test_deleting_is_one_click_and_can_be_taken_back(page, served, kept):
    page.click("More")
    page.click("Delete this session")
    page.sees("Undo: deleted the session")
    with Roster(served.roster) as roster:
        assert not roster.sessions.all()
    page.click("Undo: deleted the session")
    page.sees("Undone: deleted the session")
    with Roster(served.roster) as roster:
        assert roster.sessions.get(kept.id).key == kept.key


def test_nothing_went_wrong_in_the_browser(page):
    severe = [e for e in page.browser.get_log("browser") if e["level"] == "SEVERE"]
    assert not severe, json.dumps(severe, indent=1)
