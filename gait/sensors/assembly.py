"""Putting frames together for sensors that number nothing, or do not even say the time.

Our own sensor numbers its packets, so that a missing one is seen. Others send only the time of
their samples, and some not even that; here is what can honestly be made of it.
"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from gait.model import SensorInfo
from gait.model.packets import Frames
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2

MISSING = 1.5  # sample periods from one sample to the next that make a gap
LATE = 0.75  # sample periods later than due: a sample is missing before it
RATE_TOLERANCE = 0.03  # how far a sensor's true rate may lie from the one on its data sheet
CLIPPED_SHARE = 0.98  # of the range
STALL_S = 0.3  # a delivery so much later than usual: samples were lost on the way
WINDOW_S = 1.0  # the earliest delivery of so much time tells what is usual
PACE_NEEDS = 10  # windows, from which on the pace is told from loss …
REMEMBERED = 30  # … by those of the last time
LEAST_MISSING = 2.0  # samples in all those windows; less is how they are read
JUMPY = 0.4  # variance over mean of what is missing a window: 1 by chance, 0 by a slower pace
CATCHING_UP = 0.01  # most that the pace is changed for, to be where the arrivals are

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
            lost = abs(off) > max(LATE, RATE_TOLERANCE * self._count) * self._period_us
        self._seq += 1
        self._count = count
        self._due_us = device_us + count * self._period_us
        return self._seq, lost


class Paced:
    """Times for samples that carry none: counted, and held to the arrivals.

    A sample cannot arrive before it was taken, so the earliest of many arrivals is the closest
    to the truth, and how much later that becomes tells what counting misses. It grows evenly
    where the sensor is slower than its data sheet says: then its pace is that of the arrivals. It
    grows by jumps where samples are lost on the way: then their places are left free, evenly, as
    nothing tells which they were. A delivery that stays away for `STALL_S` has lost all that was
    due, as these sensors keep none back.
    """

    def __init__(self, rate_hz: float) -> None:
        self._nominal_s = self._period_s = 1.0 / rate_hz
        self._last_s: float | None = None
        self._grown: deque[float] = deque(maxlen=REMEMBERED)  # samples a window that miss
        self._begin(0.0)

    def time(self, host_s: float, count: int) -> tuple[float, bool]:
        """Time of the first of `count` samples that arrived, and whether some were lost before."""
        if self._last_s is None:
            self._begin(host_s)
            self._last_s = host_s
            return host_s - (count - 1) * self._period_s, False
        first_s = self._last_s + self._period_s
        late = host_s - first_s - (count - 1) * self._period_s
        usual = min(self._usual_s, self._earliest_s)
        silent_s, self._heard_s = host_s - self._heard_s, host_s
        if silent_s > STALL_S and late - usual > STALL_S:
            missing_s = late - usual
            first_s += missing_s
            self._begin(host_s, usual)
            self._last_s = first_s + (count - 1) * self._period_s
            return first_s, True
        self._owed += count * self._losing
        missing = int(self._owed)
        self._owed -= missing
        first_s += missing * self._period_s
        self._left_free += missing
        self._last_s = first_s + (count - 1) * self._period_s
        self._samples += count
        self._earliest_s = min(self._earliest_s, host_s - self._last_s)
        if host_s - self._window_from_s >= WINDOW_S:
            self._close_window(host_s)
        return first_s, missing > 0

    def _begin(self, host_s: float, usual_s: float = 0.0) -> None:
        self._heard_s = self._window_from_s = host_s
        self._earliest_s = usual_s  # lateness
        self._usual_s = usual_s  # … of the window before
        self._reference_s: float | None = None  # lateness to keep to
        self._samples = 0  # of this window
        self._left_free = 0
        self._losing = 0.0  # places to leave free, a sample
        self._owed = 0.0

    def _close_window(self, host_s: float) -> None:
        late = self._earliest_s
        if self._reference_s is None:
            self._reference_s = late
        else:
            grown = (late - self._usual_s) / self._period_s + self._left_free
            # as if counted at the data sheet's pace
            grown += (self._period_s / self._nominal_s - 1.0) * self._samples
            self._grown.append(grown)
            behind = (late - self._reference_s) / self._period_s
            self._steer(behind)
        self._window_from_s = host_s
        self._usual_s = late
        self._earliest_s = math.inf
        self._samples = self._left_free = 0

    def _steer(self, behind: float) -> None:
        """Set the pace, or how many places to leave free, for the next window."""
        window = max(1, self._samples)
        grown = np.array(self._grown)
        usual = float(grown.mean())
        known = len(grown) >= PACE_NEEDS
        some = grown.sum() >= LEAST_MISSING
        jumps = known and some and grown.var() > JUMPY * usual
        too_slow = len(grown) > 1 and usual > 1.2 * RATE_TOLERANCE * window
        if jumps or too_slow:
            self._period_s = self._nominal_s
            self._losing = max(0.0, usual + 0.5 * behind) / window
        else:
            self._losing = 0.0
            slow = max(-RATE_TOLERANCE, min(usual / window, RATE_TOLERANCE)) if known else 0.0
            catch_up = max(-CATCHING_UP, min(behind / window, CATCHING_UP))
            self._period_s = self._nominal_s * (1.0 + slow + catch_up)


def _clipped(values: Rows, full_scale: float | None) -> NDArray[np.bool_]:
    """(n,) bool, True where an axis of (n, 3) `values` is at the end of the range."""
    if full_scale is None or not len(values):
        return np.zeros(len(values), np.bool_)
    return np.any(np.abs(values) >= CLIPPED_SHARE * full_scale, axis=1)


def floats(data: bytes, columns: int) -> Rows:
    """Little-endian float32 in rows of `columns`, as float64."""
    with np.errstate(invalid="ignore"):  # a signalling NaN is one more that is not finite
        return np.frombuffer(data, "<f4").astype(np.float64).reshape(-1, columns)
