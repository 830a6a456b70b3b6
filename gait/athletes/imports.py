"""Files that were dropped on a page: looked into, analysed and kept. Runs in a process of its own,
so nothing here knows the pages.

An archive taken into the roster, and its session files into a folder of ours.
"""

import gzip
import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Literal

from gait.athletes.run_files import (
    Dropped,
    Outcome,
    called,
    is_run_zip,
    keep_runs,
    keep_zip,
)
from gait.athletes.runner import Runner
from gait.model import GaitError, InputError, Side, Summary, UsageError
from gait.recording import Table, open_session, read_table
from gait.recording.files import cannot_read, private_output, put_in_place
from gait.recording.fit_messages import FIT_MAGIC
from gait.recording.session import samples_key, session_key
from gait.recording.tables import has_samples
from gait.recording.tolerant_reader import container, first_bytes
from gait.recording.tracks import is_xml
from gait.roster import ArchivedSession, Change, Roster, TakenIn
from gait.roster.moments import local_day, moment_of

KEY_CHARACTERS = 16


def take_in_archive(
    roster: Roster, archive: Path, folder: Path, name: str = ""
) -> tuple[TakenIn, list[Path]]:
    """What came of an archive, and the session files that were made in `folder`.

    name : what to call the archive, where not by its path

    Raises InputError where it cannot be taken in; then nothing is changed, and no file is made.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise cannot_read(archive, error) from error
    unpacked = _Unpacked(folder)
    with file:
        try:
            taken = roster.take_in(file, name or str(archive), unpacked.keep)
        except BaseException:
            unpacked.remove()
            raise
    return taken, unpacked.made


def recording_path(folder: Path, day: date, key: str, ending: str) -> Path:
    """A free name for a recording, told by its day and what is in it; makes the folder."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise GaitError(
            f"The folder {folder} cannot be made ({error.strerror or error}); "
            "choose another with --recordings."
        ) from error
    plain = "".join(c for c in key if c.isalnum() and c.isascii())
    stem, number = f"{day}-{plain[:KEY_CHARACTERS]}", 1
    while (path := folder / f"{stem}-{number}{ending}").exists():
        number += 1
    return path


class _Unpacked:
    """Session files of an archive, under names of our own, for their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def keep(self, session: ArchivedSession, content: IO[bytes]) -> Path:
        path = recording_path(self.folder, session.day, session.key, session.ending)
        # `private_output` would compress what ends in .gz, and this is compressed already
        part = path.with_name(f"{path.name}.part")
        with private_output(part, overwrite=True) as file:
            shutil.copyfileobj(content, file)
        put_in_place(part, path)
        self.made.append(path)
        return path

    def remove(self) -> None:
        for path in self.made:
            path.unlink(missing_ok=True)


MOST_BYTES = 500_000_000
MOST_UNPACKED_BYTES = 1_500_000_000  # of a compressed file: an hour of both shoes is a tenth of it
CHUNK_BYTES = 1 << 20

DROPPED, ARCHIVED = ".dropped-", ".archive-"  # how names of files begin that soon go again
LEFT_AFTER_S = 3600.0  # older ones are of a dashboard that was ended by force

GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK"
HEAD_BYTES = 1 << 16  # enough for the names of a table's columns
SIDE_WORD = re.compile(r"(?<![a-z])(left|right)(?![a-z])", re.IGNORECASE)
ENDINGS = {"sqlite": ".gait", "jsonl": ".jsonl", "csv": ".csv", "parquet": ".parquet"}

Kind = Literal["session", "table", "foreign", "archive", "zip"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A recording that can be read: a session file, or the tables of one or both feet.

    moment : when it began, ISO 8601
    tables : by foot, empty for a session file
    """

    files: tuple[Dropped, ...]
    key: str
    moment: str
    tables: Mapping[Side, Dropped] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return " + ".join(file.name for file in self.files)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a recording. `change` takes it back out of the roster, `made` is its file.

    known : it was kept before, and nothing was done
    """

    session: int
    known: bool
    change: Change
    made: Path | None = None


def remove_leftovers(folder: Path, *, older_s: float = LEFT_AFTER_S) -> None:
    """Files of drops and downloads that were cut off."""
    for begin in (DROPPED, ARCHIVED):
        for path in folder.glob(f"{begin}*"):
            if time.time() - path.stat().st_mtime >= older_s:
                path.unlink(missing_ok=True)


def kind_of(file: Dropped, *, of_any_size: bool = False) -> Kind:
    """By its content. Raises InputError, in the file's own name, where it can be none of these, or
    has more bytes than may be dropped."""
    if not of_any_size:
        _check_size(file)
    with called(file):
        start = first_bytes(file.path, HEAD_BYTES)
        if start.startswith(ZIP_MAGIC):
            return "zip" if is_run_zip(file.path) else "archive"
        if start[8:12] == FIT_MAGIC or is_xml(start):
            return "foreign"
        form = container(file.path)
    if form in ("sqlite", "jsonl"):
        return "session"
    return "foreign" if form == "csv" and not has_samples(start) else "table"


def look_into_session(file: Dropped) -> Looked:
    """Raises InputError or UsageError, in the file's own name, where it cannot be kept."""

    with called(file):
        session = open_session(file.path)
        began = moment_of(session.started_at).isoformat()
        return Looked((file,), session_key(session), began)


def look_into_tables(files: Sequence[Dropped], began: str) -> list[Looked]:
    """Tables of left and right that are called alike are one recording.

    Raises UsageError where a name does not say which foot it is of, or `began` is no moment.
    """
    pairs: dict[str, dict[Side, Dropped]] = {}
    for file in files:
        side = side_of(file.name)
        pair = pairs.setdefault(SIDE_WORD.sub("", file.name).casefold(), {})
        if side in pair:
            raise UsageError(f"{file.name} and {pair[side].name} are of the same foot.")
        pair[side] = file
    moment = moment_of(began or None).isoformat()
    found = []
    for pair in pairs.values():
        key = samples_key({side: _table(side, file).samples for side, file in pair.items()})
        found.append(Looked(tuple(pair.values()), key, moment, pair))
    return found


def side_of(name: str) -> Side:
    """The foot that a table's name says. Raises UsageError where it says none, or both."""
    said = {word.casefold() for word in SIDE_WORD.findall(name)}
    if len(said) != 1:
        raise UsageError(
            f"{name} does not say which foot it is of; put left or right into its name."
        )
    return Side(said.pop())


def take(roster_file: Path, athlete_id: int, looked: Looked, folder: Path) -> Taken:
    """Analyse a recording and keep it; the same one is not kept twice.

    A session file is put into `folder`; tables are not kept, as no roster could tell whose they
    are. Raises InputError or UsageError where it cannot be kept; then nothing of it stays.
    """
    with Roster(roster_file) as roster:
        runner = Runner(roster, roster.athletes.get(athlete_id))
        known = roster.sessions.known(runner.athlete, looked.key)
        lies = known is not None and known.recording is not None and known.recording.exists()
        if known is not None and (lies or looked.tables):
            return Taken(known.id, True, Change())
        with called(looked.files[0]):
            summary, notes = _summary(runner, looked)
        made = None if looked.tables else _put_away(looked, folder)
        try:
            with roster.undoable([runner.athlete], [known] if known else []) as change:
                kept = runner.keep(summary, key=looked.key, recording=made, notes=notes)
        except BaseException:
            if made is not None:
                made.unlink(missing_ok=True)
            raise
        return Taken(kept.id, False, change, made)


def take_runs(roster_file: Path, athlete_id: int, file: Dropped) -> tuple[Change, Outcome]:
    """Keep the runs of another maker's file, or of a zip archive of them; with what takes them
    back.

    Raises InputError or UsageError where nothing of it can be kept.
    """
    outcome = Outcome()
    with Roster(roster_file) as roster:
        athlete = roster.athletes.get(athlete_id)
        shoe = roster.shoes.only(athlete)
        with roster.undoable([athlete]) as change:
            if zipfile.is_zipfile(file.path):
                keep_zip(roster, athlete, file, shoe, outcome)
            else:
                keep_runs(roster, athlete, file, shoe, outcome)
        return change, outcome


def take_archive(
    roster_file: Path, file: Dropped, folder: Path
) -> tuple[TakenIn, Change, list[Path]]:
    """Everything of an archive, with what takes it back and the session files that were made.

    Raises InputError where it cannot be taken in; then nothing is changed.
    """
    with Roster(roster_file) as roster:
        with file.path.open("rb") as content:
            athlete = roster.known_in(content, file.name)
        sessions = roster.sessions.all(athlete) if athlete else []
        with roster.undoable([athlete] if athlete else [], sessions) as change:
            taken, made = take_in_archive(roster, file.path, folder, file.name)
        return taken, change, made


def _summary(runner: Runner, looked: Looked) -> tuple[Summary, str | None]:
    """The summary beside what the roster knows, and the remarks that are in the recording."""
    from gait.pipeline import analyze_items, analyze_samples

    if looked.tables:
        read = {side: _table(side, file) for side, file in looked.tables.items()}
        result = analyze_samples({side: (t.samples, t.info) for side, t in read.items()})
        problems, notes = [p for t in read.values() for p in t.problems], None
    else:
        session = open_session(looked.files[0].path)
        result = analyze_items(session.sensors, session.items())
        problems, notes = session.problems, session.notes or None
    summary = runner.summarise(
        result, key=looked.key, source=looked.name, started_at=looked.moment, notes=problems
    )
    return summary, notes


def _put_away(looked: Looked, folder: Path) -> Path:
    file = looked.files[0]
    with file.path.open("rb") as content:
        packed = content.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    ending = ENDINGS[container(file.path)] + (".gz" if packed else "")
    day = local_day(moment_of(looked.moment))
    path = recording_path(folder, day, looked.key, ending)
    put_in_place(file.path, path)
    return path


def _table(side: Side, file: Dropped) -> Table:
    with called(file):
        return read_table(file.path, side=side)


def _check_size(file: Dropped) -> None:
    """Raise InputError for a file that is too large, also once it is unpacked."""
    if file.path.stat().st_size > MOST_BYTES:
        raise InputError(f"{file.name} is larger than {MOST_BYTES // 10**6} MB; it was not taken.")
    with file.path.open("rb") as content:
        if content.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
            return
    unpacked = 0
    try:
        with gzip.open(file.path) as content:
            while part := content.read(CHUNK_BYTES):
                unpacked += len(part)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise InputError(
                        f"{file.name} unpacks to more than {MOST_UNPACKED_BYTES // 10**6} MB; it "
                        "was not taken."
                    )
    except (OSError, EOFError, zlib.error):
        return  # cut off or damaged; what can be read of it is up to its reader
