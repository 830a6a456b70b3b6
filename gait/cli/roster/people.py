"""`gait roster add`, `list`, `show`, `edit`, `delete` and `merge`.

`gait roster shoe`, `log`, `note`, `goal`, `move` and `drop`.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.console import Console

from gait.athletes.deletion import counted, delete_person, session_files, what_is_theirs
from gait.athletes.reassess import verdicts
from gait.athletes.roster_tables import (
    about,
    everybody,
    foreign_table,
    goal_line,
    note_line,
    sensors_table,
    sessions_table,
    shoes_table,
    weeks_table,
)
from gait.cli.console import table_console
from gait.compare.baseline_model import LEAST_DAYS, LEAST_RUNS
from gait.model import UsageError
from gait.model.history import Verdict
from gait.report.sentences import lasting_said
from gait.roster import Roster, Session
from gait.text import printable

FIELDS = {"height": "height_m", "mass": "mass_kg", "born": "birth_year", "sex": "sex"}
FOREIGN = (
    "These are other makers' figures, found in other ways: they are compared with nothing here. In "
    "brackets: counted already, as a session or another file."
)
NOT_COMPARED = (
    f"Not compared: that takes {LEAST_RUNS} earlier runs over {ceil(LEAST_DAYS)} days in the same "
    "shoes, with the same sensors, about as fast."
)
NOTES = 5  # of the last ones, in `show`


def say(text: str) -> None:
    """A line on stderr; names may be of others, so nothing in it is markup."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(printable(text), markup=False)


def run_add(path: Path | None, name: str, *, groups: Sequence[str], **body: Any) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.add(name, groups=groups, **body)
        say(f"Added: {athlete.name}. Next: gait import FOLDER --athlete {_as_word(name)}")


def run_list(path: Path | None, search: str, group: str | None) -> None:
    with Roster(path) as roster:
        wanted = {a.id: a.groups for a in roster.athletes.all(search, group)}
        if not wanted:
            say(
                f"No athlete matches “{search}”."
                if search
                else "Nobody is in the roster yet; `gait roster add NAME` adds somebody."
            )
            return
        people = [one for one in roster.overview(date.today()) if one.athlete in wanted]
        differs = verdicts(roster, [one.last for one in people if one.last is not None])
    table_console().print(everybody(people, wanted, differs))
    if any(verdict.why for verdict in differs.values()):
        say(NOT_COMPARED)
    if any(verdict.lasting for verdict in differs.values()):
        say("`gait roster show NAME` says in what it was different.")


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
            differs = verdicts(roster, [session.id for session in kept])
            out.print(sessions_table(kept, shoes, differs))
            if any(verdict.why for verdict in differs.values()):
                out.print(NOT_COMPARED, highlight=False, markup=False)
            _print_lasting(out, kept, differs)
        if others := roster.foreign.all(athlete, limit=sessions):
            out.print()
            out.print(foreign_table(others))
            out.print(FOREIGN, highlight=False, markup=False)
        trained = roster.history.weeks(athlete, until=date.today(), count=weeks)
        if any(week.runs for week in trained):
            out.print()
            out.print(weeks_table(trained))
        out.print()
        checkup = roster.checkups.latest(athlete)
        asks = f"none yet; `gait checkup {_as_word(athlete.name)}` asks"
        when = f"latest {checkup.taken_on}" if checkup else asks
        out.print(f"Checkup: {when}", highlight=False, markup=False)
        for goal in roster.diary.goals(athlete):
            out.print(goal_line(goal))
        for note in roster.diary.notes(athlete)[:NOTES]:
            out.print(note_line(note))


def _print_lasting(out: Console, kept: Sequence[Session], differs: Mapping[int, Verdict]) -> None:
    """What differed in the newest of these sessions in which anything did and lasted."""
    differed = next((session for session in kept if differs[session.id].lasting), None)
    if differed is None:
        return
    out.print()
    out.print(f"{differed.day}, against earlier runs:", highlight=False, markup=False)
    for sentence in lasting_said(differs[differed.id].lasting):
        out.print(f"· {sentence}", highlight=False, markup=False)


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
        files = session_files(roster, athlete)
        say(f"This deletes {athlete.name} with {what_is_theirs(roster, athlete)}.")
        if with_recordings:
            say(f"It deletes {counted(len(files), 'session file')} too.")
        elif files:
            say("The session files stay; --with-recordings deletes them too.")
        confirm(athlete.name, yes=yes)
        with Console(stderr=True).status("Deleting every trace …"):
            said = delete_person(roster, athlete, with_recordings=with_recordings)
        for sentence in said:
            say(sentence)
        say(f"Deleted: {athlete.name}.")


def run_merge(path: Path | None, name: str, other: str, *, yes: bool) -> None:
    with Roster(path) as roster:
        into, gone = roster.athletes.find(name), roster.athletes.find(other)
        theirs = what_is_theirs(roster, gone)
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


def _as_word(name: str) -> str:
    return f'"{name}"' if " " in name else name


def run_add_shoe(
    path: Path | None, name: str, model: str, since: datetime | None, km: float
) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        shoe = roster.shoes.add(athlete, model, since=_day(since), km_before=km)
        say(f"Added: {shoe.model} of {athlete.name}.")


def run_retire_shoe(path: Path | None, name: str, model: str, on: datetime | None) -> None:
    with Roster(path) as roster:
        shoe = roster.shoes.find(roster.athletes.find(name), model)
        shoe = roster.shoes.edit(replace(shoe, retired=_day(on) or date.today()))
        say(f"Retired after {shoe.km:.0f} km: {shoe.model}.")


def run_edit_shoe(
    path: Path | None,
    name: str,
    model: str,
    rename: str | None,
    since: datetime | None,
    km: float | None,
) -> None:
    said = {"model": rename, "since": _day(since), "km_before": km}
    said = {field: value for field, value in said.items() if value is not None}
    if not said:
        raise UsageError("Say what to change: --rename, --since or --km.")
    with Roster(path) as roster:
        shoe = roster.shoes.find(roster.athletes.find(name), model)
        table_console().print(shoes_table([roster.shoes.edit(replace(shoe, **said))]))


def run_list_shoes(path: Path | None, name: str) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        shoes = roster.shoes.all(athlete)
    if shoes:
        table_console().print(shoes_table(shoes))
    else:
        say(f"{athlete.name} has no shoes here yet; `gait roster shoe add` adds some.")


def run_log(
    path: Path | None,
    name: str,
    day: date,
    km: float | None,
    minutes: float | None,
    model: str | None,
) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        shoe = roster.shoes.find(athlete, model) if model else roster.shoes.only(athlete)
        run = roster.diary.log(athlete, day, km=km, minutes=minutes, shoe=shoe)
        far = "" if run.km is None else f", {run.km:g} km"
        worn = f" in {shoe.model}" if shoe else ""
        say(f"Logged: {athlete.name}, {day}{far}{worn}.")


def run_note(path: Path | None, name: str, text: str, on: datetime | None) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        note = roster.diary.note(athlete, _day(on) or date.today(), text)
        say(f"Noted: {athlete.name}, {note.day}.")


def run_goal(
    path: Path | None, name: str, text: str, due: datetime | None, *, reached: bool
) -> None:
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        if not reached:
            roster.diary.set_goal(athlete, text, _day(due))
            say(f"Set: {athlete.name}, {text}.")
            return
        goals = [goal for goal in roster.diary.goals(athlete) if goal.text == text.strip()]
        if not goals:
            raise UsageError(f"{athlete.name} has no such goal; `gait roster show` lists them.")
        roster.diary.reach_goal(goals[0], date.today())
        say(f"Reached: {text}.")


def run_move(path: Path | None, number: int, name: str | None, model: str | None) -> None:
    if name is None and model is None:
        raise UsageError("Say whose it is with --athlete, or in which shoes with --shoe.")
    with Roster(path) as roster:
        session = roster.sessions.get(number)
        athlete = roster.athletes.find(name) if name else roster.athletes.get(session.athlete)
        shoe = roster.shoes.find(athlete, model) if model else roster.shoes.only(athlete)
        roster.sessions.move(session, athlete, shoe)
        worn = f", in {shoe.model}" if shoe else ""
        say(f"Moved: the session of {session.day} is {athlete.name}'s{worn}.")


def run_drop(path: Path | None, number: int) -> None:
    from gait.athletes.deletion import forget_derived

    with Roster(path) as roster:
        session = roster.sessions.get(number)
        roster.sessions.delete(session)
        forget_derived(roster)
        where = f" Its recording stays: {session.recording}" if session.recording else ""
        say(f"Dropped: the session of {session.day}.{where}")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
