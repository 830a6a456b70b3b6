"""Packets of a log on the host's clock, and the stretches that it falls into."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from gait.logs.fetch import Told
from gait.model import Packet
from gait.sensors import profile
from gait.steps.log_time import LogLine, Seen, agree, log_line, unwrapped_s

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

    told: Told
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


def timed(told: Told, packets: Iterable[bytes]) -> TimedLog:
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


def _line(told: Told, last_s: float) -> tuple[LogLine | None, tuple[str, ...]]:
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
    told: Told, packets: Iterable[bytes]
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
