"""The numbers of a text table, also where some of its lines are not numbers."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError
from gait.recording.columns import Columns, find_columns
from gait.recording.lenient import chunks


def read_text_table(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    """Columns, values (n, 4 or 7) in the units of the file, and problems.

    What is not a number becomes NaN. One million rows of seven columns take 1.4 s, or 3.6 s
    where some line is not as the others.
    Raises InputError where the text is not a table.
    """
    text, problems = _text(path)
    lines = text.lstrip("\ufeff").splitlines()
    start = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), None)
    if start is None:
        what = "is damaged; nothing of it can be read" if problems else "is empty"
        raise InputError(f"{path} {what}.")
    header, rows = lines[start], [line for line in lines[start + 1 :] if line.strip()]
    delimiter = max(",;\t", key=header.count)
    columns = find_columns(header.split(delimiter), str(path))
    if not rows:
        raise InputError(f"{path} has column names but no rows; nothing was recorded in it.")
    if delimiter == ";" and "," in rows[0]:
        raise InputError(f"{path} has decimal commas; write its numbers with decimal points.")
    return columns, _numbers(rows, delimiter, columns.places), problems + columns.notes


def _text(path: Path) -> tuple[str, list[str]]:
    parts: list[bytes] = []
    source = chunks(path)
    while True:
        try:
            parts.append(next(source))
        except StopIteration as end:
            problems: list[str] = end.value
            break
    # a byte that is no text spoils its own value only; it may be in a column of no use
    return b"".join(parts).decode("utf-8", "replace"), problems


def _numbers(rows: list[str], delimiter: str, places: Sequence[int]) -> NDArray[np.float64]:
    try:
        return np.loadtxt(rows, delimiter=delimiter, usecols=places, ndmin=2, comments=None)
    except ValueError:  # some line is not as the others: slower, value by value
        split = (row.split(delimiter) for row in rows)
        return np.array([[_number(fields, place) for place in places] for fields in split])


def _number(fields: Sequence[str], place: int) -> float:
    try:
        return float(fields[place])
    except (IndexError, ValueError):
        return math.nan
