"""Packets as they arrive → packets in the order in which the sensor made them.

Device time wraps, packets get lost, come twice, late or in the wrong order, and a sensor can
start again. Sequence number and device time decide together; the host's time only tells how
often a wrapped clock went round and where a restarted one belongs.

What is behind a missing packet waits for it: a few packets, as long as an air that mixes them up
can hold one back, or, where the sensor sends again what was lost, until it has come or is gone.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from gait.model.arrays import Bools, Floats, Ints, Records
from gait.model.compiled import kernel
from gait.model.packets import Frames

MOST_HELD = 4  # packets kept back for an earlier one, where the sensor sends nothing again
PATIENCE_S = 30.0  # of samples behind a gap, while nothing comes again; asking takes a second
MOST_HELD_S = 300.0  # of samples kept back in all
# The rest is for what no sensor sends, so that nobody who is near fills the memory.
MOST_WAITING = 16_384  # packets kept back in all, as one may hold no sample
MOST_GONE = 256  # stretches of missing packets that are known not to come
MOST_EPOCHS = 64  # times at which a sensor's clock began, the last ones
MOST_LATE = 16  # packets that may overtake one
LATE_S = 10.0  # a packet so far behind the newest is late, where that came just before, …
JUST_S = 0.4  # … and else a new beginning, as no sensor starts and is connected so soon
# How far a packet's time may lie from that of its number, beside half of what lies between (working
# value: more takes a restarted sensor for one that goes on, less a sensor that paused for one that
# began anew).
PLACED_S = 0.5
RESTART_S = 5.0  # device and host time further apart than this: the sensor began anew

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


@kernel
def _place(
    state: Records,
    seq: Ints,
    device_us: Ints,
    again: Bools,
    host_s: Floats,
    count: Ints,
    period_us: float,
    seq_modulo: int,
    us_modulo: int,
    out_seq: Ints,
    out_us: Ints,
    anew: Bools,
):
    """Unwrap sequence and time of packets; a restarted sensor goes on after the last packet.

    `restarted` is where a sensor began, for the first time or once more.
    """
    s = state[0]
    for i in range(seq.shape[0]):
        anew[i] = not s.known
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
            overtaken = back <= MOST_LATE and abs(earlier - back * a_packet) < PLACED_S * 1e6
            late = overtaken or (earlier < LATE_S * 1e6 and host_us < JUST_S * 1e6)
            if again[i] and earlier < later:  # as old as the sensor's memory reaches
                out_seq[i] = s.seq - back
                out_us[i] = s.us - earlier
            elif (
                ahead < near
                and abs(later - ahead * a_packet) < 0.5 * ahead * a_packet + PLACED_S * 1e6
            ):
                out_seq[i] = s.seq + ahead
                out_us[i] = s.us + later
            elif back < near and late:
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
                    anew[i] = True
            if out_seq[i] <= s.seq:
                continue
        s.raw_seq = seq[i]
        s.raw_us = device_us[i]
        s.host_s = host_s[i]
        s.seq = out_seq[i]
        s.us = out_us[i]


@dataclass(slots=True)
class OrderCounts:
    """What happened to the packets of one sensor.

    lost     : were given up
    again    : were missing, and came once more because they were asked for
    repeated : came twice, or too late to be used
    """

    packets: int = 0
    lost: int = 0
    again: int = 0
    repeated: int = 0
    reordered: int = 0
    restarts: int = 0


@dataclass(slots=True)
class OrderedPackets:
    """Packets with their unwrapped sequence and time, and when they arrived.

    anew : (p,) bool, the first packet of a sensor that began, or began anew
    """

    frames: Frames
    seq: Ints
    us: Ints
    host_s: Floats
    restarted: Bools

    def take(self, index: list[int]) -> "OrderedPackets":
        at = np.array(index, dtype=np.int64)
        return OrderedPackets(
            self.frames.take(at), self.seq[at], self.us[at], self.host_s[at], self.restarted[at]
        )

    @staticmethod
    def joined(parts: Sequence["OrderedPackets"]) -> "OrderedPackets":
        """The packets of all, one or more, one after the other."""
        return OrderedPackets(
            Frames.joined([part.frames for part in parts]),
            np.concatenate([part.seq for part in parts]),
            np.concatenate([part.us for part in parts]),
            np.concatenate([part.host_s for part in parts]),
            np.concatenate([part.restarted for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Epoch:
    """Where a sensor's clock began: its first packet's arrival, raw time, and unwrapped time."""

    host_s: float
    raw_us: int
    us: int


class PacketOrder:
    """Packets of one sensor in the order of arrival → in the sensor's own order.

    `resends` says that it keeps what it sent and sends again what is asked for. Blocks of any
    size give the same.
    """

    def __init__(self, rate_hz: float, seq_modulo: int, us_modulo: int, *, resends: bool) -> None:
        self.counts = OrderCounts()
        self.epochs: deque[Epoch] = deque(maxlen=MOST_EPOCHS)
        self._rate_hz = rate_hz
        self._seq_modulo = seq_modulo
        self._us_modulo = us_modulo
        self._resends = resends
        self._place = np.zeros(1, dtype=_PLACE)
        self._next = 0
        self._newest = -1
        self._waiting: dict[int, _Waiting] = {}
        self._in_order: list[int] = []  # a heap of what waits
        # missing ones that will not come, while others wait
        self._gone: deque[range] = deque(maxlen=MOST_GONE)
        self._came = 0  # samples that came in their turn, …
        self._came_then = 0  # … and how many it were when one came again
        self._held = 0  # samples

    def push(self, frames: Frames, host_s: Floats) -> OrderedPackets | None:
        """Packets whose turn it is now, if any; `host_s` (packets,) is when each arrived."""
        new = self._placed(frames, host_s)
        n = frames.packets
        self.counts.packets += n
        whole = not self._waiting and n > 0 and (new.seq[0] == self._next or new.restarted[0])
        if whole and (np.diff(new.seq) == 1).all():
            self._newest = int(new.seq[-1])
            self._next = self._newest + 1
            self._came += int(frames.count[~frames.again].sum())
            self.counts.again += int(frames.again.sum())
            return new
        out = _Out()
        for i in range(n):
            self._add(new, i, out)
            while self._is_impatient():
                self._give_up(out)
        return out.joined()

    def gone(self, first: int, packets: int) -> OrderedPackets | None:
        """Packets whose turn it is now, if any, as these will not come; `first` is raw."""
        place = self._place[0]
        start = int(place["seq"]) - (int(place["raw_seq"]) - first) % self._seq_modulo
        numbers = range(max(start, self._next), min(start + packets, self._newest))
        if self._waiting and numbers:
            self._gone.append(numbers)
        out = _Out()
        self._release(out)
        return out.joined()

    def flush(self) -> OrderedPackets | None:
        """Packets that were still held back, when no more will come."""
        out = _Out()
        self._give_up_all(out)
        return out.joined()

    def device_us(self, raw_us: int, host_s: float) -> int | None:
        """A time of the sensor's clock, unwrapped, that was known at about `host_s`; None where
        it began anew since the last packet before, so that it cannot be told."""
        epoch = next((e for e in reversed(self.epochs) if e.host_s <= host_s), None)
        if epoch is None:
            return None
        host_us = (host_s - epoch.host_s) * 1e6
        later = (raw_us - epoch.raw_us) % self._us_modulo
        later += self._us_modulo * round((host_us - later) / self._us_modulo)
        return epoch.us + later if abs(later - host_us) < RESTART_S * 1e6 else None

    def _placed(self, frames: Frames, host_s: Floats) -> OrderedPackets:
        n = frames.packets
        seq, us = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
        anew = np.empty(n, dtype=np.bool_)
        _place(
            self._place,
            frames.seq,
            frames.device_us,
            frames.again,
            host_s,
            frames.count,
            1e6 / self._rate_hz,
            self._seq_modulo,
            self._us_modulo,
            seq,
            us,
            anew,
        )
        for i in np.flatnonzero(anew):
            if self.epochs:
                self.counts.restarts += 1
                self.counts.lost += 1  # how many that cost is not known
            self.epochs.append(Epoch(float(host_s[i]), int(frames.device_us[i]), int(us[i])))
        return OrderedPackets(frames, seq, us, host_s, anew)

    def _add(self, new: OrderedPackets, i: int, out: "_Out") -> None:
        seq, again, samples = int(new.seq[i]), new.frames.again[i], int(new.frames.count[i])
        if new.restarted[i]:
            self._give_up_all(out)
            self._next = seq
        if not again:
            self._came += samples
        if seq < self._next or seq in self._waiting:
            self.counts.repeated += 1
            return
        if again:
            self.counts.again += 1
            self._came_then = self._came
        elif seq < self._newest:
            self.counts.reordered += 1
        self._newest = max(self._newest, seq)
        if seq == self._next:
            out.add(new, i)
            self._next += 1
            self._release(out)
        else:
            self._waiting[seq] = _Waiting(new.take([i]), samples, self._came)
            self._held += samples
            heappush(self._in_order, seq)

    def _is_impatient(self) -> bool:
        """Whether the first that waits has waited long enough."""
        if not self._waiting:
            return False
        if len(self._waiting) > (MOST_WAITING if self._resends else MOST_HELD):
            return True
        if not self._resends:
            return False
        since = max(self._waiting[self._in_order[0]].came, self._came_then)
        patience, most = PATIENCE_S * self._rate_hz, MOST_HELD_S * self._rate_hz
        return self._came - since > patience or self._held > most

    def _give_up(self, out: "_Out") -> None:
        """Wait no longer for what is missing before the first that waits."""
        first = self._in_order[0]
        self.counts.lost += first - self._next
        self._next = first
        self._release(out)

    def _give_up_all(self, out: "_Out") -> None:
        while self._waiting:
            self._give_up(out)

    def _release(self, out: "_Out") -> None:
        while self._waiting:
            waiting = self._waiting.pop(self._next, None)
            if waiting is not None:
                out.add(waiting.packet, 0)
                self._held -= waiting.samples
                heappop(self._in_order)
                self._next += 1
                continue
            ends = [numbers.stop for numbers in self._gone if self._next in numbers]
            if not ends:
                break
            skipped_to = min(max(ends), self._in_order[0])
            self.counts.lost += skipped_to - self._next
            self._next = skipped_to
        if not self._waiting:
            self._gone.clear()


@dataclass(slots=True)
class _Waiting:
    """A packet that waits, its samples, and how many samples had come when it came."""

    packet: OrderedPackets
    samples: int
    came: int


class _Out:
    """Packets in the order in which they are handed on."""

    def __init__(self) -> None:
        self._parts: list[tuple[OrderedPackets, list[int]]] = []

    def add(self, packets: OrderedPackets, i: int) -> None:
        if not self._parts or self._parts[-1][0] is not packets:
            self._parts.append((packets, []))
        self._parts[-1][1].append(i)

    def joined(self) -> OrderedPackets | None:
        if not self._parts:
            return None
        return OrderedPackets.joined([packets.take(chosen) for packets, chosen in self._parts])
