"""The average step as drawn and as told to those who do not see it."""

import re
from xml.etree import ElementTree

import numpy as np
from msgspec.structs import replace
from report_cases import strides_of, summary_of

from gait.model import Side, StepCurve
from gait.report.step_pictures import step_pictures

AT = np.linspace(0.0, 1.0, 101)


def curve(height, n=40):
    mean = [round(v, 3) for v in height * np.sin(2.0 * np.pi * AT)]
    return StepCurve(unit="°", n=n, mean=mean, spread=[0.5] * 101)


def run_with(curves):
    strides = strides_of(Side.LEFT, Side.RIGHT)
    return replace(summary_of(strides, Side.LEFT, Side.RIGHT), curves=curves)


def test_both_feet_are_in_one_picture_and_the_words_have_the_peaks():
    summary = run_with({"left": {"roll": curve(10.0)}, "right": {"roll": curve(-20.0, n=39)}})
    (picture,) = step_pictures(summary)
    assert picture.feet == ["left", "right"]
    words = ElementTree.fromstring(picture.svg).findtext("desc") or ""
    assert "left: highest 10.0 ° at 25 %, lowest -10.0 ° at 75 %" in words
    assert "right: highest 20.0 ° at 75 %, lowest -20.0 ° at 25 %" in words
    assert "left 40, right 39" in " ".join(picture.notes)
    assert len(re.findall(r'fill-opacity="\.18"', picture.svg)) == 2


def test_what_has_no_curve_has_no_picture():
    assert step_pictures(run_with({})) == []
    one = step_pictures(run_with({"left": {"shake": curve(3.0)}, "right": {}}))
    assert [picture.feet for picture in one] == [["left"]]
