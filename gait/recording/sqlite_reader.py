"""Reading a session file, also one that was cut off or damaged, without changing it."""

import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from gait.model import InputError, SensorInfo, SessionItem
from gait.recording.files import cannot_read, companions
from gait.recording.layout import SELECT_FACTS, SELECT_ITEMS, Row, fact_is_whole, item_of
from gait.recording.salvage import salvaged_facts, salvaged_items
from gait.recording.session import Session

BATCH = 2048
_WRITE_AHEAD_AT = 19  # in the header: 2 where a write-ahead log belongs to the file
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
        _, kind, name, value, _ = row
        if kind == "meta":
            self.meta[name] = value
        elif kind == "sensor":
            self.sensors[int(name)] = msgspec.json.decode(value, type=SensorInfo)
        elif kind == "characteristic":
            self.characteristics[int(name)] = value
        elif kind == "attachment":
            self.attachments[name] = value
        elif kind == "closed":
            self.items = int(value)


class _SessionFile:
    """An SQLite session file, opened anew for each reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: Path | None = None

    def about(self) -> _About:
        about = _About()
        rows: list[Row] = []
        try:
            with closing(self._connect()) as db:
                rows = db.execute(SELECT_FACTS).fetchall()
        except _UNREADABLE:
            about.damaged = True
        without_holes = [row[0] for row in rows] == list(range(1, len(rows) + 1))
        if about.damaged or not without_holes or not all(map(fact_is_whole, rows)):
            about.damaged = True
            rows = salvaged_facts(self._path)
        for row in rows:
            about.add(row)
        return about

    def items(self) -> Generator[SessionItem, None, list[str]]:
        """Every item that is as it was written; returns a sentence where some are not."""
        about = self.about()
        read, complete = yield from self._items_until_damage(about.characteristics)
        last = read
        if not complete or read < (about.items or 0):
            for seq, item in salvaged_items(self._path, about.characteristics, after_seq=read):
                read, last = read + 1, seq
                yield item
        expected = last if about.items is None else about.items
        return [] if read == expected else [_damage(read, expected)]

    def _items_until_damage(
        self, characteristics: Mapping[int, str]
    ) -> Generator[SessionItem, None, tuple[int, bool]]:
        """Items as SQLite finds them; returns how many, and whether it came to an end of them."""
        count = 0
        try:
            with closing(self._connect()) as db:
                cursor = db.execute(SELECT_ITEMS)
                while rows := cursor.fetchmany(BATCH):
                    for row in rows:
                        item = item_of(row, characteristics)
                        if item is None or row[0] != count + 1:
                            return count, False
                        count += 1
                        yield item
        except _UNREADABLE:
            return count, False
        return count, True

    def _connect(self) -> sqlite3.Connection:
        """A read-only connection; to a copy where SQLite could not read without writing beside."""
        if self._copy is None and not _is_left_open(self._path):
            try:
                return open_read_only(self._path)
            except sqlite3.OperationalError as error:
                if (error.sqlite_errorcode & 0xFF) not in _NEEDS_COPY:
                    raise
        if self._copy is None:
            self._copy = self._copied()
        db = sqlite3.connect(self._copy, isolation_level=None)
        db.text_factory = _text
        return db

    def _copied(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="gait-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for file in (self._path, *companions(self._path)):
            if file.exists():
                shutil.copyfile(file, folder / file.name)
        return folder / self._path.name


def _is_left_open(path: Path) -> bool:
    """Whether a recording was cut off and nobody has it open: SQLite would make files beside it."""
    with path.open("rb") as file:
        write_ahead = file.read(_WRITE_AHEAD_AT + 1)[_WRITE_AHEAD_AT:] == b"\x02"
    return write_ahead and not path.with_name(path.name + "-shm").exists()


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error where the file cannot be read so."""
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    db.text_factory = _text
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _text(raw: bytes) -> str:
    """Damaged text becomes text whose CRC is wrong, not an error in the middle of a batch."""
    return raw.decode("utf-8", "replace")


def _damage(read: int, expected: int) -> str:
    return (
        f"The file is damaged: {read:,} of {expected:,} entries could be read, "
        f"{expected - read:,} are lost."
    )
