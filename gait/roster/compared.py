"""What of a session counts as different from the earlier runs, remembered so that lists need not
compare anew. It is found by whoever knows how to compare, and forgotten here as soon as the session
or anything before it is another one.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

import msgspec

from gait.model import Change, GaitError
from gait.roster.database import Database, kept_json

Counting = list[Change] | None  # None where there was nothing to compare with

_FROM_THEN_ON = """SELECT id FROM main.sessions
    WHERE athlete = {row}.athlete AND started_at >= {row}.started_at"""
_FROM_ITS_SESSION_ON = """SELECT later.id FROM main.sessions AS one
    JOIN main.sessions AS later ON later.athlete = one.athlete
        AND later.started_at >= one.started_at WHERE one.id = {row}.session"""
_WHEN = (
    ("sessions", "INSERT", _FROM_THEN_ON, "NEW"),
    ("sessions", "DELETE", _FROM_THEN_ON, "OLD"),
    ("sessions", "UPDATE OF athlete, started_at, gear", _FROM_THEN_ON, "OLD"),
    ("sessions", "UPDATE OF athlete, started_at, gear", _FROM_THEN_ON, "NEW"),
    ("session_contents", "INSERT", _FROM_ITS_SESSION_ON, "NEW"),
    ("session_contents", "UPDATE", _FROM_ITS_SESSION_ON, "NEW"),
)

# Of the connection and not in the file, as those of the checksums.
_FORGET = [
    f"CREATE TEMP TRIGGER forget_compared_{number} AFTER {when} ON main.{table}"  # noqa: S608 - own names
    f" BEGIN DELETE FROM compared WHERE session IN ({whose.format(row=row)}); END"
    for number, (table, when, whose, row) in enumerate(_WHEN)
]


class ComparedSessions:
    """`roster.compared`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.trigger(_FORGET)

    def known(self, sessions: Iterable[int]) -> dict[int, Counting]:
        """By id of the session; those that must be compared (again) are missing."""
        rows = self._db.rows(
            "SELECT * FROM compared WHERE session IN (SELECT value FROM json_each(?))",
            msgspec.json.encode(list(sessions)).decode(),
        )
        return {row["session"]: _counting(row["changes"]) for row in rows}

    def state(self) -> int:
        """To be asked for before what is compared is read, and handed to `keep`."""
        row = self._db.row("PRAGMA data_version")
        assert row is not None
        return row[0]

    def keep(self, found: Mapping[int, Counting], state: int) -> None:
        """Remember it, where nobody else changed the roster since; where that cannot be, not."""
        with suppress(GaitError), self._db.change(derived=True):
            if self.state() == state:
                self._db.write_many(
                    "INSERT OR REPLACE INTO compared (session, changes)"
                    " SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM sessions WHERE id = ?1)",
                    [(id, _as_text(changes)) for id, changes in found.items()],
                )


def _counting(text: str | None) -> Counting:
    return None if text is None else kept_json(text, list[Change])


def _as_text(changes: Counting) -> str | None:
    return None if changes is None else msgspec.json.encode(changes).decode()
