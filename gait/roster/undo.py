"""What a change did to the rows of some athletes, so that it can be taken back.

The rows are read before and after the change, in its own transaction, so that taking it back
touches nothing that was changed by others since.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gait.roster.database import Database

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
Row = dict[str, Any]
State = dict[str, dict[Key, Row]]  # by table and key


@dataclass(slots=True)
class Change:
    """The rows that a change changed, as they were and as they are, once it is made.

    Plain data: it can be made in one process and taken back in another.
    """

    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.before.values()) or any(self.after.values())


@contextmanager
def undoable(db: Database, athletes: Sequence[int], sessions: Sequence[int]) -> Iterator[Change]:
    """Everything inside is one change, whole or not at all; what is given can take it back.

    athletes : whose rows it may change, besides those of people who are new
    sessions : those whose contents it may delete or replace
    """
    change = Change()
    with db.change():
        before = _state(db, athletes, sessions)
        yield change
        new = [row["id"] for row in db.rows("SELECT id FROM athletes")]
        added = [id for id in new if (id,) not in before["athletes"]]
        after = _state(db, [*athletes, *added], sessions)
    change.before, change.after = _without(before, after), _without(after, before)


def take_back(db: Database, change: Change) -> None:
    """Rows that were added go, those that were deleted or changed come again.

    Raises GaitError where something else is in the way by now; then nothing is changed.
    """
    before, after = change.before, change.after
    with db.change():
        db.write("PRAGMA defer_foreign_keys = ON")
        for table in _KEYS:
            for key in before[table].keys() & after[table].keys():
                _change_back(db, table, key, before[table][key], after[table][key])
        for table in reversed(_KEYS):  # nothing that was there hangs on them any more
            for key in after[table].keys() - before[table].keys():
                db.write(f"DELETE FROM {table} WHERE {_where(table)}", *key)  # noqa: S608 - own names
        for table in _KEYS:
            for key in before[table].keys() - after[table].keys():
                _add_again(db, table, before[table][key])


def _change_back(db: Database, table: str, key: Key, was: Row, now: Row) -> None:
    """Only what was changed, as other columns may have been changed by others since."""
    changed = [name for name in was if was[name] != now[name]]
    names = ", ".join(f"{name} = ?" for name in changed)
    values = [was[name] for name in changed]
    db.write(f"UPDATE {table} SET {names} WHERE {_where(table)}", *values, *key)  # noqa: S608 - own names


def _add_again(db: Database, table: str, row: Row) -> None:
    names, places = ", ".join(row), ", ".join("?" * len(row))
    db.write(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())  # noqa: S608 - own names


def _without(state: State, other: State) -> State:
    """The rows that are not the same in the other."""
    return {
        table: {key: row for key, row in rows.items() if other[table].get(key) != row}
        for table, rows in state.items()
    }


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
            tuple(row[name] for name in _KEYS[table]): dict(row)
            for row in db.rows(f"SELECT * FROM {table} {where}", *values)  # noqa: S608 - own names
        }
        for table, where, values in scopes
    }


def _where(table: str) -> str:
    return " AND ".join(f"{name} = ?" for name in _KEYS[table])
