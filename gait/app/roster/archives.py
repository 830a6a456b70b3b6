"""`gait roster export` and `import-archive`: an athlete from one computer to another."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from rich.console import Console

from gait.app.roster.people import say
from gait.model import GaitError
from gait.recording.files import cannot_read, check_free, private_output
from gait.roster import ArchivedSession, Roster, TakenIn

KEY_CHARACTERS = 16


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
    with Roster(path) as roster, ExitStack() as stack:
        try:
            file = stack.enter_context(archive.open("rb"))
        except OSError as error:
            raise cannot_read(archive, error) from error
        unpacked = _Unpacked(recordings or roster.path.with_name("recordings"))
        with Console(stderr=True).status("Taking it in …"):
            try:
                taken = roster.take_in(file, str(archive), unpacked.keep)
            except BaseException:
                unpacked.remove()
                raise
    say(_what_came(taken))
    if unpacked.made:
        say(f"{len(unpacked.made)} session files are in {unpacked.folder}.")


class _Unpacked:
    """Session files of an archive, under names of our own, for their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def keep(self, session: ArchivedSession, content: IO[bytes]) -> Path:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise GaitError(
                f"The folder {self.folder} cannot be made ({error.strerror or error}); "
                "choose another with --recordings."
            ) from error
        plain = "".join(c for c in session.key if c.isalnum() and c.isascii())
        stem, number = f"{session.day}-{plain[:KEY_CHARACTERS]}", 1
        while (path := self.folder / f"{stem}-{number}{session.ending}").exists():
            number += 1
        self._write(path, content)
        self.made.append(path)
        return path

    def _write(self, path: Path, content: IO[bytes]) -> None:
        # `private_output` would compress what ends in .gz, and this is compressed already
        with private_output(path.with_name(f"{path.name}.part"), overwrite=True) as file:
            shutil.copyfileobj(content, file)
        path.with_name(f"{path.name}.part").replace(path)

    def remove(self) -> None:
        for path in self.made:
            path.unlink(missing_ok=True)


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
