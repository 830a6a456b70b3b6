"""The packets of a virtual shoe, made one by one from samples that are all there."""

from collections.abc import Iterator

from gait.model import Samples, SensorInfo
from gait.sensors.shoegait import encode

_AHEAD = 4096  # samples quantised at once, so that memory does not grow with the run


class PacketMaker:
    """Makes the packets that `encode` would make of all samples, as the MTU of the moment allows.

    `made` counts them; the sequence number goes on over pauses.
    """

    def __init__(self, samples: Samples, info: SensorInfo, first_seq: int, offset_us: int) -> None:
        self.made = 0
        self._samples = samples
        self._info = info
        self._first_seq = first_seq
        self._offset_us = offset_us
        self._next = 0
        self._ahead: Iterator[tuple[slice, bytes]] = iter(())
        self._ahead_mtu = 0
        self._ahead_start = self._ahead_end = 0

    @property
    def used_up(self) -> bool:
        return self._next >= len(self._samples)

    def skip(self, first: int) -> None:
        """Leave out the samples before `first`, where there are any; the next packet says so."""
        if first <= self._next:
            return
        skipped_any = self._next > 0
        self._next = min(first, len(self._samples))
        self._ahead_mtu = 0
        if skipped_any and not self.used_up:
            breaks = self._samples.breaks.copy()
            breaks[self._next] = True
            self._samples = Samples(
                self._samples.time_s, self._samples.acc, self._samples.gyr, breaks
            )

    def start_anew(self, first: int, offset_us: int) -> None:
        """After a reboot: go on at sample `first`, with sequence number 0 and another clock."""
        self._next = min(max(first, self._next), len(self._samples))
        self._first_seq = -self.made
        self._offset_us = offset_us
        self._ahead_mtu = 0

    def make(self, mtu: int) -> tuple[slice, bytes]:
        """The next packet, and which samples it carries."""
        if mtu != self._ahead_mtu:
            self._look_ahead(mtu)
        while True:
            part, payload = next(self._ahead, (None, b""))
            last = self._ahead_end == len(self._samples)
            if part is not None and (part.stop < self._ahead_end - self._ahead_start or last):
                break
            self._look_ahead(mtu)  # the last one might be longer with the samples after it
        start = self._ahead_start
        carried = slice(start + part.start, start + part.stop)
        self._next = carried.stop
        self.made += 1
        return carried, payload

    def _look_ahead(self, mtu: int) -> None:
        self._ahead_mtu = mtu
        self._ahead_start = self._next
        self._ahead_end = min(self._next + _AHEAD, len(self._samples))
        self._ahead = encode(
            self._samples[self._ahead_start : self._ahead_end],
            self._info,
            mtu,
            self._first_seq + self.made,
            self._offset_us,
        )
