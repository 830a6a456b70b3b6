"""Fetching the logs of one shoe into part files: in pieces, each checked against the shoe's own
check before the next is asked for."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import aclosing, suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gait.ble.log_link import LogLink
from gait.logs.clock_sync import BegunLogs, Wall, clock_offset
from gait.model import GaitError, SensorInfo
from gait.recording.partial_download import SUFFIX, PartialDownload
from gait.recording.stored_logs import LogKey
from gait.sensors.profile import NO_LOG, UNKNOWN_MS, LogState, LogStatus, LogTime

_log = logging.getLogger(__name__)

BEGUN_SD_S = 0.015  # as told: the command waits for one of the link's intervals of up to 50 ms
ATTEMPTS = 4  # readings of a piece that differ from the shoe's own, or that bring nothing
MOST_HOLES = 256  # numbers of logs that were cleared, between those that are kept
TOLD = "told"


class LogOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A log as its shoe described it, all that is needed to make a session of its packets.

    begun_s, asked_s       : seconds since 1970 when it began, and when it was asked for; None where
                             that is not known, or says nothing as the shoe started anew since
    begun_sd_s, asked_sd_s : one standard deviation of these
    wait_s                 : from its beginning until its first sample, on the shoe's clock
    since_s                : from the first sample of its last packet until it was asked for
    """

    info: SensorInfo
    log: int
    state: LogState
    packets: int
    first_us: int
    begun_s: float | None
    begun_sd_s: float
    wait_s: float
    asked_s: float | None
    asked_sd_s: float
    since_s: float

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
    _log.info("the shoe keeps %d logs", len(found))
    return found


async def clear(link: LogLink, log: LogOffer, crc: int) -> bool:
    """Clear it on the shoe; False where the shoe keeps it, as it has other packets than those of
    `crc`. Raises GaitError where the shoe is lost for long."""
    try:
        await link.ask(lambda: link.logs.clear(log.log, log.packets, crc))
    except GaitError:
        # it may have been cleared by an attempt whose answer was lost
        return await link.ask(lambda: link.logs.status(log.log)) == NO_LOG
    return True


async def offer_of(link: LogLink, status: LogStatus, wall: Wall, begun: BegunLogs) -> LogOffer:
    """What is known of this log; `wall` gives seconds since 1970."""

    async def times() -> LogTime:
        return await link.ask(lambda: link.logs.times(status.log))

    async def since_s() -> float:
        return (await times()).since_ms / 1e3

    said = await times()
    asked_s = asked_sd_s = begun_s = begun_sd_s = None
    if said.since_ms != UNKNOWN_MS and status.packets:
        last_s, asked_sd_s = await clock_offset(since_s, wall)
        asked_s = last_s + said.since_ms / 1e3
    noted = begun.find(link.info.address, status.log, said.host_ms)
    if noted is not None:
        begun_s, begun_sd_s = noted.began_s, noted.sd_s
    elif said.host_ms:
        begun_s, begun_sd_s = said.host_ms / 1e3, BEGUN_SD_S
    return LogOffer(
        info=replace(link.info, resends=False),  # nothing comes again in a log
        log=status.log,
        state=status.state,
        packets=status.packets,
        first_us=status.first_us,
        begun_s=begun_s,
        begun_sd_s=begun_sd_s or 0.0,
        wait_s=said.wait_ms / 1e3,
        asked_s=asked_s,
        asked_sd_s=asked_sd_s or 0.0,
        since_s=said.since_ms / 1e3,
    )


def part_of(log: LogOffer, folder: Path) -> tuple[PartialDownload, LogOffer]:
    """Its part file in `folder`, and what was told of it when that was begun: nearer to the log,
    so it is known better when it was."""
    key = msgspec.json.encode(log.key).decode()
    part = PartialDownload(folder / log.part_name, key)
    noted = part.note(TOLD)
    if noted is not None:
        with suppress(msgspec.DecodeError):  # of another version
            return part, msgspec.json.decode(noted, type=LogOffer)
    part.set_note(TOLD, msgspec.json.encode(log).decode())
    return part, log


async def fetch(
    link: LogLink,
    log: LogOffer,
    part: PartialDownload,
    on_progress: Callable[[], None] = lambda: None,
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
            _log.warning("log %d: packets from %d on differ, again", log.log, piece.start)
            part.forget(piece)
        else:
            raise GaitError(
                f"The sensor {link.found.label} gave packets {piece.start} to {piece.stop - 1} of "
                f"log {log.log} that differ from its own check {ATTEMPTS} times, so the log stays "
                "on the shoe; try again closer to it."
            )


async def _fill(
    link: LogLink,
    log: LogOffer,
    part: PartialDownload,
    piece: range,
    on_progress: Callable[[], None],
) -> None:
    idle = 0
    while missing := part.missing(piece):
        before, lost = len(part), link.lost
        async with aclosing(link.read(log.log, missing)) as packets:
            async for index, packet in packets:
                part.keep(index, packet)
                on_progress()
        _log.debug("log %d: %d packets so far, link lost %d times", log.log, len(part), link.lost)
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
