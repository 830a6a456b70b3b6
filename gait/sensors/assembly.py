"""Putting frames together for sensors that number nothing, or do not even say the time.

Our own sensor numbers its packets, so that a missing one is seen. Others send only the time of
their samples, and some not even that; here is what can honestly be made of it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from gait.model import SensorInfo
from gait.model.frames import Frames
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2

MISSING = 1.5  # sample periods without a sample that make a gap
RATE_TOLERANCE = 0.03  # how far a sensor's true rate may lie from the one on its data sheet
CLIPPED_SHARE = 0.98  # of the range
STALL_S = 0.3  # a delivery so much later than usual: samples were lost on the way
WINDOW_S = 1.0  # the earliest delivery of so much time tells what is usual
PACE_NEEDS_S = 10.0  # from a window to one so much later the pace is told well enough
CATCHING_UP = 0.002  # most that the pace is changed for, to be where the arrivals are

Rows = NDArray[np.float64]


class Assembly:
    """Collects the packets of one `Decoder.push`; `frames` makes them `Frames`."""

    def __init__(self, info: SensorInfo) -> None:
        self._info = info
        self._packets: list[tuple[int, int, bool, int]] = []
        self._acc: list[Rows] = []
        self._gyr: list[Rows] = []
        self._bad: list[tuple[int, str]] = []

    def add(
        self, packet: int, seq: int, device_us: int, lost_before: bool, acc: Rows, gyr: Rows | None
    ) -> None:
        """Evenly spaced samples, acc (n, 3) in m/s², gyr (n, 3) in rad/s, from a time on."""
        self._packets.append((packet, seq, lost_before, device_us))
        self._acc.append(acc)
        self._gyr.append(np.full(acc.shape, math.nan) if gyr is None else gyr)

    def refuse(self, packet: int, why: str) -> None:
        self._bad.append((packet, why))

    def frames(self) -> Frames:
        columns = zip(*self._packets, strict=True) if self._packets else [()] * 4
        packet, seq, lost, device_us = columns
        acc = np.concatenate([np.zeros((0, 3)), *self._acc])
        gyr = np.concatenate([np.zeros((0, 3)), *self._gyr])
        info = self._info
        return Frames(
            seq=np.array(seq, np.int64),
            device_us=np.array(device_us, np.int64),
            count=np.array([len(part) for part in self._acc], np.int64),
            lost_before=np.array(lost, np.bool_),
            again=np.zeros(len(seq), np.bool_),
            flags=np.zeros(len(seq), np.uint8),
            packet=np.array(packet, np.int64),
            acc=acc,
            gyr=gyr,
            clipped_acc=_clipped(acc / STANDARD_GRAVITY_M_S2, info.acc_range_g),
            clipped_gyr=_clipped(gyr * DEG_PER_RAD, info.gyr_range_dps),
            bad=self._bad,
        )


class Counted:
    """Numbers packets in the order they come; the sensor's own time tells what is missing.

    Bluetooth keeps the order on a link and repeats nothing, so a number that counts arrivals is
    right as long as the times go on as they should.
    """

    def __init__(self, rate_hz: float, time_modulo_us: int) -> None:
        self._period_us = 1e6 / rate_hz
        self._modulo = time_modulo_us
        self._seq = -1
        self._count = 0
        self._due_us: float | None = None

    def number(self, device_us: int, count: int) -> tuple[int, bool]:
        """Its number, and whether samples are missing before it."""
        lost = False
        if self._due_us is not None:
            off = (device_us - self._due_us + self._modulo / 2) % self._modulo - self._modulo / 2
            # what the data sheet's rate may be off by adds up over the samples of a packet
            lost = abs(off) > max(MISSING, RATE_TOLERANCE * self._count) * self._period_us
        self._seq += 1
        self._count = count
        self._due_us = device_us + count * self._period_us
        return self._seq, lost


class Paced:
    """Times for samples that carry none: counted, at the pace at which they arrive.

    A sample cannot arrive before it was taken, so the earliest of many arrivals is the closest
    to the truth; the line through those gives the pace, and late ones are only late. A delivery
    that stays away for `STALL_S` has lost samples, as these sensors keep none back. In the first
    seconds the pace is the data sheet's.
    """

    def __init__(self, rate_hz: float) -> None:
        self._nominal_s = self._period_s = 1.0 / rate_hz
        self._last_s: float | None = None
        self._begin(0.0)

    def time(self, host_s: float, count: int) -> tuple[float, bool]:
        """Time of the first of `count` samples that arrived, and whether some were lost before."""
        if self._last_s is None:
            self._begin(host_s)
            self._last_s = host_s
            return host_s - (count - 1) * self._period_s, False
        first_s = self._last_s + self._period_s
        self._last_s = first_s + (count - 1) * self._period_s
        self._samples += count
        late = host_s - self._last_s
        usual = min(self._usual_s, self._earliest[0])
        if late - usual > STALL_S:
            missing_s = late - usual
            self._begin(host_s, usual)
            self._last_s += missing_s
            return first_s + missing_s, True
        self._earliest = min(self._earliest, (late, host_s, self._samples))
        if host_s - self._window_from_s >= WINDOW_S:
            self._close_window(host_s)
        return first_s, False

    def _begin(self, host_s: float, usual_s: float = 0.0) -> None:
        self._window_from_s = host_s
        self._earliest = (usual_s, host_s, 0)  # lateness, host_s, samples so far
        self._usual_s = usual_s  # lateness of the window before
        self._anchor: tuple[float, int] | None = None  # host_s and samples of the first window
        self._reference_s: float | None = None  # lateness to keep to
        self._samples = 0

    def _close_window(self, host_s: float) -> None:
        late, at_s, samples = self._earliest
        if self._anchor is None:
            self._anchor = (at_s, samples)
        elif at_s - self._anchor[0] >= PACE_NEEDS_S:
            pace_s = (at_s - self._anchor[0]) / (samples - self._anchor[1])
            slow = RATE_TOLERANCE * self._nominal_s
            pace_s = min(max(pace_s, self._nominal_s - slow), self._nominal_s + slow)
            if self._reference_s is None:
                self._reference_s = late
            behind = (late - self._reference_s) / PACE_NEEDS_S
            self._period_s = pace_s * (1.0 + min(max(behind, -CATCHING_UP), CATCHING_UP))
        self._window_from_s = host_s
        self._usual_s = late
        self._earliest = (math.inf, host_s, samples)


def _clipped(values: Rows, full_scale: float | None) -> NDArray[np.bool_]:
    """(n,) bool, True where an axis of (n, 3) `values` is at the end of the range."""
    if full_scale is None or not len(values):
        return np.zeros(len(values), np.bool_)
    return np.any(np.abs(values) >= CLIPPED_SHARE * full_scale, axis=1)


def floats(data: bytes, columns: int) -> Rows:
    """Little-endian float32 in rows of `columns`, as float64."""
    return np.frombuffer(data, "<f4").astype(np.float64).reshape(-1, columns)
