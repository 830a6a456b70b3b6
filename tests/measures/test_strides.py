"""Per-stride measures against a naive recomputation from the window."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.signal import freqz, lfilter
from scipy.spatial.transform import Rotation
from shared_data import samples

from gait.measures import stride as kernels
from gait.measures.strides import measure_strides, pair_feet, strike_of
from gait.measures.table import BY_NAME, STRIDE_MEASURES, compiled_measures, empty_strides
from gait.model import QualityFlag, SensorInfo, Side, Strike
from gait.model.window import ACC, GYR, LEVEL_ACC, PITCH, POSITION, ROLL, TIME, StrideBatch
from gait.steps.detector import StepDetector


def joined(parts: list[StrideBatch]) -> StrideBatch:
    """All parts as one, each stride pointing to its window in all windows."""
    rows = np.cumsum([0, *(len(part.windows) for part in parts)])
    strides = np.concatenate([part.strides for part in parts])
    strides["window_start"] += np.repeat(rows[:-1], [len(part.strides) for part in parts])
    return StrideBatch(strides, np.concatenate([part.windows for part in parts]))


@pytest.fixture(scope="module")
def closed() -> StrideBatch:
    detector = StepDetector(SensorInfo(side=Side.RIGHT, rate_hz=400.0))
    parts = [*detector.push(samples("running", "runnerA_3mps_right")), *detector.finish()]
    return joined(parts)


def naive_bounce_mm(contact_s: float, flight_s: float) -> float:
    """Twice integrated: half a sine of force over contact, then free flight."""
    if flight_s < 0:
        return np.nan
    t = np.linspace(0.0, contact_s, 20001)
    g = 9.80665
    peak = np.pi / 2 * g * (flight_s / contact_s + 1)
    acceleration = peak * np.sin(np.pi * t / contact_s) - g
    velocity = np.concatenate([[0.0], cumulative_trapezoid(acceleration, t)])
    velocity -= g * flight_s / 2  # it falls for half the flight before
    height = np.concatenate([[0.0], cumulative_trapezoid(velocity, t)])
    return 1e3 * (g * (flight_s / 2) ** 2 / 2 - height.min())


def naive_shock_g(window: np.ndarray, stride: np.void) -> float:
    """scipy's own band-pass, forwards and backwards, from rest at the start of the window."""
    middle, quality, rate = np.sqrt(200.0), 0.908, stride["rate_hz"]
    turn = 2 * np.pi * middle / rate
    width = np.sin(turn) / (2 * quality)
    b, a = [width, 0.0, -width], [1 + width, -2 * np.cos(turn), 1 - width]
    upward = window[:, LEVEL_ACC + 2] - window[0, LEVEL_ACC + 2]
    band = lfilter(b, a, lfilter(b, a, upward)[::-1])[::-1]
    inside = slice(stride["ic"], stride["tc"] + 1)
    return float(np.sqrt(np.mean(np.square(band[inside]))) / 9.80665)


def naive(window: np.ndarray, stride: np.void) -> dict[str, float]:
    t = window[:, TIME]
    pronation = -window[:, ROLL]  # a right foot
    stance = (t > stride["ic_s"]) & (t <= stride["tc_s"])
    contact_s = stride["tc_s"] - stride["ic_s"]
    stride_s = stride["next_ic_s"] - stride["ic_s"]
    early_stance = stance & (t <= stride["ic_s"] + 0.6 * contact_s)
    at_ic = np.interp(stride["ic_s"], t, pronation)
    early = (t >= t[stride["ic"]]) & (t <= stride["ic_s"] + 0.050 + 0.0025)
    size = np.linalg.norm(window[:, ACC : ACC + 3], axis=1) / 9.80665
    most = np.flatnonzero(early_stance)[pronation[early_stance].argmax()]
    reach = round(0.010 * stride["rate_hz"])  # on either side, over the first half of contact
    first, half = stride["ic"], (stride["tc"] - stride["ic"]) // 2
    at = np.arange(max(first, reach), min(first + half + 1, len(t) - reach))
    slopes = (pronation[at + reach] - pronation[at - reach]) / (t[at + reach] - t[at - reach])
    end = window[stride["next_mid_stance"], POSITION : POSITION + 2]
    took = t[stride["next_mid_stance"]] - t[stride["mid_stance"]]
    return {
        "time_to_pronation_ms": 1000 * (t[most] - stride["ic_s"]),
        "pronation_velocity_deg_s": np.degrees(slopes.max()),
        "cadence_spm": 2 * 60 / (stride["next_ic_s"] - stride["ic_s"]),
        "contact_ms": 1000 * (stride["tc_s"] - stride["ic_s"]),
        "strike_angle_deg": np.degrees(np.interp(stride["ic_s"], t, window[:, PITCH])),
        "roll_at_ic_deg": np.degrees(at_ic),
        "pronation_excursion_deg": max(0.0, np.degrees(pronation[early_stance].max() - at_ic)),
        "swing_ms": 1000 * (stride["next_ic_s"] - stride["tc_s"]),
        "vertical_oscillation_mm": naive_bounce_mm(contact_s, stride_s / 2 - contact_s),
        "impact_g": size[early].max(),
        "axial_g": window[early, LEVEL_ACC + 2].max() / 9.80665,
        "braking_g": max(0.0, (-window[early, LEVEL_ACC]).max()) / 9.80665,
        "duty_factor_pct": 100 * contact_s / stride_s,
        "shock_g": naive_shock_g(window, stride),
        "stride_length_m": float(np.hypot(*end)),
        "step_length_m": float(np.hypot(*end)) / 2,
        "speed_m_s": float(np.hypot(*end) / took),
    }


def test_measures_agree_with_a_naive_recomputation(closed: StrideBatch) -> None:
    found = measure_strides(closed)
    compared = 0
    for record, stride in zip(found, closed.strides, strict=True):
        if stride["next_mid_stance"] < 0:
            continue
        start = stride["window_start"]
        window = closed.windows[start : start + stride["window_length"]]
        for name, value in naive(window, stride).items():
            if np.isfinite(record[name]):
                rel = 1e-4 if name == "vertical_oscillation_mm" else 1e-6  # integrated in steps
                assert record[name] == pytest.approx(value, rel=rel, abs=1e-6), name
                compared += 1
    assert compared > 50


def up_in_mid_stance(window: np.ndarray, stride: np.void) -> np.ndarray:
    """Gravity of a whole stride in the axes of the foot in mid-stance, from rates turned here."""
    rows = window[stride["mid_stance"] : stride["next_mid_stance"] + 1]
    turned, forces = Rotation.identity(), [rows[0, ACC : ACC + 3]]
    for before, after in pairwise(rows):
        rate = 0.5 * (before[GYR : GYR + 3] + after[GYR : GYR + 3])
        turned = turned * Rotation.from_rotvec(rate * (after[TIME] - before[TIME]))
        forces.append(turned.apply(after[ACC : ACC + 3]))
    return np.trapezoid(forces, rows[:, TIME], axis=0)


def test_roll_from_standing_is_that_of_gravity_over_the_stride(closed: StrideBatch) -> None:
    found = measure_strides(closed)
    off = []
    for record, stride in zip(found, closed.strides, strict=True):
        if stride["next_mid_stance"] >= 0 and np.isfinite(record["roll_at_ic_standing_deg"]):
            window = closed.windows[stride["window_start"] :][: stride["window_length"]]
            _, side, up = up_in_mid_stance(window, stride)
            from_mid_stance = -np.degrees(np.arctan2(side, up))  # a right foot
            more = record["roll_at_ic_standing_deg"] - record["roll_at_ic_deg"]
            off.append(more - from_mid_stance)
    assert len(off) > 5
    assert np.abs(off).max() < 1.0  # the detector also spreads what orientation drifted


def test_the_shock_band_is_10_to_20_hz() -> None:
    impulse = np.zeros(8000)
    impulse[4000] = 1.0
    kernels._shock_band(impulse, 400.0)
    _, gain = freqz(impulse, worN=[3.0, 10.0, 14.14, 20.0, 60.0], fs=400.0)
    decibel = 20 * np.log10(np.abs(gain))
    np.testing.assert_allclose(decibel[1:4], [-3.0, 0.0, -3.0], atol=0.1)
    assert (decibel[[0, 4]] < -14.0).all()


def test_applying_all_at_once_is_calling_one_by_one(closed: StrideBatch) -> None:
    found = measure_strides(closed)
    for record, stride in zip(found, closed.strides, strict=True):
        start = stride["window_start"]
        window = closed.windows[start : start + stride["window_length"]]
        for name in compiled_measures():
            alone = getattr(kernels, name)(window, stride)
            if np.isfinite(record[name]):
                assert record[name] == alone


def test_every_row_of_the_table_has_its_function_and_words() -> None:
    for row in STRIDE_MEASURES:
        assert row.paired or callable(getattr(kernels, row.name))
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
    assert both["why"][-1] & QualityFlag.ONE_SHOE


def test_step_time_is_from_this_contact_to_the_other() -> None:
    both = pair_feet([foot(0, 10.0, 5), foot(1, 10.34, 5)])
    left = both["side"] == 0
    np.testing.assert_allclose(both["step_time_ms"][left], 340.0)
    np.testing.assert_allclose(both["step_time_ms"][~left][:-1], 380.0)


def test_one_shoe_knows_no_flight() -> None:
    alone = pair_feet([foot(0, 10.0, 5)])
    assert np.isnan(alone["flight_ms"]).all()
    assert np.isnan(alone["step_time_ms"]).all()
    assert (alone["why"] & QualityFlag.ONE_SHOE).all()


def test_a_missed_contact_of_the_other_foot_makes_no_long_flight() -> None:
    other = np.delete(foot(1, 10.36, 5), 2)
    both = pair_feet([foot(0, 10.0, 5), other])
    assert np.nanmax(both["flight_ms"]) < 200.0
