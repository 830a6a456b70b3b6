"""The sine-wave model against the worked case, and leg stiffness of a session."""

import pytest
from msgspec.structs import replace

from gait.measures.spring import spring_mass
from gait.measures.stiffness import leg_stiffness
from gait.model import Body, Measure

CONTACT = Measure(value=250.0, unit="ms", n=90, uncertainty=12.0, quality="good")
CADENCE = Measure(value=60.0 / 0.357, unit="steps/min", n=90, quality="good")
SPEED = Measure(value=3.33, unit="m/s", n=90, uncertainty=0.1, quality="fair")
BODY = Body(mass_kg=75.0, height_m=1.78)


def test_the_worked_case_of_the_literature() -> None:
    found = spring_mass(0.250, 0.107, 3.33, 75.0, 1.78)
    assert found.force_bw == pytest.approx(2.24, abs=0.005)
    assert found.compression_m == pytest.approx(0.063, abs=0.0005)
    assert found.vertical_kn_m == pytest.approx(26.3, abs=0.1)
    assert found.leg_kn_m == pytest.approx(10.3, abs=0.05)
    assert found.oscillation_m == pytest.approx(0.077, abs=0.0005)


def test_ten_ms_less_contact_at_the_same_step_time() -> None:
    """The published sensitivity: + 3 % of vertical and + 9 % of leg stiffness."""
    before = spring_mass(0.250, 0.107, 3.33, 75.0, 1.78)
    after = spring_mass(0.240, 0.117, 3.33, 75.0, 1.78)
    assert after.vertical_kn_m / before.vertical_kn_m == pytest.approx(1.03, abs=0.006)
    assert after.leg_kn_m / before.leg_kn_m == pytest.approx(1.09, abs=0.006)


def test_stiffness_of_a_session_carries_the_error_of_contact_time() -> None:
    found = leg_stiffness(CONTACT, CADENCE, SPEED, BODY)
    assert found.value == pytest.approx(10.3, abs=0.05)
    assert found.quality == "fair"
    assert found.value is not None
    assert found.uncertainty is not None
    assert 0.09 < found.uncertainty / found.value < 0.20  # 12 ms are about 11 %
    surer = leg_stiffness(replace(CONTACT, uncertainty=2.0), CADENCE, SPEED, BODY)
    assert (surer.uncertainty or 0) < found.uncertainty


@pytest.mark.parametrize("body", [None, Body(), Body(mass_kg=75.0), Body(height_m=1.78)])
def test_without_a_body_there_is_no_stiffness(body: Body | None) -> None:
    found = leg_stiffness(CONTACT, CADENCE, SPEED, body)
    assert found.value is None
    assert found.why_not == "needs body mass and height"


def test_what_is_not_measured_gives_its_own_reason() -> None:
    unknown = replace(SPEED, value=None, why_not="the foot was not still enough")
    assert leg_stiffness(CONTACT, CADENCE, unknown, BODY).why_not == "the foot was not still enough"


def test_without_flight_the_model_does_not_hold() -> None:
    found = leg_stiffness(replace(CONTACT, value=400.0), CADENCE, SPEED, BODY)
    assert found.value is None
    assert "no flight" in (found.why_not or "")
