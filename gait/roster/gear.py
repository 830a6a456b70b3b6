"""What was worn in a session as one text, kept in step with the shoe's name."""

import msgspec

from gait.model import SensorInfo
from gait.model.history import gear_text
from gait.roster.database import Database, kept_json, unpacked


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
