"""Two entries that are one person become one."""

from gait.model import UsageError
from gait.roster.athletes import Athlete
from gait.roster.database import Database
from gait.roster.gear import renew_gear, sessions_in
from gait.roster.moments import now

_THEIRS = ("shoes", "sessions", "checkups", "notes", "goals", "training_log", "merged")


def merge(db: Database, into: Athlete, other: Athlete) -> None:
    """Everything of `other` becomes that of `into`, who keeps their name and what is known of them.

    Shoes of the same name become one pair with the kilometres before of `into`. Raises UsageError
    where both are the same.
    """
    if into.id == other.id:
        raise UsageError(f"{into.name} is one entry already; name two to merge.")
    with db.change():
        _merge_shoes(db, into, other)
        for table in _THEIRS:
            db.write(f"UPDATE {table} SET athlete = ? WHERE athlete = ?", into.id, other.id)  # noqa: S608 - own names
        db.write(
            "INSERT OR IGNORE INTO memberships (athlete, in_group)"
            " SELECT ?, in_group FROM memberships WHERE athlete = ?",
            *(into.id, other.id),
        )
        db.write(
            "INSERT INTO sensors (athlete, sensor, info, last_used)"
            " SELECT ?, sensor, info, last_used FROM sensors WHERE athlete = ?"
            " ON CONFLICT (athlete, sensor) DO UPDATE SET info = excluded.info,"
            " last_used = excluded.last_used WHERE excluded.last_used > last_used",
            *(into.id, other.id),
        )
        db.write(
            "UPDATE athletes SET changed_at = ?3, height_m = coalesce(height_m, of.height),"
            " mass_kg = coalesce(mass_kg, of.mass), birth_year = coalesce(birth_year, of.born),"
            " sex = coalesce(athletes.sex, of.sex)"
            " FROM (SELECT height_m AS height, mass_kg AS mass, birth_year AS born, sex"
            " FROM athletes WHERE id = ?2) AS of WHERE id = ?1",
            *(into.id, other.id, now()),
        )
        db.write("DELETE FROM athletes WHERE id = ?", other.id)
        db.write("INSERT INTO merged (uid, athlete) VALUES (?, ?)", other.uid, into.id)


def _merge_shoes(db: Database, into: Athlete, other: Athlete) -> None:
    same = db.rows(
        "SELECT theirs.id AS theirs, ours.id AS ours FROM shoes AS theirs"
        " JOIN shoes AS ours ON ours.model_key = theirs.model_key"
        " WHERE theirs.athlete = ? AND ours.athlete = ?",
        *(other.id, into.id),
    )
    for row in same:
        worn_in = sessions_in(db, row["theirs"])
        for table in ("sessions", "training_log"):
            db.write(f"UPDATE {table} SET shoe = ? WHERE shoe = ?", row["ours"], row["theirs"])  # noqa: S608 - own names
        db.write("DELETE FROM shoes WHERE id = ?", row["theirs"])
        renew_gear(db, worn_in)
