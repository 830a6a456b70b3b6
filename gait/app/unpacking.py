"""An archive taken into the roster, and its session files into a folder of ours."""

import shutil
from datetime import date
from pathlib import Path
from typing import IO

from gait.model import GaitError
from gait.recording.files import cannot_read, private_output, put_in_place
from gait.roster import ArchivedSession, Roster, TakenIn

KEY_CHARACTERS = 16


def take_in_archive(
    roster: Roster, archive: Path, folder: Path, name: str = ""
) -> tuple[TakenIn, list[Path]]:
    """What came of an archive, and the session files that were made in `folder`.

    name : what to call the archive, where not by its path

    Raises InputError where it cannot be taken in; then nothing is changed, and no file is made.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise cannot_read(archive, error) from error
    unpacked = _Unpacked(folder)
    with file:
        try:
            taken = roster.take_in(file, name or str(archive), unpacked.keep)
        except BaseException:
            unpacked.remove()
            raise
    return taken, unpacked.made


def recording_path(folder: Path, day: date, key: str, ending: str) -> Path:
    """A free name for a recording, told by its day and what is in it; makes the folder."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise GaitError(
            f"The folder {folder} cannot be made ({error.strerror or error}); "
            "choose another with --recordings."
        ) from error
    plain = "".join(c for c in key if c.isalnum() and c.isascii())
    stem, number = f"{day}-{plain[:KEY_CHARACTERS]}", 1
    while (path := folder / f"{stem}-{number}{ending}").exists():
        number += 1
    return path


class _Unpacked:
    """Session files of an archive, under names of our own, for their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def keep(self, session: ArchivedSession, content: IO[bytes]) -> Path:
        path = recording_path(self.folder, session.day, session.key, session.ending)
        # `private_output` would compress what ends in .gz, and this is compressed already
        part = path.with_name(f"{path.name}.part")
        with private_output(part, overwrite=True) as file:
            shutil.copyfileobj(content, file)
        put_in_place(part, path)
        self.made.append(path)
        return path

    def remove(self) -> None:
        for path in self.made:
            path.unlink(missing_ok=True)
