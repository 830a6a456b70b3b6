"""The state machine: samples in, closed strides with their windows out.

Parameters (`parameters.py`), state (`STATE` and the history), coefficients (`coefficients`),
update (`advance`). One code for a sample and for an hour: blocks of any size give identical
strides, because everything is decided sample by sample.
"""

import math

import numpy as np
from numpy.typing import NDArray

from gait.model.arrays import Bools, Floats, Ints, Record, Records
from gait.model.compiled import kernel
from gait.model.samples import FILLED
from gait.model.strides import Activity, QualityFlag
from gait.model.window import (
    ACC,
    ACC_CLIPPED,
    CLIPPED,
    CLOSED,
    COLUMNS,
    CONTACT,
    CONTACT_FIELDS,
    GAP,
    GYR,
    GYR_CLIPPED,
    HISTORY_COLUMNS,
    LONG_GAP,
    PITCH,
    TIME,
)
from gait.steps.contact import find_contact
from gait.steps.filters import butterworth2, filtfilt
from gait.steps.parameters import Parameters
from gait.steps.path import integrate_trajectory
from gait.steps.steadiness import HABIT, missing_around, reset_habit, steady_event

RUN = int(Activity.RUN)
WALK = int(Activity.WALK)
UNKNOWN = -1
# As numpy's numbers, since a kernel is compiled again for every number of Python's it is given.
WHY_GAP = np.int64(QualityFlag.GAP)
WHY_NOTHING = np.int64(QualityFlag.NOTHING)
INTO_SWING = np.bool_(True)
IN_STANCE = np.bool_(False)
WHY_ACC = int(QualityFlag.ACC_CLIPPED)
WHY_IMPACT = int(QualityFlag.IMPACT_CLIPPED)
WHY_LANDING = int(QualityFlag.LANDING_CLIPPED)
WHY_GYR = int(QualityFlag.GYR_CLIPPED)
WHY_EVENTS = int(QualityFlag.EVENTS_CLIPPED)
WHY_NO_NEXT = int(QualityFlag.NO_NEXT_CONTACT)
WHY_ODD = int(QualityFlag.ODD_DURATION)
WHY_NOT_STEADY = int(QualityFlag.NOT_STEADY)
WHY_PATH_CLIPPED = int(QualityFlag.PATH_CLIPPED)
WHY_BRIDGED = int(QualityFlag.BRIDGED)
WHY_PATH_BRIDGED = int(QualityFlag.PATH_BRIDGED)
WHY_PATH_UNKNOWN = WHY_ACC | WHY_PATH_CLIPPED | WHY_PATH_BRIDGED
WHY_LANDING_BRIDGED = int(QualityFlag.LANDING_BRIDGED)
WHY_TOE_OFF_BRIDGED = int(QualityFlag.TOE_OFF_BRIDGED)

# Working values, of memory and not of gait: larger ones cost room and time only.
HISTORY_S = 6.0  # holds two of the longest strides (2.2 s, `walk_stride_s`)
BEFORE_CONTACT_S = 0.10  # a window begins this long before initial contact
AFTER_CONTACT_S = 0.02  # … and one without a next contact ends this long after the last event
SWING_BACK_S = 0.15  # a stance’s samples begin with its swing, or this long before the end of it
LONGEST_SWING_S = 1.5  # toe-up rotation for longer is no swing

STATE = np.dtype(
    [
        ("kept", np.int64),  # samples in the history
        ("low_1", np.float64),  # low-pass memory
        ("low_2", np.float64),
        ("primed", np.bool_),
        ("rotating", np.bool_),  # toe-up rotation is going on
        ("angle", np.float64),  # … and how far it has come, rad
        ("usual_angle", np.float64),  # of the last swings, rad; 0 unknown
        ("swinging", np.bool_),  # it is enough to be a swing
        ("swing_start_s", np.float64),
        ("last_swing_s", np.float64),
        ("swing_end", np.int64),  # index where the last swing ended, −1 none …
        ("swing_from_s", np.float64),  # … and when it began
        ("pending", CONTACT_FIELDS),
        ("has_pending", np.bool_),
        ("landing", HABIT),  # of the last strides, were they running …
        ("walk_landing", HABIT),  # … and were they walking
        ("leaving", HABIT),
        ("cycle_s", np.float64),  # from push-off to push-off
        ("last_activity", np.int8),
        ("contact_share", np.float64),  # of the last strides, as shares of the stride
        ("strayed", np.bool_),  # the last stride was clearly of the other kind
        ("output", [("strides", np.int64), ("rows", np.int64)]),  # filled by this call so far
    ]
)


def new_state() -> Records:
    state = np.zeros(1, dtype=STATE)
    state["swing_end"] = -1
    state["last_swing_s"] = -1e9
    state["last_activity"] = UNKNOWN
    return state


def new_scratch() -> Records:
    """Room for one contact. Made here because a record does not keep its array alive in numba."""
    return np.zeros(1, dtype=CONTACT)


def new_history(rate_hz: float) -> Floats:
    return np.zeros((int(HISTORY_S * rate_hz) + 16, HISTORY_COLUMNS))


def coefficients(p: Parameters, rate_hz: float) -> tuple[Floats, Floats]:
    """Filter coefficients of the stream's low-pass and of the windows' zero-phase one."""
    return (
        butterworth2(p.swing_lowpass_hz, rate_hz),
        filtfilt(p.event_lowpass_hz, rate_hz),
    )


@kernel
def _forget_step(s: Record):
    """Back to knowing of no swing and no contact (after a gap, or when standing)."""
    s.rotating = False
    s.swinging = False
    s.angle = 0.0
    s.usual_angle = 0.0
    s.swing_end = -1
    s.has_pending = False
    s.last_activity = UNKNOWN  # who ran before may walk now


@kernel
def _index_at(history: Floats, start: int, stop: int, t: float):
    """Last index in [start, stop) not after time `t`."""
    i = start
    while i + 1 < stop and history[i + 1, TIME] <= t:
        i += 1
    return i


@kernel
def _clipped(acc: Floats, gyr: Floats, i: int, ranges: Floats):
    """Which signals of sample `i` are at the end of their range."""
    flags = 0
    for k in range(3):
        if ranges[0] <= abs(acc[i, k]) < math.inf:
            flags |= ACC_CLIPPED
        if ranges[1] <= abs(gyr[i, k]) < math.inf:
            flags |= GYR_CLIPPED
    return flags


@kernel
def clipped_samples(acc: Floats, gyr: Floats, ranges: Floats):
    """How many samples have a signal at the end of its range."""
    count = 0
    for i in range(acc.shape[0]):
        count += _clipped(acc, gyr, i, ranges) != 0
    return count


@kernel
def _clipping(history: Floats, start: int, ic: int, stop: int, p: Record):
    """What was at the end of its range: before landing, at the impact, from contact (`ic`) on."""
    why = 0
    turning = 0
    ic_s = history[ic, TIME]
    for i in range(start, ic):
        if int(history[i, CLIPPED]) & ACC_CLIPPED and ic_s - history[i, TIME] <= p.landing_view_s:
            why |= WHY_LANDING
    for i in range(ic, stop):
        flags = int(history[i, CLIPPED])
        if flags & ACC_CLIPPED:
            why |= WHY_ACC
            if history[i, TIME] - ic_s <= p.impact_s:
                why |= WHY_IMPACT
        if flags & GYR_CLIPPED:
            why |= WHY_GYR
            turning += 1
    if turning > p.most_gyr_clipped_share * (stop - start):
        why |= WHY_EVENTS
    return why


@kernel
def _odd(walking: bool, stride_s: float, contact_s: float, p: Record):
    """ODD_DURATION where what is known of a stride's timing does not fit steady gait."""
    if walking:
        odd = stride_s < p.walk_stride_s_low or stride_s > p.walk_stride_s_high
        odd = odd or contact_s < p.walk_contact_of_stride_low * stride_s
        odd = odd or contact_s > p.walk_contact_of_stride_high * stride_s
    else:
        odd = stride_s < p.run_stride_s_low or stride_s > p.run_stride_s_high
        odd = odd or contact_s < p.run_contact_s_low or contact_s > p.run_contact_s_high
        odd = odd or contact_s > p.run_contact_of_stride_most * stride_s
    return WHY_ODD if odd else 0


@kernel
def _write_window(history: Floats, start: int, stop: int, windows: Floats, row: int):
    """The columns that are kept; `integrate_trajectory` fills the others."""
    for i in range(start, stop):
        for k in range(PITCH):
            windows[row + i - start, k] = history[i, k]


@kernel
def _walks(s: Record, first: Record, cycle_s: float, p: Record):
    """Whether the foot is down for more than half of the stride; one odd stride changes nothing."""
    if math.isnan(first.tc_run_s):
        share = (first.push_off_trough_s - first.ic_run_s) / cycle_s + p.push_off_to_toe_off
    else:
        share = (first.tc_run_s - first.ic_run_s) / cycle_s
    off = share - p.walk_contact_share
    clearly_otherwise = abs(off) > p.walk_share_doubt and (off > 0.0) != (s.last_activity == WALK)
    if s.last_activity == UNKNOWN or (clearly_otherwise and s.strayed):
        s.contact_share = share
        s.strayed = False
    elif clearly_otherwise:
        s.strayed = True
    else:
        s.contact_share += p.walk_share_gain * (share - s.contact_share)
        s.strayed = False
    # nobody runs so slowly: these are the first steps of walking
    too_slow = cycle_s > p.run_stride_s_high or share * cycle_s > p.run_contact_s_high
    return s.contact_share > p.walk_contact_share or too_slow


@kernel
def _close(
    s: Record,
    history: Floats,
    contact: Record,
    offset: int,
    p: Record,
    closed: Records,
    windows: Floats,
    out: Record,
):
    """Emit the stride from the pending contact to `contact` (indices shifted by `offset`)."""
    first = s.pending
    cycle = contact.ic_run_s - first.ic_run_s
    walking = _walks(s, first, cycle, p)
    ic = first.ic_walk_s if walking else first.ic_run_s
    tc = first.tc_walk_s if walking else first.tc_run_s
    next_ic = contact.ic_walk_s if walking else contact.ic_run_s
    mid_stance = first.mid_stance
    next_mid_stance = contact.mid_stance + offset

    start = first.start
    start = _index_at(history, start, mid_stance, ic - BEFORE_CONTACT_S)
    stop = next_mid_stance + 1
    row = out.rows
    _write_window(history, start, stop, windows, row)
    window = windows[row : row + stop - start]
    e: Record = closed[out.strides]
    tilt, e.lean, e.closure, e.turn = integrate_trajectory(
        window, mid_stance - start, next_mid_stance - start, p.sensor_height_m
    )
    e.activity = WALK if walking else RUN
    e.ic_s = ic
    e.tc_s = tc
    e.next_ic_s = next_ic
    e.ic = _index_at(history, start, stop, ic) - start
    e.tc = -1 if math.isnan(tc) else _index_at(history, start, stop, tc) - start
    e.mid_stance = mid_stance - start
    e.next_ic = _index_at(history, start, stop, next_ic) - start
    e.next_mid_stance = next_mid_stance - start
    e.why = _clipping(history, start, start + e.ic, stop, p)
    e.ic_sd_s = first.ic_walk_sd_s if walking else first.ic_run_sd_s
    e.tc_sd_s = p.walk_toe_off_sd_s if walking else first.tc_run_sd_s
    e.why |= _odd(walking, next_ic - ic, tc - ic, p)
    e.why |= _gaps(first, walking, history, start, stop, p)
    if e.why & WHY_EVENTS or (e.why & WHY_GYR and not abs(e.closure - 1.0) <= p.closes_within):
        e.why |= WHY_PATH_CLIPPED
    if not tilt <= p.most_tilt_rad and not e.why & WHY_PATH_UNKNOWN:
        e.why |= WHY_NOT_STEADY  # of clipped forces, or over a gap, the mean says nothing
    e.window_start = row
    e.window_length = stop - start
    out.rows += stop - start
    out.strides += 1
    s.last_activity = e.activity


@kernel
def _close_alone(
    s: Record,
    history: Floats,
    why: int | np.int64,
    p: Record,
    closed: Records,
    windows: Floats,
    out: Record,
):
    """Emit the pending contact without a next one: contact time is known, the stride is not."""
    first = s.pending
    duration = first.push_off_trough_s - first.landing_trough_s
    walking = s.last_activity == WALK or math.isnan(first.tc_run_s) or duration > p.walk_push_off_s
    if s.last_activity == RUN:  # a runner's last contact, before a stop or a gap
        walking = False
    ic = first.ic_walk_s if walking else first.ic_run_s
    tc = first.tc_walk_s if walking else first.tc_run_s
    start = _index_at(history, first.start, first.mid_stance, ic - BEFORE_CONTACT_S)
    last = first.push_off_trough_s if math.isnan(tc) else tc
    stop = min(s.kept, _index_at(history, first.mid_stance, s.kept, last + AFTER_CONTACT_S) + 2)
    row = out.rows
    _write_window(history, start, stop, windows, row)
    e: Record = closed[out.strides]
    integrate_trajectory(
        windows[row : row + stop - start], first.mid_stance - start, stop - 1 - start, 0.0
    )
    e.lean = math.nan  # what gravity is, only a whole stride tells
    e.closure = math.nan
    e.turn = math.nan
    e.activity = WALK if walking else RUN
    e.ic_s = ic
    e.tc_s = tc
    e.next_ic_s = np.nan
    e.ic = _index_at(history, start, stop, ic) - start
    e.tc = -1 if math.isnan(tc) else _index_at(history, start, stop, tc) - start
    e.mid_stance = first.mid_stance - start
    e.next_ic = -1
    e.next_mid_stance = -1
    e.why = why | WHY_NO_NEXT | _clipping(history, start, start + e.ic, stop, p)
    e.ic_sd_s = first.ic_walk_sd_s if walking else first.ic_run_sd_s
    e.tc_sd_s = p.walk_toe_off_sd_s if walking else first.tc_run_sd_s
    e.why |= _gaps(first, walking, history, start, stop, p)
    e.why |= _odd(walking, math.nan, tc - ic, p)
    e.window_start = row
    e.window_length = stop - start
    out.rows += stop - start
    out.strides += 1
    s.has_pending = False


@kernel
def _steady(s: Record, samples: Floats, contact: Record, p: Record):
    """The events of a contact with what is known of the strides before it."""
    last_run_s = s.pending.ic_run_s if s.has_pending else math.nan
    last_walk_s = s.pending.ic_walk_s if s.has_pending else math.nan
    push_off_s = contact.push_off_trough_s
    if s.has_pending:
        cycle_s = push_off_s - s.pending.push_off_trough_s
        if abs(cycle_s - s.cycle_s) > p.same_gait_share * s.cycle_s:
            reset_habit(s.landing)  # another gait, or another pace: nothing is to be expected
            reset_habit(s.walk_landing)
            reset_habit(s.leaving)
        s.cycle_s = cycle_s
    contact.ic_run_s, contact.ic_run_sd_s, contact.ic_run_missing_s = _seen(
        samples, s.landing, contact.ic_run_s, contact.ic_run_sd_s, push_off_s, last_run_s,
        p.landing_jump_s, p,
    )  # fmt: skip
    contact.ic_walk_s, contact.ic_walk_sd_s, contact.ic_walk_missing_s = _seen(
        samples, s.walk_landing, contact.ic_walk_s, contact.ic_walk_sd_s, push_off_s, last_walk_s,
        p.landing_jump_s, p,
    )  # fmt: skip
    contact.tc_walk_missing_s = 0.0
    if not math.isnan(contact.tc_walk_s):
        contact.tc_walk_missing_s = missing_around(samples, contact.tc_walk_s, p.gap_edge_s)
    contact.tc_run_missing_s = 0.0
    contact.tc_run_sd_s = p.toe_off_sd_s
    if not math.isnan(contact.tc_run_s):
        contact.tc_run_s, contact.tc_run_sd_s, contact.tc_run_missing_s = _seen(
            samples, s.leaving, contact.tc_run_s, p.toe_off_sd_s, push_off_s, contact.ic_run_s,
            p.toe_off_jump_s, p,
        )  # fmt: skip


@kernel
def _seen(
    samples: Floats,
    habit: Record,
    event_s: float,
    sd_s: float,
    mark_s: float,
    other_mark_s: float,
    most_s: float,
    p: Record,
):
    """`steady_event`, and how long samples are missing where the event was read, or is put."""
    missing_s = missing_around(samples, event_s, p.gap_edge_s)
    put_s, sd_s = steady_event(
        habit, event_s, sd_s, mark_s, other_mark_s, missing_s, most_s, p.landing_put_sd_s,
        p.event_gap_s,
    )  # fmt: skip
    if put_s != event_s:
        missing_s = max(missing_s, missing_around(samples, put_s, 0.0))
    return put_s, sd_s, missing_s


@kernel
def _gaps(first: Record, walking: bool, history: Floats, start: int, stop: int, p: Record):
    """What samples that were filled in do to a stride from `start` to `stop`."""
    why = 0
    for i in range(start, stop):
        flags = int(history[i, CLIPPED])
        if flags & GAP:
            why |= WHY_BRIDGED
        if flags & LONG_GAP:
            why |= WHY_PATH_BRIDGED
    if why:
        landing_s = first.ic_walk_missing_s if walking else first.ic_run_missing_s
        if landing_s > p.event_gap_s:
            why |= WHY_LANDING_BRIDGED
        leaving_s = first.tc_walk_missing_s if walking else first.tc_run_missing_s
        if leaving_s > p.event_gap_s:
            why |= WHY_TOE_OFF_BRIDGED
    return why


@kernel
def _contact_since_swing(
    s: Record,
    history: Floats,
    complete: bool | np.bool_,
    why: int | np.int64,
    p: Record,
    smoothing: Floats,
    contact: Record,
    closed: Records,
    windows: Floats,
    out: Record,
):
    """Look for the contact after the last swing; close the pending stride with it if it is one.

    `why` the samples end here, where they do not reach into the next swing.
    """
    back = min(s.swing_from_s, history[s.swing_end, TIME] - SWING_BACK_S)
    start = s.swing_end
    while start > 0 and history[start, TIME] > back:
        start -= 1
    samples = history[start : s.kept]
    find_contact(samples, s.swing_end - start, complete, p, smoothing, contact)
    if contact.found:
        _steady(s, samples, contact, p)
        if s.has_pending:
            _close(s, history, contact, start, p, closed, windows, out)
        contact.mid_stance += start
        contact.start = start
        _keep(s, contact)
    elif s.has_pending:
        _close_alone(s, history, why, p, closed, windows, out)
    s.swing_end = -1


@kernel
def _end_of_steps(
    s: Record,
    history: Floats,
    why: int | np.int64,
    p: Record,
    smoothing: Floats,
    contact: Record,
    closed: Records,
    windows: Floats,
    out: Record,
):
    """The foot came to rest or samples are missing: the last contact has no next one."""
    if s.swing_end >= 0:
        _contact_since_swing(
            s, history, IN_STANCE, why, p, smoothing, contact, closed, windows, out
        )
    if s.has_pending:
        _close_alone(s, history, why, p, closed, windows, out)
    _forget_step(s)


@kernel
def _keep(s: Record, contact: Record):
    """Make this contact the pending one: a copy, as a record in a record is not assigned whole."""
    first = s.pending
    first.found = contact.found
    first.landing_trough_s = contact.landing_trough_s
    first.push_off_trough_s = contact.push_off_trough_s
    first.ic_run_s = contact.ic_run_s
    first.ic_walk_s = contact.ic_walk_s
    first.ic_run_sd_s = contact.ic_run_sd_s
    first.ic_walk_sd_s = contact.ic_walk_sd_s
    first.ic_run_missing_s = contact.ic_run_missing_s
    first.ic_walk_missing_s = contact.ic_walk_missing_s
    first.tc_run_s = contact.tc_run_s
    first.tc_walk_s = contact.tc_walk_s
    first.tc_run_sd_s = contact.tc_run_sd_s
    first.tc_run_missing_s = contact.tc_run_missing_s
    first.tc_walk_missing_s = contact.tc_walk_missing_s
    first.mid_stance = contact.mid_stance
    first.start = contact.start
    s.has_pending = True


@kernel
def _make_room(s: Record, history: Floats):
    """Drop samples that no open step needs; the oldest half if none is open."""
    first = s.kept // 2
    if s.swing_end >= 0:
        first = min(first, max(0, s.swing_end - history.shape[0] // 12))  # half a second
    if s.has_pending:
        first = min(first, s.pending.start)
    if first == 0:
        _forget_step(s)
        first = s.kept // 2
    for i in range(first, s.kept):
        for k in range(HISTORY_COLUMNS):
            history[i - first, k] = history[i, k]
    s.kept -= first
    if s.swing_end >= 0:
        s.swing_end -= first
    if s.has_pending:
        s.pending.start -= first
        s.pending.mid_stance -= first


@kernel
def _least_swing(s: Record, history: Floats, t: float, p: Record):
    """Toe-up rotation that makes a swing now; soon after the last one a heel may be dropping."""
    if s.swing_end >= 0 and t - history[s.swing_end, TIME] < p.heel_drop_s:
        return max(p.swing_angle_rad, p.heel_drop_share * s.usual_angle)
    return p.swing_angle_rad


@kernel
def advance(
    state: Records,
    scratch: Records,
    history: Floats,
    time_s: Floats,
    acc: Floats,
    gyr: Floats,
    breaks: Bools,
    filled: NDArray[np.uint8],
    frame: Floats,
    bias: Floats,
    ranges: Floats,
    p: Record,
    low: Floats,
    smoothing: Floats,
    closed: Records,
    closes_at: Ints,
    windows: Floats,
    ending: bool,
):
    """Advance by a block of samples.

    Parameters
    ----------
    state : Records
        (1,) STATE.
    scratch : Records
        (1,) CONTACT.
    history : Floats
        (m, HISTORY_COLUMNS) from `new_history`.
    time_s : Floats
        (n,) s, rising.
    acc : Floats
        (n, 3) sensor axes, m/s².
    gyr : Floats
        (n, 3) sensor axes, rad/s.
    breaks : Bools
        (n,) samples are missing before this one.
    filled : NDArray[np.uint8]
        (n,) as in `Samples`.
    frame : Floats
        (3, 3) sensor → foot.
    bias : Floats
        (3,) of the gyroscope, sensor axes, rad/s.
    ranges : Floats
        (2,) from where a value of acc (m/s²) and gyr (rad/s) is at its end; inf unknown.
    p : Record
        `Parameters`.
    low : Floats
        (5,) the stream's low-pass …
    smoothing : Floats
        … and the windows', from `coefficients`.
    closed : Records
        (k,) CLOSED, filled from the start.
    closes_at : Ints
        (k,) the sample each closes with, likewise.
    windows : Floats
        (rows, COLUMNS) likewise, foot frame.
    ending : bool
        These are the last samples, so what is open after them is closed.

    Returns
    -------
    tuple[int, int, int]
        Strides closed, window rows, and samples used: fewer than n where `closed` or
        `windows` would not hold what comes next.
    """
    s = state[0]
    o = s.output
    o.strides = 0
    o.rows = 0
    contact = scratch[0]
    known = 0
    n = time_s.shape[0]
    for i in range(n):
        if o.strides + 2 > closed.shape[0] or o.rows + 2 * history.shape[0] > windows.shape[0]:
            return o.strides, o.rows, i
        if breaks[i] and s.kept > 0:
            _end_of_steps(s, history, WHY_GAP, p, smoothing, contact, closed, windows, o)
            s.kept = 0
            s.primed = False
        if s.kept == history.shape[0]:
            _make_room(s, history)

        at = s.kept
        history[at, TIME] = time_s[i]
        for k in range(3):
            history[at, ACC + k] = (
                frame[k, 0] * acc[i, 0] + frame[k, 1] * acc[i, 1] + frame[k, 2] * acc[i, 2]
            )
            history[at, GYR + k] = (
                frame[k, 0] * (gyr[i, 0] - bias[0])
                + frame[k, 1] * (gyr[i, 1] - bias[1])
                + frame[k, 2] * (gyr[i, 2] - bias[2])
            )
        history[at, CLIPPED] = _clipped(acc, gyr, i, ranges)
        if filled[i] != 0:
            history[at, CLIPPED] = GAP if filled[i] == FILLED else GAP | LONG_GAP
        s.kept += 1

        toe_up = -history[at, GYR + 1]
        if not s.primed:
            s.low_1 = (1.0 - low[0]) * toe_up
            s.low_2 = (low[2] - low[4]) * toe_up
            s.primed = True
        rate = low[0] * toe_up + s.low_1
        s.low_1 = low[1] * toe_up - low[3] * rate + s.low_2
        s.low_2 = low[2] * toe_up - low[4] * rate

        if s.rotating:
            s.angle += rate * (time_s[i] - history[at - 1, TIME]) if at > 0 else 0.0
            if rate <= 0.0 or time_s[i] - s.swing_start_s > LONGEST_SWING_S:
                s.rotating = False
                if s.swinging:
                    gain = p.usual_swing_gain if s.usual_angle > 0.0 else 1.0
                    s.usual_angle += gain * (s.angle - s.usual_angle)
                    s.swing_end = at
                    s.swing_from_s = s.swing_start_s
                    s.swinging = False
            elif (
                not s.swinging
                and s.angle > _least_swing(s, history, time_s[i], p)
                and time_s[i] - s.last_swing_s > p.shortest_cycle_s
            ):
                s.swinging = True
                s.last_swing_s = time_s[i]
                if s.swing_end >= 0:
                    _contact_since_swing(
                        s,
                        history,
                        INTO_SWING,
                        WHY_NOTHING,
                        p,
                        smoothing,
                        contact,
                        closed,
                        windows,
                        o,
                    )
        elif rate > p.swing_enter_rad_s:
            s.rotating = True
            s.angle = 0.0
            s.swing_start_s = time_s[i]
        if s.swing_end >= 0 and time_s[i] - history[s.swing_end, TIME] > p.longest_stance_s:
            _end_of_steps(s, history, WHY_NOTHING, p, smoothing, contact, closed, windows, o)
        while known < o.strides:
            closes_at[known] = i
            known += 1
    if ending:
        _end_of_steps(s, history, WHY_NOTHING, p, smoothing, contact, closed, windows, o)
    return o.strides, o.rows, n


def output_room(rate_hz: float, strides: int = 64) -> tuple[Records, Floats]:
    """Room for what `advance` fills: windows never need more than the history twice over."""
    rows = 4 * new_history(rate_hz).shape[0] + int(strides * 1.2 * rate_hz)
    return np.zeros(strides, dtype=CLOSED), np.empty((rows, COLUMNS))
