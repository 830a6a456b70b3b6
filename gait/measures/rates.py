"""What a sampling rate is enough for, and what a peak of acceleration loses between samples.

A shoe's impact lasts some 10 to 30 ms, so its top falls between samples and what the sensor's
own filter passes is lower. Measured in the simulation: tests/measures/test_rates.py.
"""

import math
from itertools import pairwise

from gait.model.sensor import enough_rate

# Samples a second, and by how much a session's impact is lower than the truth (%): in 19 of 20
# simulated feet it is less. The median foot loses 15, 4, 1 and 1 %, a rearfoot strike most.
SHORTFALL_PCT: tuple[tuple[float, float], ...] = (
    (200.0, 27.0),
    (400.0, 9.0),
    (800.0, 3.0),
    (1600.0, 2.0),
)
LOWER_ESTIMATE_BELOW_HZ = 500.0  # Mitschke 2017
NOTE = (
    "a lower estimate: {rate:.0f} samples a second miss up to {pct:.0f} % of the peak "
    "(in simulated runs); 500 or more are wanted"
)


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
