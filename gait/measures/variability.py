"""How stride time varies from stride to stride, and how long its memory is.

Slow changes within a run: of speed, and of a measure in time.
"""

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace
from scipy.ndimage import median_filter

from gait.measures.aggregate import INDEPENDENT_SHARE, Z95, robust_spread
from gait.measures.session_table import STRIDE_CV, STRIDE_DFA, SessionMeasure
from gait.model.arrays import Floats, Records
from gait.model.summary import Measure, Quality

SMOOTH = 31  # strides; the speed of a single stride shares its errors with the stride's time
LEAST_KNOWN = 0.5  # share of strides with a speed, below which speed counts as not known


def slow_speed(time_s: Floats, speed_m_s: Floats) -> Floats | None:
    """Speed without the changes of single strides.

    Parameters
    ----------
    time_s : Floats
        (n,) s.
    speed_m_s : Floats
        (n,) NaN where not known.

    Returns
    -------
    Floats | None
        (n,) m/s; None where it is not known enough.
    """
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


LEAST_CV, MANY_CV = 50, 200  # strides of one foot: for any value, and for a fair one
LEAST_DFA, MANY_DFA = 600, 1200
SHORTEST_WINDOW = 16
WINDOWS = 16
MOST_SPREAD = 6.0  # robust standard deviations, beyond which a stride time is pulled in
# Standard deviation of alpha at 600 strides over simulated long-memory series: it falls with
# the root of the length.
DFA_SD_600 = 0.09
# Lost samples, %, from which on what a gap does to the moments around it shows in how they vary;
# where samples carry no times, the places of single losses are not known, and it shows far sooner.
MOST_LOST_PCT, MOST_LOST_UNTIMED_PCT = 5.0, 0.5
LOSSY = "{lost_pct:.1f} % was lost on the way, which makes stride times vary more than they do"
UNBROKEN = 3.5  # stride times between contacts, up to which a stretch counts as unbroken


def detrended(time_s: Floats, stride_s: Floats, speed_m_s: Floats) -> Floats:
    """Stride times without a slow trend in time and without what follows speed.

    Parameters
    ----------
    time_s : Floats
        (n,) s.
    stride_s : Floats
        (n,) s.
    speed_m_s : Floats
        (n,) NaN where not known.

    Returns
    -------
    Floats
        (n,) s, about their median.
    """
    t = (time_s - time_s.mean()) / max(float(np.ptp(time_s)), 1.0)
    terms = [t, t**2]
    speed = slow_speed(time_s, speed_m_s)
    if speed is not None and np.std(speed) > 0.02:
        terms += [speed, speed**2]
    return residuals(stride_s, np.column_stack(terms))


def variation_pct(values: Floats) -> float:
    """Robust coefficient of variation, %: 148.26 · median absolute deviation / median."""
    return 100.0 * robust_spread(values) / float(np.median(values))


def dfa_alpha(values: Floats) -> float:
    """Exponent of detrended fluctuation analysis (Peng 1994) with lines.

    Windows of 16 to n/9 values, evenly spaced on a log scale, each size laid from both ends.

    Parameters
    ----------
    values : Floats
        (n,)

    Returns
    -------
    float
        0.5 for independent values; more, the longer the memory.
    """
    n = len(values)
    profile = np.cumsum(values - values.mean())
    longest = max(n // 9, SHORTEST_WINDOW + 1)
    sizes = np.unique(np.geomspace(SHORTEST_WINDOW, longest, WINDOWS).round().astype(int))
    fluctuation = [_fluctuation(profile, int(size)) for size in sizes]
    slope, _ = np.polyfit(np.log(sizes), np.log(fluctuation), 1)
    return float(slope)


def _fluctuation(profile: Floats, size: int) -> float:
    """Root mean square of the profile around a line in each window of `size`."""
    count = len(profile) // size
    parts: Floats = np.concatenate(
        [profile[: count * size], profile[len(profile) - count * size :]]
    )
    parts = parts.reshape(-1, size)
    t = np.arange(size) - 0.5 * (size - 1)
    parts = parts - parts.mean(axis=1, keepdims=True)
    slopes = parts @ t / (t @ t)
    left: Floats = parts - np.outer(slopes, t)
    return float(np.sqrt(np.mean(left**2)))


def longest_unbroken(time_s: Floats, stride_s: Floats) -> slice:
    """The longest stretch of strides without a stop; one or two left-out strides do not end it."""
    apart = np.diff(time_s) > UNBROKEN * np.median(stride_s)
    edges = np.concatenate([[0], np.flatnonzero(apart) + 1, [len(time_s)]])
    best = int(np.argmax(np.diff(edges)))
    return slice(int(edges[best]), int(edges[best + 1]))


def _pulled_in(values: Floats) -> Floats:
    """Values beyond a few spreads at that distance: one odd stride must not rule a window."""
    middle, reach = np.median(values), MOST_SPREAD * robust_spread(values)
    return np.clip(values, middle - reach, middle + reach)


def _usable(strides: Records) -> Records:
    return strides[strides["valid"] & np.isfinite(strides["cadence_spm"])]


def stride_time_cv(strides: Records) -> Measure:
    """Variability of stride time of one foot's running strides."""
    used = _usable(strides)
    n = len(used)
    blank = STRIDE_CV.blank(n)
    if n < LEAST_CV:
        return replace(blank, why_not=f"needs {LEAST_CV} strides of a foot, better {MANY_CV}")
    cv = variation_pct(detrended(used["ic_s"], used["stride_s"], used["speed_m_s"]))
    # a standard deviation from the median absolute deviation has 1.17 / √n of relative error
    chance = 1.17 * cv / np.sqrt(n * INDEPENDENT_SHARE)
    few = n < MANY_CV
    return replace(
        blank,
        value=cv,
        uncertainty=float(Z95 * np.hypot(chance, STRIDE_CV.method_sd)),
        quality="low" if few else "good",
        why_not=f"only {n} strides; {MANY_CV} or more tell variability well" if few else None,
    )


def stride_time_memory(strides: Records) -> Measure:
    """DFA exponent of the stride times of one foot's longest unbroken stretch of running."""
    used = _usable(strides)
    if len(used):
        used = used[longest_unbroken(used["ic_s"], used["stride_s"])]
    n = len(used)
    blank = STRIDE_DFA.blank(n)
    if n < LEAST_DFA:
        return replace(
            blank, why_not=f"needs {LEAST_DFA} strides of a foot in one go, about 8 minutes"
        )
    quality: Quality = "fair" if n < MANY_DFA else "good"
    chance = DFA_SD_600 * (LEAST_DFA / n) ** 0.5
    return replace(
        blank,
        value=dfa_alpha(_pulled_in(used["stride_s"])),
        uncertainty=float(Z95 * np.hypot(chance, STRIDE_DFA.method_sd)),
        quality=quality,
    )


def spoiled_by_loss(lost_pct: float | None, *, timed: bool) -> dict[str, str]:
    """The measures of variability that a lossy link makes less certain, by name, and why.

    lost_pct : of the time of the recording; None where that is not known
    timed    : whether the sensor's samples carry times
    """
    most = MOST_LOST_PCT if timed else MOST_LOST_UNTIMED_PCT
    if lost_pct is None or lost_pct < most:
        return {}
    return {row.name: LOSSY.format(lost_pct=lost_pct) for row, _ in VARIABILITY}


VARIABILITY: tuple[tuple[SessionMeasure, Callable[[Records], Measure]], ...] = (
    (STRIDE_CV, stride_time_cv),
    (STRIDE_DFA, stride_time_memory),
)
