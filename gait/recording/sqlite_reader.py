"""Reading a session file, also one that was cut off or damaged, without changing it."""

import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Generator, Iterator
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
NOT_FINISHED = (
    "The recording was not finished (it was cut off, or is still running); "
    "everything up to about its last second is here."
)
FACTS_DAMAGED = "The file is damaged: some of what describes the recording could not be read."
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

    def about(self) -> _About:
        about = _About()
        rows: list[Row] = []
        try:
            with closing(self._connect()) as db:
                rows = db.execute(SELECT_FACTS).fetchall()
        except sqlite3.DatabaseError:
            about.damaged = True
        if about.damaged or not all(map(fact_is_whole, rows)):
            about.damaged = True
            rows = salvaged_facts(self._path)
        for row in rows:
            about.add(row)
        return about

    def items(self) -> Generator[SessionItem, None, list[str]]:
        """Every item that is as it was written; returns a sentence where some are not."""
        about = self.about()
        read = 0
        last = 0
        for row in self._item_rows():
            last = row[0]
            item = item_of(row, about.characteristics)
            if item is not None:
                read += 1
                yield item
        expected = last if about.items is None else about.items
        return [] if read == expected else [_damage(read, expected)]

    def _item_rows(self) -> Iterator[Row]:
        """Rows in rising order; where SQLite gives up, from the pages themselves."""
        last = 0
        try:
            with closing(self._connect()) as db:
                cursor = db.execute(SELECT_ITEMS)
                while rows := cursor.fetchmany(BATCH):
                    for row in rows:
                        if row[0] <= last:
                            raise sqlite3.DatabaseError("rows out of order")
                        last = row[0]
                        yield row
        except sqlite3.DatabaseError:
            yield from salvaged_items(self._path, last)

    def _connect(self) -> sqlite3.Connection:
        """A read-only connection; on a copy where SQLite cannot read the file in its place."""
        try:
            return _open_read_only(self._path)
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) not in _NEEDS_COPY:
                raise
        self._path = self._copy()
        db = sqlite3.connect(self._path, isolation_level=None)
        db.text_factory = _text
        return db

    def _copy(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="gait-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for file in (self._path, *companions(self._path)):
            if file.exists():
                shutil.copyfile(file, folder / file.name)
        return folder / self._path.name


def _open_read_only(path: Path) -> sqlite3.Connection:
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
    share = 100.0 * read / expected if expected else 0.0
    return (
        f"The file is damaged: {read:,} of {expected:,} entries could be read ({share:.1f} %); "
        "the others are left out."
    )
