"""What commands say on stderr beside their output, and how wide a table may be."""

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    pass


def say(text: str) -> None:
    """A line on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


WIDE_COLUMNS = 108


PIPE_COLUMNS = 160


def table_console() -> Console:
    """stdout; wide enough for every column where it is no terminal."""
    out = Console()
    return out if out.is_terminal else Console(width=PIPE_COLUMNS)


def is_wide(console: Console) -> bool:
    """Whether addresses fit beside the rest."""
    return console.width >= WIDE_COLUMNS
