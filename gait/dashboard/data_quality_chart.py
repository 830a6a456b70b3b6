"""The map of quality on a page: a strip a foot, what its marks mean, and the seconds in a table."""

import numpy as np
from markupsafe import Markup
from nicegui import ui
from numpy.typing import NDArray

from gait.app.run_detail import RunDetail
from gait.dashboard import session_words
from gait.dashboard.data_quality import State, seconds_of, stretches, totals
from gait.dashboard.layout import paragraph
from gait.dashboard.tables import Column, table
from gait.report.sentences import duration_words
from gait.report.series import SIDES

# top and height of ten; so the states differ without their colours, too
HEIGHTS = {
    State.STILL: (9, 1),
    State.RUNNING: (2, 8),
    State.WALKING: (6, 4),
    State.LEFT_OUT: (0, 10),
    State.MISSING: (0, 0),
    State.PAUSED: (0, 1),
}


def show_coverage(detail: RunDetail) -> None:
    """Of the feet that were recorded."""
    seconds = {side: seconds_of(detail, side) for side in SIDES if side in detail.covered}
    if not seconds:
        paragraph(session_words.NO_STRIDES)
        return
    paragraph(session_words.QUALITY_LEAD.format(time=duration_words(detail.ends_s)), "faint")
    for side, states in seconds.items():
        ui.html(strip(side, states), sanitize=False)
    known = [state for state in State if any((of == state).any() for of in seconds.values())]
    ui.html(_key(known), sanitize=False)
    columns = [Column(session_words.FOOT), *(Column(session_words.STATES[s]) for s in known)]
    rows = []
    for side, states in seconds.items():
        found = totals(states)
        rows.append((side, *(duration_words(found[state]) for state in known)))
    table(session_words.MAP_TABLE, columns, rows)


def strip(side: str, seconds: NDArray[np.int8]) -> Markup:
    """The seconds of one foot from left to right; for the eye only, the table has the numbers."""
    parts = Markup().join(
        _block(part.state, part.from_s, part.to_s - part.from_s) for part in stretches(seconds)
    )
    return Markup(
        '<div class="strip"><span class="mark-{0}">{0}</span><svg viewBox="0 0 {1} 10"'
        ' preserveAspectRatio="none" aria-hidden="true">{2}</svg></div>'
    ).format(side, len(seconds), parts)


def _block(state: State, x: int, width: int) -> Markup:
    top, height = HEIGHTS[state]
    return Markup('<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>').format(
        state.name.lower().replace("_", "-"), x, width, top, height
    )


def _key(states: list[State]) -> Markup:
    swatch = Markup(
        '<span><svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">{}</svg> {}</span>'
    )
    return Markup('<div class="strip-key">{}</div>').format(
        Markup().join(
            swatch.format(_block(state, 0, 10), session_words.STATES[state]) for state in states
        )
    )
