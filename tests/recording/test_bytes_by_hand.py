"""Bytes of the formats that are read without a library's help, put together by hand."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.model import InputError
from gait.recording import sqlite_reader
from gait.recording.tracks import track_of


def varint(value: int) -> bytes:
    """As https://sqlite.org/fileformat2.html has it: big-endian sevens, the ninth byte whole."""
    if value >= 1 << 56:
        head = [0x80 | (value >> shift) & 0x7F for shift in range(57, 7, -7)]
        return bytes([*head, value & 0xFF])
    sevens = [value & 0x7F]
    while value := value >> 7:
        sevens.append(0x80 | value & 0x7F)
    return bytes(reversed(sevens))


@given(st.integers(0, (1 << 64) - 1), st.binary(max_size=3))
def test_any_whole_number_is_read_and_what_follows_is_left(value: int, before: bytes) -> None:
    data = before + varint(value) + b"\xff"
    assert sqlite_reader._varint(data, len(before)) == (value, len(data) - 1)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\x81\x00", 128),
        (b"\xff\x7f", 16383),
        (b"\xff" * 9, (1 << 64) - 1),
        (b"\x80" * 8 + b"\x01", 1),
    ],
)
def test_whole_numbers_by_hand(data: bytes, value: int) -> None:
    assert sqlite_reader._varint(data, 0) == (value, len(data))


@pytest.mark.parametrize(
    ("size", "kept"),
    # of pages of 4096 bytes: 4061 at most, else 489 and what does not fill pages of 4092
    [(1, 1), (4061, 4061), (4062, 489), (4581, 489), (4582, 490), (8153, 4061), (8154, 489)],
)
def test_how_much_of_a_row_lies_on_its_page(size: int, kept: int) -> None:
    assert sqlite_reader.PAGE_BYTES == 4096
    assert sqlite_reader._local_bytes(size) == kept


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", bytes(10)])
def test_a_fit_file_that_is_shorter_than_it_says_is_cut_off(body: bytes) -> None:
    head = struct.pack("<BBHI4s", 12, 0x10, 2132, 20, b".FIT")
    with pytest.raises(InputError, match=rf"x\.fit is cut off: {len(body) + 2} of 20 bytes"):
        track_of(head + body + b"\0\0", "x.fit")
