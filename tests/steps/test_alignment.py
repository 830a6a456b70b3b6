"""Two clocks from one-way deliveries, against clocks whose difference is known."""

import numpy as np
import pytest

from gait.steps.alignment import DeliveryClock


def deliveries(seconds: float, *, offset: float, drift: float, seed: int):
    rng = np.random.default_rng(seed)
    device = np.arange(0.0, seconds, 0.0475) - offset / (1 + drift)
    host = offset + device * (1 + drift) + 0.004 + rng.exponential(0.012, len(device))
    host[rng.random(len(device)) < 0.05] += 0.3  # now and then the radio is busy
    return device, np.maximum.accumulate(host)


@pytest.mark.parametrize("drift", [-80e-6, 0.0, 45e-6])
@pytest.mark.parametrize("seconds", [20.0, 600.0, 3600.0])
def test_two_shoes_meet_within_their_stated_uncertainty(seconds: float, drift: float) -> None:
    lines = []
    for seed, (offset, own_drift) in enumerate([(3.0, 0.0), (-1200.0, drift)]):
        clock = DeliveryClock()
        clock.push(*deliveries(seconds, offset=offset, drift=own_drift, seed=seed))
        line = clock.line()
        assert line is not None
        lines.append((line, offset, own_drift))
    at_host = np.array([0.1, 0.5, 0.9]) * seconds
    apart = [line.host((at_host - offset) / (1 + d)) for line, offset, d in lines]
    allowed = 2 * np.hypot(lines[0][0].uncertainty_s, lines[1][0].uncertainty_s)
    assert np.abs(apart[0] - apart[1]).max() < allowed
    assert allowed < 0.03


def test_blocks_of_any_size_give_the_same_line() -> None:
    device, host = deliveries(300.0, offset=5.0, drift=2e-5, seed=3)
    lines = []
    for block in (1, 7, 10**6):
        clock = DeliveryClock()
        for i in range(0, len(device), block):
            clock.push(device[i : i + block], host[i : i + block])
        lines.append(clock.line())
    assert lines[0] == lines[1] == lines[2]


def test_nothing_delivered_gives_no_line() -> None:
    assert DeliveryClock().line() is None
