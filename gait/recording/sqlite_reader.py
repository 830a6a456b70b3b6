"""Reading a session file, also one that was cut off or damaged, without changing it.

Rows of a damaged SQLite file, from the leaf pages that are still whole.

Follows the file format as published (sqlite.org/fileformat2.html, sections 1.6 and 2.1) and
trusts nothing but the page itself: no page above it, no schema, no page count. Only rows whose
CRC is right are handed out.
"""

import logging
import shutil
import sqlite3
import struct
import tempfile
import weakref
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gait.model import InputError, SensorInfo, SessionItem
from gait.model.errors import told_as
from gait.model.limits import (
    ATTACHED_BYTES,
    FACTS,
    ITEM_BYTES,
    SENSORS,
    check_most,
    decode_json,
)
from gait.recording.files import cannot_read, companions
from gait.recording.session import Session
from gait.recording.session_format import (
    FACT_COLUMNS,
    ITEM_COLUMNS,
    PAGE_BYTES,
    SELECT_FACTS,
    SELECT_ITEMS,
    Row,
    fact_is_whole,
    item_of,
)
from gait.recording.untrusted_database import foreign_companions, is_left_open, open_untrusted

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


_log = logging.getLogger(__name__)
NOT_FINISHED = (
    "The recording was not finished (it was cut off, or is still running); "
    "everything up to about its last second is here."
)
FACTS_DAMAGED = (
    "The file is damaged where it describes the recording; what could be read of that is here."
)
# The second where a damaged schema is quoted in SQLite's own message.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
# Where SQLite would have to write beside the file before it can read it.
_NEEDS_COPY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def read_sqlite(path: Path) -> Session:
    """The session in `path`. Raises InputError where nothing of it can be told."""
    file = _SessionFile(path)
    try:
        about = file.about()
    except OSError as error:
        raise cannot_read(path, error) from error
    sensors = [about.sensors[device] for device in sorted(about.sensors)]
    if about.damaged and not sensors:
        raise InputError(f"{path} is not a session file, or its beginning is destroyed.")
    if sorted(about.sensors) != list(range(len(sensors))):
        raise InputError(f"{path} is damaged where its sensors are described; it cannot be used.")
    problems = [FACTS_DAMAGED] if about.damaged else []
    if about.items is None:
        problems.append(NOT_FINISHED)
    problems += [
        f"{other} beside it is of another recording, and was left out." for other in file.foreign()
    ]
    return Session(path, sensors, about.meta, about.attachments, file.items, problems)


@dataclass(slots=True)
class _About:
    """The facts of a session file. `items` is how many it holds; None if it was not closed."""

    damaged: bool = False
    meta: dict[str, str] = field(default_factory=dict)
    sensors: dict[int, SensorInfo] = field(default_factory=dict)
    characteristics: dict[int, str] = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)
    items: int | None = None

    def add(self, row: Row) -> None:
        """Raises ValueError, KeyError or TypeError for what no program of ours writes."""
        _, kind, name, value, _ = row
        if kind == "attachment" and isinstance(value, bytes):
            self.attachments[name] = value
        elif kind == "attachment" or not isinstance(value, str):
            raise TypeError(f"{kind} is not as it should be")
        elif kind == "meta":
            self.meta[name] = value
        elif kind == "sensor":
            self.sensors[int(name)] = decode_json(value, SensorInfo, most_bytes=ITEM_BYTES)
        elif kind == "characteristic":
            self.characteristics[int(name)] = value
        elif kind == "closed":
            self.items = int(value)


class _SessionFile:
    """An SQLite session file, opened anew for each reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: Path | None = None

    def about(self) -> _About:
        with told_as(self._damaged_facts, _log, OSError):
            about = _About()
            rows = self._with_facts_of_log(self._facts(about))
            without_holes = [row[0] for row in rows] == list(range(1, len(rows) + 1))
            if about.damaged or not without_holes or not all(map(fact_is_whole, rows)):
                about.damaged = True
                rows = salvaged_facts(self._path, self._own_log())
            for row in rows:
                about.add(row)
            check_most(len(about.sensors), SENSORS, "sensors", str(self._path))
            return about

    def foreign(self) -> list[str]:
        """The names of files beside it that SQLite would take for its own, and are not."""
        return [file.name for file in foreign_companions(self._path)]

    def items(self) -> Generator[SessionItem, None, list[str]]:
        """Every item that is as it was written; returns a sentence where some are not."""
        with told_as(self._damaged_items, _log):
            about = self.about()
            read, complete = yield from self._items_until_damage(about)
            last = read
            log = self._own_log()
            unfinished = about.items is None and log is not None
            if not complete or unfinished or read < (about.items or 0):
                salvaged = salvaged_items(
                    self._path,
                    log,
                    about.characteristics,
                    len(about.sensors),
                    after_seq=read,
                    of_log=complete and unfinished,
                )
                for seq, item in salvaged:
                    read, last = read + 1, seq
                    yield item
            expected = last if about.items is None else about.items
            return [] if read == expected else [_damage(read, expected)]

    def _damaged_facts(self, reason: str) -> InputError:
        return InputError(
            f"{self._path} is damaged where it describes the recording ({reason}); "
            "use another copy if there is one."
        )

    def _damaged_items(self, reason: str) -> InputError:
        return InputError(f"{self._path} is damaged and cannot be read further ({reason}).")

    def _facts(self, about: _About) -> list[Row]:
        """The rows that describe it, as far as SQLite finds them; says where that is not all."""
        rows: list[Row] = []
        held = 0
        try:
            with closing(self._connect(ATTACHED_BYTES)) as db:
                for row in db.execute(SELECT_FACTS):
                    rows.append(row)
                    held += _length(row[3])
                    check_most(len(rows), FACTS, "facts that describe it", str(self._path))
                    check_most(held, ATTACHED_BYTES, "bytes beside its packets", str(self._path))
        except _UNREADABLE:
            about.damaged = True
        return rows

    def _with_facts_of_log(self, rows: list[Row]) -> list[Row]:
        """With those that lie in its log behind where SQLite ends, at a frame that is damaged."""
        log = self._own_log()
        if log is None or any(row[1] == "closed" for row in rows):
            return rows
        known = {row[0] for row in rows}
        more = salvaged_facts(self._path, log, of_log=True)
        return [*rows, *(row for row in more if row[0] not in known)]

    def _items_until_damage(self, about: _About) -> Generator[SessionItem, None, tuple[int, bool]]:
        """Items as SQLite finds them; returns how many, and whether it came to an end of them."""
        count = 0
        room = self._size()  # more than that is one and the same place read again and again
        try:
            with closing(self._connect(ITEM_BYTES)) as db:
                for row in db.execute(SELECT_ITEMS):
                    item = item_of(row, about.characteristics, len(about.sensors))
                    room -= _length(row[5])
                    if item is None or row[0] != count + 1 or room < 0:
                        return count, False
                    count += 1
                    yield item
        except _UNREADABLE:
            return count, False
        return count, True

    def _connect(self, most_bytes: int) -> sqlite3.Connection:
        """A read-only connection; to a copy where SQLite could not read without writing beside."""
        if self._copy is None and not self._own():
            return open_untrusted(self._path, most_bytes=most_bytes, immutable=True)
        if self._copy is None and not is_left_open(self._path) and not self.foreign():
            try:
                return open_untrusted(self._path, most_bytes=most_bytes)
            except sqlite3.OperationalError as error:
                if (error.sqlite_errorcode & 0xFF) not in _NEEDS_COPY:
                    raise
        if self._copy is None:
            self._copy = self._copied()
        return open_untrusted(self._copy, most_bytes=most_bytes, writable=True)

    def _own(self) -> list[Path]:
        """What lies beside the file and belongs to it."""
        foreign = foreign_companions(self._path)
        return [f for f in companions(self._path) if f not in foreign and f.exists()]

    def _own_log(self) -> Path | None:
        return next((file for file in self._own() if file.name.endswith("-wal")), None)

    def _size(self) -> int:
        return sum(file.stat().st_size for file in (self._path, *self._own()))

    def _copied(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="gait-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for file in (self._path, *self._own()):
            shutil.copyfile(file, folder / file.name)
        return folder / self._path.name


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else 0


def _damage(read: int, expected: int) -> str:
    return (
        f"The file is damaged: {read:,} of {expected:,} entries could be read, "
        f"{expected - read:,} are lost."
    )
