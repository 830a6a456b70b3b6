"""A Verity Sense's two measurements brought together, against plain interpolation.

Both are ramps, so that what stands at any time is known; frames hold five samples, 20 ms apart.
"""

import struct
from collections.abc import Sequence

import numpy as np
import pytest
from peripherals.polar import compressed

from gait.model import Packet, SensorInfo, Side
from gait.model.packets import Frames
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.sensors import PROFILES, polar, profile

HZ, PERIOD_US, FRAME = 50.0, 20_000, 5
INFO = SensorInfo(
    side=Side.LEFT, rate_hz=HZ, acc_range_g=16.0, gyr_range_dps=2000.0, profile="polar"
)
ACC, GYRO = 2, 5


def notification(kind: int, last_us: int, raw: np.ndarray) -> bytes:
    """Kind, uint64 ns of the last sample, frame type (1: int16, 80: differences), samples."""
    head = bytes([kind]) + struct.pack("<Q", last_us * 1000 + 499)
    if kind == ACC:
        return head + b"\1" + raw.astype("<i2").tobytes()
    return head + b"\x80" + compressed(raw)


def frames_of(kind: int, begin_us: int, frames: int) -> list[tuple[int, bytes]]:
    """Time of the last sample and notification of each; the k-th sample is k, 2 k and 3 k."""
    found = []
    for frame in range(frames):
        k = np.arange(frame * FRAME, (frame + 1) * FRAME)
        last_us = begin_us + int(k[-1]) * PERIOD_US
        found.append((last_us, notification(kind, last_us, k[:, None] * np.array([1, 2, 3]))))
    return found


def joined(*notifications: list[tuple[int, bytes]]) -> Frames:
    """By the time of their last sample, acceleration first where it is the same."""
    in_turn = sorted((one for many in notifications for one in many), key=lambda n: (n[0], n[1][0]))
    decoder = polar.Decoder(INFO)
    return decoder.push([Packet(0, 0.0, polar.DATA_UUID, payload) for _, payload in in_turn])


def times_us(frames: Frames) -> np.ndarray:
    return np.concatenate(
        [
            start + PERIOD_US * np.arange(count)
            for start, count in zip(frames.device_us, frames.count, strict=True)
        ]
    )


@pytest.mark.parametrize("apart_us", [0, 7_000, -9_000, 33_000])
def test_the_rotation_is_that_of_the_time_between_its_neighbours(apart_us: int) -> None:
    acc_us, gyro_us = 1_000_000, 1_000_000 + apart_us
    frames = joined(frames_of(ACC, acc_us, 6), frames_of(GYRO, gyro_us, 6))
    acc_at = acc_us + PERIOD_US * np.arange(6 * FRAME)
    gyro_at = gyro_us + PERIOD_US * np.arange(6 * FRAME)
    both = (acc_at >= gyro_at[0]) & (acc_at <= gyro_at[-1])
    np.testing.assert_array_equal(times_us(frames), acc_at[both])
    mg = np.arange(6 * FRAME)[both]
    np.testing.assert_allclose(frames.acc[:, 1] / STANDARD_GRAVITY_M_S2, 2e-3 * mg)
    steps = np.interp(acc_at[both], gyro_at, np.arange(6.0 * FRAME))
    np.testing.assert_allclose(frames.gyr[:, 2] * DEG_PER_RAD, 3 * steps * 2000 / 32768)
    assert not frames.lost_before[1:].any()
    assert frames.lost_before[0] == (apart_us > 0)  # accelerations from before any rotation
    assert frames.seq.tolist() == list(range(frames.packets))


@pytest.mark.parametrize("kind", [ACC, GYRO])
def test_a_notification_of_either_that_is_lost_is_a_gap_and_never_a_guess(kind: int) -> None:
    both = {ACC: frames_of(ACC, 1_000_000, 8), GYRO: frames_of(GYRO, 1_000_000, 8)}
    missing_us = both[kind].pop(3)[0]
    frames = joined(*both.values())
    at = times_us(frames)
    # without a rotation also the sample after it is not known, as one neighbour is missing
    gone_until_us = missing_us + (PERIOD_US if kind == GYRO else 0)
    assert not ((at > missing_us - FRAME * PERIOD_US) & (at <= gone_until_us)).any()
    assert len(at) == 8 * FRAME - FRAME - (kind == GYRO)
    first_after = int(np.searchsorted(frames.device_us, missing_us, side="right"))
    assert frames.lost_before.tolist() == [i == first_after for i in range(frames.packets)]


def test_what_has_waited_for_five_seconds_is_forgotten() -> None:
    waiting, late = frames_of(ACC, 0, 70), frames_of(GYRO, 0, 70)
    decoder = polar.Decoder(INFO)
    packets = [Packet(0, 0.0, polar.DATA_UUID, payload) for _, payload in [*waiting, *late]]
    at = times_us(decoder.push(packets))
    assert at[-1] == (70 * FRAME - 1) * PERIOD_US
    assert at[-1] - at[0] == pytest.approx(5e6, abs=2 * PERIOD_US)


def test_a_clock_that_begins_anew_is_followed() -> None:
    before = [frames_of(kind, 9_000_000, 3) for kind in (ACC, GYRO)]
    after = [frames_of(kind, 50_000, 3) for kind in (ACC, GYRO)]
    decoder = polar.Decoder(INFO)
    packets = []
    for parts in (before, after):
        in_turn = sorted(one for many in parts for one in many)
        packets += [Packet(0, 0.0, polar.DATA_UUID, payload) for _, payload in in_turn]
    frames = decoder.push(packets)
    at = times_us(frames)
    assert (at >= 9_000_000).sum() == 3 * FRAME
    assert (at < 9_000_000).sum() == 3 * FRAME
    anew = int(np.flatnonzero(frames.device_us < 9_000_000)[0])
    assert frames.lost_before.tolist() == [i == anew for i in range(frames.packets)]


def test_without_a_wish_it_is_set_to_208_hz() -> None:
    """SDK mode also has 416 Hz, at which its maker warns that not everything gets through."""
    assert polar.USUAL_RATE_HZ == 208


@pytest.mark.parametrize(
    ("name", "modulo_us"),
    [
        ("movesense", 1000 << 32),  # uint32 ms
        ("movella_dot", 1 << 32),  # uint32 µs
        ("polar", (1 << 64) // 1000),  # uint64 ns
        ("shoegait", 1 << 32),  # uint32 µs
    ],
)
def test_where_times_wrap_is_that_of_the_field_that_holds_them(name: str, modulo_us: int) -> None:
    assert profile(name).time_modulo_us == modulo_us
    assert name in PROFILES


@pytest.mark.parametrize(
    ("mtu", "per_frame"),
    [(23, 1), (32, 2), (185, 28), (247, 38)],
)
def test_how_many_notifications_a_second_a_link_must_carry(mtu: int, per_frame: int) -> None:
    """3 bytes of ATT, 10 of head, 6 of the first sample, then 2 and 6 for each at full width."""
    assert polar.packets_per_s(INFO, mtu) == pytest.approx(2 * HZ / per_frame)


def bad(payloads: Sequence[bytes]) -> list[str]:
    packets = [Packet(0, 0.0, polar.DATA_UUID, payload) for payload in payloads]
    return [why for _, why in polar.Decoder(INFO).push(packets).bad]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"\2" + bytes(8), "neither acceleration nor rotation"),
        (b"\3" + bytes(9), "neither acceleration nor rotation"),
        (b"\2" + bytes(8) + b"\3" + bytes(9), "frame type 3 of 9 bytes"),
        (b"\2" + bytes(8) + b"\1", "frame type 1 of 0 bytes"),
        (b"\2" + bytes(8) + b"\1" + bytes(5), "frame type 1 of 5 bytes"),
        (b"\2" + bytes(8) + b"\x81" + bytes(5), "the reference sample is not whole"),
        (b"\2" + bytes(8) + b"\x81" + bytes(7), "has no head"),
        (b"\2" + bytes(8) + b"\x81" + bytes(6) + b"\0\1", "differences is not whole"),
        (b"\2" + bytes(8) + b"\x81" + bytes(6) + b"\x21\1" + bytes(13), "is not whole"),
        (b"\2" + bytes(8) + b"\x81" + bytes(6) + b"\x08\2" + bytes(5), "is not whole"),
        (b"\5" + bytes(8) + b"\1" + bytes(6), "Rotation of frame type 1 is not known"),
    ],
)
def test_why_a_notification_cannot_be_read(payload: bytes, why: str) -> None:
    (found,) = bad([payload])
    assert why in found


def test_the_widest_differences_and_the_ends_of_a_block_are_read() -> None:
    whole = b"\2" + bytes(8) + b"\x81" + bytes(6)
    assert bad([whole, whole + b"\x20\1" + bytes(12), whole + b"\x08\2" + bytes(6)]) == []
