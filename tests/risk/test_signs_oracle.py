"""What fits a pain that is there, from a plain recomputation; and what earlier runs and answers
say, worked out by hand on either side of each bound."""

import datetime

import pytest
from hypothesis import given, settings
from naive_score import RAW
from test_signs import answers

from gait.model import Change, Measure
from gait.model.history import Body
from gait.risk import assess, load_evidence, profile_of
from gait.risk import exposure as exposures
from gait.risk.context_measures import said
from gait.risk.exposure import Situation, blended, ramp, what_is_known
from gait.risk.profile import AnswerPredicate, answers_at, only_said, sides_told
from gait.risk.signs import SPOT

TABLE = load_evidence()
DAY = datetime.date(2026, 5, 17)


def told_at(sign, pains, told):
    """Each side for which a sign was answered, and whether the answer is one of its own."""
    path, predicate = sign.told.path, sign.told
    found = []
    if path[0] == "pain":
        for pain in pains:
            answer = pain.get(path[1]) if len(path) == 2 else pain.get(path[1], {}).get(path[2])
            found.append((pain.get("side"), answer))
    elif path[0] == "self_tests":
        result = told.get("self_tests", {}).get(path[1], {})
        found += [(side, result.get(side)) for side in ("left", "right")]
    else:
        found.append((None, told.get(path[0], {}).get(path[1])))
    return [(side, answer in predicate.equals) for side, answer in found if answer is not None]


def naive_fit(key, told):
    """Key → answer of each sign of a condition, where a pain is in one of its places."""
    guide = RAW["conditions"][key]["guide"]
    here = []
    for pain in told["pain"]:
        place = RAW["locations"][pain["where"]]
        places = [*place["causes"], *place.get("from_sections", []), *place.get("for_safety", [])]
        here += [pain] if key in places else []
    if not here:
        return None
    sides = {s for p in here for s in
             (("left", "right") if p.get("side") in (None, "both") else (p["side"],))}  # fmt: skip
    found = {}
    for name in (*guide.get("signs", []), *guide.get("against", [])):
        sign = TABLE.signs[name]
        answered = told_at(sign, here, told)
        if sign.told.path[0] == "self_tests":
            answered = [(side, yes) for side, yes in answered if side in sides]
        found[name] = any(yes for _, yes in answered) if answered else None
    return found


@settings(max_examples=150, deadline=None)
@given(answers())
def test_the_signs_of_a_pain_that_is_there(told) -> None:
    found = assess({}, profile_of(told), TABLE)
    if found.stop:
        return
    for condition in found.conditions:
        if condition.key not in RAW["conditions"]:
            continue
        guide = RAW["conditions"][condition.key].get("guide", {})
        expected = naive_fit(condition.key, told) if guide else None
        if expected is None:
            assert condition.fit is None
            continue
        assert condition.fit is not None
        signs = {s.key: s for s in condition.fit.signs if s.key != SPOT}
        assert {key: s.answer for key, s in signs.items()} == expected, condition.key
        for key, sign in signs.items():
            assert sign.distinguishes == (key in guide.get("distinguishing", []))
            assert sign.against == (key in guide.get("against", []))
        named = [key for key in expected if key in guide.get("signs", [])]
        if named:
            yes = sum(expected[key] is True for key in named)
            others = sum("guide" not in TABLE.signs[key].cites for key in named)
            form = TABLE.words["fit_with_others" if others else "fit"]
            parts = [form.format(yes=yes, count=len(named), others=others)]
        else:
            parts = [TABLE.words["fit_undescribed"]]
        no = sum(expected[k] is False for k in named if k in guide.get("distinguishing", []))
        no += sum(expected[k] is True for k in guide.get("against", []))
        unasked = sum(expected[key] is None for key in named)
        parts += [TABLE.words["fit_against"].format(count=no)] if no else []
        parts += [TABLE.words["fit_unasked"].format(count=unasked)] if unasked else []
        assert condition.fit.says == "; ".join(parts)


@settings(max_examples=150, deadline=None)
@given(answers())
def test_signs_that_stand_with_no_condition_are_told(told) -> None:
    """A sign of pain: where no place of it maps to a condition with that sign; another: where that
    is so of every place, and something hurts."""
    found = assess({}, profile_of(told), TABLE)
    if found.stop:
        return
    shown = {}
    for key, place in RAW["locations"].items():
        here = [*place["causes"], *place.get("from_sections", []), *place.get("for_safety", [])]
        guides = [RAW["conditions"][c]["guide"] for c in here if c in RAW["conditions"]]
        shown[key] = {s for g in guides for s in (*g.get("signs", []), *g.get("against", []))}
    expected = []
    for key, sign in TABLE.signs.items():
        left = [p for p in told["pain"] if key not in shown[p["where"]]]
        kind = sign.told.path[0]
        if kind == "self_tests" or sign.told.path == ("pain", "side"):
            continue
        alone = left if kind == "pain" else told["pain"] and len(left) == len(told["pain"])
        if alone and any(yes for _, yes in told_at(sign, left, told)):
            expected.append(key)
    assert [sign.key for sign in found.also_told] == expected
    assert all(sign.answer is True for sign in found.also_told)
    assert not any(sign.distinguishes or sign.against for sign in found.also_told)


def test_an_answer_holds_where_it_is_one_of_those_or_more() -> None:
    exactly = AnswerPredicate(("a",), ("hard", True))
    assert [exactly.holds(v) for v in ("hard", True, "easy", False, 1, None)] == [
        True, True, False, False, False, False
    ]  # fmt: skip
    above = AnswerPredicate(("a",), above=5.0)
    assert [above.holds(v) for v in (5.0, 5.1, None)] == [False, True, False]
    pains = {"pain": [{"side": "left", "x": True}, {"x": True}, {"side": "left", "x": True},
                      {"side": "right", "x": False}, {"side": "both"}]}  # fmt: skip
    assert sides_told(AnswerPredicate(("pain", "x")), pains) == ["left", None]
    assert answers_at(("pain", "x"), pains) == [
        ("left", True), (None, True), ("left", True), ("right", False)
    ]  # fmt: skip
    tests = {"self_tests": {"hop": {"left": "hard"}}}
    assert answers_at(("self_tests", "hop"), tests) == [("left", "hard")]
    assert answers_at(("self_tests", "other"), tests) == []
    assert only_said({"a": None, "b": {}, "c": [{"d": None, "e": 0}], "f": {"g": None}}) == {
        "c": [{"e": 0}]
    }


@pytest.mark.parametrize(
    ("history", "injured", "sprain", "bone"),
    [
        ({}, None, None, None),
        ({"injured_last_12_months": True, "ankle_sprain": False}, True, False, None),
        ({"injuries": []}, False, False, False),
        ({"injuries": [], "ankle_sprain": True}, False, True, False),
        ({"injuries": [{"condition": "ankle_sprain", "months_ago": 12}]}, True, True, False),
        ({"injuries": [{"condition": "ankle_sprain", "months_ago": 12.1}]}, False, True, False),
        ({"injuries": [{"condition": "stress_fracture"}]}, None, False, True),
        ({"injuries": [{"where": "heel", "months_ago": 30}]}, False, None, None),
        ({"injuries": [{"where": "heel", "months_ago": 3}], "injured_last_12_months": False},
         True, None, None),
        ({"injuries": [{"where": "heel"}], "ankle_sprain": False}, None, False, None),
    ],
)  # fmt: skip
def test_earlier_injuries(history, injured, sprain, bone) -> None:
    known = what_is_known(profile_of({"history": history}))
    assert known.values["injured_last_12_months"] is injured
    assert known.values["ankle_sprain"] is sprain
    assert known.values["bone_stress_injury"] is bone


def test_earlier_injuries_of_the_same_kind() -> None:
    listed = {"injuries": [{"condition": "ankle_sprain"}]}
    known = what_is_known(profile_of({"history": listed}))
    assert known.value("same_condition", "ankle_sprain") is True
    assert known.value("same_condition", "muscle_cramps") is False
    listed["injuries"].append({"where": "heel"})
    known = what_is_known(profile_of({"history": listed}))
    assert known.value("same_condition", "ankle_sprain") is True
    assert known.value("same_condition", "muscle_cramps") is None
    assert what_is_known(profile_of({})).value("same_condition", "ankle_sprain") is None
    assert what_is_known(None).values == {}


def test_shoes_and_body() -> None:
    known = what_is_known(
        profile_of(
            {
                "shoes": {"distance_km": 900, "changed_within_4_weeks": True},
                "body": {"height_m": 2.0, "mass_kg": 80},
            }
        )
    )
    assert known.values["bmi"] == known.numbers["bmi"] == 20.0
    assert known.values["shoe_km"] == known.numbers["shoe_km"] == 900.0
    assert (known.values["shoe_changed"], known.values["shoe_rotation"]) == (True, None)
    bare = what_is_known(profile_of({"body": {"height_m": 2.0}}))
    assert "bmi" not in bare.values
    assert "shoe_km" not in bare.numbers


def log(*runs: tuple[int, float], km: float | None = 10.0) -> exposures.Known:
    """Runs so many days before a session of so many km."""
    training = [
        {"date": str(DAY - datetime.timedelta(days=days)), "distance_km": far} for days, far in runs
    ]
    session = {"date": str(DAY)} | ({} if km is None else {"distance_km": km})
    return what_is_known(profile_of({"training": training, "session": session}))


def test_the_longest_of_thirty_days() -> None:
    known = log((30, 8.0), (31, 20.0), (1, 5.0))
    assert known.values["session_ratio"] == pytest.approx(1.25)
    assert known.numbers["more_pct"] == pytest.approx(25.0)
    assert (known.numbers["session_km"], known.numbers["longest_km"]) == (10.0, 8.0)
    assert not known.log_without_recent
    empty = log((31, 20.0))
    assert empty.log_without_recent
    assert "session_ratio" not in empty.values
    assert "session_ratio" not in log((1, 5.0), km=None).values


def test_the_last_four_weeks_against_those_before() -> None:
    """Windows of 28 days end with the session, 28, 56, 84, 112 and 140 days before it."""
    weeks = [(28, 20.0), (55, 4.0), (56, 30.0), (84, 22.0), (112, 40.0), (140, 26.0)]
    known = log((5, 15.0), (27, 25.0), *weeks, (167, 2.0))
    # 50 against 24, 30, 22, 40 and 28: 28, and 1.4826 times 4
    assert known.numbers["recent_km"] == 50.0
    assert known.numbers["usual_km"] == 28.0
    assert known.values["distance_z"] == pytest.approx((50.0 - 28.0) / (4.0 * 1.4826))
    assert "distance_z" not in log((5, 15.0), *weeks[:-1]).values
    even = log((5, 15.0), *((days, 20.0) for days in (28, 56, 84, 112, 140)))
    assert even.values["distance_z"] == pytest.approx((25.0 - 20.0) / 2.0)


@pytest.mark.parametrize(("z", "x"), [(-3.0, 0.0), (1.0, 0.0), (1.75, 0.5), (2.5, 1.0), (9.0, 1.0)])
def test_an_exposure_grows_from_one_to_two_and_a_half(z, x) -> None:
    assert ramp(z) == pytest.approx(x)


def change(**more: object) -> Change:
    basics = {"measure": "cadence_spm", "side": "both", "unit": "steps/min", "value": 160.0,
              "usual": 166.4, "difference": -6.4, "smallest": 2.0, "z": -3.0, "runs": 15,
              "speed_m_s": 3.0, "seen_in": 2, "counts": True,
              "text": "Cadence is lower."}  # fmt: skip
    return Change(**{**basics, **more})  # pyright: ignore[reportArgumentType]


def test_a_norm_counts_as_five_own_runs() -> None:
    assert blended(1.0, change()) == pytest.approx(0.75 * -3.0 + 0.25)
    assert blended(1.0, change(counts=False)) == pytest.approx(0.25)
    assert blended(1.0, change(runs=0)) == 1.0


def situation(measures, *changes: Change, **body: float) -> Situation:
    compared = exposures.Comparison(list(changes), [])
    return Situation(measures, Body(**body), what_is_known(None), TABLE, compared)


def test_a_measure_in_words() -> None:
    words, name = TABLE.words, "impact_g"
    of = TABLE.measures[name]
    left = Measure(value=9.04, unit="g", n=9)
    gone = Measure(value=None, unit="g", n=0, why_not="clipped")
    nothing = said(name, situation({"left": {name: gone}, "right": {name: gone}}))
    assert nothing == words["not_measured"].format(name=of.name, why="clipped")
    assert said(name, situation({})) == words["not_measured"].format(
        name=of.name, why=words["no_reason_given"]
    )
    both = situation({"left": {name: gone}, "right": {name: replace_why(gone, "b")}})
    assert said(name, both) == words["not_measured"].format(name=of.name, why="b; clipped")
    shown = said(name, situation({"left": {name: left}, "right": {name: gone}}))
    value = f"{9.04:.{of.decimals}f}{of.unit}"
    foot = words["measured_foot"].format(side="left", value=value)
    assert f"{foot}, {words['one_foot'].format(side='right')}" in shown
    own = change(measure=name, side="left", usual=7.96)
    beside = said(name, situation({"left": {name: left}}, own))
    usual = f"{7.96:.{of.decimals}f}{of.unit}"
    assert words["measured_own"].format(value=value, usual=usual) in beside


def replace_why(measure: Measure, why: str) -> Measure:
    return Measure(value=None, unit=measure.unit, n=0, why_not=why)


def test_a_measure_of_the_runner_beside_what_is_expected() -> None:
    words, name = TABLE.words, "cadence_spm"
    of = TABLE.measures[name]
    both = {name: Measure(value=164.0, unit="steps/min", n=9),
            "speed_m_s": Measure(value=10 / 3.6, unit="m/s", n=9)}  # fmt: skip
    shown = said(name, situation({"both": both}, height_m=1.8, age_years=30.0))
    expected = 203.056 + 0.193 * 30 - 44.242 * 1.8 + 30.67
    norm = words["norm_beside"].format(
        expected=expected, sd=8.0, situation=words["this_speed_and_height"]
    )
    assert shown.startswith(words["measured_beside"].split("{")[0])
    assert norm in shown
    assert f"{164.0:.{of.decimals}f}{of.unit}" in shown
    bare = said(name, situation({"both": both}))
    assert words["this_speed"] in bare
    assert words["this_speed_and_height"] not in bare
