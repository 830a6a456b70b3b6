"""Trends at the usual speed find again what was put in, and marks stand where something was."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.compare.baseline import adjusted as baseline_adjusted
from gait.dashboard.pages.trends import as_it_was, at_usual_speed, marks, usual_speed
from gait.model import Distance, PastRun, SpeedBin
from gait.risk import load_evidence
from gait.roster import Checkup, Session, Shoe, TrendPoint

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
MEASURE = "pronation_excursion_deg"
SLOPE = 4.0  # degrees for each m/s


def run(
    number: int, speeds, offset: float = 0.0, *, gear: str = "same", sides=("left",)
) -> PastRun:
    """A run whose measure follows speed along a line, with an offset of its own."""

    def bins():
        return [
            SpeedBin(
                from_m_s=np.floor(speed / 0.25) * 0.25,
                n=100,
                medians={"speed_m_s": speed, MEASURE: 8.0 + SLOPE * (speed - 3.0) + offset},
                spreads={},
                counts={MEASURE: 100},
            )
            for speed in speeds
        ]

    return PastRun(
        key=str(number),
        started_at=(FIRST + timedelta(days=3 * number)).isoformat(),
        gear=gear,
        duration_s=1800.0,
        distance=Distance(metres=5000.0),
        speed_bins={side: bins() for side in sides},
    )


def adjusted(trend):
    """The lines that were moved to one speed; those as measured stand beside them."""
    return [line for line in trend.lines if not line.maker]


def test_a_change_is_drawn_as_one_whatever_the_pace_of_that_day():
    """Pronation doubles, on a day that is a little faster: a slope over all runs, this one among
    them, would call it the pace's doing."""
    before = [run(n, [2.7 + 0.05 * (n % 3)], 0.3 * (-1) ** n) for n in range(10)]
    doubled = run(10, [3.0], 9.0)
    trend = at_usual_speed(MEASURE, [*before, doubled])
    [line] = adjusted(trend)
    _, high = trend.usual["left"]
    day, value, uncertainty = line.points[-1]
    assert day == date(2026, 2, 4)
    assert uncertainty is not None
    assert value - uncertainty > high
    assert trend.notes == []


@settings(max_examples=30, deadline=None)
@given(value=st.floats(-50.0, 50.0), speed=st.floats(2.7, 3.2))
def test_a_run_has_no_say_in_how_it_or_those_before_it_are_drawn(value, speed):
    before = [run(n, [2.7 + 0.1 * (n % 4)]) for n in range(9)]
    usual = usual_speed(before)
    assert usual is not None
    alone, with_it = (
        baseline_adjusted(MEASURE, "left", runs, usual)
        for runs in (before, [*before, run(9, [speed], value)])
    )
    assert with_it[:9] == alone or np.isnan(alone[0].value)
    for one, other in zip(alone, with_it, strict=False):
        np.testing.assert_equal((one.measured, one.value), (other.measured, other.value))
    # the line of before is exact, so the run keeps its distance from it
    cap = 1.5 * 0.8
    if abs(usual - speed) > 0.25:
        assert np.isnan(with_it[-1].value)
        return
    moved = with_it[-1].value - with_it[-1].measured
    assert moved == pytest.approx(np.clip(SLOPE * (usual - speed), -cap, cap), abs=1e-9)


def test_a_value_is_moved_no_further_than_a_run_differs_by_itself():
    before = [run(n, [2.75 + 0.125 * (n % 3)]) for n in range(9)]
    far = run(9, [3.12], 0.0)
    speed = usual_speed([*before, far])
    assert speed is not None
    last = baseline_adjusted(MEASURE, "left", [*before, far], speed)[-1]
    assert abs(last.value - last.measured) <= 1.5 * 0.8 + 1e-9


def test_fewer_than_five_runs_before_tell_no_slope():
    runs = [run(n, [2.9 + 0.05 * (n % 2)]) for n in range(7)]
    trend = at_usual_speed(MEASURE, runs)
    [line] = adjusted(trend)
    assert len(line.points) == 2
    [measured] = [line for line in trend.lines if line.maker]
    assert len(measured.points) == 7


def test_measured_and_adjusted_that_disagree_are_said_to():
    before = [run(n, [2.7 + 0.06 * (n % 4)]) for n in range(10)]
    fast = run(10, [2.95], 1.0)  # 1.2° above the line and 0.6° of it by the pace
    trend = at_usual_speed(MEASURE, [*before, fast])
    low, high = trend.usual["left"]
    [line] = adjusted(trend)
    measured = next(line for line in trend.lines if line.maker).points[-1][1]
    inside = [low <= value <= high for value in (measured, line.points[-1][1])]
    assert (len(trend.notes) == 1) == (inside[0] != inside[1])


def test_the_band_does_not_follow_the_last_runs():
    steady = [run(n, [2.9 + 0.02 * (n % 3)]) for n in range(9)]
    moved = [run(9 + n, [2.9], 8.0) for n in range(3)]
    band = at_usual_speed(MEASURE, [*steady, *moved]).usual["left"]
    assert band == pytest.approx(at_usual_speed(MEASURE, steady).usual["left"], abs=0.6)


def test_the_speed_is_that_of_half_of_all_strides():
    runs = [run(0, [2.0, 3.0, 3.0]), run(1, [3.0, 3.0, 4.0])]
    assert usual_speed(runs) == 3.0
    assert usual_speed([]) is None
    assert at_usual_speed(MEASURE, []).lines == []


def test_a_run_far_from_the_usual_speed_is_only_as_measured():
    runs = [run(n, [3.0]) for n in range(9)] + [run(9, [4.5])]
    trend = at_usual_speed(MEASURE, runs)
    assert len(adjusted(trend)[0].points) == 4
    assert len(trend.lines[1].points) == 10


def test_other_shoes_do_not_bend_the_line_and_the_band_is_of_those_worn_now():
    old = [run(n, [2.8 + 0.04 * (n % 4)], 0.0, gear="old") for n in range(8)]
    new = [run(8 + n, [2.8 + 0.04 * (n % 4)], 5.0, gear="new") for n in range(14)]
    trend = at_usual_speed(MEASURE, [*old, *new])
    points = adjusted(trend)[0].points
    values = [value for _, value, _ in points]
    assert len(values) == 3 + 9
    assert np.ptp(values[-4:]) < 1e-9  # all on one line, once enough runs tell it
    for _, value, uncertainty in points[3:]:  # before that it may be as far off as is told
        assert abs(value - values[-1]) <= (uncertainty or 0.0) + 1e-9
    low, high = trend.usual["left"]
    assert low < values[-1] < high
    assert not low < values[0] < high


def test_few_runs_are_as_measured_and_have_no_band():
    trend = at_usual_speed(MEASURE, [run(n, [3.0]) for n in range(3)])
    assert trend.lines == []
    assert trend.usual == {}


def test_feet_apart_and_the_runner_in_one_line():
    runs = [run(n, [3.0], sides=("left", "right", "both")) for n in range(6)]
    both = at_usual_speed(MEASURE, runs)
    assert [line.side for line in adjusted(both)] == ["left", "right"]
    point = TrendPoint(
        session=1,
        started_at="",
        day=date(2026, 1, 5),
        shoe=None,
        gear="",
        value=170.0,
        n=9,
        spread=None,
        uncertainty=0.5,
        quality="good",
    )
    plain = as_it_was("cadence_spm", {"left": [point], "right": [point], "both": [point]})
    assert [(line.side, line.points) for line in plain.lines] == [
        ("both", [(date(2026, 1, 5), 170.0, 0.5)])
    ]


def test_marks_are_other_shoes_pain_and_the_end_of_injuries():
    def session(day, shoe):
        blank = dict.fromkeys(Session.__struct_fields__)
        moment = datetime(2026, 1, day, 12, tzinfo=UTC)
        return Session(
            **blank | {"id": day, "shoe": shoe, "day": moment.date(), "started_at": str(moment)}
        )

    def checkup(id, month, answers):
        return Checkup(id=id, uid="", taken_on=date(2026, month, 1), version="1", answers=answers)

    shoes = [Shoe(id=1, uid="", model="Old"), Shoe(id=2, uid="", model="New")]
    sessions = [session(9, 2), session(7, 2), session(8, None), session(2, 1), session(12, 1)]
    checkups = [
        checkup(1, 1, {"history": {"injuries": [{"condition": "ankle_sprain", "months_ago": 1}]}}),
        checkup(
            2,
            2,
            {
                "pain": [{"where": "heel", "side": "left"}, {"where": "gone from the table"}],
                "history": {
                    "injuries": [
                        {"condition": "shin_splints_mtss", "side": "right", "months_ago": 1.0},
                        {"months_ago": 0.0},
                        {"condition": "ankle_sprain"},
                    ]
                },
            },
        ),
    ]
    found = marks(sessions, shoes, checkups, load_evidence(), date(2026, 1, 1))
    assert found == [
        (date(2026, 1, 2), "injury over: Shin splints, right"),
        (date(2026, 1, 7), "other shoes: New"),
        (date(2026, 2, 1), "injury over: another one"),
        (date(2026, 2, 1), "pain: Heel, left"),
    ]
    assert marks(sessions, shoes, checkups, load_evidence(), date(2026, 1, 3)) == found[1:]
