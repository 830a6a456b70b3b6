"""Closed strides → stride records: every row of the table, applied to every window."""

import warnings
from collections.abc import Sequence

import numpy as np
from numba import literal_unroll
from numba.core.errors import NumbaExperimentalFeatureWarning
from numpy.typing import NDArray

from gait.measures.table import BY_NAME, LEFT_OUT, compiled_measures, empty_strides, joined
from gait.model.arrays import Floats, Records
from gait.model.compiled import kernel
from gait.model.sensor import FAST_HZ, enough_rate
from gait.model.strides import STRIKE_BOUNDS_DEG, Activity, QualityFlag, Side, Strike, is_side
from gait.model.window import StrideBatch

_FUNCTIONS = compiled_measures()
_NAMES = tuple(_FUNCTIONS)
_COMPILED = tuple(_FUNCTIONS.values())
_ROWS = [BY_NAME[name] for name in _NAMES]
_SPOILED_BY = np.array([int(row.invalid_if) for row in _ROWS], dtype=np.uint32)
_LEAST_RATE_HZ = np.array([row.least_rate_hz for row in _ROWS], dtype=np.float64)
_RUNNING_ONLY = np.array([row.running_only for row in _ROWS])


@kernel
def _apply_all(strides: Records, windows: Floats, out: Floats):
    """out (n, measures): each measure of each stride."""
    for row in range(strides.shape[0]):
        e = strides[row]
        w = windows[e.window_start : e.window_start + e.window_length]
        column = 0
        for function in literal_unroll(_COMPILED):
            out[row, column] = function(w, e)
            column += 1  # noqa: SIM113 - numba unrolls no enumerate


def measure_strides(closed: StrideBatch, sees_hz: float = np.inf) -> Records:
    """Measure every stride of a batch, as the table of measures says.

    Parameters
    ----------
    closed : StrideBatch
        As the step detector gives it.
    sees_hz : float
        As in `SensorInfo`, where that is less than the rate.

    Returns
    -------
    Records
        (n,) of dtype STRIDE; what a stride cannot tell is NaN, and `why` says so.
    """
    events = closed.strides
    strides = empty_strides(len(events))
    if len(events) == 0:
        return strides
    values = np.empty((len(events), len(_NAMES)))
    with warnings.catch_warnings():
        # numba calls tuples of functions experimental; a test compares with one by one
        warnings.simplefilter("ignore", NumbaExperimentalFeatureWarning)
        _apply_all(events, closed.windows, values)

    why = events["why"].copy()
    walking = events["activity"] == Activity.WALK
    why[walking] |= np.uint32(QualityFlag.WALKING)
    strides["side"] = events["side"]
    strides["activity"] = events["activity"]
    strides["why"] = why
    strides["valid"] = (why & int(LEFT_OUT)) == 0
    strides["ic_s"] = events["ic_s"]
    strides["tc_s"] = events["tc_s"]
    strides["stride_s"] = events["next_ic_s"] - events["ic_s"]
    strides["ic_sd_ms"] = 1e3 * events["ic_sd_s"]
    strides["tc_sd_ms"] = 1e3 * np.where(np.isnan(events["tc_s"]), np.nan, events["tc_sd_s"])
    spoiled = (why[:, None] & _SPOILED_BY) != 0
    rate_hz = events["rate_hz"][:, None]
    shows_hz = np.where(_LEAST_RATE_HZ >= FAST_HZ, np.minimum(rate_hz, sees_hz), rate_hz)
    spoiled |= ~enough_rate(shows_hz, _LEAST_RATE_HZ)
    spoiled |= walking[:, None] & _RUNNING_ONLY
    values[spoiled] = np.nan
    for column, name in enumerate(_NAMES):
        strides[name] = values[:, column]
    strides["strike"] = strike_of(strides["strike_angle_deg"])
    return strides


def strike_of(angle_deg: Floats) -> NDArray[np.int8]:
    """Strike class of foot strike angles; UNKNOWN where the angle is NaN."""
    strike = np.full(len(angle_deg), Strike.MIDFOOT, dtype=np.int8)
    forefoot_below, rearfoot_above = STRIKE_BOUNDS_DEG
    strike[angle_deg > rearfoot_above] = Strike.REARFOOT
    strike[angle_deg < forefoot_below] = Strike.FOREFOOT
    strike[np.isnan(angle_deg)] = Strike.UNKNOWN
    return strike


def pair_feet(parts: Sequence[Records], *, apart: bool = False) -> Records:
    """Put all strides in order of contact, with what needs both feet filled in.

    Flight: from a foot's terminal contact to the other's next initial contact, which must lie
    within the stride; negative where the feet overlapped on the ground. Step time: from initial
    contact to that.

    Parameters
    ----------
    parts : Sequence[Records]
        Of dtype STRIDE, each of one foot or of both.
    apart : bool
        The feet are on clocks of their own, so nothing that needs both is known.

    Returns
    -------
    Records
        (n,) of dtype STRIDE.
    """
    strides = joined(parts)
    strides = strides[np.argsort(strides["ic_s"], kind="stable")]
    if apart:
        strides["why"][strides["activity"] == Activity.RUN] |= np.uint32(QualityFlag.CLOCKS_APART)
        return strides
    for side in Side:
        mine = np.flatnonzero(is_side(strides, side))
        other = strides["ic_s"][is_side(strides, side.other)]
        ic = strides["ic_s"][mine]
        after = np.searchsorted(other, ic, side="right")
        next_other = np.append(other, np.nan)[after]
        known = next_other < ic + strides["stride_s"][mine]
        running = strides["activity"][mine] == Activity.RUN
        for name, since in (("flight_ms", "tc_s"), ("step_time_ms", "ic_s")):
            spoiled = (strides["why"][mine] & int(BY_NAME[name].invalid_if)) != 0
            shown = known & running & ~spoiled
            strides[name][mine] = np.where(shown, 1e3 * (next_other - strides[since][mine]), np.nan)
        alone = mine[~known & running]
        strides["why"][alone] |= np.uint32(QualityFlag.ONE_SHOE)
    return strides


def leave_out_pauses(strides: Records, pauses: Sequence[tuple[float, float]]) -> None:
    """Mark what began between the start and the end of a pause, and take its measures away.

    strides : (n,) STRIDE, changed in place
    pauses  : from and to, s on the strides' clock

    Parameters
    ----------
    strides : Records
        (n,) STRIDE, changed in place.
    pauses : Sequence[tuple[float, float]]
        From and to, s on the strides' clock.
    """
    paused = np.zeros(len(strides), dtype=np.bool_)
    for begin_s, end_s in pauses:
        paused |= (strides["ic_s"] >= begin_s) & (strides["ic_s"] < end_s)
    strides["why"][paused] |= np.uint32(QualityFlag.PAUSED)
    strides["valid"][paused] = False
    strides["strike"][paused] = Strike.UNKNOWN
    for name in _NAMES:
        strides[name][paused] = np.nan
