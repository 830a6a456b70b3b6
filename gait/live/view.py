"""What shows a session while it happens or is replayed, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        lost_pct: Mapping[int, float | None],
        told: Mapping[Side, Reading],
        doubts: Sequence[Doubt],
        nothing: Mapping[Side, str],
    ) -> None: ...

    def on_cue(self, text: str) -> None: ...

    def on_trouble(self, text: str) -> None:
        """A sentence on what went wrong here, to be seen from now on; told again and again."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand: the share of lost time (%) by device, the last reading of sensors that
    send no samples, what cannot be right, why a foot has no steps, and why it has no numbers any
    more."""

    lost_pct: Mapping[int, float | None] = field(default_factory=dict)
    told: Mapping[Side, Reading] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()
    nothing: Mapping[Side, str] = field(default_factory=dict)
    failures: Mapping[Side, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pipeline: Pipeline) -> "Standing":
        return cls(
            lost_pct=pipeline.lost_pct,
            told=pipeline.told,
            doubts=pipeline.doubts,
            nothing=pipeline.nothing,
            failures=pipeline.failures,
        )


def show(
    view: View,
    items: Sequence[SessionItem],
    strides: Strides,
    session_s: float,
    standing: Standing,
    cues: Sequence[str] = (),
) -> None:
    """Tell a view what came in and what the pipeline made of it."""
    for item in items:
        view.on_item(item)
    view.on_strides(strides)
    for cue in cues:
        view.on_cue(cue)
    for failure in standing.failures.values():
        view.on_trouble(failure)
    view.on_status(
        session_s,
        lost_pct=standing.lost_pct,
        told=standing.told,
        doubts=standing.doubts,
        nothing=standing.nothing,
    )
