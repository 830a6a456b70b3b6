"""What a sensor says about itself: the facts that decide what can be measured with it."""

import msgspec

from gait.model.side import Side


class SensorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor as it was during a recording.

    `profile` names the module in `gait.sensors` that decodes it. Ranges are full scale
    (a sensor of ±16 g has `acc_range_g=16`); `None` means the sensor does not say, and
    `gyr_range_dps=None` together with `has_gyroscope=False` that it has no gyroscope.
    `resends`: it keeps what it sent last and sends it again on request, so that a missing
    packet is worth waiting for. `timed_within_s`: one standard deviation of the host times of
    its packets where these were not taken as they arrived, but found afterwards, as of a log.
    """

    side: Side
    rate_hz: float
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    has_gyroscope: bool = True
    profile: str = "shoegait"
    name: str = ""
    address: str = ""
    mounting: str = "unknown"
    serial: str = ""
    firmware: str = ""
    resends: bool = False
    timed_within_s: float = 0.0
