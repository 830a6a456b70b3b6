"""Whether two recordings share a clock: made-up strides of two feet."""

import numpy as np
import pytest

from gait.measures.clocks import FootRecording, from_own_start, step_times_s, why_apart
from gait.measures.table import empty_strides
from gait.model import Activity

STRIDE_S = 0.7


def foot(
    side: int, *, begins_s: float = 0.0, n: int = 60, contact_ms: float = 250.0, seed: int = 1
):
    rng = np.random.default_rng(seed)
    made = empty_strides(n)
    made["side"], made["valid"], made["activity"] = side, True, Activity.RUN
    made["ic_s"] = begins_s + STRIDE_S * np.arange(n) + rng.normal(0.0, 0.005, n)
    made["stride_s"] = np.append(np.diff(made["ic_s"]), STRIDE_S)
    made["tc_s"] = made["ic_s"] + 1e-3 * contact_ms
    made["contact_ms"] = contact_ms
    return made


def recorded(strides, *, first_s: float = 0.0, lasts_s: float = 50.0) -> FootRecording:
    return FootRecording(first_s, first_s + lasts_s, 200.0, strides)


def pair(off_s: float = 0.5 * STRIDE_S, **right):
    return recorded(foot(0)), recorded(foot(1, begins_s=off_s, seed=2), **right)


def test_feet_that_alternate_on_the_same_stamps_share_a_clock() -> None:
    assert why_apart(*pair()) is None
    assert why_apart(*pair(0.47 * STRIDE_S, lasts_s=50.004)) is None


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 0.9])
def test_feet_that_do_not_alternate_do_not(share: float) -> None:
    assert why_apart(*pair(share * STRIDE_S)) == "their steps do not alternate"


def test_alternating_alone_proves_nothing() -> None:
    same_moment = "they do not begin and end at the same moment"
    assert why_apart(*pair(first_s=0.35)) == same_moment
    assert why_apart(*pair(lasts_s=50.2)) == same_moment


def test_a_stamp_that_is_no_zero_of_its_own_proves_one_clock_however_long_it_lasts() -> None:
    epoch_s = 1.7e9
    left = recorded(foot(0, begins_s=epoch_s), first_s=epoch_s)
    right = recorded(foot(1, begins_s=epoch_s + 0.35, seed=2), first_s=epoch_s, lasts_s=44.0)
    assert why_apart(left, right) is None


def test_clocks_that_drift_apart_are_not_one() -> None:
    left, right = pair()
    right.strides["ic_s"] *= 1.004  # 0.17 s over the run
    assert why_apart(left, right) is not None


def test_runners_do_not_stand_on_both_feet() -> None:
    left = recorded(foot(0, contact_ms=400.0))
    right = recorded(foot(1, begins_s=0.35, contact_ms=400.0, seed=2))
    assert why_apart(left, right) == "their steps overlap"
    for one in (left, right):
        one.strides["activity"] = Activity.WALK
    assert why_apart(left, right) is None


def test_a_few_steps_prove_nothing() -> None:
    left, right = recorded(foot(0, n=6)), recorded(foot(1, n=6, begins_s=0.35))
    assert why_apart(left, right) == "too few steps of both feet were found"


def test_step_times_are_to_the_next_contact_within_the_stride() -> None:
    left, right = foot(0, n=4), foot(1, n=4, begins_s=0.35)
    right["ic_s"][1] += 5.0
    right = right[np.argsort(right["ic_s"])]
    expected = [right["ic_s"][0] - left["ic_s"][0], np.nan, right["ic_s"][1] - left["ic_s"][2]]
    np.testing.assert_allclose(step_times_s(left, right)[:3], expected)


def test_each_foot_from_its_own_start() -> None:
    both = np.concatenate([foot(0, n=5), foot(1, n=5, begins_s=1.7e9)])
    moved = from_own_start(both)
    assert moved["ic_s"].max() < 5.0
    assert moved["ic_s"].min() == 0.0
    assert (np.diff(moved["ic_s"]) >= 0.0).all()
    assert both["ic_s"].max() > 1e9
    left = moved[moved["side"] == 0]
    np.testing.assert_allclose(left["tc_s"] - left["ic_s"], 0.25)
