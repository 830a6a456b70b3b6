"""Recording: items go into the session file as they arrive and survive a kill or a power cut."""

import math
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from gait.model import Exchange, GaitError, Packet, SensorInfo, SessionItem, UsageError
from gait.recording.files import create_private
from gait.recording.layout import (
    APPLICATION_ID,
    FORMAT_VERSION,
    INSERT_FACT,
    INSERT_ITEM,
    PAGE_BYTES,
    SCHEMA,
    Row,
    fact_row,
    item_row,
)

COMMIT_EVERY_S = 1.0
COMMIT_EVERY_ITEMS = 10_000
# About a minute and a half of two shoes; more would lie only in the companion file after a kill.
CHECKPOINT_PAGES = 256


class SessionWriter:
    """Writes one session file `NAME.gait`, for its owner only.

    What was written is safe on the disk about once a second of the items' own `host_s`, at each
    `commit`, and at `close`, which also folds everything into a single file. One hour of two
    shoes (150,000 packets of 236 bytes) takes one to three seconds of writing in total.

    Raises UsageError for a taken path or a missing folder, GaitError where the disk refuses;
    what was committed before stays, and what was not is tried again by the next `commit`.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        started_at: str,
        software: str,
        notes: str = "",
        overwrite: bool = False,
        commit_every_s: float = COMMIT_EVERY_S,
    ) -> None:
        """`started_at` is the date and time in ISO 8601, `software` the program and its version.

        `commit_every_s` may be infinite where what is written is kept elsewhere until `close`.
        """
        self.path = Path(path)
        self._facts: list[Row] = []
        self._items: list[SessionItem] = []
        self._fact_count = 0
        self._item_count = 0
        self._sensor_count = 0
        self._characteristics: dict[str, int] = {}
        self._committed_at_s: float | None = None
        self._closed = False
        self._commit_every_s = commit_every_s
        create_private(self.path, overwrite=overwrite)
        try:
            self._db = _new_database(self.path)
        except sqlite3.Error as error:
            self.path.unlink(missing_ok=True)
            raise self._refused(error) from error
        for key, value in (("started_at", started_at), ("software", software), ("notes", notes)):
            self._state("meta", key, value)
        self.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add_sensor(self, info: SensorInfo) -> int:
        """Describe a sensor; the number returned is the `device` of its items (0, 1, …)."""
        device = self._sensor_count
        self._state("sensor", str(device), msgspec.json.encode(info).decode())
        self._sensor_count += 1
        self.commit()
        return device

    def set_meta(self, key: str, value: str) -> None:
        """Say something about the recording, or say it anew (`notes`, for example)."""
        self._state("meta", key, value)
        self.commit()

    def attach(self, name: str, content: bytes) -> None:
        """Keep a small file with the recording, such as a table of truth."""
        self._state("attachment", name, content)
        self.commit()

    def write(self, item: SessionItem) -> None:
        """Add the next item. Raises ValueError for a `host_s` that is not a finite number."""
        self._check_open()
        if not math.isfinite(item.host_s):
            raise ValueError(f"host_s must be a finite number, is {item.host_s}")
        if isinstance(item, Packet | Exchange):
            self._number(item.characteristic)
        self._items.append(item)
        if self._committed_at_s is None:
            self._committed_at_s = item.host_s
        waited_s = abs(item.host_s - self._committed_at_s)
        if waited_s >= self._commit_every_s or len(self._items) >= COMMIT_EVERY_ITEMS:
            self._committed_at_s = item.host_s
            self.commit()

    def commit(self) -> None:
        """Put everything written so far on the disk, or nothing of it. Raises GaitError."""
        self._check_open()
        if not (self._facts or self._items):
            return
        rows = [
            item_row(seq, item, self._characteristics)
            for seq, item in enumerate(self._items, self._item_count + 1)
        ]
        try:
            self._db.execute("BEGIN")
            self._db.executemany(INSERT_FACT, self._facts)
            self._db.executemany(INSERT_ITEM, rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._refused(error) from error
        self._item_count += len(rows)
        self._facts.clear()
        self._items.clear()

    def close(self) -> None:
        """Commit, say that the recording is complete, and fold it into a single file."""
        if self._closed:
            return
        try:
            self._state("closed", "", str(self._item_count + len(self._items)))
            self.commit()
        except GaitError:
            self._closed = True
            with suppress(GaitError):  # what could not be committed is the worse news
                self._fold()
            raise
        self._closed = True
        self._fold()

    def _fold(self) -> None:
        try:
            self._db.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise GaitError(
                f"{self.path} is saved, but could not be folded into a single file ({error}); "
                f"keep {self.path.name}-wal beside it."
            ) from error
        finally:
            self._db.close()

    def _number(self, characteristic: str) -> None:
        if characteristic not in self._characteristics:
            number = len(self._characteristics)
            self._state("characteristic", str(number), characteristic)
            self._characteristics[characteristic] = number

    def _state(self, kind: str, name: str, value: str | bytes) -> None:
        self._check_open()
        self._fact_count += 1
        self._facts.append(fact_row(self._fact_count, kind, name, value))

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError(f"{self.path} is closed; nothing more can be written to it.")

    def _refused(self, error: sqlite3.Error) -> GaitError:
        full = (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_FULL
        reason = "the disk is full; free some space" if full else f"{error}; check the disk"
        return GaitError(
            f"{self.path} could not be written further: {reason}. "
            "What was recorded until about a second before is saved."
        )


def _new_database(path: Path) -> sqlite3.Connection:
    """An empty session file, open for appending."""
    db = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
    try:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        for table in SCHEMA:
            db.execute(table)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except sqlite3.Error:
        db.close()
        raise
    return db
