"""Fetching the logs of one shoe into part files: in pieces, each checked against the shoe's own
check before the next is asked for."""

import re
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gait.ble.log_link import LogLink
from gait.model import GaitError, SensorInfo
from gait.recording.part import SUFFIX, PartFile
from gait.recording.stored_logs import LogKey
from gait.sensors.logs import NO_LOG, UNKNOWN_MS, LogState, LogStatus

TIMES_ASKED = 8  # the quickest answer tells best when it was
ATTEMPTS = 4  # readings of a piece that differ from the shoe's own, or that bring nothing
MOST_HOLES = 256  # numbers of logs that were cleared, between those that are kept
TOLD = "told"

Wall = Callable[[], float]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A log as its shoe described it, all that is needed to make a session of its packets.

    host_ms, wait_ms, since_ms : as in `LogTime`
    asked_s                    : seconds since 1970 when the shoe told `since_ms`
    give_or_take_s             : half of how long the shoe took to answer
    """

    info: SensorInfo
    log: int
    state: LogState
    packets: int
    first_us: int
    last_us: int
    host_ms: int
    wait_ms: int
    since_ms: int
    asked_s: float
    give_or_take_s: float

    @property
    def key(self) -> LogKey:
        return LogKey(self.info.address, self.log, self.packets, self.first_us)

    @property
    def indices(self) -> range:
        return range(self.packets)

    @property
    def label(self) -> str:
        return f"{self.info.side} log {self.log}"

    @property
    def part_name(self) -> str:
        """The name of its part file."""
        who = re.sub(r"[^A-Za-z0-9-]", "", self.info.serial or self.info.address)
        return f"{self.info.side}-{who}-log-{self.log}{SUFFIX}"


async def kept_logs(link: LogLink) -> list[LogStatus]:
    """Every log that the shoe keeps, the oldest first."""
    oldest = await link.ask(lambda: link.logs.status(0))
    found: list[LogStatus] = []
    for number in _numbers_from(oldest.log):
        if len(found) == oldest.kept:
            break
        status = await link.ask(lambda number=number: link.logs.status(number))
        if status != NO_LOG:
            found.append(status)
    return found


async def clear(link: LogLink, log: Told, crc: int) -> bool:
    """Clear it on the shoe; False where the shoe keeps it, as it has other packets than those of
    `crc`. Raises GaitError where the shoe is lost for long."""
    try:
        await link.ask(lambda: link.logs.clear(log.log, log.packets, crc))
    except GaitError:
        # it may have been cleared by an attempt whose answer was lost
        return await link.ask(lambda: link.logs.status(log.log)) == NO_LOG
    return True


async def told(link: LogLink, status: LogStatus, wall: Wall) -> Told:
    """What is known of this log; `wall` gives seconds since 1970."""
    best: Told | None = None
    for _ in range(TIMES_ASKED):
        before_s = wall()
        times = await link.ask(lambda: link.logs.times(status.log))
        after_s = wall()
        half_s = (after_s - before_s) / 2.0
        if best is None or half_s < best.give_or_take_s:
            best = Told(
                info=replace(link.info, resends=False),  # nothing comes again in a log
                log=status.log,
                state=status.state,
                packets=status.packets,
                first_us=status.first_us,
                last_us=status.last_us,
                host_ms=times.host_ms,
                wait_ms=times.wait_ms,
                since_ms=times.since_ms,
                asked_s=before_s + half_s,
                give_or_take_s=half_s,
            )
        if times.since_ms == UNKNOWN_MS:
            break
    assert best is not None
    return best


def part_of(log: Told, folder: Path) -> tuple[PartFile, Told]:
    """Its part file in `folder`, and what was told of it when that was begun: nearer to the log,
    so it is known better when it was."""
    key = msgspec.json.encode(log.key).decode()
    part = PartFile(folder / log.part_name, key)
    noted = part.note(TOLD)
    if noted is not None:
        return part, msgspec.json.decode(noted, type=Told)
    part.set_note(TOLD, msgspec.json.encode(log).decode())
    return part, log


async def fetch(
    link: LogLink, log: Told, part: PartFile, on_progress: Callable[[], None] = lambda: None
) -> None:
    """Fill `part` until it holds every packet as the shoe has it.

    What it held before is checked as well. Raises GaitError where the shoe is lost for long, or
    gives other packets each time; what came is kept.
    """
    for piece in _pieces(log.packets, link.logs.most_checked):
        for _ in range(ATTEMPTS):
            await _fill(link, log, part, piece, on_progress)
            wanted = await link.ask(
                lambda piece=piece: link.logs.check(log.log, piece.start, len(piece))
            )
            if link.logs.crc(part.packets(piece), 0) == wanted:
                break
            part.forget(piece)
        else:
            raise GaitError(
                f"The sensor {link.found.label} gave packets {piece.start} to {piece.stop - 1} of "
                f"log {log.log} that differ from its own check {ATTEMPTS} times, so the log stays "
                "on the shoe; try again closer to it."
            )


async def _fill(
    link: LogLink, log: Told, part: PartFile, piece: range, on_progress: Callable[[], None]
) -> None:
    idle = 0
    while missing := part.missing(piece):
        before, lost = len(part), link.lost
        async with aclosing(link.read(log.log, missing)) as packets:
            async for index, packet in packets:
                part.keep(index, packet)
                on_progress()
        idle = 0 if len(part) > before or link.lost > lost else idle + 1
        if idle == ATTEMPTS:
            raise GaitError(
                f"The sensor {link.found.label} does not hand over packet {missing.start} of log "
                f"{log.log}; switch it off and on, and try again."
            )
    part.commit()


def _pieces(packets: int, size: int) -> Iterator[range]:
    for first in range(0, packets, size):
        yield range(first, min(first + size, packets))


def _numbers_from(oldest: int) -> Iterator[int]:
    """Numbers that the logs may have: one after the other, from 1 again after the last."""
    for ahead in range(MOST_HOLES):
        yield (oldest - 1 + ahead) % 0xFFFF + 1
