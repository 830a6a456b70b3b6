"""What a runner did before: runs to compare with, a measure over time, distances by day.

Everybody at a glance: who ran when, how far, whose last run was different, who needs a look.
"""

from datetime import date, timedelta
from typing import Any

import msgspec

from gait.model import PastRun, UsageError
from gait.roster.athletes import Athlete
from gait.roster.database import Database, Row, kept_json, record
from gait.roster.sessions import SIDES, Session, comparable_of


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one session, as in the summary's `Measure`; `session` and `shoe` are ids."""

    session: int
    started_at: str
    day: date
    shoe: int | None
    gear: str
    value: float
    n: int
    spread: float | None
    uncertainty: float | None
    quality: str


class TrainingRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the training log: a session, or (`logged`) one told by hand or from the file of
    another maker. None: not known."""

    day: date
    km: float | None
    minutes: float | None
    logged: bool


class TrainingWeek(msgspec.Struct, frozen=True, kw_only=True):
    """A week from the Monday it begins on; `uncounted` of its runs have no distance.

    longest_km : of one run, None where no distance is known
    """

    begins: date
    km: float
    runs: int
    uncounted: int
    longest_km: float | None


class History:
    """`roster.history`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def past_runs(
        self,
        athlete: Athlete,
        *,
        before: str,
        since: str = "",
        gear: str | None = None,
        limit: int = -1,
    ) -> list[PastRun]:
        """Sessions that began before a moment (ISO 8601, UTC), the oldest first.

        With `since` only those from that moment on, with `gear` only those of the same shoes,
        sensors and places of mounting, with `limit` only the last so many.
        """
        rows = self._db.rows(
            "SELECT key, started_at, gear, duration_s, comparable FROM sessions"
            " JOIN session_contents ON session = id"
            " WHERE athlete = ?1 AND started_at < ?2 AND started_at >= ?5"
            " AND (?3 IS NULL OR gear = ?3) ORDER BY started_at DESC, key DESC LIMIT ?4",
            *(athlete.id, before, gear, limit, since),
        )
        return [_past_run(row) for row in reversed(rows)]

    def run(self, session: Session) -> PastRun:
        """A session as `past_runs` gives it. Raises UsageError where it is no longer there."""
        row = self._db.row(
            "SELECT key, started_at, gear, duration_s, comparable FROM sessions"
            " JOIN session_contents ON session = id WHERE id = ?",
            session.id,
        )
        if row is None:
            raise UsageError("That session is no longer in the roster.")
        return _past_run(row)

    def trend(
        self, athlete: Athlete, measure: str, side: str, *, since: date | None = None
    ) -> list[TrendPoint]:
        """A measure of every session that has it, the oldest first; `side` left, right or both."""
        rows = self._db.rows(
            "SELECT session_measures.*, started_at, day, shoe, gear"
            " FROM sessions CROSS JOIN session_measures ON session = sessions.id"
            " WHERE athlete = ? AND day >= ? AND side = ?"
            " AND measure = (SELECT id FROM measures WHERE name = ?) ORDER BY started_at, key",
            *(athlete.id, (since or date.min).isoformat(), SIDES.index(side), measure),
        )
        return [record(row, TrendPoint) for row in rows]

    def runs(
        self, athlete: Athlete, *, since: date | None = None, until: date | None = None
    ) -> list[TrainingRun]:
        """Sessions and logged runs, the oldest first, both days included; each counts once."""
        rows = self._db.rows(
            "SELECT day, metres / 1000 AS km, duration_s / 60 AS minutes, FALSE AS logged"
            " FROM sessions WHERE athlete = ?1 AND day BETWEEN ?2 AND ?3"
            " UNION ALL SELECT day, km, minutes, TRUE FROM counted_log"
            " WHERE athlete = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day, km, minutes",
            *(athlete.id, (since or date.min).isoformat(), (until or date.max).isoformat()),
        )
        return [record(row, TrainingRun) for row in rows]

    def weeks(self, athlete: Athlete, *, until: date, count: int) -> list[TrainingWeek]:
        """The last `count` weeks up to the one of `until`, the oldest first."""
        last = until - timedelta(days=until.weekday())
        mondays = [last - timedelta(weeks=back) for back in reversed(range(count))]
        runs = self.runs(athlete, since=mondays[0], until=last + timedelta(days=6))
        weeks = []
        for monday in mondays:
            distances = [r.km for r in runs if monday <= r.day < monday + timedelta(weeks=1)]
            known = [km for km in distances if km is not None]
            weeks.append(
                TrainingWeek(
                    begins=monday,
                    km=sum(known),
                    runs=len(distances),
                    uncounted=len(distances) - len(known),
                    longest_km=max(known, default=None),
                )
            )
        return weeks


def _past_run(row: Row) -> PastRun:
    comparable = comparable_of(row["comparable"])
    return PastRun(
        key=row["key"],
        started_at=row["started_at"],
        gear=row["gear"],
        duration_s=row["duration_s"],
        distance=comparable.distance,
        speed_bins=comparable.speed_bins,
        landings=comparable.landings,
    )


RECENT_DAYS = 28
LONGEST_DAYS = 30


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An athlete in one line.

    sessions    : all that are kept
    last        : the last session, `last_day` its day, None without any
    recent_km   : in sessions and logged runs of the last 28 days
    """

    athlete: int
    name: str
    sessions: int
    last: int | None
    last_day: date | None
    recent_km: float


class Lately(msgspec.Struct, frozen=True, kw_only=True):
    """What of an athlete may call for a look. None: not known, or there is none.

    last_run   : of a session or a logged run
    session_on : day of the last session, `session_km` its distance, `longest_km` the longest run
                 of the 30 days before that day
    shoe       : of the pairs in use the one run in farthest, `shoe_km` how far
    asked_on   : of the latest checkup, `answers` what was answered
    """

    athlete: int
    last_run: date | None
    session: int | None
    session_on: date | None
    session_km: float | None
    longest_km: float | None
    shoe: str | None
    shoe_km: float | None
    asked_on: date | None
    answers: dict[str, Any] | None


def overview(db: Database, today: date) -> list[Standing]:
    """Everybody, by name."""
    rows = db.rows(
        """SELECT athletes.id AS athlete, name,
            (SELECT count(*) FROM sessions WHERE athlete = athletes.id) AS sessions,
            last.id AS last, last.day AS last_day,
            coalesce((SELECT sum(metres) FROM sessions WHERE athlete = athletes.id
                AND started_at > ?1 AND day BETWEEN ?2 AND ?3), 0) / 1000
            + coalesce((SELECT sum(km) FROM counted_log WHERE athlete = athletes.id
                AND day BETWEEN ?2 AND ?3), 0) AS recent_km
        FROM athletes LEFT JOIN sessions AS last ON last.id =
            (SELECT id FROM sessions WHERE athlete = athletes.id
                ORDER BY started_at DESC, key DESC LIMIT 1)
        ORDER BY name_key""",
        (today - timedelta(days=RECENT_DAYS + 1)).isoformat(),  # by the index, then by the day
        (today - timedelta(days=RECENT_DAYS - 1)).isoformat(),
        today.isoformat(),
    )
    return [record(row, Standing) for row in rows]


def lately(db: Database) -> list[Lately]:
    """Of everybody, by name."""
    rows = db.rows(
        """WITH
        worn AS (SELECT athlete, model, km_before
            + coalesce((SELECT sum(metres) FROM sessions WHERE shoe = shoes.id), 0) / 1000
            + coalesce((SELECT sum(km) FROM counted_log WHERE shoe = shoes.id), 0) AS km
            FROM shoes WHERE retired IS NULL),
        farthest AS (SELECT athlete, model, max(km) AS km FROM worn GROUP BY athlete)
        SELECT athletes.id AS athlete,
            max(coalesce(last.day, logged.day), coalesce(logged.day, last.day)) AS last_run,
            last.id AS session, last.day AS session_on, last.metres / 1000 AS session_km,
            (SELECT max(far) FROM (
                SELECT metres / 1000 AS far FROM sessions WHERE athlete = athletes.id
                    AND started_at > date(last.day, (?1 - 1) || ' days')
                    AND day >= date(last.day, ?1 || ' days') AND day < last.day
                UNION ALL SELECT km FROM counted_log WHERE athlete = athletes.id
                    AND day >= date(last.day, ?1 || ' days') AND day < last.day)) AS longest_km,
            model AS shoe, km AS shoe_km, (SELECT id FROM checkups
                WHERE athlete = athletes.id
                ORDER BY taken_on DESC, changed_at DESC, id DESC LIMIT 1) AS checkup
        FROM athletes
        LEFT JOIN sessions AS last ON last.id = (SELECT id FROM sessions
            WHERE athlete = athletes.id ORDER BY started_at DESC, key DESC LIMIT 1)
        LEFT JOIN (SELECT athlete, max(day) AS day FROM training_log GROUP BY athlete) AS logged
            ON logged.athlete = athletes.id
        LEFT JOIN farthest ON farthest.athlete = athletes.id
        ORDER BY name_key""",
        -LONGEST_DAYS,
    )
    checkups = {row["id"]: row for row in db.rows(_LATEST_CHECKUPS)}  # whole, so they are checked
    return [record(row, Lately, **_asked(checkups.get(row["checkup"]))) for row in rows]


_LATEST_CHECKUPS = """SELECT * FROM checkups AS one WHERE NOT EXISTS (SELECT 1 FROM checkups
    WHERE athlete = one.athlete
        AND (taken_on, changed_at, id) > (one.taken_on, one.changed_at, one.id))"""


def _asked(checkup: Row | None) -> dict[str, Any]:
    if checkup is None:
        return {"asked_on": None, "answers": None}
    answers = kept_json(checkup["answers"], dict[str, Any])
    return {"asked_on": checkup["taken_on"], "answers": answers}
