"""Deleting a person with everything that is theirs, so that nothing stays."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from gait.athletes.imports import remove_leftovers
from gait.athletes.run_detail import forget_details
from gait.model import GaitError, InputError
from gait.recording import open_session
from gait.recording.files import companions
from gait.recording.session import session_key
from gait.roster import Athlete, Roster, Session


def what_is_theirs(roster: Roster, athlete: Athlete) -> str:
    """What is kept of a person, counted, in words."""
    shoes = len(roster.shoes.all(athlete))
    counts = {
        "session": len(roster.sessions.all(athlete)),
        "checkup": len(roster.checkups.all(athlete)),
        "logged run": len(roster.diary.logged(athlete)),
        "note": len(roster.diary.notes(athlete)),
        "goal": len(roster.diary.goals(athlete)),
    }
    parts = [counted(number, one) for one, number in counts.items() if number]
    parts += [counted(shoes, "pair") + " of shoes"] if shoes else []
    return ", ".join(parts) or "nothing else"


def session_files(roster: Roster, athlete: Athlete) -> list[Session]:
    """Their sessions whose recording is there."""
    sessions = roster.sessions.all(athlete)
    return [s for s in sessions if s.recording is not None and s.recording.exists()]


def delete_person(roster: Roster, athlete: Athlete, *, with_recordings: bool) -> list[str]:
    """Delete all of it; returns what had to be left, and what else went, in sentences.

    Raises GaitError where the disk refuses; then the person is still there.
    """
    theirs = [s.recording for s in roster.sessions.all(athlete) if s.recording is not None]
    folders = {path.parent for path in theirs}
    said = _delete_recordings(session_files(roster, athlete)) if with_recordings else []
    copies = roster.athletes.delete(athlete)
    if copies:
        said.append(
            f"{counted(copies, 'copy', 'copies')} of the roster with them in it went, too; there "
            "is a new one without."
        )
    remove_leftovers(roster.derived_folder, older_s=0.0)  # they may be of an archive of this person
    forget_derived(roster, folders)
    return said


def forget_derived(roster: Roster, recordings: Iterable[Path] = ()) -> None:
    """Remove what was derived from sessions that are not in the roster any more.

    recordings : folders with recordings, where earlier versions kept such things
    """
    remove_leftovers(roster.derived_folder)
    forget_details(roster.derived_folder, but=roster.sessions.keys())
    for folder in {roster.path.with_name("recordings"), *recordings}:
        remove_leftovers(folder)
        forget_details(folder)


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _delete_recordings(sessions: Sequence[Session]) -> list[str]:
    """Only where a file still holds that session, and not another one by now."""
    left = []
    for session in sessions:
        path = session.recording
        assert path is not None
        try:
            theirs = session_key(open_session(path)) == session.key
        except InputError:
            left.append(f"{path} could not be read to see whose it is; it was left.")
            continue
        if not theirs:
            left.append(f"{path} holds another recording by now, or a table; it was left.")
            continue
        try:
            for file in (path, *companions(path)):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise GaitError(
                f"{path} could not be deleted ({error.strerror}); {session.day} and everything "
                "else is still in the roster."
            ) from error
    return left
