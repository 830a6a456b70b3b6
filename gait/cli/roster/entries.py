"""`gait roster shoe`, `log`, `note`, `goal`, `move` and `drop`."""

from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from gait.app.roster_tables import shoes_table
from gait.cli.console import table_console
from gait.cli.roster.people import say
from gait.model import UsageError
from gait.roster import Roster


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
    from gait.app.deletion import forget_derived

    with Roster(path) as roster:
        session = roster.sessions.get(number)
        roster.sessions.delete(session)
        forget_derived(roster)
        where = f" Its recording stays: {session.recording}" if session.recording else ""
        say(f"Dropped: the session of {session.day}.{where}")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
