"""Runs from the files of other makers' devices, in the log of runs and apart from all that is
measured here: their distance counts, their measures are shown with the maker's name.
"""

from datetime import date

import msgspec

from gait.model import UsageError
from gait.model.history import Foot, ForeignMeasure, ForeignRun
from gait.roster.athletes import Athlete
from gait.roster.database import Database, Row, kept_json, record
from gait.roster.moments import day_of, moment_of, moment_text, now
from gait.roster.shoes import Shoe


class KeptRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of another maker as listed; `id` is that of the logged run.

    counted : its distance counts; not where the same time was measured here, or is in another
              file kept before
    remarks : what was taken for what
    """

    id: int
    day: date
    started_at: str
    maker: str
    km: float | None
    minutes: float
    shoe: int | None
    source: str
    counted: bool
    measures: list[ForeignMeasure]
    remarks: list[str]


class ForeignPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of one run as its maker has it."""

    day: date
    maker: str
    value: float


class ForeignRuns:
    """`roster.foreign`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, athlete: Athlete, key: str) -> bool:
        """Whether this file is kept. Raises UsageError where it is another athlete's."""
        row = self._db.row(
            "SELECT athlete, name FROM training_log JOIN athletes ON athletes.id = athlete"
            " WHERE training_log.uid = ?",
            key,
        )
        if row is not None and row["athlete"] != athlete.id:
            raise UsageError(
                f"This run is kept as {row['name']}'s; delete it there first, in `gait dashboard`."
            )
        return row is not None

    def keep(self, athlete: Athlete, run: ForeignRun, shoe: Shoe | None = None) -> bool:
        """Keep a run once; False where it was kept before. Raises UsageError as `known`."""
        with self._db.change():
            if self.known(athlete, run.key):
                return False
            began = moment_of(run.started_at)
            self._db.write(
                "INSERT INTO training_log (uid, athlete, shoe, day, km, minutes, maker, started_at,"
                " ended_at, source, measures, remarks, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(run.key, athlete.id, shoe.id if shoe else None, day_of(run.started_at)),
                *(None if run.distance_m is None else run.distance_m / 1000.0,),
                *(run.duration_s / 60.0, run.maker, moment_text(began)),
                *(moment_text(moment_of(run.ended_at)), run.source),
                *(as_text(run.measures), as_text(run.notes), now()),
            )
            return True

    def all(self, athlete: Athlete, *, since: date | None = None, limit: int = -1) -> list[KeptRun]:
        """The newest first."""
        rows = self._db.rows(
            "SELECT *, EXISTS (SELECT 1 FROM counted_log WHERE id = log.id) AS counted"
            " FROM training_log AS log WHERE athlete = ? AND maker IS NOT NULL AND day >= ?"
            " ORDER BY started_at DESC, uid DESC LIMIT ?",
            *(athlete.id, (since or date.min).isoformat(), limit),
        )
        return [
            record(row, KeptRun, measures=measures_of(row), remarks=remarks_of(row)) for row in rows
        ]

    def trend(
        self, athlete: Athlete, measure: str, side: Foot, *, since: date | None = None
    ) -> list[ForeignPoint]:
        """A measure of every run that has it, the oldest first."""
        return [
            ForeignPoint(day=run.day, maker=run.maker, value=told.value)
            for run in reversed(self.all(athlete, since=since))
            for told in run.measures
            if (told.name, told.side) == (measure, side)
        ]


def measures_of(row: Row) -> list[ForeignMeasure]:
    return kept_json(row["measures"], list[ForeignMeasure])


def remarks_of(row: Row) -> list[str]:
    return kept_json(row["remarks"], list[str])


def as_text(kept: list[ForeignMeasure] | list[str]) -> str:
    return msgspec.json.encode(kept).decode()
