"""What can be done with a session: notes, report, exports, analysing again, deleting."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from fastapi.responses import HTMLResponse
from msgspec.structs import replace
from nicegui import ui

from gait.athletes.deletion import forget_derived
from gait.athletes.reassess import reassessed
from gait.athletes.runner import Runner
from gait.dashboard import words
from gait.dashboard.jobs import export_of, in_other_process, pdf_of, report_of, summary_of
from gait.dashboard.layout import paragraph, section
from gait.dashboard.state import AppState
from gait.export.session import ENDINGS, Form
from gait.model import InputError
from gait.report.outputs import browser
from gait.roster import Athlete, Session


def add_told(state: AppState, athlete: Athlete, session: Session) -> None:
    """A form; saving is one change that can be undone."""
    shoes = {shoe.id: shoe for shoe in state.roster.shoes.all(athlete)}
    places = {
        None: words.NOT_SAID,
        False: words.OUTDOORS,
        True: words.INDOORS,
    }
    with section(words.SESSION_NOTES):
        notes = ui.textarea(words.NOTES, value=session.notes).props("autogrow")
        with ui.element().classes("side-by-side"):
            effort = ui.number(words.EFFORT, value=session.effort, min=0, max=10, step=1).classes(
                "choice"
            )
            where = ui.select(places, value=session.indoors, label=words.RUN_WHERE)
            worn = ui.select(
                {None: words.SHOE_UNKNOWN, **{id: s.model for id, s in shoes.items()}},
                value=session.shoe if session.shoe in shoes else None,
                label=words.SHOE,
            )
            for choice in (where, worn):
                choice.classes("choice")

        def save() -> None:
            said = replace(
                state.roster.sessions.get(session.id),
                notes=(notes.value or "").strip(),
                effort=effort.value,
                indoors=where.value,
            )
            with state.doing(
                words.SESSION_SAVED.format(day=session.day), athlete, sessions=[session]
            ):
                kept = state.roster.sessions.edit(said)
                if worn.value != kept.shoe:
                    state.roster.sessions.move(kept, athlete, shoes.get(worn.value))
            ui.navigate.reload()

        with ui.element():
            ui.button(words.SAVE, on_click=save)


TYPES = {"fit": "application/vnd.ant.fit", "tcx": "application/vnd.garmin.tcx+xml"}
OTHER_TYPE = "application/zip"


def add_buttons(state: AppState, athlete: Athlete, session: Session) -> None:
    """Those that need the recording are there where it is."""
    there = session.recording is not None and session.recording.exists()
    with ui.element().classes("side-by-side"):
        if there:
            report = ui.button(words.REPORT)
            report.props(f'href="/session/{session.id}/report" target=_blank')
        ui.button(
            words.COMPARE_SESSION,
            on_click=lambda: ui.navigate.to(f"/compare?b={athlete.id}&b_session={session.id}"),
        ).props("outline")
        with ui.button(words.MORE).props("outline icon-right=expand_more"), ui.menu():
            if there:
                if browser() is not None:
                    _working(words.PDF, partial(_pdf, state, athlete, session))
                for form in ENDINGS:
                    if form not in words.EXPORTS:
                        continue
                    _working(words.EXPORTS[form], partial(_export, athlete, session, form))
                _working(words.AGAIN, partial(_again, state, athlete, session))
                ui.separator()
            delete = partial(_delete, state, athlete, session)
            ui.menu_item(words.DELETE_SESSION, delete).classes("deletes")
    if not there:
        paragraph(not_there(session), "faint")


def not_there(session: Session) -> str:
    """Why nothing can be made of the recording."""
    if session.recording is None:
        return words.NO_RECORDING
    return words.GONE.format(path=session.recording)


def recording_of(session: Session) -> Path:
    """Raises InputError where it is not there."""
    if session.recording is None or not session.recording.exists():
        raise InputError(not_there(session))
    return session.recording


async def report_page(state: AppState, id: int) -> HTMLResponse:
    """The report of a session. Raises GaitError where there is none."""
    session = state.roster.sessions.get(id)
    summary = reassessed(state.roster, session)
    made = await in_other_process(
        report_of, summary, recording_of(session), session.key, state.roster.derived_folder
    )
    return HTMLResponse(made)


def _working(name: str, act: Callable[[], Awaitable[None]]) -> None:
    """An entry of a menu that says that it works, and cannot be chosen again meanwhile."""

    async def work() -> None:
        item.disable()
        said = ui.notification(words.WORKING, spinner=True, timeout=None)
        try:
            await act()
        finally:
            said.dismiss()
            item.enable()

    item = ui.menu_item(name, work)


async def _pdf(state: AppState, athlete: Athlete, session: Session) -> None:
    summary, recording = reassessed(state.roster, session), recording_of(session)
    made = await in_other_process(
        pdf_of, summary, recording, session.key, state.roster.derived_folder
    )
    ui.download.content(made, f"{_file_name(athlete, session)}.pdf", "application/pdf")


async def _export(athlete: Athlete, session: Session, form: Form) -> None:
    ending, content = await in_other_process(export_of, recording_of(session), form)
    kind = TYPES.get(form, OTHER_TYPE)
    ui.download.content(content, f"{_file_name(athlete, session)}{ending}", kind)


def _file_name(athlete: Athlete, session: Session) -> str:
    name = "".join(c if c.isalnum() else "-" for c in athlete.name.lower())
    return f"{name}-{session.day}"


async def _again(state: AppState, athlete: Athlete, session: Session) -> None:
    recording = recording_of(session)
    summary = await in_other_process(
        summary_of, state.roster.path, athlete.id, recording, session.started_at
    )
    with state.doing(words.ANALYSED.format(day=session.day), athlete, sessions=[session]):
        Runner(state.roster, athlete).keep(summary, key=session.key, recording=recording)
    state.messages.append(words.ANALYSED_NOW)
    ui.navigate.reload()


def _delete(state: AppState, athlete: Athlete, session: Session) -> None:
    with state.doing(words.SESSION_DELETED.format(day=session.day), athlete, sessions=[session]):
        state.roster.sessions.delete(session)
    forget_derived(state.roster)
    state.messages.append(words.FILE_STAYS)
    ui.navigate.to(f"/athlete/{athlete.id}")
