"""The average step beside plain numpy over every window."""

import numpy as np
import pytest

from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.measures.curves import LEAST, POINTS, StepCurves, together
from gait.measures.strides import measure_strides
from gait.measures.table import ANGLES, SHOCK
from gait.model import Activity, Side, StepCurve
from gait.model.window import ACC, PITCH, ROLL, TIME
from gait.steps.detector import StepDetector


@pytest.fixture(scope="module", params=list(Side))
def closed(request):
    foot = virtual_feet(SimulateOptions("run_walk_run", seconds=40.0, seed=3))[request.param]
    detector = StepDetector(foot.info)
    return [*detector.push(foot.samples), *detector.finish()]


def naive(parts):
    found = {"tilt": [], "roll": [], "shake": []}
    for part in parts:
        strides = measure_strides(part)
        for e, stride in zip(part.strides, strides, strict=True):
            if not stride["valid"] or stride["activity"] != Activity.RUN:
                continue
            w = part.windows[e["window_start"] : e["window_start"] + e["window_length"]]
            t = np.linspace(e["ic_s"], e["next_ic_s"], POINTS)
            sign = 1.0 if e["side"] == 0 else -1.0
            signals = {
                "tilt": (np.degrees(w[:, PITCH]), ANGLES),
                "roll": (sign * np.degrees(w[:, ROLL]), ANGLES),
                "shake": (np.linalg.norm(w[:, ACC : ACC + 3], axis=1) / 9.80665, SHOCK),
            }
            for name, (signal, spoiled) in signals.items():
                if not int(e["why"]) & int(spoiled):
                    found[name].append(np.interp(t, w[:, TIME], signal))
    return {name: np.array(rows) for name, rows in found.items()}


def test_mean_and_spread_are_those_of_the_strides(closed):
    curves = StepCurves()
    for part in closed:
        curves.add(part, measure_strides(part))
    expected = naive(closed)
    for name, curve in curves.curves().items():
        rows = expected[name]
        assert curve.n == len(rows) > LEAST
        np.testing.assert_allclose(curve.mean, rows.mean(axis=0), atol=2e-3)
        np.testing.assert_allclose(curve.spread, rows.std(axis=0, ddof=1), atol=2e-3)
    assert set(curves.curves()) == set(expected)


def test_a_step_looks_like_one(closed):
    curves = StepCurves()
    for part in closed:
        curves.add(part, measure_strides(part))
    tilt = np.array(curves.curves()["tilt"].mean)
    shake = np.array(curves.curves()["shake"].mean)
    assert tilt[0] > 8.0  # the heel comes first
    assert tilt[30:60].min() < -30.0  # push-off
    assert shake[:12].max() > 4.0  # the landing


def test_too_few_strides_make_no_curve():
    assert StepCurves().curves() == {}


def test_curves_together_are_those_of_all_their_strides():
    rng = np.random.default_rng(4)
    parts = [rng.normal(m, s, (n, POINTS)) for m, s, n in ((0.0, 1.0, 12), (2.0, 0.5, 40))]
    curves = [
        StepCurve(
            unit="°",
            n=len(part),
            mean=part.mean(axis=0).tolist(),
            spread=part.std(axis=0, ddof=1).tolist(),
        )
        for part in parts
    ]
    found, every = together(curves), np.concatenate(parts)
    assert found.n == 52
    np.testing.assert_allclose(found.mean, every.mean(axis=0), atol=6e-4)
    np.testing.assert_allclose(found.spread, every.std(axis=0, ddof=1), atol=6e-4)
