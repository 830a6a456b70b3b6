"""Values of a session worked out by hand: their uncertainty, quality and reasons, on either side of
each bound."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gait.measures.aggregate import (
    NO_STEPS,
    Foot,
    clipped_pct,
    frequency,
    median_known,
    of_both,
    of_strides,
    robust_spread,
    sampling_error,
    worst,
)
from gait.measures.bins import speed_bins
from gait.measures.clocks import alternate, drift_of, from_own_start, step_times_s, timed
from gait.measures.references import Situation, norm, reference_for
from gait.measures.session import (
    Comparison,
    activity_seconds,
    count_strides,
    last_against_first,
    session_measures,
    stride_time,
    symmetry,
)
from gait.measures.session_table import SYMMETRIES
from gait.measures.table import BY_NAME, empty_strides
from gait.measures.variability import longest_unbroken, spoiled_by_loss
from gait.model import Activity, Body, Measure, QualityFlag, SensorInfo, Side
from gait.model.strides import WHY_TEXT

INFO = SensorInfo(side=Side.LEFT, rate_hz=1600.0)
FOOT = Foot(INFO, "good")


def strides(n: int, **columns: object) -> np.ndarray:
    made = empty_strides(n)
    made["valid"], made["activity"] = True, Activity.RUN
    made["ic_s"], made["stride_s"] = np.arange(n) * 0.7, 0.7
    made["cadence_spm"] = 120.0 / 0.7
    made["ic_sd_ms"] = made["tc_sd_ms"] = 0.0
    for name, values in columns.items():
        made[name] = values
    return made


def of(name: str, made: np.ndarray, foot: Foot = FOOT, **more: float) -> Measure:
    return of_strides(BY_NAME[name], made, foot, **more)


def test_spreads_and_medians() -> None:
    assert robust_spread(np.array([1.0, 2.0, 3.0, 4.0, 100.0])) == pytest.approx(1.4826)
    assert median_known(np.array([np.nan, 1.0, 3.0, np.inf])) == 2.0
    assert median_known(np.array([np.nan])) == 0.0
    # of 27 strides as of 9 independent ones
    assert sampling_error(3.0, 27) == pytest.approx(1.96 * 1.2533)
    assert sampling_error(3.0, 2) == pytest.approx(1.96 * 1.2533 * 3.0)
    measures = [Measure(value=1.0, unit="", n=1, quality=q) for q in ("good", "low", "fair")]
    assert worst(measures).quality == "low"


@pytest.mark.parametrize(
    ("values", "rate_hz", "expected"),
    [
        # 3 in all the time of 60 / 100, 60 / 120 and 60 / 150
        ([100.0, 120.0, 150.0], math.inf, 3 / (1 / 100 + 1 / 120 + 1 / 150)),
        # all alike but one: 1 % of them is within, more is not
        ([100.0] * 9 + [100.9], math.inf, 10 / (9 / 100 + 1 / 100.9)),
        ([100.0] * 9 + [101.1], math.inf, 100.0),
        # of 50 samples a second one is 1.67 %; one and a half of them are 2.5 %
        ([100.0] * 9 + [102.4], 50.0, 10 / (9 / 100 + 1 / 102.4)),
        ([100.0] * 9 + [102.6], 50.0, 100.0),
    ],
)
def test_a_frequency_is_of_steady_strides_together(values, rate_hz, expected) -> None:
    assert frequency(np.array(values), rate_hz) == pytest.approx(expected)


def test_a_median_with_all_that_it_may_be_off_by() -> None:
    made = strides(30, contact_ms=np.tile([248.0, 250.0, 252.0], 10))
    found = of("contact_ms", made)
    assert (found.value, found.unit, found.n, found.quality) == (250.0, "ms", 30, "good")
    assert found.spread == pytest.approx(2.0 * 1.4826)
    by_chance = 1.96 * 1.2533 * 2.0 * 1.4826 / math.sqrt(10.0)
    assert found.uncertainty == pytest.approx(math.hypot(by_chance, 1.96 * 6.0))
    assert (found.why_not, found.note, found.label) == (None, None, "Contact time")


def sd_of(found: Measure) -> float:
    """Of the method alone, where strides do not differ."""
    assert found.uncertainty is not None
    return found.uncertainty / 1.96


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        # the larger of what the method and what the events may be off by
        ("contact_ms", {"ic_sd_ms": 3.0, "tc_sd_ms": 4.0}, 6.0),
        ("contact_ms", {"ic_sd_ms": 6.0, "tc_sd_ms": 8.0}, 10.0),
        ("flight_ms", {"ic_sd_ms": 6.0, "tc_sd_ms": 8.0}, 10.0),
        ("duty_factor_pct", {"ic_sd_ms": 6.0, "tc_sd_ms": 8.0}, 10.0 * 0.1 / 0.7),
        ("time_to_pronation_ms", {"ic_sd_ms": 30.0, "tc_sd_ms": 90.0}, 30.0),
        ("step_time_ms", {"ic_sd_ms": 10.0}, 5.0),
        ("swing_height_m", {"ic_sd_ms": 99.0}, 0.02),
        ("speed_m_s", {}, math.hypot(0.02, 0.02 * 3.0)),
    ],
)
def test_what_a_measure_hangs_on(name, more, expected) -> None:
    made = strides(30, **{name: 3.0, **more})
    assert sd_of(of(name, made)) == pytest.approx(expected)


def test_what_else_a_foot_is_known_to_be_off_by() -> None:
    made = strides(30, flight_ms=100.0, step_time_ms=350.0, ic_sd_ms=6.0, tc_sd_ms=8.0,
                   strike_angle_deg=5.0, impact_g=10.0)  # fmt: skip
    other = Foot(INFO, "good", other_landing_ms=15.0)
    assert sd_of(of("flight_ms", made, other)) == pytest.approx(17.0)
    expected = 0.5 * math.hypot(6.0, 15.0) / math.sqrt(2.0)
    assert sd_of(of("step_time_ms", made, other)) == pytest.approx(expected)
    clock = of("flight_ms", made, clock_sd_s=0.024)
    assert sd_of(clock) == pytest.approx(26.0)
    assert sd_of(of("swing_height_m", strides(30, swing_height_m=1.0), clock_sd_s=9.0)) == 0.02
    turned = Foot(INFO, "good", by_ms={"strike_angle_deg": 0.5}, by_deg={"strike_angle_deg": 0.8})
    # 6 ms and 5 degrees
    assert sd_of(of("strike_angle_deg", made, turned)) == pytest.approx(
        math.sqrt(2.5**2 + 3.0**2 + 4.0**2)
    )
    # a peak may lack 2 % of what it is, so 2 / 98 of what was measured
    assert of("impact_g", made).uncertainty == pytest.approx(
        math.hypot(1.96 * 0.3, 10.0 * 0.02 / 0.98)
    )


@pytest.mark.parametrize(
    ("n", "known", "mounting", "lowered", "quality", "why_not"),
    [
        (30, 30, "good", {}, "good", None),
        (29, 29, "good", {}, "fair", None),
        (30, 30, "fair", {}, "fair", None),
        (30, 30, "low", {}, "low", WHY_TEXT[QualityFlag.MOUNTING_POOR]),
        (30, 30, "good", {"contact_ms": "odd"}, "low", "odd"),
        (30, 30, "good", {"other": "odd"}, "good", None),
        (10, 10, "good", {}, "fair", None),
        (9, 9, "good", {}, "low", "only 9 strides"),
        (100, 80, "good", {}, "good", None),
        (100, 79, "good", {}, "fair", None),
        (100, 50, "good", {}, "fair", None),
        (100, 49, "good", {}, "low", "only 49 of 100 strides show it"),
    ],
)
def test_quality(n, known, mounting, lowered, quality, why_not) -> None:
    made = strides(n, contact_ms=[250.0] * known + [np.nan] * (n - known))
    found = of("contact_ms", made, Foot(INFO, mounting, lowered=lowered))
    assert (found.quality, found.why_not) == (quality, why_not)


def test_why_many_strides_do_not_show_it() -> None:
    made = strides(100, contact_ms=[250.0] * 40 + [np.nan] * 60)
    made["why"][40:] = int(QualityFlag.GYR_CLIPPED)  # empties no contact
    made["why"][45:50] = int(QualityFlag.LANDING_CLIPPED)
    why = WHY_TEXT[QualityFlag.LANDING_CLIPPED]
    assert of("contact_ms", made).why_not == f"only 40 of 100 strides show it ({why})"


@pytest.mark.parametrize(
    ("n", "why_not"), [(1, "only 1 usable stride"), (2, "only 2 usable strides"), (3, None)]
)
def test_the_fewest_strides(n, why_not) -> None:
    found = of("contact_ms", strides(n, contact_ms=250.0))
    if why_not:
        assert (found.value, found.why_not, found.n) == (None, why_not, n)
    else:
        assert found.value == 250.0


def test_why_there_is_no_value() -> None:
    none, some = strides(0), strides(5)
    slow = SensorInfo(side=Side.LEFT, rate_hz=100.0)
    smooth = SensorInfo(side=Side.LEFT, rate_hz=400.0, lowpass_hz=20.0)
    blind = SensorInfo(side=Side.LEFT, rate_hz=400.0, has_gyroscope=False)
    assert of("contact_ms", none).why_not == NO_STEPS
    assert of("contact_ms", none, Foot(INFO, "good", nothing="gone")).why_not == "gone"
    assert of("contact_ms", some).why_not == "these strides do not show it"
    assert of("flight_ms", some).why_not == WHY_TEXT[QualityFlag.ONE_SHOE]
    some["why"] = int(QualityFlag.LANDING_CLIPPED)
    assert of("contact_ms", some).why_not == WHY_TEXT[QualityFlag.LANDING_CLIPPED]
    some["why"] = int(QualityFlag.CLOCKS_APART)
    assert of("flight_ms", some).why_not == WHY_TEXT[QualityFlag.CLOCKS_APART]
    assert of("contact_ms", some).why_not == "these strides do not show it"
    no_gyroscope = WHY_TEXT[QualityFlag.NO_GYROSCOPE]
    assert of("contact_ms", some, Foot(blind, "good")).why_not == no_gyroscope
    some["cadence_spm"] = np.nan
    assert of("cadence_spm", some, Foot(blind, "good")).why_not == "these strides do not show it"
    assert of("impact_g", some, Foot(slow, "good")).why_not == (
        "needs at least 200 samples a second; this sensor gives 100"
    )
    assert of("impact_g", some, Foot(smooth, "good")).why_not == (
        "needs at least 200 samples a second; this sensor smooths at 20 Hz before it sends"
    )
    spoiled = Foot(INFO, "good", spoiled={"contact_ms": "wrong"})
    found = of("contact_ms", strides(5, contact_ms=250.0), spoiled)
    assert (found.value, found.n, found.why_not) == (None, 0, "wrong")
    assert of("contact_ms", none, spoiled).why_not == NO_STEPS


@pytest.mark.parametrize("clipped", [0, 1, 20, 21])
def test_peaks_beyond_the_range(clipped) -> None:
    made = strides(100, impact_g=10.0, braking_g=5.0, contact_ms=250.0)
    made["why"][:clipped] = int(QualityFlag.IMPACT_CLIPPED)
    made["impact_g"][:clipped] = np.nan
    assert clipped_pct(made) == clipped
    found = of("impact_g", made)
    assert of("contact_ms", made).note is None
    if clipped > 20:
        assert (found.value, found.n) == (None, 0)
        assert (found.why_not or "").startswith("in 21 % of the strides the accelerometer")
        return
    assert found.value == 10.0
    said = f"a lower estimate: the hardest {clipped} % of the landings were beyond"
    assert (found.note or "").startswith(said) if clipped else found.note is None
    slower = Foot(SensorInfo(side=Side.LEFT, rate_hz=400.0), "good")
    note = of("impact_g", made, slower).note or ""
    assert "400 samples a second miss up to 9 % of the peak" in note
    assert ("; the hardest" in note) == (clipped > 0)


def test_nothing_is_clipped_of_no_strides() -> None:
    assert clipped_pct(strides(0)) is None


BLANK = Measure(value=None, unit="x", n=0)


def value(number: float | None, **more: object) -> Measure:
    return replace(
        Measure(value=number, unit="x", n=10, quality="good" if number is not None else "none"),
        **more,
    )


def test_both_feet_in_one_number() -> None:
    left = value(2.0, spread=3.0, uncertainty=0.5, quality="fair", why_not="w")
    right = value(4.0, spread=4.0, uncertainty=0.7, note="n")
    both = of_both(BLANK, [left, right], of_runner=False)
    assert both == replace(
        BLANK, value=3.0, n=20, spread=math.sqrt(12.5), uncertainty=0.7, quality="fair",
        why_not="w", note="n",
    )  # fmt: skip
    gone = value(None, why_not="gone")
    one = of_both(BLANK, [gone, right], of_runner=True)
    assert (one.value, one.n, one.uncertainty, one.spread) == (4.0, 20, 0.7, 4.0)
    none = of_both(BLANK, [right, gone], of_runner=False)
    assert (none.value, none.why_not, none.n) == (None, "gone", 20)
    assert of_both(BLANK, [right], of_runner=False).why_not == "known of one foot only"
    assert of_both(BLANK, [right], of_runner=True).value == 4.0
    assert of_both(BLANK, [gone, value(None)], of_runner=True).why_not == "gone"
    assert of_both(BLANK, [], of_runner=True).why_not == "no shoe was recorded"
    bare = of_both(BLANK, [value(1.0), value(2.0)], of_runner=False)
    assert (bare.spread, bare.uncertainty) == (None, 0.0)


def test_left_against_right() -> None:
    row = next(row for row in SYMMETRIES if row.name == "symmetry_step_time_pct")
    left = value(360.0, n=27, spread=3.0)
    right = value(340.0, n=12, spread=4.0, quality="low", why_not="w")
    found = symmetry(row, left, right, clock_sd_s=0.001)
    assert found.value == pytest.approx(100 * 20 / 350)
    assert (found.n, found.quality, found.why_not, found.unit) == (39, "low", "w", "%")
    assert found.spread == pytest.approx(5.0 * 100 / 350)
    chance = 1.96 * 1.2533 * math.hypot(3.0 / 3.0, 4.0 / 2.0) * 100 / 350
    # twice a millisecond, and what the method may be off by
    assert found.uncertainty == pytest.approx(
        math.sqrt(chance**2 + (1.96 * 1.2) ** 2 + (1.96 * 2.0 * 100 / 350) ** 2)
    )
    assert found.reference is not None
    assert (found.reference.low, found.reference.high) == (-4.0, 4.0)
    angle = next(row for row in SYMMETRIES if not row.relative)
    degrees = symmetry(angle, value(9.0), value(-12.0))
    assert (degrees.value, degrees.unit, degrees.reference) == (21.0, "°", None)
    assert symmetry(row, None, right).why_not == "needs both feet"
    assert symmetry(row, left, None).why_not == "needs both feet"
    assert symmetry(row, value(None, why_not="a"), value(None, why_not="b")).why_not == "a"
    assert symmetry(row, left, value(None, why_not="b")).why_not == "b"
    assert symmetry(row, left, value(None)).why_not == "needs both feet"
    assert symmetry(row, value(-1.0), value(1.0)).why_not == "too small on both feet to compare"
    assert symmetry(angle, value(-1.0), value(1.0)).value == -2.0


def test_stride_time_stands_beside_cadence() -> None:
    made = strides(4, stride_s=[0.7, 0.8, 0.9, 9.0])
    made["cadence_spm"][3] = np.nan
    found = stride_time(made, value(150.0))
    assert found is not None
    assert (found.value, found.unit) == (0.8, "s")
    assert found.spread == pytest.approx(0.1 * 1.4826)
    assert stride_time(made, None) is None
    assert stride_time(made, gone := value(None)) is gone


def test_strides_are_counted_by_kind_and_reason() -> None:
    made = strides(6)
    made["activity"][:2] = Activity.WALK
    made["valid"][[1, 4, 5]] = False
    made["why"][[1, 4]] = int(QualityFlag.GAP)
    made["why"][5] = int(QualityFlag.GAP | QualityFlag.ODD_DURATION | QualityFlag.WALKING)
    found = count_strides(made)
    assert (found.found, found.running, found.walking, found.left_out) == (6, 2, 1, 3)
    assert found.left_out_why == {
        WHY_TEXT[QualityFlag.GAP]: 3, WHY_TEXT[QualityFlag.ODD_DURATION]: 1
    }  # fmt: skip


def test_seconds_of_the_foot_that_knows_more() -> None:
    made = strides(20)
    made["side"][:12] = 1
    made["activity"][[0, 1, 2]] = Activity.WALK
    made["activity"][12:16] = Activity.WALK
    made["stride_s"][19] = np.nan
    made["valid"][18] = False
    # right: 9 run and 3 walked; left: 3 that are valid run, one of them of no time, and 4 walked
    assert activity_seconds(made, 30.0) == {
        "running": pytest.approx(6.3), "walking": pytest.approx(2.8), "other": pytest.approx(20.9)
    }  # fmt: skip
    assert activity_seconds(made, 5.0)["other"] == 0.0


@pytest.mark.parametrize(
    ("measure", "speed_m_s", "body", "expected", "sd"),
    [
        # at 10 km/h: the equations of Malisoux 2023 with 40 years, two in five women, 1.74 m, 70 kg
        ("cadence_spm", 10 / 3.6, None, 203.056 + 0.193 * 40 - 44.242 * 1.74 + 30.67,
         math.sqrt(64 + (0.193 * 11) ** 2 + (44.242 * 0.09) ** 2)),
        ("contact_ms", 10 / 3.6, Body(height_m=1.8, mass_kg=80.0, age_years=30.0, sex="female"),
         259.01 + 12.8 + 77.122 * 1.8 + 0.855 * 80 - 173.14, 20.0),
        ("contact_ms", 10 / 3.6, Body(height_m=1.8, mass_kg=80.0, sex="male"),
         259.01 + 77.122 * 1.8 + 0.855 * 80 - 173.14, 20.0),
        ("swing_ms", 10 / 3.6, Body(height_m=1.8, mass_kg=80.0, age_years=30.0, sex="female"),
         280.618 - 0.765 * 30 - 13.232 + 139.558 * 1.8 - 1.039 * 80 + 33.07, 24.0),
        ("duty_factor_pct", 10 / 3.6,
         Body(height_m=1.8, mass_kg=80.0, age_years=30.0, sex="female"),
         44.446 + 0.039 * 30 + 1.756 + 0.121 * 80 - 16.26, 2.5),
        ("vertical_oscillation_mm", 1.0,
         Body(height_m=1.8, mass_kg=80.0, age_years=30.0, sex="female"),
         36.451 - 0.275 * 30 - 6.749 + 43.148 * 1.8 - 0.284 * 80, 12.0),
        ("step_length_m", 9.0, Body(height_m=1.8, age_years=30.0, mass_kg=1.0, sex="male"),
         -0.255 - 0.03 + 0.279 * 1.8 + 0.083 * 14.0, 0.08),
        ("step_length_m", 1.0, Body(height_m=1.8, age_years=30.0, mass_kg=1.0, sex="male"),
         -0.255 - 0.03 + 0.279 * 1.8 + 0.083 * 7.0, 0.08),
        ("vertical_oscillation_mm", 3.0, Body(height_m=1.8, age_years=30.0),
         36.451 - 0.275 * 30 - 0.4 * 6.749 + 43.148 * 1.8 - 0.284 * 70,
         math.sqrt(144 + (6.749 * 0.49) ** 2 + (0.284 * 12) ** 2)),
    ],
)  # fmt: skip
def test_what_is_expected_of_a_runner(measure, speed_m_s, body, expected, sd) -> None:
    found = norm(measure, speed_m_s, body)
    assert found is not None
    assert (found.expected, found.sd) == (pytest.approx(expected), pytest.approx(sd))
    beside = reference_for(measure, Situation(Activity.RUN, speed_m_s, body))
    if measure not in ("cadence_spm", "step_length_m"):
        assert beside is None  # a treadmill measures it otherwise than a shoe
        return
    assert beside is not None
    reach = 1.96 * sd
    assert (beside.low, beside.high) == pytest.approx((expected - reach, expected + reach))
    assert ("pace and height" in beside.text) == bool(body and body.height_m)


def test_where_nothing_is_expected() -> None:
    assert norm("contact_ms", None, None) is None
    assert norm("impact_g", 3.0, None) is None
    assert reference_for("contact_ms", Situation(Activity.WALK, 3.0, None)) is None
    assert reference_for("impact_g", Situation(Activity.RUN, 3.0, None)) is None
    usual = reference_for("cadence_spm", Situation(Activity.RUN, None, None))
    assert usual is not None
    assert (usual.kind, usual.low, usual.high) == ("usual range", 160.0, 180.0)


def bins_of(n: int, **more: object) -> dict:
    return speed_bins(strides(n, **{"speed_m_s": 3.1, "contact_ms": 250.0, **more}))


def test_bins_of_speed() -> None:
    assert bins_of(19) == {}
    found = bins_of(20)
    assert set(found) == {"left", "both"}
    (one,) = found["left"]
    assert (one.from_m_s, one.n, one.counts["contact_ms"]) == (3.0, 20, 20)
    assert one.medians["contact_ms"] == 250.0
    assert "roll_variability_deg" not in one.medians
    edge = bins_of(40, speed_m_s=[2.999] * 20 + [3.0] * 20)
    assert [b.from_m_s for b in edge["left"]] == [2.75, 3.0]
    few = bins_of(20, contact_ms=[250.0] * 19 + [np.nan])
    assert "contact_ms" not in few["left"][0].medians
    for n in (49, 50):
        roll = bins_of(n, roll_at_ic_deg=np.resize([1.0, 2.0, 4.0], n))["left"][0]
        assert ("roll_variability_deg" in roll.medians) == (n == 50)
    assert roll.medians["roll_variability_deg"] == pytest.approx(1.4826)
    assert roll.spreads["roll_variability_deg"] == pytest.approx(1.17 / 1.2533 * 1.4826)
    assert roll.counts["roll_variability_deg"] == 50


def test_both_feet_of_a_bin() -> None:
    made = strides(80, speed_m_s=3.1, side=np.arange(80) % 2)
    made["contact_ms"] = np.where(made["side"] == 0, 240.0, 260.0) + np.resize([-2, -2, 2, 2], 80)
    found = speed_bins(made)
    (both,) = found["both"]
    assert both.n == 80
    assert both.medians["symmetry_contact_pct"] == pytest.approx(100 * -20 / 250)
    spread = 2.0 * 1.4826
    assert both.spreads["symmetry_contact_pct"] == pytest.approx(spread * math.sqrt(2) * 0.4)
    assert both.counts["symmetry_contact_pct"] == 40
    assert set(both.medians) == {"cadence_spm", "speed_m_s", "symmetry_contact_pct"}
    # 20 of each foot are enough; 39 of both are not
    assert len(speed_bins(made[:40])["both"]) == 1
    assert "both" not in speed_bins(made[:38])


@pytest.mark.parametrize(("lasts_s", "cut"), [(419.9, False), (420.1, True)])
def test_warming_up_and_cooling_down_are_left_out_where_enough_remains(lasts_s, cut) -> None:
    made = strides(601, speed_m_s=3.1, ic_s=50.0 + np.linspace(0.0, lasts_s, 601))
    since = made["ic_s"] - 50.0
    left = (since >= 180.0) & (since <= since.max() - 60.0)
    assert speed_bins(made)["left"][0].n == (int(left.sum()) if cut else 601)


@pytest.mark.parametrize(("gap_s", "expected"), [(2.4, slice(0, 100)), (2.5, slice(40, 100))])
def test_the_longest_stretch_without_a_stop(gap_s, expected) -> None:
    """Three and a half stride times of 0.7 s, from contact to contact, are none."""
    time_s = np.arange(100) * 0.7
    time_s[40:] += gap_s - 0.7
    assert longest_unbroken(time_s, np.full(100, 0.7)) == expected


@pytest.mark.parametrize(
    ("lost_pct", "timed_", "some"),
    [(None, True, False), (4.9, True, False), (5.0, True, True), (0.4, False, False),
     (0.5, False, True)],
)  # fmt: skip
def test_loss_makes_variability_uncertain(lost_pct, timed_, some) -> None:
    names = {"stride_time_cv_pct", "stride_time_dfa_alpha"} if some else set()
    assert set(spoiled_by_loss(lost_pct, timed=timed_)) == names


def test_steps_of_two_feet() -> None:
    mine, other = strides(4, stride_s=[0.7, 0.7, 0.3, 0.7]), strides(3, ic_s=[0.3, 1.1, 1.8])
    found = step_times_s(mine, other)
    # contacts at 0, 0.7, 1.4, 2.1; the third stride is over before the other foot lands
    np.testing.assert_allclose(found, [0.3, 0.4, np.nan, np.nan])
    made = strides(5, stride_s=[0.7, 0.7, 0.7, 1.04, 1.06])
    assert timed(made)["stride_s"].tolist() == [0.7, 0.7, 0.7, 1.04]
    made["valid"][0] = False
    made["stride_s"][1] = np.nan
    assert timed(made)["stride_s"].tolist() == [0.7, 1.04, 1.06]
    assert len(timed(made[:0])) == 0


@pytest.mark.parametrize(
    ("shares", "drift", "together"),
    [
        ([0.5, 0.5, 0.5], 0.0, True),
        ([0.40, 0.43, 0.449], pytest.approx(0.049), True),
        ([0.45, 0.45, 0.49, 0.49, 0.5, 0.5], pytest.approx(0.05), True),
        ([0.45, 0.45, 0.49, 0.49, 0.51, 0.51], pytest.approx(0.06), False),
        ([0.5, 0.7, 0.5], 0.0, True),
        ([0.58] * 6, 0.0, True),
        ([0.59] * 6, 0.0, False),
        ([0.41] * 6, 0.0, False),
        ([0.45, 0.55] * 6, 0.0, False),
    ],
)
def test_feet_alternate_near_the_middle_all_along(shares, drift, together) -> None:
    assert drift_of(np.array(shares)) == drift
    assert alternate(np.array(shares)) is together


def test_each_foot_from_its_own_start() -> None:
    made = strides(
        4, side=[0, 0, 1, 1], ic_s=[10.0, 12.0, 99.0, 100.0], tc_s=[10.2, 12.2, 99.3, 1e2]
    )
    moved = from_own_start(made)
    assert moved["side"].tolist() == [0, 1, 1, 0]
    np.testing.assert_allclose(moved["ic_s"], [0.0, 0.0, 1.0, 2.0])
    np.testing.assert_allclose(moved["tc_s"], [0.2, 0.3, 1.0, 2.2])
    assert made["ic_s"][0] == 10.0


def test_a_change_over_a_run_at_the_same_speed() -> None:
    """Contact is 2 ms longer in the last third, and 10 ms shorter for each m/s."""
    random = np.random.default_rng(4)
    time_s = np.sort(random.uniform(0.0, 900.0, 3000))
    speed = 3.0 + 0.2 * np.sin(time_s / 100.0)
    noise = random.normal(0.0, 1.0, 3000)
    place = (time_s - time_s[0]) / (time_s[-1] - time_s[0])
    values = 250.0 - 10.0 * (speed - 3.0) + 2.0 * (place > 2 / 3) + 0.5 * (place > 1 / 3) + noise
    change, half_width, spread = last_against_first(time_s, values, speed)
    assert change == pytest.approx(2.5, abs=0.15)
    assert spread == pytest.approx(1.0, abs=0.05)
    # 1000 strides in either third, and 1.6 times for slow wandering
    assert half_width == pytest.approx(1.6 * 2.1 * math.sqrt(2 / 1000), rel=0.5)


def test_comparisons_of_the_time_that_both_feet_have() -> None:
    made = strides(80, side=np.arange(80) % 2, contact_ms=250.0)
    made["contact_ms"][:40][made["side"][:40] == 0] = 300.0
    feet = {side: Foot(SensorInfo(side=side, rate_hz=400.0), "good") for side in Side}
    name = "symmetry_contact_pct"
    late = Comparison(together_s=(made["ic_s"][40], made["ic_s"][79]))
    assert session_measures(made, feet, comparison=late)["both"][name].value == 0.0
    early = Comparison(together_s=(0.0, made["ic_s"][39]))
    found = session_measures(made, feet, comparison=early)["both"][name]
    assert found.value == pytest.approx(100 * 50 / 275)
    assert found.n == 40
    not_made = Comparison(not_made={name: "odd"})
    none = session_measures(made, feet, comparison=not_made)["both"][name]
    assert (none.value, none.why_not) == (None, "odd")
    one = session_measures(made, {Side.LEFT: feet[Side.LEFT]})["both"][name]
    assert one.why_not == "needs both feet"
    assert not any(key.startswith("walking_") for key in session_measures(made, feet)["left"])
    made["activity"][:8] = Activity.WALK
    walked = session_measures(made, feet)["left"]
    assert walked["walking_contact_ms"].value == 300.0
    assert "walking_impact_g" not in walked
