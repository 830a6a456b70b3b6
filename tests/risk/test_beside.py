"""What this run measured and what is known, beside what the guide links it to."""

import pytest
from generated_runners import change, profile_from, run
from naive_score import RAW

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.risk import assess, load_evidence

TABLE = load_evidence()


def assessed(found, plain=None, changes=()):
    compared = Comparison(list(changes), []) if changes else NOT_COMPARED
    return assess(found, profile_from(plain or {}), TABLE, compared)


def link(assessment, measure):
    return next(one for one in assessment.links if one.measure == measure)


def cause(assessment, key):
    return next(one for one in assessment.causes if one.key == key)


@pytest.mark.parametrize(
    ("measure", "conditions"),
    [
        (
            "pronation_excursion_deg",
            ["posterior_tibial_tendonitis", "shin_splints_mtss"],
        ),
        ("impact_g", ["shin_splints_mtss", "stress_fracture"]),
        ("roll_at_ic_standing_deg", []),
    ],
)
def test_our_reading_of_the_guide_is_called_that(measure, conditions):
    """The guide names over-pronation once, with the tarsal tunnel, and no other measure."""
    names = [TABLE.conditions[key].name for key in conditions]
    found = link(assessed({}), measure)
    assert found.reading == names
    pronation = measure == "pronation_excursion_deg"
    assert found.guide == (["Tarsal tunnel syndrome"] if pronation else [])


def test_every_link_stands_at_its_condition_too():
    result = assessed({})
    assert [one.measure for one in result.links] == list(RAW["measures"])
    for condition in result.conditions[1:]:
        linked = {
            (one.measure, by)
            for one in result.links
            for by in ("guide", "studies", "teaching", "reading")
            if condition.name in getattr(one, by)
        }
        assert linked == {(one.measure, one.by) for one in condition.beside}


def test_what_stands_out_is_said_and_what_does_not_is_not():
    found = run({"pronation_excursion_deg": 20.0}, {"pronation_excursion_deg": 9.0})
    first = link(assessed(found), "pronation_excursion_deg")
    assert first.text == "pronation of the shoe: left 20.0°, right 9.0°"
    assert first.stands_out == []  # there is nothing alike to compare a first run with
    more = [change("pronation_excursion_deg", "left", 3.0)]
    (said,) = link(assessed(found, changes=more), "pronation_excursion_deg").stands_out
    assert "than in ten earlier runs" in said


def test_own_earlier_runs_stand_beside_the_value_of_their_foot():
    found = run({"impact_g": 12.0}, {"impact_g": 11.0})
    mine = change("impact_g", "left", 0.2, value=12.0, difference=0.5)
    assert link(assessed(found, changes=[mine]), "impact_g").text.startswith(
        "impact of the shoe: left 12.0 g, usually 11.5 g in your own earlier runs, right 11.0 g ("
    )


def test_one_foot_only_and_neither():
    one = link(assessed(run({"impact_g": 12.0})), "impact_g").text
    assert one.startswith("impact of the shoe: left 12.0 g, right not measured (")
    none = link(assessed({}), "impact_g").text
    assert none == "impact of the shoe: not measured (this run does not show it)"


def test_self_tests_and_answers_stand_with_the_five_kinds_of_causes():
    plain = {
        "self_tests": {"heel_raise": {"left": "hard", "right": "easy"}},
        "shoes": {"distance_km": 900, "several_models": False},
        "history": {"ankle_sprain": True, "bone_stress_injury": False},
        "session": {"date": "2026-05-17", "distance_km": 21.0},
        "training": [{"date": "2026-05-10", "distance_km": 9.5}],
    }
    result = assessed({}, plain)
    assert cause(result, "muscle_imbalance").known == [
        "single-leg heel raise: left hard, right easy"
    ]
    assert cause(result, "shoes").known == [
        "the shoes have done 900 km; common advice is to change at about 800 km (500 miles), "
        "evidence that this prevents injury is weak",
        "not known: whether the shoes changed in the last 4 weeks",
        "several models of shoe in turn: no",
    ]
    assert cause(result, "previous_injuries").known == [
        "not known: running injuries in the last 12 months",
        "an earlier ankle sprain",
        "an earlier stress fracture: no",
    ]
    twice, log = cause(result, "overuse").known  # twice as long stands in for a tenth longer
    assert "more than twice the longest" in twice
    assert log == "not known: a training log of the last half year"
    assert cause(result, "bony_problems").known == [RAW["causes"]["bony_problems"]["nothing"]]


def advised(plain):
    return [one.text for one in assessed({}, plain).advice]


def test_advice_is_what_always_holds_and_what_is_called_for():
    always = [one["text"] for one in RAW["advice"] if one["when"] == "always"]
    assert advised({}) == always
    hurting = advised({"pain": [{"where": "heel"}]})
    assert set(hurting) - set(always) == {o["text"] for o in RAW["advice"] if o["when"] == "pain"}
    shoes = advised({"shoes": {"changed_within_4_weeks": True}})
    (more,) = set(shoes) - set(always)
    assert more.startswith("Get used to other shoes gradually")
    assert advised({"shoes": {"changed_within_4_weeks": False}}) == always
