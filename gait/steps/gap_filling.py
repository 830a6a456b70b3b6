"""Samples as they come → an even stream: what is missing for a moment is put in, and marked.

A radio loses single samples all the time. Where few are missing, the foot's way between their
neighbours is nearly straight: orientation and path go on over it, and only what is read inside it
is known less. A sample that is no measurement (not finite, far beyond the sensor's range, all
zero, or the one before it once more while the foot moves) is missing as well. What lasts longer
stays a break.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gait.model.arrays import Bools, Floats, Record, Records
from gait.model.compiled import kernel
from gait.model.samples import FILLED, FILLED_LONG, Samples
from gait.model.sensor import SensorInfo
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2

FILL_S = 0.050  # missing for so long, orientation and path can go on over it
# Missing for so long, a swing is still one swing: strides can be counted over it, not measured.
LONG_FILL_S = 0.160
LATE = 1.5  # sample periods without a sample that are a gap

# Where the range is not known: several times what a shoe can do (40 g, 2500 °/s).
MOST_ACC_M_S2 = 100.0 * STANDARD_GRAVITY_M_S2
MOST_GYR_RAD_S = 5000.0 * RAD_PER_DEG
BEYOND = 1.3  # times full scale: calibration and parts of one family go 15 % beyond the nominal
# A value that stood still and then jumps by more than this had been sent again, not measured.
JUMP_ACC_M_S2 = 0.5
JUMP_GYR_RAD_S = 0.1

PIECE = 4096  # samples a call of the kernel

STATE = np.dtype(
    [
        ("known", np.bool_),  # a sample has come
        ("gyroscope", np.bool_),  # … and one with a rate
        ("acc", np.float64, 3),  # the last one that came …
        ("gyr", np.float64, 3),
        ("given_s", np.float64),  # … and the last one given out
        ("given_acc", np.float64, 3),
        ("given_gyr", np.float64, 3),
        ("waiting", np.int64),  # samples that repeat the last one, until it is known why
        ("stands", np.bool_),  # they were too many to wait for
        ("broken", np.bool_),  # samples are known to be missing before the next
        ("filled", np.int64),  # counts since the beginning: put in …
        ("wrong", np.int64),  # … no measurement …
        ("repeated", np.int64),  # … the one before it once more
        ("out", np.int64),  # given out by this call
    ]
)


@kernel
def _measured(x: Floats, i: int, most: float):
    """Whether the three values are numbers within what the sensor can show."""
    # NaN is not
    return abs(x[i, 0]) <= most and abs(x[i, 1]) <= most and abs(x[i, 2]) <= most


@kernel
def _awaited(s: Record, gyr: Floats, i: int):
    """Whether a gyroscope has not begun to give values: then its samples are of the other alone."""
    if not math.isnan(gyr[i, 0]):
        s.gyroscope = True
    return not s.gyroscope and math.isnan(gyr[i, 1]) and math.isnan(gyr[i, 2])


@kernel
def _farthest(x: Floats, i: int, y: Floats):
    """The largest difference of an axis."""
    return max(abs(x[i, 0] - y[0]), abs(x[i, 1] - y[1]), abs(x[i, 2] - y[2]))


@kernel
def _give(
    s: Record,
    t: float,
    acc: Floats,
    gyr: Floats,
    is_break: bool,
    period_s: float,
    out_t: Floats,
    out_acc: Floats,
    out_gyr: Floats,
    out_break: Bools,
    out_filled: NDArray[np.uint8],
):
    """Give out a sample, and before it those that are missing since the last one."""
    k = s.out
    missing = 0
    if s.known:
        apart_s = t - s.given_s
        late = apart_s > LATE * period_s
        if late and apart_s - period_s <= LONG_FILL_S:
            missing = max(1, round(apart_s / period_s) - 1)
            is_break = False
        is_break = is_break or (late and missing == 0)
        kind = FILLED if apart_s - period_s <= FILL_S else FILLED_LONG
        for m in range(missing):
            part = (m + 1) / (missing + 1)
            out_t[k] = s.given_s + part * apart_s
            for j in range(3):
                out_acc[k, j] = s.given_acc[j] + part * (acc[j] - s.given_acc[j])
                out_gyr[k, j] = s.given_gyr[j] + part * (gyr[j] - s.given_gyr[j])
            out_break[k] = False
            out_filled[k] = kind
            k += 1
        s.filled += missing
    out_t[k] = t
    for j in range(3):
        out_acc[k, j] = acc[j]
        out_gyr[k, j] = gyr[j]
        s.given_acc[j] = acc[j]
        s.given_gyr[j] = gyr[j]
    out_break[k] = is_break
    out_filled[k] = 0
    s.given_s = t
    s.known = True
    s.out = k + 1


@kernel
def fill_gaps(
    state: Records,
    wait_t: Floats,
    wait_acc: Floats,
    wait_gyr: Floats,
    wait_whole: Bools,
    time_s: Floats,
    acc: Floats,
    gyr: Floats,
    breaks: Bools,
    with_gyr: bool,
    period_s: float,
    most_acc: float,
    most_gyr: float,
    ending: bool,
    out_t: Floats,
    out_acc: Floats,
    out_gyr: Floats,
    out_break: Bools,
    out_filled: NDArray[np.uint8],
):
    """Go on by a block.

    Parameters
    ----------
    state : Records
        (1,) STATE.
    wait_t, wait_acc, wait_gyr : Floats
        Samples that repeat the one before them, for FILL_S at most.
    wait_whole : Bools
        They do in every axis, not in rate alone.
    time_s, acc, gyr : Floats
        (n,), (n, 3), (n, 3) as in `Samples`.
    breaks : Bools
        (n,) as in `Samples`.
    with_gyr : bool
        The sensor has a gyroscope.
    period_s : float
        From sample to sample.
    most_acc, most_gyr : float
        Beyond these a value is none, m/s² and rad/s.
    ending : bool
        No more will come.
    out_t, out_acc, out_gyr : Floats
        Filled from the start.
    out_break : Bools
        Likewise.
    out_filled : NDArray[np.uint8]
        Likewise.

    Returns
    -------
    tuple[int, int]
        Samples given out, and samples used: fewer than n where out_* would not hold what
        comes.
    """
    s = state[0]
    s.out = 0
    n = time_s.shape[0]
    room = out_t.shape[0] - wait_t.shape[0] - 2 - math.ceil(LONG_FILL_S / period_s)
    for i in range(n):
        if s.out > room:
            return s.out, i
        t = time_s[i]
        is_break = breaks[i]
        backwards = s.known and t <= s.given_s and not is_break
        zero = acc[i, 0] == 0.0 and acc[i, 1] == 0.0 and acc[i, 2] == 0.0
        if (
            backwards
            or zero
            or not _measured(acc, i, most_acc)
            or (with_gyr and not _measured(gyr, i, most_gyr) and not _awaited(s, gyr, i))
        ):
            s.wrong += 1
            s.broken = s.broken or is_break
            continue
        s.gyroscope = s.gyroscope or (with_gyr and not math.isnan(gyr[i, 0]))
        acc_apart = _farthest(acc, i, s.acc) if s.known else math.inf
        gyr_apart = _farthest(gyr, i, s.gyr) if s.known and with_gyr else math.inf
        same = gyr_apart == 0.0 if with_gyr else acc_apart == 0.0
        if same and not is_break and s.waiting < wait_t.shape[0] and not s.stands:
            w = s.waiting
            wait_t[w] = t
            for j in range(3):
                wait_acc[w, j] = acc[i, j]
                wait_gyr[w, j] = gyr[i, j]
            wait_whole[w] = acc_apart == 0.0
            for j in range(3):
                s.acc[j] = acc[i, j]
            s.waiting += 1
            continue
        jumps = acc_apart > JUMP_ACC_M_S2 or (with_gyr and gyr_apart > JUMP_GYR_RAD_S)
        jumps = jumps and not same and not is_break
        whole = jumps
        for w in range(s.waiting):
            whole = whole and wait_whole[w]
        if whole:
            s.repeated += s.waiting
        else:
            before_s = s.given_s
            for w in range(s.waiting):
                if with_gyr and jumps and gyr_apart > JUMP_GYR_RAD_S:
                    part = (wait_t[w] - before_s) / (t - before_s)
                    for j in range(3):
                        wait_gyr[w, j] += part * (gyr[i, j] - wait_gyr[w, j])
                _give(
                    s, wait_t[w], wait_acc[w], wait_gyr[w], False, period_s, out_t, out_acc,
                    out_gyr, out_break, out_filled,
                )  # fmt: skip
        if not same:
            is_break = is_break or (jumps and s.stands)
            s.stands = False
        elif s.waiting == wait_t.shape[0]:
            s.stands = True
        s.waiting = 0
        _give(
            s, t, acc[i], gyr[i], is_break or s.broken, period_s, out_t, out_acc, out_gyr,
            out_break, out_filled,
        )  # fmt: skip
        s.broken = False
        for j in range(3):
            s.acc[j] = acc[i, j]
            s.gyr[j] = gyr[i, j]
    if ending:
        for w in range(s.waiting):
            _give(
                s, wait_t[w], wait_acc[w], wait_gyr[w], False, period_s, out_t, out_acc, out_gyr,
                out_break, out_filled,
            )  # fmt: skip
        s.waiting = 0
    return s.out, n


class GapFiller:
    """The stage before the step detector: samples in, an even stream of them out.

    Blocks of any size give the same stream. `wrong`, `repeated` and `filled` count samples.
    """

    def __init__(self, info: SensorInfo) -> None:
        self._with_gyr = info.has_gyroscope
        self._period_s = 1.0 / info.rate_hz
        self._most_acc = MOST_ACC_M_S2
        self._most_gyr = MOST_GYR_RAD_S
        if info.acc_range_g:
            self._most_acc = BEYOND * info.acc_range_g * STANDARD_GRAVITY_M_S2
        if info.gyr_range_dps:
            self._most_gyr = BEYOND * info.gyr_range_dps * RAD_PER_DEG
        self._state = np.zeros(1, dtype=STATE)
        waiting = max(1, round(FILL_S * info.rate_hz))
        self._waiting = (
            np.empty(waiting),
            np.empty((waiting, 3)),
            np.empty((waiting, 3)),
            np.empty(waiting, dtype=np.bool_),
        )
        room = PIECE + 2 * waiting + 4 + 2 * math.ceil(LONG_FILL_S * info.rate_hz)
        self._out = (
            np.empty(room),
            np.empty((room, 3)),
            np.empty((room, 3)),
            np.empty(room, dtype=np.bool_),
            np.empty(room, dtype=np.uint8),
        )

    @property
    def filled(self) -> int:
        return int(self._state[0]["filled"])

    @property
    def wrong(self) -> int:
        return int(self._state[0]["wrong"])

    @property
    def repeated(self) -> int:
        return int(self._state[0]["repeated"])

    def push(self, samples: Samples) -> Iterator[Samples]:
        """The stream that `samples` complete, in pieces of some thousand."""
        at = 0
        while at < len(samples):
            part = samples[at : at + PIECE]
            given, used = self._step(part, ending=False)
            at += used
            if len(given):
                yield given

    def finish(self) -> Iterator[Samples]:
        """Samples that still waited for what would follow."""
        given, _ = self._step(_NO_SAMPLES, ending=True)
        if len(given):
            yield given

    def _step(self, part: Samples, *, ending: bool) -> tuple[Samples, int]:
        given, used = fill_gaps(
            self._state,
            *self._waiting,
            part.time_s,
            part.acc,
            part.gyr,
            part.breaks,
            self._with_gyr,
            self._period_s,
            self._most_acc,
            self._most_gyr,
            ending,
            *self._out,
        )
        time_s, acc, gyr, breaks, filled = self._out
        return (
            Samples(
                time_s[:given].copy(),
                acc[:given].copy(),
                gyr[:given].copy(),
                breaks[:given].copy(),
                filled[:given].copy(),
            ),
            used,
        )


_NO_SAMPLES = Samples(np.empty(0), np.empty((0, 3)), np.empty((0, 3)))
