"""What a sampling rate is enough for, and what a peak of acceleration loses between samples.

A shoe's impact lasts some 10 to 30 ms, so its top falls between samples and what the sensor's
own filter passes is lower. Measured in the simulation: tests/measures/test_rates.py.
"""

import math
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Samples a second, and by how much a session's impact is lower than the truth (%): in 19 of 20
# simulated feet it is less. The median foot loses 15, 4, 1 and 1 %, a rearfoot strike most.
SHORTFALL_PCT: tuple[tuple[float, float], ...] = (
    (200.0, 27.0),
    (400.0, 9.0),
    (800.0, 3.0),
    (1600.0, 2.0),
)
LOWER_ESTIMATE_BELOW_HZ = 500.0  # Mitschke 2017
FAST_HZ = 200.0  # what needs so much is gone where the sensor itself smooths below; others are not
RATE_TOLERANCE = 0.01  # no crystal is exact, and a rate is measured from stamps that are rounded
NOTE = (
    "a lower estimate: {rate:.0f} samples a second miss up to {pct:.0f} % of the peak "
    "(in simulated runs); 500 or more are wanted"
)


@overload
def enough_rate(rate_hz: float, least_hz: float) -> bool: ...
@overload
def enough_rate(rate_hz: Floats, least_hz: Floats) -> NDArray[np.bool_]: ...
def enough_rate(rate_hz: float | Floats, least_hz: float | Floats) -> bool | NDArray[np.bool_]:
    """Whether a sensor of this rate can show what needs `least_hz`, as far as rates are exact."""
    return rate_hz >= (1.0 - RATE_TOLERANCE) * least_hz


def shortfall_pct(rate_hz: float) -> float:
    """What a peak may lack at a rate, %: between the measured rates on a power law."""
    first, last = SHORTFALL_PCT[0], SHORTFALL_PCT[-1]
    if rate_hz <= first[0]:
        return first[1]
    if rate_hz >= last[0]:
        return last[1]
    for (low, more), (high, less) in pairwise(SHORTFALL_PCT):
        if rate_hz <= high:
            share = math.log(rate_hz / low) / math.log(high / low)
            return more * (less / more) ** share
    raise AssertionError("the rates of the table are in order")


def missing_share(rate_hz: float) -> float:
    """What a peak may lack, as a share of what was measured."""
    lost = 0.01 * shortfall_pct(rate_hz)
    return lost / (1.0 - lost)


def note(rate_hz: float) -> str | None:
    """What to say of a peak measured at this rate; None where it is fast enough."""
    if enough_rate(rate_hz, LOWER_ESTIMATE_BELOW_HZ):
        return None
    return NOTE.format(rate=rate_hz, pct=shortfall_pct(rate_hz))
