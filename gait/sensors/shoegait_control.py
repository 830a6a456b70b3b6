"""The control point of our own sensor: commands to the shoe and its answers, both directions.

Command: opcode (1 byte), then its values. Answer: the same opcode, status (1 byte), then its
values. Little endian; the byte tables are in docs/protocol.md.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from gait.model import InputError

MOST_QUOTED = 40  # bytes
UNKNOWN_PCT = 255  # of a battery that the shoe cannot measure


class Opcode(IntEnum):
    START = 1
    STOP = 2
    SET_RATE = 3
    SET_RANGES = 4
    QUERY_TIME = 5
    IDENTIFY = 6
    RESEND = 7
    LOG_START = 8
    LOG_STOP = 9
    LOG_STATUS = 10
    LOG_TIME = 11
    LOG_READ = 12
    LOG_CHECK = 13
    LOG_CLEAR = 14
    LOG_ROOM = 15


class Status(IntEnum):
    """Of an answer; what each says is in `REASONS`."""

    DONE = 0
    UNKNOWN_OPCODE = 1
    MALFORMED = 2
    NOT_SUPPORTED = 3
    BUSY = 4
    NOT_THERE = 5
    MISMATCH = 6
    FULL = 7


class Signal(IntEnum):
    """How a shoe shows which one it is."""

    BLINK = 1
    VIBRATE = 2


@dataclass(frozen=True, slots=True)
class Command:
    """`values`, in the units of the table: SET_RATE (Hz), SET_RANGES (g, deg/s), IDENTIFY (Signal),
    RESEND (first sequence number, count), LOG_START (host time in ms since 1970, 0 where unknown),
    LOG_STATUS and LOG_TIME (log, 0 for the oldest), LOG_READ (log, first packet, count), LOG_CHECK
    (log, first packet, count), LOG_CLEAR (log, packets, CRC-32). None for the others.
    """

    opcode: Opcode
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`values`: SET_RATE the rate now in force (Hz), SET_RANGES the ranges (g, deg/s), QUERY_TIME
    the device time (µs, wraps) and, in version 2, the battery (%, or `UNKNOWN_PCT`), RESEND (first
    sequence number, count) of what will come, LOG_START (log, device time in µs), LOG_STATUS and
    LOG_TIME as `shoegait_log` names them, LOG_READ (first packet, count) of what will come,
    LOG_CHECK the CRC-32, LOG_ROOM packets; none for the others, and none where the command was not
    understood.
    """

    opcode: int
    status: Status
    values: tuple[float, ...] = ()


class RefusedError(Exception):
    """A command that the shoe cannot read; `answer` is what it replies."""

    def __init__(self, opcode: int, status: Status) -> None:
        super().__init__(f"opcode {opcode}: {status.name}")
        self.answer = Answer(opcode, status)


class _Layout(NamedTuple):
    """Values on the wire: unsigned integers that count `per_unit` steps of a unit."""

    wire: struct.Struct
    per_unit: tuple[int, ...]

    def pack(self, values: tuple[float, ...]) -> bytes:
        if len(values) != len(self.per_unit):
            raise ValueError(f"{len(self.per_unit)} values are needed, {len(values)} were given")
        steps = (round(value * per) for value, per in zip(values, self.per_unit, strict=True))
        try:
            return self.wire.pack(*steps)
        except struct.error as error:
            raise ValueError(f"{values} do not fit the message") from error

    def unpack(self, data: bytes) -> tuple[float, ...]:
        steps = self.wire.unpack(data)
        return tuple(
            step / per if per > 1 else step for step, per in zip(steps, self.per_unit, strict=True)
        )


_NOTHING = _Layout(struct.Struct("<"), ())
_RATE = _Layout(struct.Struct("<I"), (100,))
_RANGES = _Layout(struct.Struct("<II"), (1000, 1000))
_SIGNAL = _Layout(struct.Struct("<B"), (1,))


def _whole(layout: str) -> _Layout:
    """Values that are counts, numbers, or times in the unit they have on the wire."""
    wire = struct.Struct("<" + layout)
    return _Layout(wire, (1,) * len(layout))


_COMMANDS: dict[int, _Layout] = {
    Opcode.START: _NOTHING,
    Opcode.STOP: _NOTHING,
    Opcode.SET_RATE: _RATE,
    Opcode.SET_RANGES: _RANGES,
    Opcode.QUERY_TIME: _NOTHING,
    Opcode.IDENTIFY: _SIGNAL,
    Opcode.RESEND: _whole("HH"),
    Opcode.LOG_START: _whole("Q"),
    Opcode.LOG_STOP: _NOTHING,
    Opcode.LOG_STATUS: _whole("H"),
    Opcode.LOG_TIME: _whole("H"),
    Opcode.LOG_READ: _whole("HIH"),
    Opcode.LOG_CHECK: _whole("HII"),
    Opcode.LOG_CLEAR: _whole("HII"),
    Opcode.LOG_ROOM: _NOTHING,
}
# With opcode and status none is longer than 20 bytes, which is what MTU 23 carries.
_ANSWERS: dict[int, _Layout] = {
    **_COMMANDS,
    Opcode.QUERY_TIME: _whole("IB"),
    Opcode.IDENTIFY: _NOTHING,
    Opcode.LOG_START: _whole("HI"),
    Opcode.LOG_STATUS: _whole("HBBIII"),
    Opcode.LOG_TIME: _whole("HQII"),
    Opcode.LOG_READ: _whole("IH"),
    Opcode.LOG_CHECK: _whole("I"),
    Opcode.LOG_CLEAR: _NOTHING,
    Opcode.LOG_ROOM: _whole("I"),
}
# As shoes answer that speak version 1; the length tells which.
_ANSWERS_OF_VERSION_1: dict[int, _Layout] = {Opcode.QUERY_TIME: _whole("I")}

_WORDS: dict[int, str] = {
    Opcode.START: "to start",
    Opcode.STOP: "to stop",
    Opcode.SET_RATE: "the sampling rate",
    Opcode.SET_RANGES: "the ranges",
    Opcode.QUERY_TIME: "to tell its time",
    Opcode.IDENTIFY: "to show itself",
    Opcode.RESEND: "to send packets again",
    Opcode.LOG_START: "to begin a log",
    Opcode.LOG_STOP: "to end its log",
    Opcode.LOG_STATUS: "to describe its log",
    Opcode.LOG_TIME: "to tell when its log was made",
    Opcode.LOG_READ: "to hand over its log",
    Opcode.LOG_CHECK: "to check its log",
    Opcode.LOG_CLEAR: "to clear its log",
    Opcode.LOG_ROOM: "to tell how much room its memory has",
}
REASONS = {
    Status.UNKNOWN_OPCODE: "its firmware does not know this command",
    Status.MALFORMED: "it could not read the command",
    Status.NOT_SUPPORTED: "it does not support what was asked for",
    Status.BUSY: "it is busy with the stream, a log or earlier requests; stop them or wait",
    Status.NOT_THERE: "it has no such log, or not so many packets in it",
    Status.MISMATCH: "what it keeps differs from what was named, so nothing was cleared",
    Status.FULL: "its memory is full; fetch and clear its logs first",
}


def encode_command(command: Command) -> bytes:
    """The bytes to write. Raises ValueError where the values do not fit the opcode."""
    return bytes([command.opcode]) + _COMMANDS[command.opcode].pack(command.values)


def decode_command(data: bytes) -> Command:
    """What was written. Raises RefusedError, whose `answer` is to be sent back."""
    if not data:
        raise RefusedError(0, Status.MALFORMED)
    layout = _COMMANDS.get(data[0])
    if layout is None:
        raise RefusedError(data[0], Status.UNKNOWN_OPCODE)
    if len(data) != 1 + layout.wire.size:
        raise RefusedError(data[0], Status.MALFORMED)
    return Command(Opcode(data[0]), layout.unpack(data[1:]))


def encode_answer(answer: Answer) -> bytes:
    """The bytes to notify. Raises ValueError where the values do not fit the opcode."""
    head = bytes([answer.opcode, answer.status])
    if not answer.values:
        return head
    layout = _ANSWERS[answer.opcode]
    older = _ANSWERS_OF_VERSION_1.get(answer.opcode, layout)
    chosen = older if len(answer.values) == len(older.per_unit) else layout
    return head + chosen.pack(answer.values)


def decode_answer(data: bytes) -> Answer:
    """What the shoe answered. Raises InputError where it is no answer."""
    if len(data) < 2 or data[1] >= len(Status):
        raise InputError(
            f"The sensor answered {_quoted(data)}, which is no answer; update its firmware."
        )
    opcode, status = data[0], Status(data[1])
    layout = _ANSWERS.get(opcode, _NOTHING)
    if len(data) == 2 and (status is not Status.DONE or not layout.wire.size):
        return Answer(opcode, status)
    older = _ANSWERS_OF_VERSION_1.get(opcode, layout)
    layout = older if len(data) == 2 + older.wire.size else layout
    if len(data) != 2 + layout.wire.size:
        raise InputError(
            f"The sensor answered {_quoted(data)}, of the wrong length; update its firmware."
        )
    return Answer(opcode, status, layout.unpack(data[2:]))


def _quoted(data: bytes) -> str:
    """The beginning of it, as nobody reads on."""
    return (data[:MOST_QUOTED].hex() or "nothing") + ("…" if len(data) > MOST_QUOTED else "")


def refusal(data: bytes) -> str | None:
    """Why the sensor refused, in a sentence, or None where it did as asked.

    Raises InputError where `data` is no answer.
    """
    answer = decode_answer(data)
    if answer.status is Status.DONE:
        return None
    what = _WORDS.get(answer.opcode, "a command")
    in_force = ""
    if answer.values and answer.opcode == Opcode.SET_RATE:
        in_force = f" (it runs at {answer.values[0]:g} Hz)"
    return f"The sensor refused {what}: {REASONS[answer.status]}{in_force}."
