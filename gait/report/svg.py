"""Axes with lines, areas and marks on them, as inline SVG for a web page.

Its colours are the page's CSS variables, so that light, dark and print are the page's own affair.
Text stays text, in the page's font; a title and a description say the picture in words.
"""

import math
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 352.0, 196.0
LEFT_EDGE, RIGHT_EDGE, TOP_EDGE, BOTTOM_EDGE = 46.0, 344.0, 12.0, 156.0
FONT = 11.0
CHARACTER = 0.62 * FONT  # how wide one is, at most
MOST_TICKS = 6
DASHED = "4 2.5"
LONG_DASHED = "6 4"
MARK = 2.0  # half the size of one that a line goes through

Floats = NDArray[np.float64]


class Chart:
    """A picture that is drawn piece by piece; later pieces lie above earlier ones.

    x, y : limits of the axes; what lies outside is cut off
    Inks are names of CSS variables, such as `left` for `var(--left)`.
    """

    def __init__(
        self, x: tuple[float, float], y: tuple[float, float], x_label: str, y_label: str
    ) -> None:
        self._x, self._y = x, y
        self._labels = x_label, y_label
        self._inside: list[str] = []
        self._over: list[str] = []

    def band(self, low: float, high: float, ink: str) -> None:
        """Shade between two levels of y."""
        top, bottom = self._at_y(high), self._at_y(low)
        self._inside.append(
            f'<rect x="{LEFT_EDGE:g}" y="{top}" width="{RIGHT_EDGE - LEFT_EDGE:g}"'
            f' height="{float(bottom) - float(top):.1f}" style="fill:var(--{ink})"'
            ' fill-opacity=".16"/>'
        )

    def level(self, y: float) -> None:
        """A long-dashed horizontal line."""
        at = self._at_y(y)
        self._stroke(f"M{LEFT_EDGE:g} {at}H{RIGHT_EDGE:g}", "ink", LONG_DASHED, 0.9)

    def upright(self, x: float) -> None:
        """A long-dashed vertical line."""
        at = self._at_x(x)
        self._stroke(f"M{at} {TOP_EDGE:g}V{BOTTOM_EDGE:g}", "ink", LONG_DASHED, 0.9)

    def area(self, x: Floats, low: Floats, high: Floats, ink: str) -> None:
        """Shade between two lines; a NaN leaves a gap."""
        path = ""
        for part in _whole(low + high):
            back = self._points(x[part][::-1], low[part][::-1])
            path += f"{self._points(x[part], high[part])}L{back[1:]}Z"
        self._fill(path, ink)

    def line(self, x: Floats, y: Floats, ink: str, *, dashed: bool = False, mark: str = "") -> None:
        """A line with a `mark` (`●` or `▲`) at each point; a NaN leaves a gap.

        A point between two gaps shows only by its mark.
        """
        path = "".join(self._points(x[part], y[part]) for part in _whole(y))
        self._stroke(path, ink, DASHED if dashed else "", 1.3)
        if mark:
            known = np.flatnonzero(np.isfinite(y))
            marks = "".join(self._mark(mark, x[i], y[i], MARK) for i in known)
            self._inside.append(f'<path d="{marks}" style="fill:var(--{ink})"/>')

    def columns(self, edges: Floats, heights: Floats, ink: str, *, dashed: bool = False) -> None:
        """A histogram: `heights` (n,) between `edges` (n + 1,)."""
        outline = [f"M{self._at_x(edges[0])} {self._at_y(0.0)}"]
        for right, height in zip(edges[1:], heights, strict=True):
            outline.append(f"V{self._at_y(height)}H{self._at_x(right)}")
        path = f"{''.join(outline)}V{self._at_y(0.0)}"
        self._fill(f"{path}Z", ink)
        self._stroke(path, ink, DASHED if dashed else "", 1.3)

    def mark(self, kind: str, x: float, y: float, ink: str, size: float = 3.6) -> None:
        """One mark, above everything and not cut off."""
        self._over.append(f'<path d="{self._mark(kind, x, y, size)}" style="fill:var(--{ink})"/>')

    def span(self, low: float, high: float, y: float, ink: str) -> None:
        """A level bar with an end at either side, cut off where the axis ends."""
        at, (a, b) = self._at_y(y), sorted((self._at_x(low), self._at_x(high)), key=float)
        top, bottom = float(at) - 3.0, float(at) + 3.0
        path = f"M{a} {at}H{b}M{a} {top:g}V{bottom:g}M{b} {top:g}V{bottom:g}"
        self._stroke(path, ink, "", 1.6)

    def svg(self, key: str, title: str, description: str) -> str:
        """The picture as an `<svg>` element; `key` keeps its ids apart from other pictures'."""
        clip = f"{key}-inside"
        parts = [
            f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" class="picture"'
            f' aria-labelledby="{key}-title {key}-words">',
            f'<title id="{key}-title">{escape(title)}</title>',
            f'<desc id="{key}-words">{escape(description)}</desc>',
            f'<clipPath id="{clip}"><rect x="{LEFT_EDGE:g}" y="{TOP_EDGE - 1:g}"'
            f' width="{RIGHT_EDGE - LEFT_EDGE:g}" height="{BOTTOM_EDGE - TOP_EDGE + 2:g}"/>'
            "</clipPath>",
            f'<g font-size="{FONT:g}" style="fill:var(--ink)">{self._axes()}</g>',
            f'<g clip-path="url(#{clip})">{"".join(self._inside)}</g>',
            *self._over,
            "</svg>",
        ]
        return "".join(parts)

    def _axes(self) -> str:
        x_label, y_label = self._labels
        found = []
        for value, text in ticks(*self._x):
            at = self._at_x(value)
            found.append(_grid(f"M{at} {TOP_EDGE:g}V{BOTTOM_EDGE:g}"))
            inside = min(float(at), WIDTH - CHARACTER * len(text) / 2)  # the last one's end, too
            found.append(_text(f"{inside:g}", f"{BOTTOM_EDGE + 14:g}", text, "middle"))
        for value, text in ticks(*self._y):
            at = self._at_y(value)
            found.append(_grid(f"M{LEFT_EDGE:g} {at}H{RIGHT_EDGE:g}"))
            found.append(_text(f"{LEFT_EDGE - 5:g}", f"{float(at) + 4:g}", text, "end"))
        frame = f"M{LEFT_EDGE:g} {TOP_EDGE:g}V{BOTTOM_EDGE:g}H{RIGHT_EDGE:g}"
        found.append(f'<path d="{frame}" fill="none" style="stroke:var(--faint)"/>')
        found.append(_text("195", f"{HEIGHT - 8:g}", x_label, "middle"))
        middle = f"{(TOP_EDGE + BOTTOM_EDGE) / 2:g}"
        turn = f' transform="rotate(-90 11 {middle})"'
        found.append(_text("11", middle, y_label, "middle", turn))
        return "".join(found)

    def _fill(self, path: str, ink: str) -> None:
        if path:
            self._inside.append(f'<path d="{path}" style="fill:var(--{ink})" fill-opacity=".18"/>')

    def _stroke(self, path: str, ink: str, dashes: str, width: float) -> None:
        if path:
            dashing = f' stroke-dasharray="{dashes}"' if dashes else ""
            self._inside.append(
                f'<path d="{path}" fill="none" stroke-width="{width:g}"{dashing}'
                f' style="stroke:var(--{ink})"/>'
            )

    def _points(self, x: Floats, y: Floats) -> str:
        both = zip(x, y, strict=True)
        return "M" + "L".join(f"{self._at_x(a)} {self._at_y(b)}" for a, b in both)

    def _mark(self, kind: str, x: float, y: float, r: float) -> str:
        a, b = float(self._at_x(x)), float(self._at_y(y))
        if kind == "▲":
            return f"M{a - r:.1f} {b + r:.1f}h{2 * r:g}l{-r:g} {-2 * r:g}z"
        return f"M{a - r:.1f} {b:.1f}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0"

    def _at_x(self, value: float) -> str:
        low, high = self._x
        return f"{LEFT_EDGE + (RIGHT_EDGE - LEFT_EDGE) * (value - low) / (high - low):.1f}"

    def _at_y(self, value: float) -> str:
        low, high = self._y
        return f"{BOTTOM_EDGE - (BOTTOM_EDGE - TOP_EDGE) * (value - low) / (high - low):.1f}"


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round values between two limits, six at most, with as many decimals as they need."""
    rough = (high - low) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= rough * (1 - 1e-9))
    decimals = next(d for d in range(12) if abs(round(step, d) - step) < 1e-6 * step)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    values = (i * step for i in range(first, last + 1))
    return [(v, f"{v:z.{decimals}f}".replace("-", "−")) for v in values]


def _whole(values: Floats) -> Iterable[slice]:
    """The stretches without a NaN."""
    known = np.isfinite(values).astype(np.int8)
    edges = np.flatnonzero(np.diff(known, prepend=0, append=0))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _grid(path: str) -> str:
    return f'<path d="{path}" stroke-width=".6" style="stroke:var(--rule)"/>'


def _text(x: str, y: str, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor={quoteattr(anchor)}{more}>{escape(text)}</text>'
