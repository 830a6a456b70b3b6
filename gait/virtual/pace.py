"""Cadence and speed as the shoe works them out by itself, for a watch: the executable specification
of `firmware_stubs/portable/shoegait_pace.c`, which does the same in the same order.

Strides are cut at the quietest moment of each stance: little rotation, and a specific force near
1 g. Between two of them orientation, velocity and path are integrated. The foot moves as fast at
the end as it did at the beginning, so the mean specific force of the stride is gravity: that says
which way is up, whatever way the sensor sits, and what to take off the acceleration. What is left
is the way from stance to stance. A moment that was no stance gives another gravity than 1 g, and
is passed over.

Bytes and units are those that gait/sensors/running_pod.py reads; a step is half a stride. The
numbers below were chosen on five trials of two runners on a force-plate treadmill, on walks and
jogs with other sensors and on simulated people (`wide`, mostly seeds 0 to 59). What it reaches on
people was counted on the same, what it reaches in simulation on other seeds.

A float has 24 bits there and 53 here, so the last digit may differ. What decides which samples
count is done in whole numbers, and is the same.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import SensorInfo
from gait.model.units import STANDARD_GRAVITY_M_S2 as G

RUNNING = 4  # a flag of the measurement, 0x2A53
STILL = bytes(4)

# How still it is: (rate / 5 rad/s)² + ((force - 1 g) / 24 m/s²)², the mean of 20 ms, 65536 for 1.
# The sensor of a sprinter rests for 15 ms only, and swings past 1 g or without turning.
ONE = 65536
# In whole numbers: (9.80665 / 1000 / 32768 / 24)² · 2⁴⁰ and (π / 180000 / 32768 / 5)² · 2⁴⁰.
ACC_WEIGHT, ACC_WEIGHT_PER = 170_970, 1_000_000_000
GYR_WEIGHT, GYR_WEIGHT_PER = 124_771, 10_000_000_000_000
WINDOWS_PER_S = 50
MOST_WINDOW = 41
MOST_UNREST = 100 * ONE
STANCE_UNREST = 3 * ONE  # more, and it is no stance
RISE_UNREST = ONE * 3 // 10  # a stance is over …
RISE_TIMES = 8  # … where it is so, and so many times what it was
STILL_UNREST = ONE // 200  # 20 deg/s or 1.7 m/s²
RESTING_UNREST = ONE // 50  # the sensor hardly moves
STILL_US = 1_500_000

LEAST_CENTIHZ, MOST_CENTIHZ = 5_000, 200_000
LEAST_ACC_MG, MOST_ACC_MG = 1_000, 400_000
LEAST_GYR_MDPS, MOST_GYR_MDPS = 100_000, 10_000_000
AFTER_STANCE_US = 120_000  # so long nothing quieter came: it was the quietest
AGAIN_US = 300_000  # of a foot that rests, the last moment counts
LONGEST_WAIT_US = 1_000_000
SHORTEST_US, LONGEST_US = 400_000, 2_200_000  # of a stride
SLOWEST_M_S, FASTEST_M_S = 0.3, 12.0
MOST_OFF_G = 0.08
CLIPPED_SHARE = 10  # a tenth of a stride at the end of a range is too much; less costs up to 4 %
LEAST_ALONG = 0.985  # cosine of 10°: up, as the last stride and this one have it
# In stance gravity is all there is, but for what rings on after a fast landing. A pedal that turns
# has its 1 g along another direction.
ODD_FORCE = 0.5  # g
ODD_FORCE_S = 2.5  # m/s² for 1 m/s
# In stance the sensor rolls about the ground contact, so far below it (as in gait/steps/path.py).
HEIGHT_M = 0.08

STRIDES = 4
AGREEING = 3  # of them, at least
TIME_AGREES, SPEED_AGREES = 5, 3  # with the median, to a fifth and a third of it
FRESH_STRIDES = 3  # so many times the stride, and
FRESH_US = 500_000  # so long, is a stride news
SPAN_STRIDES = 6  # and within so many the last ones came

# Walking or running: whether there is a time without ground contact. A foot that rests (slower than
# 0.3 of the speed) for a third of the stride is on the ground for about half of it, as its heel
# rises before it leaves. Walking, real and simulated, has 0.37 or more up to 2.4 m/s, running 0.31
# or less; of a hundred simulated people two or three lie on the other side.
REST_SPEED = 0.3
WALKING_REST = 0.335
LEAST_REST = 0.08  # what moves and hardly rests is no foot, or the strides were cut in the swing
SLOWEST_RUN_M_S, FASTEST_WALK_M_S = 1.3, 2.7  # what runs slower is a pedal or a hand

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
ZERO: Vector = (0.0, 0.0, 0.0)


def _turned(q: Quaternion, v: Vector) -> Vector:
    w, a, b, c = q
    x, y, z = v
    tx = 2.0 * (b * z - c * y)
    ty = 2.0 * (c * x - a * z)
    tz = 2.0 * (a * y - b * x)
    return (
        x + w * tx + b * tz - c * ty,
        y + w * ty + c * tx - a * tz,
        z + w * tz + a * ty - b * tx,
    )


def _times(p: Quaternion, q: Quaternion) -> Quaternion:
    a, b, c, d = p
    e, f, g, h = q
    return (
        a * e - b * f - c * g - d * h,
        a * f + b * e + c * h - d * g,
        a * g - b * h + c * e + d * f,
        a * h + b * g - c * f + d * e,
    )


def _back(q: Quaternion) -> Quaternion:
    return (q[0], -q[1], -q[2], -q[3])


def _less(u: Vector, v: Vector, times: float = 1.0) -> Vector:
    return (u[0] - times * v[0], u[1] - times * v[1], u[2] - times * v[2])


def _dot(u: Vector, v: Vector) -> float:
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2]


def _size(u: Vector) -> float:
    return math.sqrt(_dot(u, u))


def _scaled(u: Vector, by: float) -> Vector:
    return (u[0] * by, u[1] * by, u[2] * by)


def _rolling(rate: Vector, up: Vector) -> Vector:
    """The velocity of a point HEIGHT_M above the ground that turns about the ground."""
    return (
        HEIGHT_M * (rate[1] * up[2] - rate[2] * up[1]),
        HEIGHT_M * (rate[2] * up[0] - rate[0] * up[2]),
        HEIGHT_M * (rate[0] * up[1] - rate[1] * up[0]),
    )


def _middle(four: list[int]) -> int:
    """The mean of the two in the middle."""
    _, low, high, _ = sorted(four)
    return (low + high) // 2


@dataclass(slots=True)
class _Moment:
    """Where the integration stood, along the axes that the sensor had at the last stance."""

    elapsed_us: int = 0  # since that stance
    pose: Quaternion = (1.0, 0.0, 0.0, 0.0)
    velocity: Vector = ZERO  # with gravity in it, from 0, and so the path
    path: Vector = ZERO
    rate: Vector = ZERO  # along the sensor's axes, as the mean force of the window
    force: Vector = ZERO
    rested_us: int = 0
    clipped_us: int = 0
    unrest: int = 0


@dataclass(slots=True)
class _Stride:
    span_us: int  # from stance to stance, that of the path
    period_us: int  # from push-off to push-off, which is sharper
    rested_us: int  # of the span; below 0 where it is not known
    length_m: float
    end_us: int

    @property
    def speed_m_s(self) -> float:
        return self.length_m / (self.period_us * 1e-6)


class Pace:
    """Give it every sample, and ask it once a second."""

    def __init__(self, info: SensorInfo) -> None:
        acc_mg = round((info.acc_range_g or 0.0) * 1000)
        gyr_mdps = round((info.gyr_range_dps or 0.0) * 1000)
        rate_centihz = round(info.rate_hz * 100)
        self._works = (
            LEAST_CENTIHZ <= rate_centihz <= MOST_CENTIHZ
            and LEAST_ACC_MG <= acc_mg <= MOST_ACC_MG
            and LEAST_GYR_MDPS <= gyr_mdps <= MOST_GYR_MDPS
        )
        if not self._works:
            return
        self._acc_unit = acc_mg / 1000 * G / 32768
        self._gyr_unit = math.radians(gyr_mdps / 1000) / 32768
        self._one_g = (32768 * 1000 + acc_mg // 2) // acc_mg
        self._acc_weight = acc_mg * acc_mg * ACC_WEIGHT // ACC_WEIGHT_PER
        self._gyr_weight = gyr_mdps * gyr_mdps * GYR_WEIGHT // GYR_WEIGHT_PER
        self._window = min(rate_centihz // (100 * WINDOWS_PER_S) | 1, MOST_WINDOW)
        self._step_us = 100_000_000 // rate_centihz
        self._strides: deque[_Stride] = deque(maxlen=STRIDES)
        self._last_us: int | None = None
        self._forget()

    def push(self, raw: NDArray[np.int16], us: Sequence[int], lost_before: bool = False) -> None:
        """Samples (n, 6), the time of each, and whether some were lost before the first."""
        if not self._works:
            return
        for i, row in enumerate(raw.tolist()):
            self._push(row, int(us[i]), lost_before and i == 0)

    def measurement(self, now_us: int) -> bytes | None:
        """The bytes of characteristic 0x2A53, or None where nothing is known."""
        if not self._works or self._last_us is None:
            return None
        if self._still and now_us < self._last_us + STILL_US:
            return STILL
        if len(self._strides) < STRIDES:
            return None
        usual_us = _middle([stride.period_us for stride in self._strides])
        usual = _middle([int(stride.speed_m_s * 1000.0) for stride in self._strides])
        newest, oldest = self._strides[-1], self._strides[0]
        if (
            now_us - newest.end_us > FRESH_STRIDES * usual_us + FRESH_US
            or newest.end_us - oldest.end_us > SPAN_STRIDES * usual_us
        ):
            return None
        count = period_us = span_us = rested_us = 0
        length_m = 0.0
        for stride in self._strides:
            off = abs(int(stride.speed_m_s * 1000.0) - usual)
            if TIME_AGREES * abs(stride.period_us - usual_us) > usual_us:
                continue
            if SPEED_AGREES * off > usual:
                continue
            count += 1
            period_us += stride.period_us
            length_m += stride.length_m
            if stride.rested_us >= 0:
                span_us += stride.span_us
                rested_us += stride.rested_us
        if count < AGREEING or rested_us <= LEAST_REST * span_us:
            return None
        # Where in the stance a stride was cut matters to its span, hardly to its length.
        speed_m_s = length_m / (period_us * 1e-6)
        running = speed_m_s > FASTEST_WALK_M_S or rested_us < WALKING_REST * span_us
        if running and speed_m_s < SLOWEST_RUN_M_S:
            return None
        speed = int(speed_m_s * 256.0 + 0.5)
        cadence = min((120_000_000 * count + period_us // 2) // period_us, 255)
        return bytes([RUNNING if running else 0, speed & 255, speed >> 8, cadence])

    def _forget(self) -> None:
        """Samples were lost: what began before them does not go on after them."""
        self._ring: deque[tuple[list[int], int]] = deque()
        self._sums = [0] * 6
        self._before: tuple[int, Vector] | None = None  # time and rate of the last sample
        self._force = ZERO
        self._now = _Moment()
        self._start: _Moment | None = None  # the last stance
        self._start_rise_us: int | None = None
        self._best: _Moment | None = None
        self._rise_us: int | None = None
        self._up: Vector | None = None  # at the last stance, times the gravity that was found
        self._rest_m_s = 0.0
        self._still_since_us: int | None = None
        self._still = False

    def _push(self, row: list[int], us: int, lost_before: bool) -> None:
        if self._last_us is not None:
            since_us = us - self._last_us
            if since_us <= 0:  # another clock
                self._strides.clear()
            if lost_before or not 0 < since_us < 2 * self._step_us:
                self._forget()
        self._last_us = us
        self._ring.append((row, us))
        self._sums = [total + value for total, value in zip(self._sums, row, strict=True)]
        if len(self._ring) > self._window:
            oldest, _ = self._ring.popleft()
            self._sums = [total - value for total, value in zip(self._sums, oldest, strict=True)]
        if len(self._ring) < self._window:
            return
        middle, middle_us = self._ring[self._window // 2]
        self._integrate(middle, middle_us)
        self._look(self._unrest(), middle_us)

    def _unrest(self) -> int:
        """Of the mean of the window, in which the ringing of a landing is evened out."""
        ax, ay, az, gx, gy, gz = (int(total / self._window) for total in self._sums)
        off = math.isqrt(ax * ax + ay * ay + az * az) - self._one_g
        self._now.force = (ax * self._acc_unit, ay * self._acc_unit, az * self._acc_unit)
        turning = gx * gx + gy * gy + gz * gz
        unrest = (off * off * self._acc_weight >> 24) + (turning * self._gyr_weight >> 24)
        return min(unrest, MOST_UNREST)

    def _integrate(self, row: list[int], us: int) -> None:
        now = self._now
        a, g = self._acc_unit, self._gyr_unit
        force = (row[0] * a, row[1] * a, row[2] * a)
        rate = (row[3] * g, row[4] * g, row[5] * g)
        now.rate = rate
        if self._before is None:
            self._before = us, rate
            self._force = force
            return
        before_us, before = self._before
        self._before = us, rate
        dt = (us - before_us) * 1e-6
        half = 0.5 * dt
        x, y, z = (
            (rate[0] + before[0]) * half,
            (rate[1] + before[1]) * half,
            (rate[2] + before[2]) * half,
        )
        by = 0.5 + (x * x + y * y + z * z) * (1.0 / 24.0)  # tan(angle / 2) / angle
        w, a, b, c = _times(now.pose, (1.0, x * by, y * by, z * by))
        norm = 1.0 / math.sqrt(w * w + a * a + b * b + c * c)
        now.pose = (w * norm, a * norm, b * norm, c * norm)
        force = _turned(now.pose, force)
        old = now.velocity
        new = (
            old[0] + half * (force[0] + self._force[0]),
            old[1] + half * (force[1] + self._force[1]),
            old[2] + half * (force[2] + self._force[2]),
        )
        now.path = (
            now.path[0] + half * (old[0] + new[0]),
            now.path[1] + half * (old[1] + new[1]),
            now.path[2] + half * (old[2] + new[2]),
        )
        now.velocity = new
        self._force = force
        now.elapsed_us += us - before_us
        if max(row) == 32767 or min(row) == -32768:
            now.clipped_us += us - before_us
        if self._up is not None:
            best = self._best
            if best is not None and best.unrest < RESTING_UNREST:
                since_s = (now.elapsed_us - best.elapsed_us) * 1e-6
                moving = _less(_less(new, best.velocity), self._up, since_s)
            else:
                moving = _less(new, self._up, now.elapsed_us * 1e-6)
            if _dot(moving, moving) < self._rest_m_s * self._rest_m_s:
                now.rested_us += us - before_us

    def _look(self, unrest: int, us: int) -> None:
        """Is this the quietest moment of a stance, or is the stance over?"""
        if unrest >= STILL_UNREST:
            self._still_since_us = None
        elif self._still_since_us is None:
            self._still_since_us = us
        self._still = self._still_since_us is not None and us - self._still_since_us >= STILL_US
        if self._still:
            self._strides.clear()
        self._now.unrest = unrest
        best = self._best
        if best is None or unrest < best.unrest:
            self._keep()
            return
        risen = unrest > max(RISE_TIMES * best.unrest, RISE_UNREST)
        if not risen:
            self._rise_us = None
        elif self._rise_us is None:
            self._rise_us = us
        since_us = self._now.elapsed_us - best.elapsed_us
        if risen and since_us > AFTER_STANCE_US:
            self._close(best, us)
        elif (since_us > AGAIN_US and unrest < STILL_UNREST) or since_us > LONGEST_WAIT_US:
            self._keep()
            if self._now.elapsed_us > LONGEST_US:
                self._begin(self._now)

    def _keep(self) -> None:
        now = self._now
        self._best = _Moment(
            now.elapsed_us,
            now.pose,
            now.velocity,
            now.path,
            now.rate,
            now.force,
            now.rested_us,
            now.clipped_us,
            now.unrest,
        )
        self._rise_us = None

    def _begin(self, stance: _Moment) -> None:
        """Go on from this moment, along the axes that the sensor had then."""
        now = self._now
        back = _back(stance.pose)
        since_us = now.elapsed_us - stance.elapsed_us
        path = _less(_less(now.path, stance.path), stance.velocity, since_us * 1e-6)
        self._now = _Moment(
            since_us,
            _times(back, now.pose),
            _turned(back, _less(now.velocity, stance.velocity)),
            _turned(back, path),
            now.rate,
            now.force,
            now.rested_us - stance.rested_us,
            now.clipped_us - stance.clipped_us,
            now.unrest,
        )
        self._force = _turned(back, self._force)
        self._start = _Moment(rate=stance.rate, unrest=stance.unrest)
        self._start_rise_us = self._rise_us
        self._best = None
        self._up = None

    def _close(self, best: _Moment, us: int) -> None:
        start = self._start
        self._best = None
        if start is None or best.elapsed_us > LONGEST_US:
            self._begin(best)
            return
        if best.elapsed_us < SHORTEST_US:
            if best.unrest < start.unrest:
                self._begin(best)
            elif self._start_rise_us is None:
                self._start_rise_us = self._rise_us
            return
        span_us = best.elapsed_us
        span_s = span_us * 1e-6
        size = _size(best.velocity)
        if best.unrest > STANCE_UNREST or size < 0.5 * G * span_s:
            return
        # Which way is up, first as if the foot was still at both ends, then with how it rolls there
        up = _scaled(best.velocity, 1.0 / size)
        rate = _turned(best.pose, best.rate)
        first = _rolling(start.rate, up)
        gained = _less(best.velocity, _less(_rolling(rate, up), first))
        size = _size(gained)
        before = self._up
        if (
            abs(size / (span_s * G) - 1.0) > MOST_OFF_G
            # up is elsewhere than in the last stride
            or (before is not None and _dot(before, gained) < LEAST_ALONG * _size(before) * size)
        ):
            if best.unrest < start.unrest:
                self._begin(best)
            return
        up = _scaled(gained, 1.0 / size)
        # v(t) = first + ∫force - gained t / span, and over the whole span:
        way = _less(_less(best.path, gained, 0.5 * span_s), first, -span_s)
        way = _less(way, up, _dot(way, up))
        length_m = _size(way)
        period_us = span_us
        quiet = max(start.unrest, best.unrest) * RISE_TIMES < RISE_UNREST
        if quiet and self._start_rise_us is not None and self._rise_us is not None:
            between_us = self._rise_us - self._start_rise_us
            if span_us // 2 < between_us < 2 * span_us:
                period_us = between_us
        rested_us = best.rested_us if self._up is not None else -1
        stride = _Stride(span_us, period_us, rested_us, length_m, us)
        speed = stride.speed_m_s
        up = _scaled(_turned(_back(best.pose), up), size / span_s)
        if _size(_less(best.force, up)) > ODD_FORCE * G + ODD_FORCE_S * speed:
            if best.unrest < start.unrest:
                self._begin(best)
            return
        self._begin(best)
        self._up = up
        self._rest_m_s = REST_SPEED * speed
        if CLIPPED_SHARE * best.clipped_us > span_us:
            return
        if SLOWEST_M_S < speed < FASTEST_M_S:
            self._strides.append(stride)
