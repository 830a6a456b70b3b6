"""The course of a checkup: any order ends, what is skipped is unknown, answers are a profile."""

import copy
import json
import tomllib
from datetime import date

import pytest
import yaml
from checkup_runner import lines, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_score import RAW

from gait.model import InputError
from gait.risk import answers_of, assess, load_evidence, parse_profile, profile_of
from gait.risk.checkup import CheckupFlow, for_another_day
from gait.risk.question_flow import OTHER, look_up, steps_of
from gait.risk.questions import load_questions

TABLE, QUESTIONS = load_evidence(), load_questions()
slow = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def flow(answers=None, known=()):
    return CheckupFlow(QUESTIONS, TABLE, answers, known)


def at(key, answers=None, about=""):
    """A flow that stands at a question."""
    found = flow(answers)
    number = next(
        n for n, s in enumerate(found.steps, 1) if s.asked.key == key and s.about.startswith(about)
    )
    found.go(number)
    return found


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


@slow
@given(st.data())
def test_every_course_ends_and_its_answers_are_a_profile_and_back(data):
    checkup = flow()
    walk(checkup, data, 40)
    answers = checkup.answers
    profile = profile_of(answers, TABLE)
    assert answers_of(profile) == answers
    for text, kind in ((json.dumps(answers), "json"), (yaml.safe_dump(answers), "yaml")):
        assert parse_profile(text, kind, TABLE) == profile  # what --export writes, --profile reads
    assert CheckupFlow(QUESTIONS, TABLE, answers).answers == answers
    assert None not in leaves(answers)
    for _ in range(len(checkup.steps)):
        checkup.skip()
    assert checkup.step is None
    assert checkup.answers == answers


@slow
@given(st.data())
def test_what_was_never_answered_is_unknown_and_never_a_no(data):
    """A plain account of the lines typed says which questions have an answer."""
    checkup, typed = flow(), set()
    for _ in range(40):
        step = checkup.step
        if step is None:
            break
        if data.draw(st.booleans()):
            line = data.draw(lines(step))
            checkup.answer(line)
            typed.add(step.asked.key)
        else:
            checkup.skip()
    for asked in QUESTIONS.questions:
        if asked.key in typed or asked.each:
            continue
        paths = [p.split(".") for p in asked.items or ()] if not asked.to else [asked.to]
        if asked.sides:
            assert look_up(checkup.answers, asked.to) is None
        for path in paths:
            assert look_up(checkup.answers, tuple(path)) is None
    found = assess({}, profile_of(checkup.answers, TABLE), TABLE)
    asked_flags = {
        path.removeprefix("red_flags.")
        for asked in QUESTIONS.questions
        if asked.key in typed
        for path in asked.items or ()
    }
    if any(key.startswith("pain_") for key in typed):  # they say no to the same
        asked_flags |= {"pain_over_5", "night_pain", "lasts_longer_and_stronger"}
    for flag in found.red_flags:
        if flag.key not in asked_flags:
            assert flag.answer is not False


def test_skipping_everything_says_nothing():
    checkup = flow()
    while checkup.step is not None:
        checkup.skip()
    assert checkup.answers == {}
    assert checkup.answered == 0
    found = assess({}, profile_of(checkup.answers, TABLE), TABLE)
    assert {flag.answer for flag in found.red_flags} == {None}
    assert {c.coverage for c in found.conditions} == {0.0}


@slow
@given(st.data())
def test_going_back_shows_what_was_answered_and_taking_it_back_makes_it_unknown(data):
    checkup = flow()
    walk(checkup, data, 15)
    step = checkup.step
    if step is None:
        return
    before = copy.deepcopy(checkup.answers)
    checkup.answer(data.draw(lines(step)))
    checkup.back()
    assert checkup.step is not None
    assert (checkup.step.asked, checkup.step.at) == (step.asked, step.at)
    if checkup.value(step) is not None:
        checkup.remove()
        assert checkup.value(checkup.step) is None
    if step.value(before) is None:
        assert checkup.answers == before


OTHER_SIDE = {"left": "right", "right": "left"}


def swapped(value):
    if isinstance(value, dict):
        return {OTHER_SIDE.get(k, k): swapped(v) for k, v in value.items()}
    if isinstance(value, list):
        return [swapped(item) for item in value]
    return OTHER_SIDE.get(value, value) if isinstance(value, str) else value


@slow
@given(st.data())
def test_left_and_right_swapped(data):
    """The other side's answers are the swapped profile, with the same questions and levels."""
    checkup = flow()
    walk(checkup, data, 40)
    other = flow(swapped(checkup.answers))
    assert len(other.steps) == len(checkup.steps)
    assert other.answers == swapped(checkup.answers)
    assert (other.raised, other.warnings) == (checkup.raised, checkup.warnings)
    one, two = (assess({}, profile_of(f.answers, TABLE), TABLE) for f in (checkup, other))
    assert [(c.key, c.level, len(c.signs)) for c in one.conditions] == [
        (c.key, c.level, len(c.signs)) for c in two.conditions
    ]


def test_warning_signs_come_first_and_stop_at_once():
    checkup = flow()
    assert checkup.step is not None
    assert checkup.step.asked.section == "Warning signs"
    checkup.skip()
    checkup.answer("2")
    assert checkup.stopped
    assert checkup.warnings == [
        "Same day: " + RAW["red_flags"]["swollen_warm_calf_or_breathlessness"]["what_to_do"]
    ]
    checkup.go_on()
    assert not checkup.stopped
    checkup.answer("1")
    assert checkup.stopped  # another one
    assert [w.split(":")[0] for w in checkup.warnings] == ["Same day", "Within days"]
    checkup.go_on()
    checkup.back()
    checkup.answer("n")
    assert not checkup.stopped
    assert len(checkup.warnings) == 1
    assert flow(checkup.answers).stopped  # the next time it is the first thing again


@pytest.mark.parametrize(
    ("key", "answers", "line", "flag"),
    [
        ("pain_when", {"pain": [{"where": "heel"}]}, "5", "night_pain"),
        ("heel_raise", {}, "3", "collapsing_arch_or_no_single_heel_raise"),
        ("shin_press", {}, "3", "pinpoint_bone_pain"),
    ],
)
def test_a_later_answer_can_be_a_warning_sign(key, answers, line, flag):
    checkup = at(key, answers)
    assert not checkup.stopped
    checkup.answer(line)
    assert checkup.stopped
    assert checkup.raised == {flag}


def test_what_is_for_an_appointment_does_not_interrupt():
    checkup = at("pain_level", {"pain": [{"where": "heel"}]})
    checkup.answer("6")
    assert (checkup.stopped, checkup.raised, checkup.urgent) == (False, {"pain_over_5"}, set())
    assert checkup.warnings == ["Book someone: " + RAW["red_flags"]["pain_over_5"]["what_to_do"]]


def test_places_of_pain_bring_their_own_questions_entry_by_entry():
    checkup = at("pain")
    before = len(checkup.steps)
    checkup.answer("6 5")
    keys = [(s.asked.key, s.about) for s in checkup.steps if s.about in ("Heel", "Shin")]
    assert [about for _, about in keys] == ["Heel"] * 7 + ["Shin"] * 6
    assert len(checkup.steps) == before + 13
    checkup.answer("1")
    assert checkup.step is not None
    assert checkup.step.about == "Heel, left"
    checkup = at("pain", checkup.answers)
    checkup.answer("5 8")  # the heel goes, with what was said of it; the shin stays
    assert [p["where"] for p in checkup.answers["pain"]] == ["shin", "ankle"]
    checkup = at("pain", checkup.answers)
    checkup.answer("n")
    assert checkup.answers["pain"] == []
    assert len(checkup.steps) == before


def test_what_else_is_asked_of_a_place_is_what_the_guide_names_there():
    checkup = at("pain_symptoms", {"pain": [{"where": "foot_arch"}]})
    assert checkup.step is not None
    keys = [item.key for item in checkup.step.items]
    assert "pins_and_needles_sole" in keys  # tarsal tunnel
    assert "tender_under_foot" in keys  # plantar fasciitis
    assert "thick_tendon" not in keys  # the Achilles tendon's place is the heel
    checkup.answer("1?")
    assert keys[0] not in checkup.answers["pain"][0]["symptoms"]
    assert set(checkup.answers["pain"][0]["symptoms"]) == set(keys[1:])


def test_an_injury_that_is_none_of_the_table_is_asked_for_its_place():
    checkup = at("injuries")
    step = checkup.step
    assert step is not None
    assert step.items[-1].key == OTHER
    checkup.answer(f"6 {len(step.items)}")
    assert checkup.answers["history"]["injuries"] == [{"condition": "achilles_tendinopathy"}, {}]
    asked = [(s.asked.key, s.about) for s in checkup.steps if s.asked.each == step.at]
    assert asked == [
        ("injury_side", "Achilles tendinopathy"),
        ("injury_months_ago", "Achilles tendinopathy"),
        ("injury_where", "The other injury"),
        ("injury_side", "The other injury"),
        ("injury_months_ago", "The other injury"),
    ]


def test_a_log_makes_the_short_questions_needless_and_the_roster_makes_the_log_needless():
    short = {"longest_30_days", "weekly"}
    checkup = at("training")
    assert short <= {s.asked.key for s in checkup.steps}
    checkup.answer("2026-05-03 9.5\n2026-05-10 6 mi")
    assert checkup.answers["training"] == [
        {"date": "2026-05-03", "distance_km": 9.5},
        {"date": "2026-05-10", "distance_km": 9.656},
    ]
    assert not short & {s.asked.key for s in checkup.steps}
    known = {s.asked.key for s in flow(known=[("training",), ("body", "height_m")]).steps}
    assert not (short | {"training", "height"}) & known


def test_the_longest_run_that_is_told_counts_as_a_log_does_and_not_when_it_is_old():
    def spikes(day):
        told = {
            "answered_on": "2026-05-16",
            "training_in_short": {"longest_30_days_km": 10},
            "session": {"date": day, "distance_km": 13.4},
        }
        overall = assess({}, profile_of(told, TABLE), TABLE).conditions[0]
        return [reason.factor for reason in overall.reasons]

    assert spikes("2026-05-17") == ["session_spike"]
    assert spikes("2026-08-17") == []


def test_it_goes_on_behind_the_last_answer_and_the_end_stays_reachable():
    flags = {"hop_pain": False}
    checkup = flow({"red_flags": flags, "pain": []})
    assert checkup.step is not None
    assert checkup.step.asked.key == "injured_last_12_months"
    checkup.skip_section()
    assert checkup.step.asked.section == "Training"
    checkup.go(999)
    assert checkup.step is None
    checkup.skip()
    checkup.answer("n")  # nothing is asked, nothing happens
    assert checkup.answers == {"red_flags": flags, "pain": []}
    checkup.back()
    assert checkup.step is not None
    for _ in range(100):
        checkup.back()
    assert checkup.number == 1


def test_what_is_not_understood_changes_nothing():
    checkup = at("height")
    for line in ("tall", "178", "3 km", "-1", "y", "1.78.2"):
        with pytest.raises(InputError):
            checkup.answer(line)
    with pytest.raises(InputError):
        checkup.put("tall")
    assert checkup.answers == {}
    checkup.answer("178 cm")
    assert checkup.answers == {"body": {"height_m": 1.78}}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pain", ["knee"]),
        ("pain_level", 11.0),
        ("pain_side", "up"),
        ("pain_when", {"pain.after": 3}),
        ("heel_raise", "great"),
        ("training", [{"date": "soon", "distance_km": 3}]),
    ],
)
def test_a_value_that_cannot_be_is_refused(key, value):
    checkup = at(key, {"pain": [{"where": "heel"}]})
    before = copy.deepcopy(checkup.answers)
    with pytest.raises(InputError):
        checkup.put(value)
    assert checkup.answers == before


def test_names_that_a_file_may_use_are_understood():
    checkup = flow(
        {"pain": [{"where": "Foot arch"}], "history": {"injuries": [{"condition": "Shin splints"}]}}
    )
    assert [s.about for s in checkup.steps if s.asked.key == "pain_side"] == ["Arch of the foot"]
    assert checkup.answers["history"]["injuries"] == [{"condition": "shin_splints_mtss"}]


def test_another_day_begins_with_the_warning_signs_whatever_is_known_already():
    kept = for_another_day(
        {"red_flags": {"hop_pain": False}, "history": {"injuries": []}, "body": {"height_m": 1.7}},
        30,
        QUESTIONS,
    )
    assert kept == {"history": {"injuries": []}, "body": {"height_m": 1.7}}
    checkup = flow(kept)
    assert checkup.number == 1
    assert checkup.step is not None
    assert checkup.step.asked.key == "flags_injury"


@slow
@given(st.data())
def test_another_day_asks_anew_what_may_have_changed(data):
    checkup = flow({"answered_on": "2026-05-16"})
    walk(checkup, data, 60)
    before = copy.deepcopy(checkup.answers)
    kept = for_another_day(before, 61, QUESTIONS)
    assert before == checkup.answers
    assert not {"red_flags", "pain", "changes", "self_tests", "training_in_short"} & set(kept)
    assert kept.get("training") == before.get("training")
    lasting = ("height_m", "mass_kg", "sex")
    body = {k: v for k, v in before.get("body", {}).items() if k in lasting}
    assert kept.get("body", {}) == body
    for old, new in zip(
        look_up(before, ("history", "injuries")) or (),
        look_up(kept, ("history", "injuries")) or (),
        strict=True,
    ):
        assert old.get("condition") == new.get("condition")
        if "months_ago" in old:
            aged = min(old["months_ago"] + 2.0, 1200.0)
            assert new["months_ago"] == pytest.approx(aged, abs=0.06)
    assert profile_of(kept, TABLE).answered_on == date(2026, 5, 16)


def test_every_question_and_every_item_can_be_reached():
    """Over the places of pain and injuries, all questions and all signs that are asked come up."""
    keys, signs = set(), set()
    for place in TABLE.locations:
        told = {"pain": [{"where": place}], "history": {"injuries": [{}]}}
        for step in steps_of(QUESTIONS, TABLE, told):
            keys.add(step.asked.key)
            signs |= {item.key for item in step.items if step.asked.signs}
    assert keys == {asked.key for asked in QUESTIONS.questions}
    assert signs == {key for key, sign in TABLE.signs.items() if sign.asks}


def test_the_documented_example_can_be_gone_through():
    from test_assess import EXAMPLE

    text = EXAMPLE.split("```toml\n")[1].split("```")[0]
    answers = answers_of(profile_of(tomllib.loads(text), TABLE))
    checkup = flow(answers)
    assert checkup.answers == answers
    assert 15 <= checkup.answered <= len(checkup.steps) <= 40
