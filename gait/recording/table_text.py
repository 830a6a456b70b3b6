"""The numbers of a text table, also where some of its lines are not numbers."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError
from gait.model.limits import SAMPLES, TABLE_LINE_BYTES, check_most
from gait.recording.columns import Columns, find_columns
from gait.recording.tolerant_reader import check_unpacks, text_blocks

_NEEDED = 4  # time and three of acceleration; without them a row is of no use


def read_text_table(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    """Columns, values (n, 4 or 7) in the units of the file, and problems.

    What is not a number becomes NaN. One million rows of seven columns take 1.4 s, or 3.6 s
    where some line is not as the others; the text is never in memory as a whole.
    Raises InputError where the text is not a table.
    """
    check_unpacks(path)
    table = _Table(path)
    source = text_blocks(path, line_bytes=TABLE_LINE_BYTES)
    while True:
        try:
            # a byte that is no text spoils its own value only; it may be in a column of no use
            table.add(next(source).decode("utf-8", "replace").splitlines())
        except StopIteration as end:
            problems: list[str] = end.value
            break
    if table.columns is None:
        what = "is damaged; nothing of it can be read" if problems else "is empty"
        raise InputError(f"{path} {what}.")
    if not table.parts:
        raise InputError(f"{path} has column names but no rows; nothing was recorded in it.")
    return table.columns, np.concatenate(table.parts), problems + table.columns.notes


class _Table:
    """Takes a table line by line: first the names of its columns, then numbers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._delimiter = ","
        self._rows = 0
        self.columns: Columns | None = None
        self.parts: list[NDArray[np.float64]] = []

    def add(self, lines: list[str]) -> None:
        if self.columns is None:
            if lines:
                lines[0] = lines[0].lstrip("\ufeff")
            start = next(
                (i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), None
            )
            if start is None:
                return
            header, lines = lines[start], lines[start + 1 :]
            self._delimiter = max(",;\t", key=header.count)
            self.columns = find_columns(header.split(self._delimiter), str(self._path))
        rows = [line for line in lines if line.strip()]
        if not rows:
            return
        if not self.parts and self._delimiter == ";" and "," in rows[0]:
            raise InputError(
                f"{self._path} has decimal commas; write its numbers with decimal points."
            )
        self._rows += len(rows)
        check_most(self._rows, SAMPLES, "rows", str(self._path))
        self.parts.append(_numbers(rows, self._delimiter, self.columns.places))


def _numbers(rows: list[str], delimiter: str, places: Sequence[int]) -> NDArray[np.float64]:
    try:
        return np.loadtxt(rows, delimiter=delimiter, usecols=places, ndmin=2, comments=None)
    except ValueError:  # some line is not as the others: slower, value by value
        return np.array([_values(row.split(delimiter), places) for row in rows])


def _values(fields: Sequence[str], places: Sequence[int]) -> list[float]:
    """All NaN where time or acceleration is no number, as the row is of no use then."""
    try:
        first = [float(fields[place]) for place in places[:_NEEDED]]
    except (IndexError, ValueError):
        return [math.nan] * len(places)
    return first + [_number(fields, place) for place in places[_NEEDED:]]


def _number(fields: Sequence[str], place: int) -> float:
    try:
        return float(fields[place])
    except (IndexError, ValueError):
        return math.nan
