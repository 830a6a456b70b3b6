"""Pictures to look into: options for ECharts, each with its words and its numbers.

Pure: strides, curves and points go in, a `Chart` comes out. Colours are the variables of the page,
so light and dark are the page's own affair; left and right differ by mark and line, too.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from gait.dashboard import chart_words
from gait.dashboard.chart_options import (
    Floats,
    Options,
    Points,
    area,
    day_marks,
    frame,
    level_band,
    plain_line,
    points_of,
)
from gait.measures.session_table import ROWS
from gait.model.summary import StepCurve
from gait.report.series import LEAST_SPAN, Series, binned, broken, limits
from gait.text import words

MOST_POINTS = 240  # of one foot on a screen; more strides become medians of bins
MARK = {words.LEFT: "circle", words.RIGHT: "triangle", words.BOTH: "diamond"}
HOLLOW = ("emptyRect", "emptyArrow", "emptyPin", "emptyRoundRect")
LINE = {words.LEFT: "solid", words.RIGHT: "dashed", words.BOTH: "solid"}
INK = {words.LEFT: "var(--left)", words.RIGHT: "var(--right)", words.BOTH: "var(--ink)"}
TABLE_ROWS = 12  # of a table that stands for a line


@dataclass(frozen=True, slots=True)
class Chart:
    """`said` and the table (`head`, `rows`) are for who does not see the picture."""

    options: Options
    said: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of `step_curves`: what it is called, in whose colours, and the values."""

    name: str
    side: str
    curve: StepCurve
    second: bool = False  # of two that are compared


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One side over days: day, value and 95 % half-width (None where not known) of each point.

    maker : whose figures they are where they were not measured here
    """

    side: str
    points: Sequence[tuple[date, float, float | None]]
    maker: str = ""

    @property
    def name(self) -> str:
        return f"{self.side}, {self.maker}" if self.maker else self.side


def number(value: float, decimals: int) -> str:
    """As the report writes it."""
    return f"{value:z.{decimals}f}".replace("-", "−")


def over_time(
    name: str, series: Sequence[Series], span: tuple[float, float], *, band: Sequence[float] = ()
) -> Chart:
    """A measure of each foot over a span of the run in seconds; a part of it can be brushed.

    Few strides are points of their own, more are medians of bins with their middle half.
    """
    row = ROWS[name]
    from_s, to_s = span
    inside = [_within(s, span) for s in series]
    values = np.concatenate([s.value for s in inside] or [np.zeros(0)])
    low, high = _limits(values, name, band)
    lines: list[Options] = []
    for s in inside:
        lines += _line_over_time(s, span, row.decimals)
    if band:
        lines.append(level_band(band))
    time = chart_words.SPAN.format(start=_clock(from_s), end=_clock(to_s))
    options = frame(
        x={"type": "value", "min": from_s / 60.0, "max": to_s / 60.0, "name": chart_words.MINUTES},
        y={"type": "value", "min": low, "max": high, "name": row.unit},
        series=lines,
        decimals=row.decimals,
    )
    options["brush"] = {
        "xAxisIndex": 0,
        "brushType": "lineX",
        "brushMode": "single",
        "throttleType": "debounce",
        "throttleDelay": 150,
        "brushStyle": {"color": "var(--link)", "opacity": 0.15, "borderColor": "var(--link)"},
        "outOfBrush": {"colorAlpha": 1},
    }
    return Chart(
        options,
        f"{row.label}, {time}. {feet_words(name, inside)}",
        [chart_words.MINUTE, *(s.side for s in inside)],
        _over_time_rows(inside, span, row.decimals),
    )


def distribution(name: str, series: Sequence[Series]) -> Chart:
    """How often each value of a measure is, of each foot."""
    row = ROWS[name]
    values = np.concatenate([s.value for s in series] or [np.zeros(0)])
    low, high = limits(values, 1.0) if len(values) else (0.0, 1.0)
    edges = np.linspace(low, high, int(np.clip(np.sqrt(len(values)) + 4, 10, 30)) + 1)
    shares = {s.side: 100.0 * np.histogram(s.value, edges)[0] / len(s.value) for s in series}
    lines = [
        _steps(side, edges, share, float(np.median(s.value)), row.decimals)
        for (side, share), s in zip(shares.items(), series, strict=True)
    ]
    options = frame(
        x={"type": "value", "min": low, "max": high, "name": row.unit},
        y={"type": "value", "min": 0, "name": words.SHARE_AXIS},
        series=lines,
        decimals=1,
    )
    rows = [
        [
            words.BETWEEN.format(low=number(a, row.decimals), high=number(b, row.decimals)),
            *(number(share[i], 1) for share in shares.values()),
        ]
        for i, (a, b) in enumerate(itertools.pairwise(edges))
    ]
    said = f"{row.label}. {feet_words(name, series)}"
    return Chart(options, said, [row.unit or row.label, *shares], rows)


def step_curves(name: str, curves: Sequence[Curve]) -> Chart:
    """The average step from contact to contact, with one spread between strides around it."""
    title, what = chart_words.CURVES[name]
    unit = next((c.curve.unit for c in curves), "")
    lines: list[Options] = []
    for c in curves:
        mean, spread = np.array(c.curve.mean), np.array(c.curve.spread)
        percent = np.arange(len(mean), dtype=np.float64)
        ink = INK[words.BOTH] if c.second else INK[c.side]
        lines += area(c.name, percent, mean - spread, mean + spread, ink, 2)
        style = {"color": ink, "width": 2, "type": "dotted" if c.second else LINE[c.side]}
        lines.append(plain_line(c.name, points_of(percent, mean, 2), ink) | {"lineStyle": style})
    options = frame(
        x={"type": "value", "min": 0, "max": 100, "name": chart_words.PERCENT_OF_STRIDE},
        y={"type": "value", "scale": True, "name": unit},
        series=lines,
        decimals=1,
    )
    rows = [
        [
            f"{at} %",
            *(
                words.USUAL.format(
                    usual=number(c.curve.mean[at], 1),
                    around=number(c.curve.spread[at], 1),
                    unit=unit,
                )
                for c in curves
            ),
        ]
        for at in range(0, 101, 10)
    ]
    said = "; ".join(_curve_words(c, unit) for c in curves)
    head = [chart_words.PERCENT_OF_STRIDE, *(c.name for c in curves)]
    return Chart(options, f"{title}: {what} {said}.", head, rows)


def trend(
    label: str,
    unit: str,
    decimals: int,
    lines: Sequence[TrendLine],
    *,
    usual: Mapping[str, tuple[float, float]] | None = None,
    marks: Sequence[tuple[date, str]] = (),
) -> Chart:
    """A measure over days.

    usual : the runner's own usual range, by side
    marks : days on which something else happened, such as new shoes, in words
    """
    shown: list[Options] = []
    makers = list(dict.fromkeys(line.maker for line in lines if line.maker))
    for line in lines:
        points = [[day.isoformat(), round(value, decimals + 1)] for day, value, _ in line.points]
        shown.append(
            plain_line(line.name, points, INK[line.side])
            | {
                "symbol": _symbol(line, makers),
                "symbolSize": 7,
                "showSymbol": True,
                "lineStyle": {
                    "color": INK[line.side],
                    "type": LINE[line.side],
                    "width": 0.75 if line.maker else 1.5,
                },
            }
        )
        shown.append(_whiskers(line, decimals))
        if usual and line.side in usual and not line.maker:
            shown.append(level_band(usual[line.side], INK[line.side]))
    if shown and marks:
        shown[0]["markLine"] = day_marks(marks)
    options = frame(
        x={"type": "time"},
        y={"type": "value", "scale": True, "name": unit},
        series=shown,
        decimals=decimals,
    )
    options["grid"]["top"] = 60 if marks else 40
    said = [_trend_words(line, unit, decimals) for line in lines if line.points]
    said += [f"{day.isoformat()}: {what}" for day, what in marks]
    sides, rows = _trend_rows(lines, decimals)
    text = f"{label}. {'; '.join(said) or words.NOT_MEASURED}."
    return Chart(options, text, [chart_words.DAY, *sides], rows)


def feet_words(name: str, series: Sequence[Series]) -> str:
    """The median of each foot and where nine strides in ten are."""
    row = ROWS[name]
    feet = []
    for s in series:
        if len(s.value) == 0:
            continue
        at = np.percentile(s.value, [5, 50, 95])
        low, median, high = (number(float(v), row.decimals) for v in at)
        feet.append(
            words.ALT_FOOT.format(
                side=s.side, median=f"{median} {row.unit}", low=low, high=high, n=len(s.value)
            )
        )
    return "; ".join(feet) + "." if feet else chart_words.NO_STRIDES


def _within(series: Series, span: tuple[float, float]) -> Series:
    inside = (series.time_s >= span[0]) & (series.time_s <= span[1])
    return Series(series.side, series.time_s[inside], series.value[inside])


def _limits(values: Floats, name: str, band: Sequence[float]) -> tuple[float, float]:
    if len(values) == 0:
        return 0.0, 1.0
    decimals = ROWS[name].decimals
    low, high = limits(values, LEAST_SPAN.get(name, 10.0**-decimals * 20.0), *band)
    return round(low, decimals), round(high, decimals)


def _line_over_time(series: Series, span: tuple[float, float], decimals: int) -> list[Options]:
    ink = INK[series.side]
    style = {"color": ink, "width": 1.5, "type": LINE[series.side]}
    if len(series.time_s) <= MOST_POINTS:
        points = points_of(*broken(series.time_s / 60.0, series.value), decimals + 1)
        symbols = {"symbol": MARK[series.side], "symbolSize": 5, "showSymbol": True}
        none = area(series.side, np.zeros(0), np.zeros(0), np.zeros(0), ink, decimals)
        return [*none, plain_line(series.side, points, ink) | symbols | {"lineStyle": style}]
    middle, quartiles = binned(series, _edges(span))
    low, median, high = quartiles.T
    lines = area(series.side, middle / 60.0, low, high, ink, decimals)
    points = points_of(middle / 60.0, median, decimals + 1)
    return [*lines, plain_line(series.side, points, ink) | {"lineStyle": style}]


def _edges(span: tuple[float, float]) -> Floats:
    return np.linspace(span[0], np.nextafter(span[1], np.inf), MOST_POINTS + 1)


def _steps(side: str, edges: Floats, share: Floats, median: float, decimals: int) -> Options:
    points = points_of(edges, np.append(share, share[-1]), 2)
    return plain_line(side, points, INK[side]) | {
        "step": "end",
        "lineStyle": {"color": INK[side], "width": 1.5, "type": LINE[side]},
        "areaStyle": {"color": INK[side], "opacity": 0.16},
        "markPoint": {
            "silent": True,
            "symbol": MARK[side],
            "symbolSize": 10,
            "label": {"show": False},
            "data": [{"coord": [round(median, decimals + 1), float(share.max())]}],
        },
    }


def _symbol(line: TrendLine, makers: Sequence[str]) -> str:
    """Hollow for the figures of others, one a maker; sides differ by colour and line, too."""
    if not line.maker:
        return MARK[line.side]
    return HOLLOW[makers.index(line.maker) % len(HOLLOW)]


def _whiskers(line: TrendLine, decimals: int) -> Options:
    """The uncertainty of each point as a thin line through it."""
    points: Points = []
    for day, value, doubt in line.points:
        if doubt is not None:
            ends = [round(value - doubt, decimals + 1), round(value + doubt, decimals + 1)]
            points += [[day.isoformat(), ends[0]], [day.isoformat(), ends[1]]]
            points.append([day.isoformat(), None])
    thin = {"color": INK[line.side], "width": 1, "opacity": 0.5}
    extra = {"lineStyle": thin, "tooltip": {"show": False}, "silent": True}
    return plain_line(chart_words.UNCERTAINTY, points, INK[line.side]) | extra


def _over_time_rows(
    series: Sequence[Series], span: tuple[float, float], decimals: int
) -> list[list[str]]:
    edges = np.linspace(span[0], np.nextafter(span[1], np.inf), TABLE_ROWS + 1)
    medians = [binned(s, edges)[1][:, 1] for s in series]
    return [
        [_clock(float(edges[i])), *(_or_dash(float(m[i]), decimals) for m in medians)]
        for i in range(TABLE_ROWS)
    ]


def _or_dash(value: float, decimals: int) -> str:
    return number(value, decimals) if np.isfinite(value) else words.NOT_MEASURED


def _clock(seconds: float) -> str:
    minutes, s = divmod(round(seconds), 60)
    return f"{minutes}:{s:02d}"


def _curve_words(c: Curve, unit: str) -> str:
    low, high = min(c.curve.mean), max(c.curve.mean)
    return chart_words.CURVE.format(
        name=c.name,
        low=number(low, 1),
        high=number(high, 1),
        at=c.curve.mean.index(high),
        unit=unit,
        n=c.curve.n,
    )


def _trend_words(line: TrendLine, unit: str, decimals: int) -> str:
    first, last = line.points[0], line.points[-1]
    return chart_words.TREND.format(
        side=line.name,
        first=number(first[1], decimals),
        since=first[0].isoformat(),
        last=number(last[1], decimals),
        until=last[0].isoformat(),
        unit=unit,
        n=len(line.points),
    )


def _trend_rows(lines: Sequence[TrendLine], decimals: int) -> tuple[list[str], list[list[str]]]:
    """The last of the days, the newest first."""
    by_day: dict[date, dict[str, str]] = {}
    for line in lines:
        for day, value, _ in line.points:
            by_day.setdefault(day, {})[line.name] = number(value, decimals)
    sides = [line.name for line in lines]
    days = sorted(by_day, reverse=True)[: 2 * TABLE_ROWS]
    rows = [
        [day.isoformat(), *(by_day[day].get(side, words.NOT_MEASURED) for side in sides)]
        for day in days
    ]
    return sides, rows
