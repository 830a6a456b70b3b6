"""Drawings read back as XML: everything is where its numbers say."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from gait.report.figure_model import Axis, Block, Columns, Figure, Line, Spot
from gait.report.svg import COLUMN, WIDE, Size, svg, ticks


def figure(x=(0.0, 10.0), y=(0.0, 1.0), said="w", title="t", x_label="x", **parts):
    axes = Axis(x_label, *x), Axis("y", *y)
    return Figure("key", title, *axes, said, **parts)


def drawn(one: Figure, size: Size = COLUMN):
    return ElementTree.fromstring(svg(one, size))


def inside(one: Figure, size: Size = COLUMN):
    """What lies between the axes."""
    return list(list(drawn(one, size))[4])


def points(path):
    found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    return np.array([[float(x), float(y)] for x, y in found])


@pytest.mark.parametrize("most", [6, 10])
@pytest.mark.parametrize("span", [1e-3, 0.07, 1.0, 9.0, 23.0, 160.0, 4000.0])
@pytest.mark.parametrize("low", [-37.3, 0.0, 158.2])
def test_ticks_are_few_round_and_say_their_value(low, span, most):
    found = ticks(low, low + span, most)
    values = [value for value, _ in found]
    assert 2 <= len(values) <= most + 1
    assert low - 1e-6 * span <= values[0] <= values[-1] <= low + span * (1 + 1e-6)
    steps = np.diff(values)
    assert np.allclose(steps, steps[0])
    mantissa = steps[0] / 10.0 ** math.floor(math.log10(steps[0]) + 1e-9)
    assert min(abs(mantissa - m) for m in (1.0, 2.0, 2.5, 5.0)) < 1e-3
    for value, text in found:
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=1e-6 * span)


@pytest.mark.parametrize("size", [COLUMN, WIDE])
def test_a_line_lies_on_its_axes_and_a_gap_is_a_gap(size):
    x = np.array([0.0, 5.0, 6.0, 10.0, 2.0])
    y = np.array([100.0, 200.0, np.nan, 150.0, 100.0])
    one = figure(y=(100.0, 200.0), lines=[Line("left", "left", x, y, mark="●")])
    line, marks = inside(one, size)
    expected_x = size.left + (size.right - size.left) * x / 10.0
    expected_y = size.bottom - (size.bottom - size.top) * (y - 100.0) / 100.0
    known = np.isfinite(y)
    np.testing.assert_allclose(
        points(line.attrib["d"]), np.column_stack([expected_x, expected_y])[known], atol=0.06
    )
    assert line.attrib["d"].count("M") == 2
    assert marks.attrib["d"].count("M") == known.sum()


def test_a_shade_goes_up_one_side_and_back_the_other():
    x = np.array([0.0, 1.0, 2.0])
    around = np.array([0.1, 0.2, 0.3]), np.array([0.6, 0.7, 0.8])
    line = Line("right", "right", x, np.array([0.3, 0.4, 0.5]), around=around)
    area, _ = inside(figure(x=(0.0, 2.0), lines=[line]))
    high = points(area.attrib["d"])
    assert len(high) == 6
    assert (high[:3, 0] == high[::-1][:3, 0]).all()
    assert (high[:3, 1] < high[::-1][:3, 1]).all()


def test_a_whisker_is_as_long_as_the_doubt_and_none_where_it_is_unknown():
    x, y = np.array([1.0, 2.0]), np.array([0.5, 0.6])
    line = Line("left", "left", x, y, doubt=np.array([0.25, np.nan]))
    whiskers, _ = inside(figure(lines=[line]))
    (found,) = re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", whiskers.attrib["d"])
    height = COLUMN.bottom - COLUMN.top
    assert float(found[0]) - float(found[1]) == pytest.approx(0.5 * height, abs=0.11)


def test_columns_are_as_high_as_their_share():
    columns = Columns("left", np.array([0.0, 1.0, 2.0, 3.0]), np.array([10.0, 50.0, 40.0]), 1.5)
    outline = inside(figure(x=(0.0, 3.0), y=(0.0, 50.0), columns=[columns]))[1].attrib["d"]
    tops = [float(v) for v in re.findall(r"V(-?[\d.]+)H", outline)]
    height = COLUMN.bottom - COLUMN.top
    assert tops == pytest.approx([COLUMN.bottom - height * s for s in (0.2, 1.0, 0.8)], abs=0.06)


def test_a_block_is_as_wide_as_it_lasts_and_says_what_it_is():
    (block,) = inside(figure(blocks=[Block("running", (2.0, 5.0), (0.0, 1.0), "running")]))
    width = COLUMN.right - COLUMN.left
    assert float(block.attrib["width"]) == pytest.approx(0.3 * width, abs=0.11)
    assert block.findtext("title") == "running"


def test_every_place_says_its_values_to_the_pointer_and_opens_its_run():
    spots = [Spot(2.0, "two"), Spot(4.0, "four", "/session/4?a=1&b=2"), Spot(9.0, "nine")]
    drawing = drawn(figure(spots=spots))
    places = list(list(drawing)[-1])
    assert [place.findtext("text") for place in places] == ["two", "four", "nine"]
    assert [place.attrib.get("href") for place in places] == [None, "/session/4?a=1&b=2", None]
    ends = [
        (float(r.attrib["x"]), float(r.attrib["x"]) + float(r.attrib["width"]))
        for place in places
        if (r := place.find("rect")) is not None
    ]
    width = COLUMN.right - COLUMN.left
    assert ends[1] == pytest.approx(
        (COLUMN.left + 0.3 * width, COLUMN.left + 0.65 * width), abs=0.11
    )
    assert ends[0][0] == COLUMN.left
    assert ends[2][1] == pytest.approx(COLUMN.right, abs=0.11)


def test_hostile_words_stay_words():
    hostile = "</svg><script>x</script>\"'&"
    spots = [Spot(1.0, hostile, hostile)]
    drawing = drawn(figure(said=hostile, title=hostile, x_label=hostile, spots=spots))
    assert drawing.findtext("title") == drawing.findtext("desc") == hostile
    assert not list(drawing.iter("script"))
    assert [t.text for t in drawing.iter("text")].count(hostile) == 2
