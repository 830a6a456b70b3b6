"""What a sensor can be asked for while it streams tells, whatever its kind."""

from typing import NamedTuple


class Numbered(NamedTuple):
    """Who a packet is: its number and the time of its first sample in µs, both raw (they wrap),
    and whether it was sent once more on request."""

    seq: int
    device_us: int
    again: bool


class DeviceTime(NamedTuple):
    """The sensor's clock in µs, raw, at a moment between the asking and the answer, and how full
    its battery is; None where it does not say."""

    us: int
    battery_pct: int | None = None


class Gone(NamedTuple):
    """So many packets from number `first` on, raw, that the sensor does not have (any more)."""

    first: int
    packets: int
