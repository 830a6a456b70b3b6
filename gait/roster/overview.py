"""Everybody at a glance: who ran when, how far, and whose last run was different."""

from datetime import date, timedelta

import msgspec

from gait.roster.database import Database, record

RECENT_DAYS = 28


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An athlete in one line.

    sessions    : all that are kept
    last_day    : of the last session, None without any; `changes` what counted as different in
                  it, None where there was nothing to compare with
    recent_km   : in sessions and logged runs of the last 28 days
    """

    athlete: int
    name: str
    sessions: int
    last_day: date | None
    changes: int | None
    recent_km: float


def overview(db: Database, today: date) -> list[Standing]:
    """Everybody, by name."""
    rows = db.rows(
        """SELECT athletes.id AS athlete, name,
            (SELECT count(*) FROM sessions WHERE athlete = athletes.id) AS sessions,
            last.day AS last_day, last.changes,
            coalesce((SELECT sum(metres) FROM sessions WHERE athlete = athletes.id
                AND started_at > ?1 AND day BETWEEN ?2 AND ?3), 0) / 1000
            + coalesce((SELECT sum(km) FROM training_log WHERE athlete = athletes.id
                AND day BETWEEN ?2 AND ?3), 0) AS recent_km
        FROM athletes LEFT JOIN sessions AS last ON last.id =
            (SELECT id FROM sessions WHERE athlete = athletes.id
                ORDER BY started_at DESC, id DESC LIMIT 1)
        ORDER BY name_key""",
        (today - timedelta(days=RECENT_DAYS + 1)).isoformat(),  # by the index, then by the day
        (today - timedelta(days=RECENT_DAYS - 1)).isoformat(),
        today.isoformat(),
    )
    return [record(row, Standing) for row in rows]
