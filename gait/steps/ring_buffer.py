"""The last raw samples of a sensor, in one piece of memory that is made once."""

import numpy as np

from gait.model.samples import Samples


class RingBuffer:
    """At least the last `most` samples since `start`; indices hold until the next `add`."""

    def __init__(self, most: int, piece: int) -> None:
        """`piece`: the most that is added at once."""
        self._most = most
        self._piece = piece
        room = 2 * (most + piece)
        self.time_s = np.empty(room)
        self.acc = np.empty((room, 3))
        self.gyr = np.empty((room, 3))
        self._breaks = np.empty(room, dtype=np.bool_)
        self._filled = np.empty(room, dtype=np.uint8)
        self.start = self.stop = 0

    def __len__(self) -> int:
        return self.stop - self.start

    def add(self, samples: Samples) -> int:
        """Returns the index of the first of them."""
        self.start = max(self.start, self.stop - self._most)
        if self.start > max(len(self), self._piece):
            self._move_down()
        first = self.stop
        self.stop += len(samples)
        self.time_s[first : self.stop] = samples.time_s
        self.acc[first : self.stop] = samples.acc
        self.gyr[first : self.stop] = samples.gyr
        self._breaks[first : self.stop] = samples.breaks
        self._filled[first : self.stop] = samples.filled
        return first

    def clear(self) -> None:
        self.start = self.stop

    def samples(self, stop: int | None = None) -> Samples:
        """The last `most` before index `stop` (all if None), as they are until the next `add`."""
        stop = self.stop if stop is None else stop
        part = slice(max(self.start, stop - self._most), stop)
        return Samples(
            self.time_s[part],
            self.acc[part],
            self.gyr[part],
            self._breaks[part],
            self._filled[part],
        )

    def _move_down(self) -> None:
        count = len(self)  # less than `start`, so nothing is overwritten before it is read
        for values in (self.time_s, self.acc, self.gyr, self._breaks, self._filled):
            values[:count] = values[self.start : self.stop]
        self.start, self.stop = 0, count
