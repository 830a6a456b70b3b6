"""Small kernels of the detectors against plain recomputations in noise; their bounds by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from twin.signals import smooth, zero_phase_low_pass

from gait.model import QualityFlag
from gait.model.window import (
    ACC_CLIPPED,
    CLIPPED,
    GYR_CLIPPED,
    HISTORY_COLUMNS,
    TIME,
)
from gait.steps import accelerometer, stride_segmentation
from gait.steps.accelerometer import FORCE, new_state
from gait.steps.parameters import Parameters, RhythmParameters

P = Parameters()
R = RhythmParameters(run_stride_s=P.run_stride_s, walk_stride_s=P.walk_stride_s)
G = 9.80665


@pytest.mark.parametrize("seed", range(40))
def test_what_was_at_the_end_of_its_range(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 120
    history = np.zeros((n, HISTORY_COLUMNS))
    history[:, TIME] = 3.0 + 0.0024 * np.arange(n)
    often = random.choice([0.02, 0.3, 0.9])
    history[:, CLIPPED] = ACC_CLIPPED * (random.random(n) < 0.03) + GYR_CLIPPED * (
        random.random(n) < often
    )
    start, ic, stop = 5, int(random.integers(20, 50)), int(random.integers(60, n))
    expected = QualityFlag.NOTHING
    turning = 0
    for i in range(start, stop):
        flags, since_s = int(history[i, CLIPPED]), (i - ic) * 0.0024
        if flags & ACC_CLIPPED and i < ic and -since_s <= P.landing_view_s:
            expected |= QualityFlag.LANDING_CLIPPED
        if flags & ACC_CLIPPED and i >= ic:
            expected |= QualityFlag.ACC_CLIPPED
            if since_s <= P.impact_s:
                expected |= QualityFlag.IMPACT_CLIPPED
        if flags & GYR_CLIPPED and i >= ic:
            expected |= QualityFlag.GYR_CLIPPED
            turning += 1
    if turning > P.most_gyr_clipped_share * (stop - start):
        expected |= QualityFlag.EVENTS_CLIPPED
    found = stride_segmentation._clipping(history, start, ic, stop, P.record())
    assert QualityFlag(found) == expected


@pytest.mark.parametrize(
    ("walking", "stride_s", "contact_s", "odd"),
    [
        (False, 0.34, 0.2, True), (False, 0.36, 0.2, False), (False, 1.09, 0.3, False),
        (False, 1.11, 0.3, True), (False, 0.7, 0.05, True), (False, 0.7, 0.07, False),
        (False, 0.7, 0.49, False), (False, 0.7, 0.51, True), (False, 0.6, 0.44, False),
        (False, 0.6, 0.46, True), (False, 0.7, math.nan, False), (False, math.nan, 0.2, False),
        (True, 0.69, 0.4, True), (True, 0.71, 0.4, False), (True, 2.19, 1.3, False),
        (True, 2.21, 1.3, True), (True, 1.0, 0.29, True), (True, 1.0, 0.31, False),
        (True, 1.0, 0.89, False), (True, 1.0, 0.91, True),
    ],
)  # fmt: skip
def test_a_stride_that_no_steady_gait_has(walking, stride_s, contact_s, odd) -> None:
    expected = QualityFlag.ODD_DURATION if odd else QualityFlag.NOTHING
    assert stride_segmentation._odd(walking, stride_s, contact_s, P.record()) == int(expected)


def test_samples_at_the_end_of_a_range_are_counted_once() -> None:
    acc, gyr = np.zeros((6, 3)), np.zeros((6, 3))
    acc[0], gyr[0, 2] = [10.0, -10.0, 0.0], 5.0
    acc[1, 1] = -10.0
    acc[2, 1] = -9.9
    gyr[3, 0] = -5.1
    acc[4, 2], gyr[4, 1] = math.inf, math.nan  # no measurement
    ranges = np.array([10.0, 5.0])
    assert stride_segmentation.clipped_samples(acc, gyr, ranges) == 3
    assert [stride_segmentation._clipped(acc, gyr, i, ranges) for i in range(6)] == [
        ACC_CLIPPED | GYR_CLIPPED, ACC_CLIPPED, 0, GYR_CLIPPED, 0, 0
    ]  # fmt: skip


def force_of(seed: int, n: int = 400, rate_hz: float = 100.0) -> np.ndarray:
    """Time and length of the force, with a landing now and then."""
    random = np.random.default_rng(seed)
    history = np.zeros((n + 5, 2))
    history[:n, TIME] = 7.0 + np.arange(n) / rate_hz
    wave = 12.0 + 8.0 * np.sin(2.0 * np.pi * history[:n, TIME] / random.uniform(0.5, 1.0))
    history[:n, FORCE] = np.abs(wave + random.normal(0.0, 3.0, n))
    return history


@pytest.mark.parametrize("kept", [0, 1, 7, 8])
def test_the_first_sample_at_or_after_a_time(kept: int) -> None:
    history = np.zeros((10, 2))
    history[:, TIME] = [0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 5.0, 8.0, 0.0, 0.0]
    for t in (-1.0, 0.0, 0.5, 1.0, 2.5, 5.0, 5.1, 8.0, 9.0):
        times = list(history[:kept, TIME])
        expected = next((i for i, at in enumerate(times) if at >= t), kept)
        assert accelerometer._index_after(history, kept, t) == expected


def sharpness(history: np.ndarray, kept: int, from_s: float, to_s: float) -> float:
    inside = [i for i in range(kept) if from_s <= history[i, TIME] < to_s]
    apart = round(0.02 * 100.0)
    if len(inside) <= apart + 2:
        return 0.0
    force = history[inside, FORCE]
    steps = abs(force[apart:] - force[:-apart]) / (apart / 100.0)
    return steps.max() * (to_s - from_s) / force.std()


@pytest.mark.parametrize("seed", range(8))
def test_how_sharply_the_ground_stops_a_foot(seed: int) -> None:
    history = force_of(seed)
    for from_s, to_s in ((8.005, 8.705), (7.0, 7.025), (7.0, 7.055), (10.0, 99.0), (9.0, 9.8)):
        found = accelerometer._sharpness(history, 400, from_s, to_s, 100.0, R.record())
        expected = sharpness(history, 400, from_s, to_s)
        assert found == pytest.approx(expected, rel=1e-6)
    landings = np.array([10.9, 10.2, 9.4, 8.8, 8.1, 7.4])
    state = new_state()
    state["kept"] = 400
    for count in (2, 3, 5):
        parts = []
        for late, before in pairwise(landings[:count]):
            early_s = R.landing_share * (late - before)
            parts.append(sharpness(history, 400, before - early_s, late - early_s))
        mean = sum(parts) / len(parts)
        for least, sharp in ((0.99 * mean, True), (1.01 * mean, False)):
            p = R.record()
            p["least_sharpness"] = least
            found = accelerometer._sharp(state[0], history, landings, count, 100.0, p)
            assert bool(found) is sharp


@pytest.mark.parametrize("seed", range(8))
def test_the_share_of_a_stride_under_gravity_alone(seed: int) -> None:
    history = force_of(seed)
    from_s, to_s = 8.003, 8.9
    before = [i for i in range(400) if from_s - 0.1 <= history[i, TIME] < to_s + 0.1]
    low = zero_phase_low_pass(R.quiet_lowpass_hz, 100.0)
    force = dict(zip(before, smooth(history[before, FORCE], low), strict=True))
    inside = [i for i in before if from_s <= history[i, TIME] < to_s]
    quiet = [abs(force[i] - G) < 0.2 * G for i in inside]
    found = accelerometer._quiet_share(history, 400, from_s, to_s, 100.0, R.record())
    assert found == pytest.approx(sum(quiet) / len(quiet))


def landing(history: np.ndarray, from_s: float, to_s: float, period_s: float):
    """Steepest fall of the low-passed force, by a parabola through the three steepest."""
    margin_s = 0.35 * period_s
    time_s = history[:400, TIME]
    part = [i for i in range(400) if from_s - margin_s <= time_s[i] < to_s + margin_s]
    force = history[part, FORCE]
    force = np.minimum(force, max(3.0 * G, 2.5 * force.mean()))
    force = smooth(force, zero_phase_low_pass(2.2 / period_s, 100.0))
    t = time_s[part]
    first = int(np.searchsorted(t, from_s))
    last = min(len(part) - 2, int(np.searchsorted(t, to_s)))
    falls = {i: force[i + 1] - force[i - 1] for i in range(max(1, first), last + 1)}
    best = min(falls, key=lambda i: falls[i])
    if best in (max(1, first), last):
        return math.nan, 0.0
    a, b, c = (force[i + 1] - force[i - 1] for i in (best - 1, best, best + 1))
    at = t[best] + 0.01 * 0.5 * (a - c) / (a - 2.0 * b + c)
    return at, -b / 0.02


@pytest.mark.parametrize("seed", range(12))
def test_a_landing_is_the_steepest_fall(seed: int) -> None:
    history = force_of(seed)
    known = 0
    for middle_s in np.arange(8.0, 10.0, 0.13):
        from_s, to_s = middle_s - 0.17, middle_s + 0.17
        found = accelerometer._landing(history, 400, from_s, to_s, 0.7, 100.0, R.record())
        expected = landing(history, from_s, to_s, 0.7)
        assert found == pytest.approx(expected, rel=1e-6, nan_ok=True)
        known += math.isfinite(expected[0])
    assert known > 3
    before = accelerometer._landing(history, 400, 6.9, 7.4, 0.7, 100.0, R.record())
    assert math.isnan(before[0])


@pytest.mark.parametrize(
    ("from_s", "to_s", "first", "last"),
    [
        (2.5, 5.5, 2, 6),  # from the sample before to the one after
        (2.0, 5.0, 1, 5),
        (0.0, 9.5, 0, 9),
        (-1.0, 0.5, 0, 1),
        (8.5, 99.0, 8, 9),
        (3.2, 3.3, 3, 4),
    ],
)
@pytest.mark.parametrize("next_s", [6.25, math.nan])
def test_a_stride_that_is_only_counted_holds_the_times_of_its_samples(
    from_s, to_s, first, last, next_s
) -> None:
    history = np.zeros((14, 2))
    history[:, TIME] = np.arange(14.0)
    state = new_state()
    state["kept"], state["strides"], state["rows"] = 10, 1, 3
    closed, windows = accelerometer.output_room(25.0, 4)
    windows[:] = -7.0
    walking = bool(first % 2)
    accelerometer._emit(
        state[0], history, from_s, to_s, 2.25, next_s, walking, 4, closed, windows
    )  # fmt: skip
    e, n = closed[1], last - first + 1
    assert (e["window_start"], e["window_length"]) == (3, n)
    assert windows[3 : 3 + n, TIME].tolist() == list(range(first, last + 1))
    assert np.isnan(windows[3 : 3 + n, 1:]).all()
    assert (windows[:3] == -7.0).all()
    assert (windows[3 + n :] == -7.0).all()
    assert (state["strides"][0], state["rows"][0]) == (2, 3 + n)
    assert e["activity"] == (accelerometer.WALK if walking else accelerometer.RUN)
    assert (e["ic_s"], e["why"], e["ic"], e["tc"], e["mid_stance"]) == (2.25, 4, 0, -1, 0)
    assert (e["next_mid_stance"], e["ic_sd_s"]) == (-1, accelerometer.CONTACT_SD_S)
    assert e["next_ic"] == (-1 if math.isnan(next_s) else n - 1)
    for name in ("tc_s", "tc_sd_s", "closure", "lean", "turn"):
        assert math.isnan(e[name]), name
