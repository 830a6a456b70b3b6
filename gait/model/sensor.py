"""What a sensor says about itself: the facts that decide what can be measured with it."""

from typing import Annotated, overload

import msgspec
from msgspec import Meta

from gait.model.arrays import Bools, Floats
from gait.model.limits import RATE_HZ
from gait.model.strides import Side

# Checked where a file or a message says it; a sensor of another rate or range is none of a shoe.
Rate = Annotated[float, Meta(ge=RATE_HZ[0], le=RATE_HZ[1])]
Range = Annotated[float, Meta(gt=0.0, le=1e6)]
Word = Annotated[str, Meta(max_length=1000)]

PASSES = 2.5  # samples a cycle: filters of sensors are of low order, and pass some beyond
# What the shock of landing, and how fast a shoe rolls in, need at the least (science 1.1). It is
# gone where the sensor itself smooths below; what needs less is not.
FAST_HZ = 200.0
RATE_TOLERANCE = 0.01  # no crystal is exact, and a rate is measured from stamps that are rounded


@overload
def enough_rate(rate_hz: float, least_hz: float) -> bool: ...
@overload
def enough_rate(rate_hz: Floats, least_hz: Floats) -> Bools: ...
def enough_rate(rate_hz: float | Floats, least_hz: float | Floats) -> bool | Bools:
    """Whether a sensor of this rate can show what needs `least_hz`, as far as rates are exact."""
    return rate_hz >= (1.0 - RATE_TOLERANCE) * least_hz


class SensorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor as it was during a recording.

    `profile` names the module in `gait.sensors` that decodes it. Ranges are full scale
    (a sensor of ±16 g has `acc_range_g=16`); `None` means the sensor does not say, and
    `gyr_range_dps=None` together with `has_gyroscope=False` that it has no gyroscope.
    `resends`: it keeps what it sent last and sends it again on request, so that a missing
    packet is worth waiting for. `timed_within_s`: one standard deviation of the host times of
    its packets where these were not taken as they arrived, but found afterwards, as of a log.
    `lowpass_hz`: cut-off of the sensor's own filter, where that may hide what the rate would show.
    `acc_factor`: what raw accelerations are multiplied by, as the sensor itself told it, in the
    unit of its kind; `None` where it does not say, or where its kind knows without.
    """

    side: Side
    rate_hz: Rate
    acc_range_g: Range | None = None
    gyr_range_dps: Range | None = None
    has_gyroscope: bool = True
    profile: Word = "shoegait"
    name: Word = ""
    address: Word = ""
    mounting: Word = "unknown"
    serial: Word = ""
    firmware: Word = ""
    resends: bool = False
    timed_within_s: Annotated[float, Meta(ge=0.0)] = 0.0
    lowpass_hz: Range | None = None
    acc_factor: Range | None = None

    @property
    def sees_hz(self) -> float:
        """Samples a second of a sensor without filter that shows as much as this one."""
        if self.lowpass_hz is None:
            return self.rate_hz
        return min(self.rate_hz, PASSES * self.lowpass_hz)
