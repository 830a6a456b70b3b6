"""Logs that a sensor keeps in a memory of its own: what is said of one, whatever the sensor."""

from enum import IntEnum
from typing import NamedTuple, Protocol

UNKNOWN_MS = 0xFFFF_FFFF


class LogState(IntEnum):
    """`NONE`: no log is kept. The last three tell how the log ended."""

    NONE = 0
    LOGGING = 1
    STOPPED = 2
    FULL = 3
    POWER_LOST = 4


class LogStatus(NamedTuple):
    """What a log is; times wrap at the profile's `time_modulo_us`.

    log      : its number, 0 where there is none
    state    : whether it goes on, or how it ended
    kept     : logs kept in all; they are numbered `log`, `log` + 1, … where `log` is the oldest
    packets  : packets in it
    first_us : device time of the first packet, as on the wire; 0 while it is empty
    last_us  : and of the last
    """

    log: int
    state: LogState
    kept: int
    packets: int
    first_us: int
    last_us: int


NO_LOG = LogStatus(0, LogState.NONE, 0, 0, 0, 0)


class LogTime(NamedTuple):
    """When a log was made: what puts it on the host's clock at both of its ends.

    log      : its number
    host_ms  : what was said when it began, ms since 1970; 0 where nobody said
    wait_ms  : from then until the first sample of its first packet
    since_ms : from the first sample of its last packet until now; UNKNOWN_MS where the sensor
               started anew since
    """

    log: int
    host_ms: int
    wait_ms: int
    since_ms: int


class Parts(Protocol):
    """Puts the notifications that carry a log together again; it trusts none of them."""

    def add(self, payload: bytes) -> tuple[int, bytes] | None:
        """Index and bytes of the packet that this notification completes, or None."""
        ...
