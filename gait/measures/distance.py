"""How far a session went, from the sensors themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gait.measures.aggregate import Z95, most_common_why
from gait.measures.readings import LONGEST_S
from gait.measures.table import BY_NAME, NO_GAIT
from gait.model.arrays import Bools, Records
from gait.model.history import Distance
from gait.model.samples import Reading
from gait.model.strides import QualityFlag, Side, of_side

MOST_FILLED = 0.05  # share of the gait's time without a length that is made up for
MOST_MISSING = 0.5  # with more, what is there is not said to be a distance at all
LEAST_M = 10.0  # likewise for less than a few steps of it
_LENGTH = BY_NAME["stride_length_m"]


@dataclass(frozen=True, slots=True)
class _Foot:
    """`metres` of `strides` with a length, which took `seconds`, of `gait_s` in gait."""

    metres: float
    strides: int
    seconds: float
    gait_s: float


def distance(strides: Records, lost_s: Mapping[Side, float], why_not: str = "") -> Distance:
    """Metres run and walked: the stride lengths of a foot, added up.

    Up to 5 % of the time in gait without a length is taken to be as fast as the rest, and
    widens the uncertainty by as much as it adds; with more missing it is the sum of what is
    there, and `at_least` says so; with more than half missing it is not known. Of two feet the one
    that knows more is used, or their mean.

    Parameters
    ----------
    strides : Records
        (n,) of dtype STRIDE.
    lost_s : Mapping[Side, float]
        Seconds of samples that never came, of each foot that was recorded.
    why_not : str
        Why there are no lengths, or no steps at all, where that is known.

    Returns
    -------
    Distance
        `metres` None where it is not known.
    """
    feet = [_foot(of_side(strides, s), lost_s[s]) for s in lost_s]
    known = [foot for foot in feet if foot.strides]
    if not known:
        gait = strides[_gait(strides)]
        reason = "no steps were found"
        if len(gait):
            reason = most_common_why(_LENGTH, gait) or "no stride has a length"
        return Distance(metres=None, why_not=why_not or reason)
    longest_s = max(foot.gait_s for foot in feet)  # a sensor that stopped early knows less
    missing = {foot: 1.0 - foot.seconds / longest_s for foot in known}
    whole = [foot for foot in known if missing[foot] <= MOST_FILLED]
    if whole:
        metres = float(np.mean([foot.metres / (1.0 - missing[foot]) for foot in whole]))
        filled = metres * max(missing[foot] for foot in whole)
        return Distance(metres=metres, uncertainty=_half_width(metres, whole[0], filled))
    best = min(known, key=lambda foot: missing[foot])
    reason = f"{100.0 * missing[best]:.0f} % of the time in gait has no stride length"
    if missing[best] > MOST_MISSING or best.metres < LEAST_M:
        return Distance(metres=None, why_not=reason)
    return Distance(
        metres=best.metres,
        uncertainty=_half_width(best.metres, best, 0.0),
        at_least=True,
        why_not=reason,
    )


def distance_told(readings: Sequence[Reading]) -> Distance:
    """Metres as the sensor itself says its speed; how certain that is, it does not say."""
    metres = sum(
        min(LONGEST_S, after.host_s - reading.host_s) * (reading.speed_m_s or 0.0)
        for reading, after in pairwise(readings)
    )
    if metres <= 0.0:
        return Distance(metres=None, why_not="the sensor told of no speed")
    return Distance(metres=metres, why_not="the sensor's own figure")


def _gait(strides: Records) -> Bools:
    return (strides["why"] & int(NO_GAIT | QualityFlag.PAUSED)) == 0


def _foot(strides: Records, lost_s: float) -> _Foot:
    gait = strides[_gait(strides)]
    timed = gait[np.isfinite(gait["stride_s"])]
    known = timed[np.isfinite(timed["stride_length_m"])]
    between = np.diff(timed["ic_s"]) - timed["stride_s"][:-1]  # stood still, or samples lost
    return _Foot(
        metres=float(known["stride_length_m"].sum()),
        strides=len(known),
        seconds=float(known["stride_s"].sum()),
        gait_s=float(timed["stride_s"].sum()) + min(lost_s, float(between[between > 0].sum())),
    )


def _half_width(metres: float, foot: _Foot, filled: float) -> float:
    """95 %: what the method may be off by is the same for every stride, so it adds up."""
    method = 0.01 * _LENGTH.method_sd_pct * metres, _LENGTH.method_sd * foot.strides
    return float(np.hypot(Z95 * np.hypot(*method), filled))
