"""Every row, place, cause and level of the table can be reached by some runner."""

import copy
import itertools

import pytest
from generated_runners import change, profile_from, run
from naive_score import RAW, rows_of

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.model import Level
from gait.risk import assess, load_evidence
from gait.risk.evidence_pages import reach
from gait.risk.exposure import Situation, exposure, what_is_known

TABLE = load_evidence()


def assessed(found, plain, compared=NOT_COMPARED):
    return assess(found, profile_from(plain), TABLE, compared)


FULL = {
    "session": {"date": "2026-05-17", "distance_km": 13.0},
    "training": [
        {"date": "2026-05-10", "distance_km": 11.0},
        {"date": "2026-04-28", "distance_km": 11.0},
        {"date": "2026-04-25", "distance_km": 11.0},
        *(
            {"date": f"2026-{m:02d}-{d:02d}", "distance_km": 8.0}
            for m in (1, 2, 3)
            for d in (3, 20)
        ),
        {"date": "2025-12-20", "distance_km": 8.0},
        {"date": "2025-12-03", "distance_km": 8.0},
    ],
    "history": {
        "injured_last_12_months": True,
        "ankle_sprain": True,
        "bone_stress_injury": True,
        "injuries": [{"condition": k} for k in RAW["conditions"] if k != "overall_overuse"],
    },
    "shoes": {"distance_km": 900, "changed_within_4_weeks": True, "several_models": True},
    "body": {"height_m": 1.7, "mass_kg": 90},
}
FOOT = {
    "contact_ms": 400.0,
    "duty_factor_pct": 20.0,
    "pronation_excursion_deg": 25.0,
    "pronation_velocity_deg_s": 1600.0,
    "impact_g": 20.0,
    "drift_contact_ms": 20.0,
}
EXTREME = run(
    {**FOOT, "strike_angle_deg": 25.0},
    {**FOOT, "strike_angle_deg": 2.0},
    {"cadence_spm": 130.0, "speed_m_s": 3.0},
)
CHANGED = Comparison(
    [
        change("everted_pct", "left", 4.0),
        change("roll_at_ic_standing_deg", "left", -4.0),
        change("roll_variability_deg", "left", 4.0),
        change("strike_angle_deg", "left", -4.0, difference=-9.0),
        change("contact_ms", "left", 4.0),
        change("pronation_excursion_deg", "left", 4.0),
        change("pronation_velocity_deg_s", "left", 4.0),
        change("impact_g", "left", 4.0),
        change("symmetry_contact_pct", "both", 4.0),
    ],
    [],
)
TWICE = {**FULL, "session": {"date": "2026-05-17", "distance_km": 30.0}}


def situation(plain, found=EXTREME, compared=CHANGED):
    profile = profile_from(plain)
    return Situation(found, profile.body, what_is_known(profile), TABLE, compared)


@pytest.mark.parametrize("key", list(RAW["conditions"]))
def test_every_row_can_hold_for_some_runner(key):
    for row in rows_of(key):
        if row["factor"] == "stride_dfa_low":
            continue  # only ever shown as tested without a clear link
        found = [
            exposure(TABLE.factors[row["factor"]], key, situation(plain)) for plain in (FULL, TWICE)
        ]
        assert any(one.active for one in found), row["factor"]
        assert all(not one.active or one.text for one in found)


def test_every_row_of_every_condition_is_shown_when_it_holds():
    shown = {
        (c.key, reason.factor)
        for plain in (FULL, TWICE)
        for c in assessed(EXTREME, {**plain, "pain": [{"where": p} for p in RAW["locations"]]},
                          CHANGED).conditions
        for reason in (*c.reasons, *c.against)
    }  # fmt: skip
    assert shown == {(key, row["factor"]) for key in RAW["conditions"] for row in rows_of(key)}


def test_every_place_and_every_cause_appears():
    for place, listed in RAW["locations"].items():
        result = assessed({}, {"pain": [{"where": place}]})
        first = result.locations[0]
        assert (first.key, first.hurts) == (place, True)
        parts = ("causes", "from_sections", "for_safety")
        for part in parts:
            names = [TABLE.cause_name(key) for key in listed.get(part, [])]
            assert getattr(first, part) == names
        keys = [key for part in parts for key in listed.get(part, []) if key in RAW["conditions"]]
        assert [c.key for c in result.conditions if c.hurts_at] == keys
    everywhere = {
        key for place in RAW["locations"].values() for part in place.values() for key in part
        if isinstance(part, list)
    }  # fmt: skip
    assert everywhere >= {key for key in RAW["conditions"] if key != "overall_overuse"}


def test_every_condition_has_a_level_or_says_why_not():
    """With everything known and nothing to find, each is “no flag”, or nothing about it counts."""
    calm = {
        "session": {"date": "2026-05-17", "distance_km": 8.0},
        "training": [{"date": "2026-05-10", "distance_km": 8.0}],
        "history": {"injured_last_12_months": False, "injuries": []},
        "shoes": {"distance_km": 100, "changed_within_4_weeks": False, "several_models": False},
        "body": {"height_m": 1.8, "mass_kg": 70},
    }
    foot = {"impact_g": 9.0, "strike_angle_deg": 12.0, "pronation_excursion_deg": 9.0}
    found = run(foot, foot, {"cadence_spm": 168.0, "speed_m_s": 3.0})
    for condition in assessed(found, calm).conditions:
        scored = any(row.get("in_score", True) for row in rows_of(condition.key))
        assert condition.level is (Level.NO_FLAG if scored else Level.CONTEXT)
        assert condition.reasons == []
        assert scored or condition.always_show


def test_levels_beyond_no_flag_are_reached_where_the_table_allows():
    """The levels that full knowledge can give, over all yes and no answers."""
    reached = {key: set() for key in RAW["conditions"]}
    for sprain, bone, injured, far in itertools.product((False, True), repeat=4):
        plain = copy.deepcopy(FULL)
        plain["history"] = {
            "injured_last_12_months": injured,
            "ankle_sprain": sprain,
            "bone_stress_injury": bone,
            "injuries": [],
        }
        plain["session"]["distance_km"] = 30.0 if far else 8.0
        for condition in assessed(EXTREME, plain, CHANGED).conditions:
            reached[condition.key].add(condition.level)
    assert {key for key, levels in reached.items() if Level.ELEVATED in levels} == {
        *("overall_overuse", "ankle_sprain", "peroneal_tendonitis", "achilles_tendinopathy"),
        *("plantar_fasciitis", "shin_splints_mtss", "stress_fracture"),
    }


@pytest.mark.parametrize("plain", [{}, FULL, TWICE])
def test_the_five_kinds_of_causes_say_what_is_known(plain):
    causes = assessed(EXTREME, plain, CHANGED).causes
    assert [c.key for c in causes] == list(RAW["causes"])
    for cause in causes:
        assert cause.known
        raw = RAW["causes"][cause.key]
        if not plain or not raw["known"]:
            assert cause.known == [raw["nothing"]]
        else:
            assert raw["nothing"] not in cause.known


@pytest.mark.parametrize("key", list(RAW["conditions"]))
def test_how_one_runs_never_reaches_elevated_in_the_table_of_what_can_be_reached(key):
    found = reach(TABLE.conditions[key], TABLE)
    for kind in ("gait", "shoe", "profile", "long session"):
        judged = found[kind]
        assert Level.ELEVATED not in (judged.level, judged.low, judged.high)
    assert found["together"].score >= max(found[k].score for k in ("load", "history")) - 1e-9
