"""How long a page of the dashboard takes in a real browser, from asking for it to being seen.

`gait dashboard` serves the roster in a process of its own; Chromium without a window asks for the
page. A script that the page itself does not have looks before every frame whether all that is
waited for can be seen, and notes the time since the navigation began. The first visit, with
nothing in the browser's cache and the server's modules just loaded, is told apart.
"""

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from benchmarks.roster.must import Must
from gait.report.outputs import browser
from gait.roster import Roster

LIMIT_S = 1.0
PATIENCE_S = 60.0
ADDRESS = re.compile(r"http://\S+")
SEEN = {
    "the roster": ['table a[href^="/athlete/"]'],
    "an athlete": ["figure .drawing:last-of-type path", 'table a[href^="/session/"]'],
}
WATCH = """
const wanted = %s;
const look = () => {
  const seen = (one) => document.querySelector(one)?.checkVisibility();
  if (wanted.every(seen)) window.seenAfterMs = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(frozen=True, slots=True)
class Visits:
    """Seconds until a page could be seen: of the first visit, and of those after it."""

    page: str
    first_s: float
    later_s: Sequence[float]

    def __str__(self) -> str:
        median, slowest = statistics.median(self.later_s), max(self.later_s)
        return (
            f"{median:8.2f} s median, {slowest:.2f} s slowest of {len(self.later_s)}, "
            f"{self.first_s:.2f} s the first time: {self.page}"
        )

    def must(self) -> Must:
        return Must(
            f"the dashboard's page of {self.page}", statistics.median(self.later_s), LIMIT_S, "s"
        )


def missing() -> str:
    """What is not installed here that a browser needs, empty where all is."""
    needed = {"chromium": browser(), "chromedriver": shutil.which("chromedriver")}
    return ", ".join(name for name, found in needed.items() if found is None)


def visits(roster: Path, times: int) -> list[Visits]:
    """Each page, so many times after its first; the athletes' pages are of different people."""
    with Roster(roster) as opened:
        people = [athlete.id for athlete in opened.athletes.all()]
    asked = {
        "the roster": ["/"] * (times + 1),
        "an athlete": [f"/athlete/{people[n % len(people)]}" for n in range(times + 1)],
    }
    found = []
    with _served(roster) as address, _browser() as driver:
        root = address.split("/?")[0]
        driver.get(address)  # takes the token along
        for page, paths in asked.items():
            taken = [_seen_after_s(driver, root + path, SEEN[page]) for path in paths]
            found.append(Visits(page, taken[0], taken[1:]))
    return found


def _seen_after_s(driver: webdriver.Chrome, address: str, wanted: Sequence[str]) -> float:
    source = {"source": WATCH % list(wanted)}
    added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
    try:
        driver.get(address)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if (seen := driver.execute_script("return window.seenAfterMs")) is not None:
                return 1e-3 * seen
            time.sleep(0.02)
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
    raise TimeoutError(f"{address} showed no {' and '.join(wanted)} within {PATIENCE_S:g} s")


@contextlib.contextmanager
def _served(roster: Path) -> Iterator[str]:
    """The address of a dashboard over this roster, with its token."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.txt"
        command = [sys.executable, "-m", "gait", "dashboard", "--no-browser"]
        options = ["--roster", str(roster), "--recordings", folder]
        with said.open("w") as stderr:
            server = subprocess.Popen([*command, *options], stderr=stderr)
        try:
            while server.poll() is None and not ADDRESS.search(said.read_text()):
                time.sleep(0.05)
            found = ADDRESS.search(said.read_text())
            if found is None:
                raise RuntimeError(said.read_text())
            yield found.group()
        finally:
            server.terminate()
            server.wait(20)


@contextlib.contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = browser() or ""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = ["--headless=new", "--window-size=1280,1000", f"--user-data-dir={profile}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")
        for argument in arguments:
            options.add_argument(argument)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()
