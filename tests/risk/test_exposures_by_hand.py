"""How far a measure of this run speaks for something: against a threshold, a norm, a provisional
reference and the runner's own earlier runs, each worked out by hand."""

from dataclasses import replace

import pytest

from gait.compare.baseline import Comparison
from gait.model import Change, Measure
from gait.model.history import Body
from gait.risk import load_evidence
from gait.risk.context_measures import said
from gait.risk.evidence_table import EvidenceTable, Factor, Provisional
from gait.risk.exposure import Situation, exposure, what_is_known

TABLE = load_evidence()
W = TABLE.words
STRIKE = TABLE.factors["fsa_high"]  # above 20°
FLAT = TABLE.factors["non_rearfoot"]  # below 8°
IMPACT = replace(
    TABLE.factors["impact_high_own"], reference="provisional", says="{side} {value:g}",
    provisional=Provisional(mean=10.0, sd=2.0, basis="ours", cite="guide"),
)  # fmt: skip
OWN = replace(TABLE.factors["impact_high_own"], says="{side}: {change}")
NORM = TABLE.factors["cadence_low"]


def measure(value: float | None, **more: object) -> Measure:
    basics = {"value": value, "unit": "", "n": 90, "quality": "good"}
    return Measure(**{**basics, **more})  # pyright: ignore[reportArgumentType]


def change(side: str, difference: float, z: float, **more: object) -> Change:
    basics = {"measure": "impact_g", "side": side, "unit": "g", "value": 10.0 + difference,
              "usual": 10.0, "difference": difference, "smallest": 1.0, "z": z, "runs": 15,
              "speed_m_s": 3.0, "seen_in": 2, "counts": True,
              "text": "Impact is higher."}  # fmt: skip
    return Change(**{**basics, **more})  # pyright: ignore[reportArgumentType]


def situation(
    measures: dict[str, dict[str, Measure]],
    *changes: Change,
    table: EvidenceTable = TABLE,
    missing: int = 0,
    **body: float,
) -> Situation:
    compared = Comparison(list(changes), [], missing)
    return Situation(measures, Body(**body), what_is_known(None), table, compared)


def feet(name: str, left: Measure | None, right: Measure | None) -> dict[str, dict[str, Measure]]:
    given = {"left": left, "right": right}
    return {side: {name: one} for side, one in given.items() if one is not None}


def of(factor: Factor, left: Measure | None, right: Measure | None, *changes: Change):
    return exposure(factor, "", situation(feet(factor.measure or "", left, right), *changes))


@pytest.mark.parametrize(
    ("factor", "left", "right", "x", "side"),
    [
        (STRIKE, 20.0, 19.0, 0.0, "left"),
        (STRIKE, 20.1, 19.0, 1.0, "left"),
        (STRIKE, 19.0, 20.1, 1.0, "right"),
        (STRIKE, 25.0, 25.0, 1.0, "both"),
        (FLAT, 8.0, 9.0, 0.0, "left"),
        (FLAT, 7.9, 9.0, 1.0, "left"),
        (FLAT, 9.0, 7.9, 1.0, "right"),
        (IMPACT, 12.0, 9.0, 0.0, "left"),
        (IMPACT, 9.0, 13.5, 0.5, "right"),
        (IMPACT, 15.0, 9.0, 1.0, "left"),
    ],
)
def test_the_more_exposed_foot_counts(factor, left, right, x, side) -> None:
    found = of(factor, measure(left), measure(right))
    assert (found.x, found.side, found.share, found.missing) == (pytest.approx(x), side, 1.0, "")
    assert found.active == (x > 0.0)
    assert bool(found.text) == (x > 0.0)
    assert found.provisional == (factor is IMPACT)
    if factor is IMPACT and x > 0.0:
        assert found.text == f"{side} {max(left, right):g}"


def test_what_is_uncertain_counts_less() -> None:
    """4 g above a reference of ± 2, uncertain by ± 1.5 (one sd): 4 / 2.5."""
    found = of(IMPACT, measure(14.0, uncertainty=1.96 * 1.5), measure(9.0))
    assert found.x == pytest.approx((1.6 - 1.0) / 1.5)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (None, W["why_unknown"].format(missing=STRIKE.missing, why=W["no_reason_given"])),
        (measure(None, why_not="odd"), W["why_unknown"].format(missing=STRIKE.missing, why="odd")),
        (measure(float("nan"), why_not="odd"),
         W["why_unknown"].format(missing=STRIKE.missing, why="odd")),
        (measure(9.0, quality="low", why_not="few"),
         W["low_quality"].format(missing=STRIKE.missing, why="few")),
        (measure(9.0, quality="none"),
         W["low_quality"].format(missing=STRIKE.missing, why=W["no_reason_given"])),
    ],
)  # fmt: skip
def test_half_is_known_where_one_foot_cannot_be_judged(other, why) -> None:
    found = of(STRIKE, measure(25.0), other)
    assert (found.x, found.side, found.share) == (1.0, "left", 0.5)
    assert found.missing == W["other_foot"].format(missing=why, side="right")
    none = of(STRIKE, other, other)
    assert (none.x, none.missing, none.active) == (None, why, False)


def test_reasons_of_both_feet_are_told() -> None:
    found = of(STRIKE, measure(None, why_not="b"), measure(None, why_not="a"))
    form = W["why_unknown"]
    assert found.missing == "; ".join(form.format(missing=STRIKE.missing, why=w) for w in "ab")
    one = of(STRIKE, measure(None), measure(None, why_not="a"))
    assert one.missing == form.format(missing=STRIKE.missing, why="a")


@pytest.mark.parametrize(
    ("left", "right", "x", "side"),
    [
        (change("left", 2.0, 1.75), change("right", 1.0, 0.5), 0.5, "left"),
        (change("left", 2.0, 1.75, counts=False), change("right", 1.0, 0.5), 0.0, "left"),
        (change("left", -3.0, -4.0), change("right", 3.0, 2.5), 1.0, "right"),
    ],
)
def test_own_earlier_runs(left, right, x, side) -> None:
    found = of(OWN, measure(12.0), measure(11.0), left, right)
    assert (found.x, found.side) == (pytest.approx(x), side)
    assert found.text == (f"{side}: impact is higher" if x else "")
    assert not found.provisional
    # they go before a provisional reference, and are told in their own words
    beside = of(IMPACT, measure(30.0), measure(30.0), left, right)
    assert (beside.x, beside.side, beside.provisional) == (found.x, side, False)
    assert beside.text == ("impact is higher" if x else "")


def test_without_earlier_runs_it_is_said_how_many_more_are_needed() -> None:
    known = feet("impact_g", measure(12.0), measure(12.0))
    more = exposure(OWN, "", situation(known, missing=3))
    assert (more.x, more.missing) == (None, W["more_runs"].format(missing=OWN.missing, count=3))
    none = exposure(OWN, "", situation(known))
    assert none.missing == W["not_compared"].format(missing=OWN.missing)


def norm_case(value: float, *changes: Change, **body: float):
    both = {"cadence_spm": measure(value), "speed_m_s": measure(10.0 / 3.6)}
    return exposure(NORM, "", situation({"both": both}, *changes, **body))


def test_a_norm_of_speed_and_body() -> None:
    """At 10 km/h, 1.80 m and 30 years 159.9 ± 8; 16 below are two sd."""
    expected = 203.056 + 0.193 * 30 - 44.242 * 1.8 + 30.67
    found = norm_case(expected - 16.0, height_m=1.8, age_years=30.0)
    assert found.x == pytest.approx((2.0 - 1.0) / 1.5)
    assert (found.side, found.provisional) == (None, False)
    assert found.text == NORM.says.format(
        side="both", situation=W["this_speed_and_height"], value=expected - 16.0,
        expected=expected, sd=8.0,
    )  # fmt: skip
    assert norm_case(expected + 16.0, height_m=1.8, age_years=30.0).x == 0.0
    assert W["this_speed"] in norm_case(130.0).text
    no_speed = {"both": {"cadence_spm": measure(150.0)}}
    assert exposure(NORM, "", situation(no_speed)).missing == W["no_speed"].format(
        missing=NORM.missing
    )


def test_a_norm_and_own_earlier_runs_together() -> None:
    """Of 15 own runs and a norm that counts as five."""
    expected = 203.056 + 0.193 * 30 - 44.242 * 1.8 + 30.67
    own = change("both", -8.0, -3.0, measure="cadence_spm", text="Cadence is lower.")
    typical = norm_case(expected, own, height_m=1.8, age_years=30.0)
    assert typical.x == pytest.approx((0.75 * 3.0 - 1.0) / 1.5)
    assert typical.text == "cadence is lower"
    low = norm_case(expected - 16.0, own, height_m=1.8, age_years=30.0)
    assert low.x == pytest.approx(min(1.0, (0.75 * 3.0 + 0.25 * 2.0 - 1.0) / 1.5))
    assert low.text.startswith(NORM.says.split("{")[0])


def test_a_provisional_reference_stands_beside_the_measure() -> None:
    table = replace(TABLE, factors={IMPACT.key: IMPACT})
    shown = said("impact_g", situation(feet("impact_g", measure(9.0), measure(8.0)), table=table))
    assert W["provisional_beside"].format(mean=10.0, sd=2.0) in shown
    assert (TABLE.measures["impact_g"].beside or "") in shown
