"""One athlete in one file that another coach can take in: a ZIP archive of JSON.

    about.json       what it is, and its version
    athlete.json     the person and all that is small
    sessions.jsonl   one session with its summary a line
    recordings/      the session files, where they were asked for, uncompressed

Nothing is ever written to a place that the archive names: recordings are read by numbers.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, BinaryIO

import msgspec

from gait.model import InputError, Summary
from gait.model.foreign import ForeignMeasure
from gait.roster.athletes import Sex

FORMAT = "shoegait-athlete"
VERSION = 1
MOST_JSON_BYTES = 1_000_000_000
MOST_LINE_BYTES = 32_000_000


class ArchivedShoe(msgspec.Struct, frozen=True, kw_only=True):
    uid: str
    model: str
    since: date | None
    km_before: float
    retired: date | None
    changed_at: str


class ArchivedCheckup(msgspec.Struct, frozen=True, kw_only=True):
    uid: str
    taken_on: date
    version: str
    answers: dict[str, Any]
    changed_at: str


class ArchivedNote(msgspec.Struct, frozen=True, kw_only=True):
    uid: str
    day: date
    text: str
    changed_at: str


class ArchivedGoal(msgspec.Struct, frozen=True, kw_only=True):
    uid: str
    text: str
    due: date | None
    reached: date | None
    changed_at: str


class ArchivedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A logged run; `shoe` is the `uid` of a pair. Of one told by hand there is no `maker`."""

    uid: str
    day: date
    km: float | None
    minutes: float | None
    shoe: str | None
    changed_at: str
    maker: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    source: str = ""
    measures: list[ForeignMeasure] = []
    remarks: list[str] = []


class ArchivedPerson(msgspec.Struct, frozen=True, kw_only=True):
    uid: str
    name: str
    height_m: float | None
    mass_kg: float | None
    birth_year: int | None
    sex: Sex | None
    changed_at: str
    groups: list[str]
    shoes: list[ArchivedShoe]
    checkups: list[ArchivedCheckup]
    notes: list[ArchivedNote]
    goals: list[ArchivedGoal]
    runs: list[ArchivedRun]


class ArchivedSession(msgspec.Struct, frozen=True, kw_only=True):
    """`shoe` is the `uid` of a pair; `recording` the number of its file, with its ending."""

    key: str
    shoe: str | None
    started_at: str
    day: date
    indoors: bool | None
    effort: float | None
    notes: str
    changed_at: str
    summary: Summary
    recording: int | None = None
    ending: str = ""


class _About(msgspec.Struct, frozen=True, kw_only=True):
    format: str
    version: int


class ArchiveWriter:
    """Writes an archive into an open file; what is added last is not in it before `close`."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        about = _About(format=FORMAT, version=VERSION)
        self._zip.writestr("about.json", msgspec.json.encode(about))

    def person(self, person: ArchivedPerson) -> None:
        self._zip.writestr("athlete.json", msgspec.json.encode(person))

    def sessions(self, sessions: Iterator[ArchivedSession]) -> None:
        with self._zip.open("sessions.jsonl", "w") as out:
            for session in sessions:
                out.write(msgspec.json.encode(session) + b"\n")

    def recording(self, number: int, path: Path) -> None:
        """A session file. Raises OSError where it cannot be read."""
        self._zip.write(path, f"recordings/{number}", zipfile.ZIP_STORED)

    def close(self) -> None:
        self._zip.close()


class Archive:
    """An archive to read. Raises InputError where `file` is none, is damaged or is newer."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        with self._explained():
            self._zip = zipfile.ZipFile(file)
            about = msgspec.json.decode(self._small("about.json"), type=_About)
            if about.format != FORMAT:
                raise self._foreign()
            if about.version > VERSION:
                raise InputError(
                    f"{name} was made by a newer shoegait; update shoegait to take it in."
                )
            self.person = msgspec.json.decode(self._small("athlete.json"), type=ArchivedPerson)

    def sessions(self) -> Iterator[ArchivedSession]:
        decoder = msgspec.json.Decoder(ArchivedSession)
        with self._explained():
            entry = self._entry("sessions.jsonl")
            with self._zip.open(entry) as lines:
                while line := lines.readline(MOST_LINE_BYTES):
                    yield decoder.decode(line)

    def read_recording(self, session: ArchivedSession, read: Callable[[IO[bytes]], None]) -> None:
        """Hand the open recording of a session that has one to `read`."""
        with self._explained():
            entry = self._zip.getinfo(f"recordings/{session.recording}")
            if entry.compress_type != zipfile.ZIP_STORED:  # so it is no larger than the archive
                raise self._foreign()
            with self._zip.open(entry) as content:
                read(content)

    def _small(self, name: str) -> bytes:
        return self._zip.read(self._entry(name))

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = self._zip.getinfo(name)
        if entry.file_size > MOST_JSON_BYTES:
            raise self._foreign()
        return entry

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (
            zipfile.BadZipFile,
            zlib.error,
            msgspec.MsgspecError,
            KeyError,  # an entry that is not there
            EOFError,
            NotImplementedError,  # a kind of compression
            RuntimeError,  # an encrypted one
            UnicodeDecodeError,
        ) as error:
            raise self._foreign() from error

    def _foreign(self) -> InputError:
        return InputError(
            f"{self._name} is no archive of `gait roster export`, or it is damaged; "
            "nothing was taken in."
        )
