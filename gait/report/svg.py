"""A `Figure` as inline SVG for a web page.

Its colours are the page's CSS variables, so that light, dark and print are the page's own affair.
Text stays text, in the page's font; a title and a description say the figure in words. What is
under the pointer says its values without a script (figures.css).
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from markupsafe import Markup, escape

from gait.model.arrays import Floats
from gait.report.figure_model import HOLLOW, MARK, Axis, Block, Columns, Figure, Line, Span, Spot
from gait.text import number, printable

FONT = 11.0
CHARACTER = 0.62 * FONT  # how wide one is, at most
STROKES = {"": "", "dashed": "4 2.5"}
LONG_DASHED = "6 4"
SMALL_MARK, LARGE_MARK = 2.0, 3.6  # half the size: on a line, and alone
# top and height of ten: what blocks stand for can be seen without their colours, too
BLOCKS = {
    "still": (9.0, 1.0),
    "running": (2.0, 8.0),
    "walking": (6.0, 4.0),
    "left-out": (0.0, 10.0),
    "missing": (0.0, 0.0),
    "paused": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Size:
    """Of the drawing in its own units, and where the axes are in it."""

    width: float
    height: float
    most_ticks: int
    left: float = 46.0

    @property
    def right(self) -> float:
        return self.width - 8.0

    @property
    def top(self) -> float:
        return 15.0

    @property
    def bottom(self) -> float:
        return self.height - 40.0


COLUMN = Size(352.0, 196.0, 6)  # several beside one another, or a phone
WIDE = Size(880.0, 250.0, 10)  # as wide as a page


def svg(figure: Figure, size: Size = COLUMN) -> Markup:
    """The figure as an `<svg>` element."""
    return _Drawing(figure, size).svg()


def ticks(low: float, high: float, most: int = COLUMN.most_ticks) -> list[tuple[float, str]]:
    """Round values between two limits, `most` at most, with as many decimals as they need."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= rough * (1 - 1e-9))
    decimals = next(d for d in range(12) if abs(round(step, d) - step) < 1e-6 * step)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    values = (i * step for i in range(first, last + 1))
    return [(v, number(v, decimals)) for v in values]


class _Drawing:
    """Pieces of one figure; later ones lie above earlier ones."""

    def __init__(self, figure: Figure, size: Size) -> None:
        self._figure = figure
        if figure.flat:
            size = Size(size.width, 0.5 * size.height + 14.0, size.most_ticks, size.left)
        self._size = size
        self._id = f"{figure.key}-{size.width:g}"

    def svg(self) -> Markup:
        figure, size = self._figure, self._size
        clip = f"{self._id}-inside"
        brush = ""
        if figure.brushed:
            places = [figure.x.low, figure.x.high, size.left, size.right, size.top, size.bottom]
            brush = f" data-brush='{json.dumps(places)}'"
        parts = [
            f'<svg viewBox="0 0 {size.width:g} {size.height:g}" class="drawing"'
            f' role="img"{brush}'
            f' aria-labelledby="{self._id}-title {self._id}-words">',
            f'<title id="{self._id}-title">{_safe(figure.title)}</title>',
            f'<desc id="{self._id}-words">{_safe(figure.said)}</desc>',
            f'<clipPath id="{clip}"><rect x="{size.left:g}" y="{size.top - 1:g}"'
            f' width="{size.right - size.left:g}" height="{size.bottom - size.top + 2:g}"/>'
            "</clipPath>",
            f'<g font-size="{FONT:g}" style="fill:var(--ink)">{"".join(self._axes())}</g>',
            f'<g clip-path="url(#{clip})">{"".join(self._inside())}</g>',
            *self._above(),
            self._spots(figure.spots),
            "</svg>",
        ]
        return Markup("".join(parts))  # noqa: S704 - numbers, and texts that were escaped

    def _inside(self) -> Iterable[str]:
        """What is cut off where the axes end."""
        figure = self._figure
        for band in figure.bands:
            yield self._rectangle(band.low, band.high, band.ink)
        for level in figure.levels:
            yield self._long_dashed(
                f"M{self._size.left:g} {self._at_y(level)}H{self._size.right:g}"
            )
        for upright in figure.uprights:
            at = self._at_x(upright.x)
            yield self._long_dashed(f"M{at} {self._size.top:g}V{self._size.bottom:g}")
        for block in figure.blocks:
            yield self._block(block)
        for columns in figure.columns:
            yield self._histogram(columns)
        for span in figure.spans:
            yield self._span(span)
        for line in figure.lines:
            yield self._line(line)

    def _above(self) -> Iterable[str]:
        """What may reach over the axes."""
        for columns in self._figure.columns:
            path = self._mark(MARK[columns.side], columns.median, self._figure.y.high, LARGE_MARK)
            yield f'<path d="{path}" style="fill:var(--{columns.side})"/>'
        for upright in self._figure.uprights:
            if upright.label:
                x = f"{float(self._at_x(upright.x)) + 3:g}"
                text = _text(x, f"{self._size.top + 9:g}", upright.label, "start")
                yield f'<g font-size="{FONT:g}" style="fill:var(--ink)">{text}</g>'

    def _axes(self) -> Iterable[str]:
        figure, size = self._figure, self._size
        for value, text in self._ticks(figure.x, size.most_ticks):
            at = self._at_x(value)
            yield _grid(f"M{at} {size.top:g}V{size.bottom:g}")
            inside = min(
                float(at), size.width - CHARACTER * len(text) / 2
            )  # the last one's end, too
            yield _text(f"{inside:g}", f"{size.bottom + 14:g}", text, "middle")
        for value, text in self._ticks(figure.y, COLUMN.most_ticks):
            at = self._at_y(value)
            yield "" if figure.flat else _grid(f"M{size.left:g} {at}H{size.right:g}")
            yield _text(f"{size.left - 5:g}", f"{float(at) + 4:g}", text, "end")
        frame = f"M{size.left:g} {size.top:g}V{size.bottom:g}H{size.right:g}"
        yield f'<path d="{frame}" fill="none" style="stroke:var(--faint)"/>'
        middle = f"{(size.left + size.right) / 2:g}"
        yield (
            _text(middle, f"{size.height - 8:g}", figure.x.label, "middle")
            if figure.x.label
            else ""
        )
        if figure.y.label:
            middle = f"{(size.top + size.bottom) / 2:g}"
            turn = f' transform="rotate(-90 11 {middle})"'
            yield _text("11", middle, figure.y.label, "middle", turn)

    def _ticks(self, axis: Axis, most: int) -> Sequence[tuple[float, str]]:
        return axis.ticks or ticks(axis.low, axis.high, most)

    def _spots(self, spots: Sequence[Spot]) -> str:
        """Columns without colour, each as wide as half the way to its neighbours.

        What they open is beside the figure, too: Tab need not come to each.
        """
        if not spots:
            return ""
        size = self._size
        at = [float(self._at_x(spot.x)) for spot in spots]
        ends = [size.left, *(0.5 * (a + b) for a, b in pairwise(at)), size.right]
        found = []
        for spot, (a, b) in zip(spots, pairwise(ends), strict=True):
            said = _safe(spot.said)
            inside = (
                f'<rect x="{a:.1f}" y="{size.top:g}" width="{max(0.0, b - a):.1f}"'
                f' height="{size.bottom - size.top:g}"/>'
                f'<text x="{size.left:g}" y="10">{said}</text>'
            )
            if spot.href:
                href = escape(spot.href)
                found.append(f'<a href="{href}" tabindex="-1" aria-label="{said}">{inside}</a>')
            else:
                found.append(f"<g>{inside}</g>")
        return f'<g class="spots" font-size="{FONT:g}">{"".join(found)}</g>'

    def _line(self, line: Line) -> str:
        """A point between two gaps shows only by its mark."""
        ink = line.colour
        found = []
        if line.around is not None:
            found.append(_fill(self._area(line.x, *line.around), ink))
        if line.doubt is not None:
            found.append(self._whiskers(line, ink))
        path = "".join(self._points(line.x[part], line.y[part]) for part in _whole(line.y))
        found.append(_stroke(path, ink, STROKES[line.dashes], 1.3))
        if line.mark:
            known = np.flatnonzero(np.isfinite(line.y))
            marks = "".join(self._mark(line.mark, line.x[i], line.y[i], SMALL_MARK) for i in known)
            hollow = line.mark in HOLLOW
            found.append(
                f'<path d="{marks}" style="fill:var(--{"page" if hollow else ink})'
                f'{f";stroke:var(--{ink})" if hollow else ""}"/>'
            )
        return "".join(found)

    def _area(self, x: Floats, low: Floats, high: Floats) -> str:
        path = ""
        for part in _whole(low + high):
            back = self._points(x[part][::-1], low[part][::-1])
            path += f"{self._points(x[part], high[part])}L{back[1:]}Z"
        return path

    def _whiskers(self, line: Line, ink: str) -> str:
        doubt = line.doubt if line.doubt is not None else np.zeros(0)
        path = "".join(
            f"M{self._at_x(x)} {self._at_y(y - d)}V{self._at_y(y + d)}"
            for x, y, d in zip(line.x, line.y, doubt, strict=True)
            if np.isfinite(y) and np.isfinite(d)
        )
        return _stroke(path, ink, "", 0.7)

    def _histogram(self, columns: Columns) -> str:
        outline = [f"M{self._at_x(columns.edges[0])} {self._at_y(0.0)}"]
        for right, height in zip(columns.edges[1:], columns.heights, strict=True):
            outline.append(f"V{self._at_y(height)}H{self._at_x(right)}")
        path = f"{''.join(outline)}V{self._at_y(0.0)}"
        dashes = STROKES["dashed" if columns.side == "right" else ""]
        return _fill(f"{path}Z", columns.side) + _stroke(path, columns.side, dashes, 1.3)

    def _block(self, block: Block) -> str:
        top, height = BLOCKS[block.kind]
        a, b = (float(self._at_x(x)) for x in block.x)
        low, high = (float(self._at_y(y)) for y in block.y)
        y, tall = high + 0.1 * top * (low - high), 0.1 * height * (low - high)
        return (
            f'<rect class="{block.kind}" x="{a:.1f}" y="{y:.1f}" width="{b - a:.1f}"'
            f' height="{tall:.1f}"><title>{_safe(block.said)}</title></rect>'
        )

    def _span(self, span: Span) -> str:
        """A level bar with an end at either side."""
        at, (a, b) = (
            self._at_y(span.y),
            sorted((self._at_x(span.low), self._at_x(span.high)), key=float),
        )
        top, bottom = float(at) - 3.0, float(at) + 3.0
        path = f"M{a} {at}H{b}M{a} {top:g}V{bottom:g}M{b} {top:g}V{bottom:g}"
        return _stroke(path, span.side, "", 1.6)

    def _rectangle(self, low: float, high: float, ink: str) -> str:
        top, bottom = self._at_y(high), self._at_y(low)
        size = self._size
        return (
            f'<rect x="{size.left:g}" y="{top}" width="{size.right - size.left:g}"'
            f' height="{float(bottom) - float(top):.1f}" style="fill:var(--{ink})"'
            ' fill-opacity=".16"/>'
        )

    def _long_dashed(self, path: str) -> str:
        return _stroke(path, "ink", LONG_DASHED, 0.9)

    def _points(self, x: Floats, y: Floats) -> str:
        both = zip(x, y, strict=True)
        return "M" + "L".join(f"{self._at_x(a)} {self._at_y(b)}" for a, b in both)

    def _mark(self, kind: str, x: float, y: float, r: float) -> str:
        a, b = float(self._at_x(x)), float(self._at_y(y))
        match kind:
            case "▲":
                return f"M{a - r:.1f} {b + r:.1f}h{2 * r:g}l{-r:g} {-2 * r:g}z"
            case "▽":
                return f"M{a - r:.1f} {b - r:.1f}h{2 * r:g}l{-r:g} {2 * r:g}z"
            case "□":
                return f"M{a - r:.1f} {b - r:.1f}h{2 * r:g}v{2 * r:g}h{-2 * r:g}z"
            case "◆" | "◇":
                return f"M{a - r:.1f} {b:.1f}l{r:g} {-r:g}l{r:g} {r:g}l{-r:g} {r:g}z"
            case _:
                turn = f"a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0"
                return f"M{a - r:.1f} {b:.1f}{turn}"

    def _at_x(self, value: float) -> str:
        axis, size = self._figure.x, self._size
        share = (value - axis.low) / (axis.high - axis.low)
        return f"{size.left + (size.right - size.left) * share:.1f}"

    def _at_y(self, value: float) -> str:
        axis, size = self._figure.y, self._size
        share = (value - axis.low) / (axis.high - axis.low)
        return f"{size.bottom - (size.bottom - size.top) * share:.1f}"


def _whole(values: Floats) -> Iterable[slice]:
    """The stretches without a NaN."""
    known = np.isfinite(values).astype(np.int8)
    edges = np.flatnonzero(np.diff(known, prepend=0, append=0))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _fill(path: str, ink: str) -> str:
    return f'<path d="{path}" style="fill:var(--{ink})" fill-opacity=".18"/>' if path else ""


def _stroke(path: str, ink: str, dashes: str, width: float) -> str:
    if not path:
        return ""
    dashing = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{path}" fill="none" stroke-width="{width:g}"{dashing}'
        f' style="stroke:var(--{ink})"/>'
    )


def _safe(text: str) -> Markup:
    """Text of anybody, without what turns the direction of writing."""
    return escape(printable(text))


def _grid(path: str) -> str:
    return f'<path d="{path}" stroke-width=".6" style="stroke:var(--rule)"/>'


def _text(x: str, y: str, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{more}>{_safe(text)}</text>'
