"""Sessions with their summaries. Raw data stays in the recording; here is what is read often.

What of a session counts as different from the earlier runs, remembered so that lists need not
compare anew. It is found by whoever knows how to compare, and forgotten here as soon as the session
or anything before it is another one.
"""

import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gait.model import Distance, GaitError, SensorInfo, SpeedBin, Summary, UsageError
from gait.model.history import RunLoad, Verdict
from gait.model.summary import alone
from gait.roster.athletes import Athlete
from gait.roster.database import (
    DamagedRosterError,
    Database,
    kept_json,
    record,
    sound,
    unpacked,
)
from gait.roster.moments import local_day, moment_of, moment_text, now
from gait.roster.shoes import Shoe, renew_gear

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

    def known(self, sessions: Iterable[int]) -> dict[int, Verdict]:
        """By id of the session; those that must be compared (again) are missing."""
        rows = self._db.rows(
            "SELECT * FROM compared WHERE session IN (SELECT value FROM json_each(?))",
            msgspec.json.encode(list(sessions)).decode(),
        )
        return {row["session"]: kept_json(row["changes"], Verdict) for row in rows}

    def state(self) -> int:
        """To be asked for before what is compared is read, and handed to `keep`."""
        row = self._db.row("PRAGMA data_version")
        assert row is not None
        return row[0]

    def keep(self, found: Mapping[int, Verdict], state: int) -> None:
        """Remember it, where nobody else changed the roster since; where that cannot be, not."""
        with suppress(GaitError), self._db.change(derived=True):
            if self.state() == state:
                self._db.write_many(
                    "INSERT OR REPLACE INTO compared (session, changes)"
                    " SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM sessions WHERE id = ?1)",
                    [(id, msgspec.json.encode(one).decode()) for id, one in found.items()],
                )


SIDES = ("left", "right", "both")  # numbered so in `session_measures`


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session as listed.

    key        : names the recording by what is in it, so the same one is never kept twice
    athlete    : the id of whose it is; `shoe` that of the pair, None where not known
    started_at : moment in UTC, ISO 8601; `day` the date it was where it was registered
    metres     : None where the distance is not known
    effort     : as felt, 0 to 10; `indoors` None where nobody said
    recording  : the file it came from, None where none is kept
    """

    id: int
    key: str
    athlete: int
    shoe: int | None
    started_at: str
    day: date
    duration_s: float
    metres: float | None
    gear: str
    indoors: bool | None
    effort: float | None
    notes: str
    source: str
    recording: Path | None


class UsedSensor(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor as it was when this athlete last used it."""

    info: SensorInfo
    last_used: date


class Comparable(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Of a summary, what later runs are compared with."""

    distance: Distance
    speed_bins: dict[str, list[SpeedBin]]
    landings: RunLoad | None = None


class Sessions:
    """`roster.sessions`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def register(
        self,
        athlete: Athlete,
        summary: Summary,
        *,
        key: str,
        recording: Path | None = None,
        shoe: Shoe | None = None,
        started_at: str | None = None,
        indoors: bool | None = None,
        effort: float | None = None,
        notes: str | None = None,
    ) -> Session:
        """Keep a session; doing it again puts the newer summary in the place of the older.

        What the summary says beside earlier runs and a profile is left out: it would be of today.

        What is None the second time stays as it was said before. `started_at` (ISO 8601) is for
        a summary that has none. Raises UsageError where the moment is not known, the values
        cannot be, or the session is another athlete's.
        """
        moment = moment_of(summary.started_at or started_at)
        _check_effort(effort)
        with self._db.change():
            known = self.known(athlete, key)
            shoe_id = shoe.id if shoe else known.shoe if known else None
            self._db.write(
                "INSERT INTO sessions (key, athlete, shoe, started_at, day, duration_s, metres,"
                " gear, indoors, effort, notes, source, recording, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, ''), ?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET shoe = excluded.shoe,"
                " started_at = excluded.started_at, day = excluded.day,"
                " duration_s = excluded.duration_s, metres = excluded.metres,"
                " gear = excluded.gear,"
                " indoors = coalesce(excluded.indoors, indoors),"
                " effort = coalesce(excluded.effort, effort),"
                " notes = coalesce(?, notes), source = excluded.source,"
                " recording = coalesce(excluded.recording, recording),"
                " changed_at = excluded.changed_at",
                *(key, athlete.id, shoe_id, moment_text(moment), local_day(moment).isoformat()),
                *(summary.duration_s, summary.distance.metres, summary.gear),
                *(indoors, effort, notes, summary.source),
                *(str(recording.absolute()) if recording else None, now(), notes),
            )
            session = self.by_key(key)
            assert session is not None  # as it was just written
            self._keep_contents(session.id, summary)
            self._keep_sensors(athlete, summary, session.started_at)
            renew_gear(self._db, [session.id])
            return self.get(session.id)

    def get(self, id: int) -> Session:
        """The session with that id. Raises UsageError where there is none (any more)."""
        row = self._db.row("SELECT * FROM sessions WHERE id = ?", id)
        if row is None:
            raise UsageError("That session is no longer in the roster.")
        return record(row, Session)

    def by_key(self, key: str) -> Session | None:
        row = self._db.row("SELECT * FROM sessions WHERE key = ?", key)
        return None if row is None else record(row, Session)

    def keys(self) -> set[str]:
        """Of everybody's sessions."""
        return {row["key"] for row in self._db.rows("SELECT key FROM sessions")}

    def known(self, athlete: Athlete, key: str) -> Session | None:
        """This athlete's session of that key. Raises UsageError where it is somebody else's."""
        known = self.by_key(key)
        if known is not None and known.athlete != athlete.id:
            owner = self._db.row("SELECT name FROM athletes WHERE id = ?", known.athlete)
            raise UsageError(
                f"This session of {known.day} is {owner['name'] if owner else 'another'}'s "
                f"already; move it to {athlete.name} if it is theirs."
            )
        return known

    def all(
        self,
        athlete: Athlete | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        limit: int = -1,
    ) -> list[Session]:
        """Sessions of one athlete or of everybody, the newest first, both days included."""
        where, values = ["TRUE"], []
        for condition, value in (
            ("athlete = ?", athlete.id if athlete else None),
            ("day >= ?", since.isoformat() if since else None),
            ("day <= ?", until.isoformat() if until else None),
        ):
            if value is not None:
                where.append(condition)
                values.append(value)
        sql = f"SELECT * FROM sessions WHERE {' AND '.join(where)}"  # noqa: S608 - fixed texts
        rows = self._db.rows(f"{sql} ORDER BY started_at DESC, key DESC LIMIT ?", *values, limit)
        return [record(row, Session) for row in rows]

    def summary(self, session: Session) -> Summary:
        """What was measured; what it means beside all else is found when it is asked for."""
        row = self._db.row("SELECT * FROM session_contents WHERE session = ?", session.id)
        if row is None:
            self.get(session.id)  # or it is no longer there at all
            raise DamagedRosterError("The roster is damaged: the summary of a session is lost")
        summary = kept_json(unpacked(row["summary"]), Summary)
        kept = comparable_of(row["comparable"])
        return replace(alone(summary), speed_bins=kept.speed_bins, landings=kept.landings)

    def sensors(self, athlete: Athlete) -> list[UsedSensor]:
        """The sensors of this athlete's sessions, the one used last first."""
        rows = self._db.rows(
            "SELECT * FROM sensors WHERE athlete = ? ORDER BY last_used DESC, sensor", athlete.id
        )
        return [
            record(
                row,
                UsedSensor,
                info=kept_json(row["info"], SensorInfo),
                last_used=_day_of(row["last_used"]),
            )
            for row in rows
        ]

    def edit(self, session: Session) -> Session:
        """Keep the indoors, effort and notes that `session` has now. Raises UsageError for an
        effort that cannot be."""
        _check_effort(session.effort)
        self._db.write(
            "UPDATE sessions SET indoors = ?, effort = ?, notes = ?, changed_at = ? WHERE id = ?",
            *(session.indoors, session.effort, session.notes, now(), session.id),
        )
        return self.get(session.id)

    def locate(self, session: Session, recording: Path) -> None:
        """Remember where its recording lies now. That is no change for other computers."""
        self._db.write(
            "UPDATE sessions SET recording = ? WHERE id = ?", str(recording.absolute()), session.id
        )

    def move(self, session: Session, athlete: Athlete, shoe: Shoe | None) -> Session:
        """To another athlete, or another pair of shoes of the same one, or to none."""
        with self._db.change():
            self._db.write(
                "UPDATE sessions SET athlete = ?, shoe = ?, changed_at = ? WHERE id = ?",
                *(athlete.id, shoe.id if shoe else None, now(), session.id),
            )
            renew_gear(self._db, [session.id])
            return self.get(session.id)

    def delete(self, session: Session) -> None:
        """The recording stays where it is."""
        self._db.write("DELETE FROM sessions WHERE id = ?", session.id)

    def _keep_contents(self, id: int, summary: Summary) -> None:
        kept = msgspec.json.encode(replace(alone(summary), speed_bins={}, landings=None))
        comparable = Comparable(
            distance=summary.distance, speed_bins=summary.speed_bins, landings=summary.landings
        )
        self._db.write(
            "INSERT OR REPLACE INTO session_contents (session, summary, comparable)"
            " VALUES (?, ?, ?)",
            *(id, zlib.compress(kept), zlib.compress(msgspec.msgpack.encode(comparable))),
        )
        measured = [
            (id, name, SIDES.index(side), m.value, m.n, m.spread, m.uncertainty, m.quality)
            for side, measures in summary.measures.items()
            for name, m in measures.items()
            if m.value is not None
        ]
        self._db.write("DELETE FROM session_measures WHERE session = ?", id)
        self._know_measures({row[1] for row in measured})
        self._db.write_many(
            "INSERT INTO session_measures"
            " (session, measure, side, value, n, spread, uncertainty, quality)"
            " VALUES (?, (SELECT id FROM measures WHERE name = ?), ?, ?, ?, ?, ?, ?)",
            measured,
        )

    def _know_measures(self, names: set[str]) -> None:
        known = {row["name"] for row in self._db.rows("SELECT name FROM measures")}
        fresh = [(name,) for name in sorted(names - known)]
        self._db.write_many("INSERT INTO measures (name) VALUES (?)", fresh)

    def _keep_sensors(self, athlete: Athlete, summary: Summary, started_at: str) -> None:
        """As the last run had them; earlier versions kept only the day of it."""
        self._db.write_many(
            "INSERT INTO sensors (athlete, sensor, info, last_used) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (athlete, sensor) DO UPDATE SET info = excluded.info,"
            " last_used = excluded.last_used WHERE excluded.last_used >= last_used",
            [
                (athlete.id, called, msgspec.json.encode(note.info).decode(), started_at)
                for note in summary.sensors
                if (called := note.info.serial or note.info.address or note.info.name)
            ],
        )


def _day_of(kept: str) -> date:
    """Of a moment where this computer is, or of a day."""
    return sound(lambda: local_day(moment_of(kept)) if "T" in kept else date.fromisoformat(kept))


def _check_effort(effort: float | None) -> None:
    if effort is not None and not 0.0 <= effort <= 10.0:
        raise UsageError(f"The effort is {effort:g}; it must lie between 0 and 10.")


def comparable_of(kept: bytes) -> Comparable:
    return sound(lambda: msgspec.msgpack.decode(unpacked(kept), type=Comparable))
