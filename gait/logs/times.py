"""Packets of a log on the host's clock, and the stretches that it falls into.

Which stretches of logs belong together in time, and so into one session.
"""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from gait.logs.fetch import LogOffer
from gait.model import Packet, SensorInfo, Side
from gait.recording.stored_logs import LogKey, StoredSession
from gait.sensors import profile
from gait.steps.alignment import LogLine, Seen, agree, log_line, unwrapped_s

DOUBT_S = 5.0  # about the times of two logs of one shoe, as after a reboot


PAUSE_S = 600.0  # without a packet: what follows is another session
SHORT_S = 10.0  # a stretch between pauses that is no motion: the shoe showed itself, or was moved
BATCH = 2048
WRONG_CLOCK = (
    "the host that began its log had another time than this one; its time is taken from here"
)
ONE_END = (
    "its log is timed at one end alone, so the other may be off by some tenths of a second an hour"
)
NO_TIME = "nobody knows when its log was made: nobody said it when it began, and the shoe restarted"


@dataclass(frozen=True, slots=True)
class TimedLog:
    """first_s, last_s : (packets,) host time of each packet's first and last sample, in seconds
    since 1970; since the log's first sample where nobody knows when it was (`dated` False)
    remarks            : in a sentence each, what is not certain
    """

    told: LogOffer
    first_s: NDArray[np.float64]
    last_s: NDArray[np.float64]
    sd_s: NDArray[np.float64]
    dated: bool
    remarks: tuple[str, ...]

    def stretches(self) -> "list[Stretch]":
        """Runs of packets without a pause between them."""
        pauses = np.flatnonzero(self.first_s[1:] - self.last_s[:-1] > PAUSE_S) + 1
        bounds = [0, *pauses.tolist(), len(self.first_s)]
        return [Stretch(self, range(a, b)) for a, b in pairwise(bounds)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of packets of a log."""

    log: TimedLog
    indices: range

    @property
    def first_s(self) -> float:
        return float(self.log.first_s[self.indices.start])

    @property
    def last_s(self) -> float:
        return float(self.log.last_s[self.indices.stop - 1])

    @property
    def sd_s(self) -> float:
        """How well its time is known, where that is worst."""
        return float(self.log.sd_s[self.indices.start : self.indices.stop].max())


def timed(told: LogOffer, packets: Iterable[bytes]) -> TimedLog:
    """`packets` are all of the log's, one or more."""
    device_us, count = _device_times(told, packets)
    device_s = unwrapped_s(device_us, profile(told.info.profile).time_modulo_us)
    last_s = device_s + (count - 1) / told.info.rate_hz
    line, remarks = _line(told, float(device_s[-1]))
    if line is None:
        return TimedLog(told, device_s, last_s, np.zeros(len(device_s)), False, remarks)
    return TimedLog(
        told, line.host(device_s), line.host(last_s), line.sd_s(device_s), True, remarks
    )


def _line(told: LogOffer, last_s: float) -> tuple[LogLine | None, tuple[str, ...]]:
    """The line of its clock, whose zero is the log's first sample; `last_s` is its last packet."""
    seen = []
    if told.begun_s is not None:
        seen.append(Seen(-told.wait_s, told.begun_s, told.begun_sd_s))
    if told.asked_s is not None:
        seen.append(Seen(last_s + told.since_s, told.asked_s, told.asked_sd_s))
    if not seen:
        return None, (NO_TIME,)
    if len(seen) == 2 and not agree(*seen):
        return log_line(seen[1:]), (WRONG_CLOCK, ONE_END)
    return log_line(seen), () if len(seen) == 2 else (ONE_END,)


def _device_times(
    told: LogOffer, packets: Iterable[bytes]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Raw device time and number of samples of each packet; those that cannot be read have the
    time of the one before."""
    kind = profile(told.info.profile)
    assert kind.decoder is not None
    decoder = kind.decoder(told.info)
    device_us = np.zeros(told.packets, dtype=np.int64)
    count = np.ones(told.packets, dtype=np.int64)
    readable = np.zeros(told.packets, dtype=np.int64)
    left, at = iter(packets), 0
    while batch := list(islice(left, BATCH)):
        frames = decoder.push([Packet(0, 0.0, kind.streams[0], payload) for payload in batch])
        rows = at + frames.packet
        device_us[rows], count[rows], readable[rows] = frames.device_us, frames.count, 1
        at += len(batch)
    good = np.flatnonzero(readable)
    if len(good):
        device_us = device_us[good[np.maximum(np.cumsum(readable) - 1, 0)]]
    return device_us, count


@dataclass(slots=True)
class Group:
    """What becomes one session: stretches in motion, short ones that are only kept with them, and
    sessions made before that they belong to."""

    stretches: list[Stretch] = field(default_factory=list)
    short: list[Stretch] = field(default_factory=list)
    stored: list[StoredSession] = field(default_factory=list)
    feet: dict[Side, str] = field(default_factory=dict)
    ended_s: dict[str, float] = field(default_factory=dict)  # by address
    last_s: float = -math.inf

    def takes(self, first_s: float, feet: Mapping[Side, str]) -> bool:
        """Whether what begins then belongs to it: there is no pause, no second sensor on a foot,
        none that changed feet, and none that would be at two times at once."""
        both = {*self.feet.items(), *feet.items()}
        fit = len({side for side, _ in both}) == len({address for _, address in both}) == len(both)
        over = all(first_s >= self.ended_s.get(a, first_s) - DOUBT_S for a in feet.values())
        return fit and over and first_s <= self.last_s + PAUSE_S

    def add(self, last_s: float, feet: Mapping[Side, str]) -> None:
        self.last_s = max(self.last_s, last_s)
        self.ended_s |= {a: max(last_s, self.ended_s.get(a, last_s)) for a in feet.values()}
        self.feet.update(feet)


def grouped(logs: Sequence[TimedLog], stored: Sequence[StoredSession]) -> list[Group]:
    """The sessions to be made of `logs`; those of `stored` that go into one are to be replaced."""
    short: list[Stretch] = []
    spans: list[tuple[float, float, Stretch | StoredSession]] = []
    groups: list[Group] = []
    for log in logs:
        moving, still = _told_apart(log.stretches())
        short += still
        if log.dated:
            spans += [(s.first_s, s.last_s, s) for s in moving]
        else:
            groups.append(Group(stretches=moving))
    for session in stored:
        began_s = session.logs.began_s
        if began_s is not None:
            spans.append((began_s, began_s + session.logs.lasts_s, session))
    spans.sort(key=lambda span: span[:2])
    groups += _joined(spans, {log.told.key for log in logs})
    groups = [group for group in groups if group.stretches]
    for stretch in short:
        _nearest(stretch, groups).short.append(stretch)
    return groups


def _told_apart(stretches: Sequence[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """Those in motion, and the short ones; the longest is never taken for a short one."""
    longest = max(s.last_s - s.first_s for s in stretches)
    least = min(SHORT_S, longest)
    moving = [s for s in stretches if s.last_s - s.first_s >= least]
    return moving, [s for s in stretches if s not in moving]


def _sensors(what: Stretch | StoredSession, fresh: Set[LogKey]) -> list[SensorInfo]:
    """Whose packets it holds, but for those that were fetched once more."""
    if isinstance(what, Stretch):
        return [what.log.told.info]
    devices = {run.device for run in what.logs.runs if run.key not in fresh}
    return [what.session.sensors[device] for device in devices]


def _joined(
    spans: Sequence[tuple[float, float, Stretch | StoredSession]], fresh: Set[LogKey]
) -> list[Group]:
    groups: list[Group] = []
    for first_s, last_s, what in spans:
        feet = {info.side: info.address for info in _sensors(what, fresh)}
        group = next((g for g in reversed(groups) if g.takes(first_s, feet)), None)
        if group is None:
            group = Group()
            groups.append(group)
        group.add(last_s, feet)
        if isinstance(what, StoredSession):
            group.stored.append(what)
        else:
            group.stretches.append(what)
    return groups


def _nearest(short: Stretch, groups: Sequence[Group]) -> Group:
    """Where the stretch of the same log is that it lies next to."""
    others = [
        (abs(stretch.indices.start - short.indices.start), number)
        for number, group in enumerate(groups)
        for stretch in group.stretches
        if stretch.log is short.log
    ]
    return groups[min(others)[1]]
