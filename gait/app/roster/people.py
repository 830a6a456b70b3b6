"""`gait roster add`, `list`, `show`, `edit`, `delete` and `merge`."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.console import Console

from gait.app.roster.tables import (
    about,
    everybody,
    goal_line,
    note_line,
    sensors_table,
    sessions_table,
    shoes_table,
    weeks_table,
)
from gait.app.sensor_table import table_console
from gait.model import GaitError, InputError, UsageError
from gait.recording import open_session
from gait.recording.files import companions
from gait.recording.identity import session_key
from gait.report.screen import printable
from gait.roster import Athlete, Roster, Session

FIELDS = {"height": "height_m", "mass": "mass_kg", "born": "birth_year", "sex": "sex"}
NOTES = 5  # of the last ones, in `show`


def say(text: str) -> None:
    """A line on stderr; names may be of others, so nothing in it is markup."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(printable(text), markup=False)


def run_add(path: Path | None, name: str, *, groups: Sequence[str], **body: Any) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.add(name, groups=groups, **body)
        say(f"Added: {athlete.name}. Next: gait roster import FOLDER --athlete {_as_word(name)}")


def run_list(path: Path | None, search: str, group: str | None) -> None:
    with Roster(path) as roster:
        wanted = {a.id: a.groups for a in roster.athletes.all(search, group)}
        if not wanted:
            say(
                "Nobody in the roster is called so."
                if search
                else "Nobody is in the roster yet; `gait roster add NAME` adds somebody."
            )
            return
        people = [one for one in roster.overview(date.today()) if one.athlete in wanted]
    table_console().print(everybody(people, wanted))


def run_show(path: Path | None, name: str, sessions: int, weeks: int) -> None:
    out = table_console()
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        out.print(about(athlete))
        if shoes := roster.shoes.all(athlete):
            out.print()
            out.print(shoes_table(shoes))
        if sensors := roster.sessions.sensors(athlete):
            out.print()
            out.print(sensors_table(sensors))
        if kept := roster.sessions.all(athlete, limit=sessions):
            out.print()
            out.print(sessions_table(kept, shoes))
        trained = roster.history.weeks(athlete, until=date.today(), count=weeks)
        if any(week.runs for week in trained):
            out.print()
            out.print(weeks_table(trained))
        out.print()
        checkup = roster.checkups.latest(athlete)
        when = f"latest {checkup.taken_on}" if checkup else "none yet; `gait checkup` asks"
        out.print(f"Checkup: {when}", highlight=False, markup=False)
        for goal in roster.diary.goals(athlete):
            out.print(goal_line(goal))
        for note in roster.diary.notes(athlete)[:NOTES]:
            out.print(note_line(note))


def run_edit(
    path: Path | None,
    name: str,
    changes: Mapping[str, Any],
    unknown: Sequence[str],
    join: Sequence[str],
    leave: Sequence[str],
) -> None:
    said = {field: value for field, value in changes.items() if value is not None}
    said |= {FIELDS[word]: None for word in unknown}
    if not (said or join or leave):
        raise UsageError("Say what to change; `gait roster edit --help` shows what can be.")
    with Roster(path) as roster, roster.change():
        athlete = roster.athletes.edit(replace(roster.athletes.find(name), **said))
        for group in join:
            roster.athletes.join(athlete, group)
        for group in leave:
            roster.athletes.leave(athlete, group)
        athlete = roster.athletes.get(athlete.id)
    table_console().print(about(athlete))


def run_delete(path: Path | None, name: str, *, with_recordings: bool, yes: bool) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        sessions = roster.sessions.all(athlete)
        files = [s for s in sessions if s.recording is not None and s.recording.exists()]
        say(f"This deletes {athlete.name} with {_what_is_theirs(roster, athlete, sessions)}.")
        if with_recordings:
            say(f"It deletes {_count(len(files), 'session file')} too.")
        elif files:
            say("The session files stay; --with-recordings deletes them too.")
        confirm(athlete.name, yes=yes)
        if with_recordings:
            for session in files:
                _delete_recording(session)
        with Console(stderr=True).status("Deleting every trace …"):
            roster.athletes.delete(athlete)
        say(f"Deleted: {athlete.name}.")


def run_merge(path: Path | None, name: str, other: str, *, yes: bool) -> None:
    with Roster(path) as roster:
        into, gone = roster.athletes.find(name), roster.athletes.find(other)
        theirs = _what_is_theirs(roster, gone, roster.sessions.all(gone))
        say(f"Everything of {gone.name} becomes {into.name}'s: {theirs}. This cannot be undone.")
        confirm(gone.name, yes=yes)
        roster.merge(into, gone)
        say(f"Merged: {gone.name} is {into.name} now.")


def confirm(name: str, *, yes: bool) -> None:
    """Have the name typed. Raises UsageError where it is not, or nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Nothing was changed; add --yes to do it.")
    sys.stderr.write(f"Type {printable(name)} to do it: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() != name.casefold():
        raise UsageError("Nothing was changed.")


def _what_is_theirs(roster: Roster, athlete: Athlete, sessions: Sequence[Session]) -> str:
    shoes = len(roster.shoes.all(athlete))
    counts = {
        "session": len(sessions),
        "checkup": len(roster.checkups.all(athlete)),
        "logged run": len(roster.diary.logged(athlete)),
        "note": len(roster.diary.notes(athlete)),
        "goal": len(roster.diary.goals(athlete)),
    }
    parts = [_count(number, one) for one, number in counts.items() if number]
    parts += [_count(shoes, "pair") + " of shoes"] if shoes else []
    return ", ".join(parts) or "nothing else"


def _delete_recording(session: Session) -> None:
    """Only where the file still holds that session, and not another one by now."""
    path = session.recording
    assert path is not None
    try:
        if session_key(open_session(path)) != session.key:
            say(f"{path} holds another recording by now, or a table; it was left.")
            return
    except InputError:
        say(f"{path} could not be read to see whose it is; it was left.")
        return
    try:
        for file in (path, *companions(path)):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise GaitError(
            f"{path} could not be deleted ({error.strerror}); {session.day} and everything else "
            "is still in the roster."
        ) from error


def _count(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _as_word(name: str) -> str:
    return f'"{name}"' if " " in name else name
