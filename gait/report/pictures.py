"""The pictures of a run: measures over time, and left against right as distributions.

Thousands of strides become medians of time bins, so a picture stays small whatever the run.
"""

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gait.measures.references import USUAL_CADENCE_SPM
from gait.measures.table import BY_NAME
from gait.model.strides import Activity, Strike
from gait.model.summary import Reference, Summary
from gait.report import words
from gait.report.series import (
    LEAST_SPAN,
    LEAST_STRIDES,
    MOST_POINTS,
    SIDES,
    Floats,
    Series,
    binned,
    broken,
    limits,
    series_of,
)
from gait.report.svg import INK, STYLE, inline_svg

SIZE_IN = (4.9, 2.65)
MARKER = {"left": "o", "right": "^"}
LINE = {"left": "-", "right": (0, (4, 2))}
STRIKE_BOUNDS_DEG = (-1.6, 8.0)  # forefoot below, rearfoot above; Altman & Davis 2012


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline SVG and the words under it."""

    key: str
    title: str
    svg: str
    notes: list[str]
    feet: list[str]


def pictures(summary: Summary, strides: NDArray[np.void]) -> list[Picture]:
    """Every picture there are data for, in reading order; of running, or of walking only."""
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
            found.append(_distribution(name, title, axis, series, notes))
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
    notes, also = [], []
    with mpl.rc_context(STYLE):
        figure, axes = _axes(words.MINUTES_AXIS if minutes else words.SECONDS_AXIS, axis)
        if name == "cadence_spm" and band:
            low, high = USUAL_CADENCE_SPM
            axes.axhspan(low, high, color=INK["band"], alpha=0.16, linewidth=0)
            notes.append(words.BAND_LABEL.format(low=f"{low:.0f}", high=f"{high:.0f}"))
            also += [low, high]
        if reference is not None and reference.low is not None and reference.high is not None:
            for edge in (reference.low, reference.high):
                axes.axhline(edge, color=INK["ink"], linewidth=0.9, linestyle=(0, (6, 4)))
            low, high = (f"{v:.0f}" for v in (reference.low, reference.high))
            notes.append(words.EXPECTED_LABEL.format(low=low, high=high, whom=reference.text))
            also += [reference.low, reference.high]
        notes.insert(0, _draw_lines(axes, series, last, scale))
        values = np.concatenate([s.value for s in series])
        axes.set_ylim(*limits(values, LEAST_SPAN[name], *also))
        axes.set_xlim(0.0, max(last, 1.0) / scale)
        notes += _outside(axes.get_ylim(), series)
    time = f"{last / scale:.0f} {(words.MINUTES_AXIS if minutes else words.SECONDS_AXIS)}"
    words_ = words.ALT_OVER_TIME.format(time=time, feet=_feet_words(name, series))
    return _picture(figure, name, title, words_, notes, series)


def _draw_lines(axes: Any, series: list[Series], last: float, scale: float) -> str:
    """The strides of each foot, or medians of bins where there are many; says which."""
    if max(len(s.time_s) for s in series) <= MOST_POINTS:
        for s in series:
            time_s, value = broken(s.time_s, s.value)
            _line(axes, s.side, time_s / scale, value)
        return words.NOTE_STRIDES
    edges = np.linspace(0.0, np.nextafter(last, np.inf), MOST_POINTS + 1)
    for s in series:
        middle, quartiles = binned(s, edges)
        low, median, high = quartiles.T
        axes.fill_between(middle / scale, low, high, color=INK[s.side], alpha=0.18, linewidth=0)
        _line(axes, s.side, middle / scale, median)
    return words.NOTE_BINNED.format(seconds=f"{edges[1]:.0f}")


def _line(axes: Any, side: str, time: Floats, value: Floats) -> None:
    axes.plot(
        time,
        value,
        color=INK[side],
        linestyle=LINE[side],
        linewidth=1.1,
        marker=MARKER[side],
        markersize=2.8,
        markeredgewidth=0,
    )


def _outside(shown: tuple[float, float], series: list[Series]) -> list[str]:
    n = sum(int(((s.value < shown[0]) | (s.value > shown[1])).sum()) for s in series)
    return [words.NOTE_OUTSIDE.format(n=n)] if n else []


def _distribution(
    name: str, title: str, axis: str, series: list[Series], more: list[str]
) -> Picture:
    values = np.concatenate([s.value for s in series])
    low, high = limits(values, 1.0)
    edges = np.linspace(low, high, int(np.clip(np.sqrt(len(values)) + 4, 10, 30)) + 1)
    notes = [words.NOTE_DISTRIBUTION, *more]
    with mpl.rc_context(STYLE):
        figure, axes = _axes(axis, words.SHARE_AXIS)
        shares = [100.0 * np.histogram(s.value, edges)[0] / len(s.value) for s in series]
        top = 1.12 * max(share.max() for share in shares)
        for s, share in zip(series, shares, strict=True):
            ink = INK[s.side]
            axes.stairs(share, edges, fill=True, color=ink, alpha=0.18, linewidth=0)
            axes.stairs(share, edges, color=ink, linewidth=1.3, linestyle=LINE[s.side])
            median = float(np.median(s.value))
            axes.plot([median], [top], MARKER[s.side], color=ink, markersize=6, clip_on=False)
        axes.set_ylim(0.0, top)
        axes.set_xlim(low, high)
        if name == "strike_angle_deg":
            for bound in STRIKE_BOUNDS_DEG:
                if low < bound < high:
                    axes.axvline(bound, color=INK["ink"], linewidth=0.9, linestyle=(0, (6, 4)))
    words_ = words.ALT_DISTRIBUTION.format(feet=_feet_words(name, series))
    notes += _outside((low, high), series)
    return _picture(figure, name, title, words_, notes, series)


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
                words.STRIKE_SHARES.format(side=side.capitalize(), shares=", ".join(shares))
            )
    return notes


def _axes(x: str, y: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=SIZE_IN, layout="constrained")
    figure.patch.set_alpha(0.0)
    axes = figure.subplots()
    axes.patch.set_alpha(0.0)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.locator_params(nbins=6)
    return figure, axes


def _feet_words(name: str, series: list[Series]) -> str:
    row = BY_NAME[name]
    feet = []
    for s in series:
        low, median, high = (f"{v:z.{row.decimals}f}" for v in np.percentile(s.value, [5, 50, 95]))
        feet.append(
            words.ALT_FOOT.format(
                side=s.side, median=f"{median} {row.unit}", low=low, high=high, n=len(s.value)
            )
        )
    return "; ".join(feet)


def _picture(
    figure: Figure, name: str, title: str, alt: str, notes: list[str], series: list[Series]
) -> Picture:
    key = name.replace("_", "-")
    sides = [s.side for s in series]
    return Picture(key, title, inline_svg(figure, key, title, alt), notes, sides)
