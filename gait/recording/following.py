"""Reading a session file while another program writes it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from gait.model import SensorInfo, SessionItem
from gait.model.limits import ATTACHED_BYTES
from gait.recording.files import companions
from gait.recording.session_format import SELECT_FACTS, SELECT_ITEMS_AFTER, fact_is_whole, item_of
from gait.recording.untrusted_database import open_untrusted


class Followed:
    """A session file that grows; `more` gives what came since it was asked last.

    sensors : those described so far, by the number of their device
    closed  : the recording has been ended, and everything of it was given
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sensors: list[SensorInfo] = []
        self.started_at = ""
        self.closed = False
        self._characteristics: dict[int, str] = {}
        self._seq = 0

    def more(self, most: int) -> list[SessionItem]:
        """Up to `most` further items, none while the file cannot be read, as when it is folded."""
        try:
            with closing(open_untrusted(self.path, most_bytes=ATTACHED_BYTES)) as db:
                ends_at = self._describe(db)
                rows = db.execute(SELECT_ITEMS_AFTER, (self._seq, most)).fetchall()
        except (sqlite3.Error, OSError, TypeError, ValueError):
            return []
        items = []
        for row in rows:
            item = item_of(row, self._characteristics, len(self.sensors))
            if item is None or row[0] != self._seq + 1:
                break  # damaged from here on; the recording itself says so once it is read
            self._seq = row[0]
            items.append(item)
        self.closed = ends_at is not None and self._seq >= ends_at
        return items

    def _describe(self, db: sqlite3.Connection) -> int | None:
        """What is said of it by now; returns how many items it has, once it is closed."""
        ends_at = None
        sensors = {}
        for row in db.execute(SELECT_FACTS):
            if not fact_is_whole(row):
                continue
            _, kind, name, value, _ = row
            if kind == "sensor":
                sensors[int(name)] = msgspec.json.decode(value, type=SensorInfo)
            elif kind == "characteristic":
                self._characteristics[int(name)] = value
            elif kind == "meta" and name == "started_at":
                self.started_at = value
            elif kind == "closed":
                ends_at = int(value)
        self.sensors = [sensors[device] for device in sorted(sensors)]
        return ends_at


def last_written(path: Path) -> float:
    """When the file or what belongs to it was last written, in seconds since 1970."""
    times = []
    for file in (path, *companions(path)):
        try:
            times.append(file.stat().st_mtime)
        except OSError:
            continue
    return max(times, default=0.0)


def is_open(path: Path) -> bool:
    """Whether a program has the session file open for writing, or left it without closing it."""
    return any(file.exists() for file in companions(path))
