"""The pictures of a run: measures over time, and left against right as distributions.

Thousands of strides become medians of time bins, so a picture stays small whatever the run.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.measures.references import USUAL_CADENCE_SPM
from gait.measures.table import BY_NAME
from gait.model.history import Change
from gait.model.strides import STRIKE_BOUNDS_DEG, Activity, Strike
from gait.model.summary import Reference, Summary
from gait.report.series import (
    LEAST_SPAN,
    LEAST_STRIDES,
    MOST_POINTS,
    SIDES,
    Series,
    binned,
    broken,
    limits,
    series_of,
)
from gait.report.svg import Chart
from gait.text import words

MARK = {"left": "●", "right": "▲"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline SVG and the words under it."""

    key: str
    title: str
    svg: str
    notes: list[str]
    feet: list[str]


def pictures(summary: Summary, strides: NDArray[np.void]) -> list[Picture]:
    """Every picture of strides there are data for, in reading order; of running, or of walking
    only."""
    valid = strides[strides["valid"]]
    running = valid[valid["activity"] == Activity.RUN]
    walking = len(running) == 0
    used = valid if walking else running
    found = []
    for name, (title, axis) in (
        words.WALKING_PICTURES if walking else words.RUNNING_PICTURES
    ).items():
        series = series_of(used, name)
        if not series:
            continue
        if name in LEAST_SPAN:
            reference = None if walking else _expectation(summary, name)
            found.append(_over_time(name, title, axis, series, reference, band=not walking))
        else:
            notes = _strike_notes(used) if name == "strike_angle_deg" else []
            own = [c for c in summary.changes or [] if c.measure == name]
            found.append(_distribution(name, title, axis, series, own, notes))
    return found


def _expectation(summary: Summary, name: str) -> Reference | None:
    measures = (summary.measures.get(key, {}).get(name) for key in ("both", *SIDES))
    known = (m.reference for m in measures if m is not None and m.reference is not None)
    return next((r for r in known if r.kind == "expectation" and r.low and r.high), None)


def _over_time(
    name: str,
    title: str,
    axis: str,
    series: list[Series],
    reference: Reference | None,
    *,
    band: bool,
) -> Picture:
    last = max(s.time_s[-1] for s in series)
    minutes = last > 120.0
    scale = 60.0 if minutes else 1.0
    time_axis = words.MINUTES_AXIS if minutes else words.SECONDS_AXIS
    banded = USUAL_CADENCE_SPM if name == "cadence_spm" and band else None
    expected = None
    if reference is not None and reference.low is not None and reference.high is not None:
        expected = reference.low, reference.high
    values = np.concatenate([s.value for s in series])
    shown = limits(values, LEAST_SPAN[name], *(banded or ()), *(expected or ()))
    chart = Chart((0.0, max(last, 1.0) / scale), shown, time_axis, axis)
    notes = []
    if banded is not None:
        low, high = banded
        chart.band(low, high, "band")
        notes.append(words.BAND_LABEL.format(low=f"{low:.0f}", high=f"{high:.0f}"))
    if expected is not None and reference is not None:
        low, high = expected
        chart.level(low)
        chart.level(high)
        notes.append(
            words.EXPECTED_LABEL.format(low=f"{low:.0f}", high=f"{high:.0f}", whom=reference.text)
        )
    notes.insert(0, _draw_lines(chart, series, last, scale))
    notes += _outside(shown, series)
    alt = words.ALT_OVER_TIME.format(
        time=f"{last / scale:.0f} {time_axis}", feet=_feet_words(name, series)
    )
    return _picture(chart, name, title, alt, notes, series)


def _draw_lines(chart: Chart, series: list[Series], last: float, scale: float) -> str:
    """The strides of each foot, or medians of bins where there are many; says which."""
    if max(len(s.time_s) for s in series) <= MOST_POINTS:
        for s in series:
            time_s, value = broken(s.time_s, s.value)
            chart.line(time_s / scale, value, s.side, dashed=s.side == "right", mark=MARK[s.side])
        return words.NOTE_STRIDES
    edges = np.linspace(0.0, np.nextafter(last, np.inf), MOST_POINTS + 1)
    for s in series:
        middle, quartiles = binned(s, edges)
        low, median, high = quartiles.T
        chart.area(middle / scale, low, high, s.side)
        chart.line(middle / scale, median, s.side, dashed=s.side == "right", mark=MARK[s.side])
    return words.NOTE_BINNED.format(seconds=f"{edges[1]:.0f}")


def _outside(shown: tuple[float, float], series: list[Series]) -> list[str]:
    n = sum(int(((s.value < shown[0]) | (s.value > shown[1])).sum()) for s in series)
    return [words.NOTE_OUTSIDE.format(n=n)] if n else []


def _distribution(
    name: str, title: str, axis: str, series: list[Series], own: list[Change], more: list[str]
) -> Picture:
    """A histogram of each foot, with the runner's own usual of earlier runs above it."""
    values = np.concatenate([s.value for s in series])
    ranges = {c.side: (c.usual - c.smallest, c.usual + c.smallest) for c in own}
    low, high = limits(values, 1.0, *(edge for pair in ranges.values() for edge in pair))
    edges = np.linspace(low, high, int(np.clip(np.sqrt(len(values)) + 4, 10, 30)) + 1)
    shares = [100.0 * np.histogram(s.value, edges)[0] / len(s.value) for s in series]
    highest = max(share.max() for share in shares)
    top = (1.32 if ranges else 1.12) * highest
    chart = Chart((low, high), (0.0, top), axis, words.SHARE_AXIS)
    for s, share in zip(series, shares, strict=True):
        chart.columns(edges, share, s.side, dashed=s.side == "right")
        chart.mark(MARK[s.side], float(np.median(s.value)), top, s.side)
    for row, (side, (a, b)) in enumerate(ranges.items()):
        chart.span(a, b, (1.08 + 0.1 * row) * highest, side)
    if name == "strike_angle_deg":
        for bound in STRIKE_BOUNDS_DEG:
            if low < bound < high:
                chart.upright(bound)
    notes = [words.NOTE_DISTRIBUTION, *([words.NOTE_OWN] if ranges else []), *more]
    notes += _outside((low, high), series)
    alt = words.ALT_DISTRIBUTION.format(feet=_feet_words(name, series))
    decimals = BY_NAME[name].decimals
    alt += "".join(
        " "
        + words.ALT_OWN.format(
            side=words.SIDE[side], low=f"{a:z.{decimals}f}", high=f"{b:z.{decimals}f}"
        )
        for side, (a, b) in ranges.items()
    )
    return _picture(chart, name, title, alt, notes, series)


def _strike_notes(strides: NDArray[np.void]) -> list[str]:
    forefoot, rearfoot = (f"{bound:g}".replace("-", "−") for bound in STRIKE_BOUNDS_DEG)
    notes = [words.STRIKE_BOUNDS.format(low=forefoot, high=rearfoot)]
    for code, side in enumerate(SIDES):
        mine = strides["strike"][strides["side"] == code]
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


def _feet_words(name: str, series: list[Series]) -> str:
    row = BY_NAME[name]
    feet = []
    for s in series:
        low, median, high = (f"{v:z.{row.decimals}f}" for v in np.percentile(s.value, [5, 50, 95]))
        feet.append(
            words.ALT_FOOT.format(
                side=words.SIDE[s.side],
                median=f"{median} {row.unit}",
                low=low,
                high=high,
                n=len(s.value),
            )
        )
    return "; ".join(feet)


def _picture(
    chart: Chart, name: str, title: str, alt: str, notes: list[str], series: list[Series]
) -> Picture:
    key = name.replace("_", "-")
    return Picture(key, title, chart.svg(key, title, alt), notes, [s.side for s in series])
