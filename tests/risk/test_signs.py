"""What a runner tells stands beside the conditions it is named with, and never counts."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_score import RAW, TEXT

from gait.model import InputError
from gait.risk import assess, condition_page, load_evidence, parse_evidence, profile_of
from gait.risk.profile import AnswerPredicate, sides_told

TABLE = load_evidence()


def signs(answers):
    found = assess({}, profile_of(answers), TABLE)
    return {c.key: c.signs for c in found.conditions if c.signs}


def test_pins_and_needles_speak_for_the_tarsal_tunnel():
    pain = {"where": "foot_arch", "side": "left", "symptoms": {"pins_and_needles_sole": True}}
    assert signs({"pain": [pain]}) == {
        "tarsal_tunnel_syndrome": [
            "pins and needles or numbness in the sole (left); as the guide has it, this "
            "speaks for the tarsal tunnel rather than the plantar fascia"
        ]
    }


def test_a_hard_heel_raise_stands_beside_the_posterior_tibial_tendon():
    tests = {"heel_raise": {"left": "easy", "right": "hard"}}
    assert signs({"self_tests": tests}) == {
        "posterior_tibial_tendonitis": ["the single-leg heel raise is hard or painful (right)"]
    }


def test_resisted_lifting_is_said_with_both_halves_and_a_source_that_is_not_the_guide_is_named():
    both = {"left": "painful", "right": "weak_and_painful"}
    found = signs({"self_tests": {"resisted_dorsiflexion": both}})
    assert found["shin_splints_mtss"] == [
        "lifting the foot against resistance is painful (left and right); it tests the "
        "muscle at the front of the shin, and is not the usual test for shin splints"
    ]
    assert found["tibialis_anterior_tendonitis"] == [
        "lifting the foot against resistance is weak (right)"
    ]
    found = assess(
        {}, profile_of({"self_tests": {"shin_press": {"left": "along_the_edge"}}}), TABLE
    )
    (sign,) = next(c.signs for c in found.conditions if c.key == "shin_splints_mtss")
    assert sign.endswith("(left) (this is not from the field guide)")
    assert "mtss_page" in {c.key for c in found.citations}


def test_pain_is_a_sign_only_where_the_map_links_its_place():
    pain = {"where": "heel", "morning": True, "onset": "gradual", "side": "right"}
    found = signs({"pain": [pain], "changes": {"volume": True}})
    assert list(found) == [
        "achilles_tendinopathy",
        "retrocalcaneal_bursitis",
        "plantar_fasciitis",
        "stress_fracture",
    ]
    assert found["achilles_tendinopathy"] == [
        "it came on gradually (right)",
        "it hurts with the first steps in the morning or after sitting (right)",
    ]
    assert found["stress_fracture"] == ["more running in the last four weeks"]
    assert signs({"changes": {"volume": True}}) == {}  # nothing hurts


def test_shin_splints_usually_of_both_legs():
    (sign,) = signs({"pain": [{"where": "shin", "side": "both"}]})["shin_splints_mtss"]
    assert sign == "it hurts in both legs"


def answers():
    yes = st.one_of(st.none(), st.booleans())
    symptoms = [k for k, s in RAW["signs"].items() if "asks" in s and k != "lasts_longer"]
    # no answer that is a red flag: those are tested by themselves
    pains = st.fixed_dictionaries(
        {"where": st.sampled_from(list(RAW["locations"]))},
        optional={
            "side": st.sampled_from(["left", "right", "both"]),
            "onset": st.sampled_from(["sudden", "gradual"]),
            "morning": yes,
            "during": yes,
            "after": yes,
            "symptoms": st.dictionaries(st.sampled_from(symptoms), st.booleans(), max_size=3),
        },
    )
    results = {
        key: st.sampled_from([r for r in test["results"] if r not in ("unable", "one_point")])
        for key, test in RAW["self_tests"].items()
    }
    tests = {
        key: st.fixed_dictionaries({}, optional={"left": r, "right": r})
        for key, r in results.items()
    }
    return st.fixed_dictionaries(
        {"pain": st.lists(pains, max_size=3)},
        optional={
            "self_tests": st.fixed_dictionaries({}, optional=tests),
            "changes": st.fixed_dictionaries(
                {}, optional={"volume": yes, "intensity": yes, "surface": yes}
            ),
        },
    )


@settings(max_examples=60, deadline=None)
@given(answers())
def test_signs_never_change_a_level_a_reason_or_the_coverage(told):
    places = {"pain": [{"where": pain["where"]} for pain in told["pain"]]}
    with_signs, without = (
        {c.key: c for c in assess({}, profile_of(a), TABLE).conditions} for a in (told, places)
    )
    for key, one in with_signs.items():
        plain, other = (
            msgspec.structs.replace(c, signs=[], fit=None, headline="") for c in (one, without[key])
        )
        assert plain == other


OTHER = {"left": "right", "right": "left"}


def swapped(value):
    if isinstance(value, dict):
        return {OTHER.get(k, k): swapped(v) for k, v in value.items()}
    if isinstance(value, list):
        return [swapped(item) for item in value]
    return OTHER.get(value, value) if isinstance(value, str) else value


def swapped_words(text):
    return text.replace("(left)", "(#)").replace("(right)", "(left)").replace("(#)", "(right)")


@settings(max_examples=60, deadline=None)
@given(answers())
def test_left_and_right_swapped_swaps_the_signs(told):
    one, two = signs(told), signs(swapped(told))
    assert {key: [swapped_words(s) for s in said] for key, said in one.items()} == two


@given(st.sampled_from([None, True, False, "sudden", 3.0, 7.0]))
def test_what_is_told_of_a_value(value):
    assert AnswerPredicate(("x",)).holds(value) == (value is True)
    assert AnswerPredicate(("x",), ("sudden", "hard")).holds(value) == (value == "sudden")
    if not isinstance(value, str):
        assert AnswerPredicate(("x",), above=5.0).holds(value) == (value == 7.0)


def test_sides_of_lists_and_of_self_tests():
    told = {"pain": [{"a": True, "side": "left"}, {"a": True}, {"a": False, "side": "right"}]}
    assert sides_told(AnswerPredicate(("pain", "a")), told) == ["left", None]
    tests = {"t": {"left": "hard", "right": "hard"}}
    assert sides_told(AnswerPredicate(("t",), ("hard",)), tests) == ["left", "right"]
    assert sides_told(AnswerPredicate(("nothing", "here")), told) == []


def test_every_sign_belongs_to_a_condition_and_can_be_told():
    used = {key for c in TABLE.conditions.values() for key in c.signs}
    assert used == set(TABLE.signs)
    for condition in TABLE.conditions.values():
        places = [p for p, place in RAW["locations"].items() if condition.key in str(place)]
        for key in condition.signs:
            page = condition_page(condition.key, TABLE, full=True)
            assert TABLE.signs[key].says in page
            assert places


BROKEN = [
    ("of: pain.at_night}", "of: pain.night}", "pain.night is no answer in a profile"),
    ("is: unable}", "is: unabel}", "self_tests.heel_raise is never unabel"),
    ("pain.level, above: 5}", "pain.side, above: 5}", "pain.side is no number"),
    ("is: sudden,", "is: sudden, above: 3,", "either is or above"),
    ("of: self_tests.heel_raise, is: hard", "of: self_tests.heel, is: hard", "never hard"),
    ("signs: [sudden_onset,", "signs: [sudden_onst,", "did you mean sudden_onset"),
    ("says: swelling}", "says: you have swelling}", "must not be said"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN)
def test_a_wrong_edit_names_its_line(right, wrong, said):
    assert right in TEXT
    with pytest.raises(InputError) as error:
        parse_evidence(TEXT.replace(right, wrong, 1))
    assert said in str(error.value)
    line = int(str(error.value).split("line ")[1].split(":")[0])
    assert abs(line - (TEXT[: TEXT.index(right)].count("\n") + 1)) <= 2


def test_the_documentation_has_every_symptom_and_self_test():
    docs = (Path(__file__).parent.parent.parent / "docs" / "profile.md").read_text("utf-8")
    for sign in TABLE.signs.values():
        if sign.asks:
            assert f"| `{sign.told.path[-1]}` | {sign.asks} |" in docs
    for key, test in TABLE.self_tests.items():
        results = ", ".join(f"`{result}`" for result in test.results)
        assert f"| `{key}` | {test.name} | {results} |" in docs
