"""Session measures: medians, their uncertainty, and what is said where there is none."""

import numpy as np
import pytest

from gait.measures.counts import activity_seconds, count_strides
from gait.measures.norms import norm
from gait.measures.session import session_measures
from gait.measures.table import empty_strides
from gait.measures.values import Foot
from gait.model import Activity, SensorInfo, Side
from gait.model.runner import Body
from gait.model.strides import Why

LEFT = Foot(SensorInfo(side=Side.LEFT, rate_hz=400.0), "good")
RIGHT = Foot(SensorInfo(side=Side.RIGHT, rate_hz=400.0), "good")


def strides(side: int, n: int, cadence: float = 170.0, contact: float = 240.0, seed: int = 0):
    rng = np.random.default_rng(seed)
    made = empty_strides(n)
    made["side"] = side
    made["valid"] = True
    made["ic_s"] = np.arange(n) * 0.7
    made["stride_s"] = 120.0 / cadence
    made["cadence_spm"] = rng.normal(cadence, 2.0, n)
    made["contact_ms"] = rng.normal(contact, 6.0, n)
    made["speed_m_s"] = 2.8
    return made


def test_values_are_medians_with_robust_spread_and_both_feet() -> None:
    left, right = strides(0, 100, contact=250.0), strides(1, 100, contact=240.0, seed=1)
    left["contact_ms"][:5] = 900.0  # nonsense that a mean would follow
    measures = session_measures(np.concatenate([left, right]), {Side.LEFT: LEFT, Side.RIGHT: RIGHT})
    contact = measures["left"]["contact_ms"]
    assert contact.value == pytest.approx(np.median(left["contact_ms"]))
    assert contact.spread == pytest.approx(6.0, rel=0.3)
    assert contact.n == 100
    assert contact.quality == "good"
    assert measures["both"]["contact_ms"].value == pytest.approx(245.0, abs=2.0)
    symmetry = measures["both"]["symmetry_contact_pct"]
    assert symmetry.value == pytest.approx(100 * 10 / 245, abs=0.8)


def test_unknown_is_never_zero_and_says_why() -> None:
    measures = session_measures(strides(0, 20), {Side.LEFT: LEFT})
    impact = measures["left"]["impact_g"]
    assert impact.value is None
    assert impact.why_not
    assert measures["both"]["contact_ms"].value is None
    assert measures["both"]["contact_ms"].why_not == "known of one foot only"
    assert measures["both"]["cadence_spm"].value == pytest.approx(170.0, abs=2.0)
    assert measures["right"] == {}


def test_a_slow_sensor_says_what_rate_it_would_need() -> None:
    slow = Foot(SensorInfo(side=Side.LEFT, rate_hz=100.0), "good")
    measures = session_measures(strides(0, 20), {Side.LEFT: slow})
    assert "200 samples a second" in (measures["left"]["impact_g"].why_not or "")


def test_two_strides_are_no_session() -> None:
    measures = session_measures(strides(0, 2), {Side.LEFT: LEFT})
    assert measures["left"]["cadence_spm"].value is None
    assert measures["left"]["cadence_spm"].why_not == "only 2 usable strides"


def test_walking_gives_no_running_cadence() -> None:
    walk = strides(0, 40, cadence=110.0)
    walk["activity"] = Activity.WALK
    measures = session_measures(walk, {Side.LEFT: LEFT})
    assert measures["both"]["cadence_spm"].value is None
    assert measures["both"]["walking_cadence_spm"].value == pytest.approx(110.0, abs=2.0)


def test_what_is_left_out_is_counted_with_its_reason() -> None:
    some = strides(0, 10)
    some["valid"][3] = False
    some["why"][3] = Why.GAP
    count = count_strides(some)
    assert (count.found, count.running, count.left_out) == (10, 9, 1)
    assert count.left_out_why == {"samples are missing inside this stride": 1}


def test_seconds_of_activity_add_up() -> None:
    seconds = activity_seconds(strides(0, 100), 120.0)
    assert seconds["running"] == pytest.approx(100 * 120 / 170)
    assert sum(seconds.values()) == pytest.approx(120.0)


@pytest.mark.parametrize(
    ("measure", "sex", "mass", "height", "expected"),
    [
        # the reference's own evaluated table at 10 km/h, 40 years
        ("cadence_spm", "male", 75.0, 1.78, 163),
        ("cadence_spm", "female", 61.0, 1.66, 168),
        ("contact_ms", "male", 75.0, 1.78, 287),
        ("duty_factor_pct", "female", 61.0, 1.66, 38.9),
    ],
)
def test_norms_give_the_published_values(measure, sex, mass, height, expected) -> None:
    body = Body(sex=sex, mass_kg=mass, height_m=height, age_years=40.0)
    found = norm(measure, 10 / 3.6, body)
    assert found is not None
    assert found.expected == pytest.approx(expected, abs=0.6)


def test_an_unknown_body_widens_the_expectation() -> None:
    known = norm("cadence_spm", 3.0, Body(height_m=1.74, age_years=40.0))
    unknown = norm("cadence_spm", 3.0, None)
    assert known is not None
    assert unknown is not None
    assert unknown.sd > known.sd
    assert unknown.expected == pytest.approx(known.expected)
