"""Two clocks from deliveries and answers, against clocks whose difference is known."""

import numpy as np
import pytest
from radio import Clock, Link, aligned, answers, packets, questions, two_apart

from gait.steps.alignment import DeliveryClock, HostClock

INTERVALS_S = (0.0075, 0.015, 0.03, 0.04, 0.0475, 0.05)  # 47.5 ms is in step with the packets
SEEDS = 40


def clock_of(delivery: DeliveryClock) -> HostClock:
    clock = delivery.clock()
    assert clock is not None
    return clock


def beginning(n: int) -> np.ndarray:
    return np.arange(n) == 0


@pytest.mark.parametrize("interval_s", INTERVALS_S)
def test_answers_put_two_shoes_within_5_ms_after_two_minutes(interval_s: float) -> None:
    found = [two_apart(120.0, interval_s, seed, ask=True) for seed in range(SEEDS)]
    apart, stated = np.array(found).T
    assert np.mean(apart < 0.005) > 0.95
    assert stated.max() < 0.005
    assert np.mean(apart < 2.0 * stated) > 0.95
    assert np.mean(apart < stated) > 0.6
    assert np.median(apart) > 0.2 * np.median(stated)  # nor is more stated than need be


@pytest.mark.parametrize("seconds", [8.0, 30.0, 600.0])
@pytest.mark.parametrize("interval_s", INTERVALS_S)
def test_what_is_stated_holds_however_long_it_was(seconds: float, interval_s: float) -> None:
    found = [two_apart(seconds, interval_s, seed, ask=True) for seed in range(SEEDS)]
    apart, stated = np.array(found).T
    assert np.mean(apart < 2.0 * stated) > 0.9
    assert np.median(stated) < {8.0: 0.009, 30.0: 0.006, 600.0: 0.003}[seconds]


@pytest.mark.parametrize("seconds", [12.0, 120.0, 600.0])
@pytest.mark.parametrize("interval_s", [i for i in INTERVALS_S if i != 0.0475])
def test_without_answers_the_fastest_deliveries_do(seconds: float, interval_s: float) -> None:
    found = [two_apart(seconds, interval_s, seed, ask=False) for seed in range(SEEDS)]
    apart, stated = np.array(found).T
    assert np.mean(apart < 2.0 * stated) > 0.95
    assert np.median(apart) < 0.003
    assert stated.max() < 0.007


@pytest.mark.parametrize("drift", [-1e-4, 0.0, 1e-4])
def test_an_hour_of_drift_is_followed(drift: float) -> None:
    clock = Clock(-1200.0, drift)
    for ask in (True, False):
        found = aligned(clock, 3600.0, 0.03, seed=1, ask=ask)
        (line,) = found.lines
        assert line.drift == pytest.approx(drift, abs=2e-6)
        at_s = np.linspace(0.0, 3600.0, 20)
        assert np.abs(found.host(at_s) - clock.host(at_s)).max() < 0.006


WHEN_ANSWERED = {
    "begin late": lambda share: share > 0.9,
    "end early": lambda share: share < 0.1,
    "end before the middle": lambda share: share < 0.45,
    "fail in the middle": lambda share: not 0.2 < share < 0.8,
    "only at first": lambda share: share < 0.01,
}


@pytest.mark.parametrize("when", WHEN_ANSWERED)
@pytest.mark.parametrize("drift", [-1e-4, 5e-5, 1e-4])
def test_an_hour_is_followed_whenever_the_answers_came(when: str, drift: float) -> None:
    seconds = 3600.0
    for seed, interval_s in enumerate((0.0075, 0.03, 0.0475)):
        clock = Clock(-1200.0, drift)
        link = Link(clock, seconds, interval_s, seed)
        delivery = DeliveryClock()
        device_s, host_s = packets(link, seconds)
        delivery.push(device_s, host_s, beginning(len(device_s)))
        for told in zip(*answers(link, questions(clock, seconds, link.rng)), strict=True):
            if WHEN_ANSWERED[when](told[0] / seconds):
                delivery.answered(*map(float, told))
        found = clock_of(delivery)
        at_s = np.linspace(0.0, seconds, 50)
        off = found.host(at_s) - clock.host(at_s)
        assert np.abs(off).max() < 0.02
        assert np.sqrt(np.mean(off**2)) < 2.0 * found.uncertainty_s


@pytest.mark.parametrize("ask", [True, False])
def test_a_sensor_that_began_anew_has_a_line_of_its_own_from_then_on(ask: bool) -> None:
    # What the restarted clock is taken to be may be off by seconds, as its first packet was late.
    clocks, delivery = [Clock(3.0, 5e-5), Clock(-1.9, 5e-5)], DeliveryClock()
    from_s = 0.0
    for seed, clock in enumerate(clocks):
        link = Link(clock, 120.0 + from_s, 0.03, seed)
        device_s, host_s = packets(link, 120.0 + from_s)
        later = device_s >= from_s
        delivery.push(device_s[later], host_s[later], beginning(later.sum()))
        if ask:
            asked_s = questions(clock, 120.0 + from_s, link.rng)
            for told in zip(*answers(link, asked_s[asked_s > clock.host(from_s)]), strict=True):
                delivery.answered(*map(float, told))
        from_s = 125.0
    found = clock_of(delivery)
    assert len(found.lines) == 2
    for clock, start_s in zip(clocks, (1.0, 126.0), strict=True):
        at_s = start_s + np.linspace(0.0, 118.0, 10)
        assert np.abs(found.host(at_s) - clock.host(at_s)).max() < 0.006


def test_blocks_of_any_size_give_the_same_clock() -> None:
    link = Link(Clock(5.0, 2e-5), 300.0, 0.03, seed=3)
    device_s, host_s = packets(link, 300.0)
    host_s[100:110] = np.nan  # sent once more
    anew = beginning(len(device_s)) | (np.arange(len(device_s)) == 3000)
    found = []
    for block in (1, 7, 10**6):
        delivery = DeliveryClock()
        for i in range(0, len(device_s), block):
            part = slice(i, i + block)
            delivery.push(device_s[part], host_s[part], anew[part])
        found.append(clock_of(delivery))
    assert found[0] == found[1] == found[2]
    assert len(found[0].lines) == 2


def test_what_was_sent_once_more_is_no_delivery() -> None:
    device_s = np.arange(0.0, 60.0, 0.0475)
    host_s = device_s + 7.0
    delivery = DeliveryClock()
    delivery.push(device_s, np.full(len(device_s), np.nan), beginning(len(device_s)))
    assert delivery.clock() is None
    delivery.push(device_s + 60.0, host_s + 60.0, np.zeros(len(device_s), bool))
    assert clock_of(delivery).host(np.array(90.0)) == pytest.approx(97.0, abs=1e-9)


def test_answers_that_contradict_the_packets_make_it_less_sure() -> None:
    stated = []
    for off_s in (0.0, -0.05):
        link = Link(Clock(5.0, 0.0), 120.0, 0.015, seed=3)
        device_s, host_s = packets(link, 120.0)
        delivery = DeliveryClock()
        delivery.push(device_s, host_s, beginning(len(device_s)))
        told = answers(link, questions(link.clock, 120.0, link.rng))
        for at_s, asked_s, came_s in zip(*told, strict=True):
            delivery.answered(float(at_s + off_s), float(asked_s), float(came_s))
        stated.append(clock_of(delivery).uncertainty_s)
    assert stated[1] > 2 * stated[0]


def test_answers_at_one_and_the_same_moment_are_borne() -> None:
    delivery = DeliveryClock()
    delivery.push(np.arange(100) * 0.5, np.arange(100) * 0.5, beginning(100))
    for _ in range(10):
        delivery.answered(20.0, 20.0, 20.0)
    for _ in range(10):
        delivery.answered(45.0, 45.0, 45.0)
    clock = clock_of(delivery)
    assert clock.host(np.array(30.0)) == pytest.approx(30.0, abs=1e-6)


def test_nothing_delivered_gives_no_clock() -> None:
    delivery = DeliveryClock()
    delivery.answered(1.0, 1.0, 1.1)
    assert delivery.clock() is None


@pytest.mark.parametrize("ask", [True, False])
@pytest.mark.parametrize("seconds", [15.0, 45.0, 75.0, 300.0])
def test_what_the_sensors_clock_began_with_changes_nothing(seconds: float, ask: bool) -> None:
    """The same deliveries and answers, and the sensor was switched on 20 hours before."""
    before_s = 72_000.0
    link = Link(Clock(5.0, 2e-5), seconds, 0.03, seed=5)
    device_s, host_s = packets(link, seconds)
    told = list(zip(*answers(link, questions(link.clock, seconds, link.rng)), strict=True))
    found = []
    for off_s in (0.0, before_s):
        delivery = DeliveryClock()
        delivery.push(device_s + off_s, host_s, beginning(len(device_s)))
        for device, asked, came in told if ask else []:
            delivery.answered(float(device) + off_s, float(asked), float(came))
        found.append(clock_of(delivery))
    at_s = np.linspace(0.0, seconds, 9)
    np.testing.assert_allclose(found[1].host(at_s + before_s), found[0].host(at_s), atol=1e-6)
    assert found[1].lines[0].drift == pytest.approx(found[0].lines[0].drift, abs=1e-9)
    assert found[1].uncertainty_s == pytest.approx(found[0].uncertainty_s, rel=1e-5)
