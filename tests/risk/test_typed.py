"""Typed answers: what is understood, what is refused with a sentence, and answers in words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.model import InputError
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words, parse_typed
from gait.risk.question_flow import steps_of
from gait.risk.questions import load_questions

ALL = {"pain": [{"where": "heel"}], "history": {"injuries": [{}]}}
STEPS = {s.asked.key: s for s in steps_of(load_questions(), load_evidence(), ALL)}


@pytest.mark.parametrize(
    ("key", "line", "value", "words"),
    [
        ("injured_last_12_months", " Yes ", True, "yes"),
        ("several_models", "n", False, "no"),
        ("pain", "n", [], "nowhere"),
        ("pain", "6, 5", ["heel", "shin"], "Heel; Shin"),
        ("pain_side", "2", "right", "right"),
        ("pain_side", "Both", "both", "both"),
        ("pain_level", "3", 3.0, "3"),
        ("pain_level", "2,5", 2.5, "2.5"),
        ("height", "1.78", 1.78, "1.78 m"),
        ("height", "178cm", 1.78, "1.78 m"),
        ("height", "70 in", 1.778, "1.778 m"),
        ("mass", "159 LB", 72.121, "72.121 kg"),
        ("longest_30_days", "10 mi", 16.093, "16.093 km"),
        ("injury_months_ago", "2 years", 24.0, "24 months"),
        ("injury_months_ago", "1 year", 12.0, "12 months"),
        ("injury_months_ago", "1 month", 1.0, "1 month"),
        ("pain_how", "  since   the hill ", "since the hill", "since the hill"),
        ("training", "none", [], "0 runs"),
        ("training", "2026-5-3 9", [{"date": "2026-05-03", "distance_km": 9.0}], "1 run"),
        ("heel_raise", "2", "hard", "hard, or it hurts"),
    ],
)
def test_what_is_understood(key, line, value, words):
    found = parse_typed(STEPS[key], line)
    assert found == value
    assert in_words(STEPS[key], found) == words


def test_a_checklist_says_yes_no_and_not_sure():
    step = STEPS["flags_bone"]
    keys = [item.key for item in step.items]
    found = parse_typed(step, "2, 4?")
    assert found == {key: key == keys[1] for key in keys if key != keys[3]}
    assert in_words(step, found) == f"{step.items[1].text} (4 not answered)"
    assert parse_typed(step, "no") == dict.fromkeys(keys, False)
    assert in_words(step, dict.fromkeys(keys, False)) == "none of these"


@pytest.mark.parametrize(
    ("key", "line", "said"),
    [
        ("several_models", "maybe", "y for yes or n for no"),
        ("pain_side", "4", "one number from 1 to 3"),
        ("pain", "1 9", "numbers from 1 to 8"),
        ("pain", "1?", "sure of"),
        ("flags_bone", "y", "numbers from 1 to 7, such as 1 7, or n for none"),
        ("flags_bone", "0 1", "numbers from 1"),
        ("height", "178", "178 is not between 1 and 2.5 m"),
        ("height", "5 feet", "a number, in m or cm or in"),
        ("pain_level", "11", "11 is not between 0 and 10"),
        ("age", "-3", "not between"),
        ("training", "yesterday 9", "“yesterday 9” is not a date and a distance"),
        ("training", "2026-02-30 9", "2026-02-30 is no date"),
        ("training", "2026-02-03 900", "more than 500 km"),
        ("pain_how", "n", "skip it"),
        ("pain_how", "x" * 301, "at most 300"),
        ("pain", "  ", "Nothing was written"),
    ],
)
def test_what_is_refused_with_a_sentence(key, line, said):
    with pytest.raises(InputError) as error:
        parse_typed(STEPS[key], line)
    assert said in str(error.value)
    assert str(error.value).count("\n") == 0


@given(st.sampled_from(list(STEPS)), st.text(max_size=30))
def test_any_line_is_an_answer_or_a_sentence(key, line):
    with contextlib.suppress(InputError):
        in_words(STEPS[key], parse_typed(STEPS[key], line))
