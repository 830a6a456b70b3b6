"""Our own sensor: the stream of samples, both directions. Byte tables: docs/protocol.md.

A notification is a header of 8 bytes, so that one sample of 12 bytes fits the smallest MTU, and
then samples: version and flags, count, sequence number, device time of the first sample, count x
(acc x, y, z, gyr x, y, z) as int16. Little endian.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from enum import IntFlag
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError, Samples, SensorInfo
from gait.model.packets import Frames
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.sensors.profile import ATT_BYTES, PacketNumbers
from gait.sensors.shoegait_log import is_part

SERVICE_UUID = "79420001-d903-46ee-9093-cffc9faed78d"
STREAM_UUID = "79420002-d903-46ee-9093-cffc9faed78d"
CONTROL_UUID = "79420003-d903-46ee-9093-cffc9faed78d"
INFO_UUID = "79420004-d903-46ee-9093-cffc9faed78d"

STREAM_VERSION = 1
SEQ_MODULO = 1 << 16
TIME_MODULO_US = 1 << 32
SMALLEST_MTU = 23
LOG_MTU = 247  # packets are made for this one while nobody streams

_HEADER = struct.Struct("<BBHI")
HEADER_BYTES = _HEADER.size
_LARGEST_VALUE_BYTES = 512  # of any attribute
_LARGEST_COUNT = 255
_FULL_SCALE = 32768
_CLIPPED_AT = math.ceil(0.98 * _FULL_SCALE)


class Flag(IntFlag):
    """Low nibble of a notification's first byte."""

    CLIPPED = 1  # a sample in it is at full scale
    RESENT = 2  # sent before, and again on request
    LOST_BEFORE = 4  # samples were lost in the shoe before this packet
    ACCELEROMETER_ONLY = 8  # samples are 3 int16 instead of 6


def samples_per_packet(mtu: int, accelerometer_only: bool = False) -> int:
    """How many samples a notification carries at an ATT MTU of `mtu` bytes, at least 23."""
    if mtu < SMALLEST_MTU:
        raise ValueError(f"the MTU is at least {SMALLEST_MTU}, not {mtu}")
    room = min(mtu - ATT_BYTES, _LARGEST_VALUE_BYTES) - HEADER_BYTES
    return room // _sample_bytes(accelerometer_only)


def packet_bytes(samples: int, accelerometer_only: bool = False) -> int:
    """How long a notification of so many samples is."""
    return HEADER_BYTES + samples * _sample_bytes(accelerometer_only)


def quantise(
    acc: NDArray[np.float64], gyr: NDArray[np.float64], info: SensorInfo
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Samples as the sensor's converter gives them.

    acc (n, 3) in m/s², gyr (n, 3) in rad/s → (n, 6) int16, or (n, 3) without gyroscope, saturated
    at full scale; and (n,) bool, True where a sample saturated. Raises InputError where `info`
    lacks a range, ValueError where a value is not finite.
    """
    scaled = acc / _acc_step(info)
    if info.has_gyroscope:
        scaled = np.hstack((scaled, gyr / _gyr_step(info)))
    if not np.isfinite(scaled).all():
        raise ValueError("a sensor's samples are finite")
    whole = np.rint(scaled)
    clipped = np.any((whole >= _FULL_SCALE - 1) | (whole <= -_FULL_SCALE), axis=1)
    return np.clip(whole, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16), clipped


def encode_packet(raw: NDArray[np.int16], seq: int, device_us: int, flags: Flag = Flag(0)) -> bytes:
    """One notification of `raw` (n, 6) or (n, 3) int16, n from 1 to 255.

    `seq` and `device_us` may be of any size, and wrap here. The flag ACCELEROMETER_ONLY follows
    from the shape of `raw`. Raises ValueError for another shape.
    """
    if raw.ndim != 2 or raw.shape[1] not in (3, 6) or not 1 <= len(raw) <= _LARGEST_COUNT:
        raise ValueError(f"raw must be (1…{_LARGEST_COUNT}, 6 or 3), is {raw.shape}")
    flags &= ~Flag.ACCELEROMETER_ONLY
    if raw.shape[1] == 3:
        flags |= Flag.ACCELEROMETER_ONLY
    header = _HEADER.pack(
        STREAM_VERSION << 4 | flags, len(raw), seq % SEQ_MODULO, device_us % TIME_MODULO_US
    )
    return header + raw.astype("<i2", copy=False).tobytes()


def encode(
    samples: Samples, info: SensorInfo, mtu: int, first_seq: int = 0, offset_us: int = 0
) -> Iterator[tuple[slice, bytes]]:
    """The notifications that carry `samples`, one by one, each with the part it carries.

    Packets are as full as `mtu` allows, but none spans a break, as the time of all but its first
    sample would be wrong. Device time is that of the samples plus `offset_us`. Raises as
    `quantise` does.
    """
    raw, clipped = quantise(samples.acc, samples.gyr, info)
    device_us = np.rint(samples.time_s * 1e6).astype(np.int64) + offset_us
    per_packet = samples_per_packet(mtu, not info.has_gyroscope)
    for number, part in enumerate(_parts(samples.breaks, per_packet)):
        flags = Flag.CLIPPED if clipped[part].any() else Flag(0)
        if samples.breaks[part.start]:
            flags |= Flag.LOST_BEFORE
        yield part, encode_packet(raw[part], first_seq + number, int(device_us[part.start]), flags)


def number(payload: bytes) -> PacketNumbers | None:
    """Who a notification is; None where it is no packet of the stream."""
    if len(payload) < HEADER_BYTES:
        return None
    first, count, seq, device_us = _HEADER.unpack_from(payload)
    samples = count * _sample_bytes(bool(first & Flag.ACCELEROMETER_ONLY))
    if first >> 4 != STREAM_VERSION or count == 0 or len(payload) != HEADER_BYTES + samples:
        return None
    return PacketNumbers(seq, device_us, bool(first & Flag.RESENT))


def decode(payloads: Sequence[bytes], info: SensorInfo) -> Frames:
    """Notifications of one sensor → packets and samples, one or an hour of them at a time.

    A payload that is not exactly what its header says is reported in `bad` and never raised.
    Raises InputError where `info` lacks a range.
    """
    lengths = np.fromiter(map(len, payloads), np.int64, len(payloads))
    headers = _headers(payloads, lengths)
    version, flags = headers[:, 0] >> 4, headers[:, 0] & 0x0F
    count = headers[:, 1].astype(np.int64)
    acc_only = (flags & Flag.ACCELEROMETER_ONLY) != 0
    needed = HEADER_BYTES + count * np.where(acc_only, _sample_bytes(True), _sample_bytes(False))
    good = (version == STREAM_VERSION) & (count > 0) & (lengths == needed)
    packet = np.flatnonzero(good)
    kept = headers[packet]
    frames = _empty_frames(packet, kept, count[packet])
    _fill_samples(frames, payloads, lengths[packet], acc_only[packet], info)
    frames.bad = [(i, _why_bad(payloads[i])) for i in np.flatnonzero(~good).tolist()]
    return frames


def _sample_bytes(accelerometer_only: bool) -> int:
    return 6 if accelerometer_only else 12


def _acc_step(info: SensorInfo) -> float:
    if not info.acc_range_g:
        raise InputError(_unknown_range(info, "accelerometer"))
    return info.acc_range_g * STANDARD_GRAVITY_M_S2 / _FULL_SCALE


def _gyr_step(info: SensorInfo) -> float:
    if not info.gyr_range_dps:
        raise InputError(_unknown_range(info, "gyroscope"))
    return info.gyr_range_dps * RAD_PER_DEG / _FULL_SCALE


def _unknown_range(info: SensorInfo, part: str) -> str:
    return (
        f"The range of the {info.side} sensor's {part} is not known, so its samples cannot be "
        "scaled; add it to the description of the sensor."
    )


def _parts(breaks: NDArray[np.bool_], per_packet: int) -> Iterator[slice]:
    starts = [0, *np.flatnonzero(breaks).tolist(), len(breaks)]
    for start, end in pairwise(starts):
        for first in range(start, end, per_packet):
            yield slice(first, min(first + per_packet, end))


def _headers(payloads: Sequence[bytes], lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(p, 8) uint8; zeros where a payload is shorter, which no version has."""
    headers = np.zeros((len(lengths), HEADER_BYTES), np.uint8)
    everything = np.frombuffer(b"".join(payloads), np.uint8)
    whole = np.flatnonzero(lengths >= HEADER_BYTES)
    starts = (np.cumsum(lengths) - lengths)[whole]
    headers[whole] = everything[starts[:, None] + np.arange(HEADER_BYTES)]
    return headers


def _empty_frames(
    packet: NDArray[np.int64], headers: NDArray[np.uint8], count: NDArray[np.int64]
) -> Frames:
    n = int(count.sum())
    return Frames(
        seq=headers[:, 2:4].copy().view("<u2")[:, 0].astype(np.int64),
        device_us=headers[:, 4:8].copy().view("<u4")[:, 0].astype(np.int64),
        count=count,
        lost_before=(headers[:, 0] & Flag.LOST_BEFORE) != 0,
        again=(headers[:, 0] & Flag.RESENT) != 0,
        flags=headers[:, 0] & np.uint8(0x0F),
        packet=packet,
        acc=np.empty((n, 3)),
        gyr=np.empty((n, 3)),
        clipped_acc=np.empty(n, np.bool_),
        clipped_gyr=np.empty(n, np.bool_),
    )


def _fill_samples(
    frames: Frames,
    payloads: Sequence[bytes],
    lengths: NDArray[np.int64],
    acc_only: NDArray[np.bool_],
    info: SensorInfo,
) -> None:
    """Scale the samples, all packets of one shape at a time: nearly always that is one or two."""
    acc_step = _acc_step(info)
    gyr_step = _gyr_step(info) if info.has_gyroscope else math.nan
    first = frames.first
    shape = lengths * 2 + acc_only
    for same_shape in np.unique(shape):
        chosen = np.flatnonzero(shape == same_shape)
        length, columns = int(same_shape) // 2, 3 if same_shape % 2 else 6
        joined = b"".join([payloads[i] for i in frames.packet[chosen].tolist()])
        body = np.frombuffer(joined, "<i2").reshape(len(chosen), length // 2)[
            :, HEADER_BYTES // 2 :
        ]
        raw = body.reshape(-1, columns)
        rows = _rows(first[chosen], len(raw) // len(chosen))
        frames.acc[rows] = raw[:, :3]
        frames.clipped_acc[rows] = _at_the_end(raw[:, :3])
        turning = columns == 6 and info.has_gyroscope
        frames.gyr[rows] = raw[:, 3:] if turning else math.nan
        frames.clipped_gyr[rows] = _at_the_end(raw[:, 3:]) if turning else False
    frames.acc *= acc_step
    frames.gyr *= gyr_step


def _rows(first: NDArray[np.int64], count: int) -> slice | NDArray[np.int64]:
    """Where samples of packets that begin at `first` go; a slice where no other lies between."""
    if (np.diff(first) == count).all():
        return slice(int(first[0]), int(first[-1]) + count)
    return (first[:, None] + np.arange(count)).reshape(-1)


def _at_the_end(raw: NDArray[np.int16]) -> NDArray[np.bool_]:
    highest = np.maximum(np.maximum(raw[:, 0], raw[:, 1]), raw[:, 2])
    lowest = np.minimum(np.minimum(raw[:, 0], raw[:, 1]), raw[:, 2])
    return (highest >= _CLIPPED_AT) | (lowest <= -_CLIPPED_AT)


def _why_bad(payload: bytes) -> str:
    if len(payload) < HEADER_BYTES:
        return f"It has {len(payload)} bytes, and the header alone has {HEADER_BYTES}."
    version, count = payload[0] >> 4, payload[1]
    if is_part(payload):
        return "It is a part of a log, which is read and not streamed."
    if version != STREAM_VERSION:
        return f"It is of version {version}, where version {STREAM_VERSION} is understood."
    if not count:
        return "It holds no samples."
    needed = HEADER_BYTES + count * _sample_bytes(bool(payload[0] & Flag.ACCELEROMETER_ONLY))
    return f"It has {len(payload)} bytes, where its {count} samples need {needed}."
