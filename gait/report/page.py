"""Paragraphs, bullets and tables on a terminal, from text that others may have written."""

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gait.text import printable

WIDEST = 100  # longer lines are hard to read
INDENT = 2


class Page:
    """Prints text as it is: no markup, no control characters. Not wider than is readable."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST)

    def heading(self, text: str) -> None:
        self._console.print()
        self._put(Rule(Text(text, "bold"), align="left", style="dim"))

    def say(self, text: str, style: str = "", *, indent: int = 0, bullet: str = "") -> None:
        """A paragraph. Its further lines stand under the text, not under the bullet."""
        clean = Text(printable(text), style)
        if not bullet:
            self._put(Padding(clean, (0, 0, 0, indent)))
            return
        row = Table.grid(padding=(0, 1))
        row.add_row(bullet, clean)
        self._put(Padding(row, (0, 0, 0, indent)))

    def table(self, table: Table) -> None:
        self._put(table)

    def _put(self, content: Padding | Table | Rule) -> None:
        self._console.print(content, width=self._width)
