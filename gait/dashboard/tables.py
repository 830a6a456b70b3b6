"""Tables of a page, as HTML that reads well aloud, on a phone and printed. All text is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup, escape
from nicegui import ui

from gait.dashboard import words
from gait.report.html import environment
from gait.text import printable

Cell = str | Markup


@dataclass(frozen=True, slots=True)
class Column:
    """`count`: numbers, to the right. `wide`: takes the whole width where that is narrow."""

    name: str
    count: bool = False
    wide: bool = False


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], kind: str = "stack"
) -> ui.html:
    """A table whose first column names the row; `caption` is heard and not seen."""
    return ui.html(table_html(caption, columns, rows, kind), sanitize=False)


def table_html(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], kind: str = "stack"
) -> str:
    """As `table`, for an element whose content changes."""
    return fragments().table(caption, columns, [[safe(cell) for cell in row] for row in rows], kind)


def link(text: str, address: str) -> Markup:
    return fragments().link(safe(text), escape(address))


def points(texts: Sequence[str], kinds: Sequence[str] = ()) -> Cell:
    """A list of texts, each with the word of its kind (`words.KINDS`); empty for none."""
    if not texts:
        return ""
    return fragments().points([safe(text) for text in texts], list(kinds))


SPARK_WIDE, SPARK_HIGH, SPARK_EDGE = 240.0, 44.0, 4.0


def spark(values: Sequence[float], band: tuple[float, float], label: str) -> Markup:
    """A small line of values, the last one marked, over a band; `label` is what is heard.

    values : at least two, the oldest first
    """
    low, high = min(*values, band[0]), max(*values, band[1])
    scale = (SPARK_HIGH - 2.0 * SPARK_EDGE) / (high - low or 1.0)
    step = (SPARK_WIDE - 2.0 * SPARK_EDGE) / (len(values) - 1)

    def down(value: float) -> float:
        return SPARK_EDGE + (high - value) * scale

    places = [(SPARK_EDGE + n * step, down(value)) for n, value in enumerate(values)]
    drawn = {
        "line": " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        "last": places[-1],
        "band": (down(band[1]), (band[1] - band[0]) * scale),
        "size": (SPARK_WIDE, SPARK_HIGH),
    }
    return fragments().spark(drawn, safe(label))


def safe(text: Cell) -> Markup:
    """Text of anybody for HTML, without characters that change the direction of writing."""
    return text if isinstance(text, Markup) else escape(printable(text))


@cache
def fragments() -> Any:
    """The macros of fragments.html.j2."""
    return environment("gait.dashboard").get_template("fragments.html.j2").make_module({"t": words})
