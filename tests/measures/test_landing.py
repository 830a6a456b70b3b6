"""How a foot lands and swings: against a plain recomputation from the same windows."""

import numpy as np
import pytest

from gait.measures.landing import OFF_S, PRONATION_SHARE, UNSURE, changes_by, landings
from gait.model import Activity, SensorInfo, Side
from gait.model.window import PITCH, POSITION, ROLL, TIME, StrideBatch
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.steps.detector import StepDetector

SEGMENTS = [
    Segment(kind="stand", duration_s=3.0),
    Segment(kind="run", duration_s=14.0, speed_m_s=3.0),
]


@pytest.fixture(scope="module", params=list(Side))
def closed(request) -> list[StrideBatch]:
    side = request.param
    runner = Runner(toe_out_deg=8.0, foot_strike_deg=18.0)
    samples = measure(simulate(runner, SEGMENTS, seed=4)[side], Sensor(rate_hz=400.0), seed=4)
    detector = StepDetector(SensorInfo(side=side, rate_hz=400.0))
    return [*detector.push(samples), *detector.finish()]


def naive(e, w, landing_s: float) -> dict[str, float]:
    sign = 1.0 if e["side"] == 0 else -1.0
    time, roll = w[:, TIME], np.degrees(sign * w[:, ROLL])
    pitch = np.degrees(w[:, PITCH])
    at = np.interp(landing_s, time, roll)
    inside = (time > landing_s) & (time <= landing_s + PRONATION_SHARE * (e["tc_s"] - landing_s))
    path = w[e["mid_stance"] : e["next_mid_stance"] + 1, POSITION : POSITION + 2]
    x, y = (path[-1] - path[0]) / np.linalg.norm(path[-1] - path[0])
    aside = (path - path[0]) @ np.array([-y, x])
    most = np.flatnonzero(inside)[roll[inside].argmax()]
    pitch_at = np.interp(landing_s, time, pitch)
    return {
        "roll_deg": at,
        "inward_deg": roll[inside].max() - at,
        "outward_deg": at - roll[inside].min(),
        "swings_out_m": sign * aside[np.abs(aside).argmax()],
        "strike": pitch_at,
        "roll_by_deg": np.radians(pitch_at),
        "inward_by_deg": np.radians(pitch[most] - pitch_at),
    }


def test_every_column_is_what_a_plain_recomputation_gives(closed: list[StrideBatch]) -> None:
    seen = 0
    for part in closed:
        for e, found in zip(part.strides, landings(part), strict=True):
            if e["next_mid_stance"] < 0 or not e["tc_s"] > e["ic_s"]:
                continue
            if e["why"] & int(UNSURE):
                assert np.isnan(found["roll_deg"])
                continue
            w = part.windows[e["window_start"] : e["window_start"] + e["window_length"]]
            expected = naive(e, w, e["ic_s"])
            sooner, later = (naive(e, w, e["ic_s"] + off) for off in (-OFF_S, OFF_S))
            for name, of in (
                ("strike_by_ms", "strike"),
                ("roll_by_ms", "roll_deg"),
                ("inward_by_ms", "inward_deg"),
            ):
                expected[name] = (later[of] - sooner[of]) / (2e3 * OFF_S)
            del expected["strike"]
            for name, value in expected.items():
                assert found[name] == pytest.approx(value, abs=1e-9), name
            seen += 1
    assert seen > 10


def test_a_foot_lands_on_its_outer_edge_and_swings_round_the_other_leg(closed) -> None:
    found = np.concatenate([landings(part) for part in closed])
    assert np.nanmedian(found["roll_deg"]) < -2.0
    assert np.nanmedian(found["inward_deg"]) > np.nanmedian(found["outward_deg"]) + 2.0
    assert np.nanmedian(found["swings_out_m"]) > 0.0
    mirrored = []
    for part in closed:
        strides = part.strides.copy()
        strides["side"] = 1 - strides["side"]
        mirrored.append(landings(StrideBatch(strides, part.windows)))
    other = np.concatenate(mirrored)
    for name in ("roll_deg", "swings_out_m"):
        np.testing.assert_array_equal(other[name], -found[name])


def test_each_landing_keeps_whether_it_was_run_or_walked(closed: list[StrideBatch]) -> None:
    for part in closed:
        strides = part.strides.copy()
        strides["activity"] = np.resize([Activity.WALK, Activity.RUN], len(strides))
        found = landings(StrideBatch(strides, part.windows))
        np.testing.assert_array_equal(found["activity"], strides["activity"])


def test_changes_are_medians_of_running_and_never_below_zero(closed: list[StrideBatch]) -> None:
    found = np.concatenate([landings(part) for part in closed])
    by_ms, by_deg = changes_by(found)
    expected = np.nanmedian(np.abs(found["inward_by_ms"]))
    assert by_ms["pronation_excursion_deg"] == pytest.approx(expected)
    assert by_deg["pronation_excursion_deg"] > 0.1  # 18° of strike: 0.3° a degree
    found["activity"] = Activity.WALK
    assert set(changes_by(found)[0].values()) == {0.0}
