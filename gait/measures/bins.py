"""A run's strides by speed: what later runs are compared with (science 2.3)."""

import math

import numpy as np

from gait.measures.aggregate import MEDIAN_SE, robust_spread
from gait.measures.table import STRIDE_MEASURES
from gait.model.arrays import Records
from gait.model.history import SpeedBin
from gait.model.strides import Side, is_running, of_side

WIDTH_M_S = 0.25
LEAST = 20  # valid strides of one foot, for a median
LEAST_VARIABILITY = 50  # likewise, for how much they vary
WARM_UP_S, COOL_DOWN_S = 180.0, 60.0
LEAST_LEFT_S = 180.0  # of running that must remain without those; shorter runs are used whole

ROLL_VARIABILITY = "roll_variability_deg"
CONTACT_SYMMETRY = "symmetry_contact_pct"
_OF_RUNNER = tuple(row.name for row in STRIDE_MEASURES if row.of_runner)

Bins = dict[str, list[SpeedBin]]


def speed_bins(strides: Records) -> Bins:
    """The running strides of a session by speed, of each foot that has any and of both.

    Without the first 3 minutes and the last of the running, where at least 3 minutes are left
    then; a shorter run is used whole. A bin needs 20 valid strides of a foot, and so does each
    measure in it. `both` holds what belongs to the runner and left against right.
    """
    used = _steady(strides)
    found: Bins = {}
    for side in Side:
        mine = [_of_foot(low, part) for low, part in _by_speed(of_side(used, side))]
        if mine:
            found[side] = mine
    if found:
        found["both"] = [
            _of_both(low, part, found) for low, part in _by_speed(used, least=LEAST * len(found))
        ]
    return found


def _steady(strides: Records) -> Records:
    """Valid running strides of known speed, without warming up and cooling down."""
    used = strides[is_running(strides) & np.isfinite(strides["speed_m_s"])]
    if len(used) == 0:
        return used
    since = used["ic_s"] - used["ic_s"].min()
    if since.max() - WARM_UP_S - COOL_DOWN_S < LEAST_LEFT_S:
        return used
    return used[(since >= WARM_UP_S) & (since <= since.max() - COOL_DOWN_S)]


def _by_speed(strides: Records, least: int = LEAST) -> list[tuple[float, Records]]:
    """The slowest speed of each bin with enough strides, and those strides."""
    numbers = np.floor(strides["speed_m_s"] / WIDTH_M_S)
    parts = ((float(n) * WIDTH_M_S, strides[numbers == n]) for n in np.unique(numbers))
    return [(low, part) for low, part in parts if len(part) >= least]


def _of_foot(low: float, strides: Records) -> SpeedBin:
    found = _summed(low, strides, [row.name for row in STRIDE_MEASURES])
    roll = "roll_at_ic_deg"
    if found.counts.get(roll, 0) >= LEAST_VARIABILITY:
        variation = found.spreads[roll]
        found.medians[ROLL_VARIABILITY] = variation
        # the standard error of a robust spread is 1.17 / √n of it, that of a median 1.25 / √n
        found.spreads[ROLL_VARIABILITY] = 1.17 / MEDIAN_SE * variation
        found.counts[ROLL_VARIABILITY] = found.counts[roll]
    return found


def _of_both(low: float, strides: Records, feet: Bins) -> SpeedBin:
    found = _summed(low, strides, list(_OF_RUNNER))
    same = [b for side in Side for b in feet.get(side, []) if b.from_m_s == low]
    known = [b for b in same if "contact_ms" in b.medians]
    if len(known) == 2:
        left, right = (b.medians["contact_ms"] for b in known)
        scale = 200.0 / (left + right)
        spread = math.hypot(*(b.spreads["contact_ms"] for b in known))
        found.medians[CONTACT_SYMMETRY] = (left - right) * scale
        found.spreads[CONTACT_SYMMETRY] = spread * scale
        found.counts[CONTACT_SYMMETRY] = min(b.counts["contact_ms"] for b in known)
    return found


def _summed(low: float, strides: Records, names: list[str]) -> SpeedBin:
    found = SpeedBin(from_m_s=low, n=len(strides), medians={}, spreads={}, counts={})
    for name in names:
        values = strides[name][np.isfinite(strides[name])]
        if len(values) >= LEAST:
            found.medians[name] = float(np.median(values))
            found.spreads[name] = robust_spread(values)
            found.counts[name] = len(values)
    return found
