"""What must hold of every assessment, whatever the run and whatever the runner says."""

import copy
import re

import msgspec
from generated_runners import (
    change,
    comparisons,
    flags,
    measure,
    measures,
    profile_from,
    profiles,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from naive_score import ORDER, RAW, rows_of

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.model import Level
from gait.risk import assess, load_evidence

TABLE = load_evidence()
RANK = {Level(word): i for i, word in enumerate(ORDER)}
SLOW = [HealthCheck.too_slow]
STOPS = ("same day", "within days")
quick = settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
BANNED = re.compile(r"\byou have\b|(?<!not a )diagnos|probabilit|%\s*risk", re.IGNORECASE)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def by_key(assessment):
    return {condition.key: condition for condition in assessment.conditions}


def assessed(found, plain, compared=NOT_COMPARED):
    return assess(found, profile_from(plain), TABLE, compared)


@quick
@given(measures(), profiles(), comparisons(), flags())
def test_words_sources_and_the_same_again(found, plain, compared, answers):
    plain = {**plain, "red_flags": answers}
    result = assessed(found, plain, compared)
    said = msgspec.to_builtins(result)
    for text in texts(said):
        assert not BANNED.search(text)
        assert "{" not in text  # nothing was left to fill in
    assert msgspec.to_builtins(assessed(found, plain, compared)) == said
    assert msgspec.convert(said, type(result)) == result
    cited = {citation.key for citation in result.citations}
    reasons = [r for c in result.conditions for r in (*c.reasons, *c.against)]
    for named in (*reasons, *result.causes, *result.advice, *result.larger_studies):
        assert named.cites
        assert set(named.cites) <= cited
    for reason in reasons:
        assert reason.grade in "ABCDN"
        assert reason.found
        assert reason.but


@quick
@given(measures(), profiles(), comparisons(), flags())
def test_a_red_flag_overrides_everything(found, plain, compared, answers):
    assume(any(yes and RAW["red_flags"][k]["urgency"] in STOPS for k, yes in answers.items()))
    result = assessed(found, {**plain, "red_flags": answers}, compared)
    assert result.stop
    assert result.first
    assert {c.level for c in result.conditions} == {Level.CONTEXT}
    assert (result.links, result.causes, result.advice) == ([], [], [])
    felt = {"pain": plain.get("pain", []), "self_tests": plain.get("self_tests", {})}
    alone = assessed({}, {**felt, "red_flags": answers})
    one, two = (msgspec.structs.replace(a, contradictions=[]) for a in (result, alone))
    assert one == two  # nothing of the run and of the other answers is left


@quick
@given(measures(), profiles(), comparisons())
def test_without_a_red_flag_nothing_stops(found, plain, compared):
    result = assessed(found, plain, compared)
    assert not result.stop
    assert not result.first


@quick
@given(measures(), profiles(), comparisons())
def test_conditions_stand_in_the_guides_order_and_pain_comes_first(found, plain, compared):
    plain = {k: v for k, v in plain.items() if k != "self_tests"}
    plain["pain"] = [{"where": pain["where"]} for pain in plain.get("pain", [])]
    result = assessed(found, plain, compared)
    pains = {pain["where"] for pain in plain["pain"]}
    places = [place for key, place in RAW["locations"].items() if key in pains]
    here = [
        key
        for place in places
        for part in ("causes", "from_sections", "for_safety")
        for key in place.get(part, [])
    ]
    keys = dict.fromkeys(["overall_overuse", *here, *RAW["conditions"]])
    assert [c.key for c in result.conditions] == [k for k in keys if k in RAW["conditions"]]
    for condition in result.conditions:
        assert bool(condition.hurts_at) == (condition.key in here)


@quick
@given(measures(), profiles(), comparisons())
def test_how_one_runs_shoes_and_body_never_reach_elevated_alone(found, plain, compared):
    kept = {k: v for k, v in plain.items() if k not in ("history", "training")}
    no = {"injured_last_12_months": False, "ankle_sprain": False, "bone_stress_injury": False}
    for history in ({}, {**no, "injuries": []}):
        for condition in assessed(found, {**kept, "history": history}, compared).conditions:
            levels = (condition.level, condition.level_low, condition.level_high)
            assert Level.ELEVATED not in levels


@quick
@given(measures(), profiles())
def test_a_first_run_is_never_above_watch_by_provisional_references(found, plain):
    """Without own earlier runs, what pronation and impact say never makes the last step."""
    with_them = by_key(assessed(found, plain))
    names = {"pronation_excursion_deg", "pronation_velocity_deg_s", "impact_g"}
    without = {s: {k: m for k, m in foot.items() if k not in names} for s, foot in found.items()}
    for key, condition in by_key(assessed(without, plain)).items():
        if with_them[key].level is Level.ELEVATED:
            assert condition.level in (Level.ELEVATED, Level.NOT_ENOUGH)


ANSWERS = [  # where a profile says it, what harms or protects
    ("history", "injured_last_12_months", True),
    ("history", "ankle_sprain", True),
    ("history", "bone_stress_injury", True),
    ("shoes", "changed_within_4_weeks", True),
    ("shoes", "several_models", False),
]


@quick
@given(measures(), profiles(), comparisons(), st.sampled_from(ANSWERS))
def test_a_yes_moves_levels_one_way_and_silence_moves_none(found, plain, compared, answer):
    section, name, harms = answer
    plain = {**plain, "history": {k: v for k, v in plain.get("history", {}).items()
                                  if k != "injuries"}}  # fmt: skip
    said = {}
    for value in (None, False, True):
        with_it = copy.deepcopy(plain)
        with_it.setdefault(section, {})[name] = value
        said[value] = by_key(assessed(found, with_it, compared))
    for key in TABLE.conditions:
        silent, no, yes = (said[value][key] for value in (None, False, True))
        # unknown is neither: it adds what a no adds, and lowers only what is known
        assert silent.score == no.score
        assert silent.coverage <= no.coverage
        assert silent.level in (no.level, Level.NOT_ENOUGH)
        own = [[r.factor for r in one.reasons if not r.general] for one in (silent, no)]
        assert own[0] == own[1]
        assert yes.coverage == no.coverage
        if no.score is None or Level.NOT_ENOUGH in (no.level, yes.level):
            continue
        more, less = (yes, no) if harms else (no, yes)
        assert RANK[more.level] >= RANK[less.level]
        assert more.score >= less.score


HARMFUL = [("cadence_spm", -1), ("pronation_excursion_deg", 1), ("impact_g", 1), ("contact_ms", 1)]


@quick
@given(measures(), profiles(), st.sampled_from(HARMFUL), st.floats(0, 30))
def test_a_more_harmful_value_never_lowers_a_level(found, plain, harmful, by):
    name, sign = harmful
    worse = {
        side: {
            k: measure(m.value + sign * by, m.quality, m.why_not)
            if k == name and m.value is not None
            else m
            for k, m in foot.items()
        }
        for side, foot in found.items()
    }
    before, after = by_key(assessed(found, plain)), by_key(assessed(worse, plain))
    for key, one in before.items():
        two = after[key]
        assert two.coverage == one.coverage
        if one.score is not None and one.level is not Level.NOT_ENOUGH:
            assert two.score is not None
            assert two.score >= one.score - 1e-12
            assert RANK[two.level] >= RANK[one.level]


@quick
@given(measures(), profiles(), comparisons(), st.sampled_from(["left", "right", "both"]), st.data())
def test_what_was_not_measured_adds_nothing_and_is_said_to_be_missing(
    found, plain, compared, side, data
):
    assume(found[side])
    name = data.draw(st.sampled_from(sorted(found[side])))
    less = {**found, side: {k: m for k, m in found[side].items() if k != name}}
    others = [c for c in compared.changes if (c.measure, c.side) != (name, side)]
    with_it = by_key(assessed(found, plain, compared))
    after = assessed(less, plain, Comparison(others, []))
    for without in after.conditions:
        one = with_it[without.key]
        counted = {row["factor"] for row in rows_of(without.key) if row.get("in_score", True)}
        assert without.coverage <= one.coverage + 1e-12
        if name != "speed_m_s":  # a value may be judged by its speed
            assert (without.score or 0.0) <= (one.score or 0.0) + 1e-12
        # what holds for all conditions alike may be said once, under overuse in general
        gone = {r.factor for r in one.reasons if not r.general}
        gone -= {r.factor for r in without.reasons}
        for factor in gone & counted:
            assert any(TABLE.factors[factor].missing in text for text in without.missing)


@quick
@given(measures(), profiles(), comparisons())
def test_left_and_right_swapped_swaps_the_words(found, plain, compared):
    other = {"left": "right", "right": "left"}
    swapped = {"left": found["right"], "right": found["left"], "both": found["both"]}
    mirrored = Comparison(
        [change(c.measure, other.get(c.side, c.side), c.z, counts=c.counts)
         for c in compared.changes], [], 0)  # fmt: skip
    plain = {k: v for k, v in plain.items() if k not in ("pain", "self_tests", "history")}

    def turned(value):
        """Words with left and right exchanged, but for “left and right” together."""
        if isinstance(value, str):
            return re.sub(
                r"\bleft and right\b|\b(left|right)\b", lambda m: other.get(m[1], m[0]), value
            )
        if isinstance(value, dict):
            return {k: turned(v) for k, v in value.items()}
        return [turned(v) for v in value] if isinstance(value, list) else value

    def feet(text):
        """What is said of each foot; of both, the left stands first."""
        values = re.findall(r"\b(left|right) ((?:not measured|-?[\d.])[^,()]*)", text)
        return {side: said.strip() for side, said in values}

    one = msgspec.to_builtins(assessed(found, plain, compared))["conditions"]
    two = msgspec.to_builtins(assessed(swapped, plain, mirrored))["conditions"]
    for before, after in zip(one, two, strict=True):
        shown, other_shown = before.pop("beside"), after.pop("beside")
        assert turned(before) == after
        for a, b in zip(shown, other_shown, strict=True):
            assert {other[side]: said for side, said in feet(a["text"]).items()} == feet(b["text"])
