"""Make the README's pictures: `python docs/make_images.py` (needs Chromium for the report's).

Runs the demo, keeps the live view as it was at the end, and photographs the report.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.app.outputs import headless, needed_browser
from gait.cli.demo import run_demo

IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT = 820, 1280
RUN_S = 40.0


def photograph(page: Path, picture: Path) -> None:
    """The top of an HTML page as PNG."""
    with TemporaryDirectory() as profile:
        subprocess.run(
            [
                *headless(needed_browser(), Path(profile)),
                "--hide-scrollbars",
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
