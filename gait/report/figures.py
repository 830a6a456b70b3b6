"""The figures of runs: one function each, from what was measured to a `Figure`.

`gait.report.svg` draws them, in the report and in the dashboard alike.
Thousands of strides become medians of time bins, so a figure stays small whatever the run. What is
not known is a gap.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from gait.measures.references import USUAL_CADENCE_SPM
from gait.measures.session_table import ROWS
from gait.model.arrays import Floats, Records
from gait.model.history import Change
from gait.model.strides import STRIKE_BOUNDS_DEG, Side, Strike, is_running, is_side
from gait.model.summary import Reference, StepCurve, Summary
from gait.report.figure_model import (
    HOLLOW,
    MARK,
    SIDES,
    Axis,
    Band,
    Block,
    Columns,
    Figure,
    Line,
    Span,
    Spot,
    Upright,
)
from gait.text import UNKNOWN, number, words

DASHES = {words.RIGHT: "dashed"}
LEAST_STRIDES = 3
MOST_POINTS = 100  # of one foot; more become medians of bins
LEAST_SPAN = {"cadence_spm": 10.0, "contact_ms": 40.0, "speed_m_s": 0.6}
BRIDGED = 3.0  # strides this many times further apart than usual are not joined by a line
AROUND = 0.06  # of the height, free above and below
MINUTES_FROM_S = 120.0  # a longer run is told in minutes
TABLE_ROWS = 12  # of a table that stands for a line
SPOTS = 50  # places along an average step at which its values are told


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of one foot: time in s, value."""

    side: str
    time_s: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of `step_curves`: what it is called, of which foot, and the values.

    beside : it is what another one is compared with
    """

    name: str
    side: str
    curve: StepCurve
    beside: bool = False


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
        side = words.SIDE[self.side]
        return f"{side}, {self.maker}" if self.maker else side


def usable(strides: Records) -> tuple[Records, bool]:
    """The valid running strides, or the walking ones where there is no running; and which."""
    running = strides[is_running(strides)]
    return (running, True) if len(running) else (strides[strides["valid"]], False)


def run_figures(summary: Summary, strides: NDArray[np.void]) -> list[Figure]:
    """Every figure of strides there are data for, in reading order; of running, or of walking
    only."""
    used, runs = usable(strides)
    found = []
    named = words.RUNNING_PICTURES if runs else words.WALKING_PICTURES
    for name, (title, unit) in named.items():
        series = series_of(used, name)
        if not series:
            continue
        if name in LEAST_SPAN:
            band = USUAL_CADENCE_SPM if name == "cadence_spm" and runs else None
            expected = _expectation(summary, name) if runs else None
            found.append(
                over_time(name, series, title=title, unit=unit, band=band, expected=expected)
            )
        else:
            notes = _strike_notes(used) if name == "strike_angle_deg" else []
            own = [c for c in summary.changes or [] if c.measure == name]
            found.append(distribution(name, series, title=title, unit=unit, own=own, notes=notes))
    return [*found, *step_figures(summary)]


def step_figures(summary: Summary) -> list[Figure]:
    """The average step, left against right, a figure for each curve that is known."""
    duty = summary.measures.get("both", {}).get("duty_factor_pct")
    return [
        step_curves(name, curves, toe_off_pct=duty.value if duty else None)
        for name in words.STEP_PICTURES
        if (
            curves := [
                Curve(words.SIDE[side], side, summary.curves[side][name])
                for side in SIDES
                if name in summary.curves.get(side, {})
            ]
        )
    ]


def over_time(
    name: str,
    series: Sequence[Series],
    *,
    title: str = "",
    unit: str = "",
    span: tuple[float, float] | None = None,
    points: int = MOST_POINTS,
    band: tuple[float, float] | None = None,
    expected: Reference | None = None,
) -> Figure:
    """A measure of each foot over the run.

    Few strides are points of their own, more are medians of bins with their middle half.

    title, unit : in words; the measure's own where empty
    span        : the part from and to which it is shown, in s since the recording began, which is
                  told in minutes; without it all since the first step
    """
    row = ROWS[name]
    title, unit = title or row.label, unit or row.unit
    last = max((s.time_s[-1] for s in series if len(s.time_s)), default=0.0)
    from_s, to_s = span or (0.0, max(last, 1.0))
    series = [_within(s, from_s, to_s) for s in series]
    minutes = span is not None or to_s > MINUTES_FROM_S
    scale = 60.0 if minutes else 1.0
    axis = words.MINUTES_AXIS if minutes else words.SECONDS_AXIS
    if span is not None:
        axis = words.RECORDED_AXIS
    levels = () if expected is None else (expected.low or 0.0, expected.high or 0.0)
    shown = _limits_over_time(series, name, *(band or ()), *levels)
    edges = np.linspace(from_s, np.nextafter(to_s, np.inf), points + 1)
    single = max((len(s.time_s) for s in series), default=0) <= points
    draw = _strides if single else _medians
    lines = [draw(s, edges, scale) for s in series]
    note = words.NOTE_STRIDES
    if not single:
        note = words.NOTE_BINNED.format(seconds=f"{edges[1] - edges[0]:.0f}")
    notes = [note, *_band_notes(band, expected), *_outside(shown, series)]
    if span is None:
        time = f"{to_s / scale:.0f} {axis}"
    else:
        time = words.FROM_TO.format(start=clock(from_s), end=clock(to_s))
    table = np.linspace(from_s, np.nextafter(to_s, np.inf), TABLE_ROWS + 1)
    medians = [binned(s, table)[1][:, 1] for s in series]
    return Figure(
        key=_key(name),
        title=title,
        x=Axis(axis, from_s / scale, to_s / scale),
        y=Axis(unit, *shown),
        said=words.ALT_OVER_TIME.format(time=time, feet=_feet_words(name, series)),
        lines=lines,
        bands=[Band(*band)] if band else [],
        levels=levels,
        spots=_time_spots(lines, name, scale),
        notes=notes,
        head=[words.FROM_TIME, *(words.SIDE[s.side] for s in series)],
        rows=[
            [clock(float(table[i])), *(number(float(m[i]), row.decimals) for m in medians)]
            for i in range(TABLE_ROWS)
        ],
        legend=_legend(lines),
        brushed=span is not None,
    )


def distribution(
    name: str,
    series: Sequence[Series],
    *,
    title: str = "",
    unit: str = "",
    own: Sequence[Change] = (),
    notes: Sequence[str] = (),
) -> Figure:
    """How often each value of a measure is, of each foot; above it what `own` says is usual."""
    row = ROWS[name]
    values = np.concatenate([s.value for s in series])
    ranges = {c.side: (c.usual - c.smallest, c.usual + c.smallest) for c in own}
    low, high = limits(values, 1.0, *(edge for pair in ranges.values() for edge in pair))
    edges = np.linspace(low, high, int(np.clip(np.sqrt(len(values)) + 4, 10, 30)) + 1)
    columns = [
        Columns(
            s.side,
            edges,
            100.0 * np.histogram(s.value, edges)[0] / len(s.value),
            float(np.median(s.value)),
        )
        for s in series
    ]
    highest = max(float(c.heights.max()) for c in columns)
    spans = [
        Span(side, a, b, (1.08 + 0.1 * n) * highest)
        for n, (side, (a, b)) in enumerate(ranges.items())
    ]
    bounds = STRIKE_BOUNDS_DEG if name == "strike_angle_deg" else ()
    usual = [
        words.ALT_OWN.format(
            side=words.SIDE[side], low=number(a, row.decimals), high=number(b, row.decimals)
        )
        for side, (a, b) in ranges.items()
    ]
    shares = [
        (
            words.BETWEEN.format(low=number(a, row.decimals), high=number(b, row.decimals)),
            [number(c.heights[i], 1) for c in columns],
        )
        for i, (a, b) in enumerate(itertools.pairwise(edges))
    ]
    sides = [words.SIDE[c.side] for c in columns]
    return Figure(
        key=_key(name),
        title=title or row.label,
        x=Axis(unit or row.unit, low, high),
        y=Axis(words.SHARE_AXIS, 0.0, (1.32 if ranges else 1.12) * highest),
        said=" ".join([words.ALT_DISTRIBUTION.format(feet=_feet_words(name, series)), *usual]),
        columns=columns,
        uprights=[Upright(bound) for bound in bounds if low < bound < high],
        spans=spans,
        spots=[
            Spot(
                0.5 * (a + b),
                f"{at} {row.unit}: "
                + ", ".join(f"{side} {v} %" for side, v in zip(sides, of, strict=True)),
            )
            for (a, b), (at, of) in zip(itertools.pairwise(edges), shares, strict=True)
        ],
        notes=[
            words.NOTE_DISTRIBUTION,
            *([words.NOTE_OWN] if ranges else []),
            *notes,
            *_outside((low, high), series),
        ],
        head=[row.unit or row.label, *(words.SHARE_OF.format(side=side) for side in sides)],
        rows=[[at, *of] for at, of in shares],
        legend=[(MARK[c.side], c.side, words.SIDE[c.side]) for c in columns],
    )


def step_curves(
    name: str,
    curves: Sequence[Curve],
    *,
    toe_off_pct: float | None = None,
    key: str = "",
    foot: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """One signal over the step, with a shade of one standard deviation between strides.

    toe_off_pct : where the foot leaves the ground, None where not known
    foot        : in words, where all curves are of one
    """
    title, axis = words.STEP_PICTURES[name]
    if name in STANCE_ONLY:
        until = min(100.0, (toe_off_pct or USUAL_TOE_OFF_PCT))
        curves = [_cut(c, until) for c in curves]
        notes = [*notes, words.NOTE_STANCE]
        toe_off_pct = None
    percent = [np.linspace(0.0, 100.0, len(c.curve.mean)) for c in curves]
    lines = [_step_line(c, at) for c, at in zip(curves, percent, strict=True)]
    edges = [edge for line in lines if line.around for edge in line.around]
    low, high = float(np.nanmin(edges)), float(np.nanmax(edges))
    free = AROUND * max(high - low, 1e-6)
    counts = ", ".join(f"{c.name} {c.curve.n}" for c in curves)
    unit = curves[0].curve.unit

    def at(place: float) -> list[str]:
        values = (float(np.interp(place, line.x, line.y)) for line in lines)
        return [UNKNOWN if math.isnan(value) else number(value, 1) for value in values]

    return Figure(
        key=key or f"step-{name}",
        title=words.OF_FOOT.format(what=title, foot=foot) if foot else title,
        x=Axis(words.STEP_AXIS, 0.0, 100.0),
        y=Axis(axis, low - free, high + free),
        said=words.ALT_STEP.format(curves="; ".join(_curve_words(c) for c in curves)),
        lines=lines,
        uprights=[] if toe_off_pct is None else [Upright(toe_off_pct)],
        spots=[
            Spot(
                place,
                f"{place:.0f} %: "
                + ", ".join(f"{c.name} {v} {unit}" for c, v in zip(curves, at(place), strict=True)),
            )
            for place in np.linspace(0.0, 100.0, SPOTS + 1).tolist()
        ],
        notes=[
            *notes,
            words.NOTE_STEP.format(strides=counts),
            *([] if toe_off_pct is None else [words.NOTE_TOE_OFF]),
        ],
        head=[words.STEP_AXIS, *(f"{c.name}, {unit}" for c in curves)],
        rows=[[f"{place} %", *at(place)] for place in range(0, 101, 10)],
        legend=_legend(lines),
    )


# Near toe-down in swing a roll angle means nothing (the axes of pitch and roll fall together).
STANCE_ONLY = ("roll",)
USUAL_TOE_OFF_PCT = 35.0  # of a running stride, where it was not measured


def _cut(c: Curve, until_pct: float) -> Curve:
    """The curve as long as the foot is on the ground; NaN from there on."""
    on = np.linspace(0.0, 100.0, len(c.curve.mean)) <= until_pct
    mean, spread = (
        np.where(on, np.array(part), np.nan).tolist() for part in (c.curve.mean, c.curve.spread)
    )
    return replace(c, curve=structs.replace(c.curve, mean=mean, spread=spread))


def same_axes(figures: Sequence[Figure]) -> list[Figure]:
    """With one y axis for all, so that what is beside one another can be compared."""
    low = min((f.y.low for f in figures), default=0.0)
    high = max((f.y.high for f in figures), default=1.0)
    return [replace(f, y=replace(f.y, low=low, high=high)) for f in figures]


def over_days(
    label: str,
    unit: str,
    decimals: int,
    trends: Sequence[TrendLine],
    *,
    usual: Mapping[str, tuple[float, float]] | None = None,
    marks: Sequence[tuple[date, str]] = (),
    href: Callable[[date], str] = lambda _: "",
) -> Figure:
    """A measure over days, at least one point of it.

    usual : the runner's own usual range, by side
    marks : days on which something else happened, such as new shoes, with the word at each
    href  : what a click on a day opens, empty for nothing
    """
    makers = list(dict.fromkeys(one.maker for one in trends if one.maker))
    trends = [one for one in trends if one.points]
    lines = [_trend_line(one, makers) for one in trends]
    sides = [one.side for one in trends if not one.maker]
    bands = [
        Band(*band, ink=side if side in SIDES else "band")
        for side, band in (usual or {}).items()
        if side in sides
    ]
    # a point whose doubt is not known lies within the axes, too
    reach = [np.zeros(len(e.y)) if e.doubt is None else np.nan_to_num(e.doubt) for e in lines]
    ends = [
        *(y for line, r in zip(lines, reach, strict=True) for y in (line.y - r, line.y + r)),
        *(np.array([band.low, band.high]) for band in bands),
    ]
    y = np.concatenate(ends)
    days = sorted({day for one in trends for day, _, _ in one.points} | {day for day, _ in marks})
    first, last = days[0].toordinal(), days[-1].toordinal()
    free = max(1.0, 0.02 * (last - first))
    told = _told_by_day(trends, decimals)
    return Figure(
        key="trend",
        title=label,
        x=Axis("", first - free, last + free, _day_ticks(first - free, last + free)),
        y=Axis(unit, *limits(y[np.isfinite(y)], 10.0**-decimals)),
        said="; ".join(
            [
                *(_trend_words(one, unit, decimals) for one in trends),
                *(f"{day}: {what}" for day, what in marks),
            ]
        )
        + ".",
        lines=lines,
        bands=bands,
        uprights=[Upright(day.toordinal(), what) for day, what in marks],
        spots=[
            Spot(
                day.toordinal(),
                f"{day}: " + ", ".join(f"{name} {v} {unit}".rstrip() for name, v in of.items()),
                href(day),
            )
            for day, of in sorted(told.items())
        ],
        head=[words.DAY, *(one.name for one in trends)],
        rows=[
            [str(day), *(told[day].get(one.name, UNKNOWN) for one in trends)]
            for day in sorted(told, reverse=True)[: 2 * TABLE_ROWS]
        ],
        legend=_legend(lines) if len(lines) > 1 or lines[0].side in SIDES else [],
    )


def coverage(
    title: str,
    seconds: Mapping[str, Sequence[tuple[str, float, float]]],
    names: Mapping[str, str],
) -> Figure:
    """A strip a foot: what was measured when.

    seconds : by side, the stretches of the run: kind of block, from and to in s
    names   : of the kinds that there are
    """
    sides = [side for side in SIDES if side in seconds]
    blocks = [
        Block(
            kind,
            (from_s / 60.0, to_s / 60.0),
            (len(sides) - 0.9 - row, len(sides) - 0.1 - row),
            f"{clock(from_s)}–{clock(to_s)}: {names[kind]}",
        )
        for row, side in enumerate(sides)
        for kind, from_s, to_s in seconds[side]
    ]
    ends = max(block.x[1] for block in blocks)
    feet = [
        (len(sides) - 0.5 - row, f"{MARK[side]} {words.SIDE[side]}")
        for row, side in enumerate(sides)
    ]
    return Figure(
        key="coverage",
        title=title,
        x=Axis(words.RECORDED_AXIS, 0.0, ends),
        y=Axis("", 0.0, float(len(sides)), feet),
        said=f"{', '.join(words.SIDE[side] for side in sides)}: {', '.join(names.values())}.",
        blocks=blocks,
        kinds=list(names.items()),
        flat=True,
    )


def series_of(strides: NDArray[np.void], name: str, begins_s: float | None = None) -> list[Series]:
    """A measure of each foot that has it often enough.

    begins_s : what the times count from, None for the first of these strides
    """
    if name not in (strides.dtype.names or ()) or len(strides) == 0:
        return []
    start = strides["ic_s"].min() if begins_s is None else begins_s
    found = []
    for side in SIDES:
        mine = strides[is_side(strides, Side(side)) & np.isfinite(strides[name])]
        mine = mine[np.argsort(mine["ic_s"])]
        if len(mine) >= LEAST_STRIDES:
            found.append(Series(side, mine["ic_s"] - start, mine[name]))
    return found


def limits(values: Floats, least: float, *also: float) -> tuple[float, float]:
    """Axis limits around 99 values in 100 and everything in `also`, at least `least` apart."""
    inner = np.sort(values)
    beyond = len(values) // 200  # at either end; none of a few
    low, high = inner[beyond], inner[-1 - beyond]
    margin = 0.08 * (high - low)
    low, high = min([low - margin, *also]), max([high + margin, *also])
    short = max(0.0, least - (high - low)) / 2
    return float(low - short), float(high + short)


def binned(series: Series, edges: Floats) -> tuple[Floats, Floats]:
    """Middle of each bin (b,) and quartiles (b, 3) of the values in it, NaN where it is empty."""
    first = np.searchsorted(series.time_s, edges)
    quartiles = np.full((len(edges) - 1, 3), np.nan)
    for row, (a, b) in enumerate(itertools.pairwise(first)):
        if b > a:
            quartiles[row] = np.percentile(series.value[a:b], [25, 50, 75])
    return 0.5 * (edges[:-1] + edges[1:]), quartiles


def broken(time_s: Floats, value: Floats) -> tuple[Floats, Floats]:
    """With a NaN wherever strides are missing between two, so that no line bridges them."""
    step = np.diff(time_s)
    gaps = np.flatnonzero(step > BRIDGED * np.median(step)) + 1 if len(step) else []
    return np.insert(time_s, gaps, np.nan), np.insert(value, gaps, np.nan)


def clock(seconds: float) -> str:
    """Minutes and seconds, such as `7:05`."""
    minutes, s = divmod(round(seconds), 60)
    return f"{minutes}:{s:02d}"


def _key(name: str) -> str:
    return name.replace("_", "-")


def _within(series: Series, from_s: float, to_s: float) -> Series:
    inside = (series.time_s >= from_s) & (series.time_s <= to_s)
    return Series(series.side, series.time_s[inside], series.value[inside])


def _limits_over_time(series: Sequence[Series], name: str, *also: float) -> tuple[float, float]:
    values = np.concatenate([s.value for s in series] or [np.zeros(0)])
    if len(values) == 0:
        return (min(also), max(also)) if also else (0.0, 1.0)
    return limits(values, LEAST_SPAN.get(name, 20.0 * 10.0 ** -ROWS[name].decimals), *also)


def _strides(s: Series, edges: Floats, scale: float) -> Line:
    """Each a point of its own."""
    del edges
    time_s, value = broken(s.time_s, s.value)
    return Line(
        words.SIDE[s.side],
        s.side,
        time_s / scale,
        value,
        dashes=DASHES.get(s.side, ""),
        mark=MARK[s.side],
    )


def _medians(s: Series, edges: Floats, scale: float) -> Line:
    middle, quartiles = binned(s, edges)
    low, median, high = quartiles.T
    return Line(
        words.SIDE[s.side],
        s.side,
        middle / scale,
        median,
        around=(low, high),
        dashes=DASHES.get(s.side, ""),
        mark=MARK[s.side] if len(median) <= MOST_POINTS else "",
    )


def _time_spots(lines: Sequence[Line], name: str, scale: float) -> list[Spot]:
    """The values at each time at which there is one."""
    row = ROWS[name]
    at: dict[float, list[str]] = {}
    for line in lines:
        for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
            if np.isfinite(y):
                said = f"{line.name} {number(y, row.decimals)} {row.unit}".rstrip()
                at.setdefault(x, []).append(said)
    return [Spot(x, f"{clock(scale * x)}: {', '.join(at[x])}") for x in sorted(at)]


def _legend(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    strokes = {"": "━", "dashed": "╍"}
    found = {}
    for line in lines:
        feet = line.side in SIDES and line.name == words.SIDE[line.side]
        mark = line.mark or (MARK[line.side] if feet else strokes[line.dashes])
        found[line.name] = (mark, line.colour, line.name)
    return list(found.values())


def _band_notes(band: tuple[float, float] | None, expected: Reference | None) -> list[str]:
    notes = []
    if band is not None:
        notes.append(words.BAND_LABEL.format(low=f"{band[0]:.0f}", high=f"{band[1]:.0f}"))
    if expected is not None:
        low, high = f"{expected.low or 0.0:.0f}", f"{expected.high or 0.0:.0f}"
        notes.append(words.EXPECTED_LABEL.format(low=low, high=high, whom=expected.text))
    return notes


def _outside(shown: tuple[float, float], series: Sequence[Series]) -> list[str]:
    n = sum(int(((s.value < shown[0]) | (s.value > shown[1])).sum()) for s in series)
    return [words.NOTE_OUTSIDE.format(n=n)] if n else []


def _feet_words(name: str, series: Sequence[Series]) -> str:
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
                side=words.SIDE[s.side],
                median=f"{median} {row.unit}",
                low=low,
                high=high,
                n=len(s.value),
            )
        )
    return "; ".join(feet) or words.NOT_MEASURED


def _expectation(summary: Summary, name: str) -> Reference | None:
    measures = (summary.measures.get(key, {}).get(name) for key in ("both", *SIDES))
    known = (m.reference for m in measures if m is not None and m.reference is not None)
    return next((r for r in known if r.kind == "expectation" and r.low and r.high), None)


def _strike_notes(strides: NDArray[np.void]) -> list[str]:
    forefoot, rearfoot = (f"{bound:g}".replace("-", "−") for bound in STRIKE_BOUNDS_DEG)
    notes = [words.STRIKE_BOUNDS.format(low=forefoot, high=rearfoot)]
    for side in SIDES:
        mine = strides["strike"][is_side(strides, Side(side))]
        mine = mine[mine != Strike.UNKNOWN]
        if len(mine) >= LEAST_STRIDES:
            shares = [
                words.STRIKE_SHARE.format(pct=f"{100.0 * np.mean(mine == kind):.0f}", strike=word)
                for kind, word in words.STRIKES.items()
                if np.any(mine == kind)
            ]
            notes.append(
                words.STRIKE_SHARES.format(
                    side=words.SIDE[side].capitalize(), shares=", ".join(shares)
                )
            )
    return notes


def _step_line(c: Curve, at: Floats) -> Line:
    """What it is compared with is in grey and dashed."""
    mean, spread = np.array(c.curve.mean), np.array(c.curve.spread)
    line = Line(c.name, c.side, at, mean, around=(mean - spread, mean + spread))
    if c.beside:
        return replace(line, ink="faint", dashes="dashed")
    feet = c.name == words.SIDE[c.side]  # both are in one figure
    return replace(line, dashes=DASHES.get(c.side, "") if feet else "")


def _curve_words(c: Curve) -> str:
    mean = c.curve.mean
    known = [value for value in mean if not math.isnan(value)]
    top, bottom = max(known), min(known)
    last = len(mean) - 1
    return words.ALT_CURVE.format(
        name=c.name,
        high=f"{number(top, 1)} {c.curve.unit}",
        high_at=round(100 * mean.index(top) / last),
        low=f"{number(bottom, 1)} {c.curve.unit}",
        low_at=round(100 * mean.index(bottom) / last),
    )


def _trend_line(one: TrendLine, makers: Sequence[str]) -> Line:
    """Hollow marks for the figures of others, one a maker; sides differ by colour and line, too."""
    doubt = np.array([np.nan if d is None else d for _, _, d in one.points], dtype=np.float64)
    return Line(
        one.name,
        one.side,
        np.array([day.toordinal() for day, _, _ in one.points], dtype=np.float64),
        np.array([value for _, value, _ in one.points], dtype=np.float64),
        doubt=doubt if np.isfinite(doubt).any() else None,
        dashes=DASHES.get(one.side, ""),
        mark=HOLLOW[makers.index(one.maker) % len(HOLLOW)] if one.maker else MARK[one.side],
    )


def _told_by_day(trends: Sequence[TrendLine], decimals: int) -> dict[date, dict[str, str]]:
    """By day and line its value; of several runs of a day the last."""
    told: dict[date, dict[str, str]] = {}
    for one in trends:
        for day, value, doubt in one.points:
            around = "" if doubt is None else f" ± {number(doubt, decimals)}"
            told.setdefault(day, {})[one.name] = number(value, decimals) + around
    return told


def _trend_words(one: TrendLine, unit: str, decimals: int) -> str:
    first, last = one.points[0], one.points[-1]
    return words.ALT_TREND.format(
        side=one.name,
        first=f"{number(first[1], decimals)} {unit}".rstrip(),
        since=first[0],
        last=f"{number(last[1], decimals)} {unit}".rstrip(),
        until=last[0],
        n=len(one.points),
    )


def _day_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Days, or firsts of months, five at most."""
    days = range(int(np.ceil(low)), int(high) + 1)
    for step in (1, 2, 7, 14):
        if len(days) <= 5 * step:
            return [(day, f"{date.fromordinal(day):%m-%d}") for day in days[::step]]
    months = [(d, date.fromordinal(d)) for d in days if date.fromordinal(d).day == 1]
    for step in (1, 2, 3, 6, 12, 24, 60):
        kept = [d for d, of in months if (12 * of.year + of.month - 1) % step == 0]
        if len(kept) <= 5:
            break
    return [(day, f"{date.fromordinal(day):%Y-%m}") for day in kept]
