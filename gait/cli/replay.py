"""`gait replay`: the live view from a recording, at any speed."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gait.live.run import PlaybackControls, RunStatus, show
from gait.live.terminal import live_view
from gait.model import SessionItem
from gait.recording import Session, open_session

if TYPE_CHECKING:
    from gait.pipeline import Pipeline

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

    def __init__(self, controls: PlaybackControls) -> None:
        self._controls = controls
        self._reached_s = 0.0
        self._at = time.monotonic()

    async def wait_for(self, session_s: float) -> bool:
        """Wait until it is this second of the session; False where the runner ended it."""
        controls = self._controls
        await asyncio.sleep(0.0)  # also where it goes as fast as it can, keys are heard
        while not controls.stop:
            now = time.monotonic()
            if not controls.paused:
                self._reached_s += (now - self._at) * controls.speed
            self._at = now
            fast = controls.speed <= 0.0 and not controls.paused
            if fast or self._reached_s >= session_s:
                self._reached_s = max(self._reached_s, session_s) if fast else self._reached_s
                return True
            ahead = (session_s - self._reached_s) / max(controls.speed, 1e-6)
            await asyncio.sleep(min(TURN_S, ahead))
        return False


def run_replay(path: Path, speed: float, *, full: bool = False) -> None:
    session = open_session(path)
    with Console(stderr=True).status("Loading the step detector …"):
        from gait.pipeline import Pipeline, summarise
        from gait.report.terminal import summary_text
        from gait.risk import load_evidence

    pipeline = Pipeline(session.sensors)
    asyncio.run(_replay(session, pipeline, path.name, PlaybackControls(speed)))
    result = pipeline.finish()
    summary = summarise(
        result,
        source=path.name,
        started_at=session.started_at,
        notes=session.problems,
        evidence=load_evidence(),
    )
    summary_text(summary, Console(), full=full)


async def _replay(
    session: Session, pipeline: "Pipeline", title: str, controls: PlaybackControls
) -> None:
    async with live_view(session.sensors, controls, title=title) as view:
        pacing = _Pacing(controls)
        for group in slices(session.items()):
            if not await pacing.wait_for(group[-1].host_s):
                break
            strides = pipeline.feed(group)
            show(view, group, strides, group[-1].host_s, RunStatus.of(pipeline))
