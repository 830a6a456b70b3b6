"""The few questions beside a first run: which, with which keys, and what an answer puts where."""

import pytest

from gait.risk import load_evidence
from gait.risk.first_questions import first_questions
from gait.risk.profile_reader import profile_of
from gait.risk.question_flow import Answers
from gait.risk.questions import load_questions

TABLE, QUESTIONS = load_evidence(), load_questions()


def asked(answers: Answers | None = None, km: float | None = 10.0):
    return first_questions(answers or {}, km, TABLE, QUESTIONS)


def test_where_it_hurts_then_what_most_evidence_hangs_on() -> None:
    assert [question.at for question in asked()] == [
        ("pain",),
        ("training_in_short", "longest_30_days_km"),
        ("history", "injured_last_12_months"),
    ]


def test_every_key_is_one_character_and_its_own() -> None:
    for question in asked():
        keys = [option.key for option in question.options]
        assert all(len(key) == 1 for key in keys)
        assert len(set(keys)) == len(keys) >= 2
        assert not {"q", " "} & set(keys)  # those end and skip


def test_every_answer_is_one_of_a_profile() -> None:
    for question in asked():
        for option in question.options:
            answers: Answers = {}
            assert question.put(answers, option.key)
            assert profile_of(answers, TABLE) is not None
            assert not question.put(answers, "?")


def test_what_is_answered_is_not_asked_again() -> None:
    told = {"pain": [], "history": {"injured_last_12_months": False}}
    assert {question.at for question in asked(told)} & {("pain",), ("history",)} == set()
    assert asked({**told, "training": []})[0].at[0] == "shoes"


@pytest.mark.parametrize(("km", "is_asked"), [(None, False), (0.9, False), (1.0, True)])
def test_the_longest_run_is_asked_beside_one_that_is_training(km, is_asked) -> None:
    paths = {question.at[-1] for question in asked(km=km)}
    assert ("longest_30_days_km" in paths) == is_asked


def test_the_distances_to_choose_lie_between_the_bounds_of_the_studies() -> None:
    (longest,) = (q for q in asked(km=12.0) if q.at[-1] == "longest_30_days_km")
    values = [option.value for option in longest.options]
    assert values == sorted(values, reverse=True)
    ratios = [12.0 / value for value in values]
    bounds = [1.0, *(band.above for band in TABLE.session_bands), 9.0]
    for ratio, low, high in zip(ratios, bounds, bounds[1:], strict=False):
        assert low <= ratio <= high
    assert longest.options[0].text == "12 km or more"
