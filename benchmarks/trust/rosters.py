"""Hostile rosters and athlete archives."""

import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.trust.mutation import mutated
from benchmarks.trust.target import Target, UnmetError
from gait.athletes.imports import take_in_archive
from gait.model import GaitError
from gait.roster import Roster

TODAY = date(2026, 5, 20)
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
MOST_WRITTEN = 20_000_000
STRANGE: tuple[Any, ...] = (
    *(None, 0, -1, 2**63 - 1, -(2**63), 1e308, float("inf"), "", "abc", "2026-13-45", "9999-99-99"),
    *(b"", b"\0", b"\xff" * 20, "null", "[]", "{}", "a" * 10_000, "1e999", "é\ud7ff", b"x\x9c"),
)


def roster_targets() -> Iterator[Target]:
    yield Target(name="archive", read=_archive, quick=120, long=20_000)
    yield Target(
        name="archive-members", read=_archive, wrap=_zipped, text=True, quick=120, long=20_000
    )
    yield Target(name="roster", read=_roster, quick=250, long=15_000)
    yield Target(
        name="roster-rows",
        corpus="roster",
        read=_roster,
        wrap=_rows_changed,
        quick=250,
        long=15_000,
    )


def _archive(inputs: Sequence[bytes], folder: Path) -> None:
    """Taken into a roster that has nobody yet; a refused one leaves nothing behind."""
    path, recordings = folder / "anna.zip", folder / "recordings"
    path.write_bytes(inputs[0])
    with Roster(folder / "roster.db") as roster:
        try:
            take_in_archive(roster, path, recordings)
        except GaitError:
            left = [file for file in recordings.rglob("*") if file.is_file()]
            if roster.athletes.all() or left:
                raise UnmetError("a refused archive left something behind") from None
            raise
        finally:
            written = sum(f.stat().st_size for f in recordings.rglob("*") if f.is_file())
            if written > MOST_WRITTEN:
                raise UnmetError(f"{written:,} bytes were written")
        read_everything(roster)


def _zipped(text: bytes, draw: random.Random) -> bytes:
    """Members as JSON → an archive in which every checksum is right; one of four is spoilt."""
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        members = {"about.json": text.decode("utf-8", "replace")}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items() if isinstance(members, dict) else ():
            words = content if isinstance(content, str) else json.dumps(content)
            data = words.encode("utf-8", "replace")
            plain = name.startswith("recordings/") and draw.random() < 0.8
            kind = zipfile.ZIP_STORED if plain else draw.choice(KINDS)
            archive.writestr(zipfile.ZipInfo(name.replace("\0", "0") or "a"), data, kind, 1)
    if draw.random() < 0.25:
        return mutated([file.getvalue()], draw)
    return file.getvalue()


def _roster(inputs: Sequence[bytes], folder: Path) -> None:
    path = folder / "roster.db"
    path.write_bytes(inputs[0])
    with Roster(path) as roster:
        read_everything(roster)


def read_everything(roster: Roster) -> None:
    """What a coach sees in an hour: everybody, and all that is kept of each. Each page by itself,
    as one that cannot be read must not take the others along; the first error is raised."""
    errors: list[GaitError] = []
    athletes = _tried(roster.athletes.all, errors) or []
    for athlete in athletes:
        for session in _tried(lambda a=athlete: roster.sessions.all(a), errors) or []:
            _tried(lambda s=session: roster.sessions.summary(s), errors)
        for read in (
            lambda a=athlete: roster.sessions.sensors(a),
            lambda a=athlete: roster.history.past_runs(a, before="9999"),
            lambda a=athlete: roster.history.trend(a, "cadence_spm", "both"),
            lambda a=athlete: roster.history.runs(a),
            lambda a=athlete: roster.history.weeks(a, until=TODAY, count=4),
            lambda a=athlete: roster.checkups.all(a),
            lambda a=athlete: roster.shoes.all(a),
            lambda a=athlete: roster.diary.logged(a),
            lambda a=athlete: roster.diary.notes(a),
            lambda a=athlete: roster.diary.goals(a),
            lambda a=athlete: roster.foreign.all(a),
            lambda a=athlete: roster.export(a, io.BytesIO(), recordings=False),
        ):
            _tried(read, errors)
    _tried(roster.athletes.groups, errors)
    _tried(lambda: roster.overview(TODAY), errors)
    _tried(roster.lately, errors)
    if errors:
        raise errors[0]


def _tried(read: Any, errors: list[GaitError]) -> Any:
    try:
        return read()
    except GaitError as error:
        errors.append(error)
        return None


def _rows_changed(data: bytes, draw: random.Random) -> bytes:
    """Cells with other values, in a file that SQLite finds sound; nothing where it is damaged."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        try:
            # the header says that a write-ahead log may lie beside it, which memory has not
            db.deserialize(data[:18] + b"\1\1" + data[20:])
            db.execute("PRAGMA ignore_check_constraints = ON")
            tables = [
                name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            for _ in range(draw.randint(1, 4)):
                table = draw.choice(tables)
                columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
                db.execute(
                    f'UPDATE OR IGNORE "{table}" SET "{draw.choice(columns)}" = ?',
                    (draw.choice(STRANGE),),
                )
            return db.serialize()
        except (sqlite3.Error, UnicodeError, IndexError):
            return data
