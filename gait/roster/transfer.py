"""An athlete handed on to another roster, and taken in from one, without anything twice.

Rows are known by their `uid` and sessions by their key; of two copies the one changed last stays.

Two entries that are one person become one.
"""

import logging
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec.structs import asdict

from gait.model import InputError, UsageError
from gait.model.errors import told_as
from gait.roster.archive import (
    Archive,
    ArchivedCheckup,
    ArchivedGoal,
    ArchivedNote,
    ArchivedPerson,
    ArchivedRun,
    ArchivedSession,
    ArchivedShoe,
    ArchiveWriter,
)
from gait.roster.athletes import Athlete, Athletes
from gait.roster.database import Database, Row, kept_json, record
from gait.roster.foreign import as_text, measures_of, remarks_of
from gait.roster.moments import moment_of, moment_text, now
from gait.roster.names import key, tidy
from gait.roster.sessions import Session, Sessions
from gait.roster.shoes import Shoes, renew_gear, sessions_in

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


_log = logging.getLogger(__name__)
ENDINGS = (".gait", ".jsonl", ".jsonl.gz")

# Keeps an open recording and says where; None where it was not wanted.
Keep = Callable[[ArchivedSession, IO[bytes]], Path | None]


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an archive.

    named_anew : somebody else has the name here already
    elsewhere  : sessions that another athlete of this roster has already; left out
    """

    athlete: Athlete
    is_new: bool
    named_anew: bool
    new_sessions: int
    sessions: int
    elsewhere: int


def hand_on(db: Database, athlete: Athlete, writer: ArchiveWriter, *, recordings: bool) -> int:
    """Write everything of this athlete; returns how many recordings could not be read."""
    writer.person(_person(db, athlete))
    sessions = Sessions(db)
    kept = sessions.all(athlete)
    numbers: dict[int, int] = {}
    wanted = [s for s in kept if recordings and s.recording is not None]
    for number, session in enumerate(wanted):
        assert session.recording is not None
        try:
            writer.recording(number, session.recording)
            numbers[session.id] = number
        except OSError:
            if not os.access(session.recording, os.R_OK):
                continue
            raise  # the archive could not be written
    writer.sessions(_archived(db, sessions, session, numbers) for session in kept)
    return len(wanted) - len(numbers)


def take_in(db: Database, archive: Archive, keep: Keep | None) -> TakenIn:
    """Everything of an archive, or nothing of it. Raises InputError where it is not sound."""
    try:
        with told_as(_unsound, _log), db.change():
            return _take_in(db, archive, keep)
    except UsageError as error:  # a value that nobody could have said here
        raise _unsound(str(error)) from error


def _unsound(reason: str) -> InputError:
    return InputError(f"The archive is not sound: {reason}")


def known_in(db: Database, archive: Archive) -> Athlete | None:
    """Who of this roster the archive is of; None where they are not in it yet."""
    row = _known(db, archive.person.uid)
    return None if row is None else Athletes(db).get(row["id"])


def _known(db: Database, uid: str) -> Row | None:
    return db.row(
        "SELECT id, changed_at FROM athletes WHERE uid = ?1"
        " OR id = (SELECT athlete FROM merged WHERE uid = ?1)",
        uid,
    )


def _person(db: Database, athlete: Athlete) -> ArchivedPerson:
    def all_of(kind: type[Any], sql: str) -> list[Any]:
        return [record(row, kind) for row in db.rows(f"{sql} WHERE athlete = ?", athlete.id)]

    row = db.row("SELECT * FROM athletes WHERE id = ?", athlete.id)
    if row is None:
        raise UsageError("That athlete is no longer in the roster.")
    return record(
        row,
        ArchivedPerson,
        groups=list(athlete.groups),
        shoes=all_of(ArchivedShoe, "SELECT * FROM shoes"),
        checkups=[
            record(row, ArchivedCheckup, answers=kept_json(row["answers"], dict[str, Any]))
            for row in db.rows("SELECT * FROM checkups WHERE athlete = ?", athlete.id)
        ],
        notes=all_of(ArchivedNote, "SELECT * FROM notes"),
        goals=all_of(ArchivedGoal, "SELECT * FROM goals"),
        runs=_runs(db, athlete),
    )


def _runs(db: Database, athlete: Athlete) -> list[ArchivedRun]:
    rows = db.rows(
        "SELECT log.*, shoes.uid AS pair FROM training_log AS log"
        " LEFT JOIN shoes ON shoes.id = shoe WHERE log.athlete = ?",
        athlete.id,
    )
    return [
        record(
            row,
            ArchivedRun,
            shoe=row["pair"],
            measures=measures_of(row),
            remarks=remarks_of(row),
        )
        for row in rows
    ]


def _archived(
    db: Database, sessions: Sessions, session: Session, numbers: dict[int, int]
) -> ArchivedSession:
    row = db.row(
        "SELECT sessions.*, uid FROM sessions LEFT JOIN shoes ON shoes.id = shoe"
        " WHERE sessions.id = ?",
        session.id,
    )
    if row is None:
        raise UsageError("That session is no longer in the roster.")
    name = session.recording.name if session.recording else ""
    return record(
        row,
        ArchivedSession,
        shoe=row["uid"],
        summary=sessions.summary(session),
        recording=numbers.get(session.id),
        ending=next((e for e in ENDINGS if name.endswith(e)), ""),
    )


def _take_in(db: Database, archive: Archive, keep: Keep | None) -> TakenIn:
    person = archive.person
    athlete, is_new = _athlete(db, person)
    for group in person.groups:
        Athletes(db).join(athlete, group)
    shoes = {shoe.uid: _take_shoe(db, athlete, shoe) for shoe in person.shoes}
    for checkup in person.checkups:
        answers = msgspec.json.encode(checkup.answers).decode()
        _newest(db, "checkups", athlete, checkup, answers=answers)
    for note in person.notes:
        _newest(db, "notes", athlete, note)
    for goal in person.goals:
        _newest(db, "goals", athlete, goal)
    for run in person.runs:
        _take_run(db, athlete, run, shoes)
    new = elsewhere = count = 0
    for session in archive.sessions():
        count += 1
        known = Sessions(db).by_key(session.key)
        if known is not None and known.athlete != athlete.id:
            elsewhere += 1
            continue
        new += known is None
        _take_session(db, archive, athlete, session, known, shoes, keep)
    return TakenIn(
        athlete=Athletes(db).get(athlete.id),
        is_new=is_new,
        named_anew=is_new and athlete.name != person.name,
        new_sessions=new,
        sessions=count,
        elsewhere=elsewhere,
    )


def _athlete(db: Database, person: ArchivedPerson) -> tuple[Athlete, bool]:
    """Who the archive is of, here; added where they are not known."""
    athletes = Athletes(db)
    row = _known(db, person.uid)
    body = {name: getattr(person, name) for name in ("height_m", "mass_kg", "birth_year", "sex")}
    changed_at = _moment(person.changed_at)
    if row is None:
        name = _free_name(db, tidy(person.name, "an athlete"))
        athlete = athletes.add(name, uid=person.uid, **body)
        db.write("UPDATE athletes SET changed_at = ? WHERE id = ?", changed_at, athlete.id)
        return athlete, True
    here = athletes.get(row["id"])
    said = {name: value for name, value in body.items() if value is not None}
    if changed_at > row["changed_at"]:
        athletes.edit(msgspec.structs.replace(here, **said))
    return here, False


def _free_name(db: Database, name: str) -> str:
    free, number = name, 1
    while db.row("SELECT 1 FROM athletes WHERE name_key = ?", key(free)) is not None:
        number += 1
        free = f"{name} ({number})"
    return free


def _take_shoe(db: Database, athlete: Athlete, shoe: ArchivedShoe) -> int:
    """The id of this pair here; it may have another `uid` where both coaches added it by hand."""
    by_name = db.row(
        "SELECT id FROM shoes WHERE athlete = ? AND model_key = ? AND uid <> ?",
        *(athlete.id, key(shoe.model), shoe.uid),
    )
    if by_name is not None:
        return by_name["id"]
    values = {"model": tidy(shoe.model, "a shoe"), "model_key": key(shoe.model)}
    _newest(db, "shoes", athlete, shoe, **values)
    row = db.row("SELECT id FROM shoes WHERE uid = ? AND athlete = ?", shoe.uid, athlete.id)
    if row is None:
        raise UsageError(f"the shoe {shoe.model} is another athlete's here.")
    return row["id"]


def _take_run(db: Database, athlete: Athlete, run: ArchivedRun, shoes: dict[str, int]) -> None:
    times = {
        name: None if text is None else moment_text(moment_of(text))
        for name, text in (("started_at", run.started_at), ("ended_at", run.ended_at))
    }
    kept = {"measures": as_text(run.measures), "remarks": as_text(run.remarks)}
    _newest(db, "training_log", athlete, run, shoe=shoes.get(run.shoe or ""), **times, **kept)


def _take_session(
    db: Database,
    archive: Archive,
    athlete: Athlete,
    session: ArchivedSession,
    known: Session | None,
    shoes: dict[str, int],
    keep: Keep | None,
) -> None:
    sessions = Sessions(db)
    row = db.row("SELECT changed_at FROM sessions WHERE key = ?", session.key)
    if row is None or _moment(session.changed_at) > row["changed_at"]:
        shoe_id = shoes.get(session.shoe or "")
        known = sessions.register(
            athlete,
            session.summary,
            key=session.key,
            shoe=None if shoe_id is None else Shoes(db).get(shoe_id),
            started_at=session.started_at,
            indoors=session.indoors,
            effort=session.effort,
            notes=session.notes,
        )
        db.write(
            "UPDATE sessions SET day = ?, changed_at = ? WHERE id = ?",
            *(session.day.isoformat(), _moment(session.changed_at), known.id),
        )
        renew_gear(db, [known.id])
    assert known is not None
    if keep is None or session.recording is None or session.ending not in ENDINGS:
        return
    if known.recording is None or not known.recording.exists():
        kept: list[Path | None] = []
        archive.read_recording(session, lambda content: kept.append(keep(session, content)))
        if kept[0] is not None:
            sessions.locate(known, kept[0])


def _newest(db: Database, table: str, athlete: Athlete, row: msgspec.Struct, **other: Any) -> None:
    """Add a row, or put it in the place of an older copy; `other` is what is kept otherwise."""
    values = {name: _kept(value) for name, value in asdict(row).items()} | other
    values["changed_at"] = _moment(values["changed_at"])
    columns = ", ".join(values)
    places = ", ".join("?" * len(values))
    updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != "uid")
    db.write(
        f"INSERT INTO {table} (athlete, {columns}) VALUES (?, {places})"  # noqa: S608 - own names
        f" ON CONFLICT (uid) DO UPDATE SET {updates}"
        " WHERE excluded.changed_at > changed_at AND excluded.athlete = athlete",
        *(athlete.id, *values.values()),
    )


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _moment(text: str) -> str:
    """A moment of another computer as kept here; one of the future counts as this one."""
    return min(moment_text(moment_of(text)), now())
