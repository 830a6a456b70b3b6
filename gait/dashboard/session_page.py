"""One session: what it says, what changed, what was measured, stride by stride where asked for."""

import itertools

from markupsafe import Markup
from nicegui import ui

from gait.app.reassess import reassessed
from gait.dashboard import chart_words, session_words
from gait.dashboard.app_state import Desk
from gait.dashboard.chart_element import Picture
from gait.dashboard.charts import Curve, step_curves
from gait.dashboard.layout import folded, heading, page, paragraph, section
from gait.dashboard.session_actions import add_buttons
from gait.dashboard.session_form import add_told
from gait.dashboard.session_strides import add_strides
from gait.dashboard.tables import Cell, Column, safe, table
from gait.model import Summary
from gait.report.assessment_html import assessment_html
from gait.report.cells import Cell as Measured
from gait.report.cells import Comparison, TableRow, comparison
from gait.report.changes import changes_said, compared_rows
from gait.report.measure_table import measure_rows
from gait.report.sentences import SIDES, duration_words, ran, what_this_run_says
from gait.roster import Athlete, Session
from gait.text import words


def session_page(desk: Desk, id: int) -> None:
    """What is kept is there at once; strides come when the recording has been read."""
    with page(desk, session_words.SESSION):
        session = desk.roster.sessions.get(id)
        athlete = desk.roster.athletes.get(session.athlete)
        summary = reassessed(desk.roster, session)
        _head(desk, athlete, session, summary)
        add_buttons(desk, athlete, session)
        if summary.doubts:
            with section(words.DOUBTS):
                for doubt in summary.doubts:
                    paragraph(doubt.sentence)
        with section(words.SAYS if ran(summary) else words.SAYS_NO_RUN):
            for sentence in what_this_run_says(summary):
                paragraph(sentence)
            paragraph(words.STATEMENT, "faint")
        _changes(summary)
        add_strides(desk, session)
        for title, found in _comparisons(summary):
            with section(title):
                _measures(found)
        _step(summary)
        if summary.assessment is not None:
            ui.html(assessment_html(summary.assessment), sanitize=False)
        add_told(desk, athlete, session)


def _head(desk: Desk, athlete: Athlete, session: Session, summary: Summary) -> None:
    heading(session_words.TITLE.format(name=athlete.name, day=session.day))
    far = "" if session.metres is None else session_words.FAR.format(km=session.metres / 1000.0)
    shoe = None if session.shoe is None else desk.roster.shoes.get(session.shoe)
    paragraph(
        session_words.OF.format(
            time=duration_words(summary.duration_s),
            far=far,
            worn=session_words.WORN.format(shoe=shoe.model) if shoe else "",
        ),
        "faint",
    )
    ui.link(session_words.TO_ATHLETE.format(name=athlete.name), f"/athlete/{athlete.id}")


def _changes(summary: Summary) -> None:
    with section(words.CHANGES):
        for text in changes_said(summary) or [session_words.NO_CHANGES_YET]:
            paragraph(text)
        rows = compared_rows(summary.changes or [])
        if not rows:
            return
        columns = [
            Column(words.MEASURE),
            Column(words.USUAL_COLUMN),
            Column(words.THIS_RUN_COLUMN),
            Column(words.VERDICT_COLUMN),
        ]
        table(
            words.CHANGES,
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
        paragraph(words.CHANGES_LEAD, "faint")


def _comparisons(summary: Summary) -> list[tuple[str, Comparison]]:
    """Running, then walking, where there is any."""
    kinds = [(words.COMPARISON, False)] if ran(summary) else []
    rows = [
        (t, measure_rows(summary, walking=w)) for t, w in [*kinds, (words.COMPARISON_WALKING, True)]
    ]
    return [(title, comparison(found)) for title, found in rows if found]


def _measures(found: Comparison) -> None:
    """The main ones, the others on asking; what was not measured stands below with its reason."""
    _groups(found.sides, found.rows)
    if found.more:
        with folded(session_words.MORE_MEASURES.format(count=len(found.more))):
            _groups(found.sides, found.more)
    paragraph(f"{words.MEDIAN_NOTE} {words.AGAINST_NOTE}", "faint")
    if found.missing:
        heading(words.NOT_MEASURED.capitalize(), 3)
        for why, what in found.missing:
            paragraph(f"{what}: {why}")


def _groups(feet: list[str], rows: list[TableRow]) -> None:
    """A table a group."""
    for title, group in itertools.groupby(_with_group(rows), key=lambda pair: pair[0]):
        shown = [row for _, row in group]
        if title:
            heading(title, 3)
        sides = [side for side in (*feet, words.BOTH) if any(_of(row, side) for row in shown)]
        columns = [Column(side) for side in sides]
        table(
            title or words.COMPARISON,
            [Column(words.MEASURE), *columns, Column(words.BESIDE, wide=True)],
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
            words.NOT_MEASURED, safe(cell.why)
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
    with section(session_words.STEP):
        names = [n for n in chart_words.CURVES if any(n in of for of in summary.curves.values())]
        if not names:
            paragraph(session_words.STEP_MISSING)
        with ui.element().classes("columns"):
            for name in names:
                curves = [
                    Curve(side, side, summary.curves[side][name])
                    for side in SIDES
                    if name in summary.curves.get(side, {})
                ]
                with ui.element():
                    title, what = chart_words.CURVES[name]
                    heading(title, 3)
                    paragraph(what[:1].upper() + what[1:], "faint")
                    Picture(step_curves(name, curves))


def _sided(label: str, side: str) -> Cell:
    if side == words.BOTH:
        return label
    return Markup('{} <span class="mark-{}">{}</span>').format(safe(label), side, side)


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(safe(text))
