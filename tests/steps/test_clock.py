"""Clock repair: whatever happens to packets on their way, samples keep their true times."""

import numpy as np
import pytest

from gait.model import Samples, SensorInfo, Side
from gait.sensors import shoegait
from gait.steps.clock import PacketClock

INFO = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0)
WRAP_US = 1 << 32


def ramp(seconds: float = 5.0, rate_hz: float = 400.0) -> Samples:
    """Samples that carry their own number in acc, so that any mix-up shows."""
    n = round(seconds * rate_hz)
    acc = np.zeros((n, 3))
    acc[:, 0] = np.arange(n) * 16 * 9.80665 / 32768
    return Samples(np.arange(n) / rate_hz, acc, np.zeros((n, 3)))


def sent(samples: Samples, *, first_seq: int = 0, offset_us: int = 0, mtu: int = 247):
    """(host_s, payload) of every packet, 5 ms after its last sample."""
    return [
        (float(samples.time_s[part][-1]) + 0.005, payload)
        for part, payload in shoegait.encode(samples, INFO, mtu, first_seq, offset_us)
    ]


def received(packets, block: int = 10**9, rate_hz: float = 400.0):
    clock = PacketClock(rate_hz, shoegait.SEQ_MODULO, shoegait.TIME_MODULO_US)
    parts = []
    for i in range(0, len(packets), block):
        group = packets[i : i + block]
        frames = shoegait.decode([payload for _, payload in group], INFO)
        parts.append(clock.push(frames, np.array([host for host, _ in group])).samples)
    parts.append(clock.flush().samples)
    whole = Samples(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.acc for p in parts]),
        np.concatenate([p.gyr for p in parts]),
        np.concatenate([p.breaks for p in parts]),
    )
    return clock, whole


def numbers(samples: Samples) -> np.ndarray:
    return np.rint(samples.acc[:, 0] / (16 * 9.80665 / 32768)).astype(int)


@pytest.mark.parametrize("mtu", [23, 64, 247])
def test_times_and_order_survive_both_wraps(mtu: int) -> None:
    samples = ramp()
    offset = WRAP_US - 2_000_000
    clock, got = received(sent(samples, first_seq=65_530, offset_us=offset, mtu=mtu))
    np.testing.assert_allclose(got.time_s - offset * 1e-6, samples.time_s, atol=2e-6)
    assert (numbers(got) == np.arange(len(samples))).all()
    assert not got.breaks.any()
    assert clock.counts.lost == clock.counts.restarts == 0


def test_blocks_of_any_size_give_the_same_samples() -> None:
    packets = sent(ramp())
    packets = [p for i, p in enumerate(packets) if i not in (20, 21, 60)]
    packets[30], packets[31] = packets[31], packets[30]
    _, whole = received(packets)
    for block in (1, 3, 7):
        _, parts = received(packets, block)
        np.testing.assert_array_equal(whole.time_s, parts.time_s)
        np.testing.assert_array_equal(whole.acc, parts.acc)
        np.testing.assert_array_equal(whole.breaks, parts.breaks)


def test_lost_packets_leave_a_marked_gap_of_the_right_length() -> None:
    packets = sent(ramp())
    clock, got = received(packets[:40] + packets[43:])
    assert clock.counts.lost == 3
    assert clock.lost_s == pytest.approx(3 * 19 / 400, abs=1e-6)
    (at,) = np.flatnonzero(got.breaks)
    assert numbers(got)[at] - numbers(got)[at - 1] == 1 + 3 * 19
    np.testing.assert_allclose(got.time_s, numbers(got) / 400, atol=2e-6)


def test_repeated_and_reordered_packets_change_nothing() -> None:
    packets = sent(ramp())
    _, expected = received(packets)
    mixed = [p for i, p in enumerate(packets) for _ in range(1 + (i % 10 == 0))]
    for i in range(5, len(mixed) - 3, 17):
        mixed[i], mixed[i + 2] = mixed[i + 2], mixed[i]
    clock, got = received(mixed)
    np.testing.assert_array_equal(numbers(got), numbers(expected))
    np.testing.assert_allclose(got.time_s, expected.time_s, atol=1e-9)
    assert clock.counts.repeated > 5
    assert clock.counts.reordered > 2
    assert clock.counts.lost == 0


def test_a_restarted_sensor_goes_on_at_the_hosts_time() -> None:
    first = sent(ramp(3.0), offset_us=50_000_000, first_seq=900)
    again = [(host + 7.0, payload) for host, payload in sent(ramp(3.0))]
    clock, got = received(first + again)
    assert clock.counts.restarts == 1
    (at,) = np.flatnonzero(got.breaks)
    assert got.time_s[at] - got.time_s[0] == pytest.approx(7.0, abs=0.1)
    assert (np.diff(got.time_s) > 0).all()


def test_a_loss_longer_than_the_counters_is_bridged_by_the_hosts_clock() -> None:
    samples = ramp(2.0)
    gap_s = 80 * 60.0  # longer than both 2³² µs and 65,536 packets
    late = [
        (host + gap_s, payload)
        for host, payload in sent(samples, first_seq=100, offset_us=round(gap_s * 1e6) % WRAP_US)
    ]
    _, got = received(sent(samples) + late)
    (at,) = np.flatnonzero(got.breaks)
    assert got.time_s[at] == pytest.approx(gap_s, abs=0.01)


def test_the_true_rate_is_learned_from_the_packets() -> None:
    samples = ramp(20.0, rate_hz=411.0)
    clock, got = received(sent(samples))
    assert clock.rate_hz == pytest.approx(411.0, rel=1e-5)
    assert not got.breaks.any()
    np.testing.assert_allclose(got.time_s[400:], samples.time_s[400:], atol=1e-4)


def test_jitter_of_the_devices_clock_is_smoothed() -> None:
    samples = ramp(20.0)
    rng = np.random.default_rng(4)
    packets = []
    for part, payload in shoegait.encode(samples, INFO, 247):
        off_us = int(rng.normal(0, 400))
        at = max(0, int.from_bytes(payload[4:8], "little") + off_us)
        packets.append(
            (float(samples.time_s[part][-1]), payload[:4] + at.to_bytes(4, "little") + payload[8:])
        )
    _, got = received(packets)
    error = (got.time_s - samples.time_s)[2000:]
    assert error.std() < 0.0002
    assert not got.breaks.any()
