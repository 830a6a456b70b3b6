"""A run as it is now, for whoever shows it: fed with strides, items and status.

It keeps the last few strides of each foot and nothing more, so memory does not grow. Session
time comes in with what it is fed; it has no clock of its own.
"""

import math
import statistics
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gait.live.feet import DRIFTING, FootLog, LinkLog, ToldLog, Usual, median
from gait.live.keys import Controls
from gait.live.screen import FootNow, RunNow
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
from gait.sensors import only_tells
from gait.text import clock


class LiveRun:
    """What is known of a session that happens or is replayed; `now` has it for a screen.

    sensors : one a device; `device` of an item is its index here
    title   : shown above, such as the name of the recording
    target  : the runner's own cadence band in steps a minute
    usual   : the runner's own usual range of measures, by foot
    controls: what the keys do, where there are keys
    """

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        *,
        title: str = "",
        target: tuple[float, float] | None = None,
        usual: Mapping[Side, Usual] | None = None,
        controls: Controls | None = None,
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
        self.controls = controls
        self.help = False
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
            mine = strides[strides["side"] == (side is Side.RIGHT)]
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
        message: str | None = None,
        lost_pct: Mapping[int, float | None] | None = None,
        told: Mapping[Side, Reading] | None = None,
        doubts: Sequence[Doubt] | None = None,
        nothing: Mapping[Side, str] | None = None,
    ) -> None:
        """The session time in seconds, a line to show, the share of lost time by device, the last
        reading of each sensor that sends no samples, what cannot be right, and why a foot has no
        steps."""
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
        if message is not None:
            self._message = message

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
        controls = self.controls
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
            keys=controls.shown if controls else (),
            asked="note:" if controls and controls.typed is not None else None,
            typed=(controls.typed or "") if controls else "",
            help=self.help,
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
            log.now(self._session_s, links[side].now(log.contact_pct)) for side, log in logs.items()
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
