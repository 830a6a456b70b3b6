"""The stream codec against test vectors, a naive reader and hand-computed values."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_stream import (
    RAD_PER_DEG,
    STANDARD_GRAVITY,
    NaivePacket,
    at_the_end,
    read_packet,
    write_packet,
)

from gait.model import InputError, Samples, SensorInfo, Side
from gait.sensors import shoegait
from gait.sensors.shoegait import Flag

VECTORS = Path(__file__).parents[2] / "firmware_stubs" / "vectors" / "stream_v1.txt"
INFO = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0)
ACC_ONLY = SensorInfo(side=Side.LEFT, rate_hz=100.0, acc_range_g=8.0, has_gyroscope=False)


def vectors() -> list[dict[str, list[str]]]:
    cases: list[dict[str, list[str]]] = [{}]
    for line in VECTORS.read_text().splitlines():
        if not line.strip():
            cases.append({})
        elif not line.startswith("#"):
            key, value = line.split(":")
            cases[-1].setdefault(key, []).append(value.strip())
    return [case for case in cases if case]


@pytest.mark.parametrize("case", vectors(), ids=lambda case: case["name"][0])
def test_vector(case: dict[str, list[str]]) -> None:
    payload = bytes.fromhex("".join(case["hex"]))
    raw = [tuple(map(int, line.split())) for line in case["sample"]]
    seq, device_us, flags = (int(case[key][0]) for key in ("seq", "device_us", "flags"))
    acc_range, gyr_range = (float(case[key][0]) for key in ("acc_range_g", "gyr_range_dps"))
    info = SensorInfo(
        side=Side.LEFT,
        rate_hz=400.0,
        acc_range_g=acc_range,
        gyr_range_dps=gyr_range or None,
        has_gyroscope=gyr_range > 0,
    )

    packet = shoegait.encode_packet(np.array(raw, np.int16), seq, device_us, Flag(flags))
    frames = shoegait.decode([payload], info)

    assert packet == payload == write_packet(NaivePacket(seq, device_us, flags, raw))
    assert (frames.seq[0], frames.device_us[0], frames.flags[0]) == (seq, device_us, flags)
    assert not frames.bad
    acc = np.array([row[:3] for row in raw]) / 32768 * acc_range * STANDARD_GRAVITY
    np.testing.assert_allclose(frames.acc, acc, rtol=1e-14)
    assert list(frames.clipped_acc) == [at_the_end(row[:3]) for row in raw]
    if gyr_range:
        gyr = np.array([row[3:] for row in raw]) / 32768 * gyr_range * RAD_PER_DEG
        np.testing.assert_allclose(frames.gyr, gyr, rtol=1e-14)
        assert list(frames.clipped_gyr) == [at_the_end(row[3:]) for row in raw]
    else:
        assert np.isnan(frames.gyr).all()
        assert not frames.clipped_gyr.any()


def naive_packets() -> st.SearchStrategy[NaivePacket]:
    value = st.integers(-32768, 32767) | st.sampled_from([-32768, -32113, 32112, 32113, 32767])

    def with_columns(flags: int) -> st.SearchStrategy[NaivePacket]:
        row = st.tuples(*[value] * (3 if flags & 8 else 6))
        return st.builds(
            NaivePacket,
            st.integers(0, 2**16 - 1),
            st.integers(0, 2**32 - 1),
            st.just(flags),
            st.lists(row, min_size=1, max_size=5),
        )

    return st.integers(0, 15).flatmap(with_columns)


@given(st.lists(naive_packets(), max_size=8))
@settings(max_examples=60, deadline=None)
def test_many_packets_of_any_shape_decode_as_one_by_one(packets: list[NaivePacket]) -> None:
    frames = shoegait.decode([write_packet(packet) for packet in packets], INFO)

    assert not frames.bad
    assert list(frames.packet) == list(range(len(packets)))
    assert list(frames.seq) == [packet.seq for packet in packets]
    assert list(frames.device_us) == [packet.device_us for packet in packets]
    assert list(frames.flags) == [packet.flags for packet in packets]
    assert list(frames.count) == [len(packet.raw) for packet in packets]
    rows = [row for packet in packets for row in packet.raw]
    assert len(frames) == len(rows)
    for i, row in enumerate(rows):
        acc = [value / 32768 * 16 * STANDARD_GRAVITY for value in row[:3]]
        gyr = [value / 32768 * 2000 * RAD_PER_DEG for value in row[3:]] or [np.nan] * 3
        np.testing.assert_allclose(frames.acc[i], acc, rtol=1e-14)
        np.testing.assert_allclose(frames.gyr[i], gyr, rtol=1e-14)
        assert frames.clipped_acc[i] == at_the_end(row[:3])
        assert frames.clipped_gyr[i] == at_the_end(row[3:])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(write_packet(draw(naive_packets())))
    end = draw(st.integers(0, len(data) + 3))
    data = (data + bytes(3))[:end]
    if data:
        data[draw(st.integers(0, min(len(data), 8) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@given(st.lists(damaged() | st.binary(max_size=40) | naive_packets().map(write_packet), max_size=9))
@settings(max_examples=100, deadline=None)
def test_hostile_payloads_are_reported_and_the_good_ones_kept(payloads: list[bytes]) -> None:
    frames = shoegait.decode(payloads, INFO)

    good = [i for i, payload in enumerate(payloads) if read_packet(payload)]
    assert list(frames.packet) == good
    assert [i for i, _ in frames.bad] == [i for i in range(len(payloads)) if i not in good]
    assert all(reason.endswith(".") and reason[0].isupper() for _, reason in frames.bad)
    alone = shoegait.decode([payloads[i] for i in good], INFO)
    np.testing.assert_array_equal(frames.acc, alone.acc)
    np.testing.assert_array_equal(frames.gyr, alone.gyr)
    assert list(frames.first) == [sum(alone.count[:i]) for i in range(len(good))]
    numbered = [shoegait.number(payload) for payload in payloads]
    assert [i for i, who in enumerate(numbered) if who] == good
    again = [bool(flag & Flag.RESENT) for flag in frames.flags]
    assert [who for who in numbered if who] == list(
        zip(frames.seq, frames.device_us, again, strict=True)
    )
    assert list(frames.again) == again


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "It has 0 bytes, and the header alone has 8."),
        (bytes.fromhex("2001000000000000") + bytes(12), "It is of version 2"),
        (bytes.fromhex("1000000000000000"), "It holds no samples."),
        (bytes.fromhex("1002000000000000") + bytes(23), "It has 31 bytes, where its 2 samples"),
        (bytes.fromhex("1801000000000000") + bytes(12), "It has 20 bytes, where its 1 samples"),
    ],
)
def test_why_a_packet_is_bad(payload: bytes, reason: str) -> None:
    [(index, said)] = shoegait.decode([payload], INFO).bad
    assert index == 0
    assert said.startswith(reason)


@pytest.mark.parametrize("mtu", [23, 64, 185, 247, 517])
@pytest.mark.parametrize("info", [INFO, ACC_ONLY], ids=["six axes", "accelerometer only"])
def test_samples_survive_the_way_through_packets(mtu: int, info: SensorInfo) -> None:
    rng = np.random.default_rng(7)
    n = 200
    gyr = rng.uniform(-30, 30, (n, 3)) if info.has_gyroscope else np.full((n, 3), np.nan)
    samples = Samples(1.0 + np.arange(n) / 400, rng.uniform(-70, 70, (n, 3)), gyr)
    samples.breaks[[50, 51]] = True
    samples.acc[120] = (0.0, 0.0, 1000.0)

    packets = list(
        shoegait.encode(samples, info, mtu, first_seq=65533, offset_us=2**32 - 1_000_500)
    )
    frames = shoegait.decode([payload for _, payload in packets], info)

    assert all(len(payload) <= mtu - 3 for _, payload in packets)
    assert [i for part, _ in packets for i in range(n)[part]] == list(range(n))
    assert list(frames.seq) == [(65533 + i) % 65536 for i in range(len(packets))]
    assert list(frames.device_us[:1]) == [2**32 - 500]
    first_us = np.rint(samples.time_s[frames.first] * 1e6).astype(int) - 1_000_500
    np.testing.assert_array_equal(frames.device_us, first_us % 2**32)
    lost_before = {int(i) for i in frames.first[(frames.flags & Flag.LOST_BEFORE) != 0]}
    assert lost_before == {50, 51}
    assert list(np.flatnonzero(frames.clipped_acc)) == [120]
    [clipped] = np.flatnonzero(frames.flags & Flag.CLIPPED)
    assert frames.first[clipped] <= 120 < frames.first[clipped] + frames.count[clipped]
    half_step = info.acc_range_g * STANDARD_GRAVITY / 65536  # type: ignore[operator]
    away = np.abs(frames.acc - samples.acc)
    assert np.delete(away, 120, axis=0).max() <= half_step * (1 + 1e-9)
    np.testing.assert_allclose(frames.gyr, samples.gyr, atol=2000 * RAD_PER_DEG / 65536 * 1.001)


@pytest.mark.parametrize(("acc_g", "raw"), [(15.9999, 32767), (99.0, 32767), (-16.0, -32768)])
def test_full_scale_saturates_and_is_marked(acc_g: float, raw: int) -> None:
    acc = np.array([[0.0, 0.0, acc_g * STANDARD_GRAVITY], [0.0, 0.0, STANDARD_GRAVITY]])
    quantised, clipped = shoegait.quantise(acc, np.zeros((2, 3)), INFO)
    assert quantised[:, 2].tolist() == [raw, 2048]
    assert clipped.tolist() == [True, False]


def test_what_cannot_be_encoded_or_scaled_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        shoegait.quantise(np.full((1, 3), np.nan), np.zeros((1, 3)), INFO)
    with pytest.raises(ValueError, match="raw must be"):
        shoegait.encode_packet(np.zeros((256, 6), np.int16), 0, 0)
    with pytest.raises(ValueError, match="at least 23"):
        shoegait.samples_per_packet(22)
    with pytest.raises(InputError, match="range of the left sensor's accelerometer is not known"):
        shoegait.decode([], SensorInfo(side=Side.LEFT, rate_hz=100.0))


def test_rates_from_a_sensor_that_says_it_has_no_gyroscope_are_not_used() -> None:
    raw = np.array([[0, 0, 2048, 32767, 0, 0]], np.int16)
    frames = shoegait.decode([shoegait.encode_packet(raw, 0, 0)], ACC_ONLY)
    assert frames.acc[0, 2] == pytest.approx(STANDARD_GRAVITY / 2)
    assert np.isnan(frames.gyr).all()
    assert not frames.clipped_gyr.any()


def test_a_packet_never_exceeds_the_512_bytes_of_an_attribute() -> None:
    assert shoegait.samples_per_packet(1000) == 42
    assert shoegait.samples_per_packet(1000, accelerometer_only=True) == 84


@pytest.mark.parametrize(
    ("mtu", "both", "accelerometer_only"),
    [(23, 1, 2), (65, 4, 9), (158, 12, 24), (185, 14, 29), (247, 19, 39), (517, 42, 84)],
)
def test_how_much_goes_into_a_notification(mtu: int, both: int, accelerometer_only: int) -> None:
    """The table of docs/protocol.md; 8 bytes of head, 12 or 6 a sample, and 3 of ATT."""
    assert shoegait.samples_per_packet(mtu) == both
    assert shoegait.samples_per_packet(mtu, True) == accelerometer_only
    assert shoegait.packet_bytes(both) == 8 + 12 * both <= mtu - 3
    assert shoegait.packet_bytes(both, True) == 8 + 6 * both
    assert shoegait.packet_bytes(accelerometer_only, True) == 8 + 6 * accelerometer_only <= mtu - 3
    with pytest.raises(ValueError, match="23"):
        shoegait.samples_per_packet(22)


def calls_to_decode(packets: int) -> int:
    """How many functions run in Python, or are called from it, to decode so many packets."""
    payloads = [shoegait.encode_packet(np.ones((19, 6), np.int16), 5, 6)] * packets
    calls = 0

    def count(_frame: object, event: str, _about: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        frames = shoegait.decode(payloads, INFO)
    finally:
        sys.setprofile(before)
    assert len(frames) == 19 * packets
    return calls


def test_packets_are_decoded_all_at_once() -> None:
    """An hour of two shoes is 150 000 packets: a step of Python for each would be seconds."""
    calls_to_decode(1)
    assert calls_to_decode(10) == calls_to_decode(20_000) > 0
