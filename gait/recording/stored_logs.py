"""Logs of sensors that are stored in the session files of a folder: which, where, and their bytes.

A session that was made of logs says so in its meta `logs`: when it began, and for each run of
packets which log and place it is from. Runs that belong to no motion (a sensor that shows itself
once an hour) are kept as an attachment, so that a stored log is whole to the byte.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gait.model import InputError, Packet
from gait.model.limits import LINE_BYTES, decode_json
from gait.recording.reading import open_session
from gait.recording.session import Session
from gait.recording.sqlite_reader import NOT_FINISHED

META = "logs"
Count = Annotated[int, Meta(ge=0, lt=1 << 48)]
_LENGTH = struct.Struct("<H")


class LogKey(msgspec.Struct, frozen=True):
    """One log of one sensor. Numbers come again, so its length and first device time belong to
    it."""

    address: str
    log: Count
    packets: Count
    first_us: Count


class Run(msgspec.Struct, frozen=True):
    """`count` packets of a log from index `first` on: those of `device` that follow the runs named
    before, or those in the attachment of this name."""

    key: LogKey
    device: Count
    first: Count
    count: Count
    attachment: str = ""


class LogsMeta(msgspec.Struct, frozen=True):
    """`began_s`: seconds since 1970 at `host_s` 0, or None where nobody knows when it was;
    `lasts_s` until its last packet."""

    began_s: float | None
    lasts_s: float
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session that was made of logs, complete and closed."""

    session: Session
    logs: LogsMeta

    @property
    def path(self) -> Path:
        return self.session.path

    def packets(self, run: Run) -> Iterator[bytes]:
        """The packets of one of its runs."""
        if run.attachment:
            yield from unpacked(self.session.attachments[run.attachment])
            return
        before = 0
        for other in self.logs.runs:
            if other is run:
                break
            if other.device == run.device and not other.attachment:
                before += other.count
        mine = (
            item.payload
            for item in self.session.items()
            if isinstance(item, Packet) and item.device == run.device
        )
        yield from islice(mine, before, before + run.count)


class StoredLogs:
    """What the session files of `folder` hold of logs, as they are now."""

    def __init__(self, folder: Path) -> None:
        self.sessions = [stored for path in sorted(folder.glob("*.gait")) if (stored := _of(path))]

    def runs(self, key: LogKey) -> list[tuple[StoredSession, Run]]:
        """Where the packets of this log are, by index."""
        found = [(s, run) for s in self.sessions for run in s.logs.runs if run.key == key]
        return sorted(found, key=lambda pair: pair[1].first)

    def whole(self, key: LogKey) -> bool:
        """Whether every packet of it is said to be here."""
        upto = 0
        for _, run in self.runs(key):
            if run.first > upto:
                return False
            upto = max(upto, run.first + run.count)
        return upto >= key.packets

    def packets(self, key: LogKey) -> Iterator[bytes]:
        """Its packets as they are in the files now, each once, in order."""
        upto = 0
        for stored, run in self.runs(key):
            yield from islice(stored.packets(run), max(0, upto - run.first), None)
            upto = max(upto, run.first + run.count)


def packed(packets: Iterable[bytes]) -> bytes:
    """Packets as the content of an attachment."""
    return b"".join(_LENGTH.pack(len(packet)) + packet for packet in packets)


def unpacked(content: bytes) -> Sequence[bytes]:
    """Raises ValueError where it was not made by `packed`."""
    packets, at = [], 0
    while at < len(content):
        if len(content) - at < _LENGTH.size:
            raise ValueError("cut off")
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size + length
        packets.append(content[at - length : at])
    return packets


def _of(path: Path) -> StoredSession | None:
    """None for any other session, and for one that was not finished or is not as we make them."""
    with suppress(InputError, ValueError):
        session = open_session(path)
        if META not in session.meta or NOT_FINISHED in session.problems:
            return None
        logs: LogsMeta = decode_json(session.meta[META], LogsMeta, most_bytes=LINE_BYTES)
        if all(not run.attachment or _holds(session, run) for run in logs.runs):
            return StoredSession(session, logs)
    return None


def _holds(session: Session, run: Run) -> bool:
    """Whether the attachment of a run has its packets."""
    content = session.attachments.get(run.attachment)
    return content is not None and len(unpacked(content)) == run.count
