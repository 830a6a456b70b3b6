"""A recorded session, whatever the form of its file.

Which recording this is, whatever its file is called, wherever it lies and in whatever form.

A recording is told by how it began: so it stays the same when its end was cut off, repaired, or
came later, and when something was remarked in it.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from gait.model import Packet, Samples, SensorInfo, SessionItem, Side

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


PACKETS = 64
SAMPLES = 5000


def session_key(session: Session) -> str:
    """From the sensors, the start and the first packets; 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for info in session.sensors:
        called = info.serial or info.address or info.name
        digest.update(f"{info.side} {info.profile} {called}\n".encode())
    digest.update(f"{session.started_at}\n".encode())
    packets = (item for item in session.items() if isinstance(item, Packet))
    for packet in islice(packets, PACKETS):
        digest.update(f"{packet.device} {len(packet.payload)}\n".encode())
        digest.update(packet.payload)
    return digest.hexdigest()


def samples_key(feet: Mapping[Side, Samples]) -> str:
    """From the first samples of IMU tables; 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for side in sorted(feet):
        samples = feet[side][:SAMPLES]
        digest.update(f"{side} {len(samples)}\n".encode())
        for values in (samples.time_s, samples.acc, samples.gyr):
            digest.update(values.tobytes())
    return digest.hexdigest()
