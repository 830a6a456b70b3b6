"""`gait roster export` and `import-archive`: an athlete from one computer to another."""

from pathlib import Path

from rich.console import Console

from gait.app.unpacking import take_in_archive
from gait.cli.roster.people import say
from gait.recording.files import check_free, private_output
from gait.roster import Roster, TakenIn


def run_export(
    path: Path | None, name: str, archive: Path, *, recordings: bool, overwrite: bool
) -> None:
    check_free(archive, overwrite=overwrite)
    with Roster(path) as roster:
        athlete = roster.athletes.find(name)
        with (
            Console(stderr=True).status("Writing the archive …"),
            private_output(archive, overwrite=overwrite) as file,
        ):
            unread = roster.export(athlete, file, recordings=recordings)
    if unread:
        say(f"{unread} session files could not be read and are not in it.")
    say(
        f"Exported: {archive}. It holds all that is known of {athlete.name}, readable by anyone "
        "who has it."
    )


def run_import_archive(path: Path | None, archive: Path, recordings: Path | None) -> None:
    with Roster(path) as roster:
        folder = recordings or roster.path.with_name("recordings")
        with Console(stderr=True).status("Taking it in …"):
            taken, made = take_in_archive(roster, archive, folder)
    say(_what_came(taken))
    if made:
        say(f"{len(made)} session files are in {folder}.")


def _what_came(taken: TakenIn) -> str:
    name = taken.athlete.name
    kept = f"{taken.new_sessions} of {taken.sessions} sessions are new"
    said = [f"{'Added' if taken.is_new else 'Brought up to date'}: {name}; {kept}."]
    if taken.named_anew:
        said.append(
            "Somebody else has that name here. If it is the same person: gait roster merge "
            f'NAME "{name}".'
        )
    if taken.elsewhere:
        said.append(f"{taken.elsewhere} sessions are another athlete's here and were left out.")
    return " ".join(said)
