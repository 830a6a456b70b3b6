"""One foot: samples in, closed strides out, whatever the size of the blocks.

Until the mounting is known, samples are kept as they come; then all of them go through the
state machine, so no stride is lost to calibration. If strides stop going forward on an upright
foot while it goes on moving (the sensor was put on the other way round), or all go or lean
otherwise than usual (it slipped), the mounting is found anew from the samples since. One that is
known poorly is found again from the steps that follow.

Without a gyroscope, or with one that gives nothing while the foot moves, `AccelerometerSteps` takes
over, which needs no mounting.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from gait.model.arrays import Bools, Floats, Ints, Records
from gait.model.samples import Samples, joined
from gait.model.sensor import FAST_HZ, SensorInfo, enough_rate
from gait.model.strides import QualityFlag
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.model.window import CLOSED, COLUMNS, StrideBatch
from gait.steps import mounting as mounting_of
from gait.steps.accelerometer import AccelerometerSteps
from gait.steps.gap_filling import GapFiller
from gait.steps.mounting import (
    Mounting,
    begin_monitor,
    forget_usual,
    new_monitor,
    reject_unusual,
    update_monitor,
)
from gait.steps.parameters import Parameters
from gait.steps.ring_buffer import RingBuffer
from gait.steps.stride_segmentation import (
    advance,
    clipped_samples,
    coefficients,
    new_history,
    new_scratch,
    new_state,
    output_room,
)
from gait.steps.stride_validation import JUDGED, NOT_A_STEP, PATH_UNKNOWN, judge

FULL_SCALE = 0.98  # nearer to the end of its range than this, a sample counts as clipped
PIECE = 4096  # samples a call of the kernel
SAME_STRIDE_S = 0.1  # contacts nearer than this are one
SAME_STRIDE_SHARE = 0.4  # of the stride, where one was seen by the accelerometer alone
ROOM_STRIDES = 1.5  # between two contacts, where one fits that only the accelerometer saw
LONGEST_STEP_S = 0.6  # a stride that is not closed is taken to last so long
LEAST_RISING = 0.75  # of the strides a mounting gives: fewer, and it is not this one
TELLS_APART = 0.1  # share of strides by which one way round is better than the other
MOST_LATE, LEAST_LATE = 30, 3  # strides that tell how late the accelerometer's contacts are
NO_STEADY_STEP = NOT_A_STEP | int(QualityFlag.ODD_DURATION)
_NOTHING = StrideBatch(np.zeros(0, dtype=CLOSED), np.empty((0, COLUMNS)))
_NO_SAMPLES = Samples(np.empty(0), np.empty((0, 3)), np.empty((0, 3)))


def _ranges(info: SensorInfo) -> Floats:
    acc = (info.acc_range_g or np.inf) * STANDARD_GRAVITY_M_S2 * FULL_SCALE
    gyr = (info.gyr_range_dps or np.inf) * RAD_PER_DEG * FULL_SCALE
    return np.array([acc, gyr])


def count_clipped(samples: Samples, info: SensorInfo) -> int:
    """Samples of which an axis is at the end of its range."""
    return clipped_samples(samples.acc, samples.gyr, _ranges(info))


def _standing_reasons(info: SensorInfo, mounting: Mounting) -> int:
    """Reasons that hold for every stride of this sensor as it is mounted."""
    why = QualityFlag.NOTHING
    if not mounting.standing:
        why |= QualityFlag.NO_STANDING
    if mounting.quality == "low":
        why |= QualityFlag.MOUNTING_POOR
    if not enough_rate(info.rate_hz, FAST_HZ):
        why |= QualityFlag.LOW_RATE
    return int(why)


class _Machine:
    """The compiled state machine with one mounting."""

    def __init__(self, info: SensorInfo, parameters: Parameters, mounting: Mounting) -> None:
        self._info = info
        self._frame = np.ascontiguousarray(mounting.frame)
        self._bias = np.ascontiguousarray(mounting.bias)
        self._neutral_roll = 0.0 if mounting.standing else np.nan
        self._why = _standing_reasons(info, mounting)
        self._ranges = _ranges(info)
        self.p = parameters.record()
        self._low, self._smoothing = coefficients(parameters, info.rate_hz)
        self._state = new_state()
        self._scratch = new_scratch()
        self._history = new_history(info.rate_hz)
        self._closed, self._windows = output_room(info.rate_hz)
        self._closes_at = np.empty(len(self._closed), dtype=np.int64)

    def _take(self, strides: int, rows: int) -> StrideBatch:
        return StrideBatch.taken(
            self._closed[:strides],
            self._windows[:rows],
            self._info,
            neutral_roll=self._neutral_roll,
            why=self._why,
        )

    def step(self, samples: Samples, *, ending: bool = False) -> tuple[StrideBatch, Ints, int]:
        """Go on by a piece of `samples`: (strides closed, the sample each closes with, used)."""
        part = samples if len(samples) <= PIECE else samples[:PIECE]
        strides, rows, used = advance(
            self._state,
            self._scratch,
            self._history,
            part.time_s,
            part.acc,
            part.gyr,
            part.breaks,
            part.filled,
            self._frame,
            self._bias,
            self._ranges,
            self.p,
            self._low,
            self._smoothing,
            self._closed,
            self._closes_at,
            self._windows,
            ending,
        )
        closed = self._take(strides, rows) if strides else _NOTHING
        return closed, self._closes_at[:strides], used

    def push(self, samples: Samples) -> Iterator[StrideBatch]:
        at = 0
        while at < len(samples):
            closed, _, used = self.step(samples[at:])
            at += used
            if len(closed.strides):
                yield closed

    def finish(self) -> Iterator[StrideBatch]:
        closed, _, _ = self.step(_NO_SAMPLES, ending=True)
        if len(closed.strides):
            yield closed


def _beside(strides: Records, contacts_s: Floats) -> Bools:
    """Whether each stride is one of those with these contacts: none else fits between."""
    if len(contacts_s) == 0 or len(strides) == 0:
        return np.zeros(len(strides), dtype=np.bool_)
    at_s, next_s = strides["ic_s"], strides["next_ic_s"]
    stride_s = np.where(np.isfinite(next_s), next_s - at_s, LONGEST_STEP_S)
    near = np.abs(at_s[:, None] - contacts_s[None, :]).min(axis=1) < SAME_STRIDE_SHARE * stride_s
    around_s = np.concatenate([[-np.inf], np.sort(contacts_s), [np.inf]])
    after = np.searchsorted(around_s, at_s, side="right")
    room_s = around_s[after] - around_s[after - 1]
    return near | (room_s < ROOM_STRIDES * stride_s)


class _Trial:
    """The strides that a mounting would give, and what speaks for it."""

    def __init__(
        self, samples: Samples, info: SensorInfo, parameters: Parameters, mounting: Mounting
    ) -> None:
        machine = _Machine(info, parameters, mounting)
        parts = [(part.strides, judge(part, machine.p)) for part in machine.push(samples)]
        self._strides = np.concatenate([_NOTHING.strides, *(strides for strides, _ in parts)])
        self._judged = np.concatenate([np.zeros(0, JUDGED), *(judged for _, judged in parts)])
        self._least = parameters.least_strides

    @property
    def restlessness(self) -> float:
        """Of the median stride: with the sensor the wrong way round the swing looks like stance.

        The right way 0.005–0.08, the wrong way 0.18–0.82 (simulated running, ±4 g to ±16 g).
        """
        if len(self._strides) < self._least:
            return np.inf
        return float(np.median(self._judged["restlessness"]))

    @property
    def rising(self) -> float:
        """In what share of the strides whose path is known the foot is lifted; NaN for too few.

        The right way round 0.92 or more (62 recordings of real and built feet), the wrong way
        mostly below 0.8, but on single runners 1.
        """
        known = (self._strides["why"] & PATH_UNKNOWN) == 0
        rises = self._judged["rise"][known & np.isfinite(self._judged["rise"])]
        return float(np.mean(rises > 0.0)) if len(rises) >= self._least else np.nan

    def better_than(self, other: "_Trial") -> bool:
        """Whether this way round speaks more for a foot that steps."""
        lifted, lifted_otherwise = self.rising, other.rising
        if abs(lifted - lifted_otherwise) > TELLS_APART:
            return lifted > lifted_otherwise
        return self.restlessness < other.restlessness

    @property
    def heading(self) -> float | None:
        """Median direction of travel (rad, left positive) in the foot frame, or None.

        Where a range was too small for the path of enough strides, 0 if they are steps at all.
        None if most strides are no steps: then the shoe was handled, or this is not how it sits.
        """
        why = self._strides["why"]
        step = (why & NOT_A_STEP) == 0
        if 2 * np.count_nonzero(step) < len(step):
            return None
        path_known = (why & PATH_UNKNOWN) == 0
        headings = self._judged["heading"][step & path_known]
        headings = headings[np.abs(headings) < np.pi / 2]
        if len(headings) >= self._least:
            return float(np.median(headings))
        clipped_steps = np.count_nonzero(self._judged["fits"] & ~path_known)
        return 0.0 if clipped_steps >= self._least else None


def _turned_round(mounting: Mounting) -> Mounting:
    """The same mounting with heel and toe the other way round."""
    return replace(mounting, frame=mounting.frame * np.array([[-1.0], [-1.0], [1.0]]))


class StepDetector:
    """Strides of one foot from its samples (sensor axes), incrementally.

    `foot_frame=True` takes the samples' axes as the foot's own.
    """

    def __init__(
        self,
        info: SensorInfo,
        *,
        foot_frame: bool = False,
        parameters: Parameters | None = None,
    ) -> None:
        self.info = info
        self.parameters = parameters or Parameters()
        self.gaps = GapFiller(info)
        self.mounting: Mounting | None = None
        self.remounted = 0  # how often the sensor was found to sit differently than before
        self.gyroscope_dead = False  # there should be one, but it gives nothing
        self._first_rate: Floats | None = None  # of the gyroscope; None: NaN so far
        self._gyroscope_lives = False
        self._shaken = 0  # samples the foot moved in while it gave nothing
        self._machine: _Machine | None = None
        self._foot_frame = foot_frame
        self._kept = RingBuffer(self._count(self.parameters.history_s), PIECE)
        self._moving = 0  # samples in motion until the mounting is known …
        self._due = self._count(self.parameters.settle_moving_s)  # … which bring an attempt
        self._held: list[StrideBatch] = []  # strides that do not fit the mounting, until one does
        self._watch = new_monitor(self.parameters, info.rate_hz, certain=foot_frame)
        self._released_s = -np.inf  # the end of the last stride given out, or a little before
        self._counter = AccelerometerSteps(info, 0, self.parameters)
        self._uncounted: list[Samples] = []  # samples since the last look
        self._counted: list[StrideBatch] = []  # its strides that may still turn out to be measured
        self._seen: list[Floats] = []  # contacts of the strides that were measured
        self._late: list[float] = []  # than those, the contacts that were counted, s
        self._look_every = self._count(self.parameters.watch_s)
        self._until_look = self._look_every

    def push(self, samples: Samples) -> Iterator[StrideBatch]:
        """Strides that `samples` close. Blocks of any size give the same strides."""
        for even in self.gaps.push(samples):
            yield from self._push_even(even)

    def _push_even(self, samples: Samples) -> Iterator[StrideBatch]:
        at = 0
        while at < len(samples):
            # in pieces that end with a look, so that what is known then is the same in any blocks
            piece = samples[at : at + self._until_look]
            at += len(piece)
            self._until_look -= len(piece)
            self._uncounted.append(piece)
            if self.info.has_gyroscope:
                yield from self._measure(piece)
            look = self._until_look == 0
            if look:
                self._until_look = self._look_every
            if look or not self.info.has_gyroscope:
                self._count_steps()
                yield from self._count_unmeasured(float(piece.time_s[-1]))

    def _measure(self, samples: Samples) -> Iterator[StrideBatch]:
        """Strides in which more than steps is known."""
        at = 0
        while at < len(samples):
            if self._machine is None:
                at += self._gather(samples[at:])
                if self._moving >= self._due:
                    yield from self._settle()
            else:
                at += yield from self._follow(samples[at:] if at else samples)

    def finish(self) -> Iterator[StrideBatch]:
        """Strides still open when the samples end."""
        for even in self.gaps.finish():
            yield from self._push_even(even)
        self._count_steps()
        self._counted += self._counter.finish()
        if self._machine is None and self._gyroscope_lives:
            yield from self._settle()
        if self._machine is not None:
            for closed in self._machine.finish():
                yield from self._release_all(closed, judge(closed, self._machine.p))
        yield from self._give_out_held()
        yield from self._count_unmeasured(np.inf)

    def _count_steps(self) -> None:
        """What came since the last look goes to the accelerometer's steps, in one piece."""
        if self._uncounted:
            self._counted += self._counter.push(joined(self._uncounted))
            self._uncounted = []

    def _count_unmeasured(self, now_s: float) -> Iterator[StrideBatch]:
        """Strides that the accelerometer alone has shown, where no other was found in time."""
        if self.gyroscope_dead or not self.info.has_gyroscope:
            wait_s = -np.inf
        elif self._machine is None:
            wait_s = self.parameters.count_wait_s
        else:
            wait_s = self.parameters.count_measured_wait_s
        due_s = now_s - wait_s
        if not self._counted or self._counted[0].strides["ic_s"][0] > due_s:
            return
        measured_s = self._measured_contacts()
        due: list[StrideBatch] = []
        later: list[StrideBatch] = []
        for closed in self._counted:
            first = int(np.searchsorted(closed.strides["ic_s"], due_s, side="right"))
            if first:
                due.append(StrideBatch(closed.strides[:first], closed.windows))
            if first < len(closed.strides):
                later.append(StrideBatch(closed.strides[first:], closed.windows))
        self._counted = later
        late_s = self._counted_late(due, measured_s)
        for closed in due:
            strides = closed.strides
            fresh = ~_beside(strides, measured_s + late_s)
            if self._machine is not None:
                fresh &= np.isfinite(strides["next_ic_s"])  # a lone landing is no stride
            if fresh.any():
                alone = self._only_counted(strides[fresh], late_s)
                yield self._give_out(StrideBatch(alone, closed.windows))
        oldest_s = now_s - self.parameters.history_s
        self._seen = [part[part > oldest_s] for part in self._seen if part[-1] > oldest_s]

    def _measured_contacts(self) -> Floats:
        """Contacts of strides that were given out, and of those held back that are steps."""
        held = (
            closed.strides["ic_s"][(closed.strides["why"] & NO_STEADY_STEP) == 0]
            for closed in self._held
        )
        return np.concatenate([np.empty(0), *self._seen, *held])

    def _counted_late(self, counted: list[StrideBatch], measured_s: Floats) -> float:
        """By how much the accelerometer's contacts are later, s: which fall is the steepest in a
        stride differs from runner to runner."""
        if not len(measured_s):
            return 0.0
        for closed in counted if self._late else [*counted, *self._counted]:
            strides = closed.strides
            late_s = strides["ic_s"][:, None] - measured_s[None, :]
            half_s = 0.5 * (strides["next_ic_s"] - strides["ic_s"])[:, None]
            self._late += [*late_s[(late_s > -half_s) & (late_s <= half_s)]]
        self._late = self._late[-MOST_LATE:]
        return float(np.median(self._late)) if len(self._late) >= LEAST_LATE else 0.0

    def _only_counted(self, strides: Records, late_s: float) -> Records:
        """With the reason why nothing else is known."""
        strides["ic_s"] -= late_s
        strides["next_ic_s"] -= late_s
        why = QualityFlag.MOUNTING_UNKNOWN
        if self.gyroscope_dead or not self.info.has_gyroscope:
            why = QualityFlag.NO_GYROSCOPE
        if not enough_rate(self.info.rate_hz, FAST_HZ):
            why |= QualityFlag.LOW_RATE
        strides["why"] |= int(why)
        return strides

    def _gyroscope_gives(self, samples: Samples) -> int:
        """Keep what comes before it gives values; the first sample from which on it does.

        It is dead where it stands at one value, or gives none, while the accelerometer shows for
        so many samples that the foot moves; it lives as soon as it gives another value.
        """
        if self._gyroscope_lives:
            return 0
        given = np.flatnonzero(np.isfinite(samples.gyr).all(axis=1))
        if self._first_rate is None and len(given):
            self._first_rate = samples.gyr[given[0]].copy()
        lives = (samples.gyr[given] != self._first_rate).any(axis=1)
        first = int(given[lives.argmax()]) if lives.any() else len(samples)
        force = np.linalg.norm(samples.acc[:first], axis=1) / STANDARD_GRAVITY_M_S2
        self._shaken += int(np.count_nonzero(np.abs(force - 1.0) > self.parameters.shaken_g))
        self.gyroscope_dead = self._shaken >= self._count(self.parameters.dead_gyroscope_s)
        self._kept.add(samples[:first])  # a foot that stands still has no rate either
        if first < len(samples):
            if self.gyroscope_dead:
                self._kept.clear()  # the foot moved, and they do not say how
            self._gyroscope_lives = True
            self.gyroscope_dead = False
        return first

    def _count(self, seconds: float) -> int:
        return max(1, round(seconds * self.info.rate_hz))

    def _turning(self, samples: Samples) -> Bools:
        return np.linalg.norm(samples.gyr, axis=1) > self.parameters.moving_rad_s

    def _gather(self, samples: Samples) -> int:
        """Keep samples until the next attempt is due; returns how many were taken."""
        first = self._gyroscope_gives(samples)
        if first:
            return first
        moving = self._moving + np.cumsum(self._turning(samples))
        used = min(len(samples), int(np.searchsorted(moving, self._due)) + 1)
        self._kept.add(samples[:used])
        self._moving = int(moving[used - 1])
        return used

    def _settle(self) -> Iterator[StrideBatch]:
        """Try to find the mounting; then everything kept goes through the state machine."""
        samples = self._kept.samples()
        mounting = self._solve(samples)
        if mounting is None:
            self._due = self._moving + self._count(self.parameters.retry_moving_s)
            return
        yield from self._settle_on(mounting, samples)

    def _start(self, samples: Samples, mounting: Mounting) -> Iterator[StrideBatch]:
        """Follow the foot with this mounting, from these samples on; nothing is given out twice."""
        self._machine = _Machine(self.info, self.parameters, mounting)
        known_s = self._released_s
        moved_s = self._watch[0]["fitted_until_s"] + self.parameters.slip_settles_s
        self._kept.clear()
        self._held = []  # found anew here
        begin_monitor(self._watch)
        for closed in self._machine.push(samples):
            judged = judge(closed, self._machine.p)
            at = closed.strides["ic_s"]
            # until the sensor sat like this, a stride that is no step is one seen askew
            step = (closed.strides["why"] & NOT_A_STEP) == 0
            fresh = (at > known_s) & (step | (at > moved_s))
            seen = StrideBatch(closed.strides[fresh], closed.windows)
            yield from self._release_all(seen, judged[fresh])

    def _follow(self, samples: Samples) -> Generator[StrideBatch, None, int]:
        """Go on with the mounting that is known, as far as it holds; returns how far that is.

        The machine goes ahead by a piece. Should the mounting be found anew within it, the rest
        is seen again with that; should it not, the strides seen already are what they were.
        """
        machine, kept = self._machine, self._kept
        assert machine is not None
        closed, closes_at, used = machine.step(samples)
        judged = judge(closed, machine.p)
        first = seen = kept.add(samples if used == len(samples) else samples[:used])
        strides = 0
        while True:
            before = strides
            kept.start, seen, strides, trouble = update_monitor(
                self._watch,
                kept.time_s,
                kept.gyr,
                kept.start,
                seen,
                kept.stop,
                closed.strides,
                closes_at + first,
                closed.windows,
                judged,
                before,
                machine.p,
            )
            part = slice(before, strides)
            yield from self._release(closed, part, judged["fits"][part])
            if not trouble:
                return used
            yield from self._try_anew(kept.samples(seen))
            if self._machine is not machine:
                return seen - first

    def _release(self, closed: StrideBatch, part: slice, fits: Bools) -> Iterator[StrideBatch]:
        """Hold back what does not fit the mounting, as it may have to be found anew."""
        strides = closed.strides[part]
        fitting = np.flatnonzero(fits)
        sure = int(fitting[-1]) + 1 if len(fitting) else 0
        if sure:
            self._seen.append(strides["ic_s"][:sure])
            yield from self._give_out_held()
            yield self._give_out(StrideBatch(strides[:sure], closed.windows))
        if sure < len(strides):
            self._held.append(StrideBatch(strides[sure:], closed.windows))

    def _release_all(self, closed: StrideBatch, judged: Records) -> Iterator[StrideBatch]:
        assert self._machine is not None
        n = len(judged)
        reject_unusual(self._watch, closed.strides, closed.windows, judged, 0, n, self._machine.p)
        yield from self._release(closed, slice(n), judged["fits"])

    def _give_out(self, closed: StrideBatch) -> StrideBatch:
        last = closed.strides[-1]
        ends_s = last["next_ic_s"] if np.isfinite(last["next_ic_s"]) else last["tc_s"]
        released_s = float(np.fmax(last["ic_s"], ends_s)) - SAME_STRIDE_S
        self._released_s = max(self._released_s, released_s)
        return closed

    def _give_out_held(self) -> Iterator[StrideBatch]:
        strides = [closed.strides for closed in self._held]
        odd = [(part["why"] & NO_STEADY_STEP) != 0 for part in strides]
        counted_s = np.concatenate([np.empty(0), *(c.strides["ic_s"] for c in self._counted)])
        # so many that make no sense as they are seen: what the accelerometer shows goes before
        few = sum(int(part.sum()) for part in odd) < self.parameters.least_strides
        for closed, no_step in zip(self._held, odd, strict=True):
            kept = np.ones(len(no_step), dtype=np.bool_)
            if not few:
                kept = ~(no_step & _beside(closed.strides, counted_s))
            if kept.any():
                self._seen.append(closed.strides["ic_s"][kept])
                yield self._give_out(StrideBatch(closed.strides[kept], closed.windows))
        self._held = []

    def _try_anew(self, samples: Samples) -> Iterator[StrideBatch]:
        if self._watch[0]["fitted"]:
            yield from self._solve_again(samples)
        else:
            yield from self._remount(samples)

    def _remount(self, samples: Samples) -> Iterator[StrideBatch]:
        """The foot moves but its strides make no sense: the sensor may sit differently now."""
        watch = self._watch[0]
        settled_s = float(watch["fitted_until_s"]) + self.parameters.slip_settles_s
        mounting = self._solve(samples[int(np.searchsorted(samples.time_s, settled_s)) :])
        assert self.mounting is not None
        no_proof = mounting is None or (
            mounting_of.turned_by_rad(self.mounting, mounting) < self.parameters.least_slip_rad
        )
        if mounting is None or no_proof:
            watch["due"] = watch["moving"] + self._count(self.parameters.retry_moving_s)
            if mounting is not None or watch["moving"] > 2 * watch["trouble"]:
                forget_usual(self._watch)  # steps that only go otherwise are steps
            return
        self.remounted += 1
        yield from self._settle_on(mounting, samples)

    def _solve_again(self, samples: Samples) -> Iterator[StrideBatch]:
        """What was known poorly, perhaps from a shoe that was handled, is found from steps now."""
        watch = self._watch[0]
        mounting = self._solve(samples)
        watch["doubtful"] -= 1
        watch["due"] = watch["moving"] + self._count(self.parameters.settle_moving_s)
        if mounting is not None and mounting.quality != "low":
            yield from self._settle_on(mounting, samples)

    def _settle_on(self, mounting: Mounting, samples: Samples) -> Iterator[StrideBatch]:
        self.mounting = mounting
        poor = mounting.quality == "low"
        self._watch["doubtful"] = self.parameters.doubtful_solves if poor else 0
        yield from self._start(samples, mounting)

    def _solve(self, samples: Samples) -> Mounting | None:
        if self._foot_frame:
            still = mounting_of.still_parts(samples, self.info.rate_hz, self.parameters)
            bias = samples.gyr[still[-1][0] : still[-1][1]].mean(axis=0) if still else None
            return mounting_of.identity(bias)
        turned_round = False

        def heading(candidate: Mounting, recent: Samples) -> float | None:
            nonlocal turned_round
            trials = [
                _Trial(recent, self.info, self.parameters, mounting)
                for mounting in (candidate, _turned_round(candidate))
            ]
            turned_round = trials[1].better_than(trials[0])
            chosen = trials[turned_round]
            return None if chosen.rising < LEAST_RISING else chosen.heading

        bias = self.mounting.bias if self.mounting else None
        solved = mounting_of.solve(samples, self.info.rate_hz, self.parameters, heading, bias)
        return _turned_round(solved) if solved is not None and turned_round else solved
