"""Make the README's pictures: `python docs/make_images.py` (needs Chromium for the report's).

Runs the demo, shows its recording in the live view again, and photographs the report.
"""

import asyncio
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.cli.demo import run_demo
from gait.live.run import LiveRun, RecordingControls, RunStatus, show
from gait.live.screen import RecordScreen
from gait.model import Connection, ConnectionEvent
from gait.pipeline import Pipeline
from gait.recording import open_session
from gait.report.outputs import headless, needed_browser

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


async def live_picture(recording: Path) -> str:
    """The live view as SVG, as it was just before the shoes were let go: a terminal of 80 × 24."""
    session = open_session(recording)
    pipeline, run = Pipeline(session.sensors), LiveRun(session.sensors, title=recording.name)
    for item in session.items():
        if isinstance(item, ConnectionEvent) and item.event is Connection.CLOSED:
            break
        show(run, [item], pipeline.feed([item]), item.host_s, RunStatus.of(pipeline))
    screen = RecordScreen(run, RecordingControls(lambda _: None))
    async with screen.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        svg = screen.export_screenshot(title=recording.name)
    # Fonts from the network are linked to; the picture must stand alone.
    return re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        run_demo(demo, RUN_S)
        picture = asyncio.run(live_picture(demo / "run.gait"))
        (IMAGES / "live.svg").write_text(picture, encoding="utf-8")
        photograph(demo / "report.html", IMAGES / "report.png")
    for picture in IMAGES.iterdir():
        picture.chmod(0o644)
