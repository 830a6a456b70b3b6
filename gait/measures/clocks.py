"""Whether two recordings share a clock, as far as their own data can prove it.

Two tables may come from one recorder or from two that know nothing of each other. Feet that
alternate prove little alone: with clocks that are off by any amount one pair in six looks so. Feet
that alternate in recordings which also begin and end on the same stamps prove it.
"""

from dataclasses import dataclass

import numpy as np

from gait.measures.aggregate import robust_spread
from gait.model.arrays import Floats, Records
from gait.model.strides import Activity, Side, is_side

SAME_STAMP_PERIODS = 1.5  # first and last stamps of one recorder are at most so far apart
COUNTED_FROM_ZERO_S = 60.0  # a first stamp later than this is no zero of the recording's own
LEAST_STEPS = 10
MISSED = 1.5  # times the usual stride
LEAST_SHARE = 0.8  # of the strides, in which the other foot lands
MOST_OFF_HALF = 0.08  # of the stride, from the middle: the time of a step, far beyond most runners
MOST_SPREAD = 0.06
MOST_DRIFT = 0.05  # from the first third of the steps to the last
LEAST_FLIGHT_S = -0.030  # in running; what the method may be off by


@dataclass(frozen=True, slots=True)
class FootRecording:
    """One foot: stamps of its first and last sample, and its strides, all on its own clock."""

    first_s: float
    last_s: float
    rate_hz: float
    strides: Records

    @property
    def lasts_s(self) -> float:
        return self.last_s - self.first_s


def timed(strides: Records) -> Records:
    """The valid strides whose end is known, without those in which another may have been missed."""
    known = strides[strides["valid"] & np.isfinite(strides["stride_s"])]
    usual_s = float(np.median(known["stride_s"])) if len(known) else 0.0
    return known[known["stride_s"] < MISSED * usual_s]


def step_times_s(mine: Records, other: Records) -> Floats:
    """(n,) from each contact of `mine` (n,) to the other foot's next one, s; NaN where none comes
    within the stride."""
    contacts = np.sort(other["ic_s"])
    after = np.searchsorted(contacts, mine["ic_s"], side="right")
    step = np.append(contacts, np.nan)[after] - mine["ic_s"]
    step[~(step < mine["stride_s"])] = np.nan
    return step


def why_apart(left: FootRecording, right: FootRecording) -> str | None:
    """Why the two cannot be taken to share a clock; None where their data prove it."""
    if not _same_recorder(left, right):
        return "they do not begin and end at the same moment"
    for one, other in ((left, right), (right, left)):
        mine = timed(one.strides)
        step_s = step_times_s(mine, other.strides)
        known = np.isfinite(step_s)
        if known.sum() < LEAST_STEPS:
            return "too few steps of both feet were found"
        shares = (step_s / mine["stride_s"])[known]
        if known.mean() < LEAST_SHARE or not alternate(shares):
            return "their steps do not alternate"
        running = mine["activity"] == Activity.RUN
        flight_s = (step_s - 1e-3 * mine["contact_ms"])[running]
        if np.isfinite(flight_s).any() and np.nanmedian(flight_s) < LEAST_FLIGHT_S:
            return "their steps overlap"
    return None


def alternate(shares: Floats) -> bool:
    """Whether steps (n,) lie near the middle of the other foot's strides, all along."""
    steady = abs(drift_of(shares)) <= MOST_DRIFT and robust_spread(shares) <= MOST_SPREAD
    return steady and abs(float(np.median(shares)) - 0.5) <= MOST_OFF_HALF


def drift_of(shares: Floats) -> float:
    """From the first third of the steps (n,) to the last; 0 where those between are not between."""
    third = max(1, len(shares) // 3)
    parts = shares[:third], shares[third:-third], shares[-third:]
    first, middle, last = (float(np.median(part)) if len(part) else 0.0 for part in parts)
    lies_between = min(first, last) <= middle <= max(first, last)
    return last - first if lies_between else 0.0


def _same_recorder(left: FootRecording, right: FootRecording) -> bool:
    near_s = SAME_STAMP_PERIODS / min(left.rate_hz, right.rate_hz)
    begin = abs(left.first_s - right.first_s) <= near_s
    end = abs(left.last_s - right.last_s) <= near_s
    return begin and (end or left.first_s > COUNTED_FROM_ZERO_S)


def from_own_start(strides: Records) -> Records:
    """The same strides with each foot's times counted from its own first contact, in that order:
    what two feet on clocks of their own can be shown by."""
    moved = strides.copy()
    for side in Side:
        mine = is_side(moved, side)
        if mine.any():
            begins_s = moved["ic_s"][mine].min()
            for name in ("ic_s", "tc_s"):
                moved[name][mine] -= begins_s
    return moved[np.argsort(moved["ic_s"], kind="stable")]
