"""Runners as a physiotherapist would meet them: what they say, and what the page must say."""

import json
from pathlib import Path

import pytest
import yaml
from generated_runners import profile_from, run
from naive_score import RAW

from gait.model import Level
from gait.risk import assess, load_evidence
from gait.risk.wording import banned_words

TABLE = load_evidence()
CASES = yaml.safe_load((Path(__file__).parent / "clinical_cases.yaml").read_text("utf-8"))
BONES = {key: False for key, flag in RAW["red_flags"].items() if flag.get("bone")}


def assessed(case):
    told = json.loads(json.dumps(case["profile"], default=str))
    if case.get("bones") is False:
        told["red_flags"] = {**BONES, **told.get("red_flags", {})}
    return assess(run(**case.get("run", {})), profile_from(told), TABLE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_page_says_what_a_physiotherapist_would(case):
    found = assessed(case)
    by_key = {c.key: c for c in found.conditions}
    hurting = [c for c in found.conditions if c.fit]
    step = found.first[0].split(":")[0].lower() if found.first else "none"
    assert step == case["step"]
    assert found.stop == (step in ("same day", "within days"))
    assert bool(hurting) == ("first" in case)
    if hurting:
        assert hurting[0].key == case["first"]
        assert hurting[0].headline.startswith(case.get("fits", ""))
    for condition in hurting:
        assert condition.headline not in list(Level)
        assert not banned_words(condition.headline)
    against = {
        c.key
        for c in hurting
        for sign in (c.fit.signs if c.fit else ())
        if (sign.distinguishes and sign.answer is False) or (sign.against and sign.answer)
    }
    assert set(case.get("against", [])) <= against
    assert case.get("first") not in against
    assert len(found.ask_first) == case.get("asks", 0)
    for key, level in case.get("levels", {}).items():
        assert by_key[key].level == level, key
    assert len(found.contradictions) == case.get("disagree", 0)
    assert [sign.key for sign in found.also_told] == case.get("told", [])


def test_there_are_enough_of_them_and_they_can_be_read():
    assert len(CASES) >= 40
    assert len({case["case"] for case in CASES}) == len(CASES)
    assert all(case["would_say"].endswith(".") for case in CASES)
    places = {p["where"] for case in CASES for p in case["profile"].get("pain", [])}
    assert places == set(RAW["locations"])
    assert {case["step"] for case in CASES} == {
        "none", "same day", "within days", "book someone",
    }  # fmt: skip
