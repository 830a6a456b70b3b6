"""The speed benchmark runs; waiting and memory, which are not timing, hold what is promised."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed.feet import left_foot, packets, repeated
from benchmarks.speed.stages import FIRST_S, STAGES, time_stages
from benchmarks.speed.starting import HELP, loads_numba
from benchmarks.speed.waiting import held_bytes, waiting
from gait.pipeline import Shoe

KNOWN_MS = 50.0
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("block", [0, 20, 1])
def test_every_stage_is_timed(block: int) -> None:
    timing = time_stages(left_foot(100.0, 17.0), block, repeats=1)
    assert set(timing.ns) == set(STAGES)
    assert all(ns > 0.0 for ns in timing.ns.values())
    assert timing.ratio("strapdown") == 1.0
    assert timing.samples == pytest.approx(100.0 * (3.0 + 17.0 - FIRST_S), abs=20)
    assert timing.strides > 3


@pytest.mark.parametrize("block", [1, 19, 20])
def test_packets_hold_the_samples_asked_for(block: int) -> None:
    foot = left_foot(100.0, 1.0)
    sent = packets(foot, block)
    assert len(sent) == -(-len(foot.samples) // block)


@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_a_stride_is_known_with_the_packet_that_decides_it(rate_hz: float) -> None:
    found = waiting(left_foot(rate_hz, 15.0), 20)
    assert len(found.known) == len(found.decided) > 10
    assert np.all(found.known >= found.decided)
    assert found.most_ms <= KNOWN_MS


def test_what_is_held_does_not_grow() -> None:
    foot = left_foot(100.0, 20.0)
    endless = repeated(foot.samples, 30)
    shoe = Shoe(foot.info)
    held = []
    for minute in range(0, len(endless), len(foot.samples)):
        for at in range(minute, minute + len(foot.samples), 20):
            shoe.take(endless[at : at + 20])
        held.append(held_bytes(shoe._detector))
    assert len(shoe.strides) > 500
    assert held[-1] > 0
    # held back strides come and go; nothing comes to stay
    assert max(held[15:]) <= 1.05 * max(held[5:15])


def test_help_loads_no_numba() -> None:
    assert not loads_numba(HELP)


def test_it_says_what_it_does() -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "strapdowns" in said.stdout
