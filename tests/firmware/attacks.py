"""Hostile inputs for attack_portable.c, and what must become of each by the Python codec.

An input is a kind and bytes that are read as that kind says. Where the codec has the same thing it
is the judge; where it has none (the ring, the encoder's state) a naive model is.
"""

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
from compiling import VECTORS

from benchmarks.trust.mutation import mutated
from gait.model import SensorInfo, Side
from gait.sensors import shoegait
from gait.sensors import shoegait_control as control
from gait.sensors import shoegait_log as log
from gait.sensors.shoegait_control import Opcode, Status
from gait.sensors.shoegait_info import Feature

CORPUS = Path(__file__).parents[1] / "trust" / "corpus"  # shared with the attacks on the codec
MOST_BYTES = 60_000
LARGEST_PACKET = 244
LARGEST_MTU = 247
MOST_RESENDS = 4
MOST_VALUES = 6
INFO = SensorInfo(side=Side.LEFT, rate_hz=416.0, acc_range_g=16.0, gyr_range_dps=2000.0)


class Kind(IntEnum):
    CONTROL = 0
    PACKET = 1
    RESENDING = 2
    PARTING = 3
    ENCODING = 4


# The cheap ones most often; they are also what a stranger reaches over the air.
TURNS = [
    *[Kind.CONTROL] * 22,
    *[Kind.PACKET] * 12,
    *[Kind.RESENDING, Kind.PARTING] * 2,
    Kind.ENCODING,
]


def attacks(number: int, seed: int) -> Iterator[tuple[Kind, bytes]]:
    """So many inputs; the same for the same seed on every machine."""
    draw = random.Random(seed)
    seeds = {kind: make() for kind, make in SEEDS.items()}
    for kind in islice(_turns(), number):
        chosen = draw.random()
        if chosen < 0.05:
            data = draw.choice(seeds[kind])
        elif chosen < 0.15:
            data = draw.randbytes(draw.choice((0, 1, 2, 5, 9, 20, 21, 244, 300)))
        else:
            data = mutated(seeds[kind], draw)
        yield kind, data[:MOST_BYTES]


def _turns() -> Iterator[Kind]:
    while True:
        yield from TURNS


def wanted(tried: Sequence[tuple[Kind, bytes]]) -> list[bytes]:
    """What the C must say of each."""
    packets = [data for kind, data in tried if kind is Kind.PACKET]
    said_of_packets = iter(_packets(packets))
    return [
        next(said_of_packets) if kind is Kind.PACKET else SAID[kind](data) for kind, data in tried
    ]


class Reader:
    """Little-endian numbers; beyond the end they are zero, as attack_portable.c reads them."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.over = data, 0, False

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def number(self, size: int) -> int:
        if self.left < size:
            self.at, self.over = len(self.data), True
            return 0
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "little")

    def bytes(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        self.at += len(taken)
        return taken


def _message(data: bytes) -> bytes:
    return len(data).to_bytes(2, "little") + data


def _control(data: bytes) -> bytes:
    reader = Reader(data)
    features = Feature(reader.number(1) & 31)
    written = reader.bytes(reader.left)
    opcode = written[0] if written else 0
    lacks = (opcode == Opcode.RESEND and Feature.RESENDS not in features) or (
        Opcode.LOG_START <= opcode <= Opcode.LOG_ROOM and Feature.LOGS not in features
    )
    if lacks:
        return bytes([0, opcode, Status.UNKNOWN_OPCODE])
    try:
        command = control.decode_command(written)
    except control.RefusedError as refused:
        return b"\0" + control.encode_answer(refused.answer)
    per_unit = control._COMMANDS[command.opcode].per_unit
    values = [round(value * per) for value, per in zip(command.values, per_unit, strict=True)]
    values += [0] * (MOST_VALUES - len(values))
    wire = control._ANSWERS[command.opcode].wire
    sizes = [{"B": 1, "H": 2, "I": 4, "Q": 8}[letter] for letter in wire.format.strip("<")]
    echoed = [value % 256**size for value, size in zip(values, sizes, strict=False)]
    asked = struct.pack("<6Q", *values)
    return asked + bytes([1, command.opcode, Status.DONE]) + wire.pack(*echoed)


def _packets(payloads: Sequence[bytes]) -> list[bytes]:
    """All at once, as the codec decodes them quickest."""
    frames = shoegait.decode(payloads, INFO)
    taken = {
        packet: (seq, device_us)
        for packet, seq, device_us in zip(
            frames.packet.tolist(), frames.seq.tolist(), frames.device_us.tolist(), strict=True
        )
    }
    said = []
    for i, payload in enumerate(payloads):
        whole = i in taken and len(payload) <= LARGEST_PACKET
        ring = struct.pack("<HI", *taken[i]) + _message(payload) if whole else b""
        last_us = payload[4:8] if len(payload) >= shoegait.HEADER_BYTES else bytes(4)
        noted = struct.pack("<II", 1, crc32(payload)) + last_us
        said.append(bytes([whole]) + struct.pack("<H", whole) + ring + noted)
    return said


def _resending(data: bytes) -> bytes:
    reader = Reader(data)
    size = reader.number(1) % 17
    kept: dict[int, bytes] = {}
    waiting: list[int | None] = []  # sequence numbers, and None after the last of each request
    said = bytearray()
    while reader.left:
        what = reader.number(1) % 8
        if what <= 2:
            _keep(kept, size, reader.bytes(reader.number(1)))
        elif what <= 4:
            first, count, largest = (reader.number(2) for _ in range(3))
            if reader.over:
                break
            first, count = _available(kept, first, count, largest)
            busy = waiting.count(None) == MOST_RESENDS
            said += struct.pack("<HHB", first, count, busy)
            if count and not busy:
                waiting += [(first + i) % shoegait.SEQ_MODULO for i in range(count)] + [None]
        elif what <= 6:
            said += _message(_next(kept, waiting))
        else:
            waiting.clear()
    return bytes(said)


def _keep(kept: dict[int, bytes], size: int, packet: bytes) -> None:
    named = shoegait.number(packet)
    if not size or named is None or len(packet) > LARGEST_PACKET:
        return
    if kept and (next(reversed(kept)) + 1) % shoegait.SEQ_MODULO != named.seq:
        kept.clear()
    if len(kept) == size:
        del kept[next(iter(kept))]
    kept[named.seq] = packet


def _available(kept: dict[int, bytes], first: int, count: int, largest: int) -> tuple[int, int]:
    """Of those asked for the newest in a row: their places in the request, from its end."""
    places = sorted(
        place
        for seq, packet in kept.items()
        if (place := (seq - first) % shoegait.SEQ_MODULO) < count and len(packet) <= largest
    )
    found = 0
    while found < len(places) and places[-1 - found] == places[-1] - found:
        found += 1
    begins = places[-found] if found else 0
    return (first + begins) % shoegait.SEQ_MODULO, found


def _next(kept: dict[int, bytes], waiting: list[int | None]) -> bytes:
    packet = b""
    while waiting and not packet:
        seq = waiting.pop(0)
        packet = kept.get(seq, b"") if seq is not None else b""
        if waiting and waiting[0] is None:
            del waiting[0]
    return bytes([packet[0] | shoegait.Flag.RESENT]) + packet[1:] if packet else b""


def _parting(data: bytes) -> bytes:
    reader = Reader(data)
    number, index, mtu = reader.number(2), reader.number(4), reader.number(2)
    packet = reader.bytes(reader.left)
    parts = log.split(number, index, packet, _clamped(mtu))
    return b"".join(map(_message, parts))


def _clamped(mtu: int) -> int:
    return max(shoegait.SMALLEST_MTU, min(mtu, LARGEST_MTU))


def _encoding(data: bytes) -> bytes:
    reader = Reader(data)
    columns = 3 if reader.number(1) & 1 else 6
    seq, mtu, room = reader.number(2), shoegait.SMALLEST_MTU, 0
    rows: list[list[int]] = []
    first_us, flags = 0, shoegait.Flag(0)
    said = bytearray()

    def flush() -> None:
        nonlocal seq
        if rows:
            full = any(value in (-32768, 32767) for row in rows for value in row)
            clipped = shoegait.Flag.CLIPPED if full else shoegait.Flag(0)
            raw = np.array(rows, np.int16)
            said.extend(_message(shoegait.encode_packet(raw, seq, first_us, flags | clipped)))
            seq += 1
            rows.clear()

    while reader.left:
        what = reader.number(1) % 8
        if what == 0:
            mtu = reader.number(2)
        elif what == 1:
            flush()
        else:
            device_us = reader.number(4)
            row = [(reader.number(2) + 32768) % 65536 - 32768 for _ in range(columns)]
            if what == 2:
                flush()
            if not rows:
                first_us = device_us
                flags = shoegait.Flag.LOST_BEFORE if what == 2 else shoegait.Flag(0)
                room = shoegait.samples_per_packet(_clamped(mtu), columns == 3)
            rows.append(row)
            if len(rows) == room:
                flush()
    flush()
    return bytes(said)


def _control_seeds() -> list[bytes]:
    values = random.Random(1)
    seeds = [bytes([features]) for features in (0, 15, 31)]
    for opcode in Opcode:
        wire = control._COMMANDS[opcode].wire
        for features in (0, 2, 4, 15, 31, 255):
            seeds.append(bytes([features, opcode]) + values.randbytes(wire.size))
    return seeds + [b"\x0f" + data for data in _corpus("commands")]


def _packet_seeds() -> list[bytes]:
    values = np.random.default_rng(1)
    made = [
        shoegait.encode_packet(
            values.integers(-32768, 32768, (count, columns)).astype(np.int16), seq, seq * 45_600
        )
        for count, columns, seq in [
            *((1, 6, 0), (1, 3, 65535), (2, 6, 513), (19, 6, 65534), (39, 3, 7), (20, 6, 8)),
            *((42, 6, 9), (255, 3, 11)),
        ]
    ]
    return made + _vector_packets() + _corpus("packets-shoegait")


def _vector_packets() -> list[bytes]:
    packets = []
    for case in VECTORS[0].read_text().split("\n\n"):
        lines = [line.removeprefix("hex: ") for line in case.split("\n") if line[:4] == "hex:"]
        if lines:
            packets.append(bytes.fromhex("".join(lines)))
    assert len(packets) >= 5
    return packets


def _resending_seeds() -> list[bytes]:
    seeds = []
    for size, first in [(4, 0), (5, 65533), (16, 40_000), (1, 7), (0, 7)]:
        script = bytearray([size])
        for i in range(9):
            packet = shoegait.encode_packet(np.zeros((1 + i % 3, 6), np.int16), first + i, i)
            script += bytes([0, len(packet)]) + packet
            if i % 3 == 2:
                begin = (first + i - 3) % 65536
                script += struct.pack("<BHHHBB", 3, begin, 3, 244, 5, 5)
        script += struct.pack("<BHHHB", 3, first, 65535, 20, 5) + bytes([5, 6, 7, 5])
        seeds.append(bytes(script))
    return seeds


def _parting_seeds() -> list[bytes]:
    return [
        struct.pack("<HIH", 3, index, mtu) + bytes(range(length % 256)) * (1 + length // 256)
        for index, mtu, length in [
            *((0, 23, 20), (1, 247, 244), (2**32 - 1, 185, 236), (7, 0, 100), (9, 65535, 244)),
            *((5, 10, 60), (5, 248, 240), (5, 517, 600)),
        ]
    ]


def _encoding_seeds() -> list[bytes]:
    values = random.Random(2)
    seeds = []
    for acc_only, mtu in [(0, 23), (1, 23), (0, 247), (1, 247), (0, 65535), (1, 0)]:
        script = bytearray(struct.pack("<BHBH", acc_only, 65530, 0, mtu))
        for i in range(45):
            what = 2 if i % 17 == 5 else 3
            script += struct.pack("<BI", what, i * 2404) + values.randbytes(6 if acc_only else 12)
        seeds.append(bytes(script) + b"\1")
    return seeds


def _corpus(target: str) -> list[bytes]:
    seeds = [path.read_bytes() for path in sorted((CORPUS / target).iterdir())]
    assert seeds
    return seeds


SEEDS: dict[Kind, Callable[[], list[bytes]]] = {
    Kind.CONTROL: _control_seeds,
    Kind.PACKET: _packet_seeds,
    Kind.RESENDING: _resending_seeds,
    Kind.PARTING: _parting_seeds,
    Kind.ENCODING: _encoding_seeds,
}
SAID: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.CONTROL: _control,
    Kind.RESENDING: _resending,
    Kind.PARTING: _parting,
    Kind.ENCODING: _encoding,
}
