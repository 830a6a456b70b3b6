"""Facts of a sensor against a plain recomputation, second by second, from noise with oddities."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gait.measures.signals import Signals
from gait.model import Samples

G = 9.80665
HZ = 40  # samples a piece of one second


def noise(seed: int, seconds: float) -> Samples:
    """Seconds of rest and of motion, some with an axis that stands still, repeats and gaps."""
    random = np.random.default_rng(seed)
    n = round(seconds * HZ)
    time_s = np.arange(n) / HZ
    acc, gyr = np.zeros((n, 3)), np.zeros((n, 3))
    for first in range(0, n, HZ):
        part = slice(first, first + HZ)
        size = random.choice([0.05, 1.0, 3.0, 12.0])
        m = len(acc[part])
        acc[part] = random.normal([0.0, 0.0, G], [size, size, size], (m, 3))
        turn = random.choice([0.05, 0.4, 1.2, 6.0])
        wave = np.sin(2.0 * np.pi * time_s[part, None] * [1.0, 2.0, 3.0])
        gyr[part] = turn * wave + random.normal(0.0, 0.02, (m, 3))
        axis = random.integers(0, 12)
        if axis < 6:
            (acc if axis < 3 else gyr)[part, axis % 3] *= 1e-3
    same = np.flatnonzero(random.random(n) < 0.1)
    for i in same[same > 0]:
        acc[i], gyr[i] = acc[i - 1], gyr[i - 1]
    odd = random.random(n) < 0.002
    acc[odd, 1] = random.choice([np.nan, 1000.1, -2000.0], odd.sum())
    gyr[random.random(n) < 0.002, 2] = -100.1
    time_s[round(0.7 * n) :] += 0.06
    return Samples(time_s, acc, gyr)


def turned(time_s, acc, gyr, sign):
    """Mean of the forces from the second on, each turned along since the first, in g."""
    turn, total = Rotation.identity(), np.zeros(3)
    for k in range(1, len(time_s)):
        turn = turn * exactly(sign * gyr[k] * (time_s[k] - time_s[k - 1]))
        total += turn.apply(acc[k])
    return float(np.linalg.norm(total)) / (len(time_s) - 1) / G


def exactly(angle):
    """The quaternion 1 + angle / 2, made a rotation: a turn by 2 · arctan(size / 2)."""
    return Rotation.from_quat([*(0.5 * angle), 1.0])


def naive(samples: Samples, *, gyroscope: bool) -> dict:
    """Of the first 64 seconds two of four are looked at, then two of sixteen."""
    found = {"looked": 0, "moving": 0, "stuck": [0] * 6, "repeats": 0, "taken": 0,
             "sums": np.zeros(6), "followed": 0, "closes": [0, 0], "far_off": 0,
             "spans": len(samples) // HZ, "samples": len(samples)}  # fmt: skip
    both = np.hstack([samples.acc, samples.gyr]) if gyroscope else samples.acc
    limits = np.array([1000.0] * 3 + [100.0] * 3)[: both.shape[1]]
    good = [bool((np.abs(row) <= limits).all()) for row in both]
    pair: list[int] = []
    for second in range(math.ceil(len(samples) / HZ)):
        turn = second % (4 if second < 64 else 16)
        if turn > 1:
            continue
        rows = range(second * HZ, min((second + 1) * HZ, len(samples)))
        whole = len(rows) == HZ
        known = [k for k in rows if good[k]]
        found["taken"] += len(known)
        found["sums"][: both.shape[1]] += both[known].sum(axis=0)
        pair = known if turn == 0 else pair + known
        if not whole:
            continue
        found["looked"] += 1
        widths = np.ptp(both[known], axis=0)
        widest = [max(widths[:3]), max(widths[3:]) if gyroscope else -math.inf]
        if widest[0] >= 10.0 or widest[1] >= 3.0:
            found["moving"] += 1
            # the first of a piece repeats nothing, whatever was before
            found["repeats"] += sum((both[b] == both[a]).all() for a, b in pairwise(known))
            for k, width in enumerate(widths):
                least = 10.0 if k < 3 else 3.0
                found["stuck"][k] += widest[k // 3] >= least and width < 0.02 * widest[k // 3]
        if gyroscope and turn == 1 and len(pair) - 1 >= HZ:
            t, a, g = (values[pair] for values in (samples.time_s, samples.acc, samples.gyr))
            turning = float(np.linalg.norm(g[1:], axis=1).sum())
            if (np.diff(t) >= 0.05).any() or turning < len(pair) - 1:
                continue
            plain, other = turned(t, a, g, 1.0), turned(t, a, g, -1.0)
            off, off_other = abs(plain - 1.0), abs(other - 1.0)
            found["followed"] += 1
            found["closes"][0] += off < 0.25 and off_other > off + 0.08
            found["closes"][1] += off_other < 0.25 and off > off_other + 0.08
            slow = turning < 8.0 * (len(pair) - 1)
            found["far_off"] += plain < 0.7 or (slow and plain > 1.2)
    return found


@pytest.mark.parametrize("gyroscope", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_facts_of_noise(seed: int, gyroscope: bool) -> None:
    samples = noise(seed, 150.5)
    signals = Signals(float(HZ), with_gyroscope=gyroscope)
    for first in range(0, len(samples), 333):
        signals.push(samples[first : first + 333])
    expected = naive(samples, gyroscope=gyroscope)
    facts = signals._facts[0]
    for name, value in expected.items():
        np.testing.assert_allclose(facts[name], value, rtol=1e-9, atol=1e-6, err_msg=name)
    assert signals.moving_share == pytest.approx(expected["moving"] / expected["looked"])
    assert signals.held_share == pytest.approx(expected["repeats"] / (expected["moving"] * HZ))
    np.testing.assert_allclose(signals.mean_acc_g, expected["sums"][:3] / expected["taken"] / G)
    np.testing.assert_allclose(signals.digest, [len(samples), *expected["sums"]])
    if gyroscope:
        assert expected["followed"] > 5
        assert min(expected["closes"][0], expected["far_off"]) > 0
    assert max(expected["stuck"]) > 0


def with_facts(**facts: object) -> Signals:
    signals = Signals(100.0, with_gyroscope=True)
    for name, value in facts.items():
        signals._facts[name] = value
    return signals


@pytest.mark.parametrize(
    ("moving", "stuck", "named"),
    [(10, 1, False), (10, 2, True), (40, 2, True), (60, 2, False), (60, 3, True)],
)
def test_an_axis_is_stuck_from_two_seconds_and_one_in_twenty_on(moving, stuck, named) -> None:
    found = with_facts(moving=moving, stuck=[0, 0, 0, stuck, 0, 0]).stuck_axes
    assert found == (["gyroscope x"] if named else [])


@pytest.mark.parametrize(
    ("followed", "closes", "turns", "far_off", "far"),
    [
        (2, [0, 1], False, 2, False),
        (2, [0, 2], True, 3, True),
        (5, [0, 2], True, 3, True),
        (6, [0, 2], False, 3, False),
        (10, [0, 4], True, 6, True),
        (10, [1, 4], False, 5, False),
        (10, [1, 5], True, 7, True),
    ],
)
def test_a_gyroscope_turns_the_other_way_or_is_far_off(followed, closes, turns, far_off, far):
    signals = with_facts(followed=followed, closes=closes, far_off=far_off)
    assert signals.turns_the_other_way is turns
    assert signals.far_off is far


def test_before_the_first_sample_nothing_is_known() -> None:
    signals = Signals(100.0, with_gyroscope=True)
    assert (signals.moving_share, signals.held_share) == (0.0, 0.0)
    assert signals.mean_acc_g == (0.0, 0.0, 0.0)
    assert signals.stuck_axes == []
    assert not signals.far_off
