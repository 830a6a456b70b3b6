"""What every page has, as it is seen, typed at and heard."""

from datetime import UTC, date, datetime, timedelta

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from virtual_run import session as recorded

from gait.athletes.runner import Runner
from gait.pipeline import analyze_items
from gait.roster import Athlete, Roster

PAGES = (
    "/",
    "/today",
    "/athlete/1",
    "/athlete/1/checkup",
    "/athlete/99",
    "/session/1",
    "/compare",
    "/live",
)
RUNS = 7

# What somebody who hears a page goes by; every entry that is wrong says which element.
HEARD = """
const wrong = [];
const seen = (e) => e.checkVisibility() && !e.closest("[aria-hidden=true]");
const named = (e) => (e.getAttribute("aria-label") || e.innerText || e.title || "").trim();
const labelled = (e) => (e.getAttribute("aria-labelledby") || "").split(" ")
  .every((id) => document.getElementById(id)?.textContent.trim());
const count = (selector) => [...document.querySelectorAll(selector)].filter(seen).length;
if (count("h1") !== 1) wrong.push("h1: " + count("h1"));
if (count("main") !== 1) wrong.push("main: " + count("main"));
if (count("header") !== 1) wrong.push("header: " + count("header"));
if (count("nav[aria-label]") < 1) wrong.push("no named nav");
if (document.documentElement.lang !== "en-US") wrong.push("lang");
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(seen)
  .map((e) => Number(e.tagName[1]));
levels.forEach((level, n) => { if (n && level > levels[n - 1] + 1) wrong.push("heading " + n); });
for (const e of document.querySelectorAll("button, a, [role=button], summary"))
  if (seen(e) && !named(e)) wrong.push("no name: " + e.outerHTML.slice(0, 160));
for (const e of document.querySelectorAll("input, textarea, [role=combobox]"))
  if (seen(e) && e.type !== "file" && !(e.getAttribute("aria-label") || e.closest("label")))
    wrong.push("no label: " + e.outerHTML.slice(0, 160));
for (const e of document.querySelectorAll("table"))
  if (!e.caption) wrong.push("no caption");
for (const e of document.querySelectorAll("img, [role=img]"))
  if (seen(e) && !(e.alt || e.getAttribute("aria-label") || labelled(e)))
    wrong.push("no words: " + e.outerHTML.slice(0, 160));
return wrong;
"""
# Text whose contrast with what is behind it is below 4.5 to 1.
FAINT = """
const parse = (c) => c.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
const ground = (e) => {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.99) return c;
  }
  return [255, 255, 255];
};
const wrong = [];
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !e.checkVisibility({ opacityProperty: true })) continue;
  if (e.closest("[disabled], .disabled, svg, .unseen")) continue;
  const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) wrong.push(contrast.toFixed(2) + " " + e.innerText.slice(0, 60));
}
return [...new Set(wrong)];
"""


@pytest.fixture(scope="module", autouse=True)
def anna(served):
    with Roster(served.roster) as roster:
        anna = roster.athletes.add("Anna Berg", height_m=1.68, groups=["Youth"])
        ben = roster.athletes.add("Ben Okafor")
        roster.shoes.add(anna, "Pegasus", km_before=900.0)
        _runs(roster, anna)
        roster.diary.note(anna, date(2026, 5, 1), "calf tight")
        roster.diary.log(anna, date.today(), km=9.0)
        roster.checkups.keep(
            ben,
            taken_on=date.today(),
            answers={"red_flags": {"hop_pain": True}},
            version="1",
        )


def _runs(roster: Roster, athlete: Athlete) -> None:
    """One run, as if it was of several days."""
    session = recorded()
    result = analyze_items(session.sensors, session.items())
    for number in range(RUNS):
        moment = datetime.now(UTC) - timedelta(days=3 * (RUNS - number))
        runner, key = Runner(roster, athlete), f"run {number}"
        summary = runner.summarise(
            result, key=key, source="run.gait", started_at=moment.isoformat()
        )
        runner.keep(summary, key=key, recording=session.path)


def test_the_token_does_not_stay_in_the_address(coach, served):
    coach.sees("Athletes")
    assert coach.path == "/"
    coach.open("/")
    coach.sees("Athletes")
    assert served.root + "/" == coach.browser.current_url


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_heard_fits_a_phone_and_can_be_read(coach, path):
    for dark in ("light", "dark"):
        coach.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": dark}]},
        )
        coach.narrow(390)
        try:
            coach.open(path)
            coach.sees("Athletes")
            coach.settled()
            root = "document.documentElement"
            assert coach.browser.execute_script(f"return {root}.scrollWidth <= {root}.clientWidth")
            assert coach.browser.execute_script(HEARD) == []
            assert coach.browser.execute_script(FAINT) == []
        finally:
            coach.narrow(None)
    assert coach.everything_came_from_here()


def test_colours_follow_the_system_until_something_else_is_chosen(coach):
    ground = "return getComputedStyle(document.body).backgroundColor"

    def system(colours: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": colours}]
        coach.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    system("dark")
    coach.until(lambda: coach.browser.execute_script(ground) == "rgb(20, 23, 26)")
    system("light")
    coach.until(lambda: coach.browser.execute_script(ground) == "rgb(255, 255, 255)")
    coach.click("Colours: as the system")
    coach.click("dark")
    coach.until(lambda: coach.browser.execute_script(ground) == "rgb(20, 23, 26)")
    coach.open("/athlete/1")
    coach.sees("Anna Berg")
    coach.until(lambda: coach.browser.execute_script(ground) == "rgb(20, 23, 26)")
    coach.click("Colours: dark")
    coach.click("as the system")
    coach.until(lambda: coach.browser.execute_script(ground) == "rgb(255, 255, 255)")


def test_by_keyboard_alone(coach):
    """To the search with "/", to the athlete with Enter, past the navigation, a note, and undo."""
    coach.sees("Anna Berg", "Ben Okafor")
    coach.keys("/")
    coach.keys("okaf")
    coach.sees_no("Anna Berg")
    coach.open("/compare")
    coach.sees("Compare")
    coach.keys("/")
    coach.keys("berg", Keys.ENTER)
    coach.sees("of 1 athletes")
    coach.tab_to("Anna Berg")
    coach.keys(Keys.ENTER)
    coach.sees("1.68 m")
    coach.keys(Keys.TAB)
    assert coach.focused == "Skip to the content"
    coach.keys(Keys.ENTER)
    coach.tab_to("Edit")
    coach.tab_to("Something worth remembering")
    coach.keys("by keyboard")
    coach.tab_to("Add the note")
    coach.keys(Keys.ENTER)
    coach.sees("by keyboard", "Undo: added a note")
    coach.open("/athlete/1")
    coach.sees("by keyboard")
    coach.tab_to("Undo: added a note")
    coach.keys(Keys.ENTER)
    coach.sees("Undone: added a note")
    coach.sees_no("by keyboard")


def test_a_point_of_a_trend_opens_its_session(coach):
    coach.open("/athlete/1")
    coach.sees("Trends")
    points = "figure.wide > .drawing:last-of-type .spots a"  # of the one there is room for
    coach.until(lambda: len(coach.browser.find_elements(By.CSS_SELECTOR, points)) == RUNS)
    point = coach.browser.find_elements(By.CSS_SELECTOR, points)[2]
    day = (point.get_attribute("aria-label") or "")[:10]
    point.find_element(By.TAG_NAME, "rect").click()
    coach.sees(f"Anna Berg, {day}")
    assert coach.path.startswith("/session/")


def test_whoever_is_not_there_is_said(coach):
    coach.open("/athlete/99")
    coach.sees("This cannot be shown", "no longer in the roster")
    coach.click("To the athletes")
    coach.sees("Anna Berg")


def test_focus_is_seen(coach):
    coach.sees("Anna Berg")
    coach.tab_to("Add an athlete")
    style = "const s = getComputedStyle(document.activeElement); return s.boxShadow + s.outline"
    assert "3px" in coach.browser.execute_script(style)
    coach.tab_to("Ben Okafor")
    assert "3px" in coach.browser.execute_script(style)


def test_nothing_was_said_to_the_browsers_log(coach):
    errors = [e for e in coach.browser.get_log("browser") if e["level"] == "SEVERE"]
    assert errors == []
    assert coach.browser.find_elements(By.CSS_SELECTOR, "iframe") == []
