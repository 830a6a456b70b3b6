"""Recording: items go into the session file as they arrive and survive a kill or a power cut.

One session file that is open for appending: an SQLite database and what became of its name.
"""

import logging
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Self

import msgspec

from gait.model import Exchange, GaitError, Packet, SensorInfo, SessionItem, UsageError
from gait.recording.files import (
    cannot_write,
    check_free,
    companions,
    create_private,
    free_name,
    put_in_place,
    why_refused,
)
from gait.recording.held_file import HeldFile
from gait.recording.session_format import (
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


COMMIT_EVERY_S = 1.0
COMMIT_EVERY_ITEMS = 10_000
MOST_ENDS = 5  # times that an end is tried while the file is taken away
UNFINISHED = ".gait-new"

_log = logging.getLogger(__name__)


class SessionWriter:
    """Writes one session file `NAME.gait`, for its owner only.

    What was written is safe on the disk about once a second of the items' own `host_s`, at each
    `commit`, and at `close`, which also folds everything into a single file and reads it back.
    One hour of two shoes (150,000 packets of 236 bytes) takes one to three seconds of writing.

    Where the file is moved, deleted or replaced meanwhile, it goes on in a new file with all that
    came before: `path` is that of the new one, and `remarks` has a sentence on it. That is seen
    by each commit, and by `watch`.

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
        becomes: Path | None = None,
    ) -> None:
        """`started_at` is the date and time in ISO 8601, `software` the program and its version.

        becomes : the name that the file gets once it is complete, where all of it is at hand and
                  nobody waits for it to be safe
        """
        self.remarks: list[str] = []
        self._wanted = Path(path)
        self._said: dict[tuple[str, str], str | bytes] = {}  # all facts but attachments
        self._facts: list[Fact] = []
        self._items: list[SessionItem] = []
        self._sensor_count = 0
        self._characteristics: dict[str, int] = {}
        self._committed_at_s: float | None = None
        self._closed = False
        self._commit_every_s = COMMIT_EVERY_S if becomes is None else math.inf
        self._becomes = becomes
        self._database = SessionDatabase(self._wanted, overwrite=overwrite, becomes=becomes)
        for key, value in (("started_at", started_at), ("software", software), ("notes", notes)):
            self._state("meta", key, value)
        try:
            self.commit()
        except GaitError:
            self._database.discard()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where it is written to by now."""
        return self._database.path

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

    def watch(self) -> None:
        """Look whether the file is still there and the same, and go on in a new one where it is
        not. Raises GaitError where none can be made. Cheap: call it several times a second."""
        self._check_open()
        if trouble := self._database.trouble():
            self._go_on(trouble)

    def commit(self) -> None:
        """Put everything written so far on the disk, or nothing of it. Raises GaitError."""
        self.watch()
        if not (self._facts or self._items):
            return
        self._database.append(self._facts, self._items, self._characteristics)
        self._facts.clear()
        self._items.clear()

    def close(self) -> None:
        """Commit, say that the recording is complete, fold it into a single file, and look that
        the file is there and holds all of it. Raises GaitError where it does not."""
        if self._closed:
            return
        try:
            self._end()
        except GaitError as error:
            if self._becomes is not None:
                raise
            with suppress(GaitError):  # what could not be committed is the worse news
                self._database.fold()
            raise GaitError(f"{error} {self._what_is_kept()}") from error
        finally:
            self._closed = True
            self._database.close()

    def discard(self) -> None:
        """End it and remove the file."""
        if not self._closed:
            self._closed = True
            self._database.discard()

    def _end(self) -> None:
        for _ in range(MOST_ENDS):
            self.commit()
            ended: Fact = ("closed", "", str(self._database.items))
            self._database.append([ended], [], self._characteristics)
            self._database.fold()
            trouble = self._database.trouble()
            if not trouble:
                self._database.read_back()
                return
            self._go_on(trouble)
        raise GaitError(f"{self.path} is taken away again and again; find out by which program.")

    def _what_is_kept(self) -> str:
        """The sentence on what can be read by the name of the file, where it did not end well."""
        try:
            found = self._database.read_back()
        except GaitError:
            return f"What {self.path.name} holds cannot be read back now."
        kept = f"{found:,} of {found + len(self._items):,} entries are saved"
        log = companions(self.path)[0]
        return f"{kept}; keep {log.name} beside {self.path.name}." if log.exists() else f"{kept}."

    def _go_on(self, trouble: str) -> None:
        """Write on into a new file that holds all that the old one did."""
        old = self._database
        new = _new_file(self._wanted, trouble, self._becomes)
        pending, self._items = self._items, []
        carried = 0
        try:
            new.append([(kind, name, value) for (kind, name), value in self._said.items()], [], {})
            for attachment in old.attachments():
                new.append([attachment], [], {})
            batch: list[SessionItem] = []
            sensors = sum(kind == "sensor" for kind, _ in self._said)
            named = {n: uuid for uuid, n in self._characteristics.items()}
            for item in old.stored(named, sensors):
                batch.append(item)
                if len(batch) == COMMIT_EVERY_ITEMS:
                    new.append([], batch, self._characteristics)
                    batch.clear()
            new.append([], batch, self._characteristics)
            carried = new.items
            new.append(
                [f for f in self._facts if f[0] == "attachment"], pending, self._characteristics
            )
        except GaitError:
            self._items = pending
            new.discard()
            raise
        self._facts.clear()
        self._database = new
        had = old.items
        old.abandon()
        what = f"all {had:,} entries" if carried == had else f"{carried:,} of {had:,} entries"
        self.remarks.append(
            f"{old.path.name} {trouble} while it was being recorded; the recording goes on in "
            f"{new.path}, with {what} from before."
        )
        _log.warning("the session file %s; %d of %d entries carried over", trouble, carried, had)

    def _number(self, characteristic: str) -> None:
        if characteristic not in self._characteristics:
            number = len(self._characteristics)
            self._state("characteristic", str(number), characteristic)
            self._characteristics[characteristic] = number

    def _state(self, kind: str, name: str, value: str | bytes) -> None:
        self._check_open()
        self._facts.append((kind, name, value))
        if kind != "attachment":
            self._said[kind, name] = value

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError(f"{self.path} is closed; nothing more can be written to it.")


def _new_file(wanted: Path, trouble: str, becomes: Path | None) -> SessionDatabase:
    """A session file beside the one that was wanted; where that folder takes none any more, in
    the folder of this program, at the user's home, or among temporary files."""
    refused: GaitError | None = None
    folders = [wanted.parent, Path.cwd(), Path.home(), Path(gettempdir())]
    for folder in dict.fromkeys(folder.absolute() for folder in folders):
        try:
            return SessionDatabase(free_name(folder, wanted.stem, first=2), becomes=becomes)
        except GaitError as error:
            refused = refused or error
    raise GaitError(f"{wanted} {trouble} while it was being recorded. {refused}")


@contextmanager
def new_session(
    path: Path, *, started_at: str, software: str, notes: str = "", overwrite: bool = False
) -> Iterator[SessionWriter]:
    """A session that is written as a whole: it appears under its name when it is complete, so a
    failure leaves nothing of it, and what was there before stays.

    Raises as `SessionWriter` does.
    """
    check_free(path, overwrite=overwrite)
    made = path.with_name(f".{path.stem}{UNFINISHED}")
    writer = SessionWriter(
        made, started_at=started_at, software=software, notes=notes, overwrite=True, becomes=path
    )
    try:
        yield writer
        writer.close()
        check_free(path, overwrite=overwrite)
        put_in_place(writer.path, path)
    finally:
        writer.discard()
        with suppress(OSError):
            for file in (writer.path, *companions(writer.path)):
                file.unlink(missing_ok=True)
