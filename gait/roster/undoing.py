"""What a change did to the rows of some athletes, so that it can be taken back.

The rows are read before and after the change, in its own transaction, so that taking it back
touches nothing that was changed by others since.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gait.roster.database import Database, Row

_OF_SESSION = {"session_contents": ("session",), "session_measures": ("session", "measure", "side")}
# Those that others hang on come first.
_OF_ATHLETE = {
    "shoes": ("id",),
    "sessions": ("id",),
    "checkups": ("id",),
    "notes": ("id",),
    "goals": ("id",),
    "training_log": ("id",),
    "sensors": ("athlete", "sensor"),
    "merged": ("uid",),
}
_OF_EVERYBODY = {
    "athletes": ("id",),
    "groups": ("id",),
    "memberships": ("athlete", "in_group"),
}
_KEYS = _OF_EVERYBODY | _OF_ATHLETE | _OF_SESSION

Key = tuple[Any, ...]
State = dict[str, dict[Key, Row]]  # by table and key


@dataclass(slots=True)
class Change:
    """What was changed, once it is."""

    db: Database
    before: State
    after: State

    def __bool__(self) -> bool:
        return any(self.before[table] != self.after[table] for table in _KEYS)

    def back(self) -> None:
        """Take it back: rows that were added go, those that were deleted or changed come again.

        Raises GaitError where something else is in the way by now; then nothing is changed.
        """
        with self.db.change():
            self.db.write("PRAGMA defer_foreign_keys = ON")
            for table in _KEYS:
                for key in self.before[table].keys() & self.after[table].keys():
                    self._change_back(table, key)
            for table in reversed(_KEYS):  # nothing that was there hangs on them any more
                for key in self.after[table].keys() - self.before[table].keys():
                    self.db.write(f"DELETE FROM {table} WHERE {_where(table)}", *key)  # noqa: S608 - own names
            for table in _KEYS:
                for key in self.before[table].keys() - self.after[table].keys():
                    self._add_again(table, self.before[table][key])

    def _change_back(self, table: str, key: Key) -> None:
        """Only what was changed, as other columns may have been changed by others since."""
        was, now = self.before[table][key], self.after[table][key]
        changed = [name for name in was.keys() if was[name] != now[name]]  # noqa: SIM118 - a Row
        if changed:
            names = ", ".join(f"{name} = ?" for name in changed)
            values = [was[name] for name in changed]
            self.db.write(f"UPDATE {table} SET {names} WHERE {_where(table)}", *values, *key)  # noqa: S608 - own names

    def _add_again(self, table: str, row: Row) -> None:
        names, places = ", ".join(row.keys()), ", ".join("?" * len(row))
        self.db.write(f"INSERT INTO {table} ({names}) VALUES ({places})", *row)  # noqa: S608 - own names


@contextmanager
def undoable(db: Database, athletes: Sequence[int], sessions: Sequence[int]) -> Iterator[Change]:
    """Everything inside is one change, whole or not at all; what is given can take it back.

    athletes : whose rows it may change, besides those of people who are new
    sessions : those whose contents it may delete or replace
    """
    change = Change(db, {}, {})
    with db.change():
        change.before = _state(db, athletes, sessions)
        yield change
        new = _people(db) - {id for (id,) in change.before["athletes"]}
        change.after = _state(db, [*athletes, *new], sessions)


def _state(db: Database, athletes: Sequence[int], sessions: Sequence[int]) -> State:
    of_athletes = f"WHERE athlete IN ({', '.join('?' * len(athletes))})"
    of_sessions = f"WHERE session IN ({', '.join('?' * len(sessions))})"
    scopes = (
        *((table, "", ()) for table in _OF_EVERYBODY),
        *((table, of_athletes, athletes) for table in _OF_ATHLETE),
        *((table, of_sessions, sessions) for table in _OF_SESSION),
    )
    return {
        table: {
            tuple(row[name] for name in _KEYS[table]): row
            for row in db.rows(f"SELECT * FROM {table} {where}", *values)  # noqa: S608 - own names
        }
        for table, where, values in scopes
    }


def _people(db: Database) -> set[int]:
    return {row["id"] for row in db.rows("SELECT id FROM athletes")}


def _where(table: str) -> str:
    return " AND ".join(f"{name} = ?" for name in _KEYS[table])
