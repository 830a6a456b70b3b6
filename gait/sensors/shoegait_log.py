"""The log in our own sensor's flash, both directions. Byte tables: docs/protocol.md.

A log is a row of stream packets, kept as they are. They come on the stream characteristic in
parts, so that a packet made for one MTU can be read over a smaller one, and each part says where
it belongs:

    LogParts   host: parts as they come → whole packets with their index in the log
    split      shoe: one packet of the log → the notifications that carry it
    crc        both: what LOG_CHECK answers and LOG_CLEAR asks for
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gait.model import InputError
from gait.sensors.profile import ATT_BYTES, LogState, LogStatus, LogTime
from gait.sensors.shoegait_control import Answer, Opcode, Status

PART_VERSION = 15  # high nibble of the first byte, where stream packets have 1
LAST_PART = 1
LARGEST_PACKET_BYTES = 512

# high nibble version, low nibble flags; low byte of the log's number; offset; index
_PART = struct.Struct("<BBHI")
PART_HEADER_BYTES = _PART.size


@dataclass(frozen=True, slots=True)
class Part:
    """A notification that carries a part of a packet of a log."""

    log_low: int
    index: int
    offset: int
    last: bool
    data: bytes


def log_status(answer: Answer) -> LogStatus:
    """A LOG_STATUS answer that is DONE, by name. Raises InputError for another."""
    log, state, kept, packets, first_us, last_us = _values(answer, Opcode.LOG_STATUS)
    if state not in list(LogState):
        raise InputError(f"The sensor names a state of its log, {state}, that is not known here.")
    return LogStatus(log, LogState(state), kept, packets, first_us, last_us)


def log_time(answer: Answer) -> LogTime:
    """A LOG_TIME answer that is DONE, by name. Raises InputError for another."""
    return LogTime(*_values(answer, Opcode.LOG_TIME))


def crc(packets: Iterable[bytes], before: int = 0) -> int:
    """CRC-32 (IEEE 802.3, as zlib's) of packets back to back, going on from `before`."""
    for packet in packets:
        before = zlib.crc32(packet, before)
    return before


def is_part(payload: bytes) -> bool:
    """Whether a notification of the stream is a part of a log, and not a live packet."""
    return len(payload) > 0 and payload[0] >> 4 == PART_VERSION


def split(log: int, index: int, packet: bytes, mtu: int) -> Iterator[bytes]:
    """The notifications that carry `packet`, the one at `index` of `log`."""
    room = mtu - ATT_BYTES - PART_HEADER_BYTES
    for offset in range(0, len(packet), room):
        last = LAST_PART if offset + room >= len(packet) else 0
        header = _PART.pack(PART_VERSION << 4 | last, log & 0xFF, offset, index)
        yield header + packet[offset : offset + room]


def read_part(payload: bytes) -> Part | None:
    """What a notification says, or None where it is no part of a log."""
    if not is_part(payload) or len(payload) <= PART_HEADER_BYTES:
        return None
    first, log_low, offset, index = _PART.unpack_from(payload)
    return Part(log_low, index, offset, bool(first & LAST_PART), payload[PART_HEADER_BYTES:])


class LogParts:
    """Puts the parts of one log together again.

    Nothing is assumed of what comes: parts of other logs, parts without their beginning and parts
    out of order are left out, and their packets are then missing and must be read again.
    """

    def __init__(self, log: int) -> None:
        self._log_low = log & 0xFF
        self._index = -1
        self._data = bytearray()

    def add(self, payload: bytes) -> tuple[int, bytes] | None:
        """Index and bytes of the packet that this notification completes, or None."""
        part = read_part(payload)
        if part is None or part.log_low != self._log_low:
            return None
        if part.offset == 0:
            self._index = part.index
            self._data.clear()
        elif part.index != self._index or part.offset != len(self._data):
            return None
        self._data += part.data
        if len(self._data) > LARGEST_PACKET_BYTES:
            self._index = -1
            return None
        if not part.last:
            return None
        self._index = -1
        return part.index, bytes(self._data)


def _values(answer: Answer, opcode: Opcode) -> tuple[int, ...]:
    if answer.opcode != opcode or answer.status is not Status.DONE or not answer.values:
        raise InputError(
            f"The sensor answered {Opcode(opcode).name} with {answer}; update its firmware."
        )
    return tuple(int(value) for value in answer.values)
