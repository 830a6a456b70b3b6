"""Trends at the usual speed find again what was put in, and marks stand where something was."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@settings(max_examples=40, deadline=None)
@given(
    offsets=st.lists(st.floats(-2.0, 2.0), min_size=6, max_size=12),
    shift=st.floats(-0.2, 0.2),
)
def test_a_run_stands_where_it_is_whatever_its_speed_was(offsets, shift):
    runs = [
        run(n, [2.85 + shift * (n % 3), 3.1 + shift * (n % 3)], offset)
        for n, offset in enumerate(offsets)
    ]
    trend = at_usual_speed(MEASURE, runs)
    speed = usual_speed(runs) or 0.0
    [line] = trend.lines
    assert line.side == "left"
    assert trend.speed_m_s == speed
    for (day, value, _), one, offset in zip(line.points, runs, offsets, strict=True):
        assert day == datetime.fromisoformat(one.started_at).astimezone().date()
        # the slope is found from all runs, with their offsets in it
        assert value == pytest.approx(8.0 + SLOPE * (speed - 3.0) + offset, abs=0.15 + 4 * 0.2)


def test_without_offsets_the_line_is_flat_and_the_band_around_it():
    runs = [run(n, [2.6 + 0.1 * (n % 5), 2.9 + 0.1 * (n % 5)]) for n in range(10)]
    trend = at_usual_speed(MEASURE, runs)
    values = [value for _, value, _ in trend.lines[0].points]
    assert np.ptp(values) < 1e-9
    low, high = trend.usual["left"]
    assert low < values[0] < high
    assert high - low == pytest.approx(2 * 1.5 * 0.8)  # not below what the method repeats to


def test_the_speed_is_that_of_half_of_all_strides():
    runs = [run(0, [2.0, 3.0, 3.0]), run(1, [3.0, 3.0, 4.0])]
    assert usual_speed(runs) == 3.0
    assert usual_speed([]) is None
    assert at_usual_speed(MEASURE, []).lines == []


def test_a_run_far_from_the_usual_speed_has_no_value():
    runs = [run(n, [3.0]) for n in range(6)] + [run(6, [4.5])]
    assert len(at_usual_speed(MEASURE, runs).lines[0].points) == 6


def test_other_shoes_do_not_bend_the_line_and_the_band_is_of_those_worn_now():
    old = [run(n, [2.8, 3.0], 0.0, gear="old") for n in range(8)]
    new = [run(8 + n, [2.7, 2.95], 5.0, gear="new") for n in range(6)]
    trend = at_usual_speed(MEASURE, [*old, *new])
    values = [value for _, value, _ in trend.lines[0].points]
    assert np.ptp(values[:8]) < 1e-9
    assert np.ptp(values[8:]) < 1e-9
    low, high = trend.usual["left"]
    assert low < values[-1] < high
    assert not low < values[0] < high


def test_few_runs_have_values_and_no_band():
    trend = at_usual_speed(MEASURE, [run(n, [3.0]) for n in range(3)])
    assert len(trend.lines[0].points) == 3
    assert trend.usual == {}


def test_feet_apart_and_the_runner_in_one_line():
    both = at_usual_speed(MEASURE, [run(n, [3.0], sides=("left", "right", "both")) for n in (0, 1)])
    assert [line.side for line in both.lines] == ["left", "right"]
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
