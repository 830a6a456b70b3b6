"""Tables of a page, as HTML that reads well aloud, on a phone and printed. All text is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from nicegui import ui

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
    heads = Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(_kind(column), column.name) for column in columns
    )
    return Markup(
        '<table class="{}"><caption class="unseen">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(kind, caption, heads, Markup().join(_row(columns, row) for row in rows))


def link(text: str, address: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, safe(text))


def points(texts: Sequence[str]) -> Cell:
    """One text as it is, several as a list."""
    if len(texts) < 2:
        return "".join(texts)
    items = Markup().join(Markup("<li>{}</li>").format(safe(text)) for text in texts)
    return Markup("<ul>{}</ul>").format(items)


def safe(text: Cell) -> Markup:
    """Text of anybody for HTML, without characters that change the direction of writing."""
    return text if isinstance(text, Markup) else escape(printable(text))


def _row(columns: Sequence[Column], cells: Sequence[Cell]) -> Markup:
    head = Markup('<th scope="row">{}</th>').format(safe(cells[0]))
    rest = Markup().join(
        Markup('<td data-label="{}"{}>{}</td>').format(column.name, _kind(column, cell), safe(cell))
        for column, cell in zip(columns[1:], cells[1:], strict=True)
    )
    return Markup("<tr>{}{}</tr>").format(head, rest)


def _kind(column: Column, cell: Cell = "x") -> Markup:
    names = [
        name
        for name, holds in (("count", column.count), ("wide", column.wide), ("empty", not cell))
        if holds
    ]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()
