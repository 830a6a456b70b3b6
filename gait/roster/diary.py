"""What is told and not measured here: logged runs, notes, goals."""

from datetime import date

import msgspec

from gait.model import UsageError
from gait.roster.athletes import Athlete
from gait.roster.database import Database, new_uid, record
from gait.roster.moments import day_text, now
from gait.roster.shoes import Shoe


class LoggedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`maker`: of the device whose file it is from, None where it was told by hand."""

    id: int
    day: date
    km: float | None
    minutes: float | None
    shoe: int | None
    maker: str | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    day: date
    text: str


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What is aimed at, in own words; `due` by when, `reached` on which day."""

    id: int
    text: str
    due: date | None
    reached: date | None


class Diary:
    """`roster.diary`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def log(
        self,
        athlete: Athlete,
        day: date,
        *,
        km: float | None = None,
        minutes: float | None = None,
        shoe: Shoe | None = None,
    ) -> LoggedRun:
        """A run without a recording. Raises UsageError without a distance and a time."""
        if km is None and minutes is None:
            raise UsageError("Say how far or how long the run was.")
        for what, value, most in (("distance", km, 500.0), ("time in minutes", minutes, 6000.0)):
            if value is not None and not 0.0 < value <= most:
                raise UsageError(f"The {what} is {value:g}; it must be above 0 and up to {most:g}.")
        id = self._db.write(
            "INSERT INTO training_log (uid, athlete, shoe, day, km, minutes, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(
                new_uid(),
                athlete.id,
                shoe.id if shoe else None,
                day.isoformat(),
                km,
                minutes,
                now(),
            ),
        )
        return LoggedRun(id=id, day=day, km=km, minutes=minutes, shoe=shoe.id if shoe else None)

    def logged(self, athlete: Athlete) -> list[LoggedRun]:
        """Runs told by hand or from files of other makers, the newest first."""
        return [
            record(row, LoggedRun)
            for row in self._db.rows(
                "SELECT * FROM training_log WHERE athlete = ?"
                " ORDER BY day DESC, changed_at DESC, id DESC",
                athlete.id,
            )
        ]

    def unlog(self, run: LoggedRun) -> None:
        self._db.write("DELETE FROM training_log WHERE id = ?", run.id)

    def note(self, athlete: Athlete, day: date, text: str) -> Note:
        """Something worth remembering of that day."""
        text = _said(text, "note")
        id = self._db.write(
            "INSERT INTO notes (uid, athlete, day, text, changed_at) VALUES (?, ?, ?, ?, ?)",
            *(new_uid(), athlete.id, day.isoformat(), text, now()),
        )
        return Note(id=id, day=day, text=text)

    def notes(self, athlete: Athlete) -> list[Note]:
        """The newest first."""
        return [
            record(row, Note)
            for row in self._db.rows(
                "SELECT * FROM notes WHERE athlete = ? ORDER BY day DESC, changed_at DESC, id DESC",
                athlete.id,
            )
        ]

    def delete_note(self, note: Note) -> None:
        self._db.write("DELETE FROM notes WHERE id = ?", note.id)

    def set_goal(self, athlete: Athlete, text: str, due: date | None = None) -> Goal:
        text = _said(text, "goal")
        id = self._db.write(
            "INSERT INTO goals (uid, athlete, text, due, changed_at) VALUES (?, ?, ?, ?, ?)",
            *(new_uid(), athlete.id, text, day_text(due), now()),
        )
        return Goal(id=id, text=text, due=due, reached=None)

    def goals(self, athlete: Athlete) -> list[Goal]:
        """Those not yet reached first, by the day they are due."""
        return [
            record(row, Goal)
            for row in self._db.rows(
                "SELECT * FROM goals WHERE athlete = ?"
                " ORDER BY reached IS NOT NULL, due IS NULL, due, id",
                athlete.id,
            )
        ]

    def reach_goal(self, goal: Goal, day: date) -> None:
        self._db.write(
            "UPDATE goals SET reached = ?, changed_at = ? WHERE id = ?",
            *(day.isoformat(), now(), goal.id),
        )

    def delete_goal(self, goal: Goal) -> None:
        self._db.write("DELETE FROM goals WHERE id = ?", goal.id)


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"The {what} is empty; say something.")
    return text.strip()
