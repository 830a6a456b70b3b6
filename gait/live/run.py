"""A run as it is now, for whoever shows it: told of items, strides and how things stand.

It keeps the last few strides of each foot and nothing more, so memory does not grow. Session
time comes in with what it is fed; it has no clock of its own.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from gait.live.feet import DRIFTING, FootLog, FootNow, LinkLog, ToldLog, Usual, median
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Doubt,
    Mark,
    Packet,
    Reading,
    SensorInfo,
    SessionItem,
    Side,
)
from gait.model.packets import PAUSE, RESUME, pauses_of
from gait.model.strides import of_side
from gait.sensors import only_tells
from gait.text import clock, pace

if TYPE_CHECKING:
    from gait.pipeline import Pipeline

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # of a replay, times as fast as it was


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNow:
    """Everything there is to show.

    feet     : left before right, whichever sensor connected first; only those with a sensor
    at_least : the distance has strides missing from it
    target   : the runner's own cadence band; None for the one where most runners are
    drift    : what changed since the first minutes, each in words
    paused   : the runner paused
    doubts   : what cannot be right, to be seen before everything else
    """

    title: str
    elapsed_s: float
    feet: Sequence[FootNow]
    distance_m: float | None = None
    at_least: bool = False
    speed_m_s: float | None = None
    message: str = ""
    activity: str | None = None
    cadence_spm: float | None = None
    target: tuple[float, float] | None = None
    drift: Sequence[str] = ()
    paused: bool = False
    doubts: Sequence[str] = ()

    @property
    def way(self) -> str:
        """Distance, speed and pace in words, as far as they are known."""
        parts = []
        if self.distance_m is not None:
            least = "at least " if self.at_least else ""
            parts.append(f"{least}{self.distance_m / 1000.0:.2f} km")
        if self.speed_m_s:
            parts += [f"{self.speed_m_s:.1f} m/s", pace(self.speed_m_s)]
        return " · ".join(parts)


class View(Protocol):
    """Told of items first, then of the strides they closed, then of how things stand."""

    def on_item(self, item: SessionItem) -> None: ...

    def on_strides(self, strides: NDArray[np.void]) -> None: ...

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


@dataclass(slots=True)
class RecordingControls:
    """What the runner can ask for while recording: marks go to `mark`."""

    mark: Callable[[str], None]
    stop: bool = False


@dataclass(slots=True)
class PlaybackControls:
    """What can be asked for while a recording is shown again. `speed` 0 is as fast as it goes."""

    speed: float
    paused: bool = False
    stop: bool = False

    def faster(self, steps: int) -> None:
        """By so many of `SPEEDS`; slower where that is negative."""
        if self.speed > 0.0:
            place = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed)) + steps
            self.speed = SPEEDS[min(max(0, place), len(SPEEDS) - 1)]


class LiveRun:
    """What is known of a session that happens or is replayed; `now` has it for a screen.

    sensors : one a device; `device` of an item is its index here
    title   : shown above, such as the name of the recording
    target  : the runner's own cadence band in steps a minute
    usual   : the runner's own usual range of measures, by foot
    """

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        *,
        title: str = "",
        target: tuple[float, float] | None = None,
        usual: Mapping[Side, Usual] | None = None,
    ) -> None:
        self._sensors = list(sensors)
        usual = usual or {}
        self._feet = {
            info.side: FootLog(info, usual.get(info.side))
            for info in self._sensors
            if not only_tells(info)
        }
        self._told = {info.side: ToldLog(info) for info in self._sensors if only_tells(info)}
        self._links = [LinkLog() for _ in self._sensors]
        self._target = target
        self._pauses: list[tuple[float, float]] = []
        self._marks: list[Mark] = []  # those that pause and go on
        self._title = title
        self._session_s = 0.0
        self._message = ""
        self._doubts: Sequence[Doubt] = ()
        self._troubles: list[str] = []

    def on_strides(self, strides: NDArray[np.void]) -> None:
        """Newly closed strides of either foot, valid or not."""
        for side, foot in self._feet.items():
            mine = of_side(strides, side)
            if len(mine) and not self._paused:
                foot.add(mine, self._session_s)

    def on_item(self, item: SessionItem) -> None:
        """An item of the session as it arrives; its `host_s` is the session time from now on."""
        self._session_s = max(self._session_s, item.host_s)
        match item:
            case Packet(device=device):
                link = self._links[device]
                if link.state == "waiting":
                    link.set(Connection.CONNECTED)
            case BatteryReading(device=device, percent=percent):
                self._links[device].battery_pct = percent
            case ConnectionEvent(device=device, event=event, detail=detail):
                self._links[device].set(event)
                said = f"{self._sensors[device].side} shoe {self._links[device].state}"
                self.say(f"{said}: {detail}" if detail else said)
            case Mark():
                self._mark(item)

    def on_status(
        self,
        session_s: float,
        lost_pct: Mapping[int, float | None] | None = None,
        told: Mapping[Side, Reading] | None = None,
        doubts: Sequence[Doubt] | None = None,
        nothing: Mapping[Side, str] | None = None,
    ) -> None:
        """The session time in seconds, the share of lost time by device, the last reading of each
        sensor that sends no samples, what cannot be right, and why a foot has no steps."""
        self._session_s = max(self._session_s, session_s)
        for device, share in (lost_pct or {}).items():
            self._links[device].lost_pct = share
        for side, reading in (told or {}).items():
            self._told[side].last = reading
        if doubts is not None:
            self._doubts = doubts
        for side, foot in self._feet.items():
            if doubts is not None:
                of_foot = [d for d in doubts if d.side in (side, "both")]
                foot.spoiled = {name for doubt in of_foot for name in doubt.spoils}
            if nothing is not None:
                foot.nothing = nothing.get(side, "")

    def on_cue(self, text: str) -> None:
        """Something to tell the runner at once."""
        self.say(f"cue: {text}")

    def on_trouble(self, text: str) -> None:
        """What went wrong here and does not go away; shown before what cannot be right."""
        if text not in self._troubles:
            self._troubles.append(text)

    def say(self, text: str) -> None:
        """A line to show, with the session's time before it."""
        self._message = f"{clock(self._session_s)} {text}"

    @property
    def now(self) -> RunNow:
        """Everything there is to show."""
        feet = self._feet_now()
        moving = [f for f in feet if f.activity is not None]
        of = [f for f in moving if f.activity == "running"] or moving
        furthest = max(self._feet.values(), key=lambda f: f.distance_m, default=None)
        return RunNow(
            title=self._title,
            elapsed_s=self._elapsed_s(),
            feet=feet,
            distance_m=furthest.known_distance_m if furthest else None,
            at_least=furthest is not None and furthest.unmeasured > 0,
            speed_m_s=self._speed([f.side for f in of]),
            message=self._message,
            activity=of[0].activity if of else None,
            cadence_spm=median([f.cadence_spm for f in of if f.cadence_spm is not None]),
            target=self._target,
            drift=self._drift(),
            paused=self._paused,
            doubts=[*self._troubles, *(doubt.what for doubt in self._doubts)],
        )

    def _mark(self, mark: Mark) -> None:
        if mark.text not in (PAUSE, RESUME):
            self.say(mark.text if mark.text.startswith("note: ") else f"mark: {mark.text}")
            return
        before = self._paused
        self._marks.append(mark)
        self._pauses = pauses_of(self._marks)
        if self._paused != before:
            self.say("paused; this time does not count" if self._paused else "goes on")

    @property
    def _paused(self) -> bool:
        return bool(self._pauses) and self._pauses[-1][1] == math.inf

    def _feet_now(self) -> list[FootNow]:
        links = {i.side: link for i, link in zip(self._sensors, self._links, strict=True)}
        logs = {**self._feet, **self._told}
        return [
            logs[side].now(self._session_s, links[side].now(logs[side].contact_pct))
            for side in Side
            if side in logs
        ]

    def _elapsed_s(self) -> float:
        paused_s = sum(min(end, self._session_s) - begin for begin, end in self._pauses)
        return self._session_s - paused_s

    def _speed(self, sides: Sequence[Side]) -> float | None:
        known = [self._feet[s].median("speed_m_s") for s in sides if s in self._feet]
        told = [self._told[s].fresh(self._session_s) for s in sides if s in self._told]
        speeds = [v for v in known if v is not None]
        speeds += [r.speed_m_s for r in told if r is not None and r.speed_m_s is not None]
        return statistics.fmean(speeds) if speeds else None

    def _drift(self) -> list[str]:
        """What changed since the first minutes by more than a trifle, the mean of both feet."""
        changes = [change for foot in self._feet.values() if (change := foot.drift())]
        said = []
        for name, label, form, least in DRIFTING:
            of = [change[name] for change in changes if name in change]
            if of and abs(statistics.fmean(of)) >= least:
                said.append(f"{label} {form.format(statistics.fmean(of))}")
        return said or (["no change worth showing"] if changes else [])


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How things stand: the share of lost time (%) by device, the last reading of sensors that
    send no samples, what cannot be right, why a foot has no steps, and why it has no numbers any
    more."""

    lost_pct: Mapping[int, float | None] = field(default_factory=dict)
    told: Mapping[Side, Reading] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()
    nothing: Mapping[Side, str] = field(default_factory=dict)
    failures: Mapping[Side, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pipeline: "Pipeline") -> "RunStatus":
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
    strides: NDArray[np.void],
    session_s: float,
    standing: RunStatus,
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
