"""Profiles and assessments as a runner meets them."""

import contextlib
import json
from pathlib import Path

import msgspec
import pytest
from generated_runners import measure, run
from hypothesis import given
from hypothesis import strategies as st
from naive_score import RAW

from gait.model import GaitError, InputError, Level, UsageError
from gait.risk import assess, load_evidence, parse_profile

TABLE = load_evidence()
EXAMPLE = (Path(__file__).parent.parent.parent / "docs" / "profile.md").read_text("utf-8")


def finding(assessment, key):
    return next(c for c in assessment.conditions if c.key == key)


def beside(condition):
    return [one.text for one in condition.beside]


def test_low_cadence_in_words_and_size():
    # 203.056 + 0.193·40 − 44.242·1.80 + 3.067·10.8 (3 m/s) = 164.26, residual 8 steps/min
    profile = parse_profile("body: {height_m: 1.80, age_years: 40}", "yaml")
    both = {"cadence_spm": 152.0, "speed_m_s": 3.0}
    found = finding(assess(run(both=both), profile, TABLE), "stress_fracture")
    (reason,) = found.reasons
    assert reason.text == (
        "your cadence (152) is low for this speed and height (expected about 164 ± 8)"
    )
    z = (164.26 - 152.0) / 8.0
    assert reason.size == pytest.approx(0.25 * 0.95 * (z - 1.0) / 1.5, abs=1e-3)
    assert found.level is Level.NOT_ENOUGH
    assert "impact of the shoe: not measured (this run does not show it)" in beside(found)


def test_a_first_run_compares_pronation_and_impact_with_nothing():
    """No range is published of the same quantities."""
    found = run(
        {"pronation_excursion_deg": 12.0}, {"pronation_excursion_deg": 30.0, "impact_g": 25.0}
    )
    for condition in assess(found, None, TABLE).conditions:
        assert condition.reasons == []
    result = assess(found, None, TABLE)
    assert not any(one.stands_out for one in result.links)
    shown = beside(finding(result, "posterior_tibial_tendonitis"))
    assert shown[0] == "pronation of the shoe: left 12.0°, right 30.0°"


def test_a_measure_of_low_quality_is_unknown_with_its_reason():
    found = {"left": {"impact_g": measure(25.0, "low", "only 4 strides")}}
    condition = finding(assess(found, None, TABLE), "stress_fracture")
    assert condition.reasons == []
    missing = "impact, compared with your own earlier runs"
    low = f"{missing} (measured with low quality: only 4 strides)"
    assert any(low in text for text in condition.missing)


def assessed_with_log(km, log):
    runs = ", ".join(f"{{date: {d}, distance_km: {x}}}" for d, x in log)
    text = f"session: {{date: 2026-05-17, distance_km: {km}}}\ntraining: [{runs}]"
    return assess({}, parse_profile(text, "yaml"), TABLE)


def spike(km, log):
    return finding(assessed_with_log(km, log), "overall_overuse")


@pytest.mark.parametrize("km", [8.0, 13.4, 20.1])
def test_what_is_known_of_the_causes_is_said_once_and_never_as_an_empty_line(km):
    """A session that is not twice as long says nothing more than that it is not longer."""
    causes = assessed_with_log(km, [("2026-04-20", 10.0)]).causes
    (overuse,) = (cause for cause in causes if cause.key == "overuse")
    assert any("10.0 km" in line for line in overuse.known) == (km > 11)
    for cause in causes:
        assert all(line.strip() for line in cause.known)
        assert len(set(cause.known)) == len(cause.known)


def test_session_against_the_longest_of_thirty_days():
    log = [("2026-04-16", 30.0), ("2026-04-17", 10.0), ("2026-05-17", 50.0), ("2026-06-01", 40.0)]
    assert [r.factor for r in spike(11.0, log).reasons] == []  # exactly a tenth more
    (more,) = spike(13.4, log).reasons
    assert more.text == (
        "this session (13.4 km) is 34 % longer than the longest of the 30 days before (10.0 km)"
    )
    (double,) = spike(20.1, log).reasons
    assert (double.factor, double.size) == ("session_spike_double", 0.49)
    nothing = spike(20.0, [("2026-01-01", 10.0)])
    assert nothing.reasons == []
    assert any("no run in those 30 days" in text for text in nothing.missing)


def test_kilometres_against_the_own_half_year():
    even = [f"2026-{m:02d}-{d:02d}" for m in (1, 2, 3, 4) for d in (3, 10, 17, 24)]
    log = [("2025-12-20", 10.0), ("2025-12-05", 10.0), *((d, 10.0) for d in even)]
    log += [(f"2026-05-{d:02d}", 15.0) for d in (1, 4, 7, 10, 13)]
    runs = ", ".join(f"{{date: {d}, distance_km: {x}}}" for d, x in log)
    text = f"session: {{date: 2026-05-17, distance_km: 15}}\ntraining: [{runs}]"
    found = finding(assess({}, parse_profile(text, "yaml"), TABLE), "achilles_tendinopathy")
    # between people it is known, of one runner's own increase it is not: shown, never counted
    assert "distance_high_own" in [r.factor for r in found.against]
    assert found.score == 0.0


def test_order_follows_pain_then_the_guide_and_never_gait():
    plain = [c.key for c in assess({}, None, TABLE).conditions]
    assert plain == list(RAW["conditions"])
    profile = parse_profile("pain: [{where: heel}]", "yaml")
    both = {"cadence_spm": 140.0, "speed_m_s": 3.0}
    order = [c.key for c in assess(run(both=both), profile, TABLE).conditions]
    heel = RAW["locations"]["heel"]
    mapped = [*heel["causes"], *heel["from_sections"], *heel["for_safety"]]
    assert order[: 1 + len(mapped)] == ["overall_overuse", *mapped]
    assert order[1 + len(mapped) :] == [k for k in plain[1:] if k not in mapped]


def test_general_reasons_are_said_once_unless_it_hurts_there():
    history = "history: {injuries: [{condition: shin splints, months_ago: 3}]}\n"
    log = "session: {date: 2026-05-17, distance_km: 9}\n"
    log += "training: [{date: 2026-05-10, distance_km: 9}]\n"
    hurts = "pain: [{where: heel}]\nred_flags: {pinpoint_bone_pain: no, hop_pain: no, "
    hurts += "night_pain: no, earlier_each_run: no, lasts_longer_and_stronger: no}"
    for pain, shown in (("", []), (hurts, ["prior_rri_12m"])):
        found = assess({}, parse_profile(history + log + pain, "yaml"), TABLE)
        heel = finding(found, "retrocalcaneal_bursitis")
        assert heel.level is Level.GENERAL_LOAD
        assert [r.factor for r in heel.reasons] == shown
        overall = finding(found, "overall_overuse")
        assert [r.factor for r in overall.reasons] == ["prior_rri_12m"]


def test_a_first_run_without_a_profile_still_gets_an_answer():
    found = assess(run(both={"cadence_spm": 170.0, "speed_m_s": 3.0}), None, TABLE)
    assert [f.answer for f in found.red_flags] == [None] * 29
    assert not found.stop
    overall = finding(found, "overall_overuse")
    assert overall.level is Level.NOT_ENOUGH
    assert str(overall.would_help_most).startswith("a training log")
    # 203.056 + 0.193·40 − 44.242·1.74 + 3.067·10.8 = 166.92; √(8² + (0.193·11)² + (44.242·0.09)²)
    assert beside(overall)[0] == (
        "cadence: 170 steps/min (most runners 160–180, says the guide; "
        "expected about 167 ± 9 for this speed)"
    )
    assert len(overall.against) == 6
    assert len(found.locations) == 8


def test_red_flags_override_everything_and_the_urgent_come_first():
    text = "red_flags: {hop_pain: yes, pop_and_weak_push_off: yes, new_lump: no}\n"
    text += "history: {injured_last_12_months: yes, ankle_sprain: yes, bone_stress_injury: yes}"
    found = assess(run(both={"cadence_spm": 140.0}), parse_profile(text, "yaml"), TABLE)
    assert found.stop
    assert [first.split(":")[0] for first in found.first] == ["Same day", "Within days"]
    assert {c.level for c in found.conditions} == {Level.CONTEXT}


def example(language):
    return EXAMPLE.split(f"```{language}\n")[1].split("```")[0]


def test_the_documented_examples_say_the_same():
    profile = parse_profile(example("yaml"), "yaml")
    assert [i.condition for i in profile.history.injuries or []] == ["achilles_tendinopathy"]
    assert parse_profile(example("toml"), "toml") == profile
    as_json = json.dumps(msgspec.to_builtins(profile))
    assert parse_profile(as_json, "json") == profile
    for key in (*RAW["red_flags"], *RAW["locations"]):
        assert f"`{key}`" in EXAMPLE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("body: {height: 1.8}", "height is not known under body (did you mean height_m?)"),
        ("body: {height_m: 178}", "body.height_m is 178; it must lie between 1 and 2.5"),
        ("body: {sex: f}", "not one of the words that body.sex can be"),
        ("pain: [{where: heal}]", "did you mean heel?"),
        ("pain: [{level: 3}]", "where is missing"),
        ("red_flags: {hop_pian: yes}", "did you mean hop_pain?"),
        ("history: {injuries: [{condition: achilles}]}", "did you mean achilles_tendinopathy?"),
        ("training: [{date: soon, distance_km: 3}]", "a date such as 2026-05-17"),
        ("shoes: {distance_km: far}", "shoes.distance_km must be a number, not a text"),
        ("- heel", "names with values"),
        ("a: [1", "line 2: not readable as YAML"),
    ],
)
def test_a_wrong_profile_is_one_clear_sentence(text, said):
    with pytest.raises(InputError) as error:
        parse_profile(text, "yaml")
    assert said in str(error.value)
    assert str(error.value).count("\n") == 0


def test_other_formats_and_empty_profiles():
    with pytest.raises(UsageError, match=r"ends in \.txt"):
        parse_profile("", "txt")
    assert parse_profile("", "yaml") == parse_profile("{}", "json") == parse_profile("", "toml")
    assert parse_profile("shoes:\n", "yaml") == parse_profile("", "yaml")


@given(st.text(max_size=40), st.sampled_from(["yaml", "toml", "json"]))
def test_any_text_is_a_profile_or_a_sentence(text, kind):
    with contextlib.suppress(GaitError):
        parse_profile(text, kind)
