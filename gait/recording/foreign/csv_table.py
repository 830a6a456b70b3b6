"""A CSV file of anybody: comma, semicolon or tab, decimal point or comma, with or without a BOM."""

import csv
from collections.abc import Iterator

from gait.model import InputError
from gait.recording.foreign.maker import Table

SEPARATORS = ",;\t"
MOST_ROWS = 1_000_000  # eleven days of seconds


def csv_table(data: bytes, name: str) -> Table:
    """Columns by the names of the first line that is not empty; short rows are filled up.

    Raises InputError where it is no table, or has more rows than any run.
    """
    lines = (line for line in _lines(data) if line.strip(" \t;,"))
    first = next(lines, "")
    separator = max(SEPARATORS, key=first.count)
    header = [_tidy(cell) for cell in next(csv.reader([first], delimiter=separator))]
    columns: dict[str, list[str]] = {cell: [] for cell in header if cell}
    if len(columns) < 2:
        raise InputError(f"{name} is no table of a known maker, nor a FIT, TCX or GPX file.")
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator)):
            if number == MOST_ROWS:
                raise InputError(f"{name} has more rows than any run; it was left.")
            for cell, value in zip(header, row + [""] * len(header), strict=False):
                if cell:
                    columns[cell].append(value)
    except csv.Error as error:
        raise InputError(f"{name} is damaged and cannot be read ({error}).") from error
    if len({len(column) for column in columns.values()}) > 1:
        raise InputError(f"{name} has two columns of one name, so it cannot be read.")
    return Table(name, columns)


def _lines(data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    yield from text.splitlines()


def _tidy(cell: str) -> str:
    return " ".join(cell.split()).lower()
