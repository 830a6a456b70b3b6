"""A CSV file of anybody: comma, semicolon or tab, decimal point or comma, with or without a BOM."""

import codecs
import csv
import io
from collections.abc import Iterator

from gait.model import InputError
from gait.model.limits import CELLS, COLUMNS, TABLE_LINE_BYTES, TRACK_POINTS, check_most
from gait.recording.foreign.maker import Table

SEPARATORS = ",;\t"
CHUNK_BYTES = 1 << 20


def csv_table(data: bytes, name: str) -> Table:
    """Columns by the names of the first line that is not empty; short rows are filled up.

    Raises InputError where it is no table, or has more rows than any run.
    """
    lines = (line for line in _lines(data, name) if line.strip(" \t;,"))
    first = next(lines, "")
    separator = max(SEPARATORS, key=first.count)
    header = [_tidy(cell) for cell in next(csv.reader([first], delimiter=separator))]
    check_most(len(header), COLUMNS, "columns", name)
    columns: dict[str, list[str]] = {cell: [] for cell in header if cell}
    if len(columns) < 2:
        raise InputError(f"{name} is no table of a known maker, nor a FIT, TCX or GPX file.")
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator)):
            check_most(number, TRACK_POINTS, "rows", name)
            check_most(number * len(header), CELLS, "cells", name)
            for cell, value in zip(header, row + [""] * len(header), strict=False):
                if cell:
                    columns[cell].append(value)
    except csv.Error as error:
        raise InputError(f"{name} is damaged and cannot be read ({error}).") from error
    if len({len(column) for column in columns.values()}) > 1:
        raise InputError(f"{name} has two columns of one name, so it cannot be read.")
    return Table(name, columns)


def _lines(data: bytes, name: str) -> Iterator[str]:
    """One after the other, without their ends: all of them at once would be far larger."""
    encoding = "utf-8-sig" if _is_utf8(data) else "latin-1"
    with io.TextIOWrapper(io.BytesIO(data), encoding) as text:
        count = 0
        while line := text.readline(TABLE_LINE_BYTES + 1):
            count += 1
            check_most(count, 2 * TRACK_POINTS, "lines", name)  # empty ones among them
            check_most(len(line), TABLE_LINE_BYTES, "characters in one line", name)
            yield line.rstrip("\n")


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), CHUNK_BYTES):
            decoder.decode(data[at : at + CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _tidy(cell: str) -> str:
    return " ".join(cell.split()).lower()
