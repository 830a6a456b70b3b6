"""`gait import`: whatever is given, looked at and kept once.

Session files and IMU tables are analysed, the earliest first; runs of other makers are kept as
history, also out of the zip archives that sites hand out; an archive of `gait roster export` brings
an athlete. `gait roster import` and `gait roster import-archive` are the same.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, track

from gait.athletes.imports import (
    Looked,
    kind_of,
    look_into_tables,
    take,
    take_in_archive,
)
from gait.athletes.run_files import Dropped, Outcome, keep_runs, keep_zip
from gait.athletes.runner import Runner
from gait.cli.roster.people import say
from gait.model import InputError, UsageError
from gait.recording import Session, open_session
from gait.recording.foreign import ENDINGS as RUN_ENDINGS
from gait.recording.foreign import OTHER_TABLE, NoRunError
from gait.recording.session import session_key
from gait.recording.sqlite_reader import NOT_FINISHED
from gait.roster import Athlete, Roster, Shoe, TakenIn
from gait.roster.moments import moment_of

FAILED = 1  # exit code where one of several could not be kept
SESSION_ENDINGS = (".gait", ".jsonl", ".jsonl.gz")
ENDINGS = (*SESSION_ENDINGS, *RUN_ENDINGS, ".parquet", ".zip", ".gaitroster")
RECENT_S = 60.0  # an unfinished file that changed so lately is still being recorded
FEW = 5  # files that need no progress bar


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Whose the runs are and in which shoes, by the names in the roster.

    athlete    : not needed for an archive, which says itself whose it is
    date       : when the run of IMU tables began (ISO 8601)
    again      : analyse those sessions anew that are kept already
    recordings : where the session files of an archive go, else beside the roster
    """

    athlete: str | None = None
    shoe: str | None = None
    roster: Path | None = None
    date: str | None = None
    again: bool = False
    recordings: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A session that can be read, its key and when it began."""

    session: Session
    key: str
    moment: datetime


def run_import(paths: Sequence[Path], options: ImportOptions) -> None:
    """Exit code 1 where a file could not be kept; the others are."""
    with Roster(options.roster) as roster:
        files = [(path, named) for given in paths for path, named in files_in(given)]
        if not files:
            raise UsageError(
                "There is nothing to import there: no session (.gait, .jsonl), no FIT, TCX, GPX or "
                "CSV file, no zip archive of them and no archive of `gait roster export`."
            )
        doing = _Import(roster, options, alone=len(files) == 1)
        for path, named in watched(files, "Importing", FEW):
            doing.take(path, named=named)
        doing.finish()
    if doing.outcome.refused:
        raise SystemExit(FAILED)


def files_in(given: Path) -> Iterator[tuple[Path, bool]]:
    """The file itself, or what may be imported below the folder, by name; and whether it was named
    and not found."""
    if not given.is_dir():
        yield given, True
        return
    for file in sorted(given.rglob("*")):
        wanted = file.name.lower().endswith(ENDINGS) and not file.name.startswith(".")
        if wanted and file.is_file():
            yield file, False


def watched(
    files: Sequence[tuple[Path, bool]], doing: str, few: int
) -> Iterator[tuple[Path, bool]]:
    """The files in turn, with a progress bar where there are at least `few`."""
    stderr = Console(stderr=True)
    quick = len(files) < few or not stderr.is_terminal
    yield from track(files, doing, console=stderr, transient=True, disable=quick)


@dataclass(slots=True)
class _Import:
    """What is done with file after file, and what came of it so far."""

    roster: Roster
    options: ImportOptions
    alone: bool
    athlete: Athlete | None = None
    shoe: Shoe | None = None
    outcome: Outcome = field(default_factory=Outcome)
    sessions: list[Found] = field(default_factory=list)
    tables: list[Dropped] = field(default_factory=list)
    archives: int = 0

    def __post_init__(self) -> None:
        """Raises UsageError for a name that is not in the roster."""
        if self.options.athlete is None:
            return
        self.athlete = self.roster.athletes.find(self.options.athlete)
        if self.options.shoe is not None:
            self.shoe = self.roster.shoes.find(self.athlete, self.options.shoe)

    def take(self, path: Path, *, named: bool) -> None:
        """Look at a file and keep what is in it, or remember it for `finish`."""
        file = Dropped(str(path), path)
        try:
            kind = kind_of(file, of_any_size=True)
            if kind == "archive":
                self._archive(path)
            elif kind == "zip":
                self._zip(file)
            elif kind == "session":
                self.whose(path)
                self._session(path)
            elif kind == "table":
                self.whose(path)
                self.tables.append(file)
            else:
                keep_runs(self.roster, self.whose(path), file, self.shoe, self.outcome)
        except NoRunError as error:
            if named or error.what == OTHER_TABLE:
                self.refuse(str(error), path)
            else:
                self.outcome.passed.setdefault(error.what, []).append(str(path))
        except InputError as error:
            self.refuse(str(error), path)
        except UsageError as error:
            if self.athlete is None:
                raise
            self.refuse(str(error), path)

    def whose(self, path: Path) -> Athlete:
        if self.athlete is None:
            raise UsageError(f"Say whose {path} is with --athlete NAME.")
        return self.athlete

    def refuse(self, sentence: str, path: Path) -> None:
        """Say why this file is not kept; where there is no other, that is the end."""
        if self.alone and self.athlete is None:
            raise InputError(sentence)
        text = sentence if str(path) in sentence else f"{path}: {sentence}"
        self.outcome.refused.append(text)
        say(text)

    def finish(self) -> None:
        """Analyse the sessions and tables, and say what came of all."""
        if self.athlete is not None:
            runner = Runner(self.roster, self.athlete, self.shoe)
            self._tables(runner)
            # the earliest first, so that none is compared twice
            found = sorted(self.sessions, key=lambda one: one.moment)
            fresh = [one for one in found if self.options.again or not self._is_kept(runner, one)]
            self._analyse(runner, fresh)
        for line in (*self.outcome.remarked(), *self.outcome.passed_over()):
            say(line)
        only_archives = self.archives and not (self.outcome.kept or self.outcome.known)
        if self.athlete is not None and not (only_archives and not self.outcome.refused):
            say(self._sentence(self.athlete.name))

    def _sentence(self, name: str) -> str:
        outcome = self.outcome
        parts = [f"{outcome.kept} kept"]
        if outcome.known:
            parts.append(f"{outcome.known} kept before")
        if outcome.passed:
            parts.append(f"{sum(map(len, outcome.passed.values()))} passed over")
        if outcome.refused:
            parts.append(f"{len(outcome.refused)} not, for the reasons above")
        return f"{name}: {', '.join(parts)}."

    def _zip(self, file: Dropped) -> None:
        athlete = self.whose(file.path)
        stderr = Console(stderr=True)
        said = len(self.outcome.refused)
        with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
            task = bar.add_task(file.source)
            keep_zip(
                self.roster,
                athlete,
                file,
                self.shoe,
                self.outcome,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        for sentence in self.outcome.refused[said:]:
            say(sentence)

    def _archive(self, path: Path) -> None:
        folder = self.options.recordings or self.roster.path.with_name("recordings")
        with Console(stderr=True).status("Taking it in …"):
            taken, made = take_in_archive(self.roster, path, folder)
        self.archives += 1
        say(what_came(taken))
        if made:
            say(f"{len(made)} session files are in {folder}.")

    def _session(self, path: Path) -> None:
        session = open_session(path)
        running = NOT_FINISHED in session.problems
        if running and time.time() - path.stat().st_mtime < RECENT_S:
            raise InputError(f"{path} is still being recorded; import it when it is finished.")
        began = moment_of(session.started_at or self.options.date)
        self.sessions.append(Found(session, session_key(session), began))

    def _is_kept(self, runner: Runner, one: Found) -> bool:
        """Whether the session is here already; then its file is remembered where it lies now."""
        try:
            known = runner.roster.sessions.known(runner.athlete, one.key)
        except UsageError as error:
            self.refuse(str(error), one.session.path)
            return True
        if known is None:
            return False
        self.outcome.known += 1
        if known.recording is None or not known.recording.exists():
            runner.roster.sessions.locate(known, one.session.path)
        return True

    def _analyse(self, runner: Runner, fresh: Sequence[Found]) -> None:
        from gait.pipeline import analyze_items

        keys = set()
        stderr = Console(stderr=True)
        with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
            task = progress.add_task("Analysing", total=len(fresh))
            for one in fresh:
                progress.advance(task)
                if one.key in keys:  # a copy in the same folder
                    self.outcome.known += 1
                    continue
                keys.add(one.key)
                session = one.session
                try:
                    summary = runner.summarise(
                        analyze_items(session.sensors, session.items()),
                        key=one.key,
                        source=session.path.name,
                        started_at=session.started_at or self.options.date,
                        notes=session.problems,
                    )
                    notes = session.notes or None
                    runner.keep(summary, key=one.key, recording=session.path, notes=notes)
                    self.outcome.kept += 1
                except (InputError, UsageError) as error:
                    self.refuse(str(error), session.path)

    def _tables(self, runner: Runner) -> None:
        """Those of left and right that are called alike are one run; nothing of them is moved."""
        looked: list[Looked] = []
        if not self.tables:
            return
        try:
            looked = look_into_tables(self.tables, self.options.date or "")
        except (InputError, UsageError) as error:
            self.refuse(str(error), self.tables[0].path)
        folder = self.roster.path.with_name("recordings")
        for one in looked:
            try:
                taken = take(self.roster.path, runner.athlete.id, one, folder)
                self.outcome.kept += not taken.known
                self.outcome.known += taken.known
            except (InputError, UsageError) as error:
                self.refuse(str(error), one.files[0].path)


def what_came(taken: TakenIn) -> str:
    """What came of an archive, in sentences."""
    name = taken.athlete.name
    kept = f"{taken.new_sessions} of {taken.sessions} sessions are new"
    said = [f"{'Added' if taken.is_new else 'Brought up to date'}: {name}; {kept}."]
    if taken.named_anew:
        said.append(
            "Somebody else has that name here. If it is the same person: gait roster merge "
            f'NAME "{name}".'
        )
    if taken.elsewhere:
        said.append(f"{taken.elsewhere} sessions are another athlete's here and were left out.")
    return " ".join(said)
