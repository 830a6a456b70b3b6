"""One foot: samples in, closed strides out, whatever the size of the blocks.

Until the mounting is known, samples are kept as they come; then all of them go through the
state machine, so no stride is lost to calibration. If strides stop going forward on an upright
foot while it goes on moving (the sensor was put on the other way round), or all go or lean
otherwise than usual (it slipped), the mounting is found anew from the samples since. One that is
known poorly is found again from the steps that follow.

Without a gyroscope, or with one that gives nothing while the foot moves, `AccelerometerSteps` takes
over, which needs no mounting.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gait.model.samples import Samples
from gait.model.sensor import SensorInfo
from gait.model.side import Side
from gait.model.strides import Why
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.model.window import TIME, Closed
from gait.steps import mounting as mounting_of
from gait.steps.accelerometer import AccelerometerSteps
from gait.steps.fitting import fits, heading_of, marked, path_unknown, restlessness, windows_of
from gait.steps.mounting import Mounting
from gait.steps.parameters import Parameters
from gait.steps.segment import (
    advance,
    coefficients,
    finish,
    new_history,
    new_scratch,
    new_state,
    output_room,
)
from gait.steps.slip import Usual

FULL_SCALE = 0.98  # nearer to the end of its range than this, a sample counts as clipped
PIECE = 4096  # samples a call of the kernel
SAME_STRIDE_S = 0.1  # contacts nearer than this are one
LOW_RATE_HZ = 190.0  # below it some measures are not reported (science: 200 Hz for shock)


def _ranges(info: SensorInfo) -> NDArray[np.float64]:
    acc = (info.acc_range_g or np.inf) * STANDARD_GRAVITY_M_S2 * FULL_SCALE
    gyr = (info.gyr_range_dps or np.inf) * RAD_PER_DEG * FULL_SCALE
    return np.array([acc, gyr])


def clipped(samples: Samples, info: SensorInfo) -> NDArray[np.bool_]:
    """(n,) bool, True where an axis is at the end of its range."""
    acc, gyr = _ranges(info)
    with np.errstate(invalid="ignore"):
        return (np.abs(samples.acc) >= acc).any(axis=1) | (np.abs(samples.gyr) >= gyr).any(axis=1)


def _standing_reasons(info: SensorInfo, mounting: Mounting) -> int:
    """Reasons that hold for every stride of this sensor as it is mounted."""
    why = Why.NOTHING
    if not mounting.standing:
        why |= Why.NO_STANDING
    if mounting.quality == "low":
        why |= Why.MOUNTING_POOR
    if info.rate_hz < LOW_RATE_HZ:
        why |= Why.LOW_RATE
    return int(why)


class _Machine:
    """The compiled state machine with one mounting."""

    def __init__(self, info: SensorInfo, parameters: Parameters, mounting: Mounting) -> None:
        self._side = 0 if info.side is Side.LEFT else 1
        self._rate_hz = info.rate_hz
        self._frame = np.ascontiguousarray(mounting.frame)
        self._bias = np.ascontiguousarray(mounting.bias)
        self._neutral_roll = 0.0 if mounting.standing else np.nan
        self._why = _standing_reasons(info, mounting)
        self._ranges = _ranges(info)
        self._p = parameters.record()
        self._low, self._smoothing = coefficients(parameters, info.rate_hz)
        self._state = new_state()
        self._scratch = new_scratch()
        self._history = new_history(info.rate_hz)
        self._closed, self._windows = output_room(info.rate_hz)

    def _take(self, strides: int, rows: int) -> Closed:
        closed = self._closed[:strides].copy()
        closed["side"] = self._side
        closed["rate_hz"] = self._rate_hz
        closed["neutral_roll"] = self._neutral_roll
        closed["why"] |= self._why
        return Closed(closed, self._windows[:rows].copy())

    def push(self, samples: Samples) -> Iterator[Closed]:
        at = 0
        while at < len(samples):
            part = samples[at : at + PIECE]
            strides, rows, used = advance(
                self._state,
                self._scratch,
                self._history,
                part.time_s,
                part.acc,
                part.gyr,
                part.breaks,
                self._frame,
                self._bias,
                self._ranges,
                self._p,
                self._low,
                self._smoothing,
                self._closed,
                self._windows,
            )
            at += used
            if strides:
                yield self._take(strides, rows)

    def finish(self) -> Iterator[Closed]:
        strides, rows = finish(
            self._state,
            self._scratch,
            self._history,
            self._p,
            self._smoothing,
            self._closed,
            self._windows,
        )
        if strides:
            yield self._take(strides, rows)


class _Trial:
    """The strides that a mounting would give, and what speaks for it."""

    def __init__(
        self, samples: Samples, info: SensorInfo, parameters: Parameters, mounting: Mounting
    ) -> None:
        machine = _Machine(info, parameters, mounting)
        self._p = parameters
        self._strides = [
            pair
            for closed in machine.push(samples)
            for pair in windows_of(marked(closed, parameters))
        ]

    @property
    def restlessness(self) -> float:
        """Of the median stride: with the sensor the wrong way round the swing looks like stance.

        The right way 0.005–0.08, the wrong way 0.18–0.82 (simulated running, ±4 g to ±16 g).
        """
        if len(self._strides) < self._p.least_strides:
            return np.inf
        return float(np.median([restlessness(*pair) for pair in self._strides]))

    @property
    def heading(self) -> float | None:
        """Median direction of travel (rad, left positive) in the foot frame, or None.

        Where a range was too small for the path of enough strides, 0 if they are steps at all.
        None if most strides are no steps: then the shoe was handled, or this is not how it sits.
        """
        headings = []
        clipped_steps = 0
        steps = [pair for pair in self._strides if not int(pair[0]["why"]) & int(Why.NOT_A_STEP)]
        if 2 * len(steps) < len(self._strides):
            return None
        for stride, window in steps:
            heading = heading_of(stride, window, self._p)
            if path_unknown(stride):
                clipped_steps += fits(stride, window, self._p)
            elif heading is not None and abs(heading) < np.pi / 2:
                headings.append(heading)
        if len(headings) >= self._p.least_strides:
            return float(np.median(headings))
        return 0.0 if clipped_steps >= self._p.least_strides else None


def _turned_round(mounting: Mounting) -> Mounting:
    """The same mounting with heel and toe the other way round."""
    return replace(mounting, frame=mounting.frame * np.array([[-1.0], [-1.0], [1.0]]))


def _joined(parts: list[Samples]) -> Samples:
    return Samples(
        np.concatenate([s.time_s for s in parts]),
        np.concatenate([s.acc for s in parts]),
        np.concatenate([s.gyr for s in parts]),
        np.concatenate([s.breaks for s in parts]),
    )


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
        self.mounting: Mounting | None = None
        self.remounted = 0  # how often the sensor was found to sit differently than before
        self.gyroscope_dead = False  # there should be one, but it gives nothing
        self._accelerometer: AccelerometerSteps | None = None
        if not info.has_gyroscope:
            self._accelerometer = self._accelerometer_steps()
        self._first_rate: NDArray[np.float64] | None = None  # of the gyroscope; None: NaN so far
        self._gyroscope_lives = False
        self._shaken = 0  # samples the foot moved in while it gave nothing
        self._machine: _Machine | None = None
        self._foot_frame = foot_frame
        self._kept: list[Samples] = []  # from about the last stride that fits the mounting
        self._kept_count = 0
        self._moving = 0  # kept samples in motion, and how many bring the next attempt
        self._due = self._count(self.parameters.settle_moving_s)
        self._most_kept = self._count(self.parameters.history_s)
        self._held: list[Closed] = []  # strides that do not fit the mounting, until one does
        self._stretch = self._count(self.parameters.watch_s)
        self._until_watch = self._stretch
        self._fitted = False
        self._usual = Usual(self.parameters)
        self._fitted_until_s = -np.inf  # mid-stance after the last stride that fits
        self._released_s = -np.inf  # the end of the last stride given out, or a little before
        self._doubtful = 0  # how often a poor mounting is still to be solved again

    def push(self, samples: Samples) -> Iterator[Closed]:
        """Strides that `samples` close. Blocks of any size give the same strides."""
        at = 0
        while at < len(samples):
            if self._accelerometer is not None:
                yield from self._accelerometer.push(samples[at:])
                return
            if self._machine is None:
                at += self._gather(samples[at:])
                if self._shaken >= self._count(self.parameters.dead_gyroscope_s):
                    yield from self._do_without_gyroscope()
                elif self._moving >= self._due:
                    yield from self._settle()
            else:
                part = samples[at : at + self._until_watch]
                at += len(part)
                yield from self._follow(part)

    def finish(self) -> Iterator[Closed]:
        """Strides still open when the samples end."""
        if self._kept_count and not self._gyroscope_lives and self._accelerometer is None:
            yield from self._do_without_gyroscope()
        if self._accelerometer is not None:
            yield from self._accelerometer.finish()
            return
        if self._machine is None and self._kept_count:
            yield from self._settle()
        if self._machine is not None:
            for closed in self._machine.finish():
                yield from self._release(marked(closed, self.parameters))
        yield from self._give_out_held()

    def _accelerometer_steps(self) -> AccelerometerSteps:
        why = Why.LOW_RATE if self.info.rate_hz < LOW_RATE_HZ else Why.NOTHING
        return AccelerometerSteps(self.info, int(why), self.parameters)

    def _do_without_gyroscope(self) -> Iterator[Closed]:
        """The gyroscope is dead: what was kept goes through the accelerometer's steps."""
        self.gyroscope_dead = True
        self._accelerometer = self._accelerometer_steps()
        kept = _joined(self._kept)
        self._forget_kept()
        yield from self._accelerometer.push(kept)

    def _gathered_until_dead(self, samples: Samples) -> int:
        """How many samples until the gyroscope is known to be dead, all if it is not.

        It is dead if it stands at one value, or gives none, through so many samples in which the
        accelerometer shows the foot move.
        """
        if self._gyroscope_lives:
            return len(samples)
        given = np.flatnonzero(np.isfinite(samples.gyr).all(axis=1))
        if self._first_rate is None and len(given):
            self._first_rate = samples.gyr[given[0]].copy()
        lives = (samples.gyr[given] != self._first_rate).any(axis=1)
        first = int(given[lives.argmax()]) if lives.any() else len(samples)
        force = np.linalg.norm(samples.acc[:first], axis=1) / STANDARD_GRAVITY_M_S2
        shaken = self._shaken + np.cumsum(np.abs(force - 1.0) > self.parameters.shaken_g)
        due = self._count(self.parameters.dead_gyroscope_s)
        if len(shaken) and shaken[-1] >= due:
            self._shaken = due
            return int(np.searchsorted(shaken, due)) + 1
        self._shaken = int(shaken[-1]) if len(shaken) else self._shaken
        if first < len(samples):
            self._gyroscope_lives = True
            self._shaken = 0
        return len(samples)

    def _count(self, seconds: float) -> int:
        return max(1, round(seconds * self.info.rate_hz))

    def _keep(self, samples: Samples) -> None:
        self._kept.append(samples)
        self._kept_count += len(samples)
        while self._kept_count - len(self._kept[0]) > self._most_kept:
            self._kept_count -= len(self._kept.pop(0))

    def _turning(self, samples: Samples) -> NDArray[np.bool_]:
        return np.linalg.norm(samples.gyr, axis=1) > self.parameters.moving_rad_s

    def _gather(self, samples: Samples) -> int:
        """Keep samples until the next attempt is due; returns how many were taken."""
        samples = samples[: self._gathered_until_dead(samples)]
        moving = self._moving + np.cumsum(self._turning(samples))
        used = min(len(samples), int(np.searchsorted(moving, self._due)) + 1)
        self._keep(samples[:used])
        self._moving = int(moving[used - 1])
        return used

    def _settle(self) -> Iterator[Closed]:
        """Try to find the mounting; then everything kept goes through the state machine."""
        samples = _joined(self._kept)[-self._most_kept :]
        mounting = self._solve(samples)
        if mounting is None:
            self._due = self._moving + self._count(self.parameters.retry_moving_s)
            return
        yield from self._settle_on(mounting, samples)

    def _start(self, samples: Samples, mounting: Mounting) -> Iterator[Closed]:
        """Follow the foot with this mounting, from these samples on; nothing is given out twice."""
        self._machine = _Machine(self.info, self.parameters, mounting)
        self._forget_kept()
        self._held = []  # found anew here
        self._usual.forget()
        self._until_watch = self._stretch
        known_s = self._released_s
        moved_s = self._fitted_until_s + self.parameters.slip_settles_s
        for closed in self._machine.push(samples):
            marked(closed, self.parameters)
            at = closed.strides["ic_s"]
            # until the sensor sat like this, a stride that is no step is one seen askew
            step = (closed.strides["why"] & int(Why.NOT_A_STEP)) == 0
            fresh = (at > known_s) & (step | (at > moved_s))
            yield from self._release(Closed(closed.strides[fresh], closed.windows))

    def _forget_kept(self) -> None:
        self._kept = []
        self._kept_count = 0
        self._moving = 0
        self._due = self._count(self.parameters.trouble_moving_s)
        self._fitted = False

    def _keep_from_last_fit(self) -> None:
        """Keep what came since the last stride that fits, and the swing before it."""
        kept = self._kept
        self._forget_kept()
        since_s = self._fitted_until_s - self.parameters.slip_settles_s
        for part in kept:
            if part.time_s[-1] >= since_s:
                self._keep(part[int(np.searchsorted(part.time_s, since_s)) :])
                after = part[int(np.searchsorted(part.time_s, self._fitted_until_s)) :]
                self._moving += int(self._turning(after).sum())

    def _follow(self, samples: Samples) -> Iterator[Closed]:
        """Go on with the mounting that is known; every so often, see whether it still holds."""
        assert self._machine is not None
        for closed in self._machine.push(samples):
            yield from self._release(marked(closed, self.parameters))
        self._keep(samples)
        self._moving += int(self._turning(samples).sum())
        self._until_watch -= len(samples)
        if self._until_watch:
            return
        self._until_watch = self._stretch
        if self._foot_frame:
            self._forget_kept()
        elif self._fitted and not self._doubtful:
            self._keep_from_last_fit()
        elif self._moving >= self._due:
            yield from self._solve_again() if self._fitted else self._remount()

    def _release(self, closed: Closed) -> Iterator[Closed]:
        """Hold back what does not fit the mounting, as it may have to be found anew."""
        fitting = [self._fits_as_usual(*pair) for pair in windows_of(closed)]
        sure = len(fitting) - fitting[::-1].index(True) if any(fitting) else 0
        if sure:
            self._fitted = True
            yield from self._give_out_held()
            yield self._give_out(Closed(closed.strides[:sure], closed.windows))
        if sure < len(fitting):
            self._held.append(Closed(closed.strides[sure:], closed.windows))

    def _fits_as_usual(self, stride: np.void, window: NDArray[np.float64]) -> bool:
        if not fits(stride, window, self.parameters):
            return False
        if not path_unknown(stride) and not self._usual.holds(stride, window):
            return False
        self._fitted_until_s = float(window[int(stride["next_mid_stance"]), TIME])
        return True

    def _give_out(self, closed: Closed) -> Closed:
        last = closed.strides[-1]
        ends_s = last["next_ic_s"] if np.isfinite(last["next_ic_s"]) else last["tc_s"]
        self._released_s = float(np.fmax(last["ic_s"], ends_s)) - SAME_STRIDE_S
        return closed

    def _give_out_held(self) -> Iterator[Closed]:
        for closed in self._held:
            yield self._give_out(closed)
        self._held = []

    def _remount(self) -> Iterator[Closed]:
        """The foot moves but its strides make no sense: the sensor may sit differently now."""
        samples = _joined(self._kept)[-self._most_kept :]
        settled_s = self._fitted_until_s + self.parameters.slip_settles_s
        mounting = self._solve(samples[int(np.searchsorted(samples.time_s, settled_s)) :])
        if mounting is None:
            self._due = self._moving + self._count(self.parameters.retry_moving_s)
            if self._moving > 2 * self._count(self.parameters.trouble_moving_s):
                self._usual.forget()  # steps that only go otherwise are steps
            return
        self.remounted += 1
        yield from self._settle_on(mounting, samples)

    def _solve_again(self) -> Iterator[Closed]:
        """What was known poorly, perhaps from a shoe that was handled, is found from steps now."""
        samples = _joined(self._kept)[-self._most_kept :]
        mounting = self._solve(samples)
        self._doubtful -= 1
        self._due = self._moving + self._count(self.parameters.settle_moving_s)
        if mounting is not None and mounting.quality != "low":
            yield from self._settle_on(mounting, samples)

    def _settle_on(self, mounting: Mounting, samples: Samples) -> Iterator[Closed]:
        self.mounting = mounting
        self._doubtful = self.parameters.doubtful_solves if mounting.quality == "low" else 0
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
            turned_round = trials[1].restlessness < trials[0].restlessness
            return trials[turned_round].heading

        bias = self.mounting.bias if self.mounting else None
        solved = mounting_of.solve(samples, self.info.rate_hz, self.parameters, heading, bias)
        return _turned_round(solved) if solved is not None and turned_round else solved
