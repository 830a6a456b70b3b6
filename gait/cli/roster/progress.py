"""Files kept in the roster one after the other: which, what came of each, and the bar meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from gait.cli.roster.people import say

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
