"""Whether a shoe is in use, told from what its sensor measures, whatever kind it is. Pure."""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gait.model import Packet, SensorInfo, SessionItem
from gait.sensors import profile

WINDOW_S = 1.0


def unrest(acc: NDArray[np.float64]) -> float:
    """How much the foot is moved, in m/s²: the spread of the length of (n, 3) specific force.

    A shoe that stands or lies gives its sensor's noise, below 0.2; walking some 5, running 20 and
    more; how the sensor sits on the shoe does not matter.
    """
    return float(np.linalg.norm(acc, axis=1).std()) if len(acc) else 0.0


class Unrest:
    """Samples of one sensor in, the unrest of each second out. Blocks of any size give the same."""

    def __init__(self, rate_hz: float) -> None:
        self._window = max(2, round(rate_hz * WINDOW_S))
        self._rest = np.empty((0, 3))

    def push(self, acc: NDArray[np.float64]) -> list[float]:
        waiting = np.concatenate([self._rest, acc])
        windows = len(waiting) // self._window
        self._rest = waiting[windows * self._window :]
        return [unrest(waiting[i * self._window :][: self._window]) for i in range(windows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSettings:
    """When a shoe counts as in use.

    `begins` and `ends` are unrest in m/s²: between them, what was goes on. It is in use after
    `moving_s` of motion within `within_s`, so being put on or pushed aside is not enough, and no
    more after `still_s` without any.
    """

    begins: float = 2.5
    ends: float = 1.0
    moving_s: float = 4.0
    within_s: float = 8.0
    still_s: float = 180.0


@dataclass(slots=True)
class Motion:
    """In use or not, of all shoes together. Times are session time."""

    settings: MotionSettings = field(default_factory=MotionSettings)
    in_use: bool = False
    moved_s: float = -math.inf
    _moving: deque[tuple[float, int]] = field(default_factory=deque)

    def had(self, shoe: int, unrest: float, now_s: float) -> None:
        """This shoe had this unrest in the second before `now_s`."""
        if unrest >= self.settings.begins:
            self._moving.append((now_s, shoe))
        if unrest >= (self.settings.ends if self.in_use else self.settings.begins):
            self.moved_s = max(self.moved_s, now_s)

    def at(self, now_s: float) -> bool:
        """Whether they are in use now; call it also where nothing comes."""
        while self._moving and self._moving[0][0] < now_s - self.settings.within_s:
            self._moving.popleft()
        if self.in_use:
            self.in_use = now_s - self.moved_s < self.settings.still_s
        else:
            windows = Counter(shoe for _, shoe in self._moving)
            self.in_use = max(windows.values(), default=0) * WINDOW_S >= self.settings.moving_s
        return self.in_use


class MotionWatch:
    """Session items of any sensors in, whether they are in use out."""

    def __init__(self, sensors: Sequence[SensorInfo], settings: MotionSettings) -> None:
        self.motion = Motion(settings)
        self._sensors = list(sensors)
        self._kinds = [profile(info.profile) for info in sensors]
        self._decoders = [
            kind.decoder(info) if kind.decoder else None
            for kind, info in zip(self._kinds, sensors, strict=True)
        ]
        self._unrest = [Unrest(info.rate_hz) for info in sensors]

    def take(self, items: Sequence[SessionItem], now_s: float) -> bool:
        """Whether the shoes are in use, after what came in up to `now_s`."""
        for shoe, kind in enumerate(self._kinds):
            packets = [
                item
                for item in items
                if isinstance(item, Packet)
                and item.device == shoe
                and item.characteristic in kind.streams
            ]
            for value in self._values(shoe, packets):
                self.motion.had(shoe, value, packets[-1].host_s)
        return self.motion.at(now_s)

    def _values(self, shoe: int, packets: Sequence[Packet]) -> Iterable[float]:
        if not packets:
            return ()
        decoder = self._decoders[shoe]
        if decoder is not None:
            return self._unrest[shoe].push(decoder.push(packets).acc)
        reader = self._kinds[shoe].reader
        readings = (reader(packet) for packet in packets) if reader else ()
        return (math.inf for reading in readings if reading and reading.steps)
