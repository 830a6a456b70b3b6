"""Make the README's pictures: `python docs/make_images.py` (needs Chromium for the report's).

Runs the demo, keeps the live view as it was at the end, and photographs the report.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.app.demo import run_demo

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH, HEIGHT = 820, 1280
RUN_S = 40.0


def photograph(page: Path, picture: Path) -> None:
    """The top of an HTML page as PNG."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is needed for the picture of the report; install it and try again.")
    with TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={WIDTH},{HEIGHT}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        run_demo(demo, RUN_S, picture=IMAGES / "live.svg")
        photograph(demo / "report.html", IMAGES / "report.png")
    for picture in IMAGES.iterdir():
        picture.chmod(0o644)
