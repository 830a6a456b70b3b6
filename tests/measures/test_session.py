"""Session measures: medians, their uncertainty, and what is said where there is none."""

import numpy as np
import pytest

from gait.measures.aggregate import HEADING_SD_DEG, Foot
from gait.measures.references import norm
from gait.measures.session import Comparison, activity_seconds, count_strides, session_measures
from gait.measures.session_table import ROWS, SYMMETRIES
from gait.measures.table import BY_NAME, empty_strides
from gait.model import Activity, SensorInfo, Side
from gait.model.history import Body
from gait.model.strides import WHY_TEXT, QualityFlag

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


BOTH = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}


def two_feet(n: int = 60, **right):
    """Both feet alike but for what `right` says."""
    feet = [strides(0, n), strides(1, n)]
    for made in feet:
        made["flight_ms"] = 100.0
        made["step_time_ms"] = 350.0
        made["impact_g"] = 9.0
        made["pronation_excursion_deg"] = 10.0
    for name, value in right.items():
        feet[1][name] = value
    return np.concatenate(feet)


def test_left_against_right_in_percent_and_in_degrees() -> None:
    made = two_feet(step_time_ms=360.0, impact_g=10.0, pronation_excursion_deg=13.0)
    both = session_measures(made, BOTH)["both"]
    assert both["symmetry_step_time_pct"].value == pytest.approx(-100 * 10 / 355)
    assert both["symmetry_impact_pct"].value == pytest.approx(-100 * 1 / 9.5)
    assert both["symmetry_pronation_excursion_deg"].value == pytest.approx(-3.0)
    assert both["symmetry_stride_time_pct"].value == 0.0
    for name in ("step_time", "flight", "contact", "stride_time", "impact"):
        found = both[f"symmetry_{name}_pct"]
        assert found.uncertainty
        assert found.n == 120


def test_the_clocks_of_two_shoes_are_in_what_needs_both() -> None:
    apart_s = 0.006
    plain, apart = (
        session_measures(two_feet(), BOTH, comparison=Comparison(clock_sd_s=s))
        for s in (0.0, apart_s)
    )

    def more(side: str, name: str) -> float:
        before, after = (m[side][name].uncertainty or 0.0 for m in (plain, apart))
        return (after**2 - before**2) ** 0.5

    assert more("left", "flight_ms") == pytest.approx(1.96 * 6.0)
    assert more("right", "step_time_ms") == pytest.approx(1.96 * 6.0)
    # one foot's step gains what the other's loses: nothing in their mean, twice in their difference
    assert more("both", "flight_ms") == 0.0
    assert more("both", "symmetry_step_time_pct") == pytest.approx(1.96 * 12.0 / 350.0 * 100)
    assert more("both", "symmetry_flight_pct") == pytest.approx(1.96 * 12.0 / 100.0 * 100)
    for name in ("symmetry_contact_pct", "symmetry_impact_pct", "symmetry_stride_time_pct"):
        assert more("both", name) == 0.0


def test_one_shoe_says_what_it_cannot_know() -> None:
    measures = session_measures(strides(0, 60), {Side.LEFT: LEFT})
    for name in ("flight_ms", "step_time_ms"):
        assert measures["left"][name].value is None
        assert "other foot" in (measures["left"][name].why_not or "")
    for row in SYMMETRIES:
        assert measures["both"][row.name].value is None
        assert measures["both"][row.name].why_not == "needs both feet"


def clipped(share: float, n: int = 100):
    made = strides(0, n)
    made["impact_g"] = 12.0
    beyond = np.arange(n) < share * n
    made["impact_g"][beyond] = np.nan
    made["why"][beyond] |= np.uint32(QualityFlag.IMPACT_CLIPPED)
    return session_measures(made, {Side.LEFT: LEFT})["left"]


def test_some_clipped_landings_are_left_out_and_said() -> None:
    measures = clipped(0.15)
    assert measures["impact_clipped_pct"].value == pytest.approx(15.0)
    assert measures["impact_g"].value == pytest.approx(12.0)
    assert measures["impact_g"].n == 85
    assert "hardest 15 % of the landings" in (measures["impact_g"].note or "")


def test_with_many_clipped_landings_only_their_share_is_reported() -> None:
    measures = clipped(0.25)
    assert measures["impact_clipped_pct"].value == pytest.approx(25.0)
    for name in ("impact_g", "axial_g", "braking_g"):
        assert measures[name].value is None
        assert "in 25 % of the strides" in (measures[name].why_not or "")
    assert "in 25 %" in (measures["drift_impact_g"].why_not or "")


def test_no_clipped_landing_is_a_count_of_zero() -> None:
    assert clipped(0.0)["impact_clipped_pct"].value == 0.0


def test_every_row_of_both_tables_is_there_with_a_value_or_a_reason() -> None:
    for feet in ({Side.LEFT: LEFT}, BOTH):
        measures = session_measures(two_feet(), feet)
        for name in ROWS:
            assert name in measures["both"]
        for side in measures:
            for name, found in measures[side].items():
                assert (found.value is None) == bool(found.quality == "none"), name
                assert found.value is not None or found.why_not, name
                assert found.value is None or found.uncertainty is not None, name
                assert found.label == ROWS[name].label


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


def test_a_value_that_stands_on_few_of_the_strides_says_so() -> None:
    made = strides(0, 140)
    made["speed_m_s"][14:] = np.nan
    made["why"][14:] = np.uint32(QualityFlag.NOT_STEADY)
    speed = session_measures(made, {Side.LEFT: LEFT})["left"]["speed_m_s"]
    assert speed.value == pytest.approx(2.8)
    assert speed.quality == "low"
    assert "only 14 of 140 strides" in (speed.why_not or "")
    assert WHY_TEXT[QualityFlag.NOT_STEADY] in (speed.why_not or "")
    made["speed_m_s"][:100] = 2.8
    assert session_measures(made, {Side.LEFT: LEFT})["left"]["speed_m_s"].quality == "fair"
    made["speed_m_s"][:130] = 2.8
    assert session_measures(made, {Side.LEFT: LEFT})["left"]["speed_m_s"].quality == "good"


def test_how_well_events_are_known_is_in_what_hangs_on_them_however_many_strides() -> None:
    foot = Foot(
        LEFT.info,
        "good",
        by_ms={"pronation_excursion_deg": 0.5, "strike_angle_deg": 0.2},
        by_deg={"pronation_excursion_deg": 0.3},
    )
    widths = []
    for n in (60, 500):
        made = strides(0, n)
        made["pronation_excursion_deg"], made["strike_angle_deg"] = 10.0, 20.0
        made["ic_sd_ms"], made["tc_sd_ms"] = 10.0, 8.0
        found = session_measures(made, {Side.LEFT: foot})["left"]
        widths.append(found["contact_ms"].uncertainty)
        # with a little from chance
        assert found["contact_ms"].uncertainty == pytest.approx(1.96 * np.hypot(10, 8), rel=0.02)
        pronation = np.hypot(np.hypot(0.5 * 10.0, 0.3 * HEADING_SD_DEG), 2.0)
        assert found["pronation_excursion_deg"].uncertainty == pytest.approx(1.96 * pronation)
        strike = np.hypot(0.2 * 10.0, BY_NAME["strike_angle_deg"].method_sd)
        assert found["strike_angle_deg"].uncertainty == pytest.approx(1.96 * strike)
        cadence = found["cadence_spm"].uncertainty
        assert cadence is not None
        assert cadence < 2.0  # what both ends of a stride are off by alike cancels out
    assert widths[0] == pytest.approx(widths[1], rel=0.02)
    unknown = session_measures(strides(0, 60), {Side.LEFT: LEFT})["left"]["contact_ms"]
    assert unknown.uncertainty == pytest.approx(1.96 * 6.0, rel=0.05)


def test_what_cannot_stand_is_not_given_and_nothing_is_made_from_it() -> None:
    foot = Foot(LEFT.info, "good", spoiled={"contact_ms": "it cannot be"})
    found = session_measures(two_feet(), {Side.LEFT: foot, Side.RIGHT: RIGHT})
    for key, name in (
        ("left", "contact_ms"),
        ("both", "contact_ms"),
        ("both", "symmetry_contact_pct"),
        ("left", "drift_contact_ms"),
    ):
        measure = found[key][name]
        assert measure.value is None
        assert measure.quality == "none"
        assert measure.why_not == "it cannot be"
    assert found["right"]["contact_ms"].value is not None


def test_feet_are_compared_while_both_were_recorded() -> None:
    made = two_feet(n=100)
    late = made["ic_s"] > 30.0
    made["impact_g"][late & (made["side"] == 0)] = 20.0
    made = made[~(late & (made["side"] == 1))]
    whole = session_measures(made, BOTH)
    together = session_measures(made, BOTH, comparison=Comparison(together_s=(0.0, 30.0)))
    assert whole["both"]["symmetry_impact_pct"].value == pytest.approx(100 * 11 / 14.5)
    assert together["both"]["symmetry_impact_pct"].value == 0.0
    assert together["left"] == whole["left"]
    never = Comparison(not_made={"symmetry_impact_pct": "two times"})
    left_out = session_measures(made, BOTH, comparison=never)["both"]
    assert left_out["symmetry_impact_pct"].why_not == "two times"
    assert left_out["symmetry_contact_pct"].value is not None


def test_the_reason_why_nothing_was_found_stands_beside_every_measure() -> None:
    foot = Foot(LEFT.info, "unknown", nothing="the foot hardly moved")
    found = session_measures(empty_strides(), {Side.LEFT: foot})
    for name in ("cadence_spm", "contact_ms", "impact_g", "impact_clipped_pct"):
        assert found["left"][name].why_not == "the foot hardly moved"
    assert found["both"]["cadence_spm"].why_not == "the foot hardly moved"


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
    some["why"][3] = QualityFlag.GAP
    count = count_strides(some)
    assert (count.found, count.running, count.left_out) == (10, 9, 1)
    assert count.left_out_why == {"samples are missing inside this stride": 1}


def test_seconds_of_activity_add_up() -> None:
    seconds = activity_seconds(strides(0, 100), 120.0)
    assert seconds["running"] == pytest.approx(100 * 120 / 170)
    assert sum(seconds.values()) == pytest.approx(120.0)


def test_one_odd_stride_is_no_running() -> None:
    made = strides(0, 100, cadence=110.0)
    made["activity"] = Activity.WALK
    made["activity"][40] = Activity.RUN
    seconds = activity_seconds(made, 120.0)
    assert seconds["running"] == 0.0
    assert seconds["walking"] == pytest.approx(99 * 120 / 110)
    made["activity"][40:50] = Activity.RUN
    assert activity_seconds(made, 120.0)["running"] == pytest.approx(10 * 120 / 110)


@pytest.mark.parametrize(
    ("measure", "sex", "mass", "height", "expected"),
    [
        # the reference's own evaluated table at 10 km/h, 40 years
        ("cadence_spm", "male", 75.0, 1.78, 163),
        ("cadence_spm", "female", 61.0, 1.66, 168),
        ("contact_ms", "male", 75.0, 1.78, 287),
        ("duty_factor_pct", "female", 61.0, 1.66, 38.9),
        # swing of the same foot: the stride time of that cadence less that contact time
        ("swing_ms", "male", 75.0, 1.78, 120e3 / 163.4 - 287.3),
        ("swing_ms", "female", 61.0, 1.66, 120e3 / 168.0 - 278.8),
        # no evaluated table: the lines themselves, worked by hand
        ("vertical_oscillation_mm", "male", 75.0, 1.78, 36.451 - 11.0 - 21.3 + 76.803),
        ("step_length_m", "female", 61.0, 1.66, -0.255 - 0.04 + 0.46314 + 0.83),
    ],
)
def test_norms_give_the_published_values(measure, sex, mass, height, expected) -> None:
    body = Body(sex=sex, mass_kg=mass, height_m=height, age_years=40.0)
    found = norm(measure, 10 / 3.6, body)
    assert found is not None
    tolerance = {"swing_ms": 8.0, "step_length_m": 0.001}  # swing: as its lines add up
    assert found.expected == pytest.approx(expected, abs=tolerance.get(measure, 0.6))


@pytest.mark.parametrize("measure", ["cadence_spm", "swing_ms", "step_length_m", "contact_ms"])
def test_norms_hold_still_beyond_the_speeds_they_were_made_for(measure: str) -> None:
    body = Body(sex="male", mass_kg=75.0, height_m=1.78, age_years=40.0)
    for beyond, end in ((5.0, 7.0), (20.0, 14.0)):
        assert norm(measure, beyond / 3.6, body) == norm(measure, end / 3.6, body)


def test_an_expectation_is_context_with_its_source() -> None:
    measures = session_measures(strides(0, 40), {Side.LEFT: LEFT}, Body(height_m=1.78))
    for name in ("cadence_spm", "step_length_m"):
        reference = measures["left"][name].reference
        assert reference is not None
        assert (reference.kind, reference.source) == ("expectation", "malisoux2023")
    for name in ("contact_ms", "swing_ms", "impact_g", "pronation_excursion_deg", "shock_g"):
        assert measures["left"][name].reference is None


def test_an_unknown_body_widens_the_expectation() -> None:
    known = norm("cadence_spm", 3.0, Body(height_m=1.74, age_years=40.0))
    unknown = norm("cadence_spm", 3.0, None)
    assert known is not None
    assert unknown is not None
    assert unknown.sd > known.sd
    assert unknown.expected == pytest.approx(known.expected)
