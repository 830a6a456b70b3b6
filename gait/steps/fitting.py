"""Whether a stride is a step, and whether it fits the mounting it was seen with."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gait.model.compiled import kernel
from gait.model.strides import Activity, Why
from gait.model.window import GYR, POSITION, Closed
from gait.steps.parameters import Parameters

Array = NDArray[np.float64]


def windows_of(closed: Closed) -> Iterator[tuple[np.void, Array]]:
    """Each stride with its window."""
    for stride in closed.strides:
        start = int(stride["window_start"])
        yield stride, closed.windows[start : start + int(stride["window_length"])]


def path_unknown(stride: np.void) -> bool:
    """Whether a signal was at the end of its range, so that the path says nothing."""
    return bool(int(stride["why"]) & int(Why.ACC_CLIPPED | Why.GYR_CLIPPED))


def heading_of(stride: np.void, window: Array, p: Parameters) -> float | None:
    """Direction of travel (rad, left positive) of a stride that could be a step, else None."""
    following = int(stride["next_mid_stance"])
    if following < 0:
        return None
    x, y = window[following, POSITION : POSITION + 2].tolist()
    duration = float(stride["next_ic_s"] - stride["ic_s"])
    low, high = p.walk_stride_s if stride["activity"] == Activity.WALK else p.run_stride_s
    if not (low <= duration <= high and math.hypot(x, y) > p.least_way_m):
        return None
    return math.atan2(y, x)


@kernel
def _restlessness(window, middle, reach):
    fastest = 0.0
    here = 0.0
    count = 0
    for i in range(window.shape[0]):
        rate = math.sqrt(window[i, GYR] ** 2 + window[i, GYR + 1] ** 2 + window[i, GYR + 2] ** 2)
        fastest = max(fastest, rate)
        if abs(i - middle) <= reach:
            here += rate
            count += 1
    return here / count / fastest if fastest > 0.0 else 1.0


def restlessness(stride: np.void, window: Array) -> float:
    """How fast the foot turns in mid-stance, as a share of its fastest in the stride."""
    reach = max(1, round(0.01 * float(stride["rate_hz"])))
    return _restlessness(window, int(stride["mid_stance"]), reach)


def is_step(stride: np.void, window: Array, p: Parameters) -> bool:
    """Whether the foot goes somewhere from a mid-stance in which it is quiet and upright.

    Handled, it is quiet nowhere (its rate there 0.27–0.95 of the fastest) or far from upright
    (simulated laces tied, shakes, sensors in the hand). Unknown without a next mid-stance: True.
    """
    following = int(stride["next_mid_stance"])
    if following < 0:
        return True
    if restlessness(stride, window) >= p.quiet_share:
        return False
    if path_unknown(stride):
        return True
    way = math.hypot(*window[following, POSITION : POSITION + 2].tolist())
    least = p.least_way_m
    if stride["activity"] == Activity.RUN:
        least = p.least_run_m_s * float(stride["next_ic_s"] - stride["ic_s"])
    return way > least and not int(stride["why"]) & int(Why.NOT_STEADY)


def marked(closed: Closed, p: Parameters) -> Closed:
    """The same strides; those that are no steps say so in `why`."""
    for stride, window in windows_of(closed):
        if not is_step(stride, window, p):
            stride["why"] |= np.uint32(Why.NOT_A_STEP)
    return closed


def fits(stride: np.void, window: Array, p: Parameters) -> bool:
    """Whether a marked stride goes forward over a foot that is quiet and upright in mid-stance.

    With the sensor the wrong way round a step's swing looks like a stance, but never quiet.
    """
    if int(stride["why"]) & int(Why.NOT_A_STEP | Why.NOT_STEADY):
        return False
    heading = heading_of(stride, window, p)
    if heading is None:
        return False
    return abs(heading) <= p.most_heading_rad or path_unknown(stride)
