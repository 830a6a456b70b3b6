"""A page as PDF, printed by a browser that is installed; none is fetched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.model import GaitError

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "brave-browser",
)
_MAC = Path("/Applications")
_APPS = (
    _MAC / "Google Chrome.app/Contents/MacOS/Google Chrome",
    _MAC / "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    _MAC / "Chromium.app/Contents/MacOS/Chromium",
)
_PROGRAMS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_PROGRAM_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
LONGEST_S = 90.0


def browser() -> str | None:
    """The program of a browser that can print without a window, None where there is none."""
    named = (shutil.which(name) for name in NAMES)
    folders = [os.environ[name] for name in _PROGRAM_FOLDERS if name in os.environ]
    usual = [*_APPS, *(Path(folder) / program for folder in folders for program in _PROGRAMS)]
    placed = (str(path) for path in usual if path.exists())
    return next((found for found in (*named, *placed) if found), None)


def needed_browser() -> str:
    """The same; raises GaitError where there is none."""
    found = browser()
    if found is None:
        raise GaitError(
            "A PDF is printed by Chromium, Chrome or Edge, and none of them is installed here; "
            "leave --pdf away, open the HTML file in any browser and print it from there."
        )
    return found


def headless(program: str, profile: Path) -> list[str]:
    """The command without a window, with a profile of its own and nothing fetched."""
    command = [
        program,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-extensions",
        f"--user-data-dir={profile}",
    ]
    if sys.platform == "linux" and os.geteuid() == 0:
        command.append("--no-sandbox")  # as root the browser starts only so
    return command


def as_pdf(page: str) -> bytes:
    """An HTML page that needs nothing from outside, printed. Raises GaitError where it fails."""
    program = needed_browser()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            *headless(program, Path(folder) / "profile"),
            "--no-pdf-header-footer",
            "--print-to-pdf-no-header",  # the same, of older ones
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(  # noqa: S603 - a browser that is installed
                command, check=True, capture_output=True, timeout=LONGEST_S
            )
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise GaitError(
                f"{Path(program).name} could not print the report; make it without --pdf, open "
                "the HTML file and print it from there."
            ) from error
