"""How a level came about, in sentences: the same numbers and levels as in the judgement."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_score import RAW

from gait.model import Level
from gait.risk import load_evidence
from gait.risk.assess import explained
from gait.risk.exposure import Exposure
from gait.risk.score import judge

TABLE = load_evidence()
X = st.one_of(st.none(), st.sampled_from([0.0, 1.0]), st.floats(0, 1))
EXPOSURES = st.fixed_dictionaries({key: st.builds(Exposure, X) for key in RAW["factors"]})


def said(key, hurts_here=False, **held):
    found = {factor: Exposure(held.get(factor, 0.0)) for factor in RAW["factors"]}
    judgement = judge(TABLE.conditions[key], found, TABLE)
    return judgement, explained(judgement, TABLE, hurts_here=hurts_here)


@settings(max_examples=100, deadline=None)
@given(EXPOSURES, st.booleans())
def test_the_sentences_say_what_was_judged(found, hurts_here):
    for condition in TABLE.conditions.values():
        judgement = judge(condition, found, TABLE)
        sentences = explained(judgement, TABLE, hurts_here=hurts_here)
        text = " ".join(sentences)
        assert "{" not in text
        if judgement.level is Level.CONTEXT:
            assert sentences == []
            continue
        together = re.search(r"together ([+-]\d+\.\d\d)\.", text)
        if together:
            assert float(together[1]) == pytest.approx(judgement.score, abs=0.0051)
        for group in TABLE.groups.values():
            size = judgement.groups.get(group.key, 0.0)
            named = f"{group.name} {size:+.2f}" in text.lower()
            assert named or abs(size) < 1e-9
        held = judgement.level is Level.WATCH and judgement.score >= 0.8
        assert ("stays at “watch”" in text) == held
        others = {judgement.low, judgement.high} - {None, judgement.level}
        assert set(re.findall(r"would be “(.+?)”|, by the upper “(.+?)”", text)) == set() or others
        for level in others:
            assert f"“{level}”" in text


def test_a_group_counts_up_to_its_cap():
    judgement, sentences = said("peroneal_tendonitis", prior_rri_12m=1.0, prior_ankle_sprain=1.0)
    assert sentences[0] == "Earlier injuries +0.70."
    judgement, sentences = said("achilles_tendinopathy", prior_rri_12m=1.0, prior_same_site=1.0)
    assert sentences[0] == "Earlier injuries +1.10, of which 0.90 count at most."
    assert judgement.score == pytest.approx(0.90)


def test_one_reason_two_reasons_none():
    assert said("ankle_sprain", prior_ankle_sprain=1.0)[1] == [
        "Earlier injuries +0.70.",
        "“Watch” begins at 0.25, “elevated” at 0.80 and with further conditions.",
        "By the lower reading of the same studies it would be “no flag”, by the upper “elevated”.",
    ]
    two = said("ankle_sprain", prior_ankle_sprain=1.0, bmi_high=1.0)[1]
    assert two[0] == "Earlier injuries +0.70, body +0.15; together +0.85."
    none = said("ankle_sprain")[1]
    assert none[0] == "Nothing that counts is known to hold."
    assert none[-1] == "The lower and the upper reading of the same studies give the same level."


def test_general_load_is_said_where_it_stands():
    away = said("retrocalcaneal_bursitis", session_spike=1.0)[1]
    assert "stands under it" in away[1]
    here = said("retrocalcaneal_bursitis", session_spike=1.0, hurts_here=True)[1]
    assert "stands under it" not in here[1]
    assert "too little of it is about this condition itself" in here[1]


def test_what_holds_a_high_sum_at_watch_is_named():
    judgement, sentences = said(
        "posterior_tibial_tendonitis",
        session_spike_double=1.0,
        prior_rri_12m=1.0,
        bmi_high=1.0,
        eversion_excursion_high=1.0,
    )
    assert judgement.level is Level.WATCH
    assert judgement.score >= 0.8
    assert any("“Elevated” needs 0.20 of it about this condition itself" in s for s in sentences)
