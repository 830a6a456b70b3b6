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


def safe(text: Cell) -> Markup:
    """Text of anybody for HTML, without characters that change the direction of writing."""
    return text if isinstance(text, Markup) else escape(printable(text))


@cache
def fragments() -> Any:
    """The macros of fragments.html.j2."""
    return environment("gait.dashboard").get_template("fragments.html.j2").make_module({"t": words})
