"""What `gait roster` can be asked for. The work is in the modules beside this one, imported only
when a command needs them.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

roster = typer.Typer(
    help="Athletes with their shoes, sessions, checkups, notes and goals; all on this machine.",
    no_args_is_help=True,
    epilog="First steps: `gait roster add Anna` · `gait import runs --athlete Anna` · "
    "`gait roster list`",
)
shoe = typer.Typer(help="An athlete's shoes, with their kilometres.", no_args_is_help=True)
roster.add_typer(shoe, name="shoe")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Fact(StrEnum):
    """What may be made unknown again."""

    HEIGHT = "height"
    MASS = "mass"
    BORN = "born"
    SEX = "sex"


Name = Annotated[str, typer.Argument(help="The athlete, by name.")]
RosterFile = Annotated[
    Path | None,
    typer.Option("--roster", help="Another roster file (else GAIT_ROSTER, else the user's own)."),
]
Height = Annotated[float | None, typer.Option(help="In metres.")]
Mass = Annotated[float | None, typer.Option(help="In kilograms.")]
Born = Annotated[int | None, typer.Option(metavar="YEAR", help="Year of birth.")]
SexOption = Annotated[Sex | None, typer.Option(help="For norms that differ by sex.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DAY = ["%Y-%m-%d"]
Day = Annotated[datetime | None, typer.Option("--date", formats=DAY, help="Else today.")]


@roster.command(epilog="Example: `gait roster add Anna --height 1.68 --group Youth`")
def add(
    name: Name,
    height: Height = None,
    mass: Mass = None,
    born: Born = None,
    sex: SexOption = None,
    group: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    path: RosterFile = None,
) -> None:
    """Add an athlete. What is not said stays unknown, and nothing needs it."""
    from gait.cli.roster.people import run_add

    run_add(
        path,
        name,
        height_m=height,
        mass_kg=mass,
        birth_year=born,
        sex=sex.value if sex else None,
        groups=group or (),
    )


@roster.command("list", epilog="Example: `gait roster list --group Youth`")
def list_all(
    search: Annotated[str, typer.Option(help="Only names that contain this.")] = "",
    group: Annotated[str | None, typer.Option(help="Only this group.")] = None,
    path: RosterFile = None,
) -> None:
    """Everybody: last run, runs, kilometres of four weeks, and whose last run was different."""
    from gait.cli.roster.people import run_list

    run_list(path, search, group)


@roster.command(epilog="Example: `gait roster show Anna`")
def show(
    name: Name,
    sessions: Annotated[int, typer.Option(min=0, help="How many of the last sessions.")] = 10,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How many weeks of training.")] = 8,
    path: RosterFile = None,
) -> None:
    """One athlete: shoes, sensors, sessions, weeks of training, checkup, goals and notes."""
    from gait.cli.roster.people import run_show

    run_show(path, name, sessions, weeks)


@roster.command(epilog="Example: `gait roster edit Anna --mass 61 --join Relay`")
def edit(
    name: Name,
    rename: Annotated[str | None, typer.Option(metavar="NAME", help="A new name.")] = None,
    height: Height = None,
    mass: Mass = None,
    born: Born = None,
    sex: SexOption = None,
    unknown: Annotated[
        list[Fact] | None, typer.Option(help="Make it unknown again; repeatable.")
    ] = None,
    join: Annotated[list[str] | None, typer.Option(help="Into a group; repeatable.")] = None,
    leave: Annotated[list[str] | None, typer.Option(help="Out of a group; repeatable.")] = None,
    path: RosterFile = None,
) -> None:
    """Change what is known of an athlete."""
    from gait.cli.roster.people import run_edit

    changes: dict = {"name": rename, "height_m": height, "mass_kg": mass, "birth_year": born}
    changes["sex"] = sex.value if sex else None
    run_edit(path, name, changes, [u.value for u in unknown or ()], join or (), leave or ())


@roster.command(epilog="Example: `gait roster delete Anna --with-recordings`")
def delete(
    name: Name,
    with_recordings: Annotated[
        bool, typer.Option("--with-recordings", help="Delete the session files too.")
    ] = False,
    yes: Yes = False,
    path: RosterFile = None,
) -> None:
    """Delete an athlete and everything that is theirs; no trace stays in the roster's file."""
    from gait.cli.roster.people import run_delete

    run_delete(path, name, with_recordings=with_recordings, yes=yes)


@roster.command(epilog='Example: `gait roster merge "Anna Berg" "Anna (2)"`')
def merge(
    name: Name,
    other: Annotated[str, typer.Argument(help="The same person under another name.")],
    yes: Yes = False,
    path: RosterFile = None,
) -> None:
    """Two entries that are one person: everything of OTHER becomes NAME's."""
    from gait.cli.roster.people import run_merge

    run_merge(path, name, other, yes=yes)


@roster.command(epilog="Example: `gait roster log Anna 2026-05-03 9.0 --shoe Pegasus`")
def log(
    name: Name,
    date: Annotated[datetime, typer.Argument(formats=DAY, help="Such as 2026-05-03.")],
    km: Annotated[float | None, typer.Argument(help="How far.")] = None,
    minutes: Annotated[float | None, typer.Option(help="How long.")] = None,
    shoe: Annotated[str | None, typer.Option(help="In which shoes.")] = None,
    path: RosterFile = None,
) -> None:
    """A run without a sensor, for training weeks and kilometres."""
    from gait.cli.roster.people import run_log

    run_log(path, name, date.date(), km, minutes, shoe)


@roster.command(epilog='Example: `gait roster note Anna "calf tight after hills"`')
def note(
    name: Name,
    text: Annotated[str, typer.Argument(help="What to remember.")],
    date: Day = None,
    path: RosterFile = None,
) -> None:
    """Something worth remembering."""
    from gait.cli.roster.people import run_note

    run_note(path, name, text, date)


@roster.command(epilog='Example: `gait roster goal Anna "half marathon" --due 2026-09-13`')
def goal(
    name: Name,
    text: Annotated[str, typer.Argument(help="What is aimed at.")],
    due: Annotated[datetime | None, typer.Option(formats=DAY, help="By when.")] = None,
    reached: Annotated[bool, typer.Option("--reached", help="It is reached today.")] = False,
    path: RosterFile = None,
) -> None:
    """Set a goal, or say that it is reached."""
    from gait.cli.roster.people import run_goal

    run_goal(path, name, text, due, reached=reached)


@roster.command(epilog="Example: `gait roster move 17 --athlete Ben --shoe Ride`")
def move(
    session: Annotated[int, typer.Argument(help="Its number in `gait roster show`.")],
    athlete: Annotated[str | None, typer.Option(help="Whose it is.")] = None,
    shoe: Annotated[str | None, typer.Option(help="In which shoes it was run.")] = None,
    path: RosterFile = None,
) -> None:
    """Say whose a session is, or in which shoes it was run."""
    from gait.cli.roster.people import run_move

    run_move(path, session, athlete, shoe)


@roster.command(epilog="Example: `gait roster drop 17`")
def drop(
    session: Annotated[int, typer.Argument(help="Its number in `gait roster show`.")],
    path: RosterFile = None,
) -> None:
    """Take a session out of the roster; its recording stays where it is."""
    from gait.cli.roster.people import run_drop

    run_drop(path, session)


@roster.command("import", epilog="Example: `gait roster import runs --athlete Anna`")
def import_sessions(
    recordings: Annotated[
        list[Path], typer.Argument(help="Session files, or folders with session files.")
    ],
    athlete: Annotated[str, typer.Option(help="Whose they are.")],
    shoe: Annotated[str | None, typer.Option(help="In which shoes they were run.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Analyse those anew that are kept already.")
    ] = False,
    path: RosterFile = None,
) -> None:
    """The same as `gait import`, which see."""
    from gait.cli.imports import ImportOptions, run_import

    run_import(recordings, ImportOptions(athlete, shoe, path, again=again))


@roster.command(epilog="Example: `gait roster export Anna anna.gaitroster`")
def export(
    name: Name,
    archive: Annotated[Path, typer.Argument(help="The file to make.")],
    with_recordings: Annotated[
        bool, typer.Option("--with-recordings", help="Put the session files in.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace it.")] = False,
    path: RosterFile = None,
) -> None:
    """Everything of an athlete in one file that another coach can take in."""
    from gait.cli.roster.archives import run_export

    run_export(path, name, archive, recordings=with_recordings, overwrite=overwrite)


@roster.command("import-archive", epilog="Example: `gait roster import-archive anna.gaitroster`")
def import_archive(
    archive: Annotated[Path, typer.Argument(help="A file of `gait roster export`.")],
    recordings: Annotated[
        Path | None,
        typer.Option(help="Where to put its session files (else beside the roster)."),
    ] = None,
    path: RosterFile = None,
) -> None:
    """The same as `gait import`, which see."""
    from gait.cli.imports import ImportOptions, run_import

    run_import([archive], ImportOptions(roster=path, recordings=recordings))


@roster.command(epilog="Example: `gait roster restore`")
def restore(
    copy: Annotated[
        Path | None, typer.Option(help="Which copy (else the newest that is sound).")
    ] = None,
    path: RosterFile = None,
) -> None:
    """Put a copy in the place of a damaged roster; `gait doctor` says whether it is damaged.

    The roster makes copies of itself, one before the first change of a day. What was in its place
    is kept beside it.
    """
    from gait.cli.roster.archives import run_restore

    run_restore(path, copy)


Model = Annotated[str, typer.Argument(help="What the shoes are called.")]


@shoe.command("add", epilog="Example: `gait roster shoe add Anna Pegasus --since 2026-02-01`")
def add_shoe(
    name: Name,
    model: Model,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The day of the first run in them.")
    ] = None,
    km: Annotated[float, typer.Option(min=0, help="Run in them before, not counted here.")] = 0.0,
    path: RosterFile = None,
) -> None:
    """Add a pair of shoes. Where only one is in use, sessions are run in it unless said."""
    from gait.cli.roster.people import run_add_shoe

    run_add_shoe(path, name, model, since, km)


@shoe.command("retire", epilog="Example: `gait roster shoe retire Anna Pegasus`")
def retire_shoe(name: Name, model: Model, date: Day = None, path: RosterFile = None) -> None:
    """Say that a pair is not worn any more; its sessions stay."""
    from gait.cli.roster.people import run_retire_shoe

    run_retire_shoe(path, name, model, date)


@shoe.command("edit", epilog="Example: `gait roster shoe edit Anna Pegasus --rename Pegasus-41`")
def edit_shoe(
    name: Name,
    model: Model,
    rename: Annotated[str | None, typer.Option(metavar="MODEL", help="A new name.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=DAY, help="First run in them.")] = None,
    km: Annotated[float | None, typer.Option(min=0, help="Run in them before.")] = None,
    path: RosterFile = None,
) -> None:
    """Change what is known of a pair."""
    from gait.cli.roster.people import run_edit_shoe

    run_edit_shoe(path, name, model, rename, since, km)


@shoe.command("list", epilog="Example: `gait roster shoe list Anna`")
def list_shoes(name: Name, path: RosterFile = None) -> None:
    """An athlete's shoes, with how far they were run in."""
    from gait.cli.roster.people import run_list_shoes

    run_list_shoes(path, name)
