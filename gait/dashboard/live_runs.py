"""Recordings that other programs are making now, read as they grow."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gait.live.run import LiveRun, RunNow, Standing, show
from gait.model import GaitError
from gait.recording.following import Followed, is_open, last_written

if TYPE_CHECKING:
    from gait.pipeline import Pipeline

PATTERN = "*.gait"
RECENT_S = 30.0  # written to so lately: it is being made now
CUT_OFF_S = 60.0  # not written to for so long: it may have been cut off
MOST_ITEMS = 12_000  # at a time, so that a page never waits long for one that began an hour ago
LOOK_EVERY_S = 0.9
SHOWN_ENDED = 5  # of those that have ended, the last


class GrowingRun:
    """A recording while it is made, through the same pipeline as a replay."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._file = Followed(path)
        self._pipeline: Pipeline | None = None
        self._run: LiveRun | None = None
        self._session_s = 0.0
        self._came_at = time.monotonic()

    @property
    def ended(self) -> bool:
        return self._file.closed

    @property
    def silent_s(self) -> float:
        """How long nothing was written to it."""
        return max(0.0, time.time() - last_written(self.path))

    @property
    def now(self) -> RunNow | None:
        """As it is now; None before anything came."""
        return None if self._run is None else self._run.now

    def take(self) -> None:
        """Feed what came since the last time."""
        from gait.pipeline import Pipeline

        if self.ended or self.problem:
            return
        items = self._file.more(MOST_ITEMS)
        try:
            if items and self._pipeline is None:
                self._pipeline = Pipeline(self._file.sensors)
                self._run = LiveRun(self._file.sensors, title=self.path.name)
            if self._pipeline is None or self._run is None:
                return
            if items:
                self._session_s, self._came_at = items[-1].host_s, time.monotonic()
                strides = self._pipeline.feed(items)
                show(self._run, items, strides, self._session_s, Standing.of(self._pipeline))
            elif not self.ended:
                waited = time.monotonic() - self._came_at
                self._run.on_status(self._session_s + waited, lost_pct=self._pipeline.lost_pct)
        except GaitError as error:
            self.problem = str(error)


class LiveRuns:
    """All of some folders; kept while the dashboard is open, looked at only while a page is."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = list(folders)
        self.runs: dict[Path, GrowingRun] = {}
        self._looked_at = -LOOK_EVERY_S

    def look(self) -> list[GrowingRun]:
        """What is being recorded, and what has just ended; the newest first."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            for path in self._found():
                self.runs.setdefault(path, GrowingRun(path))
            for run in self.runs.values():
                run.take()
            self._forget()
        return list(reversed(self.runs.values()))

    def _found(self) -> list[Path]:
        """Those being written to, each folder by name."""
        return [
            path
            for folder in self.folders
            if folder.is_dir()
            for path in sorted(folder.glob(PATTERN))
            if is_open(path) and time.time() - last_written(path) < RECENT_S
        ]

    def _forget(self) -> None:
        """The oldest of those that have ended, and those that are no longer there."""
        for path in [path for path in self.runs if not path.exists()]:
            del self.runs[path]
        ended = [path for path, run in self.runs.items() if run.ended]
        for path in ended[:-SHOWN_ENDED]:
            del self.runs[path]
