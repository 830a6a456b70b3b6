"""What comes over the air, and around it, in the order it arrived.

A session is a sequence of these items. Live, replay and batch feed the same items to the
pipeline in the same order, so they give the same strides.
"""

from enum import StrEnum

import msgspec


class Packet(msgspec.Struct, frozen=True):
    """One notification, verbatim.

    `device` numbers the sensor within the session (0, 1, …), `host_s` is the host's monotonic
    clock in seconds since the session began, `characteristic` the UUID it came from.
    """

    device: int
    host_s: float
    characteristic: str
    payload: bytes


class BatteryReading(msgspec.Struct, frozen=True):
    device: int
    host_s: float
    percent: int


class Connection(StrEnum):
    CONNECTED = "connected"
    LOST = "lost"
    CLOSED = "closed"


class ConnectionEvent(msgspec.Struct, frozen=True):
    device: int
    host_s: float
    event: Connection
    detail: str = ""


PAUSE, RESUME = "pause", "resume"  # marks between which a run does not count
MARKED = "by the runner"  # a moment the runner marked: a new lap


class Mark(msgspec.Struct, frozen=True):
    """A moment the runner marked, or a remark about the recording itself."""

    host_s: float
    text: str


class Exchange(msgspec.Struct, frozen=True):
    """What the host wrote to a sensor that streams, and what it answered, both verbatim.

    `host_s` is when the answer was there, `took_s` the time since just before it was written.
    """

    device: int
    host_s: float
    took_s: float
    characteristic: str
    written: bytes
    answer: bytes


SessionItem = Packet | BatteryReading | ConnectionEvent | Mark | Exchange
