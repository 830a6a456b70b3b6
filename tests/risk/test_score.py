"""The score against a naive reading of the file, and against the table of the science notes."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_score import ORDER, RAW, naive, scored_rows

from gait.model import Level
from gait.risk import load_evidence
from gait.risk.exposure import Exposure
from gait.risk.score import judge

TABLE = load_evidence()
FACTORS = list(RAW["factors"])
OF_GROUP = {g: [k for k, f in RAW["factors"].items() if f["group"] == g] for g in RAW["groups"]}
GAIT, HISTORY = OF_GROUP["gait"], [k for k in OF_GROUP["history"] if k != "prior_same_site"]
SPIKE = ["session_spike"]
ALL = [*HISTORY, "session_spike", "session_spike_double"]

# condition, active, score, level: the behaviour table that goes with the model, recomputed
NONE, WATCH, UP, GENERAL = Level.NO_FLAG, Level.WATCH, Level.ELEVATED, Level.GENERAL_LOAD
GOLDEN = [
    ("overall_overuse", GAIT, 0.0, NONE),
    ("overall_overuse", SPIKE, 0.27, WATCH),
    ("overall_overuse", HISTORY, 0.50, WATCH),
    ("overall_overuse", ALL, 0.99, UP),
    ("ankle_sprain", GAIT, 0.12, NONE),
    ("ankle_sprain", SPIKE, 0.0, NONE),
    ("ankle_sprain", HISTORY, 0.70, WATCH),
    ("ankle_sprain", ALL, 0.70, WATCH),
    ("peroneal_tendonitis", GAIT, 0.068, NONE),
    ("peroneal_tendonitis", SPIKE, 0.27, GENERAL),
    ("peroneal_tendonitis", HISTORY, 0.70, WATCH),
    ("peroneal_tendonitis", ALL, 1.19, UP),
    ("posterior_tibial_tendonitis", GAIT, 0.055, NONE),
    ("posterior_tibial_tendonitis", ALL, 0.99, GENERAL),
    ("achilles_tendinopathy", GAIT, 0.141, NONE),
    ("achilles_tendinopathy", ALL, 0.99, GENERAL),
    ("achilles_tendinopathy", [*ALL, "prior_same_site"], 1.39, UP),
    ("plantar_fasciitis", GAIT, 0.064, NONE),
    ("plantar_fasciitis", HISTORY, 0.50, GENERAL),
    ("shin_splints_mtss", GAIT, 0.25, WATCH),
    ("shin_splints_mtss", SPIKE, 0.27, GENERAL),
    ("shin_splints_mtss", HISTORY, 0.47, GENERAL),
    ("shin_splints_mtss", ALL, 0.96, GENERAL),
    ("stress_fracture", GAIT, 0.3395, WATCH),
    ("stress_fracture", SPIKE, 0.27, GENERAL),
    ("stress_fracture", HISTORY, 0.60, WATCH),
    ("stress_fracture", ALL, 1.09, UP),
    ("tibialis_anterior_tendonitis", GAIT, 0.0, NONE),
    ("tibialis_anterior_tendonitis", ALL, 0.99, GENERAL),
    ("retrocalcaneal_bursitis", ALL, 0.99, GENERAL),
    ("extensor_tendonitis", SPIKE, 0.27, GENERAL),
    ("ankle_impingement", HISTORY, 0.10, NONE),
    ("ankle_impingement", ALL, 0.59, WATCH),
    ("tarsal_tunnel_syndrome", ALL, 0.10, GENERAL),
    ("cuboid_syndrome", ALL, 0.10, NONE),
    ("muscle_cramps", ALL, 0.20, NONE),
    ("bone_spur", FACTORS, 0.0, Level.CONTEXT),
    ("plantar_fibroma", FACTORS, 0.0, Level.CONTEXT),
]


def found(active):
    return {key: Exposure(float(key in active)) for key in FACTORS}


@pytest.mark.parametrize(("condition", "active", "score", "level"), GOLDEN)
def test_behaviour_table(condition, active, score, level):
    judged = judge(TABLE.conditions[condition], found(active), TABLE)
    assert judged.score == pytest.approx(score, abs=1e-9)
    assert judged.level is level


def exposures():
    """Any exposures: only ramps lie between 0 and 1, only gait has provisional references."""
    ends = st.sampled_from([None, 0.0, 1.0])
    kinds = {
        key: st.one_of(ends, st.floats(0, 1)) if factor["kind"].startswith("ramp") else ends
        for key, factor in RAW["factors"].items()
    }
    return st.fixed_dictionaries(
        {
            key: st.builds(
                lambda x, p, s: Exposure(x, provisional=p, share=s),
                kind,
                st.sampled_from([False, key in GAIT]),
                st.sampled_from([1.0, 0.5 if key in GAIT else 1.0]),
            )
            for key, kind in kinds.items()
        }
    )


RANK = {Level(word): i for i, word in enumerate(ORDER)}


def told(given_):
    """Exposures as the naive reading takes them."""
    return {key: (one.x, one.provisional, one.share) for key, one in given_.items()}


@settings(max_examples=200, deadline=None)
@given(exposures())
def test_score_coverage_and_levels_agree_with_a_naive_reading_of_the_file(given_):
    for key, condition in TABLE.conditions.items():
        judged, expected = judge(condition, given_, TABLE), naive(key, told(given_))
        assert judged.score == pytest.approx(expected["score"], abs=1e-12)
        assert judged.coverage == pytest.approx(expected["coverage"], abs=1e-12)
        assert (judged.level, judged.low, judged.high) == expected["levels"]
        assert judged.uncertain == (len(set(expected["levels"]) - {None}) > 1)


@settings(max_examples=200, deadline=None)
@given(exposures())
def test_the_lower_reading_is_never_above_and_the_upper_never_below(given_):
    for condition in TABLE.conditions.values():
        judged = judge(condition, given_, TABLE)
        if judged.low is not None and judged.high is not None:
            assert RANK[judged.low] <= RANK[judged.level] <= RANK[judged.high]


@settings(max_examples=80, deadline=None)
@given(exposures(), st.sampled_from(FACTORS), st.floats(0, 1))
def test_more_exposure_never_lowers_and_protection_never_raises(before, factor, more):
    known = {k: Exposure(e.x or 0.0, provisional=e.provisional) for k, e in before.items()}
    x = max(known[factor].x or 0.0, more)
    if not RAW["factors"][factor]["kind"].startswith("ramp"):
        x = float(x > 0.0)
    after = known | {factor: Exposure(x, provisional=known[factor].provisional)}
    for key, condition in TABLE.conditions.items():
        one, two = (judge(condition, e, TABLE) for e in (known, after))
        if one.level is Level.NOT_ENOUGH or not scored_rows(key):
            continue
        three = (one.level, one.low, one.high), (two.level, two.low, two.high)
        for before_, after_ in zip(*three, strict=True):
            assert before_ is not None
            assert after_ is not None
            if factor == "shoe_rotation":
                assert two.score <= one.score
                assert RANK[after_] <= RANK[before_]
            else:
                assert two.score >= one.score
                assert RANK[after_] >= RANK[before_]


@settings(max_examples=80, deadline=None)
@given(exposures(), st.sets(st.sampled_from(FACTORS)))
def test_unknown_never_counts(before, hidden):
    """An exposure that is unknown adds what one of zero adds, and coverage only falls."""
    zero = before | {k: Exposure(0.0) for k in hidden}
    unknown = before | {k: Exposure(None, missing="x") for k in hidden}
    for condition in TABLE.conditions.values():
        one, two = judge(condition, zero, TABLE), judge(condition, unknown, TABLE)
        assert two.score == one.score
        assert two.coverage <= one.coverage
        assert two.level in (one.level, Level.NOT_ENOUGH)
        if two.level is not Level.NOT_ENOUGH:
            assert (two.low, two.high) == (one.low, one.high)


@settings(max_examples=80, deadline=None)
@given(exposures())
def test_gait_shoes_and_body_alone_never_reach_elevated(given_):
    quiet = {k: Exposure(0.0) for g in ("history", "load") for k in OF_GROUP[g]}
    for condition in TABLE.conditions.values():
        judged = judge(condition, given_ | quiet, TABLE)
        assert Level.ELEVATED not in (judged.level, judged.low, judged.high)


def test_gait_alone_at_full_exposure_is_at_most_watch_whatever_the_reading():
    for key in TABLE.conditions:
        most = sum(
            row.get("w_hi", 0.0) * RAW["factors"][row["factor"]].get("reliability", 1.0)
            for row in scored_rows(key)
            if RAW["factors"][row["factor"]]["group"] == "gait"
        )
        assert min(most, RAW["groups"]["gait"]["cap"]) < RAW["levels"]["elevated"]


def test_a_provisional_reference_never_makes_the_step_to_elevated():
    active = ["session_spike_double", "prior_bsi"]
    for provisional, bmi in itertools.product((True, False), repeat=2):
        found_ = found([*active, "impact_high_own"] if bmi else active)
        found_["prior_bsi"] = Exposure(0.4, provisional=False)
        found_["cadence_low"] = Exposure(1.0, provisional=provisional)
        judged = judge(TABLE.conditions["stress_fracture"], found_, TABLE)
        assert (judged.level is Level.ELEVATED) == (not provisional)


def test_coverage_by_hand():
    known = {"prior_ankle_sprain": 0.70, "bmi_high": 0.15}
    found_ = {k: Exposure(0.0 if k in known else None, missing="x") for k in FACTORS}
    judged = judge(TABLE.conditions["ankle_sprain"], found_, TABLE)
    assert judged.coverage == pytest.approx(0.85 / (0.70 + 0.15 + 0.12 + 0.12))
    assert judged.level is Level.NO_FLAG
    found_["prior_ankle_sprain"] = Exposure(None, missing="x")
    assert judge(TABLE.conditions["ankle_sprain"], found_, TABLE).level is Level.NOT_ENOUGH


@pytest.mark.parametrize(
    ("level", "below", "condition", "held", "part"),
    [
        (Level.ELEVATED, Level.WATCH, "overall_overuse", HISTORY, "session_spike_double"),
        (Level.WATCH, Level.NO_FLAG, "overall_overuse", [], "session_spike"),
    ],
)
def test_a_level_begins_at_its_bound_itself(level, below, condition, held, part) -> None:
    def judged(x: float):
        found = {key: Exposure(float(key in held)) for key in FACTORS} | {part: Exposure(x)}
        return judge(TABLE.conditions[condition], found, TABLE)

    none, whole = judged(0.0).score, judged(1.0).score
    bound = RAW["levels"][level.value]
    assert none < bound < whole
    x = (bound - none) / (whole - none)
    assert judged(x).level is level
    assert judged(x - 1e-6).level is below
