"""The benchmark of live sessions runs and counts right; how fast it is, is not asserted."""

import dataclasses
import time
from array import array

import numpy as np

from benchmarks.live import PAGE, Measured, measure, page, report
from benchmarks.scheduling import Machine, Watching

QUIET = Machine(
    cores=2,
    load=(0.1, 0.2, 0.3),
    overslept_ms=array("d", [0.1] * 99 + [0.2]),
    wall_s=60.0,
    cpu_s=30.0,
    waited_s=0.3,
)


def test_a_tiny_run_measures_every_stride():
    found = measure(4.0, speed=4.0)
    assert found.strides == len(found.delays_ms) + len(found.at_once_ms) > 4
    assert np.all(found.delays_ms > 0)
    assert 4 * 2 * 15 * found.seconds < found.packets < 4 * 2 * 25 * found.seconds
    assert found.load_pct > 0
    assert found.strides == int(report(found).split(" packets, ")[1].split(" strides")[0])
    assert len(found.machine.overslept_ms) > 100
    assert found.machine.cpu_s > 0
    assert found.machine.wall_s >= found.seconds / 4.0


def measured(delays_ms: list[float], load_pct: float, machine: Machine = QUIET) -> Measured:
    return Measured(60.0, 3, 100, np.array(delays_ms), np.array([]), load_pct, 500.0, machine)


def test_the_report_says_what_was_reached():
    assert report(measured([1.0, 1.0, 2.0], 3.0)).count("yes") == 3
    assert report(measured([3.0, 3.0, 20.0], 7.0)).count("NO") == 3


def test_a_busy_machine_is_told_from_a_slow_program():
    slow = report(measured([3.0, 3.0, 20.0], 7.0))
    assert "load at the start 0.10, 0.20, 0.30 (1, 5, 15 min), 2 cores" in slow
    assert "late by 0.10 ms (median)" in slow
    assert "median 30.0 times" in slow
    assert "processor time of a packet: median 6.0 times" in slow
    assert "50 % of a core" in slow
    assert "no core for 0.3 s, 1 % of its processor time" in slow
    assert "was busy" not in slow
    late = array("d", [0.1] * 95 + [8.0] * 5)
    busy = dataclasses.replace(QUIET, overslept_ms=late, load=None, waited_s=None)
    text = report(measured([3.0, 3.0, 20.0], 7.0, busy))
    assert "The machine was busy" in text
    assert "load at the start not told" in text
    kept = dataclasses.replace(QUIET, waited_s=15.0)
    assert "The machine was busy" in report(measured([3.0, 3.0, 20.0], 7.0, kept))


def test_a_process_that_only_sleeps_sees_each_of_its_sleeps():
    """Against the clock: so many sleeps and what they were late by make up the time."""
    with Watching() as watching:
        began_s = time.perf_counter()
        time.sleep(0.3)
        lasted_s = time.perf_counter() - began_s
    late_ms = watching.seen.overslept_ms
    assert min(late_ms) > -0.5
    slept_s = 1e-3 * (len(late_ms) + sum(late_ms))
    assert slept_s > 0.5 * lasted_s
    assert watching.seen.cpu_s < watching.seen.wall_s


def test_the_page_is_of_this_benchmark():
    made = page(measured([1.0, 1.0, 2.0], 3.0)).split("```text")[0]
    assert PAGE.read_text(encoding="utf-8").startswith(made)
