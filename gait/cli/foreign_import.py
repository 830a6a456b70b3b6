"""`gait import`: runs from the files of other makers, kept as history."""

from collections.abc import Sequence
from pathlib import Path

from gait.cli.roster.imports import FAILED, Counts, files_in, watched
from gait.cli.roster.people import say
from gait.model import InputError, UsageError
from gait.model.history import ForeignRun
from gait.recording.foreign import ENDINGS, read_foreign
from gait.roster import Athlete, Roster, Shoe

FEW = 5  # files that need no progress bar


def run_foreign_import(
    paths: Sequence[Path], name: str, *, shoe: str | None, roster: Path | None
) -> None:
    """Exit code 1 where a file could not be kept; the others are."""
    counts = Counts()
    with Roster(roster) as open_roster:
        athlete = open_roster.athletes.find(name)
        worn = open_roster.shoes.find(athlete, shoe) if shoe else None
        files = list(files_in(paths, lambda name: name.lower().endswith(ENDINGS)))
        if not files:
            raise UsageError("There is no FIT, TCX, GPX or CSV file there.")
        remarks: dict[str, int] = {}
        for path in watched(files, "Importing", FEW):
            for remark in _keep(open_roster, athlete, worn, path, counts):
                remarks[remark] = remarks.get(remark, 0) + 1
        for remark, times in remarks.items():
            say(remark if times == 1 else f"{remark} ({times} files)")
        say(counts.sentence(athlete.name))
    if counts.refused:
        raise SystemExit(FAILED)


def keep_foreign(
    roster: Roster, athlete: Athlete, path: Path, shoe: Shoe | None = None
) -> list[ForeignRun]:
    """Read a file and keep its runs; those that were not kept before. Raises as `read_foreign`,
    UsageError where they are another athlete's."""
    return [run for run in read_foreign(path) if roster.foreign.keep(athlete, run, shoe)]


def _keep(
    roster: Roster, athlete: Athlete, shoe: Shoe | None, path: Path, counts: Counts
) -> list[str]:
    try:
        runs = keep_foreign(roster, athlete, path, shoe)
    except (InputError, UsageError) as error:
        counts.refuse(str(error), path)
        return []
    if not runs:
        counts.known += 1
        return []
    counts.kept += len(runs)
    return list(dict.fromkeys(note for run in runs for note in run.notes))
