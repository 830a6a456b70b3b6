"""Strides by speed, against plain loops."""

import math
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.measures.bins import CONTACT_SYMMETRY, ROLL_VARIABILITY, speed_bins
from gait.measures.table import STRIDE_MEASURES, empty_strides
from gait.model import Activity, Side


def strides_of(speeds, side, *, every_s=0.7, first_s=0.0, rng=None):
    made = empty_strides(len(speeds))
    made["side"] = side is Side.RIGHT
    made["activity"] = Activity.RUN
    made["valid"] = True
    made["ic_s"] = first_s + every_s * np.arange(len(speeds))
    made["stride_s"] = every_s
    made["speed_m_s"] = speeds
    rng = rng or np.random.default_rng(1)
    for name in ("contact_ms", "roll_at_ic_deg", "impact_g", "cadence_spm"):
        made[name] = rng.normal(200.0, 10.0, len(speeds))
    return made


def naive_bins(strides, least=20):
    """low → name → values, of those with enough strides."""
    found = {}
    for row in strides:
        if row["valid"] and row["activity"] == Activity.RUN and math.isfinite(row["speed_m_s"]):
            low = math.floor(row["speed_m_s"] / 0.25) * 0.25
            found.setdefault(low, []).append(row)
    return {
        low: {
            m.name: [r[m.name] for r in rows if math.isfinite(r[m.name])] for m in STRIDE_MEASURES
        }
        | {"n": [1] * len(rows)}
        for low, rows in found.items()
        if len(rows) >= least
    }


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), n=st.integers(0, 220), gaps=st.floats(0.0, 0.6))
def test_bins_against_plain_loops(seed, n, gaps) -> None:
    rng = np.random.default_rng(seed)
    strides = strides_of(rng.normal(3.0, 0.25, n), Side.LEFT, rng=rng)
    strides["valid"] &= rng.random(n) > 0.1
    strides["activity"][rng.random(n) < 0.1] = Activity.WALK
    strides["impact_g"][rng.random(n) < gaps] = np.nan
    strides["speed_m_s"][rng.random(n) < 0.1 * gaps] = np.nan
    expected = naive_bins(strides)
    found = speed_bins(strides)
    mine = {b.from_m_s: b for b in found.get("left", [])}
    assert set(mine) == set(expected)
    for low, values in expected.items():
        b = mine[low]
        assert b.n == len(values["n"])
        for m in STRIDE_MEASURES:
            if len(values[m.name]) < 20:
                assert m.name not in b.medians
                continue
            middle = median(values[m.name])
            assert b.medians[m.name] == pytest.approx(middle)
            assert b.counts[m.name] == len(values[m.name])
            mad = median(abs(v - middle) for v in values[m.name])
            assert b.spreads[m.name] == pytest.approx(1.4826 * mad)
        assert (ROLL_VARIABILITY in b.medians) == (len(values["roll_at_ic_deg"]) >= 50)


def test_the_first_minutes_and_the_last_are_left_out_of_a_long_run_only() -> None:
    for minutes, kept_s in ((6.5, 6.5 * 60), (7.5, 3.5 * 60), (30, 26 * 60)):
        strides = strides_of(np.full(int(minutes * 60 / 0.7), 3.1), Side.LEFT)
        (found,) = speed_bins(strides)["left"]
        assert 0.7 * found.n == pytest.approx(kept_s, abs=3.0), minutes


def test_two_minutes_are_enough() -> None:
    assert speed_bins(strides_of(np.full(170, 2.9), Side.LEFT))["left"][0].n == 170


def test_both_hold_the_runners_own_and_left_against_right() -> None:
    left = strides_of(np.full(100, 3.1), Side.LEFT)
    right = strides_of(np.full(90, 3.1), Side.RIGHT)
    left["contact_ms"], right["contact_ms"] = 252.0, 248.0
    found = speed_bins(np.concatenate([left, right]))
    (both,) = found["both"]
    assert both.n == 190
    assert both.medians[CONTACT_SYMMETRY] == pytest.approx(100.0 * 4.0 / 250.0)
    assert both.counts[CONTACT_SYMMETRY] == 90
    assert both.medians["cadence_spm"] == pytest.approx(
        float(np.median(np.concatenate([left, right])["cadence_spm"]))
    )
    assert "contact_ms" not in both.medians


def test_one_shoe_tells_for_the_runner_and_nothing_of_left_against_right() -> None:
    (both,) = speed_bins(strides_of(np.full(60, 3.1), Side.RIGHT))["both"]
    assert "cadence_spm" in both.medians
    assert CONTACT_SYMMETRY not in both.medians


def test_without_running_there_is_nothing() -> None:
    assert speed_bins(empty_strides()) == {}
    walking = strides_of(np.full(60, 1.4), Side.LEFT)
    walking["activity"] = Activity.WALK
    assert speed_bins(walking) == {}
