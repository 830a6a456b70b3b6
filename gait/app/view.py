"""What shows a session while it happens or is replayed, and how it is told."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from gait.model import Doubt, Reading, SessionItem, Side
from gait.pipeline import Pipeline, Strides


class View(Protocol):
    """Told of items first, then of the strides they closed, then of how things stand."""

    def on_item(self, item: SessionItem) -> None: ...

    def on_strides(self, strides: Strides) -> None: ...

    def on_status(
        self,
        session_s: float,
        *,
        lost: Mapping[int, int],
        told: Mapping[Side, Reading],
        doubts: Sequence[Doubt],
        nothing: Mapping[Side, str],
    ) -> None: ...

    def on_cue(self, text: str) -> None: ...


def show(
    view: View,
    pipeline: Pipeline,
    items: Sequence[SessionItem],
    strides: Strides,
    session_s: float,
    cues: Sequence[str] = (),
) -> None:
    """Tell a view what came in and what the pipeline made of it."""
    for item in items:
        view.on_item(item)
    view.on_strides(strides)
    for cue in cues:
        view.on_cue(cue)
    view.on_status(
        session_s,
        lost=pipeline.lost,
        told=pipeline.told,
        doubts=pipeline.doubts,
        nothing=pipeline.nothing,
    )
