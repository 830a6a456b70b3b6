"""One file of another maker as one run, told apart by content and not by name."""

import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gait.model import GaitError, InputError
from gait.model.edge import told_as
from gait.model.foreign import ForeignMeasure, ForeignRun
from gait.model.limits import RUN_FILE_BYTES
from gait.recording.file_kind import JSONL_FORMAT, SQLITE_MAGIC
from gait.recording.foreign.csv_table import csv_table
from gait.recording.foreign.fit_file import read_fit
from gait.recording.foreign.maker import Column, Floats, Told
from gait.recording.foreign.makers import MAKERS
from gait.recording.foreign.route import read_route
from gait.recording.tolerant_reader import chunks
from gait.recording.tracks import FIT_MAGIC, is_xml

ENDINGS = tuple(
    f".{form}{packed}" for form in ("fit", "tcx", "gpx", "csv") for packed in ("", ".gz")
)
CHUNK_BYTES = 1 << 16
PAUSE_S = 60.0  # between moments further apart there was a pause
LONGEST_S = 100 * 3600.0
MOST_M = 500_000.0
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_log = logging.getLogger(__name__)
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def read_foreign(path: Path) -> ForeignRun:
    """The run of a FIT, TCX or GPX file, or of a CSV file of a known maker, also as `.gz`.

    Raises InputError with a sentence where it is none of these, is empty, damaged or no run,
    GaitError where the extra `fit` is not installed.
    """
    data = _content(path)

    def damaged(reason: str) -> InputError:
        return InputError(f"{path} is damaged and cannot be read ({reason}).")

    try:
        with told_as(damaged, _log, ImportError):
            told = _told(data, path)
    except ImportError as error:
        raise GaitError(
            f"Reading {path} needs the extra `fit`: pip install 'shoegait[fit]'."
        ) from error
    return _run(told, f"foreign-{hashlib.sha256(data).hexdigest()[:32]}", path)


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
        raise InputError(f"{path} is a session file; keep it with `gait roster import`.")
    return data


def _told(data: bytes, path: Path) -> Told:
    name = str(path)
    if data[8:12] == FIT_MAGIC:
        return read_fit(data, name)
    if is_xml(data):
        return read_route(data, name)
    if b"\0" in data[:2000]:
        raise InputError(f"{path} is no FIT, TCX or GPX file, nor a table of a known maker.")
    table = csv_table(data, name)
    for maker in MAKERS:
        if maker.knows(list(table.columns)):
            return maker.read_csv(table)
    known = " or ".join(sorted(maker.name for maker in MAKERS))
    raise InputError(f"{path} is a table, but not one of {known}.")


def _run(told: Told, key: str, path: Path) -> ForeignRun:
    seconds = told.seconds[np.isfinite(told.seconds)]
    if not len(seconds):
        raise InputError(f"{path} has no moment with a time, so there is no run in it.")
    first, last = float(seconds.min()), float(seconds.max())
    duration = told.timer_s or _moving(np.sort(seconds))
    if not (EARLIEST <= first <= last <= LATEST):
        raise InputError(f"{path} has times that cannot be; nothing was taken from it.")
    if not 0.0 < duration <= LONGEST_S or last - first > LONGEST_S:
        raise InputError(f"{path} is no run: it lasts {max(duration, last - first):.0f} s.")
    if told.distance_m is not None and not 0.0 < told.distance_m <= MOST_M:
        raise InputError(f"{path} says {told.distance_m / 1000:.0f} km, which cannot be.")
    return ForeignRun(
        key=key,
        started_at=_moment(first),
        ended_at=_moment(max(last, first + duration)),
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


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
