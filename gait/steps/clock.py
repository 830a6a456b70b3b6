"""Clock repair: packets as they arrive → samples on the sensor's own clock, gaps marked."""

from dataclasses import dataclass

import numpy as np

from gait.model.arrays import Bools, Floats, Ints, Records
from gait.model.compiled import kernel
from gait.model.packets import Frames
from gait.model.samples import Samples
from gait.steps.packet_reordering import OrderCounts, OrderedPackets, PacketOrder

MISSING = 1.5  # sample periods without a sample that make a gap
LEARNING = (
    8  # packets until the sampling period is known well enough to smooth jitter (working value)
)
# Of a packet's time against the prediction, once the period is known (working value): more lets
# jitter through, less follows a clock that steps more slowly.
JITTER_GAIN = 0.2
PERIOD_GAIN = 0.002  # least weight of a new packet in the sampling period: some 500 packets' mean
# A packet whose own period is off by more teaches nothing of the period: it came late, or samples
# miss before it (working value; no sensor's rate is off its data sheet by so much).
MOST_PERIOD_OFF = 0.2
LEAST_STEP = 0.5  # sample periods that time goes on by at the least, whatever the device says

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
def _time(
    state: Records,
    seq: Ints,
    us: Ints,
    count: Ints,
    lost_before: Bools,
    start_s: Floats,
    period_s: Floats,
    gap: Bools,
):
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
                if abs(measured / s.period_s - 1.0) < MOST_PERIOD_OFF:
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
            at = max(at, s.start_s + (s.count - LEAST_STEP) * s.period_s)
        start_s[i] = at
        period_s[i] = s.period_s
        s.known = True
        s.seq = seq[i]
        s.start_s = at
        s.count = count[i]


@dataclass(slots=True)
class Timed:
    """Samples of some packets in order, and what is known of each packet.

    last_s : (p,) float64, time of its last sample, on the sensor's clock
    host_s : (p,) float64, when it arrived; NaN where it was sent once more, which says nothing
    anew   : (p,) bool, the sensor's clock began with it, or began anew
    """

    samples: Samples
    last_s: Floats
    host_s: Floats
    restarted: Bools


class PacketClock:
    """Packets of one sensor in the order of arrival → samples in the order of time.

    `resends` as in `PacketOrder`.
    """

    def __init__(
        self, rate_hz: float, seq_modulo: int, us_modulo: int, *, resends: bool = False
    ) -> None:
        self._order = PacketOrder(rate_hz, seq_modulo, us_modulo, resends=resends)
        self._timing = np.zeros(1, dtype=_TIMING)
        self._timing["period_s"] = 1.0 / rate_hz

    @property
    def counts(self) -> OrderCounts:
        return self._order.counts

    @property
    def lost_s(self) -> float:
        """Seconds without samples between the first and the last."""
        return float(self._timing["lost_s"][0])

    @property
    def rate_hz(self) -> float:
        """The sampling rate as the packets show it."""
        return 1.0 / float(self._timing["period_s"][0])

    def push(self, frames: Frames, host_s: Floats) -> Timed:
        """Samples that `frames` complete; `host_s` (packets,) is when each arrived."""
        return self._timed(self._order.push(frames, host_s))

    def gone(self, first: int, packets: int) -> Timed:
        """Samples that waited for packets which the sensor does not have (any more)."""
        return self._timed(self._order.gone(first, packets))

    def flush(self) -> Timed:
        """Samples of packets that were still held back, when no more will come."""
        return self._timed(self._order.flush())

    def device_s(self, raw_us: int, host_s: float) -> float | None:
        """A raw time of the sensor that was known at about `host_s`, on the clock of the samples;
        None where that cannot be told."""
        us = self._order.device_us(raw_us, host_s)
        return None if us is None else us * 1e-6

    def _timed(self, packets: OrderedPackets | None) -> Timed:
        if packets is None:
            none = np.zeros(0)
            samples = Samples(none, np.zeros((0, 3)), np.zeros((0, 3)))
            return Timed(samples, none, none, np.zeros(0, dtype=np.bool_))
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
        within: Ints = np.arange(int(first[-1])) - np.repeat(first[:-1], frames.count)
        time_s = np.repeat(start, frames.count) + within * np.repeat(period, frames.count)
        breaks = np.zeros(len(time_s), dtype=np.bool_)
        breaks[first[:-1][gap]] = True
        last = start + (frames.count - 1) * period
        samples = Samples(time_s, frames.acc, frames.gyr, breaks)
        return Timed(
            samples, last, np.where(frames.again, np.nan, packets.host_s), packets.restarted
        )
