"""The stream read the slow and obvious way, from the byte table alone: the oracle of the tests."""

import struct
from dataclasses import dataclass, field

STANDARD_GRAVITY = 9.80665
RAD_PER_DEG = 3.141592653589793 / 180


@dataclass
class NaivePacket:
    seq: int
    device_us: int
    flags: int
    raw: list[tuple[int, ...]] = field(default_factory=list)


def read_packet(payload: bytes) -> NaivePacket | None:
    """The packet, or None where it is not exactly what its header says."""
    if len(payload) < 8:
        return None
    first, count, seq, device_us = struct.unpack("<BBHI", payload[:8])
    values = 3 if first & 8 else 6
    if first >> 4 != 1 or count == 0 or len(payload) != 8 + count * values * 2:
        return None
    packet = NaivePacket(seq, device_us, first & 15)
    for i in range(count):
        packet.raw.append(struct.unpack_from(f"<{values}h", payload, 8 + i * values * 2))
    return packet


def write_packet(packet: NaivePacket) -> bytes:
    header = struct.pack(
        "<BBHI", 0x10 | packet.flags, len(packet.raw), packet.seq, packet.device_us
    )
    return header + b"".join(struct.pack(f"<{len(row)}h", *row) for row in packet.raw)


def at_the_end(values: tuple[int, ...]) -> bool:
    return any(abs(value) / 32768 >= 0.98 for value in values)
