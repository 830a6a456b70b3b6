"""Load on structures against sums by hand and plain loops, and what is said where it is not known.

The example of the assessment review: at 4.0 against 2.8 m/s a kilometre counts like 0.9 to 2.7
easy ones for the Achilles tendon, by which view of wear one takes.
"""

import datetime
import math
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from gait.compare.baseline import NOT_COMPARED
from gait.measures.bins import speed_bins
from gait.measures.table import empty_strides
from gait.model import Distance, InputError, Measure, PastRun
from gait.model.assessment import StructureLoad
from gait.model.strides import Activity, Strike
from gait.risk import load_evidence
from gait.risk.evidence_reader import parse_evidence
from gait.risk.profile import RunnerProfile, ThisSession, TrainingSession
from gait.risk.structure_load import Run, run_load, structure_loads

TEXT = files("gait.risk").joinpath("evidence.yaml").read_text(encoding="utf-8")
TABLE = load_evidence().structures
DAY = datetime.date(2026, 5, 17)


def strides_at(speeds: list[float], contact_ms: float = 240.0, stride_s: float = 0.72) -> Any:
    """Steady running strides of both feet, one of each for each speed."""
    strides = empty_strides(2 * len(speeds))
    strides["side"] = [0, 1] * len(speeds)
    strides["activity"], strides["valid"] = Activity.RUN, True
    strides["strike"] = Strike.REARFOOT
    strides["ic_s"] = 0.36 * np.arange(len(strides))
    strides["stride_s"] = stride_s
    strides["cadence_spm"] = 120.0 / stride_s
    strides["contact_ms"] = contact_ms
    strides["speed_m_s"] = np.repeat(speeds, 2)
    strides["stride_length_m"] = strides["speed_m_s"] * stride_s
    return strides


def told(
    strides: Any,
    km: float = 10.0,
    *,
    earlier: list[PastRun] | None = None,
    training: list[TrainingSession] | None = None,
    measures: dict[str, dict[str, Measure]] | None = None,
) -> dict[str, StructureLoad]:
    profile = RunnerProfile(session=ThisSession(date=DAY, distance_km=km), training=training)
    running = Measure(value=165.0, unit="steps/min", n=100)
    run = Run(
        run_load(strides, Distance(metres=1000.0 * km), TABLE),
        speed_bins(strides),
        measures or {"both": {"cadence_spm": running}},
        profile,
        earlier or [],
        NOT_COMPARED,
    )
    return {load.key: load for load in structure_loads(run, TABLE).each}


def past(strides: Any, km: float, days_before: int) -> PastRun:
    began = datetime.datetime.combine(DAY, datetime.time(7), datetime.UTC)
    distance = Distance(metres=1000.0 * km)
    return PastRun(
        key=str(days_before),
        started_at=(began - datetime.timedelta(days=days_before)).isoformat(),
        gear="",
        duration_s=1.0,
        distance=distance,
        speed_bins=speed_bins(strides),
        landings=run_load(strides, distance, TABLE),
    )


def test_sums_are_those_of_a_plain_loop_over_strides() -> None:
    speeds = [float(v) for v in np.linspace(2.7, 4.4, 40)]
    strides = strides_at(speeds)
    found = run_load(strides, Distance(metres=5000.0), TABLE).feet["left"]["achilles"]
    load = wear = metres = 0.0
    for v in speeds:
        force = 5.36 + 1.06 * v
        load += force * 0.240
        wear += force**9
        metres += v * 0.72
    assert found.n == 40
    assert found.per_km["load"] == pytest.approx(1000.0 * load / metres)
    assert found.per_km["wear"] == pytest.approx(1000.0 * wear / metres)


def test_a_sum_is_no_average_half_fast_wears_more_than_all_at_the_middle() -> None:
    even = told(strides_at([3.5] * 40))["achilles"].per_km["wear"]
    mixed = told(strides_at([2.7] * 20 + [4.3] * 20))["achilles"].per_km["wear"]
    assert mixed > 1.05 * even


def test_the_example_of_the_review() -> None:
    """Steps a kilometre and contact as the published lines have them at both speeds."""
    from gait.measures.references import norm

    cadence, contact = norm("cadence_spm", 4.0, None), norm("contact_ms", 4.0, None)
    assert cadence is not None
    assert contact is not None
    strides = strides_at([4.0] * 40, contact.expected, 120.0 / cadence.expected)
    found = told(strides)["achilles"]
    assert found.peak == pytest.approx(9.6, abs=0.01)
    low, high = found.per_km["load"], found.per_km["wear"]
    assert low == pytest.approx(0.7, abs=0.15)
    assert high == pytest.approx(2.7, abs=0.15)
    assert "15 % more at each step than at an easy 5:57 min/km" in found.says[0]


def test_an_easy_kilometre_counts_like_one() -> None:
    found = told(strides_at([2.8] * 40))
    for key in ("achilles", "shin", "forefoot", "leg"):
        for value in found[key].per_km.values():
            assert value == pytest.approx(1.0, abs=0.02), key
        assert found[key].easy_km == pytest.approx(dict.fromkeys(found[key].per_km, 10.0), rel=0.02)


@pytest.mark.parametrize("speed", [2.0, 2.5, 4.6, 6.0])
def test_outside_the_published_speeds_nothing_is_said(speed: float) -> None:
    found = told(strides_at([speed] * 40))["achilles"]
    assert not found.per_km
    assert found.peak is None
    assert "outside the speeds" in (found.why_not or "")


def test_a_few_strides_outside_are_left_out_and_many_are_not() -> None:
    few = told(strides_at([3.0] * 38 + [6.0] * 2))["achilles"]
    many = told(strides_at([3.0] * 30 + [6.0] * 10))["achilles"]
    assert few.per_km["wear"] == pytest.approx(
        told(strides_at([3.0] * 40))["achilles"].per_km["wear"]
    )
    assert many.why_not is not None


def test_walking_adds_nothing_and_shortens_what_was_run() -> None:
    strides = strides_at([3.0] * 40)
    half = np.arange(len(strides)) >= len(strides) // 2
    strides["activity"][half] = Activity.WALK
    strides["valid"][half] = False
    landings = run_load(strides, Distance(metres=8000.0), TABLE)
    assert landings.km == pytest.approx(4.0)
    assert landings.feet["left"]["achilles"].n == 20


def test_a_sensor_that_reads_contact_short_changes_nothing() -> None:
    right, short = (told(strides_at([3.6] * 40, c))["achilles"].per_km for c in (240.0, 216.0))
    assert short == pytest.approx(right, rel=1e-9)


def test_impact_plays_no_part() -> None:
    soft, hard = strides_at([3.2] * 40), strides_at([3.2] * 40)
    soft["impact_g"], hard["impact_g"] = 4.0, 15.0
    assert told(soft) == told(hard)


def test_own_easy_pace_is_the_middle_of_the_slower_half_of_earlier_runs() -> None:
    earlier = [past(strides_at([2.9] * 30 + [4.0] * 30), 8.0, d) for d in (40, 50, 60)]
    landings = run_load(strides_at([3.5] * 40), Distance(metres=1e4), TABLE)
    profile = RunnerProfile(session=ThisSession(date=DAY))
    run = Run(landings, {}, {}, profile, earlier, NOT_COMPARED)
    found = structure_loads(run, TABLE)
    assert found.easy_own
    assert found.easy_m_s == pytest.approx(2.875)  # of the bin from 2.75 to 3.0
    assert not structure_loads(replace_earlier(run, earlier[:2]), TABLE).easy_own


def replace_earlier(run: Run, earlier: list[PastRun]) -> Run:
    return Run(run.landings, run.bins, run.measures, run.profile, earlier, run.compared)


def test_against_the_most_of_thirty_days_run_by_run() -> None:
    easy = strides_at([2.8] * 40)
    earlier = [past(easy, 8.0, 3), past(easy, 10.0, 30), past(easy, 40.0, 31)]
    same, longer = (told(easy, km, earlier=earlier)["achilles"] for km in (10.0, 15.0))
    # the own easy pace is told to a quarter of a metre a second
    assert same.most_km == pytest.approx({"load": 10.0, "wear": 10.0}, rel=0.08)
    assert same.easy_km == pytest.approx(same.most_km)
    assert same.more is False
    assert longer.more is True
    assert any("1.5 times the most of the 30 days" in text for text in longer.says)


def test_a_short_fast_run_is_more_by_wear_alone_and_says_so() -> None:
    earlier = [past(strides_at([2.8] * 40), 10.0, 5)]
    found = told(strides_at([4.0] * 40, 210.0, 0.68), 8.0, earlier=earlier)["achilles"]
    assert found.more is None
    assert any("By one view" in text for text in found.says)


def test_a_logged_run_counts_as_easy_kilometres_and_once() -> None:
    easy = strides_at([2.8] * 40)
    earlier = [past(easy, 8.0, 3)]
    log = [
        TrainingSession(date=DAY - datetime.timedelta(days=3), distance_km=8.0),
        TrainingSession(date=DAY - datetime.timedelta(days=9), distance_km=12.0),
    ]
    found = told(easy, 10.0, earlier=earlier, training=log)["achilles"]
    assert found.most_km == pytest.approx({"load": 12.0, "wear": 12.0})
    assert any("Of those runs, 1 had no estimate" in text for text in found.says)


def test_sums_of_another_table_are_not_compared() -> None:
    easy = strides_at([2.8] * 40)
    of_before = replace(past(easy, 8.0, 3).landings, table="0")  # type: ignore[type-var]
    earlier = [replace(past(easy, 8.0, 3), landings=of_before)]
    found = told(easy, 10.0, earlier=earlier)["achilles"]
    assert any("Of those runs, 1 had no estimate" in text for text in found.says)


def test_the_arch_has_an_arrow_and_no_number() -> None:
    speed = {
        "cadence_spm": Measure(value=165.0, unit="", n=9),
        "speed_m_s": Measure(value=4.0, unit="m/s", n=9),
    }
    fast = told(strides_at([4.0] * 40), measures={"both": speed})["arch"]
    assert fast.says[0].startswith("Faster than easy: more than at")
    assert not fast.easy_km
    fore = strides_at([2.8] * 40)
    fore["strike"] = Strike.FOREFOOT
    assert "100 % of landings on the forefoot" in told(fore)["arch"].says[0]


def test_left_and_right_differ_only_beyond_their_uncertainty() -> None:
    def said(by: float, within: float) -> list[str]:
        roll = Measure(value=by, unit="°", n=50, uncertainty=within, quality="good")
        both = {"cadence_spm": roll, "symmetry_pronation_excursion_deg": roll}
        return told(strides_at([2.8] * 40), measures={"both": both})["inner_ankle"].says

    assert said(-11.0, 7.0)[0] == "The right shoe rolls in 11° more than the left (± 7)."
    assert not any("rolls in" in text for text in said(6.9, 7.0))


def test_no_running_says_so_of_every_structure() -> None:
    found = told(empty_strides(0), measures={"both": {}})
    assert {load.why_not for load in found.values()} == {TABLE.words["no_run"]}


def test_a_flight_below_zero_is_no_force() -> None:
    found = run_load(strides_at([3.0] * 40, 400.0), Distance(metres=1e3), TABLE).feet["left"]
    assert found["leg"].n == 0
    assert found["achilles"].n == 40


def test_force_on_the_ground_is_that_of_half_a_sine() -> None:
    found = run_load(strides_at([3.0] * 40), Distance(metres=1e3), TABLE).feet["left"]["leg"]
    assert found.peak == pytest.approx(0.5 * math.pi * (0.12 / 0.24 + 1.0))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("formula: {line: {at_rest: 5.36, per_m_s: 1.06}}", "formula: {lime: {}}", "lime is not"),
        ("{line: {at_rest: 5.36, per_m_s: 1.06}}", "{line: {at_rest: 5.36}}", "per_m_s is missing"),
        ("speeds_m_s: [2.68, 4.47]", "speeds_m_s: [4.47, 2.68]", "the lower first"),
        ("wear: {exponent: 9, ", "wear: {exponent: 0.5, ", "exponent must lie"),
        ("cite: [reiter2024, firminger2020]", "cite: [reiter]", "reiter is not known"),
        ("rises_with: [speed, forefoot]", "rises_with: [mood]", "mood is not known"),
        ("follows: [pronation_excursion_deg,", "follows: [pronation,", "pronation is not known"),
        ("structures: [leg]", "structures: [knee]", "knee is not known"),
        ('run: "This run: {total} easy km."', 'run: "This run."', "must name total"),
        ("most_outside: 0.10 ", "most_outside: 1.5 ", "between 0 and 1"),
    ],
)
def test_a_wrong_edit_of_the_structures_is_named(before: str, after: str, says: str) -> None:
    assert before in TEXT
    with pytest.raises(InputError, match=f"line [0-9]+: .*{says}"):
        parse_evidence(TEXT.replace(before, after, 1))


def test_every_structure_is_loaded_by_a_condition() -> None:
    linked = {key for c in load_evidence().conditions.values() for key in c.structures}
    assert linked == set(TABLE.each)
