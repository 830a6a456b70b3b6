"""Files dropped on a page: kept, analysed in another process, and said what came of each."""

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from nicegui import ui
from nicegui.elements.upload_files import FileUpload
from nicegui.events import GenericEventArguments, UploadEventArguments

from gait.athletes.imports import (
    DROPPED,
    MOST_BYTES,
    Dropped,
    Looked,
    Taken,
    kind_of,
    look_into_session,
    look_into_tables,
    take,
    take_archive,
    take_runs,
)
from gait.dashboard import words
from gait.dashboard.jobs import in_other_process
from gait.dashboard.layout import folded, paragraph
from gait.dashboard.state import AppState
from gait.model import GaitError
from gait.recording.files import make_folder
from gait.roster import TakenIn

# Quasar's own has a button without words.
HEADER = """
<div class="side-by-side drop">{drop}
  <q-btn outline no-caps icon="add" label="{choose}" @click="props.pickFiles">
    <q-uploader-add-trigger />
  </q-btn>
</div>
"""
REFUSED_NAMES = "(refused) => emit(refused.map((one) => one.file.name))"


class ImportPart:
    """A place to drop files on. On an athlete's page (`athlete` is whose) also for sessions.

    done : called after something came into the roster
    """

    def __init__(self, state: AppState, athlete: int | None, done: Callable[[], None]) -> None:
        self._state = state
        self._athlete = athlete
        self._done = done
        self._uploaded: list[FileUpload] = []
        paragraph(words.DROP_SESSIONS if athlete is not None else words.DROP_ARCHIVES)
        self._upload = ui.upload(
            multiple=True,
            auto_upload=True,
            max_file_size=MOST_BYTES,
            on_upload=self._came,
        )
        self._upload.add_slot("header", HEADER.format(drop=words.DROP, choose=words.CHOOSE))
        self._upload.props("flat").on("finish", self._finish, [])
        self._upload.on("failed", lambda: self._say(words.UPLOAD_FAILED), [])
        self._upload.on("rejected", self._rejected, js_handler=REFUSED_NAMES)
        if athlete is not None:
            with folded(words.TABLES):
                paragraph(words.TABLES_EXPLAINED, "faint")
                self._began = ui.input(words.TABLES_BEGAN).props("type=datetime-local stack-label")
        self._progress = ui.linear_progress(0.0, show_value=False)
        self._progress.props["aria-label"] = words.PROGRESS
        self._progress.set_visibility(False)
        self._said = ui.element("ul").props("role=log")

    def _came(self, event: UploadEventArguments) -> None:
        self._uploaded.append(event.file)

    def _rejected(self, event: GenericEventArguments) -> None:
        for name in event.args:
            self._say(words.TOO_LARGE.format(name=name, most=MOST_BYTES // 10**6))

    async def _finish(self) -> None:
        """All of a drop has come: take it, the earliest recording first."""
        files, self._uploaded = self._uploaded, []
        self._upload.reset()
        if not files:
            return
        self._said.clear()
        self._progress.set_visibility(True)
        async with self._stored(files) as dropped:
            await self._take_all(dropped)
        if not self._said.is_deleted:
            self._progress.set_visibility(False)
            self._done()

    @asynccontextmanager
    async def _stored(self, files: Sequence[FileUpload]) -> AsyncIterator[list[Dropped]]:
        """The files on the disk, for their owner only; what was not put away is removed."""
        folder, dropped = self._state.recordings, []
        make_folder(folder)
        try:
            for file in files:
                handle, path = tempfile.mkstemp(prefix=DROPPED, dir=folder)
                dropped.append(Dropped(file.name, Path(path)))
                with os.fdopen(handle, "wb") as out:
                    async for part in file.iterate():
                        out.write(part)
            yield dropped
        finally:
            for one in dropped:
                one.path.unlink(missing_ok=True)

    async def _take_all(self, dropped: Sequence[Dropped]) -> None:
        steps = 2 * len(dropped)  # looking into each, and taking it
        looked, tables = [], []
        for number, file in enumerate(dropped):
            try:
                kind = await in_other_process(kind_of, file)
                if kind == "archive":
                    await self._take_archive(file)
                elif self._athlete is None:
                    self._say(words.WHOSE.format(name=file.name))
                elif kind == "table":
                    tables.append(file)
                elif kind in ("foreign", "zip"):
                    await self._take_runs(self._athlete, file)
                else:
                    looked.append(await in_other_process(look_into_session, file))
            except GaitError as error:
                self._say(str(error))
            self._show_progress((number + 1) / steps)
        looked += await self._look_into_tables(tables)
        await self._take_recordings(sorted(looked, key=lambda one: one.moment))

    async def _look_into_tables(self, tables: Sequence[Dropped]) -> list[Looked]:
        if not tables:
            return []
        try:
            return await in_other_process(look_into_tables, tables, self._began.value or "")
        except GaitError as error:
            self._say(str(error))
            return []

    async def _take_recordings(self, looked: Sequence[Looked]) -> None:
        kept: list[Taken] = []
        if self._athlete is None:
            return
        for number, one in enumerate(looked):
            try:
                taken = await in_other_process(
                    take, self._state.roster.path, self._athlete, one, self._state.recordings
                )
            except GaitError as error:
                self._say(str(error))
            else:
                self._say((words.KNOWN if taken.known else words.KEPT).format(name=one.name))
                kept += [] if taken.known else [taken]
            self._show_progress(0.5 + 0.5 * (number + 1) / len(looked))
        if kept:
            self._state.did(
                words.IMPORTED.format(count=len(kept)), lambda: _take_out(self._state, kept)
            )

    async def _take_runs(self, athlete: int, file: Dropped) -> None:
        state = self._state
        change, outcome = await in_other_process(take_runs, state.roster.path, athlete, file)
        form = words.KEPT if change else words.KNOWN
        if outcome.kept + outcome.known != 1:
            form = words.RUNS_KEPT
        said = form.format(name=file.name, kept=outcome.kept, known=outcome.known)
        self._say(" ".join([said, *outcome.remarked()]))
        for line in (*outcome.refused, *outcome.passed_over()):
            self._say(line)
        if change:
            did = words.TOOK_IN.format(name=file.name)
            state.did(did, lambda: state.roster.take_back(change))

    async def _take_archive(self, file: Dropped) -> None:
        taken, change, made = await in_other_process(
            take_archive, self._state.roster.path, file, self._state.recordings
        )
        self._say(what_came(taken))

        def back() -> None:
            self._state.roster.take_back(change)
            for path in made:
                path.unlink(missing_ok=True)

        if change:
            self._state.did(words.TOOK_IN.format(name=taken.athlete.name), back)

    def _say(self, sentence: str) -> None:
        """On this page; where it was left in between, on the next one that is opened."""
        if self._said.is_deleted:
            self._state.messages.append(sentence)
            return
        with self._said, ui.element("li"):
            ui.label(sentence)

    def _show_progress(self, share: float) -> None:
        if not self._progress.is_deleted:
            self._progress.value = share


def what_came(taken: TakenIn) -> str:
    """What came of an archive, in sentences."""
    form = words.ARCHIVE_NEW if taken.is_new else words.ARCHIVE_KNOWN
    said = [form.format(name=taken.athlete.name, new=taken.new_sessions, sessions=taken.sessions)]
    if taken.named_anew:
        said.append(words.NAMED_ANEW.format(name=taken.athlete.name))
    if taken.elsewhere:
        said.append(words.ELSEWHERE.format(count=taken.elsewhere))
    return " ".join(said)


def _take_out(state: AppState, kept: Sequence[Taken]) -> None:
    """Undo an import: the sessions leave the roster, and the copies of their files go."""
    with state.roster.change():
        for taken in reversed(kept):
            state.roster.take_back(taken.change)
    for taken in kept:
        if taken.made is not None:
            taken.made.unlink(missing_ok=True)
