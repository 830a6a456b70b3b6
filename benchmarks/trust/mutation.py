"""Hostile inputs from good ones: the same number gives the same input on every machine."""

import math
import random
import re
import struct
from collections.abc import Callable, Sequence

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
MOST_ROUNDS = 4
MOST_BYTES = 1_000_000  # an input does not grow beyond, however often it is spliced

WHOLE = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
REAL = (float("nan"), float("inf"), float("-inf"), 0.0, -0.0, 1e308, -1e38, 5e-324, 3e20)
# What stands in the place of a number in a text.
TEXT_NUMBERS = (
    *(b"0", b"-1", b"-5", b"1e6", b"1e999", b"-1e308", b"5e-324", b"nan", b"NaN", b"Infinity"),
    *(b"99999999999999999999", b"4294967296", b"1,5", b"0x10", b"", b"null", b"true", b'"7"'),
    *(b"[]", b"{}", b"[1]", b"2026-13-45", b"0000-00-00", b"9999-12-31T23:59:59Z", b"1" * 400),
)
TEXT_PIECES = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n\n",
        b'"',
        b"'",
        b"\\u0000",
        b"\\ud800",
        b"%00",
    ),
    *(b"[" * 500, b"{" * 500, b'{"a":' * 300, b"<a>" * 300, b"&lol;", b"<!ENTITY a 'a'>", b"&a *a"),
    *(b"!!timestamp abc", b"!!python/name:os.system", b"*a", b": ", b"- ", b",", b";" * 100, b"\t"),
    *("é№—".encode(), b"../../x", b"CREATE VIEW items AS SELECT 1", b"a" * 5000),
)


def mutated(seeds: Sequence[bytes], draw: random.Random, *, text: bool = False) -> bytes:
    """One of `seeds`, changed in one to four ways; `text` for formats that people can read."""
    data = bytearray(draw.choice(seeds))
    kinds = TEXT_KINDS if text else BINARY_KINDS
    for _ in range(draw.randint(1, MOST_ROUNDS)):
        draw.choice(kinds)(data, draw, seeds)
        if not data:
            break
    return bytes(data[:MOST_BYTES])


def _flip(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    for _bit in range(draw.choice((1, 1, 2, 8))):
        if data:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _byte(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    if data:
        data[draw.randrange(len(data))] = draw.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))


def _header(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    """Where formats keep their versions, kinds and counts."""
    if data:
        data[draw.randrange(min(len(data), 16))] = draw.randrange(256)


def _number(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    size, order = draw.choice((1, 2, 4, 8)), draw.choice("<>")
    if len(data) < size:
        return
    at = draw.randrange(len(data) - size + 1)
    value = draw.choice(WHOLE) & ((1 << 8 * size) - 1)
    data[at : at + size] = value.to_bytes(size, "little" if order == "<" else "big")


def _real(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    value = draw.choice(REAL)
    if draw.random() < 0.5 and abs(value) < 1e300:
        packed = struct.pack("<f", 0.0 if math.isnan(value) else value)
    else:
        packed = struct.pack(draw.choice("<>") + "d", value)
    if draw.random() < 0.3:
        packed = struct.pack("<f", draw.choice((float("nan"), float("inf"), float("-inf"))))
    if len(data) >= len(packed):
        at = draw.randrange(len(data) - len(packed) + 1)
        data[at : at + len(packed)] = packed


def _length(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    """A number that may be a length is made one too much, one too little, or that of all."""
    if not data:
        return
    at = draw.randrange(len(data))
    near = draw.choice((data[at] - 1, data[at] + 1, len(data), len(data) - at, len(data) + 1))
    data[at] = near & 0xFF


def _cut(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    if data:
        del data[draw.randrange(len(data)) :]


def _drop(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    if data:
        at = draw.randrange(len(data))
        del data[at : at + draw.choice((1, 2, 4, 16, 64, 512))]


def _insert(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    at = draw.randint(0, len(data))
    data[at:at] = draw.randbytes(draw.choice((1, 2, 4, 16, 64)))


def _again(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    if data:
        at, count = draw.randrange(len(data)), draw.choice((1, 4, 16, 64, 512))
        data[at:at] = data[at : at + count] * draw.choice((1, 1, 2, 20))


def _splice(data: bytearray, draw: random.Random, seeds: Sequence[bytes]) -> None:
    other = draw.choice(seeds)
    at, start = draw.randint(0, len(data)), draw.randint(0, len(other))
    data[at:] = other[start:]


def _zero(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    if data:
        at = draw.randrange(len(data))
        count = min(draw.choice((4, 16, 512, 4096)), len(data) - at)
        data[at : at + count] = draw.choice((b"\0", b"\xff")) * count


def _text_number(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    """The number behind a random place becomes another, or none."""
    found = NUMBER.search(data, draw.randrange(len(data))) if data else None
    if found:
        data[found.start() : found.end()] = draw.choice(TEXT_NUMBERS)


def _text_piece(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    at = draw.randint(0, len(data))
    data[at:at] = draw.choice(TEXT_PIECES)


def _text_word(data: bytearray, draw: random.Random, seeds: Sequence[bytes]) -> None:
    """A word becomes another word of a good input."""
    words = re.findall(rb"\w+", draw.choice(seeds)[:20_000])
    found = re.compile(rb"\w+").search(data, draw.randrange(len(data))) if data else None
    if found and words:
        data[found.start() : found.end()] = draw.choice(words)


def _text_line(data: bytearray, draw: random.Random, _: Sequence[bytes]) -> None:
    """Lines are left out, said twice, or in another order."""
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    what = draw.randrange(3)
    if what == 0:
        del lines[at]
    elif what == 1:
        lines.insert(at, lines[draw.randrange(len(lines))])
    else:
        draw.shuffle(lines)
    data[:] = b"\n".join(lines)


Kind = Callable[[bytearray, random.Random, Sequence[bytes]], None]
BINARY_KINDS: tuple[Kind, ...] = (
    *(_flip, _byte, _header, _number, _real, _length, _cut, _drop, _insert, _again, _splice, _zero),
)
TEXT_KINDS: tuple[Kind, ...] = (
    *(_text_number, _text_number, _text_number, _text_piece, _text_word, _text_line),
    *(_flip, _cut, _drop, _again, _splice),
)
