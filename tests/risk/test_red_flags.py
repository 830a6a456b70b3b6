"""The safety gate: every warning sign of the science is asked, and any yes comes first."""

from pathlib import Path

import msgspec
import pytest
from naive_score import RAW

from gait.model import Level
from gait.risk import assess, load_evidence, profile_of
from gait.risk.wording import banned_words

TABLE = load_evidence()
DOCS = (Path(__file__).parent.parent.parent / "docs" / "profile.md").read_text("utf-8")

# The points of the list of red flags, in its order and with its urgency, and for each
# what must be asked: (key, words that the question must hold).
SAME_DAY, DAYS, BOOK = "same day", "within days", "book someone"
POINTS = [
    (SAME_DAY, {"deformity_or_open_wound": ("out of shape", "open wound"),
                "cold_pale_pulseless_foot": ("cold", "pale", "blue", "pulse")}),
    (SAME_DAY, {"cannot_take_four_steps_after_injury": ("injury", "four steps"),
                "bone_tenderness_malleoli_navicular_5th_met":
                    ("back edge", "tip", "6 cm", "inner midfoot", "outer edge of the midfoot")}),
    (SAME_DAY, {"pop_and_weak_push_off": ("pop", "kick", "pushing off weak")}),
    (SAME_DAY, {"tight_leg_pain_out_of_proportion_or_numb_foot":
                    ("severe", "rising", "tight", "numb foot", "weak toes")}),
    (SAME_DAY, {"swollen_warm_calf_or_breathlessness":
                    ("calf", "swollen", "warm", "tender", "breathlessness", "chest pain")}),
    (SAME_DAY, {"hot_red_joint_or_fever": ("hot", "red", "redness spread", "fever", "ill"),
                "diabetic_foot_wound": ("diabetes", "wound")}),
    (SAME_DAY, {"new_foot_drop_or_bladder_bowel_change":
                    ("drop", "numbness spread", "saddle", "bladder", "bowel")}),
    (SAME_DAY, {"cramps_with_confusion_collapse_or_dark_urine":
                    ("cramps", "confusion", "collapse", "dark urine", "heat illness")}),
    (DAYS, {"pinpoint_bone_pain": ("one point", "on top", "outer edge of the midfoot",
                                   "front of the shin", "inner ankle knob", "groin", "hip"),
            "hop_pain": ("hopping",), "night_pain": ("at night",),
            "earlier_each_run": ("earlier in each run",),
            "lasts_longer_and_stronger": ("last longer", "stronger")}),
    (DAYS, {"bone_pain_with_other_signs": ("missed periods", "weight loss", "eating little",
                                           "stress fracture", "steroid", "low bone density")}),
    (DAYS, {"collapsing_arch_or_no_single_heel_raise": ("arch", "sinking", "toes of one leg")}),
    (DAYS, {"giving_way_or_swelling_over_2_weeks": ("two weeks", "give way", "swell", "lock")}),
    (DAYS, {"persistent_sole_numbness": ("numbness", "burning", "sole", "at rest")}),
    (BOOK, {"new_lump": ("lump",)}),
    (DAYS, {"fever_night_sweats_weight_loss_or_cancer_history":
                ("weight loss", "fever", "night sweats", "cancer")}),
    (DAYS, {"under_16_with_bone_pain": ("16", "bone pain"),
            "anticoagulants_with_swelling": ("joint", "swollen", "blood thinners")}),
    (DAYS, {"limping": ("limp",)}),
    (BOOK, {"pain_over_5": ("5 out of 10", "without a limp"),
            "no_better_after_3_weeks": ("two to three weeks", "less running")}),
    # clinical custom
    (DAYS, {"fluoroquinolone_with_achilles_pain": ("Achilles", "antibiotic", "floxacin")}),
    (BOOK, {"inflammatory_heel_pain": ("both heels", "morning stiffness", "psoriasis", "bowel",
                                       "eye")}),
]  # fmt: skip


def test_every_point_is_asked_with_its_urgency():
    asked = {key for _, questions in POINTS for key in questions}
    assert asked == {key for key, flag in TABLE.red_flags.items() if not flag.asked_as}
    for urgency, questions in POINTS:
        for key, words in questions.items():
            flag = TABLE.red_flags[key]
            assert flag.urgency == urgency
            for word in words:
                assert word in flag.question, (key, word)
    assert "pregnancy" in TABLE.red_flags["swollen_warm_calf_or_breathlessness"].question


def test_every_point_says_what_to_do_and_from_where():
    for flag in TABLE.red_flags.values():
        assert flag.question.endswith("?")
        assert not banned_words(flag.question + flag.what_to_do)
        assert flag.cites
        if flag.urgency == BOOK:
            assert "appointment" in flag.what_to_do
        elif flag.urgency == DAYS:
            assert any(w in flag.what_to_do.lower() for w in ("do not run", "no running"))
            assert "clinician within days" in flag.what_to_do
        else:
            assert any(w in flag.what_to_do for w in ("today", "now"))


def test_the_documentation_has_the_same_questions():
    for key, flag in RAW["red_flags"].items():
        assert f"| `{key}` | {flag['question']} | {flag['urgency']} |" in DOCS


@pytest.mark.parametrize("key", [k for k, f in TABLE.red_flags.items() if f.urgency == BOOK])
def test_book_someone_is_said_first_and_the_page_is_shown(key):
    found = assess({}, profile_of({"red_flags": {key: True}}), TABLE)
    assert not found.stop
    assert found.first == [f"Book someone: {TABLE.red_flags[key].what_to_do}"]
    assert found == msgspec.structs.replace(
        assess({}, profile_of({}), TABLE),
        first=found.first,
        red_flags=found.red_flags,
        notes=found.notes,
    )


@pytest.mark.parametrize("key", [k for k, f in TABLE.red_flags.items() if f.urgency != BOOK])
def test_any_other_yes_stops_every_level(key):
    found = assess({}, profile_of({"red_flags": {key: True}}), TABLE)
    assert found.stop
    assert found.first == [
        f"{TABLE.red_flags[key].urgency.capitalize()}: {TABLE.red_flags[key].what_to_do}"
    ]
    assert {c.level for c in found.conditions} == {Level.CONTEXT}
    assert not any(c.reasons or c.signs for c in found.conditions)


SAME = [
    ({"pain": [{"where": "heel", "level": 5.5}]}, "pain_over_5"),
    ({"pain": [{"where": "heel", "at_night": True}]}, "night_pain"),
    ({"pain": [{"where": "heel", "symptoms": {"lasts_longer": True}}]},
     "lasts_longer_and_stronger"),
    ({"pain": [{"where": "shin"}, {"where": "heel", "at_rest": True}]}, "night_or_rest_pain"),
    ({"self_tests": {"heel_raise": {"right": "unable"}}},
     "collapsing_arch_or_no_single_heel_raise"),
    ({"self_tests": {"shin_press": {"left": "one_point"}}}, "pinpoint_bone_pain"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "key"), SAME)
def test_another_answer_that_says_the_same_is_a_yes(answers, key):
    for said in ({}, {"red_flags": {key: False}}):  # a no to the question does not undo it
        found = assess({}, profile_of({**answers, **said}), TABLE)
        assert [flag.key for flag in found.red_flags if flag.answer] == [key]


@pytest.mark.parametrize(
    "answers",
    [
        {"pain": [{"where": "heel", "level": 5.0, "at_rest": False}]},
        {"pain": [{"where": "heel"}]},
        {"self_tests": {"heel_raise": {"left": "hard"}, "shin_press": {"left": "along_the_edge"}}},
        {},
    ],
)
def test_nothing_else_raises_one_and_silence_is_no_answer(answers):
    found = assess({}, profile_of(answers), TABLE)
    assert True not in {flag.answer for flag in found.red_flags}
    assert not found.stop


def flags(answers):
    found = assess({}, profile_of(answers), TABLE)
    return {flag.key: flag.answer for flag in found.red_flags}


def test_the_same_is_not_asked_twice():
    heel = {"where": "heel", "level": 5.0, "at_rest": False}
    found = flags({"pain": [heel]})
    assert (found["pain_over_5"], found["night_pain"], found["hop_pain"]) == (False, False, None)
    # another place was not asked about
    assert flags({"pain": [heel, {"where": "shin"}]})["night_pain"] is None


BROAD = [  # an older answer, what was asked since, and which warning sign holds
    ({"night_or_rest_pain": True}, {}, ["night_or_rest_pain"]),
    ({"night_or_rest_pain": True}, {"night_pain": False}, []),
    ({"night_or_rest_pain": True}, {"night_pain": True}, ["night_pain"]),
    ({"night_or_rest_pain": False}, {}, []),
    ({"limping_or_pain_over_5": True}, {}, ["limping_or_pain_over_5"]),
    ({"limping_or_pain_over_5": True}, {"limping": False}, ["limping_or_pain_over_5"]),
    ({"limping_or_pain_over_5": True}, {"limping": False, "pain_over_5": True}, ["pain_over_5"]),
    ({"limping_or_pain_over_5": False}, {}, []),
]


@pytest.mark.parametrize(("older", "newer", "holds"), BROAD)
def test_older_broader_answers_are_understood(older, newer, holds):
    found = flags({"red_flags": {**older, **newer}})
    assert [key for key, answer in found.items() if answer] == holds
    ((key, answer),) = older.items()
    if answer is False:
        assert {found[narrow] for narrow in TABLE.red_flags[key].asked_as} == {False}


def test_an_ache_at_rest_is_a_sign_and_night_pain_a_warning():
    heel = {"where": "ankle", "at_rest": True}
    assert assess({}, profile_of({"pain": [heel]}), TABLE).stop
    rest = assess({}, profile_of({"pain": [{**heel, "at_night": False}]}), TABLE)
    assert not rest.stop
    ache = {"where": "ankle", "ache_at_rest": True, "at_night": False}
    found = assess({}, profile_of({"pain": [ache]}), TABLE)
    assert not found.stop
    (sign,) = next(c.signs for c in found.conditions if c.key == "ankle_impingement")
    assert sign == "it aches at rest"


BONES = [key for key, flag in RAW["red_flags"].items() if flag.get("bone")]


@pytest.mark.parametrize("place", list(RAW["locations"]))
def test_where_it_hurts_nothing_is_judged_before_the_questions_on_bones(place):
    """Everywhere, as any of these places can be a bone."""
    assert "stress_fracture" in str(RAW["locations"][place])
    known = {
        "history": {"injured_last_12_months": True, "injuries": []},
        "session": {"date": "2026-05-17", "distance_km": 14.0},
        "training": [{"date": "2026-05-10", "distance_km": 9.0}],
        "pain": [{"where": place}],
    }
    answers = {}
    for count, key in enumerate([*BONES, None]):
        found = assess({}, profile_of({**known, "red_flags": answers}), TABLE)
        assert found.ask_first == [RAW["red_flags"][k]["question"] for k in BONES[count:]]
        here = {c.level for c in found.conditions if c.hurts_at}
        elsewhere = {c.level for c in found.conditions if not c.hurts_at}
        if key:
            assert here <= {Level.NOT_ENOUGH, Level.CONTEXT}
            answers[key] = False
        else:
            assert here - {Level.NOT_ENOUGH, Level.CONTEXT}
        assert Level.WATCH in elsewhere
    assert len(BONES) == 5
