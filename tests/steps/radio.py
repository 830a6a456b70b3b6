"""What becomes of packets and questions between a sensor and a host, with the truth known.

Everything goes at events of the link, one a connection interval, whose phase nobody knows; some
events fail and the next one carries it; at times nothing goes for up to two seconds. The host
takes a millisecond or more to tell.
"""

from dataclasses import dataclass

import numpy as np

from gait.steps.alignment import DeliveryClock, HostClock

PACKET_S = 0.0475  # 19 samples at 400 Hz
HOST_S = 0.001  # at least, and as much again on average


@dataclass
class Clock:
    """host = offset + (1 + drift) · device."""

    offset: float
    drift: float

    def host(self, device_s):
        return self.offset + (1.0 + self.drift) * np.asarray(device_s)

    def device(self, host_s):
        return (np.asarray(host_s) - self.offset) / (1.0 + self.drift)


class Link:
    """The air between one sensor and the host for so many seconds of the sensor's clock."""

    def __init__(self, clock: Clock, seconds: float, interval_s: float, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.clock = clock
        self._interval_s = interval_s
        self._phase_s = self.rng.uniform(0.0, interval_s)
        starts = np.cumsum(self.rng.exponential(20.0, 1000))
        starts = starts[starts < seconds]
        self._away = [
            (clock.host(start), clock.host(start + self.rng.uniform(0.2, 2.0))) for start in starts
        ]

    def event(self, host_s):
        """When what is ready at these times goes over the air."""
        failed = self.rng.geometric(0.9, len(host_s)) - 1
        at = self._next(host_s) + failed * self._interval_s
        for gone, back in self._away:
            inside = (at >= gone) & (at < back)
            at[inside] = self._next(np.array([back]))
        return at

    def told(self, host_s):
        """When the host tells of it; now and then it is busy."""
        busy = (self.rng.random(len(host_s)) < 0.02) * self.rng.uniform(0.0, 0.03, len(host_s))
        return host_s + HOST_S + self.rng.exponential(HOST_S, len(host_s)) + busy

    def _next(self, host_s):
        events = np.ceil((host_s - self._phase_s) / self._interval_s)
        return self._phase_s + events * self._interval_s


def packets(link: Link, seconds: float):
    """(device_s of the last sample, host_s of the arrival)."""
    device_s = np.arange(0.0, seconds, PACKET_S)
    host_s = link.told(link.event(link.clock.host(device_s) + 0.0002) + 0.002)
    return device_s, np.maximum.accumulate(host_s)


def answers(link: Link, asked_s):
    """(device_s told, host_s when asked, host_s when answered)."""
    asked_s = np.asarray(asked_s)
    n = len(asked_s)
    heard_s = link.event(asked_s + 0.0005 + link.rng.exponential(0.0005, n))
    read_s = heard_s + 0.0005 + link.rng.exponential(0.0003, n)
    return link.clock.device(read_s), asked_s, link.told(link.event(read_s + 0.0005) + 0.0005)


def questions(clock: Clock, seconds: float, rng: np.random.Generator):
    """When a client asks: often at first, then about every two seconds."""
    pauses = np.concatenate([rng.uniform(0.05, 0.25, 12), rng.uniform(1.0, 3.0, 10_000)])
    at = clock.host(0.1) + np.cumsum(pauses)
    return at[at < clock.host(seconds)]


def aligned(clock: Clock, seconds: float, interval_s: float, seed: int, ask: bool) -> HostClock:
    link = Link(clock, seconds, interval_s, seed)
    delivery = DeliveryClock()
    device_s, host_s = packets(link, seconds)
    delivery.push(device_s, host_s, np.arange(len(device_s)) == 0)
    if ask:
        for told in zip(*answers(link, questions(clock, seconds, link.rng)), strict=True):
            delivery.answered(*map(float, told))
    found = delivery.clock()
    assert found is not None
    return found


def two_apart(seconds: float, interval_s: float, seed: int, ask: bool) -> tuple[float, float]:
    """How far two shoes come to lie apart at most, and the stated uncertainty (one sd)."""
    rng = np.random.default_rng(seed)
    error, variance = [], 0.0
    for shoe in (0, 1):
        clock = Clock(rng.uniform(-2000.0, 2000.0), rng.uniform(-1e-4, 1e-4))
        found = aligned(clock, seconds, interval_s, 2 * seed + shoe, ask)
        device_s = np.array([0.05, 0.5, 0.95]) * seconds
        error.append(found.host(device_s) - clock.host(device_s))
        variance += found.uncertainty_s**2
    return float(np.abs(error[0] - error[1]).max()), variance**0.5
