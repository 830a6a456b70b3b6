"""What is told wrong is named, and nothing false stands: virtual feet, real ones, made-up ones."""

import dataclasses
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import shared_data
from msgspec.structs import replace
from virtual_run import session
from virtual_sessions import VirtualSession

from gait.measures.landing import LANDING, no_landings
from gait.measures.plausibility import (
    ALL_BUT_COUNTING,
    CHECKS,
    CONTACT,
    PAIRED,
    PATH,
    ROLL,
    Evidence,
    FootEvidence,
    judge,
    lands_on_inner_edge,
    looks_mirrored,
    take_away,
)
from gait.measures.signals import Signals
from gait.measures.table import BY_NAME, empty_strides
from gait.model import Activity, QualityFlag, Samples, SensorInfo, Side, Strike, Summary
from gait.pipeline import Pipeline, Result, analyze_items, analyze_samples, feed_all, summarise
from gait.recording import read_table
from gait.simulate import Runner, Sensor, measure
from gait.simulate import disturbance as life

RATE_HZ = 400.0
Feet = dict[Side, tuple[Samples, SensorInfo]]


@cache
def _virtual() -> Feet:
    run = VirtualSession(Runner(), 3.0, 25.0, 5)
    sensor = Sensor(rate_hz=RATE_HZ)
    info = {
        side: SensorInfo(side=side, rate_hz=RATE_HZ, acc_range_g=32.0, gyr_range_dps=2000.0)
        for side in Side
    }
    return {
        side: (measure(motion, sensor, seed=number), info[side])
        for number, (side, motion) in enumerate(run.motions().items())
    }


def feet(
    left: Callable[[Samples], Samples] = lambda s: s,
    right: Callable[[Samples], Samples] = lambda s: s,
) -> Feet:
    """Both feet of a virtual runner, as they were or with something done to them."""
    change = {Side.LEFT: left, Side.RIGHT: right}
    return {side: (change[side](s), info) for side, (s, info) in _virtual().items()}


def one(change: Callable[[Samples], Samples] = lambda s: s, told: Side = Side.LEFT) -> Feet:
    """The left foot alone, told to be of a side."""
    samples, info = _virtual()[Side.LEFT]
    return {told: (change(samples), replace(info, side=told))}


def found(result: Result) -> list[str]:
    return [doubt.check for doubt in result.verdict.doubts]


def stands(summary: Summary, side: Side) -> set[str]:
    """The measures of a foot that are given with any quality but low."""
    measures = summary.measures[side]
    return {n for n, m in measures.items() if m.value is not None and m.quality != "low"}


def test_nothing_is_doubted_where_nothing_is_wrong() -> None:
    for recorded in (one(), feet()):
        result = analyze_samples(recorded)
        assert found(result) == []
        assert summarise(result, source="x").doubts == []
        assert not (result.strides["why"] & int(QualityFlag.IMPLAUSIBLE)).any()


@pytest.mark.parametrize("wrong", [one(told=Side.RIGHT), one(life.flip_acc)])
def test_the_wrong_side_and_a_turned_accelerometer_are_named(wrong: Feet) -> None:
    result = analyze_samples(wrong)
    summary = summarise(result, source="x")
    side = next(iter(wrong))
    assert found(result) == ["side"]
    sentence = summary.doubts[0].sentence
    assert f"looks like the {side.other} shoe" in sentence
    assert f"--side {side.other}" in sentence
    assert "sign of the accelerometer" in sentence
    for name in ROLL:
        measure = summary.measures[side][name]
        assert measure.value is None
        assert measure.why_not == summary.doubts[0].what
        assert np.isnan(result.strides[name]).all()
    assert "drift_pronation_excursion_deg" not in stands(summary, side)
    assert "roll" not in summary.curves[side]
    assert {"cadence_spm", "contact_ms", "strike_angle_deg", "speed_m_s"} <= stands(summary, side)


def test_swapped_feet_are_named_and_mended_by_naming_them_otherwise() -> None:
    right = feet()
    swapped = {side: (right[side.other][0], replace(right[side][1], side=side)) for side in Side}
    result = analyze_samples(swapped)
    assert found(result) == ["side"]
    assert "--left and --right the other way round" in result.verdict.doubts[0].sentence
    assert result.verdict.doubts[0].side == "both"


def test_a_session_with_swapped_sensors_says_how_to_mend_it_and_is_mended_so() -> None:
    recording = session()
    swapped = [replace(info, side=info.side.other) for info in recording.sensors]
    result = analyze_items(swapped, recording.items())
    assert found(result) == ["side"]
    assert "--swap" in result.verdict.doubts[0].sentence
    assert found(analyze_items(recording.sensors, recording.items())) == []
    live = Pipeline(swapped)
    feed_all(live, recording.items())
    assert [doubt.check for doubt in live.doubts] == ["side"]


@pytest.mark.parametrize(
    "wrong",
    [life.flip_gyr, *(lambda s, k=k: life.mirror_axis(s, k) for k in range(3))],
)
def test_axes_of_the_other_hand_are_named_and_steps_still_counted(wrong) -> None:
    whole = len(analyze_samples(one()).strides)
    result = analyze_samples(one(wrong))
    summary = summarise(result, source="x")
    assert "hand" in found(result)
    assert "left-handed" in summary.doubts[0].sentence
    assert not ALL_BUT_COUNTING & stands(summary, Side.LEFT)
    assert len(result.strides) >= whole - 2
    assert "cadence_spm" in stands(summary, Side.LEFT)
    assert summary.distance.metres is None


def stick_acc(samples: Samples, axis: int) -> Samples:
    acc = samples.acc.copy()
    acc[:, axis] = acc[0, axis]
    return Samples(samples.time_s, acc, samples.gyr, samples.breaks)


@pytest.mark.parametrize("axis", range(3))
def test_an_axis_that_stands_still_is_named(axis: int) -> None:
    for change, name in (
        (lambda s: life.stick_gyr_axis(s, axis), "Gyroscope"),
        (lambda s: stick_acc(s, axis), "Accelerometer"),
    ):
        result = analyze_samples(one(change))
        assert "stuck" in found(result)
        sentence = next(d.sentence for d in result.verdict.doubts if d.check == "stuck")
        assert sentence.startswith(f"{name} {'xyz'[axis]} of the left foot")
        assert not ALL_BUT_COUNTING & stands(summarise(result, source="x"), Side.LEFT)


def test_an_axis_that_stands_still_for_a_while_is_named_too() -> None:
    def for_a_while(samples: Samples) -> Samples:
        gyr = samples.gyr.copy()
        some = (samples.time_s > 10.0) & (samples.time_s < 16.0)
        gyr[some, 0] = gyr[np.argmax(some), 0]
        return Samples(samples.time_s, samples.acc, gyr, samples.breaks)

    assert "stuck" in found(analyze_samples(one(for_a_while)))


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_gyroscope_in_another_unit_is_named(factor: float) -> None:
    def scaled(samples: Samples) -> Samples:
        return Samples(samples.time_s, samples.acc, factor * samples.gyr, samples.breaks)

    result = analyze_samples(one(scaled))
    assert {"gyroscope", "hand"} & set(found(result))
    assert not ALL_BUT_COUNTING & stands(summarise(result, source="x"), Side.LEFT)


def test_a_roll_of_the_wrong_sign_lowers_what_hangs_on_it() -> None:
    """One axis of the gyroscope is turned: the foot still swings as the one it is."""

    def turned(samples: Samples) -> Samples:
        gyr = samples.gyr * (-1.0, 1.0, 1.0)  # this sensor sits as the foot does
        return Samples(samples.time_s, samples.acc, gyr, samples.breaks)

    result = analyze_samples(one(turned))
    summary = summarise(result, source="x")
    assert found(result) == ["edge"]
    assert not ROLL & stands(summary, Side.LEFT)
    pronation = summary.measures["left"]["pronation_excursion_deg"]
    assert (pronation.quality, pronation.why_not) == ("low", summary.doubts[0].what)
    assert "contact_ms" in stands(summary, Side.LEFT)


def test_held_samples_are_no_higher_rate() -> None:
    def at_200(samples: Samples) -> Samples:
        return life.hold_values(samples, 4)

    result = analyze_samples(one(at_200))
    summary = summarise(result, source="x")
    assert found(result) == ["held"]
    assert "really gives 100 samples a second, not 400" in summary.doubts[0].sentence
    assert summary.measures["left"]["impact_g"].value is None
    assert summary.measures["left"]["contact_ms"].value is not None


def test_gravity_the_wrong_way_in_foot_axes_is_named() -> None:
    motion = VirtualSession(Runner(), 3.0, 15.0, 5).motions()[Side.LEFT]
    samples = measure(motion, Sensor(rate_hz=RATE_HZ), seed=1)
    info = SensorInfo(side=Side.LEFT, rate_hz=RATE_HZ, mounting="foot")
    assert found(analyze_samples({Side.LEFT: (samples, info)})) == []
    turned = analyze_samples({Side.LEFT: (life.flip_acc(samples), info)})
    assert found(turned)[0] == "gravity"


# Two feet.


def test_one_recording_for_both_feet_is_named() -> None:
    samples, info = _virtual()[Side.LEFT]
    both = {side: (samples, replace(info, side=side)) for side in Side}
    result = analyze_samples(both)
    summary = summarise(result, source="x")
    assert found(result) == ["same"]
    for side in Side:
        assert not {"contact_ms", "pronation_excursion_deg", "flight_ms"} & stands(summary, side)
    for name, of_both in summary.measures["both"].items():
        if name.startswith("symmetry_"):
            assert of_both.value is None
            assert of_both.why_not == summary.doubts[0].what
    later = life.end_early(life.shift_clock(samples, 0.31), 0.97)
    both[Side.RIGHT] = later, both[Side.RIGHT][1]
    assert summarise(analyze_samples(both), source="x").measures["both"]["flight_ms"].value is None


def test_two_tables_of_one_recorder_prove_that_they_share_a_clock() -> None:
    result = analyze_samples(feet())
    assert result.clocks == "shared"
    assert np.isfinite(result.strides["flight_ms"]).sum() > 30
    same = analyze_samples(feet(), clock="shared")
    np.testing.assert_array_equal(result.strides["flight_ms"], same.strides["flight_ms"])


@pytest.mark.parametrize("off_s", [0.02, 0.11, 0.35, -0.37, 70.0, 1.78e9])
def test_tables_on_two_clocks_have_no_flight_whatever_the_offset(off_s: float) -> None:
    result = analyze_samples(feet(right=lambda s: life.shift_clock(s, off_s)))
    summary = summarise(result, source="x")
    whole = summarise(analyze_samples(feet()), source="x")
    assert result.clocks == summary.clocks == "separate"
    assert found(result) == ["clocks"]
    assert "--clock shared" in summary.doubts[0].sentence
    assert not np.isfinite(result.strides["flight_ms"]).any()
    for key in (*Side, "both"):
        for name in PAIRED | {"symmetry_flight_pct", "symmetry_step_time_pct"}:
            if name in summary.measures[key]:
                assert summary.measures[key][name].value is None
                assert "clock" in (summary.measures[key][name].why_not or "")
    assert summary.duration_s == pytest.approx(whole.duration_s, abs=0.01)
    contact = "symmetry_contact_pct"
    expected = whole.measures["both"][contact].value
    assert summary.measures["both"][contact].value == pytest.approx(expected, abs=0.01)
    assert summary.activity_s == pytest.approx(whole.activity_s, abs=0.01)


def test_clocks_that_are_said_to_be_separate_are_no_doubt() -> None:
    result = analyze_samples(feet(), clock="separate")
    assert found(result) == []
    assert not np.isfinite(result.strides["flight_ms"]).any()
    why = summarise(result, source="x").measures["left"]["flight_ms"].why_not
    assert "clock" in (why or "")


@pytest.mark.parametrize("off_s", [0.35, 0.14, 0.09, -0.2])
def test_clocks_that_are_said_to_be_shared_are_not_believed_against_the_feet(off_s) -> None:
    result = analyze_samples(feet(right=lambda s: life.shift_clock(s, off_s)), clock="shared")
    assert found(result) == ["steps"]
    assert not np.isfinite(result.strides["flight_ms"]).any()


def test_recordings_of_two_times_are_not_set_against_each_other() -> None:
    result = analyze_samples(feet(right=lambda s: life.shift_clock(s, 1000.0)), clock="shared")
    assert found(result) == ["clocks"]
    assert "not recorded at the same time" in result.verdict.doubts[0].sentence
    assert result.duration_s < 60.0


def test_a_foot_that_ends_early_is_compared_over_the_common_time_only() -> None:
    """The left foot's later half is another runner's: it must not be in the comparison."""
    recorded = feet(right=lambda s: life.end_early(s, 0.5))
    result = analyze_samples(recorded, clock="shared")
    summary = summarise(result, source="x")
    assert found(result) == ["ends"]
    assert "right foot is recorded for less" in summary.doubts[0].sentence
    strides = result.strides
    ends_s = float(recorded[Side.RIGHT][0].time_s[-1])
    left = (strides["side"] == 0) & (strides["ic_s"] <= ends_s)
    medians = [np.nanmedian(strides["contact_ms"][of]) for of in (left, strides["side"] == 1)]
    expected = 200.0 * (medians[0] - medians[1]) / sum(medians)
    assert summary.measures["both"]["symmetry_contact_pct"].value == pytest.approx(expected)
    assert summary.measures["left"]["contact_ms"].n > left.sum() + 5

    unknown = analyze_samples(recorded)
    assert found(unknown) == ["clocks", "ends"]
    both = summarise(unknown, source="x").measures["both"]
    assert all(m.value is None for name, m in both.items() if name.startswith("symmetry_"))


# Made-up strides, for what no recording at hand does.


def strides_of(side: Side, n: int = 40, begins_s: float = 0.0, **columns: float):
    made = empty_strides(n)
    made["side"] = side is Side.RIGHT
    made["activity"] = Activity.RUN
    made["valid"] = True
    made["stride_s"] = 0.7 + 0.01 * np.sin(np.arange(n) * (1.0 + (side is Side.RIGHT)))
    made["ic_s"] = begins_s + np.concatenate([[0.0], np.cumsum(made["stride_s"])[:-1]])
    for name, value in columns.items():
        made[name] = value
    return made


def evidence_of(*feet_strides, clocks="one", **more) -> Evidence:
    made = {}
    for strides in feet_strides:
        side = Side.RIGHT if strides["side"][0] else Side.LEFT
        info = SensorInfo(side=side, rate_hz=RATE_HZ)
        signals = Signals(RATE_HZ, with_gyroscope=True)
        still = Samples(np.arange(3.0 + len(made)), *(np.ones((3 + len(made), 3)),) * 2)
        signals.push(still)
        ends_s = float(strides["ic_s"][-1] + 1.0)
        made[side] = FootEvidence(info, strides, no_landings(), signals, 0.0, ends_s)
    return Evidence(made, clocks, **more)


def checks(evidence: Evidence) -> list[str]:
    return [doubt.check for doubt in judge(evidence).doubts]


USUAL = {
    "contact_ms": 250.0,
    "duty_factor_pct": 36.0,
    "stride_length_m": 2.1,
    "speed_m_s": 3.0,
    "flight_ms": 100.0,
}


def test_usual_strides_are_not_doubted() -> None:
    left = strides_of(Side.LEFT, **USUAL)
    assert checks(evidence_of(left)) == []
    right = strides_of(Side.RIGHT, begins_s=0.35, **USUAL)
    assert checks(evidence_of(left, right, clocks="shared")) == []


@pytest.mark.parametrize(
    ("columns", "check"),
    [
        ({"duty_factor_pct": 55.0, "contact_ms": 385.0}, "contact"),
        ({"stride_length_m": 5.6, "speed_m_s": 8.0}, "speed"),
        ({"stride_length_m": 0.4, "speed_m_s": 0.6}, "speed"),
        ({"stride_length_m": 4.9, "speed_m_s": 14.0}, "speed"),
        ({"contact_ms": 330.0, "stride_length_m": 4.2, "speed_m_s": 6.0}, "speed"),
    ],
)
def test_what_no_runner_does_does_not_stand(columns: dict[str, float], check: str) -> None:
    strides = strides_of(Side.LEFT, **{**USUAL, **columns})
    verdict = judge(evidence_of(strides))
    assert [doubt.check for doubt in verdict.doubts] == [check]
    take_away(strides, verdict.spoiled)
    for name in columns:
        assert np.isnan(strides[name]).all(), name
    assert (strides["why"] & int(QualityFlag.IMPLAUSIBLE)).all()
    assert strides["valid"].all()  # they are steps


def test_slow_walking_and_a_sprint_are_possible() -> None:
    walk = {"stride_length_m": 0.5, "speed_m_s": 0.3, "duty_factor_pct": 70.0}
    slow = strides_of(Side.LEFT, **walk)
    slow["activity"] = Activity.WALK
    assert checks(evidence_of(slow)) == []
    sprint = {"stride_length_m": 4.6, "speed_m_s": 10.5, "duty_factor_pct": 22.0}
    assert checks(evidence_of(strides_of(Side.LEFT, **sprint))) == []


def test_flight_below_zero_of_one_foot_and_of_both() -> None:
    left, right = (strides_of(side, begins_s=0.35 * (side is Side.RIGHT), **USUAL) for side in Side)
    left["flight_ms"], right["flight_ms"] = -60.0, 260.0
    found = judge(evidence_of(left, right, clocks="shared")).doubts
    assert [doubt.check for doubt in found] == ["flight"]
    assert "clocks" in found[0].sentence
    right["flight_ms"] = -50.0
    found = judge(evidence_of(left, right, clocks="shared")).doubts
    assert "at once" in found[0].sentence
    assert "contact_ms" in found[0].spoils


def test_feet_that_land_together_and_feet_that_drift_apart() -> None:
    left = strides_of(Side.LEFT, **USUAL)
    together = strides_of(Side.RIGHT, begins_s=0.04, **USUAL)
    found = judge(evidence_of(left, together, clocks="shared")).doubts
    assert [doubt.check for doubt in found] == ["steps"]
    assert "at the same moment" in found[0].sentence
    drifting = strides_of(Side.RIGHT, begins_s=0.25, **USUAL)
    drifting["ic_s"] *= 1.01
    assert checks(evidence_of(left, drifting, clocks="shared")) == ["steps"]


def test_feet_of_one_runner_are_as_fast_as_each_other() -> None:
    left = strides_of(Side.LEFT, cadence_spm=171.0, **USUAL)
    right = strides_of(Side.RIGHT, begins_s=0.35, cadence_spm=171.0, **USUAL)
    assert checks(evidence_of(left, right, clocks="separate")) == []
    right["speed_m_s"], right["stride_length_m"] = 1.6, 1.1
    verdict = judge(evidence_of(left, right, clocks="shared"))
    assert [doubt.check for doubt in verdict.doubts] == ["agree"]
    assert "3.0 m/s, the right 1.6" in verdict.doubts[0].sentence
    assert all("speed_m_s" in verdict.spoiled[side] for side in Side)
    assert not any("contact_ms" in verdict.spoiled[side] for side in Side)
    right["stride_s"] *= 171.0 / 182.0
    verdict = judge(evidence_of(left, right, clocks="separate"))
    assert [doubt.check for doubt in verdict.doubts] == ["agree"]
    assert "symmetry_contact_pct" in verdict.not_compared
    # medians of strides that alternate may be apart, and the feet are not
    odd = strides_of(Side.RIGHT, begins_s=0.35, **USUAL)
    odd["stride_s"] = 0.7 + 0.03 * np.where(np.arange(len(odd)) % 2, 1.0, -1.0)
    odd["cadence_spm"] = 120.0 / odd["stride_s"]
    assert checks(evidence_of(left, odd[:-1], clocks="separate")) == []
    # a foot that has only the slower half of a run need not be as fast
    assert checks(evidence_of(left, right[:20], clocks="separate")) == ["ends"]


def test_contacts_that_cannot_stand_take_flight_from_the_other_foot_too() -> None:
    left = strides_of(Side.LEFT, **USUAL)
    right = strides_of(Side.RIGHT, begins_s=0.35, **{**USUAL, "duty_factor_pct": 60.0})
    verdict = judge(evidence_of(left, right, clocks="shared"))
    assert "flight_ms" in verdict.spoiled[Side.LEFT]
    assert "contact_ms" not in verdict.spoiled[Side.LEFT]


def test_a_gyroscope_that_contradicts_and_a_mounting_that_is_not_known_are_told() -> None:
    for flag, check in (
        (QualityFlag.GYROSCOPE_DOUBTED, "gyroscope"),
        (QualityFlag.MOUNTING_UNKNOWN, "mounting"),
    ):
        strides = strides_of(Side.LEFT)
        strides["why"][:25] = int(flag)
        assert checks(evidence_of(strides)) == [check]
        strides["why"][10:] = 0
        assert checks(evidence_of(strides)) == []


def test_a_range_that_is_too_small_is_told_as_the_cause() -> None:
    strides = strides_of(Side.LEFT)
    strides["why"] = int(QualityFlag.GYROSCOPE_DOUBTED)
    made = evidence_of(strides)
    clipped = replace_foot(made, clipped_share=0.06)
    sentence = judge(clipped).doubts[0].sentence
    assert "6 % of the samples are at the end of the sensor's range" in sentence
    assert "larger" in sentence
    assert "sign" in judge(made).doubts[0].sentence


def test_many_samples_that_are_no_measurement_are_told() -> None:
    made = evidence_of(strides_of(Side.LEFT))
    assert checks(replace_foot(made, wrong_share=0.01)) == []
    assert checks(replace_foot(made, wrong_share=0.1)) == ["wrong"]
    assert (
        "10 % of the samples of the left foot"
        in judge(replace_foot(made, wrong_share=0.1)).doubts[0].sentence
    )


def replace_foot(evidence: Evidence, **more) -> Evidence:
    feet_now = {side: dataclasses.replace(foot, **more) for side, foot in evidence.feet.items()}
    return dataclasses.replace(evidence, feet=feet_now)


def landed(n: int = 30, activity: Activity = Activity.RUN, **columns: float):
    made = np.zeros(n, dtype=LANDING)
    made["activity"] = activity
    for name in LANDING.names or ():
        if name != "activity":
            made[name] = columns.get(name, np.nan)
    return made


@pytest.mark.parametrize(
    ("roll", "inward", "outward", "swing", "activity", "mirrored"),
    [
        (-10.0, 11.0, 0.5, 0.05, Activity.RUN, False),
        (10.0, 0.5, 11.0, -0.05, Activity.RUN, True),
        (5.0, 0.5, 6.0, -0.02, Activity.WALK, True),
        # a foot that lands everted but swings as it should: unusual, and not the other one
        (8.0, 2.0, 12.0, 0.04, Activity.RUN, False),
        (8.0, 2.0, 12.0, 0.04, Activity.WALK, False),
        # the path is not known: enough in running alone
        (9.0, 0.5, 9.0, np.nan, Activity.RUN, True),
        (9.0, 0.5, 9.0, np.nan, Activity.WALK, False),
        # toes far out hide the roll, and the swing tells
        (1.0, 3.0, 4.0, -0.05, Activity.RUN, True),
        (-3.0, 5.0, 2.0, -0.05, Activity.RUN, False),
        (np.nan, np.nan, np.nan, -0.05, Activity.RUN, False),
    ],
)
def test_what_tells_a_foot_from_the_other(roll, inward, outward, swing, activity, mirrored) -> None:
    landings = landed(
        activity=activity, roll_deg=roll, inward_deg=inward, outward_deg=outward, swings_out_m=swing
    )
    assert looks_mirrored(landings) is mirrored
    assert not looks_mirrored(landings[:5])
    inner = activity is Activity.RUN and roll > 4.0 and swing > 0.0
    assert lands_on_inner_edge(landings) is inner


def test_taking_away_leaves_the_other_foot_and_the_strike_unknown() -> None:
    both = np.concatenate([strides_of(side, strike_angle_deg=20.0) for side in Side])
    both["strike"] = Strike.REARFOOT
    take_away(both, {Side.LEFT: {"strike_angle_deg": "because"}})
    left = both["side"] == 0
    assert np.isnan(both["strike_angle_deg"][left]).all()
    assert (both["strike"][left] == Strike.UNKNOWN).all()
    assert (both["strike_angle_deg"][~left] == 20.0).all()
    assert not (both["why"][~left] & int(QualityFlag.IMPLAUSIBLE)).any()


def test_the_table_spoils_only_measures_there_are_and_has_each_check_once() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for names in (ROLL, PAIRED, PATH, CONTACT, ALL_BUT_COUNTING):
        assert names <= set(BY_NAME)
    assert {"pronation_excursion_deg", "roll_at_ic_deg", "everted_pct"} <= ROLL


# Real and built feet.

REAL = (
    *(("running", name) for name in shared_data.RUNNING),
    *(("walking", name) for name in shared_data.WALKING),
    *(("real", name) for name in ("pod_run", "shoe_30", "shoe_31", "shoe_35", "shoe_44")),
    *(("real", name) for name in ("belt_1028_left", "belt_1028_right")),
)
# Unusual feet, which do not land on their outer edge as others do.
NOT_TOLD = ("walk_9-1_left", "walk_9-1_right")


def table_of(kind: str, name: str, *, wrong_side: bool = False):
    side = Side.RIGHT if "right" in name or name.startswith("shoe_") else Side.LEFT
    return read_table(shared_data.table_path(kind, name), side=side.other if wrong_side else side)


@pytest.mark.parametrize(("kind", "name"), REAL)
def test_real_feet_are_not_doubted(kind: str, name: str) -> None:
    table = table_of(kind, name)
    assert found(analyze_samples({table.info.side: (table.samples, table.info)})) == []


@pytest.mark.parametrize(("kind", "name"), [pair for pair in REAL if pair[1] not in NOT_TOLD])
def test_a_real_foot_told_to_be_the_other_is_named(kind: str, name: str) -> None:
    table = table_of(kind, name, wrong_side=True)
    side = table.info.side
    result = analyze_samples({side: (table.samples, table.info)})
    assert found(result) == ["side"]
    assert not ROLL & stands(summarise(result, source="x"), side)


@pytest.mark.parametrize(("kind", "name"), REAL)
def test_real_sensors_with_the_other_hand_are_named(kind: str, name: str) -> None:
    table = table_of(kind, name)
    side = table.info.side
    for change in (life.flip_gyr, lambda s: life.mirror_axis(s, 1)):
        result = analyze_samples({side: (change(table.samples), table.info)})
        assert "hand" in found(result)
        assert not ALL_BUT_COUNTING & stands(summarise(result, source="x"), side)
