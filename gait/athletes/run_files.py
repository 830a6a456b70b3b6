"""Runs of other makers' files and of zip archives of them, kept once, with what was passed over.

Garmin, Strava and others hand out all that somebody has as one zip archive: runs and rides in
folders, packed once more (`.gz`, a zip in the zip), among settings, pictures and days of
monitoring. What is no run is passed over and told by what it is; what is damaged is refused by
itself and the others are kept.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO

from msgspec.structs import replace

from gait.model import GaitError, InputError, UsageError
from gait.model.limits import (
    ARCHIVE_DIRECTORY_BYTES,
    ARCHIVE_MEMBERS,
    MB,
    RUN_FILE_BYTES,
    check_most,
    unpacked_limit,
)
from gait.recording.files import cannot_read
from gait.recording.foreign import ENDINGS, NoRunError, read_foreign
from gait.roster import Athlete, Roster, Shoe, zip_directory_bytes

CHUNK_BYTES = 1 << 20
NESTED_BYTES = 2_000 * MB  # a zip in the zip: Garmin's are of a few hundred
ABOUT = "about.json"  # what only archives of `gait roster export` begin with
NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it was named or dropped: what it is called, and where its bytes are now."""

    name: str
    path: Path

    @property
    def source(self) -> str:
        """Its last name, also of a file in an archive."""
        return PurePosixPath(self.name.rpartition(": ")[2]).name


@dataclass(slots=True)
class Outcome:
    """What came of files.

    kept, known : runs
    remarks     : what was taken for what, and of how many files
    passed      : names of the sound files without a run, by what they are
    refused     : a sentence for each file that could not be read or kept
    """

    kept: int = 0
    known: int = 0
    remarks: dict[str, int] = field(default_factory=dict)
    passed: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        self.remarks[sentence] = self.remarks.get(sentence, 0) + 1

    def passed_over(self) -> Iterator[str]:
        """A line for each kind: how many, and which."""
        for what, names in sorted(self.passed.items(), key=lambda item: -len(item[1])):
            shown = ", ".join(names[:NAMES_SHOWN])
            more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
            yield f"Passed over, {what}: {shown}{more}."

    def remarked(self) -> Iterator[str]:
        """A line for each remark."""
        for remark, files in self.remarks.items():
            yield remark if files == 1 else f"{remark} ({files} files)"


def keep_runs(
    roster: Roster, athlete: Athlete, file: Dropped, shoe: Shoe | None, outcome: Outcome
) -> None:
    """Keep every run of a file.

    Raises NoRunError and InputError as `read_foreign`, UsageError where a run is another
    athlete's; all in the file's own name.
    """
    with called(file):
        runs = read_foreign(file.path)
    remarks: dict[str, None] = {}
    for run in runs:
        kept = roster.foreign.keep(athlete, replace(run, source=file.source), shoe)
        outcome.kept += kept
        outcome.known += not kept
        if kept:
            remarks |= dict.fromkeys(run.notes)
    for remark in remarks:
        outcome.remark(remark)


def is_run_zip(path: Path) -> bool:
    """Whether a zip archive is none of `gait roster export`. Raises InputError where it is none."""
    with _opened(path, str(path)) as archive:
        return ABOUT not in archive.NameToInfo


def keep_zip(
    roster: Roster,
    athlete: Athlete,
    file: Dropped,
    shoe: Shoe | None,
    outcome: Outcome,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> None:
    """Keep every run of a zip archive; what is in it and no run goes into `outcome`.

    progress : called with how many files of how many were looked at

    Raises InputError where it is no such archive, or would become far more than can be meant.
    """
    before = outcome.kept + outcome.known
    with called(file), _Unpacker(file.path, file.name) as unpacker:
        for member in unpacker.members(progress):
            try:
                keep_runs(roster, athlete, member, shoe, outcome)
            except NoRunError as error:
                outcome.passed.setdefault(error.what, []).append(member.name)
            except (InputError, UsageError) as error:
                outcome.refused.append(str(error))
        outcome.refused += unpacker.refused
        if not unpacker.found and not unpacker.refused:
            raise InputError(f"{file.name} has no FIT, TCX, GPX or CSV file in it.")
    if outcome.kept + outcome.known == before and not outcome.refused:
        outcome.remark(f"There is no run in {file.name}.")


@contextmanager
def called(file: Dropped) -> Iterator[None]:
    """A sentence about the file names it as it is called."""
    try:
        yield
    except NoRunError as error:
        raise NoRunError(str(error).replace(str(file.path), file.name), error.what) from error
    except GaitError as error:
        raise type(error)(str(error).replace(str(file.path), file.name)) from error


class _Unpacker:
    """The files of an archive that may be runs, one after the other, each only for now."""

    def __init__(self, path: Path, name: str) -> None:
        self.refused: list[str] = []
        self.found = 0
        self._path = path
        self._name = name
        self._left = unpacked_limit(path.stat().st_size)  # bytes that may still come of it
        self._folder = TemporaryDirectory(prefix="gait-import-")

    def __enter__(self) -> "_Unpacker":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def members(self, progress: Callable[[int, int], None]) -> Iterator[Dropped]:
        yield from self._of(self._path, self._name, progress, nested=False)

    def _of(
        self, path: Path, name: str, progress: Callable[[int, int], None], *, nested: bool
    ) -> Iterator[Dropped]:
        with _opened(path, name) as archive:
            wanted = [entry for entry in archive.infolist() if _may_be_run(entry.filename)]
            for number, entry in enumerate(wanted):
                if not nested:
                    progress(number, len(wanted))
                inner = f"{name}: {entry.filename}"
                is_zip = entry.filename.lower().endswith(".zip")
                target = Path(self._folder.name) / ("archive.zip" if is_zip else "file")
                if not self._unpack(archive, entry, inner, target, is_zip=is_zip):
                    continue
                if is_zip and nested:
                    self.refused.append(f"{inner} is packed too deeply; unpack it first.")
                elif is_zip:
                    try:
                        yield from self._of(target, inner, progress, nested=True)
                    except InputError as error:
                        self.refused.append(str(error))
                else:
                    self.found += 1
                    yield Dropped(inner, target)
                target.unlink(missing_ok=True)
            if not nested:
                progress(len(wanted), len(wanted))

    def _unpack(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        name: str,
        target: Path,
        *,
        is_zip: bool,
    ) -> bool:
        """Whether it is there now; raises InputError where all together become too much."""
        most = NESTED_BYTES if is_zip else RUN_FILE_BYTES
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.refused.append(f"{name} is packed in an unusual way; unpack it first.")
        elif entry.flag_bits & 1:
            self.refused.append(f"{name} is locked with a password; unpack it first.")
        elif entry.file_size > most:
            self.refused.append(f"{name} is larger than the file of any run; it was left.")
        else:
            try:
                with archive.open(entry) as packed, target.open("wb") as out:
                    self._copy(packed, out, most)
                return True
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
                self.refused.append(f"{name} is damaged in the archive and cannot be unpacked.")
        return False

    def _copy(self, packed: IO[bytes], out: BinaryIO, most: int) -> None:
        held = 0
        while part := packed.read(CHUNK_BYTES):
            held += len(part)
            self._left -= len(part)
            if self._left < 0:
                raise InputError(
                    f"{self._name} unpacks to far more than an archive of its size; the rest of it "
                    "was left."
                )
            if held > most:  # its list said less
                raise ValueError
            out.write(part)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Raises InputError where it is none, or its list of files is too long to be meant."""
    try:
        with path.open("rb") as file:
            check_most(zip_directory_bytes(file), ARCHIVE_DIRECTORY_BYTES, "bytes of names", name)
            with zipfile.ZipFile(file) as archive:
                check_most(len(archive.infolist()), ARCHIVE_MEMBERS, "files", name)
                yield archive
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(f"{name} is no zip archive, or it is cut off or damaged.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def _may_be_run(name: str) -> bool:
    """By its ending; what macOS and others hide beside files is none."""
    place = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in place.parts)
    return not hidden and place.name.lower().endswith((*ENDINGS, ".zip"))
