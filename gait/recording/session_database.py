"""One session file that is open for appending: an SQLite database and what became of its name."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from gait.model import GaitError, SessionItem
from gait.recording.files import cannot_write, companions, create_private, why_refused
from gait.recording.held_file import HeldFile
from gait.recording.layout import (
    APPLICATION_ID,
    INSERT_FACT,
    INSERT_ITEM,
    MARK_LOG,
    PAGE_BYTES,
    SELECT_FACTS,
    SELECT_ITEMS,
    fact_is_whole,
    fact_row,
    item_of,
    item_row,
    schema,
)

# About a minute and a half of two shoes; more would lie only in the companion file after a kill.
CHECKPOINT_PAGES = 256
BATCH = 2048

Fact = tuple[str, str, str | bytes]  # kind, name, value


class SessionDatabase:
    """A session file, made for its owner only, that takes facts and items in order.

    `items` and `facts` are how many it holds; `becomes` is the name that it gets once it is
    complete, and has in sentences, where it is not its own. Raises UsageError for a taken path or
    a missing folder, GaitError where the disk refuses; then nothing of what was to be added is in
    it.
    """

    def __init__(self, path: Path, *, overwrite: bool = False, becomes: Path | None = None) -> None:
        self.path = path
        self._shown = becomes or path
        self.facts = self.items = 0
        create_private(path, overwrite=overwrite)
        try:
            self._file = HeldFile(path)
            self._db = _new_database(path)
        except (sqlite3.Error, OSError) as error:
            refused = cannot_write(self._shown, error)
            self._remove()
            raise refused from error
        self._file.note()

    def append(
        self,
        facts: Sequence[Fact],
        items: Sequence[SessionItem],
        characteristics: Mapping[str, int],
    ) -> None:
        """All of it is on the disk when this returns."""
        fact_rows = [fact_row(number, *fact) for number, fact in enumerate(facts, self.facts + 1)]
        item_rows = [
            item_row(seq, item, characteristics) for seq, item in enumerate(items, self.items + 1)
        ]
        try:
            self._db.execute("BEGIN")
            self._db.execute(MARK_LOG)
            self._db.executemany(INSERT_FACT, fact_rows)
            self._db.executemany(INSERT_ITEM, item_rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            reason = why_refused(self.path, error)
            if self._db.in_transaction:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
            raise GaitError(f"{self._shown} could not be written further: {reason}.") from error
        self.facts += len(fact_rows)
        self.items += len(item_rows)
        self._file.note()

    def trouble(self) -> str:
        """What has become of the file that bears the name, "" where nothing has."""
        return self._file.trouble()

    def attachments(self) -> Iterator[Fact]:
        """Those that can still be read, whatever the name of the file means by now."""
        with suppress(sqlite3.Error):
            for row in self._db.execute(SELECT_FACTS):
                if fact_is_whole(row) and row[1] == "attachment":
                    yield row[1], row[2], row[3]

    def stored(self, characteristics: Mapping[int, str], sensors: int) -> Iterator[SessionItem]:
        """The items that can still be read, whatever the name of the file means by now."""
        with suppress(sqlite3.Error):
            cursor = self._db.execute(SELECT_ITEMS)
            while rows := cursor.fetchmany(BATCH):
                yield from filter(None, (item_of(row, characteristics, sensors) for row in rows))

    def fold(self) -> None:
        """Fold everything into a single file."""
        try:
            self._db.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise GaitError(
                f"{self._shown} could not be folded into a single file "
                f"({why_refused(self.path, error)}); keep {self.path.name}-wal beside it."
            ) from error
        self._file.folded()

    def read_back(self) -> int:
        """How many items are found by whoever opens the file by its name, now that it is folded.

        Raises GaitError where that is not what was written.
        """
        try:
            address = f"{self.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as db:
                (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
                (found,) = db.execute("SELECT count(*) FROM items").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise GaitError(
                f"{self._shown} cannot be read back ({error}); check the disk and keep what "
                "is there."
            ) from error
        if sound != "ok" or found != self.items:
            raise GaitError(
                f"{self._shown} is not as it was written ({found:,} of {self.items:,} entries, "
                f"{sound}); check the disk and keep what is there."
            )
        return found

    def close(self) -> None:
        """Let go of the file; what is beside it stays where it was not folded."""
        self._db.close()
        self._file.close()

    def abandon(self) -> None:
        """Let go of a file that is another one by now, without a change to that one."""
        self._file.abandon()
        with suppress(sqlite3.Error):
            self._db.close()
        self._file.close()

    def discard(self) -> None:
        """Let go of the file and remove it."""
        self._db.close()
        self._remove()

    def _remove(self) -> None:
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()
        for left in (self.path, *companions(self.path)):
            left.unlink(missing_ok=True)


def _new_database(path: Path) -> sqlite3.Connection:
    """An empty session file, open for appending."""
    db = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
    try:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(MARK_LOG)
        for table in schema():
            db.execute(table)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except sqlite3.Error:
        db.close()
        raise
    return db
