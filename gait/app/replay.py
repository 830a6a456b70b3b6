"""`gait replay`: the live view from a recording, at any speed."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from gait.app.live import LiveView
from gait.model import SessionItem
from gait.recording import open_session

SLICE_S = 0.05  # items of so much session time are fed together


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


def run_replay(path: Path, speed: float) -> None:
    session = open_session(path)
    with Console(stderr=True).status("Loading the step detector …"):
        from gait.pipeline import Pipeline, summarise
        from gait.report.sentences import what_this_run_says
        from gait.report.terminal import summary_text

    pipeline = Pipeline(session.sensors)
    started: float | None = None
    with LiveView(session.sensors, title=path.name, console=Console(stderr=True)) as view:
        for group in slices(session.items()):
            if speed > 0:
                now = time.monotonic()
                started = now - group[-1].host_s / speed if started is None else started
                time.sleep(max(0.0, started + group[-1].host_s / speed - now))
            strides = pipeline.feed(group)
            for item in group:
                view.on_item(item)
            view.on_strides(strides)
            view.on_status(group[-1].host_s, lost=pipeline.lost)
    result = pipeline.finish()
    summary = summarise(
        result, source=path.name, started_at=session.started_at, notes=session.problems
    )
    summary_text(summary, Console(), what_this_run_says(summary))
