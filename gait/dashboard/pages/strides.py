"""The strides of a session over time, to zoom into, and when what was measured."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from nicegui import ui
from numpy.typing import NDArray

from gait.athletes.run_detail import RunDetail, run_detail
from gait.dashboard import words
from gait.dashboard.jobs import in_other_process
from gait.dashboard.layout import figure, folded_section, paragraph, section
from gait.dashboard.pages.session_actions import not_there
from gait.dashboard.state import AppState
from gait.dashboard.tables import Column, table, table_html
from gait.measures.references import USUAL_CADENCE_SPM
from gait.measures.table import STRIDE_MEASURES, StrideMeasure
from gait.model import GaitError, UsageError
from gait.model.strides import Activity, Side, is_side, of_side
from gait.report.figure_model import SIDES, Figure
from gait.report.figures import LEAST_STRIDES, coverage, over_time, series_of, usable
from gait.report.html import figure_html
from gait.report.sentences import duration_words
from gait.roster import Session
from gait.text import number
from gait.text import words as report_words

FIRST_SHOWN = "contact_ms"
STEP_MIN = 0.1
MOST_POINTS = 240  # of one foot on a screen; more strides become medians of bins
BRUSHED = "(event) => emit(event.detail)"

Strides = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One measure. By side its median of the whole run and of the span, None where unknown."""

    row: StrideMeasure
    whole: dict[str, float | None]
    span: dict[str, float | None]


def within(strides: Strides, from_s: float, to_s: float) -> Strides:
    """Those that begin in the span."""
    return strides[(strides["ic_s"] >= from_s) & (strides["ic_s"] <= to_s)]


def measured(strides: Strides) -> list[StrideMeasure]:
    """The measures these strides have, those that are shown first in front."""
    known = [row for row in STRIDE_MEASURES if np.isfinite(strides[row.name]).any()]
    return sorted(known, key=lambda row: not row.key)


def span_rows(strides: Strides, from_s: float, to_s: float) -> list[SpanRow]:
    part = within(strides, from_s, to_s)
    return [
        SpanRow(row, _medians(strides, row.name), _medians(part, row.name))
        for row in measured(strides)
    ]


def _medians(strides: Strides, name: str) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for side in SIDES:
        values = strides[name][is_side(strides, Side(side))]
        values = values[np.isfinite(values)]
        found[side] = float(np.median(values)) if len(values) >= LEAST_STRIDES else None
    return found


class Coverage(IntEnum):
    """Of one second. A later one hides an earlier one where both hold."""

    STILL = 0
    RUNNING = 1
    WALKING = 2
    LEFT_OUT = 3
    MISSING = 4
    PAUSED = 5

    @property
    def block(self) -> str:
        """How a figure shows it."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds in one quality, from and to since the first sample."""

    kind: Coverage
    from_s: int
    to_s: int


def seconds_of(detail: RunDetail, side: str) -> NDArray[np.int8]:
    """The quality of each second of one foot, (n,)."""
    count = max(1, int(np.ceil(detail.ends_s)))
    seconds = np.zeros(count, dtype=np.int8)
    mine = of_side(detail.strides, Side(side))
    running = mine["activity"] == Activity.RUN
    for quality, strides in (
        (Coverage.RUNNING, mine[mine["valid"] & running]),
        (Coverage.WALKING, mine[mine["valid"] & ~running]),
        (Coverage.LEFT_OUT, mine[~mine["valid"]]),
    ):
        last = np.where(np.isfinite(strides["stride_s"]), strides["stride_s"], 0.0)
        _paint(seconds, strides["ic_s"], strides["ic_s"] + last, quality)
    first, last = detail.covered.get(side, (count, count))
    _paint_most(seconds, np.array([[0.0, min(first, count)], [last, count]]), Coverage.MISSING)
    _paint_most(seconds, detail.gaps.get(side, np.zeros((0, 2))), Coverage.MISSING)
    _paint_most(seconds, detail.pauses, Coverage.PAUSED)
    return seconds


def stretches(seconds: NDArray[np.int8]) -> list[Stretch]:
    """Neighbouring seconds in the same quality together."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(seconds)) + 1])
    ends = np.append(starts[1:], len(seconds))
    return [
        Stretch(Coverage(int(seconds[a])), int(a), int(b))
        for a, b in zip(starts, ends, strict=True)
    ]


def totals(seconds: NDArray[np.int8]) -> dict[Coverage, int]:
    """How many seconds are in each quality."""
    return {quality: int(np.sum(seconds == quality)) for quality in Coverage}


def _paint(seconds: NDArray[np.int8], begin: NDArray, end: NDArray, quality: Coverage) -> None:
    """Every second that is touched."""
    for a, b in zip(begin, end, strict=True):
        seconds[max(0, int(a)) : max(0, int(np.ceil(b)))] = quality


def _paint_most(seconds: NDArray[np.int8], spans: NDArray, quality: Coverage) -> None:
    """Every second of which at least half is in one of the spans."""
    part = np.zeros(len(seconds))
    for a, b in spans:
        first, last = max(0, int(a)), min(len(seconds), int(np.ceil(b)))
        at = np.arange(first, last)
        part[first:last] += np.minimum(at + 1.0, b) - np.maximum(at, a)
    seconds[part >= 0.5] = quality


def show_coverage(detail: RunDetail) -> None:
    """Of the feet that were recorded: a strip a foot, and the seconds in a table."""
    seconds = {side: seconds_of(detail, side) for side in SIDES if side in detail.covered}
    if not seconds:
        paragraph(words.NO_STRIDES)
        return
    paragraph(words.MEASURED_WHEN_LEAD.format(time=duration_words(detail.ends_s)), "faint")
    known = [kind for kind in Coverage if any((of == kind).any() for of in seconds.values())]
    strips = {
        side: [(one.kind.block, one.from_s, one.to_s) for one in stretches(of)]
        for side, of in seconds.items()
    }
    names = {kind.block: words.QUALITIES[kind] for kind in known}
    figure(coverage(words.MAP_TABLE, strips, names), wide=True)
    columns = [Column(words.FOOT), *(Column(words.QUALITIES[kind]) for kind in known)]
    rows = []
    for side, of in seconds.items():
        found = totals(of)
        rows.append((side, *(duration_words(found[kind]) for kind in known)))
    table(words.MAP_TABLE, columns, rows)


def add_strides(state: AppState, session: Session) -> None:
    """The sections are there at once; what is in them when the recording has been read."""
    with section(words.STRIDES_OVER_TIME):
        strides = ui.element().classes("stack-down")
    with folded_section(words.MEASURED_WHEN):
        quality = ui.element().classes("stack-down")
    recording = session.recording
    if recording is None or not recording.exists():
        for part in (strides, quality):
            with part:
                paragraph(not_there(session))
        return
    with strides:
        paragraph(words.READING)
        ui.linear_progress(show_value=False).props(f'indeterminate aria-label="{words.READING}"')

    async def fill() -> None:
        try:
            detail = await in_other_process(
                run_detail, recording, session.key, state.roster.derived_folder
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
            paragraph(words.NO_STRIDES)
            return
        with ui.element().classes("side-by-side"):
            ui.select(
                self._names,
                value=self._name,
                label=words.MEASURE,
                on_change=lambda event: self._choose(event.value),
            ).classes("choice")
            self._from, self._to = (
                ui.number(name, value=at, step=STEP_MIN, format="%.1f", min=0)
                for name, at in (
                    (words.FROM_MINUTE, 0.0),
                    (words.TO_MINUTE, self._whole[1] / 60.0),
                )
            )
            for field in (self._from, self._to):
                field.on("change", self._written).classes("minute")
            ui.button(words.ZOOM, on_click=lambda: self._look_at(self._span))
            ui.button(words.WHOLE, on_click=self._all).props("outline")
        with ui.element() as place:
            self._figure = figure(self._over_time(), wide=True)
        place.on("brushed", lambda event: self._brushed(event.args), js_handler=BRUSHED)
        paragraph(words.HOW_TO_BRUSH, "faint")
        self._said = ui.label().props("role=status")
        self._table = ui.html(sanitize=False)
        self._tell()

    def _over_time(self) -> Figure:
        series = series_of(self._used, self._name, begins_s=0.0)
        cadence = self._name == "cadence_spm" and self._running
        return over_time(
            self._name,
            series,
            span=self._shown,
            points=MOST_POINTS,
            band=USUAL_CADENCE_SPM if cadence else None,
        )

    def _choose(self, name: str) -> None:
        self._name = name
        self._draw()
        self._tell()

    def _look_at(self, span: tuple[float, float]) -> None:
        self._shown = span
        self._draw()

    def _all(self) -> None:
        self._set_span(self._whole)
        self._look_at(self._whole)

    def _draw(self) -> None:
        self._figure.content = figure_html(self._over_time(), wide=True)

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
            raise UsageError(words.BAD_SPAN)
        self._set_span((60.0 * low, 60.0 * high))

    def _set_span(self, span: tuple[float, float]) -> None:
        self._span = span
        self._from.value, self._to.value = (round(at / 60.0, 2) for at in span)
        self._tell()

    def _tell(self) -> None:
        start, end = (at / 60.0 for at in self._span)
        form = words.IN_SPAN if self._running else words.IN_SPAN_WALKING
        n = len(within(self._used, *self._span))
        self._said.text = form.format(n=n, start=start, end=end)
        sides = [s for i, s in enumerate(SIDES) if (self._used["side"] == i).any()]
        columns = [
            Column(words.MEASURE),
            *(Column(words.WHOLE_COLUMN.format(side=s), count=True) for s in sides),
            *(Column(words.SPAN_COLUMN.format(side=s), count=True) for s in sides),
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
        self._table.content = table_html(words.SPAN_TABLE, columns, rows)


def _median(row: SpanRow, value: float | None) -> str:
    return report_words.NOT_MEASURED if value is None else number(value, row.row.decimals)
