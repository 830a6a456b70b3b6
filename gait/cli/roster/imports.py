"""`gait roster import`: every recording of a folder, analysed and kept once.

Files kept in the roster one after the other: which, what came of each, and the bar meanwhile.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, track

from gait.athletes.runner import Chosen, Runner, runner_of
from gait.cli.roster.people import say
from gait.model import InputError, UsageError
from gait.recording import Session, open_session
from gait.recording.session import session_key
from gait.recording.sqlite_reader import NOT_FINISHED
from gait.roster.moments import moment_of

FAILED = 1  # exit code where one of several could not be kept


@dataclass(slots=True)
class Counts:
    """What came of the files."""

    kept: int = 0
    known: int = 0
    refused: int = 0

    def refuse(self, sentence: str, path: Path) -> None:
        """Say why this file is not kept."""
        self.refused += 1
        say(sentence if str(path) in sentence else f"{path}: {sentence}")

    def sentence(self, name: str) -> str:
        parts = [f"{self.kept} kept"]
        if self.known:
            parts.append(f"{self.known} kept before")
        if self.refused:
            parts.append(f"{self.refused} not, for the reasons above")
        return f"{name}: {', '.join(parts)}."


def files_in(paths: Sequence[Path], wanted: Callable[[str], bool]) -> Iterator[Path]:
    """The files named, and those with a wanted name below the folders named, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if wanted(file.name) and not file.name.startswith(".") and file.is_file()
            )
        else:
            yield path


def watched(files: Sequence[Path], doing: str, few: int) -> Iterator[Path]:
    """The files in turn, with a progress bar where there are at least `few`."""
    stderr = Console(stderr=True)
    quick = len(files) < few or not stderr.is_terminal
    yield from track(files, doing, console=stderr, transient=True, disable=quick)


ENDINGS = (".gait", ".jsonl", ".jsonl.gz")
RECENT_S = 60.0  # an unfinished file that changed so lately is still being recorded
FEW = 20  # files that need no progress bar


@dataclass(frozen=True, slots=True)
class Found:
    """A recording that can be read, its key and when it began."""

    session: Session
    key: str
    moment: datetime


def run_import(paths: Sequence[Path], chosen: Chosen, *, again: bool) -> None:
    """Exit code 1 where a recording could not be kept; the others are."""
    counts = Counts()
    with runner_of(chosen) as runner:
        files = list(files_in(paths, lambda name: name.endswith(ENDINGS)))
        if not files:
            raise UsageError("There is no session file there (.gait, .jsonl or .jsonl.gz).")
        found = [
            one for path in watched(files, "Looking", FEW) if (one := _look_into(path, counts))
        ]
        found.sort(key=lambda one: one.moment)  # so that none is compared twice
        fresh = [one for one in found if again or not _is_kept(runner, one, counts)]
        _analyse(runner, fresh, counts)
        say(counts.sentence(runner.athlete.name))
    if counts.refused:
        raise SystemExit(FAILED)


def _look_into(path: Path, counts: Counts) -> Found | None:
    try:
        session = open_session(path)
        running = NOT_FINISHED in session.problems
        if running and time.time() - path.stat().st_mtime < RECENT_S:
            raise InputError(f"{path} is still being recorded; import it when it is finished.")
        return Found(session, session_key(session), moment_of(session.started_at))
    except (InputError, UsageError) as error:
        counts.refuse(str(error), path)
        return None


def _is_kept(runner: Runner, one: Found, counts: Counts) -> bool:
    """Whether the session is here already; then its file is remembered where it lies now."""
    try:
        known = runner.roster.sessions.known(runner.athlete, one.key)
    except UsageError as error:
        counts.refuse(str(error), one.session.path)
        return True
    if known is None:
        return False
    counts.known += 1
    if known.recording is None or not known.recording.exists():
        runner.roster.sessions.locate(known, one.session.path)
    return True


def _analyse(runner: Runner, fresh: Sequence[Found], counts: Counts) -> None:
    from gait.pipeline import analyze_items

    keys = set()
    stderr = Console(stderr=True)
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
        task = progress.add_task("Analysing", total=len(fresh))
        for one in fresh:
            if one.key in keys:  # a copy in the same folder
                counts.known += 1
                progress.advance(task)
                continue
            keys.add(one.key)
            session = one.session
            try:
                summary = runner.summarise(
                    analyze_items(session.sensors, session.items()),
                    key=one.key,
                    source=session.path.name,
                    started_at=session.started_at,
                    notes=session.problems,
                )
                runner.keep(
                    summary, key=one.key, recording=session.path, notes=session.notes or None
                )
                counts.kept += 1
            except (InputError, UsageError) as error:
                counts.refuse(str(error), session.path)
            progress.advance(task)
