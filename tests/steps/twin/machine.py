"""The state machine: a sample in, the strides it closes out.

Parameters, state, coefficients, update. A swing is a stretch of toe-up rotation of the foot. When
the next one has begun, the samples since the last tell the contact between them; two contacts in
a row make a stride.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import signal

from gait.model.samples import FILLED_LONG
from gait.model.strides import Activity, QualityFlag
from gait.steps.parameters import Parameters

from .contact import Contact, find_contact
from .path import follow
from .signals import (
    Array,
    Filter,
    Signals,
    last_not_after,
    low_pass,
    zero_phase_low_pass,
)
from .steadiness import Event, Habit, seen_in, steadied

BEFORE_CONTACT_S = 0.10  # a window begins this long before initial contact
SWING_BACK_S = 0.15  # the samples of a contact begin with its swing, or this long before its end
LONGEST_SWING_S = 1.5


@dataclass(frozen=True)
class Stride:
    """A closed stride; times in s, NaN unknown; indices into its window (n, COLUMNS), −1 none."""

    activity: Activity
    why: QualityFlag
    ic_s: float
    tc_s: float
    next_ic_s: float
    ic_sd_s: float
    tc_sd_s: float
    closure: float  # these three as in `path.Pose`
    lean: float
    turn: float
    ic: int
    tc: int
    mid_stance: int
    next_ic: int
    next_mid_stance: int
    window: Array


@dataclass(frozen=True)
class Sample:
    """One sample in the foot frame, as in `Signals`."""

    time_s: float
    force: Array
    turn: Array
    force_clipped: bool
    turn_clipped: bool
    filled: bool
    filled_long: bool


@dataclass
class State:
    samples: list[Sample] = field(default_factory=list)  # since the last break
    low_memory: Array | None = None  # of the low-pass, None before the first sample
    rotating_since_s: float | None = None  # toe-up rotation is going on …
    angle: float = 0.0  # … and has come so far, rad
    swinging: bool = False  # … which is enough for a swing
    usual_angle: float = 0.0  # rotation of the last swings, rad; 0 unknown
    last_swing_s: float = -np.inf  # when a rotation was last enough for a swing
    swing_end: int | None = None  # the sample that ended the last swing, until its contact is found
    swing_from_s: float = np.nan  # … and when that swing began
    pending: Contact | None = None  # the last contact, until the next one
    cycle_s: float = 0.0  # from push-off to push-off
    landing: Habit = field(default_factory=Habit)  # were it running …
    walk_landing: Habit = field(default_factory=Habit)  # … and were it walking
    leaving: Habit = field(default_factory=Habit)
    last_activity: Activity | None = None
    contact_share: float = np.nan  # of the stride, a mean over the last ones
    strayed: bool = False  # the last stride's share was clearly not of the activity before it


class Twin:
    """Strides of one foot from its samples, one at a time, with a mounting that is known.

    frame (3, 3) turns sensor axes into foot axes; bias (3,) of the gyroscope in sensor axes, rad/s;
    acc_end m/s² and gyr_end rad/s: from there on a sample is at the end of its range.
    """

    def __init__(
        self,
        rate_hz: float,
        frame: Array,
        bias: Array,
        acc_end: float,
        gyr_end: float,
        p: Parameters,
    ) -> None:
        self.p = p
        self.frame = frame
        self.bias = bias
        self.acc_end = acc_end
        self.gyr_end = gyr_end
        # coefficients
        self.swing_low: Filter = low_pass(p.swing_lowpass_hz, rate_hz)
        self.event_low: Filter = zero_phase_low_pass(p.event_lowpass_hz, rate_hz)
        self.state = State()

    def update(
        self, time_s: float, acc: Array, gyr: Array, missing_before: bool = False, filled: int = 0
    ) -> list[Stride]:
        """The strides that one sample (sensor axes, m/s², rad/s) closes; filled as in `Samples`.

        Of a sample that is filled in it is not asked whether it is at the end of a range.
        """
        s, p = self.state, self.p
        closed: list[Stride] = []
        if missing_before and s.samples:
            closed += self._end_of_steps(QualityFlag.GAP)
            s.samples = []
            s.low_memory = None
        sample = Sample(
            time_s,
            self.frame @ acc,
            self.frame @ (gyr - self.bias),
            not filled and bool((np.abs(acc) >= self.acc_end).any()),
            not filled and bool((np.abs(gyr) >= self.gyr_end).any()),
            filled != 0,
            filled == FILLED_LONG,
        )
        s.samples.append(sample)
        rate = self._low_passed(-sample.turn[1])

        if s.rotating_since_s is None:
            if rate > p.swing_enter_rad_s:
                s.rotating_since_s = time_s
                s.angle = 0.0
        else:
            s.angle += rate * (time_s - s.samples[-2].time_s)
            if rate <= 0.0 or time_s - s.rotating_since_s > LONGEST_SWING_S:
                if s.swinging:
                    self._swing_ends(s.rotating_since_s)
                s.rotating_since_s = None
            elif (
                not s.swinging
                and s.angle > self._least_swing(time_s)
                and time_s - s.last_swing_s > p.shortest_cycle_s
            ):
                s.swinging = True
                s.last_swing_s = time_s
                closed += self._contact_since_swing(complete=True)
        if s.swing_end is not None and self._since_swing(time_s) > p.longest_stance_s:
            closed += self._end_of_steps(QualityFlag.NOTHING)
        return closed

    def finish(self) -> list[Stride]:
        """The strides that are open when the samples end."""
        return self._end_of_steps(QualityFlag.NOTHING)

    def _low_passed(self, x: float) -> float:
        s = self.state
        if s.low_memory is None:
            s.low_memory = signal.lfilter_zi(*self.swing_low) * x
        out, s.low_memory = signal.lfilter(*self.swing_low, [x], zi=s.low_memory)
        return float(out[0])

    def _since_swing(self, time_s: float) -> float:
        s = self.state
        return np.inf if s.swing_end is None else time_s - s.samples[s.swing_end].time_s

    def _swing_ends(self, began_s: float) -> None:
        s = self.state
        gain = self.p.usual_swing_gain if s.usual_angle > 0.0 else 1.0
        s.usual_angle += gain * (s.angle - s.usual_angle)
        s.swing_end = len(s.samples) - 1
        s.swing_from_s = began_s
        s.swinging = False

    def _least_swing(self, time_s: float) -> float:
        """Toe-up rotation that makes a swing, rad; soon after the last a heel may be dropping."""
        p = self.p
        if self._since_swing(time_s) < p.heel_drop_s:
            return max(p.swing_angle_rad, p.heel_drop_share * self.state.usual_angle)
        return p.swing_angle_rad

    def _signals(self, start: int, stop: int | None = None) -> Signals:
        part = self.state.samples[start:stop]
        return Signals(
            np.array([x.time_s for x in part]),
            np.array([x.force for x in part]),
            np.array([x.turn for x in part]),
            np.array([x.force_clipped for x in part]),
            np.array([x.turn_clipped for x in part]),
            np.array([x.filled for x in part]),
            np.array([x.filled_long for x in part]),
        )

    def _contact_since_swing(
        self, *, complete: bool, why: QualityFlag = QualityFlag.NOTHING
    ) -> list[Stride]:
        """The contact since the last swing closes the stride of the one before."""
        s = self.state
        if s.swing_end is None:
            return []
        back_s = min(s.swing_from_s, s.samples[s.swing_end].time_s - SWING_BACK_S)
        start = s.swing_end
        while start > 0 and s.samples[start].time_s > back_s:
            start -= 1
        samples = self._signals(start)
        found = find_contact(samples, s.swing_end - start, complete, self.p, self.event_low)
        s.swing_end = None
        if found is None:
            return self._close_alone(why)
        found = self._steadied(found, samples).shifted(start)
        closed = [] if s.pending is None else [self._close(s.pending, found)]
        s.pending = found
        return closed

    def _steadied(self, found: Contact, samples: Signals) -> Contact:
        """A contact with what is known of the strides before it.

        A landing is looked at from its push-off and the landing before, toe-off from push-off and
        landing. A stride of another length is of another gait: then nothing is known.
        """
        s, p = self.state, self.p
        push_off_s = found.push_off_trough_s
        run_before_s = walk_before_s = np.nan
        if s.pending is not None:
            run_before_s, walk_before_s = s.pending.ic_run.time_s, s.pending.ic_walk.time_s
            cycle_s = push_off_s - s.pending.push_off_trough_s
            if abs(cycle_s - s.cycle_s) > p.same_gait_share * s.cycle_s:
                for habit in (s.landing, s.walk_landing, s.leaving):
                    habit.forget()
            s.cycle_s = cycle_s

        def as_usual(habit: Habit, event: Event, other_mark_s: float, jump_s: float) -> Event:
            seen = seen_in(samples, event, p.gap_edge_s)
            put = steadied(habit, seen, (push_off_s, other_mark_s), jump_s, p)
            if put.time_s == event.time_s:
                return put
            there = seen_in(samples, put, 0.0)
            return replace(put, missing_s=max(seen.missing_s, there.missing_s))

        ic_run = as_usual(s.landing, found.ic_run, run_before_s, p.landing_jump_s)
        return replace(
            found,
            ic_run=ic_run,
            ic_walk=as_usual(s.walk_landing, found.ic_walk, walk_before_s, p.landing_jump_s),
            tc_run=as_usual(s.leaving, found.tc_run, ic_run.time_s, p.toe_off_jump_s),
            tc_walk=seen_in(samples, found.tc_walk, p.gap_edge_s),
        )

    def _end_of_steps(self, why: QualityFlag) -> list[Stride]:
        """The foot came to rest, samples are missing or end: close what is open, forget steps."""
        s = self.state
        closed = self._contact_since_swing(complete=False, why=why)
        closed += self._close_alone(why)
        s.rotating_since_s = None
        s.swinging = False
        s.usual_angle = 0.0
        s.last_activity = None
        return closed

    def _close(self, first: Contact, following: Contact) -> Stride:
        """The stride from one contact to the next."""
        s, p = self.state, self.p
        walking = self._is_walk(first, following.ic_run.time_s - first.ic_run.time_s)
        landing, leaving = _events(first, walking)
        ic_s, tc_s = landing.time_s, leaving.time_s
        next_ic_s = _events(following, walking)[0].time_s
        samples, mid_stance = self._window(first, ic_s, following.mid_stance + 1)
        last = len(samples) - 1
        window, pose = follow(samples, mid_stance, last, p.sensor_height_m)
        ic = last_not_after(samples.time_s, ic_s)
        why = _clipping(samples, ic, p) | _bridged(samples, landing, leaving, p)
        why |= _odd(walking, ic_s, tc_s, next_ic_s, p)
        not_closed = abs(pose.closure - 1.0) > p.closes_within
        if why & QualityFlag.EVENTS_CLIPPED or (why & QualityFlag.GYR_CLIPPED and not_closed):
            why |= QualityFlag.PATH_CLIPPED
        path_unknown = why & (
            QualityFlag.ACC_CLIPPED | QualityFlag.PATH_CLIPPED | QualityFlag.PATH_BRIDGED
        )
        if pose.tilt > p.most_tilt_rad and not path_unknown:
            why |= QualityFlag.NOT_STEADY
        s.last_activity = Activity.WALK if walking else Activity.RUN
        return Stride(
            activity=s.last_activity,
            why=why,
            ic_s=ic_s,
            tc_s=tc_s,
            next_ic_s=next_ic_s,
            ic_sd_s=landing.sd_s,
            tc_sd_s=leaving.sd_s,
            closure=pose.closure,
            lean=pose.lean,
            turn=pose.turn,
            ic=ic,
            tc=-1 if np.isnan(tc_s) else last_not_after(samples.time_s, tc_s),
            mid_stance=mid_stance,
            next_ic=last_not_after(samples.time_s, next_ic_s),
            next_mid_stance=last,
            window=window,
        )

    def _close_alone(self, why: QualityFlag) -> list[Stride]:
        """The pending contact without a next one: until a little after the foot left the ground."""
        s, p = self.state, self.p
        first, s.pending = s.pending, None
        if first is None:
            return []
        if s.last_activity is None:
            long = first.push_off_trough_s - first.landing_trough_s > p.walk_push_off_s
            walking = bool(long or np.isnan(first.tc_run.time_s))
        else:
            walking = s.last_activity == Activity.WALK
        landing, leaving = _events(first, walking)
        ic_s, tc_s = landing.time_s, leaving.time_s
        last_s = (first.push_off_trough_s if np.isnan(tc_s) else tc_s) + 0.02
        on_ground = self._signals(first.mid_stance).time_s
        stop = first.mid_stance + last_not_after(on_ground, last_s) + 2
        samples, mid_stance = self._window(first, ic_s, stop)
        window, _ = follow(samples, mid_stance, len(samples) - 1, 0.0)
        ic = last_not_after(samples.time_s, ic_s)
        why |= QualityFlag.NO_NEXT_CONTACT | _clipping(samples, ic, p)
        why |= _bridged(samples, landing, leaving, p)
        return [
            Stride(
                activity=Activity.WALK if walking else Activity.RUN,
                why=why | _odd(walking, ic_s, tc_s, np.nan, p),
                ic_s=ic_s,
                tc_s=tc_s,
                next_ic_s=np.nan,
                ic_sd_s=landing.sd_s,
                tc_sd_s=leaving.sd_s,
                closure=np.nan,
                lean=np.nan,
                turn=np.nan,
                ic=ic,
                tc=-1 if np.isnan(tc_s) else last_not_after(samples.time_s, tc_s),
                mid_stance=mid_stance,
                next_ic=-1,
                next_mid_stance=-1,
                window=window,
            )
        ]

    def _window(self, first: Contact, ic_s: float, stop: int) -> tuple[Signals, int]:
        """Samples from a little before contact up to `stop`, and where mid-stance is in them."""
        samples = self._signals(first.start, stop)
        mid_stance = first.mid_stance - first.start
        begin = min(last_not_after(samples.time_s, ic_s - BEFORE_CONTACT_S), mid_stance - 1)
        return samples.part(begin, len(samples)), mid_stance - begin

    def _is_walk(self, first: Contact, cycle_s: float) -> bool:
        """Walking keeps the foot down for more than half of the stride.

        Near a half the last strides decide together. A stride that is clearly of the other kind
        does not count among them, until the next one is too. Nobody runs very slowly.
        """
        s, p = self.state, self.p
        landing_s, toe_off_s = first.ic_run.time_s, first.tc_run.time_s
        if np.isnan(toe_off_s):
            toe_off_s = first.push_off_trough_s + p.push_off_to_toe_off * cycle_s
        share = (toe_off_s - landing_s) / cycle_s
        clear = abs(share - p.walk_contact_share) > p.walk_share_doubt
        is_walk = share > p.walk_contact_share
        strays = clear and is_walk != (s.last_activity == Activity.WALK)
        if s.last_activity is None or (strays and s.strayed):
            s.contact_share = share
            strays = False
        elif not strays:
            s.contact_share += p.walk_share_gain * (share - s.contact_share)
        s.strayed = strays
        slow = cycle_s > p.run_stride_s[1] or share * cycle_s > p.run_contact_s[1]
        return bool(slow or s.contact_share > p.walk_contact_share)


def _events(contact: Contact, walking: bool) -> tuple[Event, Event]:
    """Initial and terminal contact."""
    if walking:
        return contact.ic_walk, contact.tc_walk
    return contact.ic_run, contact.tc_run


def _clipping(samples: Signals, ic: int, p: Parameters) -> QualityFlag:
    """What clipped samples spoil: the landing before contact `ic`, impact, force, rotation, all."""
    since_contact_s = samples.time_s - samples.time_s[ic]
    after = np.arange(len(samples)) >= ic
    force, turn = samples.force_clipped, samples.turn_clipped
    spoiled: dict[QualityFlag, ArrayLike] = {
        QualityFlag.LANDING_CLIPPED: force & ~after & (since_contact_s >= -p.landing_view_s),
        QualityFlag.IMPACT_CLIPPED: force & after & (since_contact_s <= p.impact_s),
        QualityFlag.ACC_CLIPPED: force & after,
        QualityFlag.GYR_CLIPPED: turn & after,
        QualityFlag.EVENTS_CLIPPED: np.mean(turn & after) > p.most_gyr_clipped_share,
    }
    return _where_any(spoiled)


def _bridged(samples: Signals, landing: Event, toe_off: Event, p: Parameters) -> QualityFlag:
    """What samples that were filled in do to a stride."""
    spoiled: dict[QualityFlag, ArrayLike] = {
        QualityFlag.BRIDGED: samples.filled,
        QualityFlag.PATH_BRIDGED: samples.filled_long,
        QualityFlag.LANDING_BRIDGED: samples.filled.any() and landing.missing_s > p.event_gap_s,
        QualityFlag.TOE_OFF_BRIDGED: samples.filled.any() and toe_off.missing_s > p.event_gap_s,
    }
    return _where_any(spoiled)


def _where_any(spoiled: dict[QualityFlag, ArrayLike]) -> QualityFlag:
    why = QualityFlag.NOTHING
    for flag, where in spoiled.items():
        if np.any(where):
            why |= flag
    return why


def _odd(walking: bool, ic_s: float, tc_s: float, next_ic_s: float, p: Parameters) -> QualityFlag:
    """ODD_DURATION where what is known of a stride's timing does not fit steady gait."""
    stride_s, contact_s = next_ic_s - ic_s, tc_s - ic_s

    def outside(value: float, low: float, high: float) -> bool:
        return value < low or value > high  # unknown is not outside

    if walking:
        odd = outside(stride_s, *p.walk_stride_s)
        odd = odd or outside(contact_s, 0.3 * stride_s, 0.9 * stride_s)
    else:
        odd = outside(stride_s, *p.run_stride_s) or outside(contact_s, *p.run_contact_s)
        odd = odd or contact_s > 0.75 * stride_s
    return QualityFlag.ODD_DURATION if odd else QualityFlag.NOTHING
