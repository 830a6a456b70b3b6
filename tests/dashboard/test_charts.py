"""Pictures to look into, without a browser: their numbers, their words, and that they are JSON."""

import json
from datetime import date

import numpy as np
import pytest

from gait.dashboard.charts import (
    MOST_POINTS,
    Curve,
    TrendLine,
    distribution,
    number,
    over_time,
    step_curves,
    trend,
)
from gait.model.summary import StepCurve
from gait.report.series import Series

CONTACT = "contact_ms"


def run(n: int, seconds: float, seed: int = 1) -> list[Series]:
    rng = np.random.default_rng(seed)
    time_s = np.sort(rng.uniform(0.0, seconds, n))
    return [
        Series(side, time_s, value + rng.normal(0.0, 5.0, n))
        for side, value in (("left", 250.0), ("right", 260.0))
    ]


def lines(chart, name: str) -> list[dict]:
    return [one for one in chart.options["series"] if one.get("name") == name]


def test_few_strides_are_points_of_their_own():
    left, right = run(60, 50.0)
    chart = over_time(CONTACT, [left, right], (0.0, 50.0))
    (line,) = lines(chart, "left")
    points = [p for p in line["data"] if p[1] is not None]
    assert np.allclose([x for x, _ in points], left.time_s / 60.0, atol=1e-4)
    assert np.allclose([y for _, y in points], left.value, atol=0.06)
    assert lines(chart, "right")[0]["lineStyle"]["type"] == "dashed"
    assert lines(chart, "right")[0]["symbol"] != line["symbol"]


def test_many_strides_are_the_medians_of_bins():
    left, _ = run(4000, 3600.0)
    chart = over_time(CONTACT, [left], (0.0, 3600.0))
    (line,) = lines(chart, "left")
    assert len(line["data"]) == MOST_POINTS
    width = 3600.0 / MOST_POINTS
    for at in (0, 17, MOST_POINTS - 1):
        inside = (left.time_s >= at * width) & (left.time_s < (at + 1) * width)
        assert line["data"][at][1] == pytest.approx(np.median(left.value[inside]), abs=0.06)


def test_a_span_is_drawn_alone():
    left, _ = run(4000, 3600.0)
    chart = over_time(CONTACT, [left], (600.0, 660.0))
    shown = [p[0] for p in lines(chart, "left")[0]["data"] if p[0] is not None]
    assert min(shown) >= 10.0
    assert max(shown) <= 11.0
    assert (chart.options["xAxis"]["min"], chart.options["xAxis"]["max"]) == (10.0, 11.0)


def test_no_line_bridges_a_gap():
    left, _ = run(200, 100.0)
    kept = (left.time_s < 40.0) | (left.time_s > 60.0)
    gappy = Series("left", left.time_s[kept], left.value[kept])
    data = lines(over_time(CONTACT, [gappy], (0.0, 100.0)), "left")[0]["data"]
    assert [None, None] in [[x if y is not None else None, y] for x, y in data]


def test_words_and_table_say_what_the_picture_shows():
    left, right = run(900, 600.0)
    chart = over_time(CONTACT, [left, right], (0.0, 600.0))
    assert f"median {np.median(left.value):.0f} ms" in chart.said
    assert "900 strides" in chart.said
    assert chart.head == ["from minute", "left", "right"]
    first = left.value[left.time_s < 50.0]
    assert chart.rows[0] == ["0:00", f"{np.median(first):.0f}", chart.rows[0][2]]


def test_shares_of_a_distribution_sum_to_all():
    left, right = run(500, 300.0)
    chart = distribution(CONTACT, [left, right])
    inside = sum(float(row[1]) for row in chart.rows)
    assert inside == pytest.approx(100.0, abs=1.5)
    (line,) = lines(chart, "right")
    assert line["markPoint"]["data"][0]["coord"][0] == pytest.approx(
        np.median(right.value), abs=0.06
    )


def test_a_step_curve_has_its_spread_around_it():
    mean = [float(v) for v in np.sin(np.linspace(0.0, 6.28, 101))]
    curve = StepCurve(unit="°", n=80, mean=mean, spread=[0.5] * 101)
    chart = step_curves("tilt", [Curve("left", "left", curve)])
    lower, around = (one["data"] for one in chart.options["series"] if "stack" in one)
    assert lower[25][1] == pytest.approx(mean[25] - 0.5, abs=1e-3)
    assert around[25][1] == pytest.approx(1.0, abs=1e-3)
    assert "highest at 25 % of the stride, 80 strides" in chart.said
    assert chart.rows[0][0] == "0 %"


def test_a_trend_has_its_band_marks_and_doubts():
    days = [date(2026, 5, 1), date(2026, 5, 8)]
    line = TrendLine("left", [(days[0], 250.0, 4.0), (days[1], 262.0, None)])
    chart = trend(
        "Contact time",
        "ms",
        0,
        [line],
        usual={"left": (245.0, 255.0)},
        marks=[(days[1], "other shoes")],
    )
    band = next(one for one in chart.options["series"] if "markArea" in one)
    assert band["markArea"]["data"][0] == [{"yAxis": 245.0}, {"yAxis": 255.0}]
    assert [p[1] for p in lines(chart, "uncertainty")[0]["data"]] == [246.0, 254.0, None]
    assert "left from 250 ms (2026-05-01) to 262 ms (2026-05-08), 2 sessions" in chart.said
    assert "2026-05-08: other shoes" in chart.said
    assert chart.rows == [["2026-05-08", "262"], ["2026-05-01", "250"]]


def test_what_others_told_stands_apart_in_a_trend():
    day = date(2026, 5, 1)
    ours = TrendLine("left", [(day, 250.0, 4.0)])
    theirs = TrendLine("left", [(day, 231.0, None)], "Stryd")
    others = TrendLine("left", [(day, 240.0, None)], "Garmin")
    chart = trend("Contact time", "ms", 0, [ours, theirs, others], usual={"left": (245.0, 255.0)})
    symbols = [lines(chart, line.name)[0]["symbol"] for line in (ours, theirs, others)]
    assert symbols == ["circle", "emptyRect", "emptyArrow"]
    assert sum("markArea" in one for one in chart.options["series"]) == 1
    assert chart.head == ["Day", "left", "left, Stryd", "left, Garmin"]
    assert chart.rows == [["2026-05-01", "250", "231", "240"]]
    assert "left, Stryd from 231 ms" in chart.said


@pytest.mark.parametrize("n", [0, 1, 3, 400])
def test_everything_is_json_without_nan(n):
    series = run(n, 300.0)
    for chart in (
        over_time(CONTACT, series, (0.0, 300.0), band=(160.0, 180.0)),
        distribution(CONTACT, series if n else []),
        trend("x", "ms", 0, [TrendLine("left", [])]),
        step_curves("roll", []),
    ):
        json.dumps(chart.options, allow_nan=False)
        assert chart.said
        assert all(len(row) == len(chart.head) for row in chart.rows)


def test_numbers_are_as_in_the_report():
    assert number(-0.04, 1) == "0.0"
    assert number(-7.25, 1) in ("−7.2", "−7.3")
