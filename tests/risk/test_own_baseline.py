"""Own earlier runs in the assessment: unknown before five, persistent before they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.measures.references import norm
from gait.model import Change, Level, Measure
from gait.risk import assess, load_evidence, parse_profile
from gait.risk.exposure import Situation, blended, exposure, ramp, what_is_known

TABLE = load_evidence()
OWN = {
    "eversion_duration_long": "everted_pct",
    "inverted_contact": "roll_at_ic_standing_deg",
    "frontal_variability_high": "roll_variability_deg",
    "shift_to_forefoot": "strike_angle_deg",
}


def change(measure, side="left", *, z=3.0, difference=8.0, counts=True, runs=10, value=10.0):
    return Change(
        measure=measure,
        side=side,
        unit="",
        value=value,
        usual=value - difference,
        difference=difference,
        smallest=abs(difference) / 2.0,
        z=z,
        runs=runs,
        speed_m_s=3.0,
        seen_in=2 if counts else 1,
        counts=counts,
        text=f"Your {side} foot did something with {measure} else than in ten earlier runs.",
    )


def measured(**values):
    """Of both feet the same, and of the runner."""
    one = {
        name: Measure(value=v, unit="", n=200, uncertainty=0.0, quality="good")
        for name, v in values.items()
    }
    return {"left": one, "right": one, "both": one}


def found(key, changes, measures=None, runs_missing=0):
    known = what_is_known(None)
    profile = parse_profile("body: {height_m: 1.75}", "yaml")
    compared = Comparison(list(changes), [], runs_missing)
    situation = Situation(measures or {}, profile.body, known, TABLE, compared)
    return exposure(TABLE.factors[key], "", situation)


@pytest.mark.parametrize("key", OWN)
def test_before_five_runs_it_is_unknown_and_says_how_many_are_missing(key: str) -> None:
    assert TABLE.factors[key].measure == OWN[key]
    measures = measured(**{OWN[key]: 10.0})
    unknown = found(key, [], measures, runs_missing=3)
    assert unknown.x is None
    assert "needs 3 more" in unknown.missing
    assert found(key, [], measures).x is None
    assert "at this speed" in found(key, [], measures).missing
    missing = {
        text for c in assess(measures, None, TABLE, NOT_COMPARED).conditions for text in c.missing
    }
    assert any("needs 5 more" in text for text in missing)


@pytest.mark.parametrize("key", OWN)
def test_it_holds_once_the_change_counts_and_not_before(key: str) -> None:
    harmful = 1.0 if TABLE.factors[key].kind == "ramp_high" else -1.0
    one = change(OWN[key], z=2.2 * harmful, difference=8.0 * harmful)
    seen = found(key, [one])
    assert seen.x == pytest.approx(1.0 if key == "shift_to_forefoot" else ramp(2.2))
    assert seen.side == "left"
    assert seen.text == one.text[:1].lower() + one.text[1:-1]
    once = found(key, [change(OWN[key], z=one.z, difference=one.difference, counts=False)])
    assert once.x == 0.0
    assert once.text == ""
    other_way = found(key, [change(OWN[key], z=-one.z, difference=-one.difference)])
    assert other_way.x == 0.0


def test_a_measure_that_this_run_shows_poorly_is_unknown() -> None:
    poor = Measure(value=50.0, unit="%", n=4, quality="low", why_not="only 4 strides")
    unknown = found(
        "eversion_duration_long", [change("everted_pct")], {"left": {"everted_pct": poor}}
    )
    assert unknown.x is None


def test_own_runs_and_the_norm_go_together_the_more_the_more_there_are() -> None:
    """Science 5.2: z = λ z_own + (1 − λ) z_norm with λ = n / (n + 5)."""
    expected = norm("cadence_spm", 3.0, parse_profile("body: {height_m: 1.75}", "yaml").body)
    assert expected is not None
    value = expected.expected - 2.0 * expected.sd
    measures = measured(cadence_spm=value, speed_m_s=3.0)
    assert found("cadence_low", [], measures).x == pytest.approx(ramp(2.0))
    for runs in (5, 10, 45):
        own = change("cadence_spm", "both", z=-4.0, runs=runs)
        share = runs / (runs + 5)
        mixed = share * 4.0 + (1.0 - share) * 2.0
        assert blended(-2.0, own) == pytest.approx(-mixed)
        assert found("cadence_low", [own], measures).x == pytest.approx(ramp(mixed))
        once = change("cadence_spm", "both", z=-4.0, runs=runs, counts=False)
        expected_x = ramp((1.0 - share) * 2.0)
        assert found("cadence_low", [once], measures).x == pytest.approx(expected_x)


def test_a_change_within_the_norm_is_said_as_a_change() -> None:
    expected = norm("cadence_spm", 3.0, parse_profile("body: {height_m: 1.75}", "yaml").body)
    assert expected is not None
    measures = measured(cadence_spm=expected.expected, speed_m_s=3.0)
    lower = found("cadence_low", [change("cadence_spm", "both", z=-4.0, difference=-6.0)], measures)
    assert lower.active
    assert "earlier runs" in lower.text


@given(value=st.floats(-8.0, 8.0), z=st.floats(-6.0, 6.0))
def test_left_against_right_is_the_same_for_either_side(value, z) -> None:
    key, name = "asymmetry_high", "symmetry_contact_pct"
    one = found(key, [change(name, "both", z=z, value=value)])
    other = found(key, [change(name, "both", z=-z, value=-value)])
    if value:
        assert one.x == other.x


@given(st.floats(0.0, 6.0), st.floats(0.0, 6.0), st.booleans())
def test_more_of_a_change_never_lowers_what_holds(z, more, counts) -> None:
    def at(size):
        one = change("everted_pct", z=size, difference=size, counts=counts)
        x = found("eversion_duration_long", [one]).x
        assert x is not None
        return x

    assert at(z + more) >= at(z)


def test_gait_that_changed_in_everything_is_never_elevated() -> None:
    worst = [
        change(m, s, z=9.0 * sign, difference=9.0 * sign)
        for m, sign in {
            "everted_pct": 1,
            "roll_at_ic_standing_deg": -1,
            "roll_variability_deg": 1,
            "strike_angle_deg": -1,
            "pronation_excursion_deg": 1,
            "pronation_velocity_deg_s": 1,
            "impact_g": 1,
            "contact_ms": 1,
        }.items()
        for s in ("left", "right")
    ]
    worst.append(change("cadence_spm", "both", z=-9.0))
    measures = measured(
        **{c.measure: c.value for c in worst if c.measure != "roll_variability_deg"}, speed_m_s=3.0
    )
    text = """
        history: {injured_last_12_months: no, injuries: []}
        session: {date: 2026-05-17, distance_km: 8}
        training: [{date: 2026-05-10, distance_km: 8}]
        body: {height_m: 1.75, mass_kg: 65}
        shoes: {distance_km: 100, changed_within_4_weeks: no, several_models: no}
    """
    profile = parse_profile(text, "yaml")
    found = assess(measures, profile, TABLE, Comparison(worst, [])).conditions
    assert all(c.level is not Level.ELEVATED for c in found)
    assert any(c.level is Level.WATCH for c in found)


def test_with_own_runs_the_note_that_they_are_missing_is_gone() -> None:
    note = TABLE.words["own_baseline"]
    assert note in assess({}, None, TABLE).notes
    assert note not in assess({}, None, TABLE, Comparison([change("impact_g")], [])).notes
