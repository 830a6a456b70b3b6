"""Answers of checkups, kept as they were given. What they mean is known to `gait.risk`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from gait.model import UsageError
from gait.roster.athletes import Athlete
from gait.roster.database import Database, Row, kept_json, new_uid, record
from gait.roster.moments import now


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of one day. `version` is that of the questions; a skipped one has no answer."""

    id: int
    uid: str
    taken_on: date
    version: str
    answers: dict[str, Any]


class Checkups:
    """`roster.checkups`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(
        self,
        athlete: Athlete,
        *,
        taken_on: date,
        answers: Mapping[str, Any],
        version: str,
        uid: str | None = None,
    ) -> Checkup:
        """Add a checkup; answers are anything that JSON can hold."""
        id = self._db.write(
            "INSERT INTO checkups (uid, athlete, taken_on, version, answers, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            *(uid or new_uid(), athlete.id, taken_on.isoformat(), version, _json(answers), now()),
        )
        return self.get(id)

    def get(self, id: int) -> Checkup:
        """The checkup with that id. Raises UsageError where there is none (any more)."""
        row = self._db.row("SELECT * FROM checkups WHERE id = ?", id)
        if row is None:
            raise UsageError("That checkup is no longer in the roster.")
        return _checkup(row)

    def all(self, athlete: Athlete) -> list[Checkup]:
        """Every checkup of this athlete, the newest first."""
        return [_checkup(row) for row in self._newest_first(athlete)]

    def latest(self, athlete: Athlete, *, until: date | None = None) -> Checkup | None:
        """The newest checkup, or the newest that was taken on that day or before."""
        rows = self._newest_first(athlete, until or date.max, limit=1)
        return _checkup(rows[0]) if rows else None

    def change(
        self, checkup: Checkup, *, answers: Mapping[str, Any], version: str | None = None
    ) -> Checkup:
        """Put these answers in the place of all that were given."""
        self._db.write(
            "UPDATE checkups SET answers = ?, version = ?, changed_at = ? WHERE id = ?",
            *(_json(answers), version or checkup.version, now(), checkup.id),
        )
        return self.get(checkup.id)

    def delete(self, checkup: Checkup) -> None:
        """Leaves no trace of it in the file; raises as `Athletes.delete` does."""
        self._db.write("DELETE FROM checkups WHERE id = ?", checkup.id)
        self._db.forget_deleted()

    def _newest_first(self, athlete: Athlete, until: date = date.max, limit: int = -1) -> list[Row]:
        return self._db.rows(
            "SELECT * FROM checkups WHERE athlete = ? AND taken_on <= ?"
            " ORDER BY taken_on DESC, changed_at DESC, id DESC LIMIT ?",
            *(athlete.id, until.isoformat(), limit),
        )


def _json(answers: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(answers)).decode()


def _checkup(row: Row) -> Checkup:
    return record(row, Checkup, answers=kept_json(row["answers"], dict[str, Any]))
