"""What can be done with a person: add, edit, download, merge, delete."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from msgspec.structs import replace
from nicegui import ui

from gait.athletes.deletion import delete_person, session_files, what_is_theirs
from gait.athletes.imports import ARCHIVED
from gait.dashboard import words
from gait.dashboard.forms import asked
from gait.dashboard.jobs import in_other_process
from gait.dashboard.layout import paragraph
from gait.dashboard.state import AppState
from gait.model import UsageError
from gait.recording.files import make_folder
from gait.roster import Athlete, Roster

SEXES = {None: words.UNKNOWN_SEX, "female": words.FEMALE, "male": words.MALE}


def add_athlete(state: AppState) -> None:
    """Ask for somebody new, and open their page."""

    def keep(form: "_Form") -> None:
        said = form.said()
        with state.doing(words.ADDED.format(name=said["name"])):
            new = state.roster.athletes.add(**said, groups=form.groups())
        ui.navigate.to(f"/athlete/{new.id}")

    with asked(words.ADD_ATHLETE, words.ADD) as dialog:
        form = _Form(None)
        dialog.does(lambda: keep(form))


def edit_athlete(state: AppState, athlete: Athlete, done: Callable[[], None]) -> None:
    """Ask what to change of an athlete; `done` is called after it was."""

    def keep(form: "_Form") -> None:
        athletes = state.roster.athletes
        with state.doing(words.EDITED.format(name=athlete.name), athlete):
            athletes.edit(replace(athlete, **form.said()))
            for group in set(athlete.groups) - set(form.groups()):
                athletes.leave(athlete, group)
            for group in form.groups():
                athletes.join(athlete, group)
        done()

    with asked(words.EDIT_ATHLETE.format(name=athlete.name), words.SAVE) as dialog:
        form = _Form(athlete)
        dialog.does(lambda: keep(form))


class _Form:
    """Fields; what is left empty is unknown."""

    def __init__(self, athlete: Athlete | None) -> None:
        known = athlete or Athlete(id=-1, uid="", name="")
        self._name = ui.input(words.NAME_FIELD, value=known.name).props("autofocus")
        paragraph(words.BODY_OPTIONAL, "faint")
        with ui.element().classes("side-by-side"):
            self._height = ui.number(words.HEIGHT_FIELD, value=known.height_m, step=0.01)
            self._mass = ui.number(words.MASS_FIELD, value=known.mass_kg)
            self._born = ui.number(words.BORN_FIELD, value=known.birth_year, precision=0)
            self._sex = ui.select(SEXES, value=known.sex, label=words.SEX_FIELD).classes("choice")
        self._groups = ui.input(words.GROUPS_FIELD, value=", ".join(known.groups))

    def said(self) -> dict[str, Any]:
        born = self._born.value
        return {
            "name": self._name.value or "",
            "height_m": self._height.value,
            "mass_kg": self._mass.value,
            "birth_year": None if born is None else int(born),
            "sex": self._sex.value,
        }

    def groups(self) -> list[str]:
        """Named one after the other, with commas between them."""
        return [name for name in map(str.strip, (self._groups.value or "").split(",")) if name]


CHUNK_BYTES = 1 << 20


def merge_person(state: AppState, athlete: Athlete, done: Callable[[], None]) -> None:
    """Ask which other entry is the same person."""
    others = {a.id: a.name for a in state.roster.athletes.all() if a.id != athlete.id}
    with asked(words.MERGE_INTO.format(name=athlete.name), words.MERGE) as dialog:
        paragraph(words.MERGE_EXPLAINED.format(name=athlete.name))
        other = ui.select(others, label=words.SAME_PERSON, with_input=True)

        def merge() -> None:
            if other.value is None:
                raise UsageError(words.SAY_WHO)
            gone = state.roster.athletes.get(other.value)
            did = words.MERGED.format(other=gone.name, name=athlete.name)
            with state.doing(did, athlete, gone):
                state.roster.merge(athlete, gone)
            done()

        dialog.does(merge)


def ask_to_delete(state: AppState, athlete: Athlete) -> None:
    """Say what goes, have the name typed, and delete without a trace."""
    files = session_files(state.roster, athlete)
    title = words.DELETE_PERSON.format(name=athlete.name)
    with asked(title, words.DELETE_FOR_GOOD, grave=True) as dialog:
        theirs = what_is_theirs(state.roster, athlete)
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
                state.roster.path,
                athlete.id,
                bool(with_recordings.value),
            )
            state.forget_undos()
            state.messages += [words.PERSON_DELETED.format(name=athlete.name), *left]
            ui.navigate.to("/")

        dialog.does(delete)


def delete_in_file(roster_file: Path, id: int, with_recordings: bool) -> list[str]:
    """In a process of its own, as cleaning a large file takes its time."""
    with Roster(roster_file) as roster:
        athlete = roster.athletes.get(id)
        return delete_person(roster, athlete, with_recordings=with_recordings)


async def archive_of(state: AppState, id: int, *, recordings: bool) -> StreamingResponse:
    """Everything of an athlete as a file to download; nothing of it stays behind here."""
    athlete = state.roster.athletes.get(id)
    made = await in_other_process(
        archive_in_file, state.roster.path, id, recordings, state.roster.derived_folder
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
