"""Drawings read back as XML: everything is where its numbers say."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from gait.report.svg import BOTTOM_EDGE, LEFT_EDGE, RIGHT_EDGE, TOP_EDGE, Chart, ticks


def drawn(chart, title="t", words="w"):
    return ElementTree.fromstring(chart.svg("key", title, words))


def points(path):
    found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    return np.array([[float(x), float(y)] for x, y in found])


@pytest.mark.parametrize("span", [1e-3, 0.07, 1.0, 9.0, 23.0, 160.0, 4000.0])
@pytest.mark.parametrize("low", [-37.3, 0.0, 158.2])
def test_ticks_are_few_round_and_say_their_value(low, span):
    found = ticks(low, low + span)
    values = [value for value, _ in found]
    assert 2 <= len(values) <= 7
    assert low - 1e-6 * span <= values[0] <= values[-1] <= low + span * (1 + 1e-6)
    steps = np.diff(values)
    assert np.allclose(steps, steps[0])
    mantissa = steps[0] / 10.0 ** math.floor(math.log10(steps[0]) + 1e-9)
    assert min(abs(mantissa - m) for m in (1.0, 2.0, 2.5, 5.0)) < 1e-3
    for value, text in found:
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=1e-6 * span)


def test_a_line_lies_on_its_axes_and_a_gap_is_a_gap():
    x = np.array([0.0, 5.0, 6.0, 10.0, 2.0])
    y = np.array([100.0, 200.0, np.nan, 150.0, 100.0])
    chart = Chart((0.0, 10.0), (100.0, 200.0), "x", "y")
    chart.line(x, y, "left", mark="●")
    line, marks = list(drawn(chart))[4]
    expected_x = LEFT_EDGE + (RIGHT_EDGE - LEFT_EDGE) * x / 10.0
    expected_y = BOTTOM_EDGE - (BOTTOM_EDGE - TOP_EDGE) * (y - 100.0) / 100.0
    known = np.isfinite(y)
    np.testing.assert_allclose(
        points(line.attrib["d"]), np.column_stack([expected_x, expected_y])[known], atol=0.06
    )
    assert line.attrib["d"].count("M") == 2
    assert marks.attrib["d"].count("M") == known.sum()


def test_an_area_goes_up_one_side_and_back_the_other():
    x = np.array([0.0, 1.0, 2.0])
    chart = Chart((0.0, 2.0), (0.0, 1.0), "x", "y")
    chart.area(x, np.array([0.1, 0.2, 0.3]), np.array([0.6, 0.7, 0.8]), "right")
    (area,) = list(drawn(chart))[4]
    high = points(area.attrib["d"])
    assert len(high) == 6
    assert (high[:3, 0] == high[::-1][:3, 0]).all()
    assert (high[:3, 1] < high[::-1][:3, 1]).all()


def test_columns_are_as_high_as_their_share():
    chart = Chart((0.0, 3.0), (0.0, 50.0), "x", "y")
    chart.columns(np.array([0.0, 1.0, 2.0, 3.0]), np.array([10.0, 50.0, 40.0]), "left")
    outline = list(drawn(chart))[4][1].attrib["d"]
    tops = [float(v) for v in re.findall(r"V(-?[\d.]+)H", outline)]
    height = BOTTOM_EDGE - TOP_EDGE
    assert tops == pytest.approx([BOTTOM_EDGE - height * s for s in (0.2, 1.0, 0.8)], abs=0.06)


def test_hostile_words_stay_words():
    hostile = "</svg><script>x</script>\"'&"
    svg = drawn(Chart((0.0, 1.0), (0.0, 1.0), hostile, hostile), hostile, hostile)
    assert svg.findtext("title") == svg.findtext("desc") == hostile
    assert not list(svg.iter("script"))
    assert [t.text for t in svg.iter("text")].count(hostile) == 2
