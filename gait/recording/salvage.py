"""Rows of a damaged SQLite file, from the leaf pages that are still whole.

Follows the file format as published (sqlite.org/fileformat2.html, sections 1.6 and 2.1) and
trusts nothing but the page itself: no page above it, no schema, no page count. Only rows whose
CRC is right are handed out.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gait.model import SessionItem
from gait.model.limits import FACTS, check_most
from gait.recording.layout import (
    FACT_COLUMNS,
    ITEM_COLUMNS,
    PAGE_BYTES,
    Row,
    fact_is_whole,
    item_of,
)

_TABLE_LEAF = 13
_FILE_HEADER_BYTES = 100
_WAL_HEADER_BYTES = 32
_WAL_FRAME_HEADER_BYTES = 24
_MOST_CELLS = PAGE_BYTES // 16  # the shortest row of ours has more bytes
_MOST_ROW_HEADER_BYTES = 100
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def salvaged_facts(path: Path, log: Path | None, *, of_log: bool = False) -> list[Row]:
    """The whole rows of `about`, in order; `log` is the write-ahead log that belongs to it.

    of_log : of the log's pages alone
    """
    found: dict[int, Row] = {}
    with _Pages(path, log) as pages:
        for number in pages.numbers(of_log=of_log):
            for row in pages.rows(number):
                if len(row) == ITEM_COLUMNS:
                    break  # a page of items has nothing else
                if len(row) == FACT_COLUMNS and fact_is_whole(row):
                    found[row[0]] = row
                    check_most(len(found), FACTS, "facts that describe it", str(path))
    return [found[key] for key in sorted(found)]


def salvaged_items(
    path: Path,
    log: Path | None,
    characteristics: Mapping[int, str],
    sensors: int,
    after_seq: int,
    *,
    of_log: bool = False,
) -> Iterator[tuple[int, SessionItem]]:
    """The whole rows of `items` behind `after_seq`, in order: their `seq` and what they hold.

    of_log : of the log's pages alone
    """
    with _Pages(path, log) as pages:

        def whole(number: int) -> Iterator[tuple[int, SessionItem]]:
            for row in pages.rows(number):
                whole_row = len(row) == ITEM_COLUMNS
                item = item_of(row, characteristics, sensors) if whole_row else None
                if item is not None:
                    yield row[0], item

        numbers = pages.numbers(of_log=of_log)
        firsts = ((next(whole(number), None), number) for number in numbers)
        starts = sorted((first[0], number) for first, number in firsts if first)
        for _, number in starts:
            for seq, item in whole(number):
                if seq > after_seq:
                    after_seq = seq
                    yield seq, item


class _Pages:
    """The pages of a database file, then those of its write-ahead log, if any.

    No more is ever read for rows than the file has bytes: each page that continues a row is taken
    for one row only, and a page has no more rows than have room in it.
    """

    def __init__(self, path: Path, wal: Path | None) -> None:
        self._main = path.open("rb")
        self._wal = wal.open("rb") if wal is not None else None
        self._continues: dict[int, tuple[int, int]] = {}  # page: the row it belongs to
        self._main_count = -(-path.stat().st_size // PAGE_BYTES)
        frame = _WAL_FRAME_HEADER_BYTES + PAGE_BYTES
        wal_bytes = wal.stat().st_size if wal is not None else 0
        self._wal_count = max(0, wal_bytes - _WAL_HEADER_BYTES) // frame

    def __enter__(self) -> "_Pages":
        return self

    def __exit__(self, *_: object) -> None:
        self._main.close()
        if self._wal:
            self._wal.close()

    def numbers(self, *, of_log: bool = False) -> range:
        """Of all pages, or of the log's alone."""
        return range(self._main_count if of_log else 0, self._main_count + self._wal_count)

    def _page(self, number: int) -> bytes:
        if number < self._main_count or self._wal is None:
            self._main.seek(number * PAGE_BYTES)
            return self._main.read(PAGE_BYTES)
        frame = number - self._main_count
        offset = _WAL_HEADER_BYTES + frame * (_WAL_FRAME_HEADER_BYTES + PAGE_BYTES)
        self._wal.seek(offset + _WAL_FRAME_HEADER_BYTES)
        return self._wal.read(PAGE_BYTES)

    def rows(self, number: int) -> Iterator[Row]:
        """The rows of a leaf page, the row number first; nothing for any other page."""
        page = self._page(number)
        start = _FILE_HEADER_BYTES if number == 0 else 0
        if len(page) < start + 8 or page[start] != _TABLE_LEAF:
            return
        cells = min(int.from_bytes(page[start + 3 : start + 5], "big"), _MOST_CELLS)
        for cell in range(cells):
            pointer = start + 8 + 2 * cell
            offset = int.from_bytes(page[pointer : pointer + 2], "big")
            try:
                size, begin = _varint(page, offset)
                yield self._row(page, begin, size, (number, cell))
            except (IndexError, ValueError, struct.error):
                continue

    def _row(self, page: bytes, offset: int, size: int, place: tuple[int, int]) -> Row:
        if size > (self._main_count + 1) * PAGE_BYTES:
            raise ValueError("larger than the file")
        row_number, offset = _varint(page, offset)
        local = _local_bytes(size)
        record = page[offset : offset + local]
        if local < size:
            link = int.from_bytes(page[offset + local : offset + local + 4], "big")
            record += self._overflow(link, size - local, place)
        if len(record) != size:
            raise ValueError("cut off")
        return (row_number, *_values(record)[1:])

    def _overflow(self, link: int, missing: int, place: tuple[int, int]) -> bytes:
        parts = []
        passed: set[int] = set()
        while missing > 0 and 0 < link <= self._main_count:
            if link in passed or self._continues.setdefault(link, place) != place:
                raise ValueError("a page that goes on for another row, or for itself")
            passed.add(link)
            page = self._page(link - 1)
            parts.append(page[4 : 4 + missing])
            missing -= PAGE_BYTES - 4
            link = int.from_bytes(page[:4], "big")
        return b"".join(parts)


def _local_bytes(size: int) -> int:
    """How much of a record of `size` bytes lies on the leaf page itself."""
    most = PAGE_BYTES - 35
    if size <= most:
        return size
    least = (PAGE_BYTES - 12) * 32 // 255 - 23
    kept = least + (size - least) % (PAGE_BYTES - 4)
    return kept if kept <= most else least


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """A variable-length integer and the offset behind it."""
    value = 0
    for count in range(9):
        byte = data[offset + count]
        if count == 8:
            return (value << 8) | byte, offset + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, offset + count + 1
    raise ValueError("unreachable: the ninth byte always ends it")


def _values(record: bytes) -> list[Any]:
    end, offset = _varint(record, 0)
    if end > _MOST_ROW_HEADER_BYTES:
        raise ValueError("more columns than any row of ours")
    position = end
    values: list[Any] = []
    while offset < end:
        serial, offset = _varint(record, offset)
        value, position = _value(record, position, serial)
        values.append(value)
    return values


def _value(record: bytes, position: int, serial: int) -> tuple[Any, int]:
    if serial == 0:
        return None, position
    if serial in _INTEGER_BYTES:
        end = position + _INTEGER_BYTES[serial]
        return int.from_bytes(record[position:end], "big", signed=True), end
    if serial == 7:
        return struct.unpack_from(">d", record, position)[0], position + 8
    if serial in (8, 9):
        return serial - 8, position
    if serial < 12:
        raise ValueError("not a value")
    end = position + (serial - 12) // 2
    content = record[position:end]
    return (content.decode() if serial % 2 else content), end
