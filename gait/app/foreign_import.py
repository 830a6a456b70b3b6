"""`gait import`: runs from the files of other makers, kept as history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from gait.app.roster.people import say
from gait.model import InputError, UsageError
from gait.model.foreign import ForeignRun
from gait.recording.foreign import ENDINGS, read_foreign
from gait.roster import Athlete, Roster, Shoe

FAILED = 1
FEW = 5  # files that need no progress bar


@dataclass(slots=True)
class Counts:
    """What came of the files."""

    kept: int = 0
    known: int = 0
    refused: int = 0

    def sentence(self, name: str) -> str:
        parts = [f"{self.kept} kept"]
        if self.known:
            parts.append(f"{self.known} kept before")
        if self.refused:
            parts.append(f"{self.refused} not, for the reasons above")
        return f"{name}: {', '.join(parts)}."


def run_foreign_import(
    paths: Sequence[Path], name: str, *, shoe: str | None, roster: Path | None
) -> None:
    """Exit code 1 where a file could not be kept; the others are."""
    counts = Counts()
    with Roster(roster) as open_roster:
        athlete = open_roster.athletes.find(name)
        worn = open_roster.shoes.find(athlete, shoe) if shoe else None
        files = list(_files_in(paths))
        if not files:
            raise UsageError("There is no FIT, TCX, GPX or CSV file there.")
        remarks: dict[str, int] = {}
        for path in _watched(files):
            for remark in _keep(open_roster, athlete, worn, path, counts):
                remarks[remark] = remarks.get(remark, 0) + 1
        for remark, times in remarks.items():
            say(remark if times == 1 else f"{remark} ({times} files)")
        say(counts.sentence(athlete.name))
    if counts.refused:
        raise SystemExit(FAILED)


def keep_foreign(
    roster: Roster, athlete: Athlete, path: Path, shoe: Shoe | None = None
) -> ForeignRun | None:
    """Read a file and keep its run; None where it was kept before. Raises as `read_foreign`,
    UsageError where it is another athlete's."""
    run = read_foreign(path)
    return run if roster.foreign.keep(athlete, run, shoe) else None


def _keep(
    roster: Roster, athlete: Athlete, shoe: Shoe | None, path: Path, counts: Counts
) -> list[str]:
    try:
        run = keep_foreign(roster, athlete, path, shoe)
    except (InputError, UsageError) as error:
        counts.refused += 1
        say(str(error) if str(path) in str(error) else f"{path}: {error}")
        return []
    if run is None:
        counts.known += 1
        return []
    counts.kept += 1
    return run.notes


def _files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those with a known ending below the folders named, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.name.lower().endswith(ENDINGS)
                and not file.name.startswith(".")
                and file.is_file()
            )
        else:
            yield path


def _watched(files: Sequence[Path]) -> Iterator[Path]:
    stderr = Console(stderr=True)
    quick = len(files) < FEW or not stderr.is_terminal
    yield from track(files, "Importing", console=stderr, transient=True, disable=quick)
