"""The session file, format 1: how items and facts are laid down in an SQLite database.

The text of the schema has the session's id, `-- session` and 32 hexadecimal digits, so that a
write-ahead log can be told from one of another file.

Two tables, both only ever appended to, so that a file cut off or damaged anywhere keeps all the
rows that lie elsewhere, and every row carries a CRC-32, so that a changed byte is noticed and
never read as a sample.

about  what the recording is: `kind` is one of
       meta            name = key (started_at, software, notes, or free), value = text
       sensor          name = device number, value = `SensorInfo` as JSON
       characteristic  name = number used in `items`, value = UUID
       attachment      name = its name, value = its bytes
       closed          written last; value = how many items the recording holds
       The last row of a kind and name holds.
items  everything that arrived, in order; `seq` counts 1, 2, 3, … without holes.
       kind 0 packet      number = characteristic, content = payload, verbatim
       kind 1 battery     number = percent
       kind 2 connection  number = 0 connected, 1 lost, 2 closed; content = detail
       kind 3 mark        device is NULL, content = text
       kind 4 exchange    number = characteristic, content = float64 seconds that it took and
                          uint16 length of what was written, both little-endian, what was
                          written, the answer
       `host_s` has no declared type, which keeps every float bit for bit.

The CRC of an item is that of little-endian int64 seq, kind, device (-1 for none), number,
float64 host_s, then the content (text as UTF-8); that of a fact, of `id`, `kind`, `name`, each
followed by a zero byte, then the value.
"""

import math
import re
import struct
from collections.abc import Mapping
from typing import Any
from uuid import uuid4
from zlib import crc32

from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    Mark,
    Packet,
    SessionItem,
)

FORMAT_VERSION = 1
APPLICATION_ID = int.from_bytes(b"gait", "big")
PAGE_BYTES = 4096

TABLES = (
    """CREATE TABLE about (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,      -- meta, sensor, characteristic, attachment, closed
    name TEXT NOT NULL,
    value NOT NULL,          -- text, or bytes of an attachment
    crc INTEGER NOT NULL
)""",
    """CREATE TABLE items (
    seq INTEGER PRIMARY KEY, -- 1, 2, 3, … in the order of arrival
    kind INTEGER NOT NULL,   -- 0 packet, 1 battery, 2 connection, 3 mark, 4 exchange
    device INTEGER,          -- NULL for a mark
    host_s NOT NULL,         -- seconds since the session began, on the host's clock
    number INTEGER NOT NULL, -- characteristic (see about), percent, or connection event
    content NOT NULL,        -- payload, detail or text
    crc INTEGER NOT NULL
)""",
)
# Executed in every transaction: it writes the first page, which has the session's id, so that the
# id is in each write-ahead log of the file.
MARK_LOG = f"PRAGMA user_version = {FORMAT_VERSION}"
_ID = re.compile(rb"-- session ([0-9a-f]{32})\b")
INSERT_FACT = "INSERT INTO about VALUES (?, ?, ?, ?, ?)"
INSERT_ITEM = "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)"
SELECT_FACTS = "SELECT id, kind, name, value, crc FROM about ORDER BY id"
SELECT_ITEMS = "SELECT seq, kind, device, host_s, number, content, crc FROM items ORDER BY seq"
SELECT_ITEMS_AFTER = (
    "SELECT seq, kind, device, host_s, number, content, crc FROM items WHERE seq > ?"
    " ORDER BY seq LIMIT ?"
)
FACT_COLUMNS = 5
ITEM_COLUMNS = 7

PACKET, BATTERY, CONNECTION, MARK, EXCHANGE = range(5)
CONNECTIONS = (Connection.CONNECTED, Connection.LOST, Connection.CLOSED)
_HEAD = struct.Struct("<qqqqd")
_EXCHANGED = struct.Struct("<dH")

Row = tuple[Any, ...]


def schema() -> tuple[str, ...]:
    """The statements that make the tables of a new session, with an id of its own in them."""
    about, items = TABLES
    head, rest = about.split("\n", 1)
    return f"{head} -- session {uuid4().hex}\n{rest}", items


def session_id(first_page: bytes) -> bytes | None:
    """The id in the first page of a session file, None in one made before there were ids."""
    found = _ID.search(first_page)
    return found[1] if found else None


def storable(text: str) -> str:
    """Text that UTF-8 can hold: a stray half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def fact_row(number: int, kind: str, name: str, value: str | bytes) -> Row:
    """A row of `about`."""
    name = storable(name)
    value = storable(value) if isinstance(value, str) else bytes(value)
    return number, kind, name, value, _fact_crc(number, kind, name, value)


def fact_is_whole(row: Row) -> bool:
    """Whether a row of `about` is as it was written."""
    number, kind, name, value, crc = row
    try:
        return _fact_crc(number, kind, name, value) == crc
    except (AttributeError, TypeError):
        return False


def _fact_crc(number: int, kind: str, name: str, value: str | bytes) -> int:
    head = f"{number}\0{kind}\0{name}\0".encode()
    return crc32(value if isinstance(value, bytes) else value.encode(), crc32(head))


def item_row(seq: int, item: SessionItem, characteristics: Mapping[str, int]) -> Row:
    """A row of `items`; `characteristics` numbers the UUIDs."""
    if isinstance(item, Packet):
        raw = content = bytes(item.payload)
        kind, device, number = PACKET, item.device, characteristics[item.characteristic]
    elif isinstance(item, BatteryReading):
        kind, device, number, content, raw = BATTERY, item.device, item.percent, "", b""
    elif isinstance(item, ConnectionEvent):
        kind, device, number = CONNECTION, item.device, CONNECTIONS.index(item.event)
        content = storable(item.detail)
        raw = content.encode()
    elif isinstance(item, Exchange):
        kind, device, number = EXCHANGE, item.device, characteristics[item.characteristic]
        head = _EXCHANGED.pack(item.took_s, len(item.written))
        raw = content = head + item.written + item.answer
    else:
        kind, device, number, content = MARK, -1, 0, storable(item.text)
        raw = content.encode()
    crc = crc32(raw, crc32(_HEAD.pack(seq, kind, device, number, item.host_s)))
    return seq, kind, None if kind == MARK else device, item.host_s, number, content, crc


def item_of(row: Row, characteristics: Mapping[int, str], sensors: int) -> SessionItem | None:
    """The item of a row of `items` in a session of so many sensors, or None where the row is not as
    a program of ours wrote it."""
    item = _item_of(row, characteristics)
    return item if item is not None and item_can_be(item, sensors) else None


def _item_of(row: Row, characteristics: Mapping[int, str]) -> SessionItem | None:
    seq, kind, device, host_s, number, content, crc = row
    try:
        raw = content if kind in (PACKET, EXCHANGE) else content.encode()
        head = _HEAD.pack(seq, kind, -1 if kind == MARK else device, number, host_s)
        if crc32(raw, crc32(head)) != crc:
            return None
        if kind == PACKET:
            return Packet(device, host_s, characteristics[number], content)
        if kind == EXCHANGE:
            took_s, end = _EXCHANGED.unpack_from(content)
            written = content[_EXCHANGED.size : _EXCHANGED.size + end]
            answer = content[_EXCHANGED.size + end :]
            return Exchange(device, host_s, took_s, characteristics[number], written, answer)
        if kind == BATTERY:
            return BatteryReading(device, host_s, number)
        if kind == CONNECTION:
            return ConnectionEvent(device, host_s, CONNECTIONS[number], content)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error):
        return None
    return Mark(host_s, content) if kind == MARK else None


def item_can_be(item: SessionItem, sensors: int) -> bool:
    """Whether a program of ours could have written this in a session of so many sensors: a right
    checksum says nothing of that."""
    if not math.isfinite(item.host_s):
        return False
    if isinstance(item, Mark):
        return True
    if not 0 <= item.device < sensors:
        return False
    if isinstance(item, BatteryReading):
        return 0 <= item.percent <= 100
    return not isinstance(item, Exchange) or math.isfinite(item.took_s)
