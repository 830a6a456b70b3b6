"""Whole figures of a few strides: every number and word in them, worked out by hand."""

from datetime import date

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of

from gait.measures.session_table import ROWS
from gait.measures.table import empty_strides
from gait.model import Activity, Measure, Reference, StepCurve, Strike
from gait.model.history import Change
from gait.report import figures
from gait.report.figure_model import Axis, Band, Block, Figure, Line, Span, Spot, Upright
from gait.report.figures import (
    Curve,
    Series,
    TrendLine,
    coverage,
    distribution,
    limits,
    over_days,
    over_time,
    run_figures,
    same_axes,
    series_of,
    step_curves,
    step_figures,
    usable,
)
from gait.text import words

NAN = np.nan
LEFT = Series("left", np.array([0.0, 1.0, 2.0, 3.0, 10.0]),
              np.array([250.0, 260.0, 240.0, 250.0, 280.0]))  # fmt: skip
RIGHT = Series("right", np.array([0.5, 1.5, 2.6]), np.array([300.0, 290.0, 310.0]))


def same(one, other):
    """Dataclasses with arrays in them, field by field."""
    assert type(one) is type(other)
    for name in type(one).__slots__:
        found, expected = getattr(one, name), getattr(other, name)
        if isinstance(expected, np.ndarray) or (name == "around" and expected is not None):
            np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=name)
        else:
            assert found == expected, name


def test_strides_over_time_one_by_one():
    figure = over_time("contact_ms", [LEFT, RIGHT], title="Contact", unit="in ms")
    left, right = figure.lines
    same(left, Line("left", "left", np.array([0.0, 1.0, 2.0, 3.0, NAN, 10.0]),
                    np.array([250.0, 260.0, 240.0, 250.0, NAN, 280.0]), mark="●"))  # fmt: skip
    same(right, Line("right", "right", RIGHT.time_s, RIGHT.value, dashes="dashed", mark="▲"))
    # 70 ms apart, 8 % of it free at either end
    assert figure.y == Axis("in ms", pytest.approx(234.4), pytest.approx(315.6))
    assert (figure.key, figure.title) == ("contact-ms", "Contact")
    assert figure.x == Axis(words.SECONDS_AXIS, 0.0, 10.0)
    feet = "; ".join(
        words.ALT_FOOT.format(side=side, median=f"{median} ms", low=low, high=high, n=n)
        for side, median, low, high, n in
        (("left", "250", "242", "276", 5), ("right", "300", "291", "309", 3))
    )  # fmt: skip
    said = words.ALT_OVER_TIME.format(time=f"10 {words.SECONDS_AXIS}", feet=feet)
    assert figure.said == said
    assert (figure.bands, figure.levels, figure.notes) == ([], (), [words.NOTE_STRIDES])
    assert [(spot.x, spot.said) for spot in figure.spots] == [
        (0.0, "0:00: left 250 ms"),
        (0.5, "0:00: right 300 ms"),
        (1.0, "0:01: left 260 ms"),
        (1.5, "0:02: right 290 ms"),
        (2.0, "0:02: left 240 ms"),
        (2.6, "0:03: right 310 ms"),
        (3.0, "0:03: left 250 ms"),
        (10.0, "0:10: left 280 ms"),
    ]
    assert figure.head == [words.FROM_TIME, "left", "right"]
    # twelve rows of 0.83 s
    assert figure.rows == [
        ["0:00", "250", "300"], ["0:01", "260", "290"], ["0:02", "240", "–"],
        ["0:03", "250", "310"], *([f"0:{s:02}", "–", "–"] for s in (3, 4, 5, 6, 7, 8, 8)),
        ["0:09", "280", "–"],
    ]  # fmt: skip
    assert figure.legend == [("●", "left", "left"), ("▲", "right", "right")]
    assert not figure.brushed
    assert over_time("contact_ms", [LEFT], span=(0.0, 10.0)).brushed


def test_words_and_unit_of_a_figure_over_time_are_the_measures_own():
    figure = over_time("contact_ms", [LEFT])
    assert (figure.title, figure.y.label) == (ROWS["contact_ms"].label, "ms")
    figure = distribution("impact_g", [LEFT])
    assert (figure.title, figure.x.label) == (ROWS["impact_g"].label, "g")


@pytest.mark.parametrize(
    ("last_s", "axis", "high", "at"),
    [
        (120.0, words.SECONDS_AXIS, 120.0, 120.0),
        (120.1, words.MINUTES_AXIS, 120.1 / 60.0, 120.1 / 60.0),
        (0.4, words.SECONDS_AXIS, 1.0, 0.4),
    ],
)
def test_a_longer_run_is_told_in_minutes(last_s, axis, high, at):
    short = Series("right", np.array([0.0, 0.1]), np.array([1.0, 2.0]))
    figure = over_time("contact_ms", [Series("left", np.array([0.0, last_s]),
                                             np.array([250.0, 260.0])), short])  # fmt: skip
    assert (figure.x.label, figure.x.low) == (axis, 0.0)
    assert figure.x.high == pytest.approx(high)
    assert figure.spots[-1].x == pytest.approx(at)
    assert f"{'2' if last_s > 1 and axis == words.MINUTES_AXIS else round(high)} {axis}" in (
        figure.said
    )


def test_a_part_of_a_run_is_told_in_minutes_since_the_recording_began():
    figure = over_time("contact_ms", [LEFT, RIGHT], span=(1.0, 3.0))
    assert figure.x == Axis(words.RECORDED_AXIS, 1.0 / 60.0, 3.0 / 60.0)
    np.testing.assert_allclose(figure.lines[0].x, np.array([1.0, 2.0, 3.0]) / 60.0)
    np.testing.assert_allclose(figure.lines[1].x, np.array([1.5, 2.6]) / 60.0)
    assert words.FROM_TO.format(start="0:01", end="0:03") in figure.said
    assert [row[0] for row in figure.rows][::6] == ["0:01", "0:02"]
    empty = over_time("contact_ms", [LEFT], span=(20.0, 30.0))
    assert empty.y == Axis("ms", 0.0, 1.0)
    assert words.NOT_MEASURED in empty.said
    banded = over_time("contact_ms", [LEFT], span=(20.0, 30.0), band=(160.0, 180.0))
    assert banded.y == Axis("ms", 160.0, 180.0)


def test_what_most_do_and_what_is_expected():
    expected = Reference(kind="expectation", low=150.0, high=175.4, text="runners", source="")
    figure = over_time("contact_ms", [LEFT], band=(160.0, 180.0), expected=expected)
    assert figure.bands == [Band(160.0, 180.0)]
    assert figure.levels == (150.0, 175.4)
    # 240 to 280 with 3.2 free, and what it is beside
    assert (figure.y.low, figure.y.high) == pytest.approx((150.0, 283.2))
    assert figure.notes == [
        words.NOTE_STRIDES,
        words.BAND_LABEL.format(low="160", high="180"),
        words.EXPECTED_LABEL.format(low="150", high="175", whom="runners"),
    ]
    half = over_time("contact_ms", [LEFT], expected=replace(expected, low=None))
    assert half.levels == (0.0, 175.4)


def test_many_strides_become_medians_with_their_middle_half():
    time_s = np.arange(0.5, 100.0)
    series = Series("right", time_s, 250.0 + np.tile([0.0, 1.0, 2.0, 4.0], 25))
    assert over_time("contact_ms", [series], points=100).notes == [words.NOTE_STRIDES]
    # bins of 19.9 s, twenty strides in each
    figure = over_time("contact_ms", [series], points=5)
    (line,) = figure.lines
    same(line, Line("right", "right", np.array([9.95, 29.85, 49.75, 69.65, 89.55]),
                    np.full(5, 251.5), (np.full(5, 250.75), np.full(5, 252.5)),
                    dashes="dashed", mark="▲"))  # fmt: skip
    assert figure.notes == [words.NOTE_BINNED.format(seconds="20")]
    assert over_time("contact_ms", [series], points=99).lines[0].mark == "▲"
    many = Series("right", np.arange(400.0), np.full(400, 250.0))
    assert over_time("contact_ms", [many], points=101).lines[0].mark == ""
    assert len(over_time("contact_ms", [many]).lines[0].x) == 100


def test_strides_outside_a_figure_are_counted():
    wild = np.concatenate([np.full(198, 250.0), [0.0, 900.0]])
    series = Series("left", np.linspace(0.0, 90.0, 200), wild)
    assert limits(wild, 40.0) == (230.0, 270.0)
    outside = words.NOTE_OUTSIDE.format(n=2)
    assert over_time("contact_ms", [series]).notes[-1] == outside
    assert distribution("contact_ms", [series]).notes[-1] == outside
    edge = Series("left", np.arange(3.0), np.array([230.0, 250.0, 270.0]))
    assert len(distribution("contact_ms", [edge]).notes) == 1


@pytest.mark.parametrize(
    ("values", "least", "also", "expected"),
    [
        ([0.0, 100.0], 1.0, (), (-8.0, 108.0)),
        ([50.0, 50.0], 10.0, (), (45.0, 55.0)),
        ([50.0, 51.0], 10.0, (), (45.5, 55.5)),
        ([0.0, 100.0], 1.0, (-20.0, 130.0), (-20.0, 130.0)),
        ([0.0, 100.0], 1.0, (20.0,), (-8.0, 108.0)),
        ([*([1.0] * 100), 0.0], 1.0, (), (-0.08, 1.08)),
        ([*([1.0] * 199), 0.0], 1.0, (), (0.5, 1.5)),
    ],
)
def test_limits_by_hand(values, least, also, expected):
    assert limits(np.array(values), least, *also) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "least"),
    [("cadence_spm", 10.0), ("contact_ms", 40.0), ("speed_m_s", 0.6), ("swing_ms", 20.0),
     ("impact_g", 2.0)],
)  # fmt: skip
def test_an_axis_over_time_is_never_shorter_than_means_anything(name, least):
    figure = over_time(name, [Series("left", np.arange(3.0), np.full(3, 5.0))])
    assert figure.y.high - figure.y.low == pytest.approx(least)


def change(side, usual, smallest):
    return Change(
        measure="contact_ms", side=side, unit="ms", value=0.0, usual=usual, difference=0.0,
        smallest=smallest, z=0.0, runs=9, speed_m_s=3.0, seen_in=0, counts=False, text="",
    )  # fmt: skip


def test_a_distribution_by_hand():
    left = Series("left", np.arange(8.0), np.array([0.0, 0, 0, 0, 100.0, 100, 100, 50]))
    right = Series("right", np.arange(2.0), np.array([99.0, 100.0]))
    own = [change("left", 50.0, 10.0), change("right", 100.0, 40.0)]
    figure = distribution("contact_ms", [left, right], title="C", unit="u", own=own, notes=["n"])
    # 0 to 100 with 8 free, and 140; 3.2 + 4 columns are fewer than ten
    edges = np.linspace(-8.0, 140.0, 11)
    assert figure.x == Axis("u", -8.0, 140.0)
    one, other = figure.columns
    np.testing.assert_allclose(one.edges, edges)
    np.testing.assert_allclose(other.edges, edges)
    # 0 in the first column (−8 to 6.8), 50 in the fourth (36.4 to 51.2), 99 and 100 in the eighth
    np.testing.assert_allclose(one.heights, [50, 0, 0, 12.5, 0, 0, 0, 37.5, 0, 0])
    np.testing.assert_allclose(other.heights, [0, 0, 0, 0, 0, 0, 0, 100, 0, 0])
    assert (one.side, one.median, other.side, other.median) == ("left", 25.0, "right", 99.5)
    assert figure.y == Axis(words.SHARE_AXIS, 0.0, 132.0)
    assert figure.spans == [
        Span("left", 40.0, 60.0, pytest.approx(108.0)),
        Span("right", 60.0, 140.0, pytest.approx(118.0)),
    ]
    assert figure.said.endswith(
        " ".join(
            [
                words.ALT_OWN.format(side="left", low="40", high="60"),
                words.ALT_OWN.format(side="right", low="60", high="140"),
            ]
        )
    )
    assert words.ALT_FOOT.format(side="left", median="25 ms", low="0", high="100", n=8) in (
        figure.said
    )
    assert figure.notes == [words.NOTE_DISTRIBUTION, words.NOTE_OWN, "n"]
    assert figure.head == ["ms", "left, %", "right, %"]
    assert figure.rows[0] == ["−8–7", "50.0", "0.0"]
    assert figure.rows[7] == ["96–110", "37.5", "100.0"]
    assert figure.spots[7] == Spot(pytest.approx(103.0), "96–110 ms: left 37.5 %, right 100.0 %")
    assert figure.legend == [("●", "left", "left"), ("▲", "right", "right")]
    assert (figure.key, figure.title, figure.uprights) == ("contact-ms", "C", [])
    plain = distribution("contact_ms", [left])
    assert plain.y.high == pytest.approx(1.12 * 50.0)
    assert (plain.spans, plain.notes) == ([], [words.NOTE_DISTRIBUTION])
    assert plain.x == Axis("ms", -8.0, 108.0)


@pytest.mark.parametrize(("n", "columns"), [(4, 10), (100, 14), (10_000, 30)])
def test_a_distribution_has_columns_by_the_number_of_strides(n, columns):
    series = Series("left", np.arange(float(n)), np.linspace(0.0, 100.0, n))
    assert len(distribution("contact_ms", [series]).columns[0].heights) == columns


def test_a_distribution_is_never_narrower_than_one_unit():
    flat = Series("left", np.arange(3.0), np.full(3, 5.0))
    assert distribution("impact_g", [flat]).x == Axis("g", 4.5, 5.5)


def test_foot_strike_has_the_bounds_that_lie_within():
    angles = Series("left", np.arange(3.0), np.array([-5.0, 5.0, 20.0]))
    assert distribution("strike_angle_deg", [angles]).uprights == [
        Upright(-1.6), Upright(8.0)
    ]  # fmt: skip
    flat = Series("left", np.arange(3.0), np.array([3.0, 4.0, 20.0]))
    assert distribution("strike_angle_deg", [flat]).uprights == [Upright(8.0)]
    assert distribution("roll_at_ic_deg", [angles]).uprights == []


def curve(mean, n=4, unit="°"):
    return StepCurve(unit=unit, n=n, mean=mean, spread=[1.0] * len(mean))


def test_an_average_step_by_hand():
    left, right = curve([0.0, 10.0, -20.0]), curve([1.0, 2.0, 3.0], n=5)
    summary = replace(
        summary_of(strides_of()),
        curves={"right": {"tilt": right}, "left": {"tilt": left}},
        measures={"both": {"duty_factor_pct": Measure(value=40.0, unit="%", n=9)}},
    )
    (figure,) = step_figures(summary)
    at = np.array([0.0, 50.0, 100.0])
    one, other = figure.lines
    mean = np.array([0.0, 10.0, -20.0])
    same(one, Line("left", "left", at, mean, (mean - 1.0, mean + 1.0)))
    mean = np.array([1.0, 2.0, 3.0])
    same(other, Line("right", "right", at, mean, (mean - 1.0, mean + 1.0), dashes="dashed"))
    title, axis = words.STEP_PICTURES["tilt"]
    # −21 to 11, and 6 % of 32 free
    assert figure.y == Axis(axis, pytest.approx(-22.92), pytest.approx(12.92))
    assert figure.x == Axis(words.STEP_AXIS, 0.0, 100.0)
    assert (figure.key, figure.title, figure.uprights) == ("step-tilt", title, [Upright(40.0)])
    assert figure.said == words.ALT_STEP.format(
        curves="; ".join(
            [
                words.ALT_CURVE.format(
                    name="left", high="10.0 °", high_at=50, low="−20.0 °", low_at=100
                ),
                words.ALT_CURVE.format(name="right", high="3.0 °", high_at=100, low="1.0 °",
                                       low_at=0),
            ]
        )
    )  # fmt: skip
    assert len(figure.spots) == 51
    assert figure.spots[1] == Spot(2.0, "2 %: left 0.4 °, right 1.0 °")
    assert figure.spots[50] == Spot(100.0, "100 %: left −20.0 °, right 3.0 °")
    assert figure.notes == [words.NOTE_STEP.format(strides="left 4, right 5"), words.NOTE_TOE_OFF]
    assert figure.head == [words.STEP_AXIS, "left, °", "right, °"]
    assert [row[0] for row in figure.rows] == [f"{p} %" for p in range(0, 101, 10)]
    assert figure.rows[6] == ["60 %", "4.0", "2.2"]
    assert figure.legend == [("●", "left", "left"), ("▲", "right", "right")]
    (plain,) = step_figures(replace(summary, measures={}))
    assert plain.uprights == []
    assert plain.notes == figure.notes[:1]
    unknown = {"both": {"duty_factor_pct": Measure(value=None, unit="%", n=9)}}
    assert step_figures(replace(summary, measures=unknown))[0].uprights == []


def test_the_roll_is_shown_while_the_foot_is_on_the_ground_alone():
    wild = curve([1.0, 2.0, 3.0, -145.0, 0.0])
    figure = step_curves("roll", [Curve("left", "left", wild)], toe_off_pct=55.0)
    (line,) = figure.lines
    np.testing.assert_equal(line.y, [1.0, 2.0, 3.0, np.nan, np.nan])
    assert figure.y.low > -2.0
    assert figure.uprights == []
    assert words.NOTE_STANCE in figure.notes
    assert "145" not in figure.said
    assert figure.rows[8] == ["80 %", "–"]


def test_a_step_beside_another_is_grey_and_of_one_foot():
    curves = [Curve("Before", "right", curve([0.0, 1.0]), beside=True),
              Curve("After", "right", curve([1.0, 2.0]))]  # fmt: skip
    figure = step_curves("tilt", curves, key="k", foot="right", notes=["n"])
    assert [(line.colour, line.dashes) for line in figure.lines] == [
        ("faint", "dashed"),
        ("right", ""),
    ]
    title = words.STEP_PICTURES["tilt"][0]
    assert (figure.key, figure.title) == ("k", words.OF_FOOT.format(what=title, foot="right"))
    assert figure.notes[0] == "n"
    assert figure.legend == [("╍", "faint", "Before"), ("━", "right", "After")]
    high = step_curves("tilt", [Curve("x", "left", curve([5.0, 9.0]))])
    low = step_curves("tilt", [Curve("x", "left", curve([-5.0, 1.0]))])
    for one in same_axes([high, low]):
        assert (one.y.low, one.y.high) == pytest.approx((-6.48, 10.36))


def test_a_trend_by_hand():
    first, second, third = date(2026, 5, 1), date(2026, 5, 2), date(2026, 7, 10)
    left = TrendLine("left", [(first, 250.0, 4.0), (third, 262.0, None)])
    right = TrendLine("right", [(second, 240.0, None)])
    usual = {"left": (244.0, 256.0), "right": (230.0, 238.0), "both": (0.0, 1.0)}
    figure = over_days("C", "ms", 0, [left, right, TrendLine("both", [])], usual=usual,
                       marks=[(date(2026, 4, 1), "shoes")])  # fmt: skip
    one, other = figure.lines
    days = [day.toordinal() for day in (first, third)]
    same(one, Line("left", "left", np.array(days), np.array([250.0, 262.0]),
                   doubt=np.array([4.0, NAN]), mark="●"))  # fmt: skip
    same(other, Line("right", "right", np.array([second.toordinal()]), np.array([240.0]),
                     dashes="dashed", mark="▲"))  # fmt: skip
    assert figure.bands == [Band(244.0, 256.0, "left"), Band(230.0, 238.0, "right")]
    # 230 to 262 with 8 % free; 100 days and two in a hundred of them
    assert (figure.y.low, figure.y.high) == pytest.approx((227.44, 264.56))
    assert (figure.x.low, figure.x.high) == (
        date(2026, 4, 1).toordinal() - 2.0, third.toordinal() + 2.0
    )  # fmt: skip
    assert figure.uprights == [Upright(date(2026, 4, 1).toordinal(), "shoes")]
    assert figure.rows == [
        ["2026-07-10", "262", "–"], ["2026-05-02", "–", "240"], ["2026-05-01", "250 ± 4", "–"]
    ]  # fmt: skip
    assert [spot.said for spot in figure.spots] == [
        "2026-05-01: left 250 ± 4 ms", "2026-05-02: right 240 ms", "2026-07-10: left 262 ms"
    ]  # fmt: skip
    trend = words.ALT_TREND.format
    assert figure.said == "; ".join(
        [
            trend(side="left", first="250 ms", since=first, last="262 ms", until=third, n=2),
            trend(side="right", first="240 ms", since=second, last="240 ms", until=second, n=1),
            "2026-04-01: shoes.",
        ]
    )
    assert (figure.key, figure.title, figure.x.label, figure.y.label) == ("trend", "C", "", "ms")
    assert figure.legend == [("●", "left", "left"), ("▲", "right", "right")]
    whole = over_days("C", "", 1, [TrendLine("both", [(first, 2.0, None)])],
                      usual={"both": (1.0, 3.0)})  # fmt: skip
    assert whole.bands == [Band(1.0, 3.0)]
    assert whole.legend == []
    assert whole.spots == [Spot(first.toordinal(), "2026-05-01: both 2.0")]
    assert (whole.x.low, whole.x.high) == (first.toordinal() - 1.0, first.toordinal() + 1.0)
    assert over_days("C", "", 1, [right]).legend == [("▲", "right", "right")]
    narrow = over_days("C", "", 1, [TrendLine("both", [(first, 2.0, None)])])
    assert narrow.y.high - narrow.y.low == pytest.approx(0.1)


def test_a_trend_of_a_day_with_two_runs_tells_the_last_and_a_table_is_no_longer_than_24_days():
    day = date(2026, 5, 1)
    twice = over_days("C", "", 0, [TrendLine("left", [(day, 1.0, None), (day, 2.0, None)])])
    assert twice.rows == [["2026-05-01", "2"]]
    many = [(date.fromordinal(day.toordinal() + i), float(i), None) for i in range(40)]
    assert [row[1] for row in over_days("C", "", 0, [TrendLine("left", many)]).rows] == [
        str(39 - i) for i in range(24)
    ]


def test_figures_of_others_are_hollow_one_mark_a_maker():
    day = date(2026, 5, 1)
    makers = ("Ad", "Be", "Ce", "De", "Ee")
    figure = over_days("C", "", 0, [TrendLine("left", [(day, 1.0, None)], m) for m in makers],
                       usual={"left": (0.0, 1.0)})  # fmt: skip
    assert [line.mark for line in figure.lines] == ["□", "◇", "▽", "○", "□"]
    assert figure.bands == []
    assert figure.legend[1] == ("◇", "left", "left, Be")


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 1, 5), ["01-01", "01-02", "01-03", "01-04", "01-05"]),
        (date(2026, 1, 6), ["01-01", "01-03", "01-05"]),
        (date(2026, 1, 10), ["01-01", "01-03", "01-05", "01-07", "01-09"]),
        (date(2026, 1, 11), ["01-01", "01-08"]),
        (date(2026, 2, 4), ["01-01", "01-08", "01-15", "01-22", "01-29"]),
        (date(2026, 2, 5), ["01-01", "01-15", "01-29"]),
        (date(2026, 3, 11), ["01-01", "01-15", "01-29", "02-12", "02-26"]),
        (date(2026, 3, 12), ["2026-01", "2026-02", "2026-03"]),
        (date(2026, 6, 1), ["2026-01", "2026-03", "2026-05"]),
        (date(2026, 11, 1), ["2026-01", "2026-04", "2026-07", "2026-10"]),
        (date(2028, 1, 1), ["2026-01", "2026-07", "2027-01", "2027-07", "2028-01"]),
        (date(2030, 1, 1), ["2026-01", "2027-01", "2028-01", "2029-01", "2030-01"]),
        (date(2034, 1, 1), ["2026-01", "2028-01", "2030-01", "2032-01", "2034-01"]),
        (date(2040, 1, 1), ["2030-01", "2035-01", "2040-01"]),
    ],
)
def test_days_of_an_axis(last, expected):
    low, high = date(2026, 1, 1).toordinal() - 0.5, last.toordinal() + 0.5
    found = figures._day_ticks(low, high)
    assert [text for _, text in found] == expected
    assert all(date.fromordinal(day).strftime("%Y-%m-%d").find(text) >= 0 for day, text in found)


def test_a_strip_of_what_was_measured_when():
    names = {"running": "running", "missing": "no data"}
    seconds = {"right": [("running", 30.0, 90.0)],
               "left": [("running", 0.0, 60.0), ("missing", 60.0, 65.0)]}  # fmt: skip
    assert coverage("When", seconds, names) == Figure(
        key="coverage",
        title="When",
        x=Axis(words.RECORDED_AXIS, 0.0, 1.5),
        y=Axis("", 0.0, 2.0, [(1.5, "● left"), (0.5, "▲ right")]),
        said="left, right: running, no data.",
        blocks=[
            Block("running", (0.0, 1.0), (1.1, 1.9), "0:00–1:00: running"),
            Block("missing", (1.0, 65.0 / 60.0), (1.1, 1.9), "1:00–1:05: no data"),
            Block(
                "running",
                (0.5, 1.5),
                (pytest.approx(0.1), pytest.approx(0.9)),
                "0:30–1:30: running",
            ),
        ],
        kinds=[("running", "running"), ("missing", "no data")],
        flat=True,
    )


def some_strides(n=4, **columns):
    strides = empty_strides(n)
    strides["valid"] = True
    strides["activity"] = Activity.RUN
    strides["strike"] = Strike.UNKNOWN
    strides["ic_s"] = 5.0 + np.arange(n)
    for name, values in columns.items():
        strides[name] = values
    return strides


def test_a_series_is_the_strides_of_one_foot_in_order():
    strides = some_strides(7, side=[0, 1, 0, 0, 0, 1, 1], contact_ms=[1, 2, NAN, 4, 5, 6, 7],
                           ic_s=[9, 5, 7, 8, 6, 5.5, 5.2])  # fmt: skip
    left, right = series_of(strides, "contact_ms")
    same(left, Series("left", np.array([1.0, 3.0, 4.0]), np.array([5.0, 4.0, 1.0])))
    same(right, Series("right", np.array([0.0, 0.2, 0.5]), np.array([2.0, 7.0, 6.0])))
    later, _ = series_of(strides, "contact_ms", 2.0)
    np.testing.assert_allclose(later.time_s, [4.0, 6.0, 7.0])
    assert series_of(strides, "no such measure") == []
    assert series_of(strides[:0], "contact_ms") == []
    assert [s.side for s in series_of(strides[1:], "contact_ms")] == ["right"]


def test_valid_running_strides_are_used_else_valid_walking_ones():
    strides = some_strides(4, activity=[Activity.RUN, Activity.WALK, Activity.RUN, Activity.WALK],
                           valid=[True, True, False, False])  # fmt: skip
    used, runs = usable(strides)
    assert (used["ic_s"].tolist(), runs) == ([5.0], True)
    used, runs = usable(strides[1:])
    assert (used["ic_s"].tolist(), runs) == ([6.0], False)


def test_the_figures_of_a_run_have_their_words_and_what_they_stand_beside():
    columns = {name: np.linspace(1.0, 2.0, 8) for name in words.RUNNING_PICTURES}
    strides = some_strides(8, side=[0] * 4 + [1] * 4, strike=[0, 0, 1, Strike.UNKNOWN, 2, 2, 2, 2],
                           **columns)  # fmt: skip
    expected = Reference(kind="expectation", low=150.0, high=170.0, text="runners", source="")
    band = replace(expected, kind="usual range")
    half = replace(expected, low=None)
    summary = replace(
        summary_of(strides_of()),
        measures={
            "both": {"cadence_spm": Measure(value=1.0, unit="", n=1, reference=band),
                     "contact_ms": Measure(value=1.0, unit="", n=1)},
            "left": {"cadence_spm": Measure(value=1.0, unit="", n=1, reference=half)},
            "right": {"cadence_spm": Measure(value=1.0, unit="", n=1, reference=expected)},
        },
        changes=[replace(change("left", 1.5, 0.5), measure="impact_g")],
    )  # fmt: skip
    found = {figure.title: figure for figure in run_figures(summary, strides)}
    assert list(found) == [title for title, _ in words.RUNNING_PICTURES.values()]
    cadence, contact, speed, pronation, impact, strike = found.values()
    assert [f.y.label for f in (cadence, contact, speed)] == ["steps a minute", "ms", "m/s"]
    assert [f.x.label for f in (pronation, impact, strike)] == [
        unit for _, unit in list(words.RUNNING_PICTURES.values())[3:]
    ]
    assert (cadence.bands, cadence.levels) == ([Band(160.0, 180.0)], (150.0, 170.0))
    assert (contact.bands, contact.levels, speed.bands) == ([], (), [])
    assert impact.spans == [Span("left", 1.0, 2.0, pytest.approx(1.08 * 25.0))]
    assert pronation.spans == strike.spans == []
    assert impact.notes == [words.NOTE_DISTRIBUTION, words.NOTE_OWN]
    assert strike.notes == [
        words.NOTE_DISTRIBUTION,
        words.STRIKE_BOUNDS.format(low="−1.6", high="8"),
        "Left: 67 % rearfoot, 33 % midfoot.",
        "Right: 100 % forefoot.",
    ]
    strides["activity"] = Activity.WALK
    walked = run_figures(summary, strides)
    assert [f.title for f in walked] == [title for title, _ in words.WALKING_PICTURES.values()]
    assert [(f.bands, f.levels) for f in walked] == [([], ())] * 3
    assert run_figures(summary, strides[:0]) == []


def test_a_gap_is_more_than_three_times_the_usual_step():
    time_s, value = figures.broken(np.array([0.0, 2.0, 4.0, 6.0, 12.0, 18.2]), np.arange(6.0))
    np.testing.assert_array_equal(time_s, [0.0, 2.0, 4.0, 6.0, 12.0, NAN, 18.2])
    np.testing.assert_array_equal(value, [0.0, 1.0, 2.0, 3.0, 4.0, NAN, 5.0])


def test_a_trend_shows_its_doubts_whole_and_points_without_one():
    day, later = date(2026, 5, 1), date(2026, 5, 2)
    both = over_days("C", "ms", 0, [TrendLine("both", [(day, 250.0, 30.0), (later, 300.0, None)])])
    # 220 to 300 with 8 % free
    assert (both.y.low, both.y.high) == pytest.approx((213.6, 306.4))
    alone = over_days("C", "ms", 0, [TrendLine("both", [(day, 250.0, None), (later, 300.0, None)])])
    assert (alone.y.low, alone.y.high) == pytest.approx((246.0, 304.0))
    assert alone.lines[0].doubt is None
    assert alone.lines[0].colour == "ink"
