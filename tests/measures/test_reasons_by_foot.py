"""A reason belongs to the foot that it is about, from the strides to what is read.

One foot is sound. The other has a trouble of its own, once the left and once the right: its reason
must stand beside that foot's measures, beside what needs both, and nowhere else.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from gait.measures.aggregate import Foot
from gait.measures.session import Comparison, session_measures
from gait.measures.table import BY_NAME, STRIDE_MEASURES, empty_strides
from gait.model import Activity, Measure, Samples, SensorInfo, Side, Summary
from gait.model.strides import WHY_TEXT, QualityFlag
from gait.pipeline import analyze_samples, summarise
from gait.report.cells import comparison
from gait.report.first_screen import first_screen
from gait.report.measure_table import by_reason, measure_rows
from gait.simulate import Runner, Segment, Sensor, measure, simulate

N = 60
FEET_MEASURES = ("contact_ms", "pronation_excursion_deg", "impact_g", "strike_angle_deg")
Found = dict[str, dict[str, Measure]]
Strides = np.ndarray


def info(side: Side, **more: Any) -> SensorInfo:
    basics = {"rate_hz": 400.0, "acc_range_g": 16.0, "gyr_range_dps": 2000.0}
    return SensorInfo(side=side, **(basics | more))


def sound_strides(side: Side, n: int = N) -> Strides:
    made = empty_strides(n)
    made["side"], made["valid"], made["activity"] = side is Side.RIGHT, True, Activity.RUN
    made["ic_s"] = 0.7 * np.arange(n) + 0.35 * (side is Side.RIGHT)
    made["tc_s"], made["stride_s"] = made["ic_s"] + 0.25, 0.7
    for row in STRIDE_MEASURES:
        made[row.name] = 10.0
    made["cadence_spm"], made["speed_m_s"], made["contact_ms"] = 171.4, 2.8, 250.0
    return made


def nothing_found(side: Side) -> tuple[Strides, Foot, str]:
    why = "the sensor sent no samples"
    return sound_strides(side)[:0], Foot(info(side), "low", nothing=why), why


def no_gyroscope(side: Side) -> tuple[Strides, Foot, str]:
    made = sound_strides(side)
    for row in STRIDE_MEASURES:
        if row.name != "cadence_spm":
            made[row.name] = np.nan
    return made, Foot(info(side, has_gyroscope=False), "good"), WHY_TEXT[QualityFlag.NO_GYROSCOPE]


def too_slow(side: Side) -> tuple[Strides, Foot, str]:
    made = sound_strides(side)
    for name in FEET_MEASURES:
        made[name] = np.nan
    why = "needs at least {least} samples a second; this sensor gives 50"
    return made, Foot(info(side, rate_hz=50.0), "good"), why


def gaps(side: Side) -> tuple[Strides, Foot, str]:
    made = sound_strides(side)
    made["why"], made["valid"] = int(QualityFlag.GAP), False
    for name in FEET_MEASURES:
        made[name] = np.nan
    return made, Foot(info(side), "good"), WHY_TEXT[QualityFlag.GAP]


def cannot_be_right(side: Side) -> tuple[Strides, Foot, str]:
    why = "an axis of it stands still"
    spoiled = dict.fromkeys(FEET_MEASURES, why)
    return sound_strides(side), Foot(info(side), "good", spoiled=spoiled), why


TROUBLES: list[Callable[[Side], tuple[Strides, Foot, str]]] = [
    nothing_found,
    no_gyroscope,
    too_slow,
    gaps,
    cannot_be_right,
]


def measured(
    bad: Side, trouble: Callable[[Side], tuple[Strides, Foot, str]], *, bad_first: bool = False
) -> tuple[Found, str]:
    good = bad.other
    strides, foot, why = trouble(bad)
    feet = {good: Foot(info(good), "good"), bad: foot}
    if bad_first:
        feet = {bad: foot, good: feet[good]}
    return session_measures(np.concatenate([sound_strides(good), strides]), feet), why


def expected(why: str, name: str) -> str:
    return why.format(least=f"{BY_NAME[name].least_rate_hz:.0f}")


@pytest.mark.parametrize("bad_first", [False, True])
@pytest.mark.parametrize("bad", list(Side))
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_reason_stands_beside_its_foot_and_what_needs_both(trouble, bad, bad_first) -> None:
    found, why = measured(bad, trouble, bad_first=bad_first)
    for name in FEET_MEASURES:
        mine, others = found[bad][name], found[bad.other][name]
        if trouble is too_slow and not BY_NAME[name].least_rate_hz > 50.0:
            continue
        assert (mine.value, mine.why_not) == (None, expected(why, name)), name
        assert (others.value, others.why_not) == (pytest.approx(others.value), None), name
        assert (found["both"][name].value, found["both"][name].why_not) == (None, mine.why_not)
    symmetry = found["both"]["symmetry_contact_pct"]
    assert (symmetry.value, symmetry.why_not) == (None, found[bad]["contact_ms"].why_not)
    assert why not in {measure.why_not for measure in found[bad.other].values()}
    assert found[bad.other]["contact_ms"].value == 250.0


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_other_foot_has_the_same_reasons_when_it_has_the_trouble(trouble) -> None:
    left, _ = measured(Side.LEFT, trouble)
    right, _ = measured(Side.RIGHT, trouble)
    for one, other in (("left", "right"), ("right", "left")):
        reasons = {name: (m.value, m.why_not, m.quality) for name, m in left[one].items()}
        assert reasons == {n: (m.value, m.why_not, m.quality) for n, m in right[other].items()}
    whys = [{name: m.why_not for name, m in found["both"].items()} for found in (left, right)]
    assert whys[0] == whys[1]


@pytest.mark.parametrize("bad", list(Side))
def test_what_is_only_of_low_quality_is_so_on_its_foot(bad: Side) -> None:
    lowered = {"contact_ms": "many samples were lost"}
    feet = {s: Foot(info(s), "good", lowered=lowered if s is bad else {}) for s in Side}
    found = session_measures(np.concatenate([sound_strides(s) for s in Side]), feet)
    contact = {side: found[side]["contact_ms"] for side in ("left", "right", "both")}
    assert (contact[bad].quality, contact[bad].why_not) == ("low", "many samples were lost")
    assert (contact[bad.other].quality, contact[bad.other].why_not) == ("good", None)
    assert (contact["both"].quality, contact["both"].why_not) == ("low", "many samples were lost")
    symmetry = found["both"]["symmetry_contact_pct"]
    assert (symmetry.quality, symmetry.why_not) == ("low", "many samples were lost")


@pytest.mark.parametrize("bad", list(Side))
def test_variability_is_of_low_quality_on_the_foot_that_lost_samples(bad: Side) -> None:
    """300 strides, which are enough by themselves."""
    name = "stride_time_cv_pct"
    feet = {s: Foot(info(s), "good", lowered={name: "lossy"} if s is bad else {}) for s in Side}
    found = session_measures(np.concatenate([sound_strides(s, 300) for s in Side]), feet)
    assert (found[bad][name].quality, found[bad][name].why_not) == ("low", "lossy")
    assert found[bad.other][name].quality != "low"
    assert found[bad.other][name].why_not is None


@pytest.mark.parametrize("bad", list(Side))
def test_whatever_is_counted_says_why_there_is_nothing_on_that_foot(bad: Side) -> None:
    found, why = measured(bad, nothing_found)
    assert found[bad]["impact_clipped_pct"].why_not == why
    assert found[bad.other]["impact_clipped_pct"].value == 0.0
    assert found[bad.other]["impact_clipped_pct"].why_not is None


def test_two_feet_with_two_reasons_keep_them_apart() -> None:
    reasons = {Side.LEFT: "the left one's", Side.RIGHT: "the right one's"}
    feet = {s: Foot(info(s), "good", spoiled={"impact_g": reasons[s]}) for s in Side}
    found = session_measures(np.concatenate([sound_strides(s) for s in Side]), feet)
    assert {s: found[s]["impact_g"].why_not for s in Side} == reasons
    rows = measure_rows(summary_of(found), walking=False)
    told = by_reason(rows, lambda m: m.value is None)
    assert "Impact (left)" in told["the left one's"]
    assert "Impact (right)" not in told["the left one's"]
    assert "Impact (right)" in told["the right one's"]
    assert "Impact (left)" not in told["the right one's"]


def test_a_comparison_that_cannot_be_made_says_its_own_reason() -> None:
    feet = {s: Foot(info(s), "good") for s in Side}
    apart = Comparison(not_made={"symmetry_contact_pct": "not at the same time"})
    strides = np.concatenate([sound_strides(s) for s in Side])
    found = session_measures(strides, feet, None, apart)
    assert found["both"]["symmetry_contact_pct"].why_not == "not at the same time"
    assert all(found[side]["contact_ms"].why_not is None for side in ("left", "right", "both"))


def summary_of(found: Found) -> Summary:
    return Summary(
        software="",
        source="",
        started_at=None,
        duration_s=60.0,
        activity_s={"running": 50.0},
        strides={},
        sensors=[],
        clock_uncertainty_ms=None,
        measures=found,
        notes=[],
        assessment=None,
    )


@pytest.mark.parametrize("bad", list(Side))
def test_whoever_reads_it_is_told_the_foot(bad: Side) -> None:
    """Impact of one foot is not known; the table, the list of reasons and the cells say which."""
    found, why = measured(bad, cannot_be_right)
    rows = measure_rows(summary_of(found), walking=False)
    assert f"Impact ({bad})" in by_reason(rows, lambda m: m.value is None)[why]
    every = by_reason(rows, lambda m: m.value is None).values()
    assert not any(f"Impact ({bad.other})" in labels for labels in every)
    shown = comparison(rows)
    (impact,) = (row for row in (*shown.rows, *shown.more) if row.label == "Impact")
    by_side = {cell.side: cell for cell in impact.cells}
    assert set(by_side) == {"left", "right"}
    assert (by_side[bad].value, by_side[bad].why) == (None, why)
    assert (by_side[bad.other].value, by_side[bad.other].why) == ("10.0", "")
    (first,) = (n for n in first_screen(summary_of(found)).numbers if n.label == "Impact")
    assert (getattr(first, bad), getattr(first, bad.other)) == ("–", "10.0")


@pytest.mark.parametrize("bad", list(Side))
def test_one_label_for_both_feet_only_where_both_lack_it_for_one_reason(bad: Side) -> None:
    found, _ = measured(bad, nothing_found)
    same = {
        side: {name: replace(m, value=None, why_not="neither") for name, m in found[side].items()}
        for side in Side
    }
    rows = measure_rows(summary_of({**same, "both": found["both"]}), walking=False)
    told = by_reason(rows, lambda m: m.value is None)["neither"]
    assert "Impact" in told
    assert not any("(left)" in label or "(right)" in label for label in told)


def two_shoes(bad: Side, spoil: Callable[[Samples], Samples]) -> Summary:
    """The way through, with one shoe that is spoiled."""
    segments = [Segment(kind="run", duration_s=25.0, speed_m_s=3.0)]
    feet = {}
    for side, motion in simulate(Runner(), segments, seed=11).items():
        samples = measure(motion, Sensor(rate_hz=400.0), seed=12)
        feet[side] = (spoil(samples) if side is bad else samples, info(side))
    return summarise(analyze_samples(feet), source="", started_at=None)


def still(samples: Samples) -> Samples:
    rng = np.random.default_rng(1)
    acc = np.array([0.0, 0.0, 9.80665]) + 0.02 * rng.standard_normal(samples.acc.shape)
    gyr = 0.001 * rng.standard_normal(samples.gyr.shape)
    return Samples(samples.time_s, acc, gyr, samples.breaks)


@pytest.mark.parametrize("bad", list(Side))
def test_a_shoe_that_was_left_at_home_has_its_own_reason(bad: Side) -> None:
    summary = two_shoes(bad, still)
    assert summary.measures[bad]["contact_ms"].why_not == "the foot hardly moved"
    assert summary.measures[bad.other]["contact_ms"].value is not None
    assert summary.measures[bad.other]["contact_ms"].why_not is None
    assert summary.measures["both"]["contact_ms"].why_not == "the foot hardly moved"
    assert summary.measures["both"]["cadence_spm"].value is not None
    assert summary.strides[bad].found == 0
    assert summary.strides[bad.other].found > 10


def stuck(samples: Samples) -> Samples:
    gyr = samples.gyr.copy()
    gyr[:, 1] = 0.0
    return Samples(samples.time_s, samples.acc, gyr, samples.breaks)


@pytest.mark.parametrize("bad", list(Side))
def test_a_sensor_that_is_broken_is_named_by_its_foot(bad: Side) -> None:
    summary = two_shoes(bad, stuck)
    (doubt,) = (one for one in summary.doubts if one.check == "stuck")
    assert doubt.side == bad
    assert f"the {bad} foot" in doubt.sentence
    assert f"the {bad.other} foot" not in doubt.sentence
    pronation = {side: summary.measures[side]["pronation_excursion_deg"] for side in Side}
    assert pronation[bad].value is None
    assert "stands still" in (pronation[bad].why_not or "")
    assert pronation[bad.other].value is not None
    assert pronation[bad.other].why_not is None
