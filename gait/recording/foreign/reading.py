"""A file of another maker as the runs in it, told apart by content and not by name.

A CSV file of anybody: comma, semicolon or tab, decimal point or comma, with or without a BOM.

A GPX or TCX file as runs: time, distance and heart rate, and nothing more.
"""

import codecs
import csv
import dataclasses
import hashlib
import io
import logging
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import structs

from gait.model import InputError
from gait.model.errors import told_as
from gait.model.history import ForeignMeasure, ForeignRun
from gait.model.limits import (
    CELLS,
    COLUMNS,
    RUN_FILE_BYTES,
    TABLE_LINE_BYTES,
    TRACK_POINTS,
    check_most,
)
from gait.recording.fit_messages import FIT_MAGIC
from gait.recording.foreign.fit_file import MAKERS, OURS, SPORT_UNTOLD, exported_here, read_fit
from gait.recording.foreign.maker import Column, Floats, Maker, RunTold, Table, last_known
from gait.recording.foreign.sports import (
    NoRunError,
    check_can_be_run,
    left_out,
    of_text,
    other_sport,
)
from gait.recording.tolerant_reader import JSONL_FORMAT, SQLITE_MAGIC, chunks
from gait.recording.tracks import TrackPoint, is_xml, xml_content

SEPARATORS = ",;\t"
CSV_CHUNK_BYTES = 1 << 20


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
        for at in range(0, len(data), CSV_CHUNK_BYTES):
            decoder.decode(data[at : at + CSV_CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _tidy(cell: str) -> str:
    return " ".join(cell.split()).lower()


EARTH_M = 6_371_008.8  # mean radius
HEART_RATE = Column("heart_rate_bpm", "beats/min")
ALONG_THE_ROUTE = "The distance is that along the points of the route."


def read_route(data: bytes, name: str) -> list[RunTold]:
    """The runs of a GPX or TCX file; distance as it says, else along its points.

    Raises InputError where it is neither or is damaged, NoRunError where nothing in it is a run.
    """
    content = xml_content(data, name)
    if content.made_by.startswith(OURS):
        raise exported_here(name)
    form = "GPX file" if b"<gpx" in data[:2000].lower() else "TCX file"
    runs: list[RunTold] = []
    others: list[str] = []
    for one in content.activities:
        what, on_foot = of_text(one.kind)
        if on_foot is False:
            others.append(what)
        elif one.points:
            runs.append(_route_run(one.points, form, on_foot))
    if runs:
        said = left_out(others)
        return [dataclasses.replace(run, notes=[*run.notes, *said]) for run in runs]
    if others:
        raise other_sport(name, others[0])
    if content.planned:
        raise NoRunError(f"{name} is a plan: it has no moment with a time.", "a plan")
    raise NoRunError(f"{name} has no moment with a time, so there is no run in it.")


def _route_run(points: list[TrackPoint], form: str, on_foot: bool | None) -> RunTold:
    told = np.array(
        [math.nan if point.distance_m is None else point.distance_m for point in points]
    )
    total = last_known(told)
    notes = [] if on_foot else [SPORT_UNTOLD]
    if total is None:
        told = _along(points)
        total = float(told[-1]) or None
        notes = [ALONG_THE_ROUTE, *notes] if total else notes
    rates = [point.heart_rate_bpm or math.nan for point in points]
    return RunTold(
        form,
        np.array([point.when.timestamp() for point in points]),
        [(HEART_RATE, np.array(rates, dtype=np.float64))],
        metres=told,
        distance_m=total,
        on_foot=on_foot is True,
        notes=notes,
    )


def _along(points: list[TrackPoint]) -> Floats:
    """(n,) metres from the first point; where a place is not known nothing is added."""
    legs = [_metres(a, b) or 0.0 for a, b in pairwise(points)]
    return np.cumsum([0.0, *legs])


def _metres(one: TrackPoint, other: TrackPoint) -> float | None:
    """Great circle (haversine)."""
    if None in (one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg):
        return None
    a, b, c, d = (
        math.radians(angle or 0.0)
        for angle in (one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg)
    )
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2.0 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))


ENDINGS = tuple(
    f".{form}{packed}" for form in ("fit", "tcx", "gpx", "csv") for packed in ("", ".gz")
)
CHUNK_BYTES = 1 << 16
OTHER_TABLE = "a table of another kind"
PAUSE_S = 60.0  # between moments further apart there was a pause
LONGEST_S = 100 * 3600.0
MOST_M = 500_000.0
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_log = logging.getLogger(__name__)
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def read_foreign(path: Path) -> list[ForeignRun]:
    """The runs of a FIT, TCX or GPX file, or of a CSV file of a known maker, also as `.gz`.

    At least one; several of a multisport file, or of several files one after the other.

    Raises NoRunError with a sentence where a sound file holds no run, InputError where it is none
    of these, is empty or damaged.
    """
    data = _content(path)

    def damaged(reason: str) -> InputError:
        return InputError(f"{path} is damaged and cannot be read ({reason}).")

    with told_as(damaged, _log):
        told = _told(data, path)
    key = f"foreign-{hashlib.sha256(data).hexdigest()[:32]}"
    runs: list[ForeignRun] = []
    refused: list[InputError] = []
    for number, one in enumerate(told, 1):
        try:
            runs.append(_run(one, key if number == 1 else f"{key}-{number}", path))
        except InputError as error:
            refused.append(error)
    if not runs:
        raise refused[0]
    if not refused:
        return runs
    said = left_out([error.what if isinstance(error, NoRunError) else "" for error in refused])
    return [structs.replace(run, notes=[*run.notes, *said]) for run in runs]


def _content(path: Path) -> bytes:
    parts: list[bytes] = []
    held = 0
    source = chunks(path, CHUNK_BYTES)
    while held <= RUN_FILE_BYTES:
        try:
            parts.append(next(source))
            held += len(parts[-1])
        except StopIteration as end:
            if end.value:
                raise InputError(f"{path} is cut off or damaged and cannot be unpacked.") from None
            break
    data = b"".join(parts)
    if not data:
        raise InputError(f"{path} is empty.")
    if len(data) > RUN_FILE_BYTES:
        raise InputError(f"{path} is larger than the file of any run; it was left.")
    if data.startswith(SQLITE_MAGIC) or JSONL_FORMAT in data[:2000]:
        raise InputError(f"{path} is a session file; keep it with `gait import`.")
    return data


def _told(data: bytes, path: Path) -> list[RunTold]:
    name = str(path)
    if data[8:12] == FIT_MAGIC:
        return read_fit(data, name)
    if is_xml(data):
        return read_route(data, name)
    if b"\0" in data[:2000]:
        raise InputError(f"{path} is no FIT, TCX or GPX file, nor a table of a known maker.")
    table = csv_table(data, name)
    maker = _maker_of(list(table.columns))
    if maker is None:
        known = " or ".join(sorted(maker.name for maker in MAKERS))
        raise NoRunError(f"{path} is a table, but not one of {known}, nor of samples.", OTHER_TABLE)
    return [maker.read_csv(table)]


def _maker_of(columns: list[str]) -> Maker | None:
    return next((maker for maker in MAKERS if maker.knows(columns)), None)


def _run(told: RunTold, key: str, path: Path) -> ForeignRun:
    seconds = told.seconds[np.isfinite(told.seconds)]
    if not len(seconds):
        raise NoRunError(f"{path} has no moment with a time, so there is no run in it.")
    first, last = float(seconds.min()), float(seconds.max())
    duration = float(told.timer_s or _moving(np.sort(seconds)))
    if not (EARLIEST <= first <= last <= LATEST):
        raise InputError(f"{path} has times that cannot be; nothing was taken from it.")
    if not 0.0 < duration <= LONGEST_S or last - first > LONGEST_S:
        raise NoRunError(f"{path} is no run: it lasts {max(duration, last - first):.0f} s.")
    if told.distance_m is not None and not 0.0 < told.distance_m <= MOST_M:
        raise InputError(f"{path} says {told.distance_m / 1000:.0f} km, which cannot be.")
    metres = np.full(len(told.seconds), np.nan) if told.metres is None else told.metres
    check_can_be_run(
        str(path),
        on_foot=told.on_foot,
        seconds=told.seconds,
        metres=metres,
        speed_m_s=told.values("speed_m_s"),
        total_m=told.distance_m,
        duration_s=duration,
        steps_known=bool(np.any(np.nan_to_num(told.values("cadence_spm")))),
    )
    return ForeignRun(
        key=key,
        started_at=_moment(first, told.offset_s),
        ended_at=_moment(max(last, first + duration), told.offset_s),
        duration_s=duration,
        distance_m=told.distance_m,
        maker=told.maker,
        measures=[m for column, values in told.columns if (m := _median(column, values))],
        points=len(seconds),
        source=path.name,
        notes=told.notes,
    )


def _moving(seconds: Floats) -> float:
    steps = np.diff(seconds)
    return float(steps[steps <= PAUSE_S].sum())


def _median(column: Column, values: Floats) -> ForeignMeasure | None:
    known = values[np.isfinite(values) & (column.zero_is | (values != 0.0))]
    if not len(known):
        return None
    return ForeignMeasure(
        name=column.measure,
        side=column.side,
        unit=column.unit,
        value=float(np.median(known)),
        n=len(known),
    )


def _moment(seconds: float, offset_s: float | None) -> str:
    """With the local time where it was run; where the file has none, with this computer's."""
    if offset_s is None:
        return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat()
    return datetime.fromtimestamp(seconds, timezone(timedelta(seconds=offset_s))).isoformat()
