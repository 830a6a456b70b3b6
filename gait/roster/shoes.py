"""Pairs of shoes, and how far each was run in.

What was worn in a session as one text, kept in step with the shoe's name.
"""

from datetime import date

import msgspec

from gait.model import SensorInfo, UsageError
from gait.model.history import gear_text
from gait.roster.athletes import Athlete
from gait.roster.database import Database, kept_json, new_uid, record, unpacked
from gait.roster.moments import day_text, now
from gait.roster.names import key, not_found, tidy


class _Note(msgspec.Struct):
    info: SensorInfo


class _Worn(msgspec.Struct):
    """Of a summary, only its sensors."""

    sensors: list[_Note]


def renew_gear(db: Database, session_ids: list[int]) -> None:
    """Write anew what these sessions were run in, after their shoe or its name has changed."""
    for id in session_ids:
        row = db.row(
            "SELECT summary, model FROM sessions JOIN session_contents ON session = sessions.id"
            " LEFT JOIN shoes ON shoes.id = shoe WHERE sessions.id = ?",
            id,
        )
        if row is not None:
            worn = kept_json(unpacked(row["summary"]), _Worn)
            gear = gear_text([note.info for note in worn.sensors], row["model"] or "")
            db.write("UPDATE sessions SET gear = ? WHERE id = ?", gear, id)


def sessions_in(db: Database, shoe_id: int) -> list[int]:
    """The ids of the sessions that were run in this pair."""
    return [row["id"] for row in db.rows("SELECT id FROM sessions WHERE shoe = ?", shoe_id)]


class Shoe(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of shoes of one athlete.

    since     : the day of its first run, None where nobody said
    km_before : run in it before anything was counted here
    km        : run in it in all: before, in sessions, and as logged by hand
    uncounted : sessions and logged runs in it whose distance is not known, so it was farther
    retired   : the day from which on it is not worn any more
    """

    id: int
    uid: str
    model: str
    since: date | None = None
    km_before: float = 0.0
    km: float = 0.0
    uncounted: int = 0
    retired: date | None = None


# `?1` is the first moment, `?2` the first day that do not count any more.
_WITH_KM = """
SELECT shoes.*,
  km_before
    + coalesce((SELECT sum(metres) FROM sessions
        WHERE shoe = shoes.id AND started_at < ?1), 0) / 1000
    + coalesce((SELECT sum(km) FROM counted_log WHERE shoe = shoes.id AND day < ?2), 0) AS km,
  (SELECT count(*) FROM sessions
        WHERE shoe = shoes.id AND started_at < ?1 AND metres IS NULL)
    + (SELECT count(*) FROM counted_log
        WHERE shoe = shoes.id AND day < ?2 AND km IS NULL) AS uncounted
FROM shoes"""
_END = "9999"


class Shoes:
    """`roster.shoes`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, athlete: Athlete) -> list[Shoe]:
        """Every pair of this athlete, those in use first."""
        return [
            record(row, Shoe)
            for row in self._db.rows(
                f"{_WITH_KM} WHERE athlete = ?3 ORDER BY retired IS NOT NULL, since DESC, id",
                *(_END, _END, athlete.id),
            )
        ]

    def find(self, athlete: Athlete, model: str) -> Shoe:
        """The pair of that name, upper or lower case. Raises UsageError with near names."""
        for shoe in (shoes := self.all(athlete)):
            if key(shoe.model) == key(model):
                return shoe
        raise not_found(f"shoe of {athlete.name}", model, (shoe.model for shoe in shoes))

    def get(self, id: int, *, before: str | None = None) -> Shoe:
        """The pair with that id; kilometres up to a moment (ISO 8601, UTC) if that is named.

        Raises UsageError where there is none (any more).
        """
        moment = before or _END
        row = self._db.row(f"{_WITH_KM} WHERE id = ?3", moment, moment[:10], id)
        if row is None:
            raise UsageError("That shoe is no longer in the roster.")
        return record(row, Shoe)

    def only(self, athlete: Athlete) -> Shoe | None:
        """The pair that is meant where nobody says which: the only one in use."""
        in_use = [shoe for shoe in self.all(athlete) if shoe.retired is None]
        return in_use[0] if len(in_use) == 1 else None

    def add(
        self, athlete: Athlete, model: str, *, since: date | None = None, km_before: float = 0.0
    ) -> Shoe:
        """A new pair. Raises UsageError for a name that this athlete has already."""
        model = tidy(model, "a shoe")
        _check(km_before)
        with self._db.change():
            self._check_free(athlete.id, model)
            id = self._db.write(
                "INSERT INTO shoes (uid, athlete, model, model_key, since, km_before, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(new_uid(), athlete.id, model, key(model), day_text(since), km_before, now()),
            )
        return self.get(id)

    def edit(self, shoe: Shoe) -> Shoe:
        """Keep the name, days and `km_before` that `shoe` has now. Raises UsageError as `add`."""
        model = tidy(shoe.model, "a shoe")
        _check(shoe.km_before)
        with self._db.change():
            row = self._db.row("SELECT athlete FROM shoes WHERE id = ?", shoe.id)
            if row is not None:
                self._check_free(row["athlete"], model, besides=shoe.id)
            self._db.write(
                "UPDATE shoes SET model = ?, model_key = ?, since = ?, km_before = ?, retired = ?,"
                " changed_at = ? WHERE id = ?",
                *(model, key(model), day_text(shoe.since), shoe.km_before, day_text(shoe.retired)),
                *(now(), shoe.id),
            )
            renew_gear(self._db, sessions_in(self._db, shoe.id))
            return self.get(shoe.id)

    def delete(self, shoe: Shoe) -> None:
        """Sessions and logged runs in it stay, without a shoe."""
        with self._db.change():
            worn_in = sessions_in(self._db, shoe.id)
            self._db.write("DELETE FROM shoes WHERE id = ?", shoe.id)
            renew_gear(self._db, worn_in)

    def _check_free(self, athlete_id: int, model: str, besides: int = -1) -> None:
        taken = self._db.row(
            "SELECT model FROM shoes WHERE athlete = ? AND model_key = ? AND id <> ?",
            *(athlete_id, key(model), besides),
        )
        if taken is not None:
            raise UsageError(
                f"There is a shoe called {taken['model']} already; add a number or the colour."
            )


def _check(km_before: float) -> None:
    if not 0.0 <= km_before <= 20000.0:
        raise UsageError(f"{km_before:g} km before cannot be; say 0 to 20000.")
