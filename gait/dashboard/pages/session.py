"""One session: what it says, what changed, what was measured, stride by stride where asked for."""

from nicegui import ui

from gait.athletes.reassess import reassessed
from gait.dashboard import words
from gait.dashboard.layout import figure, folded, folded_section, heading, page, paragraph, section
from gait.dashboard.pages.first_questions import add_first_questions
from gait.dashboard.pages.session_actions import add_buttons, add_told
from gait.dashboard.pages.strides import add_strides
from gait.dashboard.state import AppState
from gait.model import Summary
from gait.report.figures import step_figures
from gait.report.first_screen import first_screen, ran
from gait.report.html import (
    assessment_html,
    comparison_html,
    comparisons,
    differences_html,
    tiles_html,
)
from gait.report.sentences import (
    changes_said,
    compared_rows,
    duration_words,
)
from gait.roster import Athlete, Session
from gait.text import words as report_words


def session_page(state: AppState, id: int) -> None:
    """What is kept is there at once; strides come when the recording has been read."""
    with page(state, words.SESSION):
        session = state.roster.sessions.get(id)
        athlete = state.roster.athletes.get(session.athlete)
        summary = reassessed(state.roster, session)
        _head(state, athlete, session, summary)
        with section(report_words.SAYS if ran(summary) else report_words.SAYS_NO_RUN):
            _first(summary)
            ui.html(tiles_html(summary), sanitize=False)
            paragraph(report_words.STATEMENT, "faint")
        add_first_questions(state, athlete, session, summary)
        add_buttons(state, athlete, session)
        _changes(summary)
        add_strides(state, session)
        for title, found in comparisons(summary):
            with folded_section(title):
                ui.html(comparison_html(title, found), sanitize=False)
        _step(summary)
        if summary.assessment is not None:
            ui.html(assessment_html(summary.assessment, summary.structures), sanitize=False)
        add_told(state, athlete, session)


def _head(state: AppState, athlete: Athlete, session: Session, summary: Summary) -> None:
    heading(words.SESSION_TITLE.format(name=athlete.name, day=session.day))
    far = "" if session.metres is None else words.FAR.format(km=session.metres / 1000.0)
    shoe = None if session.shoe is None else state.roster.shoes.get(session.shoe)
    paragraph(
        words.SESSION_OF.format(
            time=duration_words(summary.duration_s),
            far=far,
            worn=words.IN_SHOE.format(shoe=shoe.model) if shoe else "",
        ),
        "faint",
    )
    with ui.element().classes("side-by-side"):
        ui.link(words.TO_ATHLETE.format(name=athlete.name), f"/athlete/{athlete.id}")
        for name, other in zip(
            (words.SESSION_BEFORE, words.SESSION_AFTER), _neighbours(state, session), strict=True
        ):
            if other is not None:
                ui.link(name.format(day=other.day), f"/session/{other.id}")


def _neighbours(state: AppState, session: Session) -> tuple[Session | None, Session | None]:
    """The session of this athlete before this one, and the one after it."""
    athlete = state.roster.athletes.get(session.athlete)
    all_of = state.roster.sessions.all(athlete)  # the newest first
    at = next(n for n, one in enumerate(all_of) if one.id == session.id)
    before = all_of[at + 1] if at + 1 < len(all_of) else None
    return before, all_of[at - 1] if at > 0 else None


def _first(summary: Summary) -> None:
    """What was run, what stands out, what it asked of the body and one thing to do next."""
    screen = first_screen(summary)
    for text in screen.warnings:
        paragraph(text, "warn")
    paragraph(screen.says, "strong")
    for text in (*screen.out, *screen.hurts, *screen.notes, screen.load):
        if text:
            paragraph(text)
    if screen.to_do:
        paragraph(f"{report_words.DO_HEADING}: {screen.to_do}".replace("`", ""), "strong")


def _changes(summary: Summary) -> None:
    with section(report_words.CHANGES):
        for text in changes_said(summary) or [words.NO_CHANGES_YET]:
            paragraph(text)
        rows = compared_rows(summary.changes or [])
        if rows:
            with folded(words.EVERY_MEASURE):
                ui.html(differences_html(rows), sanitize=False)
                paragraph(report_words.CHANGES_LEAD, "faint")


def _step(summary: Summary) -> None:
    """Every curve there is, of both feet."""
    with folded_section(words.STEP):
        curves = step_figures(summary)
        if not curves:
            paragraph(words.STEP_MISSING)
            return
        paragraph(words.STEP_EXPLAINED, "faint")
        with ui.element().classes("columns"):
            for drawn in curves:
                figure(drawn)
