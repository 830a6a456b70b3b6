"""Two shoes on one clock: device time → host time from deliveries, and from answers.

A packet arrives after its last sample was taken, at best almost at once, often later. So host
minus device time never lies below the true offset of the clocks, and touches it now and then:
the offset (and its drift) is the line below all points that lies closest to them. How much later
than its sample even the fastest packet is, no one-way delivery can show.

A sensor that tells its time when it is asked bounds the offset from both sides: its clock was
read after the host had asked and before the answer came. The asking waits for the next moment at
which the link is open, up to a whole connection interval; but it is asked at random moments, so
of many some hardly wait, and the closest of n lies about the n-th part of that wait off. Packets
may be in step with the link for minutes and so wait equally long each time: where there are
answers, packets are only a bound.

When a log was made: a sensor's own clock → host time, from what was seen at its two ends.

A log is written without a host. What was said when it began, and what the sensor answered when it
was asked later, are one or two moments at which both clocks are known; between them runs a line
whose drift is that of a quartz, fitted by least squares with what is known of quartzes beforehand.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gait.model.arrays import Bools, Floats, Ints

BIN_S = 2.0  # one point, the lowest, is kept of so much time: memory grows by 1,800 an hour …
MOST_BINS = 65_536  # … up to this, then a point is kept of twice the time
MOST_EPOCHS = 64  # lines; what begins anew after that goes by the last of them
MOST_DRIFT = 2e-4  # quartz is better than ±100 ppm; two of them, and some
UNKNOWN_DRIFT = 1e-4 / math.sqrt(3.0)  # one sd of a drift that is anywhere within ±100 ppm
# Deliveries over so long show a slope better than ±100 ppm, which is 6 ms in that time (working
# value: over less, jitter would be taken for drift).
DRIFT_NEEDS_S = 60.0
DRIFT_NEEDS_ANSWERED_S = 20.0  # answers wait about equally long, so they show it sooner
LEAST_UNCERTAINTY_S = 0.001  # host and radio take that long by themselves
UNKNOWN_DELAY_S = 0.004  # half a connection interval of 7.5 ms: the part no one-way delay shows
IN_STEP_S = 0.010  # what the wait of packets in step with the link may grow by over a recording
LEAST_ANSWERS = 4  # fewer do not say how long an asking waits (working value)
# Of a wait so short or so long beside the usual one, the exponential is even, or has no end: the
# formula between would lose all digits.
SHORT_WAIT, LONG_WAIT = 1e-3, 50.0


@dataclass(frozen=True, slots=True)
class ClockLine:
    """host = device + offset + drift · (device − reference), for device times from `from_s` on;
    `uncertainty_s` one sd."""

    from_s: float
    offset_s: float
    drift: float
    reference_s: float
    uncertainty_s: float

    def host(self, device_s: Floats) -> Floats:
        return device_s + self.offset_s + self.drift * (device_s - self.reference_s)


@dataclass(frozen=True, slots=True)
class HostClock:
    """A line for each time that the sensor's clock began, in order; mostly that is one."""

    lines: tuple[ClockLine, ...]

    def host(self, device_s: Floats) -> Floats:
        """Device times of any shape on the host's clock."""
        host_s = self.lines[0].host(device_s)
        for line in self.lines[1:]:
            host_s = np.where(device_s >= line.from_s, line.host(device_s), host_s)
        return host_s

    @property
    def uncertainty_s(self) -> float:
        """Of the line that is known least, one sd."""
        return max(line.uncertainty_s for line in self.lines)


def at_one_moment(asked: Floats, came: Floats) -> tuple[float, float]:
    """Host less device time, and one sd of it, from answers within a minute or so.

    asked, came (n,): host times of the asking and of the answer, less the device time that was
    told; `LEAST_ANSWERS` or more of them say how long the asking waits.
    """
    lowest = float(asked.max())
    usual_s = LEAST_UNCERTAINTY_S + _closest(-asked)
    mean_s, sd_s = _waited(usual_s, float(came.min()) - lowest)
    return lowest + mean_s, math.hypot(sd_s, LEAST_UNCERTAINTY_S)


class DeliveryClock:
    """Collects when packets arrived and what the sensor told of its time; gives the clocks."""

    def __init__(self) -> None:
        self._epochs: list[_Epoch] = []

    def push(self, last_s: Floats, host_s: Floats, anew: Bools) -> None:
        """last_s (n,) device time of each packet's last sample, rising; host_s (n,) its arrival,
        NaN for what was sent once more; anew (n,) where the sensor's clock began (anew)."""
        if len(last_s) == 0:
            return
        starts = [0, *(int(i) for i in np.flatnonzero(anew) if i), len(last_s)]
        for start, end in pairwise(starts):
            begins = anew[start] and len(self._epochs) < MOST_EPOCHS
            if begins or not self._epochs:
                self._epochs.append(_Epoch(float(last_s[start])))
            self._epochs[-1].add(last_s[start:end], host_s[start:end])

    def answered(self, device_s: float, asked_s: float, host_s: float) -> None:
        """The sensor told its time `device_s`, somewhen between the asking and the answer."""
        epoch = next((e for e in reversed(self._epochs) if e.from_s <= device_s), None)
        if epoch is not None:
            epoch.answers.append((device_s, asked_s - device_s, host_s - device_s))

    def clock(self) -> HostClock | None:
        """None before the first packet that came in its turn."""
        lines = [line for epoch in self._epochs if (line := epoch.line()) is not None]
        return HostClock(tuple(lines)) if lines else None


class _Epoch:
    """From one beginning of the sensor's clock to the next."""

    def __init__(self, from_s: float) -> None:
        self.from_s = from_s
        self.answers: list[tuple[float, float, float]] = []  # device time, asked and came less it
        self._fastest: dict[int, tuple[float, float]] = {}  # by bin: device time, delay
        self._bin_s = BIN_S

    def add(self, last_s: Floats, host_s: Floats) -> None:
        in_turn = ~np.isnan(host_s)
        last_s, delay = last_s[in_turn], (host_s - last_s)[in_turn]
        bins = np.floor(last_s / self._bin_s).astype(np.int64)
        starts = np.flatnonzero(np.diff(bins, prepend=bins[:1] - 1))
        for start, end in pairwise([*starts.tolist(), len(bins)]):
            i = start + int(np.argmin(delay[start:end]))
            best = self._fastest.get(int(bins[i]))
            if best is None or delay[i] < best[1]:
                self._fastest[int(bins[i])] = (float(last_s[i]), float(delay[i]))
        while len(self._fastest) > MOST_BINS:
            self._coarsen()

    def _coarsen(self) -> None:
        """Keep one point of twice the time."""
        self._bin_s *= 2.0
        finer, self._fastest = self._fastest, {}
        for key, point in finer.items():
            best = self._fastest.get(key // 2)
            if best is None or point[1] < best[1]:
                self._fastest[key // 2] = point

    def line(self) -> ClockLine | None:
        if not self._fastest:
            return None
        device_s, delay = np.array([self._fastest[key] for key in sorted(self._fastest)]).T
        if len(self.answers) < LEAST_ANSWERS:
            return _one_way(self.from_s, device_s, delay)
        return _two_way(self.from_s, device_s, delay, np.array(self.answers).T)


def _one_way(from_s: float, device_s: Floats, delay: Floats) -> ClockLine:
    """The line below all deliveries; the typical one tells how well that is known."""
    middle = float(device_s.mean())
    span_s = float(device_s[-1] - device_s[0])
    drift, unknown_drift = 0.0, UNKNOWN_DRIFT
    if span_s >= DRIFT_NEEDS_S:
        drift, unknown_drift = _slope_below(device_s, delay, middle), 0.0
    above = delay - drift * (device_s - middle)
    offset = float(above.min())
    typical = float(np.median(above) - offset)
    parts = (typical / 2.0, UNKNOWN_DELAY_S, LEAST_UNCERTAINTY_S, _at_ends(unknown_drift, span_s))
    return ClockLine(from_s, offset, drift, middle, math.hypot(*parts))


def _two_way(from_s: float, device_s: Floats, delay: Floats, answers: Floats) -> ClockLine:
    """Below all that came, above all that was asked, and as close to the askings as those that
    waited least can be expected to be. The drift is what both say of it, each as well as it knows
    it: answers may cover a small part of a recording, and deliveries cover all of it."""
    told_s, asked, came = answers
    known_from, known_to = told_s.min(), told_s.max()
    at = float(known_from + known_to) / 2.0
    drift, drift_sd = _joined(_answered_drift(told_s, came, at), _delivered_drift(device_s, delay))
    since_asked = asked - drift * (told_s - at)
    until_came = came - drift * (told_s - at)
    above = delay - drift * (device_s - at)
    among = (device_s >= known_from) & (device_s <= known_to)
    lowest = float(since_asked.max())
    highest = min(float(until_came.min()), float(above[among].min(initial=math.inf)))
    waited_s = LEAST_UNCERTAINTY_S + _closest(-since_asked)
    mean_s, sd_s = _waited(waited_s, highest - lowest)
    begin_s, end_s = float(device_s[0]), float(device_s[-1])
    off_middle_s = at - (begin_s + end_s) / 2.0
    distance_s = math.hypot((end_s - begin_s) / math.sqrt(12.0), off_middle_s)
    parts = (sd_s, LEAST_UNCERTAINTY_S, drift_sd * distance_s)
    return ClockLine(from_s, lowest + mean_s, drift, at, math.hypot(*parts))


def _answered_drift(told_s: Floats, came: Floats, at: float) -> tuple[float, float]:
    """Drift of the clocks by the answers, and one sd of it."""
    span_s = float(told_s.max() - told_s.min())
    if span_s < DRIFT_NEEDS_ANSWERED_S:
        return 0.0, UNKNOWN_DRIFT
    drift = _slope_below(told_s, came, at)
    noise_s = LEAST_UNCERTAINTY_S / 2.0 + _closest(came - drift * (told_s - at))
    return drift, min(UNKNOWN_DRIFT, noise_s / (span_s / 2.0))


def _delivered_drift(device_s: Floats, delay: Floats) -> tuple[float, float]:
    """Drift of the clocks by the deliveries, and one sd of it."""
    span_s = float(device_s[-1] - device_s[0])
    if span_s < DRIFT_NEEDS_S:
        return 0.0, UNKNOWN_DRIFT
    middle = float(device_s.mean())
    drift = _slope_below(device_s, delay, middle)
    above = delay - drift * (device_s - middle)
    noise_s = math.hypot(float(np.median(above) - above.min()) / 2.0, IN_STEP_S)
    return drift, min(UNKNOWN_DRIFT, noise_s / (span_s / 2.0))


def _joined(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Two values with their sd, weighted by what each knows."""
    weight, other_weight = one[1] ** -2.0, other[1] ** -2.0
    both = weight + other_weight
    return (weight * one[0] + other_weight * other[0]) / both, both**-0.5


def _closest(delays: Floats) -> float:
    """How much the least of these delays is expected to lie above the least possible one.

    Of n delays that are spread evenly the least lies the (n + 1)-th part of the spread above its
    beginning, and the median tells half the spread. Half as much again is for those that waited
    together, in a moment without any link, and count as one.
    """
    return 3.0 * float(np.median(delays) - delays.min()) / (len(delays) + 1)


def _waited(usual_s: float, most_s: float) -> tuple[float, float]:
    """Mean and sd of a wait that is exponential, usually so long, and at most so long.

    Bounds that contradict each other, a negative `most_s`, leave it anywhere in between.
    """
    ratio = most_s / usual_s
    if ratio < SHORT_WAIT:
        return most_s / 2.0, abs(most_s) / math.sqrt(12.0)
    if ratio > LONG_WAIT:
        return usual_s, usual_s
    beyond = math.expm1(ratio)
    variance = usual_s**2 - most_s**2 * (beyond + 1.0) / beyond**2
    return usual_s - most_s / beyond, math.sqrt(max(0.0, variance))


def _at_ends(drift_sd: float, span_s: float) -> float:
    """The root mean square, over a span, of what an unknown drift about its middle adds."""
    return drift_sd * span_s / math.sqrt(12.0)


def _slope_below(x: Floats, y: Floats, at: float) -> float:
    """Slope, within ±MOST_DRIFT, of the line below all points that is highest at `at`."""
    for a, b in pairwise(_lower_hull(x, y)):
        if x[a] <= at <= x[b] > x[a]:
            return float(np.clip((y[b] - y[a]) / (x[b] - x[a]), -MOST_DRIFT, MOST_DRIFT))
    return 0.0


def _lower_hull(x: Floats, y: Floats) -> list[int]:
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (x[b] - x[a]) * (y[i] - y[a]) > (y[b] - y[a]) * (x[i] - x[a]):
                break
            hull.pop()
        hull.append(i)
    return hull


DRIFT_SD = 1e-4 / np.sqrt(3.0)  # anything within ±100 ppm
WANDER = 4e-6  # of the drift, as the shoe cools down and warms up by some ten degrees
CLOCKS_APART_S = 0.5  # two hosts, each with a clock that is set by the network


@dataclass(frozen=True, slots=True)
class Seen:
    """At `device_s` of the sensor's clock it was `host_s`, give or take `sd_s`."""

    device_s: float
    host_s: float
    sd_s: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """host = device + offset + drift · (device − reference), and how well that is known."""

    offset_s: float
    drift: float
    reference_s: float
    covariance: Floats
    seen: tuple[Seen, ...]

    def host(self, device_s: Floats) -> Floats:
        return device_s + self.offset_s + self.drift * (device_s - self.reference_s)

    def sd_s(self, device_s: Floats) -> Floats:
        """One standard deviation of `host` there; worst far from where the clocks were seen."""
        x = device_s - self.reference_s
        (offset, both), (_, drift) = self.covariance
        nearest = np.min([np.abs(device_s - seen.device_s) for seen in self.seen], axis=0)
        return np.sqrt(offset + 2.0 * both * x + drift * x**2 + (WANDER * nearest) ** 2)


def log_line(seen: Sequence[Seen]) -> LogLine:
    """The line through one moment or more. Raises ValueError for none."""
    if not seen:
        raise ValueError("a line needs a moment at which both clocks are known")
    reference, apart = seen[-1].device_s, seen[-1].host_s - seen[-1].device_s
    information = np.diag([0.0, DRIFT_SD**-2])
    weighted = np.zeros(2)
    for moment in seen:
        row = np.array([1.0, moment.device_s - reference])
        information += np.outer(row, row) / moment.sd_s**2
        weighted += row * (moment.host_s - moment.device_s - apart) / moment.sd_s**2
    covariance = np.linalg.inv(information)
    offset, drift = covariance @ weighted
    return LogLine(apart + float(offset), float(drift), reference, covariance, tuple(seen))


def agree(one: Seen, other: Seen) -> bool:
    """Whether one line can go through both: else one of the hosts had a wrong clock."""
    device_s = other.device_s - one.device_s
    off_s = abs(other.host_s - one.host_s - device_s)
    return device_s >= 0.0 and off_s <= MOST_DRIFT * device_s + CLOCKS_APART_S


def unwrapped_s(device_us: Ints, modulo_us: int) -> Floats:
    """Device times in order, raw → seconds since the first, for steps shorter than one round."""
    steps = np.diff(device_us) % modulo_us
    return np.concatenate(([0.0], np.cumsum(steps) * 1e-6))[: len(device_us)]
