"""Where it hurts: what fits the signs, in an order that answers make and gait does not."""

import copy
import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from naive_score import RAW
from test_signs import answers

from gait.model import InputError, Level
from gait.risk import assess, load_evidence, parse_evidence, profile_of
from gait.risk.signs import SPOT, telling

TABLE = load_evidence()
quick = settings(max_examples=60, deadline=None)


def page(told):
    return assess({}, profile_of(told), TABLE)


def hurting(told):
    return [c for c in page(told).conditions if c.fit]


def signs_on(assessment):
    """Keys of what was told and stands somewhere."""
    of_conditions = {s.key for c in assessment.conditions if c.fit for s in c.fit.signs if s.answer}
    texts = {text for c in assessment.conditions for text in c.signs}
    shown = {key for key, s in TABLE.signs.items() if any(s.says in text for text in texts)}
    return of_conditions | shown | {sign.key for sign in assessment.also_told}


PLANTAR = {
    "where": "heel", "side": "right", "onset": "gradual", "morning": True, "during": True,
    "symptoms": {"eases_then_worse": True, "tender_under_foot": True, "thick_tendon": False},
}  # fmt: skip


def test_what_tells_one_from_the_other_orders_them_and_not_a_count():
    """It also shows three of five signs of the Achilles tendon, which stands first in the map."""
    first, *rest = hurting({"pain": [PLANTAR], "changes": {"volume": True}})
    assert (first.key, first.headline) == (
        "plantar_fasciitis",
        "4 of the guide's 5 signs; 1 not asked",
    )
    assert rest[-1].key == "achilles_tendinopathy"
    assert rest[-1].headline == "3 of the guide's 5 signs; 1 against it; 1 not asked"


def test_pins_and_needles_speak_against_the_plantar_fascia():
    told = {"pain": [{"where": "foot_arch", "symptoms": {"pins_and_needles_sole": True}}]}
    found = hurting(told)
    assert found[0].key == "tarsal_tunnel_syndrome"
    assert found[-1].key == "plantar_fasciitis"
    assert found[-1].headline.startswith("0 of the guide's 5 signs; 1 against it")


@pytest.mark.parametrize(
    ("where", "spot", "first"),
    [
        ("ankle", "front", "ankle_impingement"),
        ("ankle", "back", "peroneal_tendonitis"),
        ("ankle", "inner", "posterior_tibial_tendonitis"),
        ("ankle", "outer", "ankle_sprain"),
        ("heel", "under", "bone_spur"),
        ("heel", "behind", "achilles_tendinopathy"),
        ("heel", "above", "achilles_tendinopathy"),
    ],
)
def test_where_exactly_tells_conditions_apart(where, spot, first):
    found = hurting({"pain": [{"where": where, "spot": spot}]})
    assert found[0].key == first
    here = set(RAW["locations"][where]["spots"][spot]["fits"])
    for condition in found:
        told = [s.answer for s in (condition.fit.signs if condition.fit else ()) if s.key == SPOT]
        safety = condition.key in RAW["locations"][where]["for_safety"]
        assert told == ([] if safety else [condition.key in here])


def test_a_spot_is_of_its_place():
    with pytest.raises(InputError, match=r"pain\.spot says under"):
        profile_of({"pain": [{"where": "ankle", "spot": "under"}]})


def test_a_self_test_of_the_other_side_is_shown_and_orders_nothing():
    tests = {"heel_raise": {"left": "hard"}}
    told = {"pain": [{"where": "medial_foot", "side": "right"}], "self_tests": tests}
    found = {c.key: c for c in hurting(told)}["posterior_tibial_tendonitis"]
    assert telling(found.fit) == 0
    assert found.signs == ["the single-leg heel raise is hard or painful (left)"]
    told["pain"][0]["side"] = "both"
    assert telling({c.key: c for c in hurting(told)}["posterior_tibial_tendonitis"].fit) == 1


def test_a_symptom_that_no_condition_of_the_place_has_is_still_there():
    told = {"pain": [{"where": "top_of_foot", "side": "left", "morning": True,
                      "symptoms": {"thick_tendon": True, "swelling": True}}]}  # fmt: skip
    assert [sign.text for sign in page(told).also_told] == [
        "it hurts with the first steps in the morning or after sitting (left)",
        "a thickened tendon (left)",
    ]


def test_the_level_is_not_beside_the_name_where_it_hurts():
    for key in RAW["locations"]:
        for condition in hurting({"pain": [{"where": key}]}):
            assert condition.headline not in list(Level)


@quick
@given(answers(), st.data())
def test_a_yes_to_a_telling_sign_never_moves_its_condition_down(told, data):
    assume(told["pain"])
    condition = data.draw(
        st.sampled_from([c for c in hurting(told) if c.fit and c.fit.signs] or [None])
    )
    assume(condition is not None)
    sign = data.draw(st.sampled_from(RAW["conditions"][condition.key]["guide"]["distinguishing"]))
    path = TABLE.signs[sign].told.path
    value = TABLE.signs[sign].told.equals[0]
    more = copy.deepcopy(told)
    if path[0] == "pain":
        for pain in more["pain"]:
            target = pain if len(path) == 2 else pain.setdefault("symptoms", {})
            target[path[-1]] = value
    else:
        more.setdefault("self_tests", {})[path[1]] = {"left": value, "right": value}
    after = page(more)
    assume(not after.stop)

    def place(assessment):
        return [c.key for c in assessment.conditions].index(condition.key)

    assert place(after) <= place(page(told))


ANSWERS = [
    (("pain", 0, "morning"), True), (("pain", 0, "onset"), "sudden"), (("pain", 0, "side"), "left"),
    (("pain", 0, "symptoms", "swelling"), False), (("pain", 0, "symptoms", "on_tiptoe"), True),
    (("pain", 0, "level"), 3), (("pain", 0, "level"), 8), (("pain", 0, "at_rest"), True),
    (("changes", "volume"), False), (("changes", "surface"), True),
    (("self_tests", "deep_squat", "left"), "painful"),
    (("self_tests", "heel_raise", "right"), "unable"),
    (("red_flags", "hop_pain"), True), (("red_flags", "new_lump"), False),
    (("history", "ankle_sprain"), True), (("body", "height_m"), 1.8),
]  # fmt: skip


@quick
@given(answers(), st.sampled_from(ANSWERS))
def test_answering_a_question_never_removes_a_sign_from_the_page(told, answer):
    (*path, last), value = answer
    assume(told["pain"])
    more = copy.deepcopy(told)
    here = more
    for name in path:
        here = here[name] if isinstance(here, list) else here.setdefault(name, {})
    assume(last not in here)
    here[last] = value
    assert signs_on(page(told)) <= signs_on(page(more))


@quick
@given(answers(), st.randoms(use_true_random=False))
def test_the_same_answers_in_any_order_give_the_same_page(told, random):
    def shuffled(value):
        if isinstance(value, dict):
            items = list(value.items())
            random.shuffle(items)
            return {key: shuffled(item) for key, item in items}
        if isinstance(value, list):
            return random.sample([shuffled(item) for item in value], len(value))
        return value

    log = [{"date": f"2026-04-{day:02d}", "distance_km": day / 3} for day in range(1, 29, 4)]
    more = {"training": log, "session": {"date": "2026-05-02", "distance_km": 11.1}}
    injuries = [{"condition": "ankle_sprain"}, {"where": "heel", "months_ago": 3}]
    more["history"] = {"injuries": injuries}
    assert page({**told, **more}) == page(shuffled({**told, **more}))


def test_answers_that_disagree_are_told():
    heel = {"where": "heel", "side": "left"}
    told = {
        "pain": [
            {**heel, "onset": "sudden", "symptoms": {"swelling": True}},
            {**heel, "side": "both", "onset": "gradual", "symptoms": {"swelling": False}},
            {**heel, "side": "right", "onset": "gradual"},
        ],
        "history": {
            "injured_last_12_months": False,
            "ankle_sprain": False,
            "injuries": [{"condition": "ankle_sprain", "months_ago": 2}],
        },
        "red_flags": {"collapsing_arch_or_no_single_heel_raise": False},
        "self_tests": {"heel_raise": {"left": "unable"}},
    }
    onset, swelling, sprain, injury, flag = page(told).contradictions
    assert onset == "Heel: your answers on how it began disagree."
    assert swelling == "Heel: your answers disagree on this: swelling. The yes is taken."
    assert sprain.startswith("You said no to ankle sprain, and your list")
    assert injury.startswith("You said no to a running injury in the last 12 months")
    assert "another of your answers says yes" in flag


def test_left_and_right_may_differ():
    pains = [{"where": "heel", "side": side, "onset": onset} for side, onset in
             (("left", "sudden"), ("right", "gradual"))]  # fmt: skip
    assert page({"pain": pains}).contradictions == []


def test_every_condition_with_signs_has_one_that_tells_it_from_its_neighbours():
    for raw in RAW["conditions"].values():
        guide = raw["guide"]
        assert set(guide.get("distinguishing", [])) <= set(guide.get("signs", []))
        assert bool(guide.get("distinguishing")) == bool(guide.get("signs"))
    named = [set(r["guide"].get("distinguishing", [])) for r in RAW["conditions"].values()]
    assert not any(one & two for one, two in itertools.combinations(named, 2))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("distinguishing: [sudden_onset]", "distinguishing: [on_tiptoe]", "on_tiptoe is not known"),
        ("against: [pins", "against: [first_steps, pins", "cannot speak for plantar_fasciitis and"),
        ("fits: [achilles_tendinopathy]}", "fits: [muscle_cramps]}", "muscle_cramps is not known"),
    ],
)
def test_a_wrong_edit_is_refused(right, wrong, said):
    from naive_score import TEXT

    assert right in TEXT
    with pytest.raises(InputError, match=said):
        parse_evidence(TEXT.replace(right, wrong, 1))
