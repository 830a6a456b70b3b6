"""What the samples of a sensor tell of the sensor itself, with memory that does not grow.

An axis that stands still while the foot moves, values that are sent twice, axes of the other hand:
a detector may find steps in all of these, and what is measured in them is wrong.
"""

import math
from typing import Any

import numpy as np

from gait.model.arrays import Floats, Record, Records
from gait.model.compiled import kernel
from gait.model.samples import Samples
from gait.model.units import STANDARD_GRAVITY_M_S2

SPAN_S = 1.0  # a piece that is looked at as a whole: a running stride or more
# Two pieces of every four in the first minute, later two of every sixteen.
LOOKED_SPANS = 2
LOOK_EVERY_SPANS, LATER_EVERY_SPANS = 4, 16
FIRST_SPANS = 64
MOVING_GYR_RAD_S = 3.0  # a rate that changes by more within a piece is that of a moving foot …
MOVING_ACC_M_S2 = 10.0  # … and such a force
# Of the range of the liveliest axis. On real and built feet the quietest has 0.1 or more.
STUCK_SHARE = 0.02
STUCK_LEAST = 2  # pieces, and such a share of those in which the foot moves
STUCK_LEAST_SHARE = 0.05
# Two pieces together are followed with the gyroscope as it is and with its sign turned. The force,
# turned along, is gravity in the mean: 1.00 ± 0.05 g on real and built feet, 1.14 to 2.7 g the
# other way round.
CLOSES_WITHIN = 0.25  # g off gravity; runners change their speed within two seconds
TELLS_APART = 0.08  # g farther off the other way
# Pieces, and such a share of those that were followed; walking tells it less well than running.
TURNED_LEAST = 2
TURNED_LEAST_SHARE = 0.4
# Far from gravity, whatever the sign: wrong units, or axes in another order. A fast foot may come
# out above, as it is faster at one end of the piece than at the other, but never below.
LEAST_CLOSURE_G = 0.7
MOST_CLOSURE_SLOW_G, SLOW_RAD_S = 1.2, 8.0
FAR_OFF_LEAST, FAR_OFF_LEAST_SHARE = 3, 0.6
LONGEST_STEP_S = 0.05  # from sample to sample, over which it can be followed
# Beyond what any sensor for shoes can show: no measurements.
MOST_ACC_M_S2 = 1000.0
MOST_GYR_RAD_S = 100.0

_FACTS = np.dtype(
    [
        ("samples", np.int64),
        ("spans", np.int64),  # all …
        ("looked", np.int64),  # … those that were looked at, and of them
        ("moving", np.int64),  # those in which the foot moves
        ("stuck", np.int64, 6),  # and an axis does not, accelerometer before gyroscope
        ("repeats", np.int64),  # samples of moving pieces that repeat the one before
        ("taken", np.int64),  # samples that were looked at, and no nonsense
        ("sums", np.float64, 6),  # of their values, in order: what tells a recording from another
        # the piece that is open
        ("in_span", np.int64),
        ("last_s", np.float64),
        ("last", np.float64, 6),
        ("low", np.float64, 6),
        ("high", np.float64, 6),
        ("repeats_here", np.int64),
        # following: index 0 with the gyroscope as it is, 1 with its sign turned
        ("following", np.bool_),
        ("followed_for", np.int64),  # samples
        ("turn", np.float64, (2, 4)),
        ("force", np.float64, (2, 3)),
        ("turning", np.float64),
        ("followed", np.int64),  # to the end
        ("closes", np.int64, 2),  # the one way and not the other
        ("far_off", np.int64),  # farther from gravity than a foot at that pace can be
    ]
)


@kernel
def _follow(f: Record, acc: Floats, gyr: Floats, dt: float):
    """Turn along with the gyroscope, and against it, and add up the force."""
    for way in range(2):
        half = 0.5 * dt if way == 0 else -0.5 * dt
        x, y, z = half * gyr[0], half * gyr[1], half * gyr[2]
        q = f.turn[way]
        a, b, c, d = q[0], q[1], q[2], q[3]
        q[0] = a - b * x - c * y - d * z
        q[1] = b + a * x + c * z - d * y
        q[2] = c + a * y + d * x - b * z
        q[3] = d + a * z + b * y - c * x
        size = 1.0 / math.sqrt(q[0] ** 2 + q[1] ** 2 + q[2] ** 2 + q[3] ** 2)
        for k in range(4):
            q[k] *= size
        a, b, c, d = q[0], q[1], q[2], q[3]
        u = 2.0 * (c * acc[2] - d * acc[1])
        v = 2.0 * (d * acc[0] - b * acc[2])
        w = 2.0 * (b * acc[1] - c * acc[0])
        f.force[way, 0] += acc[0] + a * u + c * w - d * v
        f.force[way, 1] += acc[1] + a * v + d * u - b * w
        f.force[way, 2] += acc[2] + a * w + b * v - c * u


@kernel
def _closure_g(f: Record, way: int, n: int):
    """Size of the mean force of the piece, turned along one way, g."""
    x, y, z = f.force[way, 0], f.force[way, 1], f.force[way, 2]
    return math.sqrt(x * x + y * y + z * z) / (n * STANDARD_GRAVITY_M_S2)


@kernel
def _judge_followed(f: Record, span: int):
    """Count for which way the piece that was followed speaks."""
    n = f.followed_for - 1
    if n < span or f.turning < n:  # less than 1 rad/s in the mean: nothing to tell
        return
    plain, turned = _closure_g(f, 0, n), _closure_g(f, 1, n)
    f.followed += 1
    off, off_turned = abs(plain - 1.0), abs(turned - 1.0)
    f.closes[0] += off < CLOSES_WITHIN and off_turned > off + TELLS_APART
    f.closes[1] += off_turned < CLOSES_WITHIN and off > off_turned + TELLS_APART
    slow = f.turning < SLOW_RAD_S * n
    f.far_off += plain < LEAST_CLOSURE_G or (slow and plain > MOST_CLOSURE_SLOW_G)


@kernel
def _judge_span(f: Record):
    """Count what stood still in the piece, if the foot moved."""
    widest_acc = widest_gyr = 0.0
    for k in range(3):
        widest_acc = max(widest_acc, f.high[k] - f.low[k])
        widest_gyr = max(widest_gyr, f.high[3 + k] - f.low[3 + k])
    f.looked += 1
    if widest_acc < MOVING_ACC_M_S2 and widest_gyr < MOVING_GYR_RAD_S:
        return
    f.moving += 1
    f.repeats += f.repeats_here
    for k in range(6):
        widest, least = widest_acc, MOVING_ACC_M_S2
        if k >= 3:
            widest, least = widest_gyr, MOVING_GYR_RAD_S
        f.stuck[k] += widest >= least and f.high[k] - f.low[k] < STUCK_SHARE * widest


@kernel
def _look_at(f: Record, time_s: float, acc: Floats, gyr: Floats, with_gyr: bool):
    """Take one sample in, unless it is no measurement."""
    for k in range(3):
        measured = abs(acc[k]) <= MOST_ACC_M_S2  # NaN is not
        if not measured or (with_gyr and not abs(gyr[k]) <= MOST_GYR_RAD_S):
            return
    f.taken += 1
    same = f.in_span > 0
    for k in range(3):
        f.sums[k] += acc[k]
        same = same and acc[k] == f.last[k]
        f.last[k] = acc[k]
        f.low[k] = min(f.low[k], acc[k])
        f.high[k] = max(f.high[k], acc[k])
    if with_gyr:
        for k in range(3):
            f.sums[3 + k] += gyr[k]
            same = same and gyr[k] == f.last[3 + k]
            f.last[3 + k] = gyr[k]
            f.low[3 + k] = min(f.low[3 + k], gyr[k])
            f.high[3 + k] = max(f.high[3 + k], gyr[k])
    f.repeats_here += same
    if f.following and f.followed_for > 0:
        apart_s = time_s - f.last_s
        if 0.0 < apart_s < LONGEST_STEP_S:
            _follow(f, acc, gyr, apart_s)
            f.turning += math.sqrt(gyr[0] ** 2 + gyr[1] ** 2 + gyr[2] ** 2)
        else:
            f.following = False  # over a gap it cannot
    f.followed_for += 1
    f.last_s = time_s


@kernel
def _begin(f: Record):
    """A new piece."""
    f.in_span = 0
    f.repeats_here = 0
    f.low[:] = math.inf
    f.high[:] = -math.inf


@kernel
def _look(facts: Records, time_s: Floats, acc: Floats, gyr: Floats, with_gyr: bool, span: int):
    """Go on by a block; blocks of any size give the same facts."""
    f = facts[0]
    n = time_s.shape[0]
    i = 0
    while i < n:
        every = LOOK_EVERY_SPANS if f.spans < FIRST_SPANS else LATER_EVERY_SPANS
        turn = f.spans % every
        if turn >= LOOKED_SPANS:
            skipped = min(span - f.in_span, n - i)
            i += skipped
            f.in_span += skipped
            f.samples += skipped
            if f.in_span == span:
                f.spans += 1
                _begin(f)
            continue
        if f.in_span == 0 and turn == 0:
            f.following = with_gyr
            f.followed_for = 0
            f.turning = 0.0
            f.force[:] = 0.0
            f.turn[:] = 0.0
            f.turn[0, 0] = f.turn[1, 0] = 1.0
        _look_at(f, time_s[i], acc[i], gyr[i], with_gyr)
        i += 1
        f.samples += 1
        f.in_span += 1
        if f.in_span == span:
            _judge_span(f)
            if turn == LOOKED_SPANS - 1 and f.following:
                _judge_followed(f, span)
            f.spans += 1
            _begin(f)


class Signals:
    """Facts of one sensor, from its samples as they come."""

    def __init__(self, rate_hz: float, *, with_gyroscope: bool) -> None:
        self._with_gyroscope = with_gyroscope
        self._span = max(1, round(SPAN_S * rate_hz))
        self._facts = np.zeros(1, dtype=_FACTS)
        self._facts["low"], self._facts["high"] = math.inf, -math.inf

    def push(self, samples: Samples) -> None:
        _look(
            self._facts, samples.time_s, samples.acc, samples.gyr, self._with_gyroscope, self._span
        )

    @property
    def _now(self) -> Any:
        return self._facts[0]

    @property
    def moving_share(self) -> float:
        """In what share of the time the foot moved."""
        return int(self._now["moving"]) / max(1, int(self._now["looked"]))

    @property
    def digest(self) -> tuple[float, ...]:
        """The same for the same values in the same order, and for hardly any others."""
        return (float(self._now["samples"]), *(float(total) for total in self._now["sums"]))

    @property
    def mean_acc_g(self) -> tuple[float, ...]:
        """Mean force along each axis of the sensor, g."""
        total = self._now["sums"][:3] / max(1, int(self._now["taken"]))
        return tuple(float(axis) / STANDARD_GRAVITY_M_S2 for axis in total)

    @property
    def stuck_axes(self) -> list[str]:
        """Axes that stand still while others move, in words: `gyroscope x`."""
        least = max(STUCK_LEAST, STUCK_LEAST_SHARE * int(self._now["moving"]))
        names = [f"{of} {axis}" for of in ("accelerometer", "gyroscope") for axis in "xyz"]
        return [n for n, spans in zip(names, self._now["stuck"], strict=True) if spans >= least]

    @property
    def held_share(self) -> float:
        """Share of the samples in motion that repeat the one before in every axis."""
        return int(self._now["repeats"]) / max(1, int(self._now["moving"]) * self._span)

    @property
    def turns_the_other_way(self) -> bool:
        """Whether the gyroscope turns against what the accelerometer says of the same foot."""
        plain, turned = (int(pieces) for pieces in self._now["closes"])
        least = max(TURNED_LEAST, TURNED_LEAST_SHARE * int(self._now["followed"]))
        return turned >= least and turned > 4 * plain

    @property
    def far_off(self) -> bool:
        """Whether the gyroscope cannot be of the same foot as the accelerometer, either way round.
        What is clipped or missing may look so, too."""
        least = max(FAR_OFF_LEAST, FAR_OFF_LEAST_SHARE * int(self._now["followed"]))
        return int(self._now["far_off"]) >= least
