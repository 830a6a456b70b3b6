"""What a runner did before: runs to compare with, a measure over time, distances by day."""

from datetime import date, timedelta

import msgspec

from gait.model import PastRun, UsageError
from gait.roster.athletes import Athlete
from gait.roster.database import Database, Row, record
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
    )
