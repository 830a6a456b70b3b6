"""Whether the mounting still holds: every so often, whether strides fit it while the foot moves.

Strides and samples are gone through in their order, so that blocks of any size agree.
"""

import numpy as np
from numpy.typing import NDArray

from gait.model.compiled import kernel
from gait.model.window import TIME
from gait.steps.parameters import Parameters
from gait.steps.slip import USUAL, holds
from gait.steps.stride_validation import path_unknown, turning, window_of

WATCH = np.dtype(
    [
        ("stretch", np.int64),  # samples from one look to the next
        ("trouble", np.int64),  # samples of movement without a stride that fits
        ("certain", np.bool_),  # the mounting was given: nothing is to be found
        ("doubtful", np.int64),  # how often a poor mounting is still to be solved again
        ("until_look", np.int64),
        ("moving", np.int64),  # kept samples in motion …
        ("due", np.int64),  # … and how many bring the next attempt
        ("fitted", np.bool_),  # a stride fits since the kept samples begin
        ("fitted_until_s", np.float64),  # mid-stance after the last stride that fits
        ("usual", USUAL),
    ]
)


def new_watch(p: Parameters, rate_hz: float, *, certain: bool) -> NDArray[np.void]:
    watch = np.zeros(1, dtype=WATCH)
    watch["stretch"] = max(1, round(p.watch_s * rate_hz))
    watch["trouble"] = max(1, round(p.trouble_moving_s * rate_hz))
    watch["certain"] = certain
    watch["fitted_until_s"] = -np.inf
    return watch


def begin(watch: NDArray[np.void]) -> None:
    """A mounting has just been found: no samples are kept, nothing is usual yet."""
    watch["until_look"] = watch["stretch"]
    watch["moving"] = 0
    watch["due"] = watch["trouble"]
    watch["fitted"] = False
    forget_usual(watch)


def forget_usual(watch: NDArray[np.void]) -> None:
    watch["usual"] = np.zeros(1, dtype=USUAL)


@kernel
def fit_as_usual(watch, strides, windows, judged, first, stop, p):
    """Of judged strides [first, stop), those that do not go as usual do not fit either."""
    w = watch[0]
    for n in range(first, stop):
        e = strides[n]
        j = judged[n]
        if not j.fits:
            continue
        window = window_of(e, windows)
        if not path_unknown(e) and not holds(w.usual, e, window, p):
            j.fits = False
            continue
        w.fitted = True
        w.fitted_until_s = window[e.next_mid_stance, TIME]


@kernel
def _from_last_fit(w, time_s, gyr, start, stop, p):
    """Where what came since the last stride that fits begins, and the swing before it."""
    w.moving = 0
    first = stop
    while first > start and time_s[first - 1] >= w.fitted_until_s - p.slip_settles_s:
        first -= 1
        if time_s[first] >= w.fitted_until_s:
            w.moving += turning(gyr, first) > p.moving_rad_s
    return first


@kernel
def look_on(
    watch, time_s, gyr, start, seen, stop, strides, closes_at, windows, judged, first, p
):  # fmt: skip
    """Go through kept samples [seen, stop) and the strides that close in them, from `first` on.

    `start` is where the kept samples begin that are still needed, closes_at (n,) the sample each
    stride closes with. Returns (start, samples seen until, strides until, whether to try anew).
    """
    w = watch[0]
    n = first
    for i in range(seen, stop):
        following = n
        while following < strides.shape[0] and closes_at[following] == i:
            following += 1
        if following > n:
            fit_as_usual(watch, strides, windows, judged, n, following, p)
            n = following
        w.moving += turning(gyr, i) > p.moving_rad_s
        w.until_look -= 1
        if w.until_look > 0:
            continue
        w.until_look = w.stretch
        if w.certain:
            start = i + 1
            w.moving = 0
        elif w.fitted and not w.doubtful:
            start = _from_last_fit(w, time_s, gyr, start, i + 1, p)
            w.fitted = False
            w.due = w.trouble
        elif w.moving >= w.due:
            return start, i + 1, n, True
    return start, stop, n, False
