"""Whether the values of a table fit the units its columns name, and where a sensor clipped."""

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.recording.columns import Triple

# Median of |acc|: 1 g standing, up to 3.5 g in fast running, so 0.3 to 6 g can be, and the same
# figures as a number of m/s² cannot.
ACC_MEDIAN = (0.3, 6.0)
ACC_MEDIAN_MAX_G = 12.0
# A foot in sprinting turns at up to about 40 rad/s.
GYR_MAX_RAD_S = 100.0
GYR_SHARE = 0.99  # a few wild values say nothing about the unit
# What a foot that strikes the ground always exceeds.
STRIKING_M_S2 = 25.0
TURNING_MIN_DEG_S = 40.0

FLAT_SAMPLES = 5
FLAT_TOLERANCE = 0.02
PILE_SHARE, PILE_SAMPLES, PILE_TIMES = 0.03, 20, 4.0
ACC_FULL_SCALES_G = (2.0, 4.0, 8.0, 16.0, 32.0)
# Parts of one family saturate at 32768 × 70 mdps = 2294 deg/s when set to 2000, and so on.
GYR_FULL_SCALES_DPS = tuple(
    nominal * factor for nominal in (250, 500, 1000, 2000, 4000) for factor in (1.0, 1.14688)
)


def check_acc_unit(acc: NDArray[np.float64], triple: Triple, source: str) -> None:
    """Raise InputError where `acc` (n, 3), in the unit of its columns, cannot be in that unit."""
    median = float(np.median(np.linalg.norm(acc, axis=1)))
    low, high = ACC_MEDIAN
    start = f"{source} has accelerations around {median:.3g} in {triple.names()}"
    if median < low:
        raise InputError(
            f"{start}, where standing still gives {1.0 / _per_g(triple):.2g}; the sensor was off, "
            "or gravity was taken out, and it is needed."
        )
    if triple.unit == "m_s2" and median < high:
        raise InputError(f"{start}, which looks like g; name them {triple.names('g')}.")
    median_g = median * _per_g(triple)
    if triple.unit == "g" and high <= median < ACC_MEDIAN_MAX_G * STANDARD_GRAVITY_M_S2:
        raise InputError(f"{start}, which looks like m/s²; name them {triple.names('m_s2')}.")
    if median_g > ACC_MEDIAN_MAX_G:
        raise InputError(f"{start}, which no foot reaches; convert raw counts or mg to m/s².")


def _per_g(triple: Triple) -> float:
    return triple.to_si / STANDARD_GRAVITY_M_S2


def check_gyr_unit(
    gyr: NDArray[np.float64], acc_m_s2: NDArray[np.float64], triple: Triple, source: str
) -> None:
    """Raise InputError where `gyr` (n, 3), in the unit of its columns, cannot be in that unit."""
    fastest = float(np.quantile(np.linalg.norm(gyr, axis=1), GYR_SHARE))
    start = f"{source} has angular rates up to {fastest:.3g} in {triple.names()}"
    if fastest * triple.to_si > GYR_MAX_RAD_S:
        if triple.unit == "rad_s" and fastest < GYR_MAX_RAD_S * DEG_PER_RAD:
            raise InputError(f"{start}, which looks like deg/s; name them {triple.names('deg_s')}.")
        raise InputError(f"{start}, which no foot reaches; convert raw counts to rad/s.")
    strikes = np.quantile(np.linalg.norm(acc_m_s2, axis=1), 0.99) > STRIKING_M_S2
    if triple.unit == "deg_s" and strikes and 0.0 < fastest < TURNING_MIN_DEG_S:
        raise InputError(f"{start}, which looks like rad/s; name them {triple.names('rad_s')}.")


def full_scale(values: NDArray[np.float64], candidates: tuple[float, ...]) -> float | None:
    """Where (n, 3) `values` were cut off by the sensor's range, in their own unit, or None.

    An axis that stays on the very same extreme value near a usual full scale was clipped; so was
    one whose values pile up just below its extreme, as those of a calibrated sensor do, which
    mixes axes and smooths after it clips. The value found is returned rather than the nominal
    one; the smallest of all axes, so that no clipped sample is missed.
    """
    ends: list[float] = []
    for axis in range(values.shape[1]):
        for signed in (values[:, axis], -values[:, axis]):
            end = float(signed.max())
            if not any(abs(end - scale) < FLAT_TOLERANCE * scale for scale in candidates):
                continue
            if np.count_nonzero(signed == end) >= FLAT_SAMPLES:
                ends.append(end)
            elif _piles_up(signed, end):
                ends.append((1.0 - PILE_SHARE) * end)
    return min(ends, default=None)


def _piles_up(signed: NDArray[np.float64], end: float) -> bool:
    """Whether far more values lie just below the extreme than a little further below it.

    Of smooth peaks that are all alike 2.4 times as many do, of others fewer.
    """
    top = np.count_nonzero(signed > (1.0 - PILE_SHARE) * end)
    below = np.count_nonzero(signed > (1.0 - 2.0 * PILE_SHARE) * end) - top
    return bool(top >= PILE_SAMPLES and top > PILE_TIMES * below)
