"""What comes over the air, and around it, in the order it arrived.

A session is a sequence of these items. Live, replay and batch feed the same items to the
pipeline in the same order, so they give the same strides.

When a run does not count: between the runner's marks.

What a decoder makes of notifications: packets and samples as arrays, whatever the sensor.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from gait.model.arrays import Bools, Floats, Ints


class Packet(msgspec.Struct, frozen=True):
    """One notification, verbatim.

    `device` numbers the sensor within the session (0, 1, …), `host_s` is the host's monotonic
    clock in seconds since the session began, `characteristic` the UUID it came from.
    """

    device: int
    host_s: float
    characteristic: str
    payload: bytes


class BatteryReading(msgspec.Struct, frozen=True):
    device: int
    host_s: float
    percent: int


class Connection(StrEnum):
    CONNECTED = "connected"
    LOST = "lost"
    CLOSED = "closed"


class ConnectionEvent(msgspec.Struct, frozen=True):
    device: int
    host_s: float
    event: Connection
    detail: str = ""


PAUSE, RESUME = "pause", "resume"  # marks between which a run does not count
MARKED = "by the runner"  # a moment the runner marked: a new lap


class Mark(msgspec.Struct, frozen=True):
    """A moment the runner marked, or a remark about the recording itself."""

    host_s: float
    text: str


class Exchange(msgspec.Struct, frozen=True):
    """What the host wrote to a sensor that streams, and what it answered, both verbatim.

    `host_s` is when the answer was there, `took_s` the time since just before it was written.
    """

    device: int
    host_s: float
    took_s: float
    characteristic: str
    written: bytes
    answer: bytes


SessionItem = Packet | BatteryReading | ConnectionEvent | Mark | Exchange


def pauses_of(marks: Iterable[Mark]) -> list[tuple[float, float]]:
    """From and to of each pause in s of the session, from marks in any order.

    A pause within a pause is none; one that was not ended (yet) lasts to infinity.
    """
    pauses: list[tuple[float, float]] = []
    since: float | None = None
    for mark in sorted(marks, key=lambda mark: mark.host_s):
        if mark.text == PAUSE and since is None:
            since = mark.host_s
        elif mark.text == RESUME and since is not None:
            pauses.append((since, mark.host_s))
            since = None
    return pauses if since is None else [*pauses, (since, math.inf)]


@dataclass(slots=True)
class Frames:
    """Decoded packets in the order they arrived, `p` of them with `n` samples in all.

    seq         : (p,) int64, number of the packet, raw (wraps at the profile's `seq_modulo`)
    device_us   : (p,) int64, time of the packet's first sample in µs, raw (wraps at the
                  profile's `time_modulo_us`)
    count       : (p,) int64, samples in the packet
    lost_before : (p,) bool, the sensor says that samples before this packet were lost
    again       : (p,) bool, sent once more on request: it may come long after its time
    flags       : (p,) uint8, the profile's own flags
    packet      : (p,) int64, index into the payloads given (bad ones are absent)
    acc         : (n, 3) float64, specific force in m/s², sensor axes
    gyr         : (n, 3) float64, angular rate in rad/s, sensor axes; NaN without gyroscope
    clipped_acc : (n,) bool, an axis of acc is at the end of its range
    clipped_gyr : (n,) bool, likewise
    bad         : index into the payloads given, and in a sentence why it was left out
    """

    seq: Ints
    device_us: Ints
    count: Ints
    lost_before: Bools
    again: Bools
    flags: NDArray[np.uint8]
    packet: Ints
    acc: Floats
    gyr: Floats
    clipped_acc: Bools
    clipped_gyr: Bools
    bad: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    @property
    def packets(self) -> int:
        return len(self.seq)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.acc)

    @property
    def first(self) -> Ints:
        """(p,) int64, index of each packet's first sample."""
        return np.cumsum(self.count) - self.count

    def take(self, packets: Ints) -> "Frames":
        """The packets with these indices, in this order, with their samples."""
        count = self.count[packets]
        within: Ints = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        rows = np.repeat(self.first[packets], count) + within
        parts: dict[str, Any] = {name: getattr(self, name)[packets] for name in _PER_PACKET}
        parts |= {name: getattr(self, name)[rows] for name in _PER_SAMPLE}
        return Frames(**parts)

    @staticmethod
    def joined(parts: Sequence["Frames"]) -> "Frames":
        """The packets of all, one or more, one after the other."""
        names = (*_PER_PACKET, *_PER_SAMPLE)
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in names
        }
        return Frames(**joined)


_PER_PACKET = ("seq", "device_us", "count", "lost_before", "again", "flags", "packet")
_PER_SAMPLE = ("acc", "gyr", "clipped_acc", "clipped_gyr")
