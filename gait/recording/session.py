"""A recorded session, whatever the form of its file."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gait.model import SensorInfo, SessionItem

EARLIEST_YEAR, LATEST_YEAR = 1970, 2199  # beyond them no clock of a recording is right

# Yields the items in order; its return value names what could not be read.
ItemSource = Callable[[], Generator[SessionItem, None, list[str]]]


@dataclass(slots=True)
class Session:
    """What a session file holds.

    path        : where it was read from
    sensors     : one `SensorInfo` a device; the `device` of an item is its index here
    meta        : started_at, software, notes, and what else was said about the recording
    attachments : small files kept with it, by name
    problems    : sentences on what is not as it should be; damage to items is found while they
                  are read, so the list is complete once `items()` has been read to its end
    """

    path: Path
    sensors: list[SensorInfo]
    meta: dict[str, str]
    attachments: dict[str, bytes]
    source: ItemSource
    problems: list[str] = field(default_factory=list)

    @property
    def notes(self) -> str:
        return self.meta.get("notes", "")

    @property
    def started_at(self) -> str | None:
        """Date and time in ISO 8601, or None where it was not recorded or cannot be."""
        text = self.meta.get("started_at", "")
        try:
            year = datetime.fromisoformat(text).year
        except ValueError:
            return None
        return text if EARLIEST_YEAR <= year <= LATEST_YEAR else None

    @property
    def software(self) -> str:
        return self.meta.get("software", "")

    def items(self) -> Iterator[SessionItem]:
        """All that came and happened, in the order it arrived.

        Reads in batches, so memory does not grow with the recording. Can be called again.
        """
        problems = yield from self.source()
        self.problems.extend(new for new in problems if new not in self.problems)
