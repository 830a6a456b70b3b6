"""Only a second of quiet standing or more says how the shoe stands; what is shorter says nothing.

A moment in which the foot happens not to move would else be taken for the neutral of all angles.
"""

from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gait.measures.strides import measure_strides
from gait.model import QualityFlag, Samples, SensorInfo, Side
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.steps.detector import StepDetector
from gait.steps.mounting import still_parts
from gait.steps.parameters import Parameters

G = 9.80665
LEAST_S = 1.0  # less than the two that a runner is asked for, more than any stance lasts
WINDOW_S = 0.25  # stillness is looked for in pieces of so long, so up to two of them may be cut


def wandering(seconds: float, rate_hz: float, *still: tuple[float, float]) -> Samples:
    """A sensor that is shaken all the time but for these stretches, where it only has its noise."""
    rng = np.random.default_rng(7)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    acc = np.array([0.0, 0.0, G]) + 8.0 * rng.standard_normal((len(t), 3))
    gyr = 3.0 * rng.standard_normal((len(t), 3))
    for begin_s, end_s in still:
        quiet = (t >= begin_s) & (t < end_s)
        acc[quiet] = [0.0, 0.0, G] + 0.02 * rng.standard_normal((quiet.sum(), 3))
        gyr[quiet] = 0.002 * rng.standard_normal((quiet.sum(), 3))
    return Samples(t, acc, gyr, np.zeros(len(t), dtype=np.bool_))


def found(samples: Samples, rate_hz: float) -> list[tuple[float, float]]:
    return [(a / rate_hz, b / rate_hz) for a, b in still_parts(samples, rate_hz, Parameters())]


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 208.0, 400.0])
@pytest.mark.parametrize("begin_s", [0.0, 2.0, 2.1, 3.33])
def test_standing_of_less_than_a_second_does_not_count(rate_hz: float, begin_s: float) -> None:
    for long_s in (0.1, 0.25, 0.5, 0.75, 0.95):
        samples = wandering(6.0, rate_hz, (begin_s, begin_s + long_s))
        assert found(samples, rate_hz) == [], long_s


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 208.0, 400.0])
@pytest.mark.parametrize("begin_s", [0.0, 2.0, 2.1, 3.33])
def test_standing_of_more_than_a_second_counts_with_nothing_else_in_it(
    rate_hz: float, begin_s: float
) -> None:
    for long_s in (LEAST_S + 2 * WINDOW_S, 2.0, 2.6):
        end_s = begin_s + long_s
        ((a_s, b_s),) = found(wandering(6.0, rate_hz, (begin_s, end_s)), rate_hz)
        assert begin_s - 1e-9 <= a_s <= begin_s + WINDOW_S + 0.02
        assert end_s - WINDOW_S - 0.02 <= b_s <= end_s + 1e-9


def test_moments_of_standing_are_not_added_up() -> None:
    moments = [(begin_s, begin_s + 0.9) for begin_s in (1.0, 2.5, 4.0, 5.5)]
    assert found(wandering(8.0, 400.0, *moments), 400.0) == []


def test_what_is_missing_in_between_is_not_standing() -> None:
    """Two seconds of standing with a hole in the middle are two times less than one."""
    samples = wandering(6.0, 400.0, (2.0, 3.8))
    assert len(found(samples, 400.0)) == 1
    samples.breaks[round(2.9 * 400)] = True
    assert found(samples, 400.0) == []


@pytest.mark.parametrize(
    ("what", "acc", "gyr"),
    [
        ("falling", [0.0, 0.0, 0.2], [0.0, 0.0, 0.0]),
        ("in a train that brakes", [6.0, 0.0, G], [0.0, 0.0, 0.0]),
        ("turned evenly", [0.0, 0.0, G], [0.0, 0.0, 0.8]),
    ],
)
def test_what_is_even_and_no_standing_does_not_count(what: str, acc, gyr) -> None:
    samples = wandering(6.0, 400.0, (1.0, 4.0))
    quiet = (samples.time_s >= 1.0) & (samples.time_s < 4.0)
    samples.acc[quiet] += np.array(acc) - [0.0, 0.0, G]
    samples.gyr[quiet] += gyr
    assert found(samples, 400.0) == [], what


@cache
def run_after(standing_s: float) -> tuple[StepDetector, np.ndarray]:
    """Strides of a runner who set off so long after the recording began, and what found them."""
    segments = [Segment(kind="run", duration_s=20.0, speed_m_s=3.0)]
    motion = simulate(Runner(), segments, seed=4)[Side.LEFT]
    sensor = Sensor(rate_hz=400.0).mounted(Rotation.from_euler("xyz", (30, 10, 50), degrees=True))
    info = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0)
    samples = measure(motion, sensor, seed=5)
    moves = int(np.argmax(np.linalg.norm(samples.gyr, axis=1) > 0.5))
    runs_s = samples.time_s[-1] - 3.0  # it ends in standing
    samples = samples[moves - round(standing_s * 400.0) : round(runs_s * 400.0)]
    detector = StepDetector(info)
    closed = [*detector.push(samples), *detector.finish()]
    return detector, np.concatenate([measure_strides(one) for one in closed])


@pytest.mark.parametrize("standing_s", [0.3, 0.5, 0.8])
def test_a_runner_who_hardly_stood_has_no_angle_from_standing(standing_s: float) -> None:
    detector, strides = run_after(standing_s)
    assert detector.mounting is not None
    assert not detector.mounting.standing
    assert detector.mounting.quality != "good"
    assert strides["valid"].sum() > 10
    for name in ("roll_at_ic_standing_deg", "roll_max_standing_deg", "everted_pct"):
        assert np.isnan(strides[name]).all(), name
    assert (strides["why"] & QualityFlag.NO_STANDING != 0).all()
    assert np.isfinite(strides["contact_ms"][strides["valid"]]).all()


def test_a_runner_who_stood_has_it() -> None:
    detector, strides = run_after(2.0)
    assert detector.mounting is not None
    assert detector.mounting.standing
    usable = strides[strides["valid"]]
    assert len(usable) > 10
    for name in ("roll_at_ic_standing_deg", "roll_max_standing_deg", "everted_pct"):
        assert np.isfinite(usable[name]).mean() > 0.8, name
    assert not (strides["why"] & QualityFlag.NO_STANDING).any()
