"""What a decoder makes of notifications: packets and samples as arrays, whatever the sensor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


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

    seq: NDArray[np.int64]
    device_us: NDArray[np.int64]
    count: NDArray[np.int64]
    lost_before: NDArray[np.bool_]
    again: NDArray[np.bool_]
    flags: NDArray[np.uint8]
    packet: NDArray[np.int64]
    acc: NDArray[np.float64]
    gyr: NDArray[np.float64]
    clipped_acc: NDArray[np.bool_]
    clipped_gyr: NDArray[np.bool_]
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def packets(self) -> int:
        return len(self.seq)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.acc)

    @property
    def first(self) -> NDArray[np.int64]:
        """(p,) int64, index of each packet's first sample."""
        return np.cumsum(self.count) - self.count

    def take(self, packets: NDArray[np.int64]) -> "Frames":
        """The packets with these indices, in this order, with their samples."""
        count = self.count[packets]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
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
