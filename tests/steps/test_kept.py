"""The memory of raw samples against plain concatenation."""

import numpy as np

from gait.model import Samples
from gait.steps.ring_buffer import RingBuffer

MOST, PIECE = 50, 20


def test_the_last_samples_are_kept_whatever_the_blocks_and_the_start() -> None:
    rng = np.random.default_rng(1)
    n = 3000
    everything = Samples(np.arange(n) * 0.01, rng.random((n, 3)), rng.random((n, 3)))
    everything.breaks[:] = rng.random(n) < 0.1
    kept = RingBuffer(MOST, PIECE)
    at = start = 0
    while at < n:
        count = int(rng.integers(1, PIECE + 1))
        first = kept.add(everything[at : at + count])
        assert kept.time_s[first] == everything.time_s[at]
        at = min(n, at + count)
        if rng.random() < 0.1:
            kept.start += int(rng.integers(0, len(kept) + 1))
            start = at - len(kept)
        if rng.random() < 0.02:
            kept.clear()
            start = at
        held, expected = kept.samples(), everything[max(start, at - MOST) : at]
        for name in ("time_s", "acc", "gyr", "breaks"):
            np.testing.assert_array_equal(getattr(held, name), getattr(expected, name))
    assert len(kept.time_s) <= 2 * (MOST + PIECE)
