"""Clock repair: packets as they arrive → samples on the sensor's own clock, gaps marked.

Device time wraps, packets get lost, come twice, late or in the wrong order, and a sensor can
start again. Sequence number and device time decide together; the host's time only tells how
often a wrapped clock went round and where a restarted one belongs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model.compiled import kernel
from gait.model.frames import Frames
from gait.model.samples import Samples

MOST_HELD = 4  # packets kept back while an earlier one may still come
LATE_S = 10.0  # a packet so much behind the newest is late, one farther behind a new beginning
RESTART_S = 5.0  # device and host time further apart than this: the sensor began anew
MISSING = 1.5  # sample periods without a sample that make a gap
LEARNING = 8  # packets until the sampling period is known well enough to smooth jitter
JITTER_GAIN = 0.2  # of a packet's time against the prediction, once the period is known
PERIOD_GAIN = 0.002  # least weight of a new packet in the sampling period

_PLACE = np.dtype(
    [
        ("known", np.bool_),
        ("raw_seq", np.int64),
        ("raw_us", np.int64),
        ("host_s", np.float64),
        ("seq", np.int64),
        ("us", np.int64),
    ]
)
_TIMING = np.dtype(
    [
        ("known", np.bool_),
        ("seq", np.int64),
        ("start_s", np.float64),
        ("count", np.int64),
        ("period_s", np.float64),
        ("learned", np.int64),
        ("lost_s", np.float64),
    ]
)


@kernel
def _place(state, seq, device_us, host_s, count, period_us, seq_modulo, us_modulo, out_seq, out_us):
    """Unwrap sequence and time of packets; a restarted sensor goes on after the last packet.

    Returns how often the sensor began anew.
    """
    s = state[0]
    restarts = 0
    for i in range(seq.shape[0]):
        if not s.known:
            out_seq[i] = seq[i]
            out_us[i] = device_us[i]
            s.known = True
        else:
            ahead = (seq[i] - s.raw_seq) % seq_modulo
            later = (device_us[i] - s.raw_us) % us_modulo
            back = (s.raw_seq - seq[i]) % seq_modulo
            earlier = (s.raw_us - device_us[i]) % us_modulo
            a_packet = count[i] * period_us
            host_us = (host_s[i] - s.host_s) * 1e6
            near = seq_modulo // 2
            if ahead < near and abs(later - ahead * a_packet) < 0.5 * ahead * a_packet + 5e5:
                out_seq[i] = s.seq + ahead
                out_us[i] = s.us + later
            elif back < near and earlier < LATE_S * 1e6:
                out_seq[i] = s.seq - back
                out_us[i] = s.us - earlier
            else:
                later += us_modulo * max(0, round((host_us - later) / us_modulo))
                if abs(later - host_us) < RESTART_S * 1e6:
                    out_seq[i] = s.seq + max(1, ahead)
                    out_us[i] = s.us + later
                else:
                    out_seq[i] = s.seq + 2  # a gap whose size in packets is unknown
                    out_us[i] = s.us + round(max(host_us, 2.0 * a_packet))
                    restarts += 1
            if out_seq[i] <= s.seq:
                continue
        s.raw_seq = seq[i]
        s.raw_us = device_us[i]
        s.host_s = host_s[i]
        s.seq = out_seq[i]
        s.us = out_us[i]
    return restarts


@kernel
def _time(state, seq, us, count, lost_before, start_s, period_s, gap):
    """Time of the first sample and sampling period of packets in order; where samples miss."""
    s = state[0]
    for i in range(seq.shape[0]):
        at = us[i] * 1e-6
        gap[i] = False
        if s.known:
            expected = s.start_s + s.count * s.period_s
            off = at - expected
            if seq[i] == s.seq + 1 and not lost_before[i]:
                measured = (at - s.start_s) / s.count
                if abs(measured / s.period_s - 1.0) < 0.2:
                    s.learned += 1
                    s.period_s += max(1.0 / s.learned, PERIOD_GAIN) * (measured - s.period_s)
                if abs(off) > MISSING * s.period_s and s.learned > LEARNING:
                    gap[i] = True
                elif s.learned > LEARNING:
                    at = expected + JITTER_GAIN * off
            else:
                gap[i] = True
            if gap[i]:
                s.lost_s += max(0.0, off)
            # samples must not run backwards, whatever the device says
            at = max(at, s.start_s + (s.count - 0.5) * s.period_s)
        start_s[i] = at
        period_s[i] = s.period_s
        s.known = True
        s.seq = seq[i]
        s.start_s = at
        s.count = count[i]


@dataclass(slots=True)
class ClockCounts:
    """What happened to the packets of one sensor."""

    packets: int = 0
    lost: int = 0
    repeated: int = 0  # came twice, or too late to be used
    reordered: int = 0
    restarts: int = 0
    samples: int = 0


@dataclass(slots=True)
class _Held:
    """Packets with their unwrapped sequence, time and host time."""

    frames: Frames
    seq: NDArray[np.int64]
    us: NDArray[np.int64]
    host_s: NDArray[np.float64]

    def take(self, index: list[int]) -> "_Held":
        at = np.array(index, dtype=np.int64)
        return _Held(self.frames.take(at), self.seq[at], self.us[at], self.host_s[at])

    def then(self, other: "_Held") -> "_Held":
        return _Held(
            self.frames.then(other.frames),
            np.concatenate([self.seq, other.seq]),
            np.concatenate([self.us, other.us]),
            np.concatenate([self.host_s, other.host_s]),
        )

    def __len__(self) -> int:
        return len(self.seq)


@dataclass(slots=True)
class Timed:
    """Samples of some packets, and per packet its last sample's time and its arrival (host)."""

    samples: Samples
    last_s: NDArray[np.float64]
    host_s: NDArray[np.float64]


class PacketClock:
    """Packets of one sensor in the order of arrival → samples in the order of time."""

    def __init__(self, rate_hz: float, seq_modulo: int, us_modulo: int) -> None:
        self.counts = ClockCounts()
        self._period_us = 1e6 / rate_hz
        self._seq_modulo = seq_modulo
        self._us_modulo = us_modulo
        self._place = np.zeros(1, dtype=_PLACE)
        self._timing = np.zeros(1, dtype=_TIMING)
        self._timing["period_s"] = 1.0 / rate_hz
        self._next: int | None = None
        self._held: _Held | None = None

    @property
    def lost_s(self) -> float:
        """Seconds without samples between the first and the last."""
        return float(self._timing["lost_s"][0])

    @property
    def rate_hz(self) -> float:
        """The sampling rate as the packets show it."""
        return 1.0 / float(self._timing["period_s"][0])

    def push(self, frames: Frames, host_s: NDArray[np.float64]) -> Timed:
        """Samples that `frames` complete; `host_s` (packets,) is when each arrived."""
        n = frames.packets
        seq = np.empty(n, dtype=np.int64)
        us = np.empty(n, dtype=np.int64)
        self.counts.packets += n
        self.counts.restarts += _place(
            self._place,
            frames.seq,
            frames.device_us,
            host_s,
            frames.count,
            self._period_us,
            self._seq_modulo,
            self._us_modulo,
            seq,
            us,
        )
        new = _Held(frames, seq, us, host_s)
        expected = n > 0 and (self._next is None or seq[0] == self._next)
        if self._held is None and expected and (np.diff(seq) == 1).all():
            self._next = int(seq[-1]) + 1
            return self._timed(new)
        return self._timed(self._sorted(new, MOST_HELD))

    def flush(self) -> Timed:
        """Samples of packets that were still held back, when no more will come."""
        return self._timed(self._sorted(None, 0))

    def _sorted(self, new: _Held | None, most_held: int) -> _Held | None:
        """Packets in order; waits for missing ones while no more than `most_held` wait for it."""
        first = 0 if self._held is None else len(self._held)
        both = new if self._held is None else self._held.then(new) if new else self._held
        if both is None:
            return None
        waiting = {int(s): i for i, s in enumerate(both.seq[:first])}
        out: list[int] = []

        def release() -> None:
            while self._next in waiting:
                out.append(waiting.pop(self._next))
                self._next += 1

        def give_up_first() -> None:
            lowest = min(waiting)
            assert self._next is not None
            self.counts.lost += lowest - self._next
            self._next = lowest
            release()

        for i in range(first, len(both)):
            seq = int(both.seq[i])
            if self._next is None:
                self._next = seq
            if seq < self._next or seq in waiting:
                self.counts.repeated += 1
                continue
            if waiting and seq < max(waiting):
                self.counts.reordered += 1
            waiting[seq] = i
            release()
            while len(waiting) > most_held:
                give_up_first()
        while waiting and most_held == 0:
            give_up_first()
        self._held = both.take(sorted(waiting.values())) if waiting else None
        return both.take(out) if out else None

    def _timed(self, packets: _Held | None) -> Timed:
        if packets is None:
            none = np.zeros(0)
            return Timed(Samples(none, np.zeros((0, 3)), np.zeros((0, 3))), none, none)
        frames = packets.frames
        n = frames.packets
        start = np.empty(n)
        period = np.empty(n)
        gap = np.empty(n, dtype=np.bool_)
        _time(
            self._timing,
            packets.seq,
            packets.us,
            frames.count,
            frames.lost_before,
            start,
            period,
            gap,
        )
        first = np.concatenate(([0], np.cumsum(frames.count)))
        within = np.arange(first[-1]) - np.repeat(first[:-1], frames.count)
        time_s = np.repeat(start, frames.count) + within * np.repeat(period, frames.count)
        breaks = np.zeros(len(time_s), dtype=np.bool_)
        breaks[first[:-1][gap]] = True
        self.counts.samples += len(time_s)
        last = start + (frames.count - 1) * period
        return Timed(Samples(time_s, frames.acc, frames.gyr, breaks), last, packets.host_s)
