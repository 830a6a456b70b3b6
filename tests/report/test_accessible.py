"""What a checker of accessibility looks at, by hand: names, headings, tables, contrast."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from test_before_after import run
from test_html import Page, situations, two_feet

from gait.report.colours import DARK, LIGHT
from gait.report.html import before_after_html, report_html

PAGES = {name: report_html(*case) for name, case in situations().items()}
PAGES["before and after"] = before_after_html([run(1)], [run(9)])
GROUNDS = ("page", "card")
TEXTS = ("ink", "faint", "link", "warn")
LINES = ("left", "right", "band")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time_under_one_title(name):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", PAGES[name])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_has_a_language_a_title_and_its_landmarks(name):
    page = Page(PAGES[name])
    assert ("html", "lang", "en") in page.attributes
    for tag in ("header", "main", "footer"):
        assert page.tags[tag] == 1
    assert re.search(r"<title>[^<]{8,}</title>", PAGES[name])
    assert "user-scalable" not in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_a_name_and_a_description(name):
    html = PAGES[name]
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        root = ElementTree.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert set(root.attrib["aria-labelledby"].split()) <= ids
        assert root.findtext("title")
        assert len(root.findtext("desc") or "") > 30


@pytest.mark.parametrize("name", PAGES)
def test_tables_name_their_rows_and_columns_and_sections_their_subject(name):
    html = PAGES[name]
    assert not re.search(r"<th(?![^>]*scope=)[ >]", html)
    assert not re.search(r"<td[^>]*>\s*</td>\s*<td[^>]*>\s*</td>", html)
    for section in re.findall(r"<section[^>]*>", html):
        assert "aria-label" in section
    assert not re.search(r'tabindex="[1-9]|onclick|<a(?![^>]*href)', html)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out_from_their_ground(colours):
    for ground in GROUNDS:
        for text in TEXTS:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for line in LINES:
            assert contrast(colours[line], colours[ground]) >= 3.0, (line, ground)
    assert contrast(colours["warn"], colours["warn-page"]) >= 4.5


def test_left_and_right_are_told_apart_without_colour():
    html = report_html(*two_feet())
    assert '<span class="foot-name mark-left">left</span>' in html
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert "stroke-dasharray" in svg
