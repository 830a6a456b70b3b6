"""Per-stride measures against a naive recomputation from the window."""

import numpy as np
import pytest
from shared_data import samples

from gait.measures import stride as compiled
from gait.measures.strides import measure_strides, pair_feet, strike_of
from gait.measures.table import BY_NAME, STRIDE_MEASURES, compiled_measures, empty_strides
from gait.model import SensorInfo, Side, Strike, Why
from gait.model.window import ACC, PITCH, POSITION, ROLL, TIME, Closed
from gait.steps.detector import StepDetector


def joined(parts: list[Closed]) -> Closed:
    """All parts as one, each stride pointing to its window in all windows."""
    rows = np.cumsum([0, *(len(part.windows) for part in parts)])
    strides = np.concatenate([part.strides for part in parts])
    strides["window_start"] += np.repeat(rows[:-1], [len(part.strides) for part in parts])
    return Closed(strides, np.concatenate([part.windows for part in parts]))


@pytest.fixture(scope="module")
def closed() -> Closed:
    detector = StepDetector(SensorInfo(side=Side.RIGHT, rate_hz=400.0))
    parts = [*detector.push(samples("running", "runnerA_3mps_right")), *detector.finish()]
    return joined(parts)


def naive(window: np.ndarray, stride: np.void) -> dict[str, float]:
    t = window[:, TIME]
    pronation = -window[:, ROLL]  # a right foot
    stance = (t > stride["ic_s"]) & (t <= stride["tc_s"])
    at_ic = np.interp(stride["ic_s"], t, pronation)
    early = (t >= t[stride["ic"]]) & (t <= stride["ic_s"] + 0.050 + 0.0025)
    size = np.linalg.norm(window[:, ACC : ACC + 3], axis=1) / 9.80665
    end = window[stride["next_mid_stance"], POSITION : POSITION + 2]
    took = t[stride["next_mid_stance"]] - t[stride["mid_stance"]]
    return {
        "cadence_spm": 2 * 60 / (stride["next_ic_s"] - stride["ic_s"]),
        "contact_ms": 1000 * (stride["tc_s"] - stride["ic_s"]),
        "strike_angle_deg": np.degrees(np.interp(stride["ic_s"], t, window[:, PITCH])),
        "roll_at_ic_deg": np.degrees(at_ic),
        "pronation_excursion_deg": max(0.0, np.degrees(pronation[stance].max() - at_ic)),
        "impact_g": size[early].max(),
        "stride_length_m": float(np.hypot(*end)),
        "speed_m_s": float(np.hypot(*end) / took),
    }


def test_measures_agree_with_a_naive_recomputation(closed: Closed) -> None:
    found = measure_strides(closed)
    compared = 0
    for record, stride in zip(found, closed.strides, strict=True):
        if stride["next_mid_stance"] < 0:
            continue
        start = stride["window_start"]
        window = closed.windows[start : start + stride["window_length"]]
        for name, value in naive(window, stride).items():
            if np.isfinite(record[name]):
                assert record[name] == pytest.approx(value, rel=1e-6, abs=1e-6), name
                compared += 1
    assert compared > 50


def test_applying_all_at_once_is_calling_one_by_one(closed: Closed) -> None:
    found = measure_strides(closed)
    for record, stride in zip(found, closed.strides, strict=True):
        start = stride["window_start"]
        window = closed.windows[start : start + stride["window_length"]]
        for name in compiled_measures():
            alone = getattr(compiled, name)(window, stride)
            if np.isfinite(record[name]):
                assert record[name] == alone


def test_every_row_of_the_table_has_its_function_and_words() -> None:
    for row in STRIDE_MEASURES:
        assert row.paired or callable(getattr(compiled, row.name))
        assert row.label
        assert row.sentence.endswith(".")
        assert row.method_sd > 0
    assert len(BY_NAME) == len(STRIDE_MEASURES)


def test_strike_classes_follow_the_published_limits() -> None:
    angles = np.array([8.1, 7.9, 0.0, -1.5, -1.7, np.nan])
    assert strike_of(angles).tolist() == [
        Strike.REARFOOT,
        Strike.MIDFOOT,
        Strike.MIDFOOT,
        Strike.MIDFOOT,
        Strike.FOREFOOT,
        Strike.UNKNOWN,
    ]


def foot(side: int, first_ic: float, count: int, stride_s: float = 0.72, contact_s: float = 0.25):
    strides = empty_strides(count)
    strides["side"] = side
    strides["valid"] = True
    strides["ic_s"] = first_ic + np.arange(count) * stride_s
    strides["tc_s"] = strides["ic_s"] + contact_s
    strides["stride_s"] = stride_s
    return strides


def test_flight_is_from_this_toe_off_to_the_other_contact() -> None:
    both = pair_feet([foot(0, 10.0, 5), foot(1, 10.36, 5)])
    assert (np.diff(both["ic_s"]) > 0).all()
    np.testing.assert_allclose(both["flight_ms"][:-1], 110.0)
    assert np.isnan(both["flight_ms"][-1])
    assert both["why"][-1] & Why.ONE_SHOE


def test_one_shoe_knows_no_flight() -> None:
    alone = pair_feet([foot(0, 10.0, 5)])
    assert np.isnan(alone["flight_ms"]).all()
    assert (alone["why"] & Why.ONE_SHOE).all()


def test_a_missed_contact_of_the_other_foot_makes_no_long_flight() -> None:
    other = np.delete(foot(1, 10.36, 5), 2)
    both = pair_feet([foot(0, 10.0, 5), other])
    assert np.nanmax(both["flight_ms"]) < 200.0
