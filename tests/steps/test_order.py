"""Packets in the sensor's order, whatever the way did to them, against an oracle that knows all."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.model.packets import Frames
from gait.steps.alignment import MOST_BINS, DeliveryClock
from gait.steps.alignment import MOST_EPOCHS as MOST_LINES
from gait.steps.packet_reordering import (
    MOST_EPOCHS,
    MOST_GONE,
    MOST_HELD_S,
    MOST_WAITING,
    PATIENCE_S,
    OrderedPackets,
    PacketOrder,
)

RATE_HZ = 400.0
SAMPLES = 19
PACKET_US = round(SAMPLES / RATE_HZ * 1e6)
SEQ_MODULO, US_MODULO = 1 << 16, 1 << 32


@dataclass(frozen=True)
class Arrival:
    """A packet as it came: its true number since the sensor was switched on, and when."""

    number: int
    host_s: float
    again: bool = False
    boot: int = 0


def frames_of(arrivals: list[Arrival], first_seq: int = 0, first_us: int = 0) -> Frames:
    """As a decoder makes them; the one sample of acc that is not zero tells who it is."""
    n = len(arrivals)
    numbers = np.array([a.number for a in arrivals], dtype=np.int64)
    starts = np.array([0 if a.boot else 1 for a in arrivals])  # a reboot begins at zero
    acc = np.zeros((n * SAMPLES, 3))
    acc[::SAMPLES, 0] = numbers
    return Frames(
        seq=(numbers + first_seq * starts) % SEQ_MODULO,
        device_us=(numbers * PACKET_US + first_us * starts) % US_MODULO,
        count=np.full(n, SAMPLES, dtype=np.int64),
        lost_before=np.zeros(n, dtype=np.bool_),
        again=np.array([a.again for a in arrivals], dtype=np.bool_),
        flags=np.zeros(n, dtype=np.uint8),
        packet=np.arange(n),
        acc=acc,
        gyr=np.zeros_like(acc),
        clipped_acc=np.zeros(n * SAMPLES, dtype=np.bool_),
        clipped_gyr=np.zeros(n * SAMPLES, dtype=np.bool_),
    )


def ordered(
    arrivals: list[Arrival], *, resends: bool = True, block: int = 10**9, **first: int
) -> tuple[PacketOrder, list[int], list[int]]:
    """The order after all of it, the true numbers as they came out, and their unwrapped times."""
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=resends)
    parts = []
    for i in range(0, len(arrivals), block):
        some = arrivals[i : i + block]
        parts.append(order.push(frames_of(some, **first), np.array([a.host_s for a in some])))
    parts.append(order.flush())
    out = [part for part in parts if part is not None]
    numbers = [int(n) for part in out for n in part.frames.acc[::SAMPLES, 0]]
    return order, numbers, [int(us) for part in out for us in part.us]


def due_s(number: int) -> float:
    return (number + 1) * PACKET_US * 1e-6


@st.composite
def ways(draw: st.DrawFn) -> list[Arrival]:
    """A run whose losses are had again, some of them, after a while and in any order."""
    n = draw(st.integers(2, 80))
    lost = draw(st.sets(st.integers(1, n - 1), max_size=30))
    never = draw(st.sets(st.sampled_from(sorted(lost)), max_size=3)) if lost else set()
    arrivals = [Arrival(i, due_s(i)) for i in range(n) if i not in lost]
    for number in sorted(lost - never):
        behind = [i for i, a in enumerate(arrivals) if not a.again and a.number > number]
        at = draw(st.integers(behind[0] if behind else len(arrivals), len(arrivals)))
        host_s = arrivals[at - 1].host_s if at else 0.0
        arrivals.insert(at, Arrival(number, max(host_s, due_s(number)), again=True))
        if draw(st.booleans()):  # and a second time
            arrivals.append(Arrival(number, arrivals[-1].host_s, again=True))
    return arrivals


@given(ways(), st.integers(0, SEQ_MODULO - 1), st.integers(0, US_MODULO - 1), st.data())
@settings(max_examples=150, deadline=None)
def test_all_that_came_comes_out_in_order(arrivals, first_seq, first_us, data) -> None:
    order, numbers, us = ordered(arrivals, first_seq=first_seq, first_us=first_us)
    came = sorted({a.number for a in arrivals})
    assert numbers == came
    assert us == [first_us + number * PACKET_US for number in came]
    assert order.counts.lost == came[-1] + 1 - len(came) - came[0]
    assert order.counts.repeated == len(arrivals) - len(came)
    had_again = {a.number for a in arrivals if a.again}
    assert order.counts.again == len(had_again)
    block = data.draw(st.integers(1, 9))
    again, other_numbers, other_us = ordered(
        arrivals, block=block, first_seq=first_seq, first_us=first_us
    )
    assert (other_numbers, other_us, again.counts) == (numbers, us, order.counts)


def away_and_fetched(away: int, samples_behind: int) -> list[Arrival]:
    """A link lost for so many packets, which then come in turn with live ones."""
    live = [Arrival(i, due_s(i)) for i in range(10)]
    missing = iter(range(10, 10 + away))
    number = 10 + away
    while (late := next(missing, None)) is not None:
        live.append(Arrival(number, due_s(number)))
        live.append(Arrival(late, due_s(number), again=True))
        number += 1
    return [*live, *(Arrival(i, due_s(i)) for i in range(number, number + samples_behind))]


@pytest.mark.parametrize("away", [50, 3000])
def test_a_long_absence_is_waited_for_as_long_as_it_fills(away: int) -> None:
    arrivals = away_and_fetched(away, 10)
    order, numbers, _ = ordered(arrivals, block=40)
    assert numbers == sorted(numbers)
    assert len(numbers) == len(arrivals)
    assert (order.counts.lost, order.counts.again) == (0, away)


def test_a_packet_older_than_half_the_numbers_is_still_told_from_a_new_one() -> None:
    small_us = 2500  # a sample a packet, at MTU 23: 32768 of them are 82 s
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=True)
    for number, again in [(0, False), (40_000, False), (1, True), (2, True), (40_001, False)]:
        frames = frames_of([Arrival(number, 0.0, again)])
        frames.count[:] = 1
        frames.device_us[:] = number * small_us
        frames.acc, frames.gyr = frames.acc[:1], frames.gyr[:1]
        frames.clipped_acc = frames.clipped_gyr = frames.clipped_acc[:1]
        order.push(frames, np.array([max(number, 40_000 * (number > 0)) * small_us * 1e-6]))
    out = order.flush()
    assert out is not None
    assert list(out.us // small_us) == [40_000, 40_001]
    assert order.counts.again == 2
    assert order.counts.lost == 39_997


def test_what_never_comes_is_waited_for_but_not_for_ever() -> None:
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=True)
    most = round(PATIENCE_S * RATE_HZ / SAMPLES * 7 / 6)  # six of seven come
    arrivals = [Arrival(i, due_s(i)) for i in range(3000) if i % 7]
    out = []
    for arrival in arrivals:
        placed = order.push(frames_of([arrival]), np.array([arrival.host_s]))
        if placed is not None:
            out += list(placed.seq)
        assert arrival.number - (out[-1] if out else 0) <= most + 10
    assert out == [a.number for a in arrivals[: len(out)]]


def test_memory_is_bounded_also_where_packets_keep_coming_again() -> None:
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=True)
    for number in range(20_000):
        if number % 2 == 0:  # every other one comes, and a second later the one before
            arrivals = [Arrival(number, due_s(number)), Arrival(number - 21, due_s(number), True)]
            if number > 60 and number != 42:
                order.push(frames_of(arrivals), np.array([a.host_s for a in arrivals]))
            else:
                order.push(frames_of(arrivals[:1]), np.array([arrivals[0].host_s]))
    assert order._held <= MOST_HELD_S * RATE_HZ
    assert len(order._in_order) == len(order._waiting)


def test_what_is_gone_is_not_waited_for() -> None:
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=True)
    first_seq = SEQ_MODULO - 12
    arrivals = [Arrival(i, due_s(i)) for i in range(30) if i not in (9, 10, 11, 12, 20)]
    placed = order.push(frames_of(arrivals, first_seq), np.array([a.host_s for a in arrivals]))
    assert placed is not None
    assert list(placed.frames.acc[::SAMPLES, 0]) == list(range(9))
    assert order.gone(9 + first_seq + 1, 3) is None  # the one before may still come
    late = [Arrival(9, due_s(30), again=True)]
    placed = order.push(frames_of(late, first_seq), np.array([late[0].host_s]))
    assert placed is not None
    assert list(placed.frames.acc[::SAMPLES, 0]) == [9, *range(13, 20)]
    placed = order.gone((20 + first_seq) % SEQ_MODULO, 40_000)  # and what was not made yet
    assert placed is not None
    assert list(placed.frames.acc[::SAMPLES, 0]) == list(range(21, 30))
    assert order.counts.lost == 4
    assert order.gone(5, 3) is None
    assert order.flush() is None


@pytest.mark.parametrize("run", [20, 60, 400])  # 1 s, 3 s, and more than anything may be late
@pytest.mark.parametrize("away_s", [0.6, 6.0])
def test_after_a_reboot_nothing_before_is_waited_for(run: int, away_s: float) -> None:
    before = [Arrival(i, due_s(i)) for i in range(run) if i != run - 10]
    back_s = due_s(run) + away_s
    after = [Arrival(i, back_s + due_s(i), boot=1) for i in range(50) if i != 20]
    again = Arrival(20, after[-1].host_s, again=True, boot=1)
    order, numbers, us = ordered([*before, *after, again], first_us=8_000_000)
    assert numbers == [*(a.number for a in before), *range(50)]
    assert us == sorted(us)
    assert (order.counts.restarts, order.counts.lost, order.counts.again) == (1, 2, 1)
    restarted_us = us[len(before)]
    assert order.device_us(5_000_000, back_s + 5.0) == restarted_us + 5_000_000
    assert order.device_us(8_000_000 + 1_000_000, 1.0) == 9_000_000
    assert order.device_us(123, back_s + 60.0) is None  # a clock that is neither


def test_without_resends_a_few_packets_wait_and_no_more() -> None:
    arrivals = [Arrival(i, due_s(i)) for i in range(40) if i != 10]
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=False)
    out = []
    for arrival in arrivals:
        placed = order.push(frames_of([arrival]), np.array([arrival.host_s]))
        out += [] if placed is None else list(placed.seq)
        assert arrival.number - out[-1] <= 5
    assert order.counts.lost == 1


# --- what no sensor sends ---------------------------------------------------------------------


def hostile(kind: str, n: int, rng: np.random.Generator) -> tuple[Frames, np.ndarray]:
    """Packets of one sample or none, as somebody near by could send them under its name."""
    seq = rng.integers(0, SEQ_MODULO, n)
    us = rng.integers(0, US_MODULO, n)
    again = rng.random(n) < 0.3
    count = rng.integers(0, 2, n)
    host_s = np.sort(rng.random(n)) * n / 20.0
    if kind == "jumps":  # each far ahead of the one before, at a time that fits
        seq = np.cumsum(rng.integers(2, 30_000, n)) % SEQ_MODULO
        us = np.cumsum(np.diff(seq, prepend=0) % SEQ_MODULO) * 2500 % US_MODULO
        again[:] = False
    elif kind == "empty":  # one is missing, and what comes after it holds nothing
        seq, us = (np.arange(n) + 2) % SEQ_MODULO, np.arange(n) * 2500 % US_MODULO
        again[:], count[:] = False, 0
    elif kind == "restarts":
        seq[:], us[:] = 0, rng.integers(0, 2, n) * US_MODULO // 2
        again[:] = False
    samples = int(count.sum())
    frames = Frames(
        seq=seq,
        device_us=us,
        count=count,
        lost_before=np.zeros(n, dtype=np.bool_),
        again=again,
        flags=np.zeros(n, dtype=np.uint8),
        packet=np.arange(n),
        acc=np.zeros((samples, 3)),
        gyr=np.zeros((samples, 3)),
        clipped_acc=np.zeros(samples, dtype=np.bool_),
        clipped_gyr=np.zeros(samples, dtype=np.bool_),
    )
    return frames, host_s


def attack(kind: str, packets: int, *, resends: bool) -> None:
    rng = np.random.default_rng(7)
    order = PacketOrder(RATE_HZ, SEQ_MODULO, US_MODULO, resends=resends)
    delivery = DeliveryClock()
    came_out = 0

    def out(placed: OrderedPackets | None) -> int:
        if placed is None:
            return 0
        last_s = placed.us * 1e-6
        delivery.push(last_s, placed.host_s, placed.restarted)
        return len(placed.seq)

    for begin in range(0, packets, 5000):
        frames, host_s = hostile(kind, 5000, rng)
        came_out += out(order.push(frames, host_s + begin / 20.0))
        came_out += out(order.gone(int(rng.integers(0, SEQ_MODULO)), int(rng.integers(0, 1 << 30))))
        assert len(order._waiting) <= MOST_WAITING
        assert len(order._in_order) == len(order._waiting)
        assert len(order._gone) <= MOST_GONE
        assert len(order.epochs) <= MOST_EPOCHS
        assert len(delivery._epochs) <= MOST_LINES
        assert sum(len(epoch._fastest) for epoch in delivery._epochs) <= MOST_LINES * MOST_BINS
    came_out += out(order.flush())
    counts = order.counts
    assert counts.packets == packets
    assert came_out + counts.repeated == packets  # each is handed on, or counted as left out
    if kind == "restarts":
        assert counts.restarts > packets / 4  # as many as there were, however few are kept
    clock = delivery.clock()
    assert clock is None or len(clock.lines) <= MOST_LINES


@pytest.mark.parametrize("resends", [True, False])
@pytest.mark.parametrize("kind", ["anything", "jumps", "empty", "restarts"])
def test_hostile_packets_fill_no_memory(kind: str, resends: bool) -> None:
    attack(kind, 10_000, resends=resends)


@pytest.mark.long
@pytest.mark.parametrize("resends", [True, False])
@pytest.mark.parametrize("kind", ["anything", "jumps", "empty", "restarts"])
def test_a_million_hostile_packets_fill_no_memory(kind: str, resends: bool) -> None:
    attack(kind, 1_000_000, resends=resends)


def test_a_long_recording_keeps_a_point_of_more_time_each() -> None:
    whole, few = DeliveryClock(), DeliveryClock()
    last_s = np.arange(0.0, 400_000.0, 2.0)  # four and a half days
    delay = 0.01 + np.random.default_rng(3).random(len(last_s))
    anew = np.zeros(len(last_s), dtype=np.bool_)
    whole.push(last_s, last_s + delay, anew)
    for begin in range(0, len(last_s), 9_999):
        part = slice(begin, begin + 9_999)
        few.push(last_s[part], (last_s + delay)[part], anew[part])
    (epoch,), (other,) = whole._epochs, few._epochs
    assert len(epoch._fastest) <= MOST_BINS
    assert epoch._fastest == other._fastest
    clock = whole.clock()
    assert clock is not None
    assert abs(clock.host(np.array(200_000.0)) - 200_000.01) < 0.01
