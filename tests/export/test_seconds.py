"""A session by the second, beside a naive reckoning and a simulated runner's truth."""

import numpy as np
import pytest

from gait.export.per_second import by_second
from gait.measures.table import empty_strides
from gait.model.strides import Activity, Side


def some_strides(seed: int, n: int = 60):
    random = np.random.default_rng(seed)
    feet = []
    for side in (0, 1):
        foot = np.concatenate([empty_strides(), np.zeros(n, dtype=empty_strides().dtype)])
        foot["side"] = side
        foot["stride_s"] = random.uniform(0.6, 0.8, n)
        foot["ic_s"] = (
            2.0 + np.cumsum(foot["stride_s"]) + random.choice([0.0, 3.0], n, p=[0.9, 0.1])
        )
        foot["ic_s"] = np.maximum.accumulate(foot["ic_s"])
        foot["valid"] = random.uniform(size=n) < 0.9
        foot["activity"] = random.choice([Activity.RUN, Activity.WALK], n)
        for name in ("speed_m_s", "contact_ms", "cadence_spm", "pronation_excursion_deg"):
            foot[name] = np.where(random.uniform(size=n) < 0.8, random.uniform(1, 5, n), np.nan)
        feet.append(foot)
    return np.concatenate(feet)


def naive(strides, side, name, second):
    """Weighted by how long each stride holds within the second."""
    total = weight = 0.0
    for stride in strides:
        if stride["side"] != side or not stride["valid"] or not np.isfinite(stride[name]):
            continue
        end = stride["ic_s"] + stride["stride_s"]
        held = min(end, second + 1) - max(stride["ic_s"], second)
        if held > 0.0:
            total, weight = total + held * stride[name], weight + held
    return total / weight if weight else np.nan


@pytest.mark.parametrize("seed", range(4))
def test_each_second_is_the_mean_of_what_holds_in_it(seed):
    strides = some_strides(seed)
    seconds = by_second(strides, 50.0)
    assert len(seconds) == 50
    for i in range(50):
        left, right = (naive(strides, side, "contact_ms", i) for side in (0, 1))
        np.testing.assert_allclose(seconds.contact_ms[Side.LEFT][i], left)
        np.testing.assert_allclose(seconds.contact_ms[Side.RIGHT][i], right)
        np.testing.assert_allclose(
            seconds.mean_contact_ms[i],
            np.nanmean([left, right]) if np.isfinite([left, right]).any() else np.nan,
        )
        np.testing.assert_allclose(seconds.left_share_pct[i], 100 * left / (left + right))


def test_nothing_is_made_up_where_there_is_no_stride():
    seconds = by_second(empty_strides(), 10.0)
    assert len(seconds) == 10
    assert np.isnan(seconds.cadence_spm).all()
    assert np.isnan(seconds.speed_m_s).all()
    assert (seconds.distance_m == 0.0).all()


def test_distance_grows_by_the_length_of_the_strides_of_one_foot():
    strides = some_strides(1)
    strides["valid"] = True
    strides["speed_m_s"] = 3.0
    strides["ic_s"][:60] = 2.0 + 0.7 * np.arange(60)
    strides["stride_s"] = 0.7
    one = strides[:60]
    assert by_second(one, 60.0).distance_m[-1] == pytest.approx(60 * 0.7 * 3.0)
