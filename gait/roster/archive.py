"""One athlete in one file that another coach can take in: a ZIP archive of JSON.

    about.json       what it is, and its version
    athlete.json     the person and all that is small
    sessions.jsonl   one session with its summary a line
    recordings/      the session files, where they were asked for, uncompressed

Nothing is ever written to a place that the archive names: recordings are read by numbers.
"""

import logging
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Any, BinaryIO

import msgspec
from msgspec import Meta

from gait.model import InputError, Summary
from gait.model.errors import told_as
from gait.model.history import ForeignMeasure
from gait.model.limits import (
    ARCHIVE_DIRECTORY_BYTES,
    ARCHIVE_MEMBERS,
    ARCHIVE_PERSON_BYTES,
    ARCHIVE_SESSIONS,
    LINE_BYTES,
    check_most,
    check_unpacked,
    decode_json,
)
from gait.roster.athletes import Sex

FORMAT = "shoegait-athlete"
VERSION = 1
_END_BYTES, _LOCATOR_BYTES = 22, 20  # of the end of a ZIP file, and of what leads to that of ZIP64
_log = logging.getLogger(__name__)


# What is in an archive of ours fits in these; whatever does not was not written by it.
Word = Annotated[str, Meta(max_length=1000)]
Text = Annotated[str, Meta(max_length=100_000)]
Amount = Annotated[float, Meta(ge=0.0, le=1e7)]
Number = Annotated[int, Meta(ge=0, le=10**9)]
Many = Meta(max_length=20_000)


class ArchivedShoe(msgspec.Struct, frozen=True, kw_only=True):
    uid: Word
    model: Word
    since: date | None
    km_before: Amount
    retired: date | None
    changed_at: Word


class ArchivedCheckup(msgspec.Struct, frozen=True, kw_only=True):
    uid: Word
    taken_on: date
    version: Word
    answers: dict[str, Any]
    changed_at: Word


class ArchivedNote(msgspec.Struct, frozen=True, kw_only=True):
    uid: Word
    day: date
    text: Text
    changed_at: Word


class ArchivedGoal(msgspec.Struct, frozen=True, kw_only=True):
    uid: Word
    text: Text
    due: date | None
    reached: date | None
    changed_at: Word


class ArchivedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A logged run; `shoe` is the `uid` of a pair. Of one told by hand there is no `maker`."""

    uid: Word
    day: date
    km: Amount | None
    minutes: Amount | None
    shoe: Word | None
    changed_at: Word
    maker: Word | None = None
    started_at: Word | None = None
    ended_at: Word | None = None
    source: Word = ""
    measures: Annotated[list[ForeignMeasure], Meta(max_length=1000)] = []
    remarks: Annotated[list[Text], Meta(max_length=1000)] = []


class ArchivedPerson(msgspec.Struct, frozen=True, kw_only=True):
    uid: Word
    name: Word
    height_m: Amount | None
    mass_kg: Amount | None
    birth_year: Number | None
    sex: Sex | None
    changed_at: Word
    groups: Annotated[list[Word], Meta(max_length=1000)]
    shoes: Annotated[list[ArchivedShoe], Many]
    checkups: Annotated[list[ArchivedCheckup], Many]
    notes: Annotated[list[ArchivedNote], Many]
    goals: Annotated[list[ArchivedGoal], Many]
    runs: Annotated[list[ArchivedRun], Many]


class ArchivedSession(msgspec.Struct, frozen=True, kw_only=True):
    """`shoe` is the `uid` of a pair; `recording` the number of its file, with its ending."""

    key: Word
    shoe: Word | None
    started_at: Word
    day: date
    indoors: bool | None
    effort: Amount | None
    notes: Text
    changed_at: Word
    summary: Summary
    recording: Number | None = None
    ending: Word = ""


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
    """An archive to read. Raises InputError where `file` is none, is damaged or is newer, and
    where it would become far more than a file of its size can mean."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        with self._explained():
            self._file_bytes = file.seek(0, os.SEEK_END)
            check_most(zip_directory_bytes(file), ARCHIVE_DIRECTORY_BYTES, "bytes of names", name)
            self._zip = zipfile.ZipFile(file)
            self._check_entries()
            self._unread = {entry.filename for entry in self._zip.infolist()}
            about = decode_json(self._small("about.json"), _About, most_bytes=LINE_BYTES)
            if about.format != FORMAT:
                raise self._foreign()
            if about.version > VERSION:
                raise InputError(
                    f"{name} was made by a newer shoegait; update shoegait to take it in."
                )
            self.person: ArchivedPerson = decode_json(
                self._small("athlete.json"), ArchivedPerson, most_bytes=ARCHIVE_PERSON_BYTES
            )

    def sessions(self) -> Iterator[ArchivedSession]:
        with self._explained():
            entry = self._entry("sessions.jsonl")
            check_unpacked(entry.file_size, entry.compress_size, f"{self._name} (its sessions)")
            count = 0
            with self._zip.open(entry) as lines:
                while line := lines.readline(LINE_BYTES + 1):
                    count += 1
                    check_most(count, ARCHIVE_SESSIONS, "sessions", self._name)
                    yield decode_json(line, ArchivedSession, most_bytes=LINE_BYTES)

    def read_recording(self, session: ArchivedSession, read: Callable[[IO[bytes]], None]) -> None:
        """Hand the open recording of a session that has one to `read`, each recording once: so
        that all of them together are no larger than the archive."""
        with self._explained():
            entry = self._entry(f"recordings/{session.recording}")
            if entry.compress_type != zipfile.ZIP_STORED or entry.filename not in self._unread:
                raise self._foreign()
            self._unread.discard(entry.filename)
            with self._zip.open(entry) as content:
                read(content)

    def _small(self, name: str) -> bytes:
        entry = self._entry(name)
        check_unpacked(entry.file_size, entry.compress_size, f"{self._name} ({name})")
        if entry.file_size > ARCHIVE_PERSON_BYTES:
            raise self._foreign()
        return self._zip.read(entry)

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = self._zip.getinfo(name)
        # the kinds that an archive of ours has; others (LZMA) ask for memory before they give any
        stored = entry.compress_type == zipfile.ZIP_STORED
        if not (stored or entry.compress_type == zipfile.ZIP_DEFLATED):
            raise self._foreign()
        if stored and entry.file_size != entry.compress_size:
            raise self._foreign()
        return entry

    def _check_entries(self) -> None:
        """They lie one after the other in the file, and none has the name of another."""
        entries = self._zip.infolist()
        check_most(len(entries), ARCHIVE_MEMBERS, "files", self._name)
        packed = sum(entry.compress_size for entry in entries)
        names = {entry.filename for entry in entries}
        if packed > self._file_bytes or len(names) != len(entries):
            raise self._foreign()

    def _explained(self) -> AbstractContextManager[None]:
        return told_as(lambda _: self._foreign(), _log)

    def _foreign(self) -> InputError:
        return InputError(
            f"{self._name} is no archive of `gait roster export`, or it is damaged; "
            "nothing was taken in."
        )


def zip_directory_bytes(file: BinaryIO) -> int:
    """How long the list of the files in it says it is: `zipfile` reads all of it at once."""
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _END_BYTES - 0xFFFF)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END_BYTES:
        return 0  # `zipfile` finds no end either
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[at - _LOCATOR_BYTES : at] if at >= _LOCATOR_BYTES else b""
    if locator.startswith(b"PK\6\7"):  # ZIP64, for archives of more than 4 GB
        file.seek(min(int.from_bytes(locator[8:16], "little"), size))
        end = file.read(48)
        if end.startswith(b"PK\6\6"):
            length = max(length, int.from_bytes(end[40:48], "little"))
    return length
