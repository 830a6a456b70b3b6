"""Strides of a foot whose sensor has no gyroscope: stride time and cadence, and nothing else.

Parameters (`RhythmParameters`), state (`STATE`, the history and the coarse window), coefficients
(made for the period that is found), update (`advance`). All is decided sample by sample, so that
blocks of any size give identical strides. Everything is taken from what does not change with the
mounting: the length of the specific force and products of it with itself.

Late in the swing the foot is held back, and its specific force grows to several g; on the ground
it drops to about one. That fall, seen through a low-pass of some two cycles a stride, happens once
a stride and, unlike the shock, does not depend on the strike, the rate or the range: on real and
simulated running its place in the stride varies by 1–6 ms (one standard deviation), whatever
happened to peaks above 8 g. True contact lies before it by 3–10 % of the stride; so the times of
contact here are good to about 30 ms, and stride times to a few. Where ±8 g cuts off most of the
swing too (sprinting, from about 5.8 m/s), another fall may be the steepest: strides are counted
and timed all the same, but contact may lie elsewhere in them.

Shaking by hand at 3–6 Hz, handling and riding are no steps. The price: fewer than four strides in
a row are none either, and a hand that imitates a foot well (once a stride, abruptly, in more than
one direction) cannot be told from it.

`gait.steps.rhythm` says when there is gait and how long a stride lasts. Then the last seconds are
gone through backwards from landing to landing, so the first strides are not lost, and after that
every landing is looked for where the one before lets it be expected.
"""

import math
from collections.abc import Iterator

import numpy as np

from gait.model.arrays import Bools, Floats, Record, Records
from gait.model.compiled import kernel
from gait.model.samples import Samples
from gait.model.sensor import SensorInfo
from gait.model.strides import Activity, QualityFlag
from gait.model.units import STANDARD_GRAVITY_M_S2 as G
from gait.model.window import CLOSED, COLUMNS, TIME, StrideBatch
from gait.steps.filters import filtfilt, parabola_vertex, smooth
from gait.steps.parameters import Parameters, RhythmParameters
from gait.steps.rhythm import (
    RHYTHM,
    add_sample,
    last_two_match,
    new_coarse,
    period_of,
    reset_rhythm,
)

RUN = int(Activity.RUN)
WALK = int(Activity.WALK)
WHY_GAP = int(QualityFlag.GAP)
WHY_NO_NEXT = int(QualityFlag.NO_NEXT_CONTACT)
WHY_ODD = int(QualityFlag.ODD_DURATION)

CONTACT_SD_S = 0.030  # how well the steepest fall tells contact
HISTORY_S = 10.0  # the rhythm's window, and the longest stride before and after it
FORCE = 1  # column of the history: length of the specific force, m/s²
HISTORY_COLUMNS = 2
LEAST_SAMPLES = 8  # in which a fall is looked for; to place one takes five
MOST_LANDINGS = 32  # in a history
PIECE = 4096  # samples a call of the kernel

STATE = np.dtype(
    [
        ("kept", np.int64),  # samples in the history
        ("rhythm", RHYTHM),
        ("following", np.bool_),  # landings are expected one after the other
        ("period_s", np.float64),
        ("fall", np.float64),  # usual steepness of the fall at landing, m/s³
        ("landing_s", np.float64),  # the last one
        ("has_pending", np.bool_),  # its stride is open
        ("quiet_share", np.float64),  # of the last strides; NaN at first
        ("strides", np.int64),  # filled by this call so far
        ("rows", np.int64),
    ]
)


def new_state() -> Records:
    state = np.zeros(1, dtype=STATE)
    state["landing_s"] = -1e9
    state["quiet_share"] = np.nan
    state["rhythm"]["until_look"] = 1
    return state


def new_history(rate_hz: float) -> Floats:
    return np.zeros((int(HISTORY_S * rate_hz) + 16, HISTORY_COLUMNS))


def output_room(rate_hz: float, strides: int = 64) -> tuple[Records, Floats]:
    rows = 3 * new_history(rate_hz).shape[0] + int(strides * 2.2 * rate_hz)
    return np.zeros(strides, dtype=CLOSED), np.empty((rows, COLUMNS))


@kernel
def _index_after(history: Floats, kept: int, t: float):
    """First index of a sample at or after time `t`, `kept` if there is none."""
    low = 0
    high = kept
    while low < high:
        middle = (low + high) // 2
        if history[middle, TIME] < t:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _landing(
    history: Floats,
    kept: int,
    from_s: float,
    to_s: float,
    period_s: float,
    rate_hz: float,
    p: Record,
):
    """Steepest fall of the specific force in [from_s, to_s]: (time, steepness in m/s³).

    NaN where the steepest is at an end, so not a fall of its own, or where samples are missing.
    """
    margin_s = p.margin_share * period_s
    start = _index_after(history, kept, from_s - margin_s)
    stop = _index_after(history, kept, to_s + margin_s)
    n = stop - start
    if n < LEAST_SAMPLES or (start == 0 and history[0, TIME] > from_s):
        return math.nan, 0.0
    force = np.empty(n)
    mean = 0.0
    for i in range(n):
        mean += history[start + i, FORCE] / n
    most = max(p.least_cap_g * G, p.cap_share * mean)
    for i in range(n):
        force[i] = min(history[start + i, FORCE], most)
    smooth(force, filtfilt(p.landing_cycles / period_s, rate_hz), force)
    first = max(1, _index_after(history, kept, from_s) - start)
    last = min(n - 2, _index_after(history, kept, to_s) - start)
    best = first
    for i in range(first, last + 1):
        if force[i + 1] - force[i - 1] < force[best + 1] - force[best - 1]:
            best = i
    if best <= first or best >= last or best < 2 or best > n - 3:
        return math.nan, 0.0
    before = force[best] - force[best - 2]
    here = force[best + 1] - force[best - 1]
    after = force[best + 2] - force[best]
    dt = 0.5 * (history[start + best + 1, TIME] - history[start + best - 1, TIME])
    return history[start + best, TIME] + dt * parabola_vertex(before, here, after), -here / (
        2.0 * dt
    )


@kernel
def _quiet_share(history: Floats, kept: int, from_s: float, to_s: float, rate_hz: float, p: Record):
    """Share of a stride in which the foot feels gravity alone: flat on the ground, or nearly."""
    start = _index_after(history, kept, from_s - p.quiet_margin_s)
    stop = _index_after(history, kept, to_s + p.quiet_margin_s)
    force = np.empty(stop - start)
    smooth(history[start:stop, FORCE], filtfilt(p.quiet_lowpass_hz, rate_hz), force)
    quiet = 0
    count = 0
    for i in range(start, stop):
        if from_s <= history[i, TIME] < to_s:
            count += 1
            if abs(force[i - start] - G) < p.quiet_g * G:
                quiet += 1
    return quiet / max(1, count)


@kernel
def _sharpness(history: Floats, kept: int, from_s: float, to_s: float, rate_hz: float, p: Record):
    """Steepest change of specific force within 20 ms, in standard deviations a stride.

    Ground stops a foot abruptly; a hand does not.
    """
    start = _index_after(history, kept, from_s)
    stop = _index_after(history, kept, to_s)
    apart = max(1, round(p.sharp_within_s * rate_hz))
    if stop - start <= apart + 2:
        return 0.0
    steepest = 0.0
    for i in range(start + apart, stop):
        dt = history[i, TIME] - history[i - apart, TIME]
        steepest = max(steepest, abs(history[i, FORCE] - history[i - apart, FORCE]) / dt)
    return steepest * (to_s - from_s) / max(1e-9, history[start:stop, FORCE].std())


@kernel
def _sharp(s: Record, history: Floats, landings: Floats, count: int, rate_hz: float, p: Record):
    """Whether the strides between `landings` (latest first) look like steps on the ground."""
    total = 0.0
    for i in range(count - 1):
        early_s = p.landing_share * (landings[i] - landings[i + 1])
        total += _sharpness(
            history, s.kept, landings[i + 1] - early_s, landings[i] - early_s, rate_hz, p
        )
    return total >= p.least_sharpness * (count - 1)


@kernel
def _emit(
    s: Record,
    history: Floats,
    from_s: float,
    to_s: float,
    contact_s: float,
    next_contact_s: float,
    walking: bool,
    why: int,
    closed: Records,
    windows: Floats,
):
    """A closed stride whose window holds the times of its samples and nothing else."""
    start = max(0, _index_after(history, s.kept, from_s) - 1)
    stop = max(start + 2, min(s.kept, _index_after(history, s.kept, to_s) + 1))
    for i in range(start, stop):
        for k in range(COLUMNS):
            windows[s.rows + i - start, k] = np.nan
        windows[s.rows + i - start, TIME] = history[i, TIME]
    e: Record = closed[s.strides]
    e.activity = WALK if walking else RUN
    e.ic_s = contact_s
    e.tc_s = np.nan
    e.next_ic_s = next_contact_s
    e.ic_sd_s = CONTACT_SD_S
    e.tc_sd_s = math.nan
    e.closure = math.nan
    e.lean = math.nan
    e.turn = math.nan
    e.ic = 0
    e.tc = -1
    e.mid_stance = 0
    e.next_ic = -1 if math.isnan(next_contact_s) else stop - start - 1
    e.next_mid_stance = -1
    e.why = why
    e.window_start = s.rows
    e.window_length = stop - start
    s.rows += stop - start
    s.strides += 1


@kernel
def _walking(s: Record, stride_s: float, p: Record):
    """Walking has long strides and keeps the foot flat for long; neither alone is enough."""
    by_quiet = (s.quiet_share - p.walk_quiet_share) / p.walk_quiet_scale
    by_period = (stride_s - p.walk_period_s) / p.walk_period_scale_s
    return by_quiet + by_period > 0.0


@kernel
def _close(
    s: Record,
    history: Floats,
    landing_s: float,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """The stride from the last landing to this one."""
    first_s = s.landing_s
    stride_s = landing_s - first_s
    quiet = _quiet_share(history, s.kept, first_s, landing_s, rate_hz, p)
    if math.isnan(s.quiet_share):
        s.quiet_share = quiet
    s.quiet_share += p.quiet_gain * (quiet - s.quiet_share)
    walking = _walking(s, stride_s, p)
    why = 0
    if walking:
        if stride_s < p.walk_stride_s_low or stride_s > p.walk_stride_s_high:
            why = WHY_ODD
    elif stride_s < p.run_stride_s_low or stride_s > p.run_stride_s_high:
        why = WHY_ODD
    before = p.landing_share * s.period_s
    _emit(
        s, history, first_s - before, landing_s - before, first_s - before, landing_s - before,
        walking, why, closed, windows,
    )  # fmt: skip


@kernel
def _close_alone(s: Record, history: Floats, why: int, p: Record, closed: Records, windows: Floats):
    """The last landing, after which no other came."""
    if not s.has_pending:
        return
    walking = _walking(s, s.period_s, p)
    contact_s = s.landing_s - p.landing_share * s.period_s
    _emit(
        s, history, contact_s, s.landing_s, contact_s, np.nan, walking, why | WHY_NO_NEXT,
        closed, windows,
    )  # fmt: skip
    s.has_pending = False


@kernel
def _take(
    s: Record,
    history: Floats,
    landing_s: float,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """A landing: it closes the stride before it and opens the next."""
    if s.has_pending:
        _close(s, history, landing_s, rate_hz, p, closed, windows)
    s.landing_s = landing_s
    s.has_pending = True


@kernel
def _alike(fall: float, usual: float, p: Record):
    """Whether neither of two falls is much the steeper."""
    return fall > p.least_fall_share * usual and usual > p.least_fall_share * fall


@kernel
def _begin(
    s: Record,
    history: Floats,
    period_s: float,
    rate_hz: float,
    p: Record,
    landings: Floats,
    closed: Records,
    windows: Floats,
):
    """Gait of this period: go back from the latest landing, then take what is new in order."""
    now_s = history[s.kept - 1, TIME]
    reach = p.search_share * period_s
    latest_s = now_s - p.margin_share * period_s
    landing_s, fall = _landing(
        history, s.kept, latest_s - p.look_back_share * period_s, latest_s, period_s, rate_hz, p
    )
    count = 0
    usual = fall
    least = p.least_fall_g * G / period_s
    while (
        not math.isnan(landing_s)
        and fall > least
        and _alike(fall, usual, p)
        and count < MOST_LANDINGS
        and landing_s > s.landing_s + p.least_apart_share * period_s
    ):
        usual += p.backward_gain * (fall - usual)
        landings[count] = landing_s
        count += 1
        expected_s = landing_s - period_s
        landing_s, fall = _landing(
            history, s.kept, expected_s - reach, expected_s + reach, period_s, rate_hz, p
        )
    linked = s.has_pending and count > 0 and (
        abs(landings[count - 1] - s.landing_s - period_s) < reach
    )  # fmt: skip
    if not linked and (
        count < p.least_landings or not _sharp(s, history, landings, count, rate_hz, p)
    ):
        return
    if not linked:
        _close_alone(s, history, 0, p, closed, windows)
        s.quiet_share = np.nan
    s.following = True
    s.period_s = period_s
    s.fall = usual
    for i in range(count - 1, -1, -1):
        _take(s, history, landings[i], rate_hz, p, closed, windows)


@kernel
def _follow(
    s: Record,
    history: Floats,
    coarse: Floats,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """The next landing, where it is expected; without it the steps have ended, or changed."""
    reach = p.search_share * s.period_s
    expected_s = s.landing_s + s.period_s
    landing_s, fall = _landing(
        history, s.kept, expected_s - reach, expected_s + reach, s.period_s, rate_hz, p
    )
    goes_on = last_two_match(s.rhythm, coarse, s.period_s) > p.still_alike
    if math.isnan(landing_s) or not _alike(fall, s.fall, p) or not goes_on:
        s.following = False
        return
    stride_s = landing_s - s.landing_s
    _take(s, history, landing_s, rate_hz, p, closed, windows)
    s.period_s += p.period_gain * (stride_s - s.period_s)
    s.fall += p.period_gain * (fall - s.fall)


@kernel
def _end_of_steps(
    s: Record,
    history: Floats,
    coarse: Floats,
    why: int,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """Samples end or are missing: what came since the last landing may still hold the next."""
    if s.following and s.kept > 0:
        due_s = s.landing_s + s.period_s
        if history[s.kept - 1, TIME] > due_s + p.search_share * s.period_s:
            _follow(s, history, coarse, rate_hz, p, closed, windows)
    _close_alone(s, history, why, p, closed, windows)
    s.following = False


@kernel
def _make_room(s: Record, history: Floats):
    """Drop the older part of the history."""
    first = history.shape[0] // 8
    for i in range(first, s.kept):
        for k in range(HISTORY_COLUMNS):
            history[i - first, k] = history[i, k]
    s.kept -= first


@kernel
def advance(
    state: Records,
    history: Floats,
    coarse: Floats,
    landings: Floats,
    time_s: Floats,
    acc: Floats,
    breaks: Bools,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """Advance by a block of samples.

    Parameters
    ----------
    state : Records
        (1,) STATE.
    history : Floats
        (m, HISTORY_COLUMNS) from `new_history`.
    coarse : Floats
        From `new_coarse`.
    landings : Floats
        (MOST_LANDINGS,) scratch.
    time_s : Floats
        (n,) s.
    acc : Floats
        (n, 3) sensor axes, m/s².
    breaks : Bools
        (n,) samples are missing before this one.
    rate_hz : float
        Samples a second.
    p : Record
        `RhythmParameters`.
    closed : Records
        (k,) CLOSED, filled from the start.
    windows : Floats
        (rows, COLUMNS), likewise; NaN but for TIME.

    Returns
    -------
    tuple[int, int, int]
        Strides closed, window rows, and samples used: fewer than n where `closed` or
        `windows` would not hold what comes next.
    """
    s = state[0]
    s.strides = 0
    s.rows = 0
    n = time_s.shape[0]
    for i in range(n):
        full = s.strides + MOST_LANDINGS + 2 > closed.shape[0]
        if full or s.rows + 2 * history.shape[0] > windows.shape[0]:
            return s.strides, s.rows, i
        if breaks[i] and s.kept > 0:
            _end_of_steps(s, history, coarse, WHY_GAP, rate_hz, p, closed, windows)
            reset_rhythm(s.rhythm)
            s.kept = 0
        if s.kept == history.shape[0]:
            _make_room(s, history)
        force = math.sqrt(acc[i, 0] ** 2 + acc[i, 1] ** 2 + acc[i, 2] ** 2)
        history[s.kept, TIME] = time_s[i]
        history[s.kept, FORCE] = force
        s.kept += 1
        look = add_sample(s.rhythm, coarse, acc[i], force, p.most_force_g * G, rate_hz)
        waited_s = time_s[i] - s.landing_s
        if s.following:
            share = 1.0 + p.search_share + p.margin_share
            if waited_s > share * s.period_s:
                _follow(s, history, coarse, rate_hz, p, closed, windows)
        elif s.has_pending and waited_s > p.longest_wait_s:
            _close_alone(s, history, 0, p, closed, windows)
        if look:
            period_s = period_of(s.rhythm, coarse, p)
            if s.following and abs(period_s / s.period_s - 1.0) > p.search_share:
                s.following = False  # a NaN period goes on: a few odd steps are no end
            if not s.following and not math.isnan(period_s):
                _begin(s, history, period_s, rate_hz, p, landings, closed, windows)
    return s.strides, s.rows, n


@kernel
def finish(
    state: Records,
    history: Floats,
    coarse: Floats,
    rate_hz: float,
    p: Record,
    closed: Records,
    windows: Floats,
):
    """Close what is open when the samples end.

    Parameters
    ----------
    state : Records
        (1,) STATE.
    history : Floats
        (m, HISTORY_COLUMNS) from `new_history`.
    coarse : Floats
        From `new_coarse`.
    rate_hz : float
        Samples a second.
    p : Record
        `RhythmParameters`.
    closed : Records
        (k,) CLOSED, filled from the start.
    windows : Floats
        (rows, COLUMNS), likewise; NaN but for TIME.

    Returns
    -------
    tuple[int, int]
        Strides closed, window rows.
    """
    s = state[0]
    s.strides = 0
    s.rows = 0
    _end_of_steps(s, history, coarse, 0, rate_hz, p, closed, windows)
    return s.strides, s.rows


class AccelerometerSteps:
    """Strides of one foot from its accelerometer alone, in any mounting, incrementally."""

    def __init__(self, info: SensorInfo, why: int, parameters: Parameters) -> None:
        """`why`: the reasons that hold for every stride."""
        self._info = info
        self._rate_hz = float(info.rate_hz)
        self._why = why
        self._p = RhythmParameters(
            run_stride_s=parameters.run_stride_s, walk_stride_s=parameters.walk_stride_s
        ).record()
        self._state = new_state()
        self._history = new_history(info.rate_hz)
        self._coarse = new_coarse()
        self._landings = np.zeros(MOST_LANDINGS)
        self._closed, self._windows = output_room(info.rate_hz)

    def push(self, samples: Samples) -> Iterator[StrideBatch]:
        """Strides that `samples` close."""
        at = 0
        while at < len(samples):
            part = samples[at : at + PIECE]
            strides, rows, used = advance(
                self._state,
                self._history,
                self._coarse,
                self._landings,
                part.time_s,
                part.acc,
                part.breaks,
                self._rate_hz,
                self._p,
                self._closed,
                self._windows,
            )
            at += used
            if strides:
                yield self._taken(strides, rows)

    def finish(self) -> Iterator[StrideBatch]:
        """Strides still open when the samples end."""
        strides, rows = finish(
            self._state,
            self._history,
            self._coarse,
            self._rate_hz,
            self._p,
            self._closed,
            self._windows,
        )
        if strides:
            yield self._taken(strides, rows)

    def _taken(self, strides: int, rows: int) -> StrideBatch:
        return StrideBatch.taken(
            self._closed[:strides],
            self._windows[:rows],
            self._info,
            neutral_roll=np.nan,
            why=self._why,
        )
