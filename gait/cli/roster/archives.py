"""`gait roster export`: an athlete to another computer.

`gait roster restore`, and what `gait doctor` says of the roster.
"""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from gait.cli.roster.people import say
from gait.recording.files import check_free, private_output
from gait.roster import Health, Roster


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


def run_restore(path: Path | None, copy: Path | None) -> None:
    with Console(stderr=True).status("Looking into the copies …"):
        restored = Roster.restore(path, copy)
    say(f"Restored: the roster is as it was in {restored.copy.name} ({made_on(restored.copy)}).")
    say(
        "Runs kept since then can be kept again: gait import FOLDER --athlete NAME. "
        "Their recordings are where they were."
    )
    if restored.aside is not None:
        say(f"What was in its place is {restored.aside} until a person is deleted.")


def health_sentence(path: Path, health: Health) -> str:
    """Whether the roster is sound, and how to go back where it is not."""
    count = len(health.copies)
    if not health.problems:
        newest = f", the newest of {made_on(health.copies[0])}" if count else ""
        return f"sound: {health.athletes} athletes; {count} copies beside it{newest} ({path})"
    damage = f"{path} is damaged ({'; '.join(health.problems)})"
    if health.sound is not None:
        return f"{damage}; `gait roster restore` goes back to {made_on(health.sound)}"
    if count:
        return f"{damage}, and none of the {count} copies beside it is sound"
    return f"{damage}, and there is no copy beside it; put one of your own in its place"


def made_on(copy: Path) -> str:
    return f"{datetime.fromtimestamp(copy.stat().st_mtime):%Y-%m-%d %H:%M}"
