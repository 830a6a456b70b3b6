"""The dashboard as it is: the real command serves it, a real browser without a window opens it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("nicegui", reason="the dashboard needs NiceGUI")
pytest.importorskip("selenium", reason="the dashboard is tested through selenium")

from browsing import Coach
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/\?token=\S+")


@dataclass(frozen=True)
class Served:
    """A dashboard that runs; other programs may have its roster open at the same time."""

    roster: Path
    recordings: Path
    watched: Path
    root: str
    address: str
    said: Path

    def new_address(self) -> str:
        """For a browser that has no cookie yet: the last that was printed is good, once."""
        return [found[0] for found in ADDRESS.finditer(self.said.read_text())][-1]


# A browser that looks for its maker's servers waits for them, and pages with it.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """`gait dashboard` over a roster of its own, with a folder to watch."""
    folder = tmp_path_factory.mktemp("dashboard")
    roster, recordings, watched = folder / "roster.db", folder / "recordings", folder / "watched"
    watched.mkdir()
    command = ["--roster", roster, "--recordings", recordings, "--watch", watched, "--no-browser"]
    said = folder / "said.txt"
    with said.open("w") as stderr:
        server = subprocess.Popen(
            [sys.executable, "-m", "gait", "dashboard", *command],
            stderr=stderr,
            env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        )
    try:
        found = _address(said, server)
        yield Served(roster, recordings, watched, found[1], found[0], said)
    finally:
        server.terminate()
        server.wait(20)
    assert "Traceback" not in said.read_text()


def _address(said: Path, server: subprocess.Popen) -> re.Match[str]:
    """What the dashboard printed; it serves a little later, and a browser waits for that."""
    while server.poll() is None:
        found = ADDRESS.search(said.read_text())
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(said.read_text())


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[webdriver.Chrome]:
    """Chromium without a window; the test is skipped where there is none."""
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("there is no Chromium with its chromedriver here")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.add_argument("--headless=new")
    for quiet in QUIET:
        options.add_argument(quiet)
    options.add_argument("--window-size=1280,1000")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('browser')}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture
def coach(browser, served) -> Coach:
    """At the first page; asking for more of the fixture opens it anew."""
    browser.get(served.address)
    return Coach(browser, served.root)
