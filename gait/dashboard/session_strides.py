"""The strides of a session over time, to brush over and zoom into, and when what was measured."""

import json
from collections.abc import Callable

from nicegui import ui

from gait.app.run_detail import RunDetail, run_detail
from gait.dashboard import session_words
from gait.dashboard.app_state import Desk
from gait.dashboard.chart_element import Picture
from gait.dashboard.charts import number, over_time
from gait.dashboard.data_quality_chart import show_coverage
from gait.dashboard.interval_summary import SpanRow, measured, span_rows, usable, within
from gait.dashboard.layout import paragraph, section
from gait.dashboard.session_actions import not_there
from gait.dashboard.tables import Column, table_html
from gait.dashboard.worker import in_other_process
from gait.measures.references import USUAL_CADENCE_SPM
from gait.model import GaitError, UsageError
from gait.report.series import SIDES, series_of
from gait.roster import Session
from gait.text import words

FIRST_SHOWN = "contact_ms"
STEP_MIN = 0.1
# The brush is at hand as soon as the picture is there; a finger must still move the page.
AT_HAND = """() => {{
  const element = getElement({id});
  if (element.atHand || matchMedia("(pointer: coarse)").matches) return;
  element.atHand = true;
  element.chart.dispatchAction({action});
}}"""
BRUSH = {
    "type": "takeGlobalCursor",
    "key": "brush",
    "brushOption": {"brushType": "lineX", "brushMode": "single"},
}
BRUSHED = "(event) => emit(event.areas.length ? event.areas[0].coordRange : null)"


def add_strides(desk: Desk, session: Session) -> None:
    """The sections are there at once; what is in them when the recording has been read."""
    with section(session_words.STRIDES):
        strides = ui.element().classes("stack-down")
    with section(session_words.QUALITY):
        quality = ui.element().classes("stack-down")
    recording = session.recording
    if recording is None or not recording.exists():
        for part in (strides, quality):
            with part:
                paragraph(not_there(session))
        return
    with strides:
        paragraph(session_words.READING)
        ui.linear_progress(show_value=False).props(
            f'indeterminate aria-label="{session_words.READING}"'
        )

    async def fill() -> None:
        try:
            detail = await in_other_process(
                run_detail, recording, session.key, desk.roster.derived_folder
            )
        except GaitError as error:
            said = str(error)
            for part in (strides, quality):
                _refill(part, lambda: paragraph(said))
            return
        _refill(strides, _Strides(detail).show)
        _refill(quality, lambda: show_coverage(detail))

    ui.timer(0.0, fill, once=True)


def _refill(part: ui.element, show: Callable[[], None]) -> None:
    """Nothing, where the page was left in the meantime."""
    if part.is_deleted:
        return
    part.clear()
    with part:
        show()


class _Strides:
    """One measure over time; a span of it is what was brushed or written."""

    def __init__(self, detail: RunDetail) -> None:
        self._used, self._running = usable(detail.strides)
        self._whole = (0.0, max(detail.ends_s, 1.0))
        self._shown = self._span = self._whole
        rows = {row.name: row for row in measured(self._used)}
        self._names = {name: f"{row.label}, {row.unit}" for name, row in rows.items()}
        self._name = FIRST_SHOWN if FIRST_SHOWN in rows else next(iter(rows), "")

    def show(self) -> None:
        if not self._name:
            paragraph(session_words.NO_STRIDES)
            return
        with ui.element().classes("side-by-side"):
            ui.select(
                self._names,
                value=self._name,
                label=session_words.MEASURE,
                on_change=lambda event: self._choose(event.value),
            ).classes("choice")
            self._from, self._to = (
                ui.number(name, value=at, step=STEP_MIN, format="%.1f", min=0)
                for name, at in (
                    (session_words.FROM, 0.0),
                    (session_words.TO, self._whole[1] / 60.0),
                )
            )
            for field in (self._from, self._to):
                field.on("change", self._written).classes("minute")
            ui.button(session_words.ZOOM, on_click=lambda: self._look_at(self._span))
            ui.button(session_words.WHOLE, on_click=self._all).props("outline")
        self._picture = Picture(self._chart(), height_rem=19.0)
        chart = self._picture.echart
        at_hand = AT_HAND.format(id=chart.id, action=json.dumps(BRUSH))
        chart.on("chart:finished", js_handler=at_hand)
        chart.on("chart:brushEnd", lambda event: self._brushed(event.args), js_handler=BRUSHED)
        paragraph(session_words.HOW_TO_BRUSH, "faint")
        self._said = ui.label().props("role=status")
        self._table = ui.html(sanitize=False)
        self._tell()

    def _chart(self):
        series = series_of(self._used, self._name, begins_s=0.0)
        cadence = self._name == "cadence_spm" and self._running
        return over_time(self._name, series, self._shown, band=USUAL_CADENCE_SPM if cadence else ())

    def _choose(self, name: str) -> None:
        self._name = name
        self._draw()

    def _look_at(self, span: tuple[float, float]) -> None:
        self._shown = span
        self._draw()

    def _all(self) -> None:
        self._set_span(self._whole)
        self._look_at(self._whole)

    def _draw(self) -> None:
        self._picture.show(self._chart())
        clear = {"type": "brush", "areas": []}
        self._picture.echart.run_chart_method("dispatchAction", clear)

    def _brushed(self, minutes: list[float] | None) -> None:
        """Nothing brushed is all that is shown."""
        if minutes is None:
            self._set_span(self._shown)
        else:
            low, high = sorted(60.0 * minute for minute in minutes)
            self._set_span((max(low, self._shown[0]), min(high, self._shown[1])))

    def _written(self) -> None:
        low, high = self._from.value, self._to.value
        if low is None or high is None or not low < high:
            raise UsageError(session_words.BAD_SPAN)
        self._set_span((60.0 * low, 60.0 * high))

    def _set_span(self, span: tuple[float, float]) -> None:
        self._span = span
        self._from.value, self._to.value = (round(at / 60.0, 2) for at in span)
        self._tell()

    def _tell(self) -> None:
        start, end = (at / 60.0 for at in self._span)
        form = session_words.IN_SPAN if self._running else session_words.IN_SPAN_WALKING
        n = len(within(self._used, *self._span))
        self._said.text = form.format(n=n, start=start, end=end)
        sides = [s for i, s in enumerate(SIDES) if (self._used["side"] == i).any()]
        columns = [
            Column(session_words.MEASURE),
            *(Column(session_words.WHOLE_COLUMN.format(side=s), count=True) for s in sides),
            *(Column(session_words.SPAN_COLUMN.format(side=s), count=True) for s in sides),
        ]
        rows = [
            (
                self._names[row.row.name],
                *(_median(row, row.whole[s]) for s in sides),
                *(_median(row, row.span[s]) for s in sides),
            )
            for row in span_rows(self._used, *self._span)
            if row.row.key or row.row.name == self._name
        ]
        self._table.content = table_html(session_words.SPAN_TABLE, columns, rows)


def _median(row: SpanRow, value: float | None) -> str:
    return words.NOT_MEASURED if value is None else number(value, row.row.decimals)
