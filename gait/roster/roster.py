"""The roster: who runs here, and what is known of them, in one file in the user's data folder."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import platformdirs

from gait.roster.archive import Archive, ArchiveWriter
from gait.roster.athletes import Athlete, Athletes
from gait.roster.checkups import Checkups
from gait.roster.database import Database
from gait.roster.diary import Diary
from gait.roster.foreign import ForeignRuns
from gait.roster.history import History, Lately, Standing, lately, overview
from gait.roster.restore import Health, Restored, health, restore
from gait.roster.sessions import ComparedSessions, Session, Sessions
from gait.roster.shoes import Shoes
from gait.roster.transfer import Keep, TakenIn, hand_on, known_in, merge, take_in
from gait.roster.undo import Change, take_back, undoable

FILE_NAME = "roster.db"
PATH_VARIABLE = "GAIT_ROSTER"


def roster_path() -> Path:
    """Where the roster is: what GAIT_ROSTER says, else the user's data folder."""
    chosen = os.environ.get(PATH_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return Path(platformdirs.user_data_dir("shoegait", appauthor=False)) / FILE_NAME


class Roster:
    """An open roster, one drawer a subject:

        with Roster() as roster:
            anna = roster.athletes.add("Anna", height_m=1.68)
            roster.checkups.latest(anna)

    Opening makes the file where there is none and brings an older one up to date. Raises
    InputError for a file that is no roster or is newer than this program, GaitError where the
    disk refuses or another program holds it. Not to be shared between threads.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._db = Database(path or roster_path())
        self.path = self._db.path
        self.athletes = Athletes(self._db)
        self.shoes = Shoes(self._db)
        self.sessions = Sessions(self._db)
        self.history = History(self._db)
        self.compared = ComparedSessions(self._db)
        self.diary = Diary(self._db)
        self.foreign = ForeignRuns(self._db)
        self.checkups = Checkups(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @property
    def derived_folder(self) -> Path:
        """Beside the roster: what was found from its recordings and can be found again."""
        return self.path.with_name(f"{self.path.name}.derived")

    def problems(self) -> list[str]:
        """Everything that is wrong with the file, in words; reads all of it."""
        return self._db.problems()

    @staticmethod
    def health(path: Path | None = None) -> Health:
        """Whether a roster's file is sound, and what it can go back to."""
        return health(path or roster_path())

    @staticmethod
    def restore(path: Path | None = None, copy: Path | None = None) -> Restored:
        """Put a copy in the place of a damaged roster; raises as `restoring.restore`."""
        return restore(path or roster_path(), copy)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything that is done inside is kept together, or nothing of it."""
        with self._db.change():
            yield

    @contextmanager
    def undoable(
        self, athletes: Sequence[Athlete] = (), sessions: Sequence[Session] = ()
    ) -> Iterator[Change]:
        """A `change` that can be taken back later:

            with roster.undoable([anna]) as change:
                roster.diary.note(anna, day, "calf tight after hills")
            roster.take_back(change)

        athletes : whose rows it may change, new ones besides; `sessions` those of them that it
                   may delete or replace. Deleting without a trace cannot be in it.
        """
        with undoable(
            self._db, [one.id for one in athletes], [session.id for session in sessions]
        ) as change:
            yield change

    def take_back(self, change: Change) -> None:
        """Undo a change, without touching what others changed since.

        Raises GaitError where something is in the way by now; then nothing is changed.
        """
        take_back(self._db, change)

    def overview(self, today: date) -> list[Standing]:
        """Everybody in one line each, by name."""
        return overview(self._db, today)

    def lately(self) -> list[Lately]:
        """What of each of them may call for a look, by name."""
        return lately(self._db)

    def merge(self, into: Athlete, other: Athlete) -> Athlete:
        """Two entries that are one person; `into` keeps their name, `other` is no more."""
        merge(self._db, into, other)
        return self.athletes.get(into.id)

    def export(self, athlete: Athlete, file: BinaryIO, *, recordings: bool) -> int:
        """Everything of this athlete into one archive, with the session files if `recordings`.

        Returns how many of those could not be read.
        """
        writer = ArchiveWriter(file)
        try:
            return hand_on(self._db, athlete, writer, recordings=recordings)
        finally:
            writer.close()  # else Python does it later, when the file is closed already

    def take_in(self, file: BinaryIO, name: str, keep: Keep | None = None) -> TakenIn:
        """Everything of an archive; `name` is what to call it, `keep` stores its recordings.

        Raises InputError where it is no archive, is damaged or newer; then nothing is changed.
        """
        return take_in(self._db, Archive(file, name), keep)

    def known_in(self, file: BinaryIO, name: str) -> Athlete | None:
        """Who of this roster an archive is of; None where they are not in it yet.

        Raises InputError as `take_in`.
        """
        return known_in(self._db, Archive(file, name))
