"""`gait replay`: the live view from a recording, at any speed."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from gait.live.controls import ReplayKeys
from gait.live.keys import Keyboard
from gait.live.terminal import LiveView
from gait.model import SessionItem
from gait.recording import open_session

SLICE_S = 0.05  # items of so much session time are fed together
TURN_S = 0.05  # keys are looked for so often


def slices(items: Iterable[SessionItem], seconds: float = SLICE_S) -> Iterator[list[SessionItem]]:
    """Items in the order they came, grouped by session time."""
    group: list[SessionItem] = []
    for item in items:
        if group and item.host_s - group[0].host_s >= seconds:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


class _Pacing:
    """Session time against real time, at a speed that keys can change."""

    def __init__(self, keys: ReplayKeys, keyboard: Keyboard) -> None:
        self._keys = keys
        self._keyboard = keyboard
        self._reached_s = 0.0
        self._at = time.monotonic()

    def wait_for(self, session_s: float) -> bool:
        """Wait until it is this second of the session; False where the runner ended it."""
        while True:
            self._keys.take(self._keyboard.pressed())
            if self._keys.stop:
                return False
            now = time.monotonic()
            if not self._keys.paused:
                self._reached_s += (now - self._at) * self._keys.speed
            self._at = now
            fast = self._keys.speed <= 0.0 and not self._keys.paused
            if fast or self._reached_s >= session_s:
                self._reached_s = max(self._reached_s, session_s) if fast else self._reached_s
                return True
            ahead = (session_s - self._reached_s) / max(self._keys.speed, 1e-6)
            time.sleep(min(TURN_S, ahead))


def run_replay(path: Path, speed: float) -> None:
    session = open_session(path)
    with Console(stderr=True).status("Loading the step detector …"):
        from gait.live.view import Standing, show
        from gait.pipeline import Pipeline, summarise
        from gait.report.sentences import what_this_run_says
        from gait.report.terminal import summary_text

    pipeline = Pipeline(session.sensors)
    with (
        LiveView(session.sensors, title=path.name, console=Console(stderr=True)) as view,
        Keyboard() as keyboard,
    ):
        keys = ReplayKeys(view, speed)
        pacing = _Pacing(keys, keyboard)
        for group in slices(session.items()):
            if not pacing.wait_for(group[-1].host_s):
                break
            strides = pipeline.feed(group)
            show(view, group, strides, group[-1].host_s, Standing.of(pipeline))
    result = pipeline.finish()
    summary = summarise(
        result, source=path.name, started_at=session.started_at, notes=session.problems
    )
    summary_text(summary, Console(), what_this_run_says(summary))
