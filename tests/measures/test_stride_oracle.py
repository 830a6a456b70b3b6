"""Every measure of a stride in windows of noise, in which the largest value stands anywhere.

No foot moves so. A naive recomputation from the definitions gives the same numbers, whichever foot
it is and wherever the events lie.
"""

import math

import numpy as np
import pytest

from gait.measures.landing import LANDING, landings
from gait.measures.strides import measure_strides
from gait.measures.table import BY_NAME, compiled_measures
from gait.model import Activity
from gait.model.window import (
    ACC,
    CLOSED,
    COLUMNS,
    LEVEL_ACC,
    PITCH,
    POSITION,
    ROLL,
    TIME,
    StrideBatch,
)

G = 9.80665
COUNT = 60
RATE_HZ = 1000.0


def noise() -> StrideBatch:
    """Strides of both feet; every fifth has no next stance, every seventh no toe-off."""
    random = np.random.default_rng(11)
    strides = np.zeros(COUNT, CLOSED)
    windows = []
    start = 0
    for i, e in enumerate(strides):
        n = int(random.integers(120, 220))
        w = random.normal(0.0, 1.0, (n, COLUMNS))
        w[:, TIME] = 5.0 + np.cumsum(random.uniform(0.5e-3, 1.5e-3, n))
        w[:, [PITCH, ROLL]] *= 0.3
        ic, tc = int(random.integers(12, 20)), int(random.integers(60, 100))
        mid, next_mid = int(random.integers(ic, tc)), int(random.integers(tc, n))
        e["side"], e["rate_hz"], e["activity"] = i % 2, RATE_HZ, Activity.RUN
        # after its sample, by a part of the way to the next
        e["ic_s"], e["tc_s"] = (w[k, TIME] + 0.3 * (w[k + 1, TIME] - w[k, TIME]) for k in (ic, tc))
        e["next_ic_s"] = e["tc_s"] + random.uniform(0.1, 0.4)
        e["ic"], e["tc"], e["mid_stance"], e["next_mid_stance"] = ic, tc, mid, next_mid
        e["neutral_roll"] = random.normal(0.0, 0.05)
        if i % 5 == 4:
            e["next_mid_stance"] = -1
        if i % 7 == 6:
            e["tc"], e["tc_s"] = -1, np.nan
        e["window_start"], e["window_length"] = start, n
        start += n
        windows.append(w)
    return StrideBatch(strides, np.concatenate(windows))


def naive(w: np.ndarray, e: np.void) -> dict[str, float]:
    unknown = dict.fromkeys(compiled_measures(), math.nan)
    sign = 1.0 if e["side"] == 0 else -1.0
    t = list(w[:, TIME])
    pronation = [sign * roll for roll in w[:, ROLL]]
    at_ic = float(np.interp(e["ic_s"], t, pronation))
    contact_s, stride_s = e["tc_s"] - e["ic_s"], e["next_ic_s"] - e["ic_s"]
    # the samples from contact until the first one 50 ms later
    early = []
    for k in range(e["ic"], len(t)):
        early.append(k)
        if t[k] >= e["ic_s"] + 0.050:
            break
    found = {
        "cadence_spm": 120.0 / stride_s,
        "contact_ms": 1e3 * contact_s,
        "duty_factor_pct": 100.0 * contact_s / stride_s,
        "swing_ms": 1e3 * (e["next_ic_s"] - e["tc_s"]),
        "strike_angle_deg": math.degrees(np.interp(e["ic_s"], t, w[:, PITCH])),
        "roll_at_ic_deg": math.degrees(at_ic),
        "impact_g": max(math.dist(w[k, ACC : ACC + 3], (0, 0, 0)) for k in early) / G,
        "axial_g": max(w[k, LEVEL_ACC + 2] for k in early) / G,
        "braking_g": max(0.0, *(-w[k, LEVEL_ACC] for k in early)) / G,
    }
    flight_s = stride_s / 2 - contact_s
    if flight_s >= 0:
        # Morin 2005: force is half a sine of π/2 · (flight / contact + 1) body weights
        force = math.pi / 2 * (flight_s / contact_s + 1.0)
        sinks = force * G * contact_s**2 / math.pi**2 - G * contact_s**2 / 8.0
        found["vertical_oscillation_mm"] = 1e3 * (sinks + G * flight_s**2 / 8.0)
    standing = math.nan
    if e["next_mid_stance"] >= 0:
        m, n = e["mid_stance"], e["next_mid_stance"]
        tilt = math.atan2(w[m, ACC + 1], w[m, ACC + 2])
        level = math.atan2(w[m, LEVEL_ACC + 1], w[m, LEVEL_ACC + 2])
        standing = sign * (tilt - level - e["neutral_roll"])
        length = math.dist(w[n, POSITION : POSITION + 2], (0, 0))
        found["stride_length_m"], found["step_length_m"] = length, length / 2
        found["speed_m_s"] = length / (t[n] - t[m])
        found["swing_height_m"] = max(w[m : n + 1, POSITION + 2])
        found["roll_at_ic_standing_deg"] = math.degrees(at_ic + standing)
    if e["tc"] >= 0:
        inside = [
            k
            for k in range(len(t))
            if k > e["ic"] and k <= e["tc"] and t[k] <= e["ic_s"] + 0.6 * contact_s
        ]
        most = max(inside, key=lambda k: pronation[k])
        found["pronation_excursion_deg"] = max(0.0, math.degrees(pronation[most] - at_ic))
        found["time_to_pronation_ms"] = 1e3 * (t[most] - e["ic_s"])
        found["roll_max_standing_deg"] = math.degrees(pronation[most] + standing)
        stance = range(e["ic"], e["tc"] + 1)
        if not math.isnan(standing):
            everted = [pronation[k] + standing > 0.0 for k in stance]
            found["everted_pct"] = 100.0 * sum(everted) / len(stance)
        half = range(max(10, e["ic"]), e["ic"] + (e["tc"] - e["ic"]) // 2 + 1)
        slopes = [
            (pronation[k + 10] - pronation[k - 10]) / (t[k + 10] - t[k - 10])
            for k in half
            if k + 10 < len(t)
        ]
        found["pronation_velocity_deg_s"] = math.degrees(max(slopes))
    return {**unknown, **found}


def test_measures_of_noise() -> None:
    batch = noise()
    measured = measure_strides(batch)
    compared = dict.fromkeys(compiled_measures(), 0)
    for record, e in zip(measured, batch.strides, strict=True):
        w = batch.windows[e["window_start"] :][: e["window_length"]]
        for name, expected in naive(w, e).items():
            if name != "shock_g":
                assert record[name] == pytest.approx(expected, rel=1e-9, nan_ok=True), name
                compared[name] += math.isfinite(expected)
    assert min(count for name, count in compared.items() if name != "shock_g") > 20
    assert set(compared) == {name for name, row in BY_NAME.items() if not row.paired}


def turned(w: np.ndarray, e: np.void, landing_s: float, sign: float) -> tuple[float, ...]:
    """Roll and pitch at a moment of landing, most and least roll after it, pitch at the most."""
    t = w[:, TIME]
    last = landing_s + 0.6 * (e["tc_s"] - landing_s)
    inside = [k for k in range(len(t)) if landing_s < t[k] <= last]
    roll = [sign * w[k, ROLL] for k in inside]
    at = inside[int(np.argmax(roll))]
    begin = sign * np.interp(landing_s, t, w[:, ROLL])
    return begin, np.interp(landing_s, t, w[:, PITCH]), max(roll), min(roll), w[at, PITCH]


def test_landings_of_noise() -> None:
    batch = noise()
    for found, e in zip(landings(batch), batch.strides, strict=True):
        w = batch.windows[e["window_start"] :][: e["window_length"]]
        sign = 1.0 if e["side"] == 0 else -1.0
        expected = dict.fromkeys(LANDING.names or (), math.nan)
        if e["tc"] >= 0:
            roll, pitch, most, least, pitch_there = turned(w, e, e["ic_s"], sign)
            sooner, later = (turned(w, e, e["ic_s"] + off, sign) for off in (-0.008, 0.008))
            expected["roll_deg"] = math.degrees(roll)
            expected["inward_deg"] = math.degrees(most - roll)
            expected["outward_deg"] = math.degrees(roll - least)
            expected["roll_by_ms"] = math.degrees(later[0] - sooner[0]) / 16.0
            expected["strike_by_ms"] = math.degrees(later[1] - sooner[1]) / 16.0
            change = (later[2] - later[0]) - (sooner[2] - sooner[0])
            expected["inward_by_ms"] = math.degrees(change) / 16.0
            expected["roll_by_deg"] = pitch
            expected["inward_by_deg"] = pitch_there - pitch
        if e["next_mid_stance"] >= 0:
            way = w[e["mid_stance"] : e["next_mid_stance"] + 1, POSITION : POSITION + 2]
            way = way - way[0]
            length = math.dist(way[-1], (0, 0))
            off = (way[-1, 0] * way[:, 1] - way[-1, 1] * way[:, 0]) / length
            assert length >= 0.2  # shorter ones have no sides
            expected["swings_out_m"] = sign * off[np.argmax(abs(off))]
        expected["activity"] = Activity.RUN
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name
