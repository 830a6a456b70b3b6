"""What can be done with a person as a whole: merged, exported, deleted."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from nicegui import ui

from gait.app.deletion import delete_person, session_files, what_is_theirs
from gait.app.imports import ARCHIVED
from gait.dashboard import words
from gait.dashboard.app_state import Desk
from gait.dashboard.dialogs import asked
from gait.dashboard.layout import paragraph
from gait.dashboard.worker import in_other_process
from gait.model import UsageError
from gait.recording.files import make_folder
from gait.roster import Athlete, Roster

CHUNK_BYTES = 1 << 20


def merge_person(desk: Desk, athlete: Athlete, done: Callable[[], None]) -> None:
    """Ask which other entry is the same person."""
    others = {a.id: a.name for a in desk.roster.athletes.all() if a.id != athlete.id}
    with asked(words.MERGE_INTO.format(name=athlete.name), words.MERGE) as dialog:
        paragraph(words.MERGE_EXPLAINED.format(name=athlete.name))
        other = ui.select(others, label=words.SAME_PERSON, with_input=True)

        def merge() -> None:
            if other.value is None:
                raise UsageError(words.SAY_WHO)
            gone = desk.roster.athletes.get(other.value)
            did = words.MERGED.format(other=gone.name, name=athlete.name)
            with desk.doing(did, athlete, gone):
                desk.roster.merge(athlete, gone)
            done()

        dialog.does(merge)


def ask_to_delete(desk: Desk, athlete: Athlete) -> None:
    """Say what goes, have the name typed, and delete without a trace."""
    files = session_files(desk.roster, athlete)
    title = words.DELETE_PERSON.format(name=athlete.name)
    with asked(title, words.DELETE_FOR_GOOD, grave=True) as dialog:
        theirs = what_is_theirs(desk.roster, athlete)
        paragraph(words.DELETES.format(name=athlete.name, what=theirs))
        paragraph(words.NO_UNDO)
        count = words.DELETE_FILES.format(count=len(files))
        with_recordings = ui.checkbox(count)
        with_recordings.set_visibility(bool(files))
        typed = ui.input(words.TYPE_NAME.format(name=athlete.name)).props("autofocus")

        async def delete() -> None:
            if (typed.value or "").strip().casefold() != athlete.name.casefold():
                raise UsageError(words.NAME_NOT_TYPED)
            dialog.button.text = words.DELETING
            left = await in_other_process(
                delete_in_file,
                desk.roster.path,
                athlete.id,
                bool(with_recordings.value),
            )
            desk.forget_undos()
            desk.messages += [words.PERSON_DELETED.format(name=athlete.name), *left]
            ui.navigate.to("/")

        dialog.does(delete)


def delete_in_file(roster_file: Path, id: int, with_recordings: bool) -> list[str]:
    """In a process of its own, as cleaning a large file takes its time."""
    with Roster(roster_file) as roster:
        athlete = roster.athletes.get(id)
        return delete_person(roster, athlete, with_recordings=with_recordings)


async def archive_of(desk: Desk, id: int, *, recordings: bool) -> StreamingResponse:
    """Everything of an athlete as a file to download; nothing of it stays behind here."""
    athlete = desk.roster.athletes.get(id)
    made = await in_other_process(
        archive_in_file, desk.roster.path, id, recordings, desk.roster.derived_folder
    )
    file = made.open("rb")
    made.unlink()
    name = quote(f"{athlete.name}.gaitroster")
    return StreamingResponse(
        _parts(file),
        media_type="application/zip",
        headers={"content-disposition": f"attachment; filename*=utf-8''{name}"},
    )


def archive_in_file(roster_file: Path, id: int, recordings: bool, folder: Path) -> Path:
    """An archive in a new file for its owner only."""
    make_folder(folder)
    handle, name = tempfile.mkstemp(prefix=ARCHIVED, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file, Roster(roster_file) as roster:
            roster.export(roster.athletes.get(id), file, recordings=recordings)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(CHUNK_BYTES):
            yield part
