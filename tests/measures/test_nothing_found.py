"""Why no steps were found, in words."""

from dataclasses import replace

import numpy as np
import pytest

from gait.measures.no_steps import Recording, why_nothing
from gait.model import Samples, SensorInfo, Side
from gait.pipeline import analyze_samples, summarise
from gait.report.first_screen import first_screen
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.simulate import disturbance as life

USUAL = Recording(lasts_s=60.0, rate_hz=200.0, samples=12_000, moving_share=0.9)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"samples": 0}, "sent no samples"),
        ({"lasts_s": 4.0}, "only 4 s were recorded"),
        ({"moving_share": 0.05}, "hardly moved"),
        ({"missing_share": 0.11, "gaps": 700}, "missing all along: 11 %"),
        ({"missing_share": 0.3, "gaps": 3}, "missing in 3 places: 30 %"),
        ({"wrong_share": 0.04}, "4 % of the samples are no measurements"),
        ({"gyroscope": "the gyroscope gives nothing"}, "the gyroscope gives nothing"),
        ({"rate_hz": 22.0}, "22 samples a second"),
        ({}, "not in the rhythm of steps"),
    ],
)
def test_each_reason(what: dict, said: str) -> None:
    assert said in why_nothing(replace(USUAL, **what))


def test_reasons_stand_together_and_none_is_made_up() -> None:
    said = why_nothing(
        replace(USUAL, missing_share=0.11, gaps=700, gyroscope="the gyroscope gives nothing")
    )
    assert said == "samples are missing all along: 11 % of them; the gyroscope gives nothing"
    assert "hardly moved" not in why_nothing(replace(USUAL, wrong_share=1.0, moving_share=0.0))


def running() -> Samples:
    segments = [Segment(kind="run", duration_s=30.0, speed_m_s=3.0)]
    motion = simulate(Runner(), segments, seed=2)[Side.LEFT]
    return measure(motion, Sensor(rate_hz=200.0), seed=2)


def still(samples: Samples) -> Samples:
    rng = np.random.default_rng(1)
    n = len(samples)
    acc = np.array([0.0, 0.0, 9.81]) + rng.normal(0.0, 0.02, (n, 3))
    return Samples(samples.time_s, acc, rng.normal(0.0, 0.01, (n, 3)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: life.lose_packets(s, 0.7, np.random.default_rng(1)), "samples are missing"),
        (still, "the foot hardly moved"),
        (lambda s: s[:900], "only 4 s were recorded"),
        (lambda s: life.zero_start(s, 100.0), "no measurements"),
        (lambda s: s[:0], "sent no samples"),
    ],
)
def test_the_reason_is_told_wherever_nothing_was_found(change, said: str) -> None:
    info = SensorInfo(side=Side.LEFT, rate_hz=200.0, acc_range_g=16.0, gyr_range_dps=2000.0)
    summary = summarise(analyze_samples({Side.LEFT: (change(running()), info)}), source="x")
    assert summary.strides["left"].found == 0
    assert said in (summary.measures["left"]["cadence_spm"].why_not or "")
    assert said in (summary.measures["both"]["cadence_spm"].why_not or "")
    assert said in (summary.distance.why_not or "")
    screen = first_screen(summary)
    assert screen.says.startswith("No steps were found")
    assert said in screen.says
    assert not screen.out
    assert not screen.numbers
    assert screen.to_do == "Put that right and record again."
