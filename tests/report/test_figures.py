"""Figures before they are drawn: their numbers, and their words for who does not see them."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of

from gait.model import Side, StepCurve
from gait.report.figures import (
    MOST_POINTS,
    Curve,
    Series,
    TrendLine,
    binned,
    distribution,
    limits,
    number,
    over_days,
    over_time,
    same_axes,
    step_curves,
    step_figures,
)
from gait.report.svg import COLUMN, WIDE, svg

AT = np.linspace(0.0, 1.0, 101)
CONTACT = "contact_ms"
DAYS = [date(2026, 5, 1), date(2026, 5, 8)]


def curve(height, n=40):
    mean = [round(v, 3) for v in height * np.sin(2.0 * np.pi * AT)]
    return StepCurve(unit="°", n=n, mean=mean, spread=[0.5] * 101)


def run_with(curves):
    strides = strides_of(Side.LEFT, Side.RIGHT)
    return replace(summary_of(strides, Side.LEFT, Side.RIGHT), curves=curves)


def run(n, seconds, seed=1):
    rng = np.random.default_rng(seed)
    time_s = np.sort(rng.uniform(0.0, seconds, n))
    return [
        Series(side, time_s, value + rng.normal(0.0, 5.0, n))
        for side, value in (("left", 250.0), ("right", 260.0))
    ]


def test_few_strides_are_points_of_their_own():
    left, right = run(60, 50.0)
    one, other = over_time(CONTACT, [left, right], span=(0.0, 50.0)).lines
    known = np.isfinite(one.y)
    assert np.allclose(one.x[known], left.time_s / 60.0)
    assert np.allclose(one.y[known], left.value)
    assert (one.dashes, other.dashes) == ("", "dashed")
    assert one.mark != other.mark


def test_many_strides_are_the_medians_of_bins():
    left, _ = run(4000, 3600.0)
    (line,) = over_time(CONTACT, [left], span=(0.0, 3600.0)).lines
    assert len(line.y) == MOST_POINTS
    width = 3600.0 / MOST_POINTS
    for at in (0, 17, MOST_POINTS - 1):
        inside = (left.time_s >= at * width) & (left.time_s < (at + 1) * width)
        assert line.y[at] == pytest.approx(np.median(left.value[inside]))


def test_a_span_is_drawn_alone():
    left, _ = run(4000, 3600.0)
    figure = over_time(CONTACT, [left], span=(600.0, 660.0))
    known = figure.lines[0].x[np.isfinite(figure.lines[0].x)]
    assert known.min() >= 10.0
    assert known.max() <= 11.0
    assert (figure.x.low, figure.x.high) == (10.0, 11.0)
    assert "from 10:00 to 11:00" in figure.said


def test_no_line_bridges_a_gap():
    left, _ = run(200, 100.0)
    kept = (left.time_s < 40.0) | (left.time_s > 60.0)
    gappy = Series("left", left.time_s[kept], left.value[kept])
    (line,) = over_time(CONTACT, [gappy], points=200).lines
    assert np.isnan(line.y[np.flatnonzero(line.x < 40.0)[-1] + 1])
    (line,) = over_time(CONTACT, [gappy], points=50).lines
    assert np.isnan(line.y[(line.x > 42.0) & (line.x < 58.0)]).all()


def test_words_table_and_what_is_under_the_pointer_say_what_is_drawn():
    left, right = run(900, 600.0)
    figure = over_time(CONTACT, [left, right], span=(0.0, 600.0))
    assert f"median {np.median(left.value):.0f} ms" in figure.said
    assert "900 strides" in figure.said
    assert figure.head == ["from", "left", "right"]
    first = left.value[left.time_s < 50.0]
    assert figure.rows[0][:2] == ["0:00", f"{np.median(first):.0f}"]
    spot = figure.spots[0]
    assert spot.said.startswith(f"0:03: left {np.median(left.value[left.time_s < 6.0]):.0f} ms, ")
    assert len(figure.spots) == MOST_POINTS


def test_shares_of_a_distribution_sum_to_all():
    left, right = run(500, 300.0)
    figure = distribution(CONTACT, [left, right])
    assert sum(float(row[1]) for row in figure.rows) == pytest.approx(100.0, abs=1.5)
    assert figure.columns[1].median == np.median(right.value)
    assert f"left {figure.rows[3][1]} %, right {figure.rows[3][2]} %" in figure.spots[3].said


def test_both_feet_are_in_one_figure_and_the_words_have_the_peaks():
    summary = run_with({"left": {"tilt": curve(10.0)}, "right": {"tilt": curve(-20.0, n=39)}})
    (figure,) = step_figures(summary)
    assert [line.side for line in figure.lines] == ["left", "right"]
    assert "left: highest 10.0 ° at 25 %, lowest −10.0 ° at 75 %" in figure.said
    assert "right: highest 20.0 ° at 75 %, lowest −20.0 ° at 25 %" in figure.said
    assert "left 40, right 39" in " ".join(figure.notes)
    low, high = figure.lines[0].around or (np.zeros(0), np.zeros(0))
    assert low[25] == pytest.approx(9.5)
    assert high[25] == pytest.approx(10.5)
    assert "24 %: left 10.0 °, right −20.0 °" in [spot.said for spot in figure.spots]


def test_what_has_no_curve_has_no_figure():
    assert step_figures(run_with({})) == []
    one = step_figures(run_with({"left": {"shake": curve(3.0)}, "right": {}}))
    assert [[line.side for line in figure.lines] for figure in one] == [["left"]]


def test_what_stands_beside_one_another_has_the_same_axes():
    one = step_curves("roll", [Curve("before", "left", curve(3.0), True)], foot="left")
    other = step_curves("roll", [Curve("before", "right", curve(9.0), True)], foot="right")
    first, second = same_axes([one, other])
    assert first.y == second.y
    assert (first.y.low, first.y.high) == (other.y.low, other.y.high)
    assert first.lines[0].dashes == "dashed"
    assert same_axes([]) == []


def test_a_trend_has_its_band_marks_doubts_and_what_a_click_opens():
    line = TrendLine("left", [(DAYS[0], 250.0, 4.0), (DAYS[1], 262.0, None)])
    figure = over_days(
        "Contact time",
        "ms",
        0,
        [line],
        usual={"left": (245.0, 255.0)},
        marks=[(DAYS[1], "A")],
        href=lambda day: f"/session/{day.day}",
    )
    (band,) = figure.bands
    assert (band.low, band.high, band.ink) == (245.0, 255.0, "left")
    doubt = figure.lines[0].doubt
    assert doubt is not None
    assert doubt[0] == 4.0
    assert np.isnan(doubt[1])
    assert "left from 250 ms (2026-05-01) to 262 ms (2026-05-08), 2 sessions" in figure.said
    assert "2026-05-08: A" in figure.said
    assert figure.rows == [["2026-05-08", "262"], ["2026-05-01", "250 ± 4"]]
    assert [(spot.said, spot.href) for spot in figure.spots] == [
        ("2026-05-01: left 250 ± 4 ms", "/session/1"),
        ("2026-05-08: left 262 ms", "/session/8"),
    ]


def test_what_others_told_stands_apart_in_a_trend():
    ours = TrendLine("left", [(DAYS[0], 250.0, 4.0)])
    theirs = TrendLine("left", [(DAYS[0], 231.0, None)], "Stryd")
    others = TrendLine("left", [(DAYS[0], 240.0, None)], "Garmin")
    figure = over_days(
        "Contact time", "ms", 0, [ours, theirs, others], usual={"left": (245.0, 255.0)}
    )
    assert [line.mark for line in figure.lines] == ["●", "□", "◇"]
    assert len(figure.bands) == 1
    assert figure.head == ["Day", "left", "left, Stryd", "left, Garmin"]
    assert figure.rows == [["2026-05-01", "250 ± 4", "231", "240"]]
    assert "left, Stryd from 231 ms" in figure.said


@pytest.mark.parametrize("days", [1, 4, 30, 100, 400, 4000])
def test_the_days_of_a_trend_are_told_by_few_words(days):
    points = [(date(2020, 1, 30), 1.0, None), (date.fromordinal(737454 + days), 2.0, None)]
    figure = over_days("x", "", 0, [TrendLine("both", points)])
    assert len(figure.x.ticks) <= 5
    for at, text in figure.x.ticks:
        assert str(date.fromordinal(int(at))).find(text) >= 0


@pytest.mark.parametrize("n", [0, 1, 3, 400])
def test_whatever_there_is_can_be_drawn(n):
    series = run(n, 300.0)
    for figure in (
        over_time(CONTACT, series, span=(0.0, 300.0), band=(160.0, 180.0)),
        over_time(CONTACT, series),
        *([distribution(CONTACT, series)] if n else []),
        over_days(
            "x", "ms", 0, [TrendLine("left", []), TrendLine("right", [(DAYS[0], 3.0, None)])]
        ),
    ):
        assert figure.said
        assert all(len(row) == len(figure.head) for row in figure.rows)
        for size in (COLUMN, WIDE):
            assert "nan" not in svg(figure, size)


def test_numbers_have_a_minus_and_no_negative_zero():
    assert number(-0.04, 1) == "0.0"
    assert number(-7.25, 1) in ("−7.2", "−7.3")
    assert number(np.nan, 1) == "–"


def test_bins_are_the_quartiles_of_the_strides_in_them():
    random = np.random.default_rng(5)
    time_s = np.sort(random.uniform(0, 100, 400))
    value = random.normal(170, 3, 400)
    edges = np.array([0.0, 10.0, 20.0, 60.0, 100.0])
    time_s = time_s[(time_s < 10) | (time_s > 20)]
    series = Series("left", time_s, value[: len(time_s)])
    middle, quartiles = binned(series, edges)
    assert middle.tolist() == [5.0, 15.0, 40.0, 80.0]
    for row, (low, high) in enumerate(pairwise(edges)):
        inside = sorted(
            v for t, v in zip(series.time_s, series.value, strict=True) if low <= t < high
        )
        expected = np.quantile(inside, [0.25, 0.5, 0.75]) if inside else [np.nan] * 3
        np.testing.assert_allclose(quartiles[row], expected)


def test_limits_leave_a_wild_stride_outside_but_never_a_reference():
    values = np.concatenate([np.full(1000, 168.0), [900.0]])
    low, high = limits(values, 10.0, 160.0, 180.0)
    assert (low, high) == (160.0, 180.0)
    assert limits(np.full(5, 3.0), 0.6) == pytest.approx((2.7, 3.3))
