"""The benchmark of live sessions runs and counts right; how fast it is, is not asserted."""

import numpy as np

from benchmarks.live import Measured, measure, report


def test_a_tiny_run_measures_every_stride():
    found = measure(4.0, speed=4.0)
    assert found.strides == len(found.delays_ms) + len(found.at_once_ms) > 4
    assert np.all(found.delays_ms > 0)
    assert 4 * 2 * 15 * found.seconds < found.packets < 4 * 2 * 25 * found.seconds
    assert found.load_pct > 0
    assert found.strides == int(report(found).split(" packets, ")[1].split(" strides")[0])


def test_the_report_says_what_was_reached():
    fast = Measured(60.0, 3, 100, np.array([1.0, 1.0, 2.0]), np.array([]), 3.0, 500.0)
    assert report(fast).count("yes") == 3
    slow = Measured(60.0, 3, 100, np.array([3.0, 3.0, 20.0]), np.array([]), 7.0, 500.0)
    assert report(slow).count("NO") == 3
