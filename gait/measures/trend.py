"""Slow changes within a run: of speed, and of a measure in time."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

Floats = NDArray[np.float64]

SMOOTH = 31  # strides; the speed of a single stride shares its errors with the stride's time
LEAST_KNOWN = 0.5  # share of strides with a speed, below which speed counts as not known


def slow_speed(time_s: Floats, speed_m_s: Floats) -> Floats | None:
    """(n,) speed without the changes of single strides; None where it is not known enough."""
    known = np.isfinite(speed_m_s)
    if known.sum() < max(SMOOTH, LEAST_KNOWN * len(speed_m_s)):
        return None
    smooth = median_filter(speed_m_s[known], SMOOTH, mode="nearest")
    return np.interp(time_s, time_s[known], smooth)


def residuals(values: Floats, terms: Floats) -> Floats:
    """`values` (n,) less what the columns of `terms` (n, k) and a constant explain, + median."""
    design = np.column_stack([np.ones(len(values)), terms - terms.mean(axis=0)])
    fit, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ fit
    return left + np.median(values) - np.median(left)
