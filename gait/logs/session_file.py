"""The session file that stretches of logs become: as if they had been streamed."""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gait import __version__
from gait.logs.times import Group, Stretch
from gait.model import (
    Connection,
    ConnectionEvent,
    Mark,
    Packet,
    SensorInfo,
    SessionItem,
)
from gait.recording import SessionWriter, new_session
from gait.recording.files import companions, free_name, name_by_date
from gait.recording.partial_download import PartialDownload
from gait.recording.stored_logs import META, LogKey, LogsMeta, Run, StoredSession, packed
from gait.recording.writer import UNFINISHED
from gait.sensors import profile
from gait.sensors.profile import LogState
from gait.text import clock

ENDINGS = {
    LogState.FULL: "its log ends here, as its memory was full",
    LogState.POWER_LOST: "its log ends here, as it lost power or started anew",
}
_OF_ITSELF = {"started_at", "software", META}

Parts = Mapping[LogKey, PartialDownload]


@dataclass(frozen=True, slots=True)
class Written:
    """A session that was made, in a line what is in it, and in a sentence each what is not
    certain."""

    path: Path
    what: str
    remarks: tuple[str, ...]


def write_session(group: Group, parts: Parts, folder: Path) -> Written:
    """The session of `group`, closed and on the disk, in place of those that went into it.

    Raises GaitError where the disk refuses; then nothing was changed.
    """
    making = _Making(group, parts)
    path = group.stored[0].path if group.stored else free_name(folder, making.name)
    making.write(path)
    for replaced in group.stored[1:]:
        _unlink(replaced.path)
    return Written(path, making.what, making.remarks)


def tidy_up(folder: Path) -> None:
    """Remove what a kill left of a session that was being made: its part files are still there."""
    for left in folder.glob(f".*{UNFINISHED}"):
        _unlink(left)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        for file in (path, *companions(path)):
            file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Source:
    """A part of the session, in session seconds."""

    first_s: float
    last_s: float
    devices: tuple[int, ...]
    items: Iterable[SessionItem]
    runs: tuple[Run, ...]


class _Making:
    def __init__(self, group: Group, parts: Parts) -> None:
        self._group = group
        self._parts = parts
        self._infos = _infos(group)
        self._device = {info.address: number for number, info in enumerate(self._infos)}
        began = [s.first_s for s in group.stretches]
        began += [s.logs.began_s for s in group.stored if s.logs.began_s is not None]
        self._zero_s = min(began)
        self._sources = sorted(
            [*map(self._of_log, group.stretches), *map(self._of_stored, group.stored)],
            key=lambda source: source.first_s,
        )
        self.lasts_s = max(source.last_s for source in self._sources)

    @property
    def dated(self) -> bool:
        return all(stretch.log.dated for stretch in self._group.stretches)

    @property
    def name(self) -> str:
        if self.dated:
            return name_by_date(self._began)
        told = self._group.stretches[0].log.told
        return f"undated-{told.info.side}-log-{told.log}"

    @property
    def _began(self) -> datetime:
        return datetime.fromtimestamp(self._zero_s, UTC).astimezone()

    @property
    def what(self) -> str:
        told = {(s.log.told.info.side, s.log.told.log): s.log.told for s in self._group.stretches}
        labels = [told[log].label for log in sorted(told)]
        before = ", and what was there before" if self._group.stored else ""
        return f"{clock(self.lasts_s)}, {', '.join(labels)}{before}"

    @property
    def remarks(self) -> tuple[str, ...]:
        logs = {id(stretch.log): stretch.log for stretch in self._group.stretches}.values()
        said = [f"{log.told.label}: {remark}" for log in logs for remark in log.remarks]
        if len(self._infos) > 1:
            within_s = math.hypot(*(info.timed_within_s for info in self._infos))
            said.append(f"the feet are timed within ±{1e3 * within_s:.0f} ms")
        return tuple(said)

    def write(self, path: Path) -> None:
        with new_session(
            path,
            started_at=self._began.isoformat(timespec="seconds") if self.dated else "",
            software=f"shoegait {__version__}",
            overwrite=True,
        ) as writer:
            for info in self._infos:
                writer.add_sensor(info)
            for stored in self._group.stored:
                for key, value in stored.session.meta.items():
                    if key not in _OF_ITSELF and value:
                        writer.set_meta(key, value)
                for name, content in stored.session.attachments.items():
                    writer.attach(name, content)
            runs = [run for source in self._sources for run in source.runs]
            runs += [self._beside(stretch, writer) for stretch in self._group.short]
            logs = LogsMeta(self._zero_s if self.dated else None, self.lasts_s, runs)
            writer.set_meta(META, msgspec.json.encode(logs).decode())
            for item in heapq.merge(*self._in_turn(), key=lambda item: item.host_s):
                writer.write(item)

    def _in_turn(self) -> list[Iterator[SessionItem]]:
        """The items of each source; none of a device begins before its last has ended, whatever
        the doubt about their times."""
        ended: dict[int, float] = {}
        streams = []
        for source in self._sources:
            streams.append(_not_before(source.items, dict(ended)))
            for device in source.devices:
                ended[device] = max(source.last_s, ended.get(device, -math.inf))
        return streams

    def _of_log(self, stretch: Stretch) -> _Source:
        device = self._device[stretch.log.told.info.address]
        run = self._run(stretch, device)
        first_s, last_s = stretch.first_s - self._zero_s, stretch.last_s - self._zero_s
        return _Source(first_s, last_s, (device,), self._items_of_log(stretch, device), (run,))

    def _items_of_log(self, stretch: Stretch, device: int) -> Iterator[SessionItem]:
        log, told = stretch.log, stretch.log.told
        side = told.info.side
        first_s = stretch.first_s - self._zero_s
        known = {i.address for s in self._group.stored for i in s.session.sensors}
        new = told.info.address not in known
        if new:
            yield ConnectionEvent(device, first_s, Connection.CONNECTED, f"its log {told.log}")
        for remark in log.remarks:
            yield Mark(first_s, f"{side} shoe: {remark}")
        (stream, *_) = profile(told.info.profile).streams
        packets = self._parts[told.key].packets(stretch.indices)
        arrived_s = log.last_s[stretch.indices.start : stretch.indices.stop] - self._zero_s
        host_s = first_s
        for packet, at_s in zip(packets, arrived_s.tolist(), strict=True):
            host_s = max(host_s, at_s)
            yield Packet(device, host_s, stream, packet)
        if stretch.indices.stop == told.packets and told.state in ENDINGS:
            yield Mark(host_s, f"{side} shoe: {ENDINGS[told.state]}")
        if new:
            yield ConnectionEvent(device, host_s, Connection.CLOSED)

    def _of_stored(self, stored: StoredSession) -> _Source:
        assert stored.logs.began_s is not None
        first_s = stored.logs.began_s - self._zero_s
        devices = [self._device[info.address] for info in stored.session.sensors]
        fresh = {stretch.log.told.key for stretch in self._group.stretches}
        kept = [run for run in stored.logs.runs if run.key not in fresh]
        return _Source(
            first_s,
            first_s + stored.logs.lasts_s,
            tuple({devices[run.device] for run in kept}),
            _moved(_without(stored, fresh), first_s, devices),
            tuple(replace(run, device=devices[run.device]) for run in kept),
        )

    def _beside(self, stretch: Stretch, writer: SessionWriter) -> Run:
        """Keep a short stretch as an attachment."""
        told = stretch.log.told
        name = f"{told.info.side}-log-{told.log}-from-{stretch.indices.start}.packets"
        writer.attach(name, packed(self._parts[told.key].packets(stretch.indices)))
        return self._run(stretch, self._device[told.info.address], name)

    def _run(self, stretch: Stretch, device: int, attachment: str = "") -> Run:
        first, count = stretch.indices.start, len(stretch.indices)
        return Run(stretch.log.told.key, device, first, count, attachment)


def _infos(group: Group) -> list[SensorInfo]:
    """Every sensor of the session once, as it said last what it is, and how well its time is known
    where that is worst; the left one first."""
    infos = {info.address: info for stored in group.stored for info in stored.session.sensors}
    for stretch in group.stretches:
        info = stretch.log.told.info
        before_s = infos[info.address].timed_within_s if info.address in infos else 0.0
        infos[info.address] = replace(info, timed_within_s=max(before_s, stretch.sd_s))
    return sorted(infos.values(), key=lambda info: info.side)


def _moved(
    items: Iterable[SessionItem], later_s: float, devices: list[int]
) -> Iterator[SessionItem]:
    """Items of a session that begins so much later, with the devices' new numbers."""
    for item in items:
        changes: dict[str, float] = {"host_s": item.host_s + later_s}
        if not isinstance(item, Mark):
            changes["device"] = devices[item.device]
        yield replace(item, **changes)


def _without(stored: StoredSession, fresh: Set[LogKey]) -> Iterator[SessionItem]:
    """What it holds but for packets of these logs, which were fetched once more."""
    theirs: dict[int, deque[Run]] = {}
    for run in stored.logs.runs:
        if not run.attachment:
            theirs.setdefault(run.device, deque()).extend([run] * run.count)
    for item in stored.session.items():
        runs = theirs.get(item.device) if isinstance(item, Packet) else None
        if not runs or runs.popleft().key not in fresh:
            yield item


def _not_before(items: Iterable[SessionItem], ended: Mapping[int, float]) -> Iterator[SessionItem]:
    for item in items:
        least_s = -math.inf if isinstance(item, Mark) else ended.get(item.device, -math.inf)
        if item.host_s < least_s:
            yield replace(item, host_s=least_s)
        else:
            yield item
