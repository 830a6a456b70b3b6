"""One session: what it says, what changed, what was measured, stride by stride where asked for."""

import itertools

from markupsafe import Markup
from nicegui import ui

from gait.app.reassess import reassessed
from gait.dashboard import words
from gait.dashboard.layout import figure, folded, heading, page, paragraph, section
from gait.dashboard.pages.session_actions import add_buttons, add_told
from gait.dashboard.pages.strides import add_strides
from gait.dashboard.state import AppState
from gait.dashboard.tables import Cell, Column, safe, table
from gait.model import Summary
from gait.report.cells import Cell as Measured
from gait.report.cells import Comparison, TableRow, comparison
from gait.report.changes import changes_said, compared_rows
from gait.report.figures import step_figures
from gait.report.html import assessment_html
from gait.report.measure_table import measure_rows
from gait.report.sentences import duration_words, ran, what_this_run_says
from gait.roster import Athlete, Session
from gait.text import words as report_words


def session_page(state: AppState, id: int) -> None:
    """What is kept is there at once; strides come when the recording has been read."""
    with page(state, words.SESSION):
        session = state.roster.sessions.get(id)
        athlete = state.roster.athletes.get(session.athlete)
        summary = reassessed(state.roster, session)
        _head(state, athlete, session, summary)
        add_buttons(state, athlete, session)
        if summary.doubts:
            with section(report_words.DOUBTS):
                for doubt in summary.doubts:
                    paragraph(doubt.sentence)
        with section(report_words.SAYS if ran(summary) else report_words.SAYS_NO_RUN):
            for sentence in what_this_run_says(summary):
                paragraph(sentence)
            paragraph(report_words.STATEMENT, "faint")
        _changes(summary)
        add_strides(state, session)
        for title, found in _comparisons(summary):
            with section(title):
                _measures(found)
        _step(summary)
        if summary.assessment is not None:
            ui.html(assessment_html(summary.assessment), sanitize=False)
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
    ui.link(words.TO_ATHLETE.format(name=athlete.name), f"/athlete/{athlete.id}")


def _changes(summary: Summary) -> None:
    with section(report_words.CHANGES):
        for text in changes_said(summary) or [words.NO_CHANGES_YET]:
            paragraph(text)
        rows = compared_rows(summary.changes or [])
        if not rows:
            return
        columns = [
            Column(report_words.MEASURE),
            Column(report_words.USUAL_COLUMN),
            Column(report_words.THIS_RUN_COLUMN),
            Column(report_words.VERDICT_COLUMN),
        ]
        table(
            report_words.CHANGES,
            columns,
            [
                (
                    _sided(row.label, row.side),
                    row.usual,
                    row.value,
                    _strong(row.verdict) if row.counts else row.verdict,
                )
                for row in rows
            ],
        )
        paragraph(report_words.CHANGES_LEAD, "faint")


def _comparisons(summary: Summary) -> list[tuple[str, Comparison]]:
    """Running, then walking, where there is any."""
    kinds = [(report_words.COMPARISON, False)] if ran(summary) else []
    rows = [
        (t, measure_rows(summary, walking=w))
        for t, w in [*kinds, (report_words.COMPARISON_WALKING, True)]
    ]
    return [(title, comparison(found)) for title, found in rows if found]


def _measures(found: Comparison) -> None:
    """The main ones, the others on asking; what was not measured stands below with its reason."""
    _groups(found.sides, found.rows)
    if found.more:
        with folded(words.MORE_MEASURES.format(count=len(found.more))):
            _groups(found.sides, found.more)
    paragraph(f"{report_words.MEDIAN_NOTE} {report_words.AGAINST_NOTE}", "faint")
    if found.missing:
        heading(report_words.NOT_MEASURED.capitalize(), 3)
        for why, what in found.missing:
            paragraph(f"{what}: {why}")


def _groups(feet: list[str], rows: list[TableRow]) -> None:
    """A table a group."""
    for title, group in itertools.groupby(_with_group(rows), key=lambda pair: pair[0]):
        shown = [row for _, row in group]
        if title:
            heading(title, 3)
        sides = [
            side for side in (*feet, report_words.BOTH) if any(_of(row, side) for row in shown)
        ]
        columns = [Column(side) for side in sides]
        table(
            title or report_words.COMPARISON,
            [Column(report_words.MEASURE), *columns, Column(report_words.BESIDE, wide=True)],
            [
                (row.label, *(_value(_of(row, s), row.unit) for s in sides), _beside(row))
                for row in shown
            ],
        )


def _with_group(rows: list[TableRow]) -> list[tuple[str, TableRow]]:
    """Each row with the heading it stands under."""
    titles = itertools.accumulate((row.heading for row in rows), lambda now, new: new or now)
    return list(zip(titles, rows, strict=True))


def _of(row: TableRow, side: str) -> Measured | None:
    return next((cell for cell in row.cells if cell.side == side), None)


def _value(cell: Measured | None, unit: str) -> Cell:
    if cell is None:
        return ""
    if cell.value is None:
        return Markup('<span class="faint">{}</span> <small>{}</small>').format(
            report_words.NOT_MEASURED, safe(cell.why)
        )
    said = ", ".join(filter(None, (cell.uncertain, *cell.details)))
    said = "; ".join(filter(None, (said, cell.why, cell.note)))
    return Markup("<strong>{}</strong> {} {} <small>{}</small>").format(
        cell.value, cell.spread, unit, safe(said)
    )


def _beside(row: TableRow) -> Cell:
    if not row.beside:
        return ""
    return Markup("{} <small>{}</small>").format(safe(row.beside), safe(row.source))


def _step(summary: Summary) -> None:
    """Every curve there is, of both feet."""
    with section(words.STEP):
        curves = step_figures(summary)
        if not curves:
            paragraph(words.STEP_MISSING)
            return
        paragraph(words.STEP_EXPLAINED, "faint")
        with ui.element().classes("columns"):
            for drawn in curves:
                figure(drawn)


def _sided(label: str, side: str) -> Cell:
    if side == report_words.BOTH:
        return label
    return Markup('{} <span class="mark-{}">{}</span>').format(safe(label), side, side)


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(safe(text))
