"""One foot: samples in, closed strides out, whatever the size of the blocks.

Until the mounting is known, samples are kept as they come; then all of them go through the
state machine, so no stride is lost to calibration.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gait.model.samples import Samples
from gait.model.sensor import SensorInfo
from gait.model.side import Side
from gait.model.strides import Activity, Why
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.model.window import POSITION, Closed
from gait.steps import mounting as mounting_of
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

FULL_SCALE = 0.98  # nearer to the end of its range than this, a sample counts as clipped
PIECE = 4096  # samples a call of the kernel
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


def path_heading(
    samples: Samples, info: SensorInfo, parameters: Parameters, mounting: Mounting
) -> float | None:
    """Median direction of travel (rad, left positive) in the candidate's foot frame, or None."""
    machine = _Machine(info, parameters, mounting)
    headings: list[float] = []
    for closed in machine.push(samples):
        for stride in closed.strides:
            if stride["next_mid_stance"] < 0:
                continue
            end = closed.windows[int(stride["window_start"]) + int(stride["next_mid_stance"])]
            duration = float(stride["next_ic_s"] - stride["ic_s"])
            x, y = float(end[POSITION]), float(end[POSITION + 1])
            limits = (
                parameters.walk_stride_s
                if stride["activity"] == Activity.WALK
                else parameters.run_stride_s
            )
            if limits[0] <= duration <= limits[1] and x > 0.1:
                headings.append(float(np.arctan2(y, x)))
    if len(headings) < parameters.least_strides:
        return None
    return float(np.median(headings))


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
        self._machine: _Machine | None = None
        self._foot_frame = foot_frame
        self._kept: list[Samples] = []
        self._kept_count = 0
        self._moving = 0  # samples in motion so far, and how many bring the next attempt
        self._due = round(self.parameters.settle_moving_s * info.rate_hz)
        self._most_kept = round(self.parameters.history_s * info.rate_hz)

    def push(self, samples: Samples) -> Iterator[Closed]:
        """Strides that `samples` close. Blocks of any size give the same strides."""
        if not self.info.has_gyroscope:
            return
        at = 0
        while at < len(samples) and self._machine is None:
            at += self._gather(samples[at:])
            if self._moving >= self._due:
                yield from self._settle()
        if self._machine is not None and at < len(samples):
            yield from self._machine.push(samples[at:])

    def finish(self) -> Iterator[Closed]:
        """Strides still open when the samples end."""
        if self._machine is None and self._kept_count:
            yield from self._settle()
        if self._machine is not None:
            yield from self._machine.finish()

    def _gather(self, samples: Samples) -> int:
        """Keep samples until the next attempt is due; returns how many were taken."""
        turning = np.linalg.norm(samples.gyr, axis=1) > self.parameters.moving_rad_s
        moving = self._moving + np.cumsum(turning)
        used = min(len(samples), int(np.searchsorted(moving, self._due)) + 1)
        self._kept.append(samples[:used])
        self._kept_count += used
        self._moving = int(moving[used - 1])
        while self._kept_count - len(self._kept[0]) > self._most_kept:
            self._kept_count -= len(self._kept.pop(0))
        return used

    def _settle(self) -> Iterator[Closed]:
        samples = Samples(
            np.concatenate([s.time_s for s in self._kept]),
            np.concatenate([s.acc for s in self._kept]),
            np.concatenate([s.gyr for s in self._kept]),
            np.concatenate([s.breaks for s in self._kept]),
        )[-self._most_kept :]
        self.mounting = self._solve(samples)
        if self.mounting is None:
            self._due = self._moving + round(self.parameters.retry_moving_s * self.info.rate_hz)
            return
        self._kept = []
        self._kept_count = 0
        self._machine = _Machine(self.info, self.parameters, self.mounting)
        yield from self._machine.push(samples)

    def _solve(self, samples: Samples) -> Mounting | None:
        if self._foot_frame:
            still = mounting_of.still_parts(samples, self.info.rate_hz, self.parameters)
            bias = samples.gyr[still[-1][0] : still[-1][1]].mean(axis=0) if still else None
            return mounting_of.identity(bias)
        return mounting_of.solve(
            samples,
            self.info.rate_hz,
            self.parameters,
            lambda candidate: path_heading(samples, self.info, self.parameters, candidate),
        )
