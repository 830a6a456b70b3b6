"""Where results go: the summary on stdout, files where they were asked for.

A page as PDF, printed by a browser that is installed; none is fetched.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from gait.model import GaitError, InputError, Summary
from gait.model.limits import PROFILE_BYTES, check_most
from gait.recording.files import cannot_read, check_free
from gait.recording.tables import is_parquet, parquet_modules
from gait.risk import RunnerProfile, parse_profile


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files to write; `json` may be "-" for stdout."""

    json: str | None = None
    strides: Path | None = None
    report: Path | None = None
    overwrite: bool = False
    full: bool = False  # the text, with all that stands behind its first screen

    def check(self) -> None:
        """Raise before any work is done: UsageError for a taken path, GaitError for an extra that
        is needed and not installed."""
        for path in (self.json, self.strides, self.report):
            if path is not None and str(path) != "-":
                check_free(Path(path), overwrite=self.overwrite)
        if self.strides is not None and is_parquet(self.strides):
            parquet_modules()

    def write(self, summary: Summary, strides: NDArray[np.void]) -> None:
        """Write everything asked for; the summary as text where JSON does not take stdout."""
        from gait.report.tables import write_strides, write_summary_json
        from gait.report.terminal import summary_text

        stderr = Console(stderr=True, markup=False)
        where: list[str] = []
        if self.strides is not None:
            write_strides(self.strides, strides, overwrite=self.overwrite)
            where.append(f"Strides: {self.strides}")
        if self.report is not None:
            from gait.report.html import write_report

            write_report(self.report, summary, strides, overwrite=self.overwrite)
            where.append(f"Report: {self.report.resolve()}")
        if self.json is not None and self.json != "-":
            write_summary_json(self.json, summary, overwrite=self.overwrite)
            where.append(f"Summary: {self.json}")
        if self.json == "-":
            for line in (*where, *(doubt.sentence for doubt in summary.doubts)):
                stderr.print(line, highlight=False, soft_wrap=True)
            write_summary_json(sys.stdout, summary)
            return
        summary_text(summary, Console(), full=self.full)
        for line in where:
            stderr.print(line, highlight=False, soft_wrap=True)


def read_profile(path: Path | None) -> RunnerProfile | None:
    """What the runner knows, from a YAML, TOML or JSON file."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(PROFILE_BYTES + 1)
        check_most(len(content), PROFILE_BYTES, "characters", str(path))
        text = content.decode("utf-8")
    except OSError as error:
        raise cannot_read(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not a text file; write the profile as YAML or TOML."
        ) from error
    return parse_profile(text, path.suffix.lstrip(".").lower())


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
FOLDED = '<details class="rest"'


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
        # older browsers print what is folded only where it is opened
        source.write_text(page.replace(FOLDED, f"{FOLDED} open"), encoding="utf-8")
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
