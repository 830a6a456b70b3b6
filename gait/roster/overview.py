"""Everybody at a glance: who ran when, how far, whose last run was different, who needs a look."""

from datetime import date, timedelta
from typing import Any

import msgspec

from gait.roster.database import Database, Row, kept_json, record

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
