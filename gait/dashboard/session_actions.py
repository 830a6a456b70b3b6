"""What can be done with a session: report, files for other tools, analysing again, deleting."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from fastapi.responses import HTMLResponse
from nicegui import ui

from gait.app.athlete import Runner
from gait.app.deletion import forget_derived
from gait.app.export import ENDINGS, Form
from gait.app.outputs import browser
from gait.app.reassess import reassessed
from gait.dashboard import session_words
from gait.dashboard.analysis_jobs import export_of, pdf_of, report_of, summary_of
from gait.dashboard.app_state import Desk
from gait.dashboard.layout import paragraph
from gait.dashboard.worker import in_other_process
from gait.model import InputError
from gait.roster import Athlete, Session

TYPES = {"fit": "application/vnd.ant.fit"}
OTHER_TYPE = "application/zip"


def add_buttons(desk: Desk, athlete: Athlete, session: Session) -> None:
    """Those that need the recording are there where it is."""
    there = session.recording is not None and session.recording.exists()
    with ui.element().classes("side-by-side"):
        if there:
            report = ui.button(session_words.REPORT)
            report.props(f'href="/session/{session.id}/report" target=_blank')
            if browser() is not None:
                _working(session_words.PDF, partial(_pdf, desk, athlete, session))
            for form in ENDINGS:
                _working(session_words.EXPORTS[form], partial(_export, athlete, session, form))
            _working(session_words.AGAIN, partial(_again, desk, athlete, session))
        ui.button(
            session_words.COMPARE,
            on_click=lambda: ui.navigate.to(f"/compare?b={athlete.id}&b_session={session.id}"),
        ).props("outline")
        ui.button(session_words.DELETE, on_click=partial(_delete, desk, athlete, session)).props(
            "outline"
        )
    if not there:
        paragraph(not_there(session), "faint")


def not_there(session: Session) -> str:
    """Why nothing can be made of the recording."""
    if session.recording is None:
        return session_words.NO_RECORDING
    return session_words.GONE.format(path=session.recording)


def recording_of(session: Session) -> Path:
    """Raises InputError where it is not there."""
    if session.recording is None or not session.recording.exists():
        raise InputError(not_there(session))
    return session.recording


async def report_page(desk: Desk, id: int) -> HTMLResponse:
    """The report of a session. Raises GaitError where there is none."""
    session = desk.roster.sessions.get(id)
    summary = reassessed(desk.roster, session)
    made = await in_other_process(
        report_of, summary, recording_of(session), session.key, desk.roster.derived_folder
    )
    return HTMLResponse(made)


def _working(name: str, act: Callable[[], Awaitable[None]]) -> None:
    """A button that cannot be pressed again while it works, and says that it does."""

    async def work() -> None:
        button.disable()
        said = ui.notification(session_words.WORKING, spinner=True, timeout=None)
        try:
            await act()
        finally:
            said.dismiss()
            button.enable()

    button = ui.button(name, on_click=work).props("outline")


async def _pdf(desk: Desk, athlete: Athlete, session: Session) -> None:
    summary, recording = reassessed(desk.roster, session), recording_of(session)
    made = await in_other_process(
        pdf_of, summary, recording, session.key, desk.roster.derived_folder
    )
    ui.download.content(made, f"{_file_name(athlete, session)}.pdf", "application/pdf")


async def _export(athlete: Athlete, session: Session, form: Form) -> None:
    ending, content = await in_other_process(export_of, recording_of(session), form)
    kind = TYPES.get(form, OTHER_TYPE)
    ui.download.content(content, f"{_file_name(athlete, session)}{ending}", kind)


def _file_name(athlete: Athlete, session: Session) -> str:
    name = "".join(c if c.isalnum() else "-" for c in athlete.name.lower())
    return f"{name}-{session.day}"


async def _again(desk: Desk, athlete: Athlete, session: Session) -> None:
    recording = recording_of(session)
    summary = await in_other_process(
        summary_of, desk.roster.path, athlete.id, recording, session.started_at
    )
    with desk.doing(session_words.ANALYSED.format(day=session.day), athlete, sessions=[session]):
        Runner(desk.roster, athlete).keep(summary, key=session.key, recording=recording)
    desk.messages.append(session_words.ANALYSED_NOW)
    ui.navigate.reload()


def _delete(desk: Desk, athlete: Athlete, session: Session) -> None:
    with desk.doing(session_words.DELETED.format(day=session.day), athlete, sessions=[session]):
        desk.roster.sessions.delete(session)
    forget_derived(desk.roster)
    desk.messages.append(session_words.FILE_STAYS)
    ui.navigate.to(f"/athlete/{athlete.id}")
