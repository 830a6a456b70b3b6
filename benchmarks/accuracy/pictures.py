"""Bland–Altman pictures as SVG: the same results give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.accuracy.run import Results
from benchmarks.accuracy.verdict import Outcome

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

Array = NDArray[np.float64]

# Okabe & Ito's colours, told apart by shape as well.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#555555"
STYLE: "dict[RcKeyType, Any]" = {
    "svg.hashsalt": "shoegait-accuracy",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One measure: score key, file, words, unit."""

    key: str
    file: str
    title: str
    unit: str


PICTURES = (
    Picture("contact_ms", "accuracy_contact_time.svg", "Contact time", "ms"),
    Picture("strike_angle_deg", "accuracy_strike_angle.svg", "Strike angle", "°"),
    Picture("speed_pct", "accuracy_speed.svg", "Speed", "m/s"),
)


def write_pictures(results: Results, folder: Path) -> list[Path]:
    """Write all pictures; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for picture in PICTURES:
        path = folder / picture.file
        _write(picture, results, path)
        written.append(path)
    return written


def _write(picture: Picture, results: Results, path: Path) -> None:
    with rc_context(STYLE):
        figure = Figure(figsize=(8.0, 3.4), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        strides = _strides(picture.key, results.real)
        _panel(left, picture, strides, "real runners, one point a stride", BLUE, "o")
        runs = _runs(picture.key, [*results.simulated, *results.sprints])
        _panel(right, picture, runs, "simulated, one point a foot and run", ORANGE, "^")
        left.set_ylabel(f"found − true, {picture.unit}")
        figure.suptitle(f"{picture.title}: found against true")
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    text = path.read_text()
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def _strides(key: str, group: Sequence[Outcome]) -> Array:
    """(n, 2) true and found of every stride."""
    pairs = [o.score.pairs[key] for o in group if key in o.score.pairs]
    return np.concatenate([np.empty((0, 2)), *pairs])


def _runs(key: str, group: Sequence[Outcome]) -> Array:
    """(n, 2) true and found, mean over the strides of each recording."""
    pairs = [o.score.pairs[key].mean(axis=0) for o in group if key in o.score.pairs]
    return np.array(pairs).reshape(-1, 2)


def _panel(
    axes: Axes, picture: Picture, pairs: Array, title: str, colour: str, marker: str
) -> None:
    axes.set_xlabel(f"mean of found and true, {picture.unit}")
    axes.axhline(0.0, color=GREY, linewidth=0.6)
    if len(pairs) == 0:
        axes.set_title(f"{title}: no data", fontsize=9)
        return
    off = pairs[:, 1] - pairs[:, 0]
    bias, reach = float(off.mean()), 1.96 * float(off.std())
    note = f"bias {bias:+.2f}, 95 % from {bias - reach:+.2f} to {bias + reach:+.2f} {picture.unit}"
    axes.set_title(f"{title}\n{note.replace('-', '−')}", fontsize=9)
    points = np.unique(np.round(np.stack([pairs.mean(axis=1), off], axis=1), 3), axis=0)
    axes.scatter(
        *points.T, s=14, marker=marker, facecolors="none", edgecolors=colour, linewidths=0.8
    )
    axes.axhline(bias, color=colour, linewidth=1.2)
    for level in (bias - reach, bias + reach):
        axes.axhline(level, color=colour, linewidth=1.0, linestyle="--")
