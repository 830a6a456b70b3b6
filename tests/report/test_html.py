"""The report read back as a browser would: whole, alone, safe, and saying what it should."""

import importlib
import re
import stat
import sys
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import HOSTILE, assessment, finding, reason, sensor, spoil, strides_of, summary_of

from gait.measures.table import Group
from gait.model import Beside, Doubt, Level, Measure, SensorInfo, Side, UsageError
from gait.report.html import report_html, write_report
from gait.text import words
from gait.text.words import GROUPS

L, R = Side.LEFT, Side.RIGHT
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Tags, attributes and visible text; complains of tags that do not close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self.stack = Counter(), [], [], []
        self.feed(text)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if not {"style", "svg", "title"} & set(self.stack):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def values(self, name):
        return [value for _, n, value in self.attributes if n == name]


def two_feet(seconds=60.0, **more):
    strides = strides_of(L, R, seconds=seconds)
    return summary_of(strides, L, R, **more), strides


def drawings(html):
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def situations():
    run = strides_of(L, R)
    walk = strides_of(L, R, walking=True, cadence=108.0)
    mixed = np.concatenate([run, strides_of(L, R, walking=True, start=100.0)])
    gone = spoil(strides_of(L), slice(None))
    none = strides_of()
    return {
        "two feet": (summary_of(run, L, R), run),
        "one foot": (summary_of(run[run["side"] == 1], R), run[run["side"] == 1]),
        "walking": (summary_of(walk, L, R), walk),
        "run and walk": (summary_of(mixed, L, R), mixed),
        "all left out": (summary_of(gone, L), gone),
        "nothing": (summary_of(none, L, assessment=None), none),
        "no sensors": (summary_of(none), none),
        "red flag": (summary_of(run, L, R, assessment=assessment(answer=True)), run),
        "two strides": (summary_of(run[:2], L, R), run[:2]),
    }


@pytest.mark.parametrize("name", situations())
def test_every_situation_is_a_whole_page_that_stands_alone(name):
    html = report_html(*situations()[name])
    page = Page(html)
    assert page.tags["h1"] == page.tags["main"] == 1
    assert not page.tags["script"] + page.tags["link"] + page.tags["img"] + page.tags["iframe"]
    assert not page.values("src")
    for link in page.values("href"):
        assert link.startswith(("#", "https://doi.org/"))
    assert "default-src 'none'" in page.values("content")[0]
    assert not re.search(r"@import|url\((?!#)", html)
    ids = Counter(page.values("id"))
    assert max(ids.values()) == 1
    used = re.findall(r"url\(#([^)]+)\)", html)
    used += [v[1:] for v in page.values("href") if v.startswith("#") and "cite-" not in v]
    used += [one for value in page.values("aria-labelledby") for one in value.split()]
    assert set(used) <= set(ids)
    assert not re.search(r"\bnan\b|\bNone\b", page.text)
    said = html.lower().replace("not a diagnosis", "")
    assert not any(word in said for word in ("you have", "diagnos", "probability", "% risk"))


def test_sections_follow_what_there_is():
    pages = {name: Page(report_html(*case)) for name, case in situations().items()}
    assert pages["two feet"].tags["figure"] == 6
    assert "Left and right, walking" in pages["run and walk"].text
    assert "Left and right, walking" not in pages["two feet"].text
    assert pages["walking"].text.startswith("Walking report")
    assert "Running" not in pages["walking"].text.split("How to read")[0]
    assert pages["walking"].tags["figure"] == 3
    for name in ("nothing", "two strides", "all left out"):
        assert pages[name].tags["figure"] == 0
        assert "There are no pictures" in pages[name].text
    assert "No assessment was made" in pages["nothing"].text
    assert "No sensor was recorded" in pages["no sensors"].text


def test_numbers_stand_left_and_right_with_all_that_judges_them():
    summary, strides = two_feet()
    page = Page(report_html(summary, strides))
    contact = summary.measures["left"]["contact_ms"]
    assert contact.uncertainty is not None
    assert (
        f"{contact.value:.0f} ± {contact.uncertainty:.0f} ms strides vary by {contact.spread:.0f}, "
        f"{contact.n} strides, good quality" in page.text
    )
    assert "ime rolled in : these" not in page.text
    assert re.search(r"time rolled in[^:]*: these strides do not show it", page.text, re.IGNORECASE)
    assert "nothing unusual at this pace, from one study on treadmills" in page.text


def test_each_group_of_measures_has_one_heading():
    html = report_html(*two_feet())
    for part in html.split("More measures (", 1):
        headings = re.findall(r'<tr class="group"><th[^>]*>([^<]*)', part)
        assert headings == [GROUPS[group] for group in Group if GROUPS[group] in headings]
        assert {GROUPS[Group.PACE], GROUPS[Group.SYMMETRY]} <= set(headings)


def test_pictures_have_words_and_follow_the_page_in_colour():
    html = report_html(*two_feet())
    found = drawings(html)
    assert len(found) == 6
    for svg in found:
        assert svg.attrib["role"] == "img"
        title, words = svg.findtext("title"), svg.findtext("desc")
        assert title
        assert re.search(r"left foot: median .* strides; right foot: median", words or "")
        assert svg.findall(".//text")
        assert {"var(--left)", "var(--right)"} <= set(re.findall(r"var\(--\w+\)", str(html)))
    for variable in set(re.findall(r"var\(--([\w-]+)\)", html)):
        assert html.count(f"--{variable}:") == 3  # light, dark, print
    assert "font-family" not in "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))


def test_the_words_of_a_picture_are_the_strides_own():
    summary, strides = two_feet()
    mine = np.sort(strides["impact_g"][strides["side"] == 1])
    middle = np.median(mine)
    words = next(
        s.findtext("desc")
        for s in drawings(report_html(summary, strides))
        if s.findtext("title") == "Impact"
    )
    assert f"right foot: median {middle:.1f} g" in (words or "")
    assert f"{len(mine)} strides" in (words or "")


def test_left_and_right_differ_in_more_than_colour():
    found = drawings(report_html(*two_feet()))
    for svg in found:
        lines = [p for p in svg.iter("path") if p.attrib.get("fill") == "none"]
        left = [p for p in lines if "var(--left)" in p.attrib["style"]]
        right = [p for p in lines if "var(--right)" in p.attrib["style"]]
        assert left
        assert right
        assert not any("stroke-dasharray" in p.attrib for p in left)
        assert all("stroke-dasharray" in p.attrib for p in right)


def test_warning_signs_come_first_and_conditions_are_folded():
    summary, strides = two_feet()
    html = report_html(summary, strides)
    text = Page(html).text
    assert text.index("Did you feel a pop?") < text.index("Achilles tendinopathy")
    assert "Not asked yet: 3 warning signs" in text
    assert html.count("<details open>") == 1  # the one with a level
    assert "Achilles tendinopathy watch other readings of the same studies: no flag" in text
    assert "+0.30 cadence lower than expected grade B · luedke2016" in text
    assert "Found: more in one cohort; but not in another" in text
    assert "no link in a large study grade N · gone2020" in text
    assert '<a href="#cite-luedke2016">' in html
    assert '<a href="#cite-gone2020">' not in html
    assert "Pohl 2009 memory (not verified)" in text
    assert "Luedke 2016 doi:10.1249/x (only part of its abstract was read)" in text
    assert (
        "impact of the shoe: 14.0 g stands out: it is high the guide links it to: Stress fracture"
        in text
    )
    assert "Overuse a session longer than usual: no The guide: too much too soon" in text
    assert "Build up gradually." in text
    assert "in the guide's own section on it: nerve; added for safety: bone" in text


def test_a_red_flag_stands_above_everything_and_silences_the_levels():
    text = Page(report_html(*situations()["red flag"])).text
    assert text.index("See a clinician the same day.") < text.index("What this run says")
    assert "no condition carries a level" in text
    assert "cadence lower than expected" not in text
    assert "watch" not in text


def test_hostile_text_stays_text():
    info = SensorInfo(side=L, rate_hz=400, name=HOSTILE, serial=HOSTILE)
    told = assessment(
        statement=HOSTILE,
        notes=[HOSTILE],
        conditions=[
            finding(
                HOSTILE,
                Level.WATCH,
                reasons=[reason(HOSTILE, found=HOSTILE, but=HOSTILE, cites=[HOSTILE])],
                beside=[Beside(measure="impact_g", text=HOSTILE, by="guide")],
            )
        ],
    )
    summary, strides = two_feet(
        source=HOSTILE,
        software=HOSTILE,
        started_at=HOSTILE,
        notes=[HOSTILE],
        sensors=[sensor(L, info=info, notes=[HOSTILE], mounting_quality=HOSTILE)],
        assessment=told,
    )
    measures = {**summary.measures, "left": dict(summary.measures["left"])}
    measures["left"]["impact_g"] = replace(
        measures["left"]["impact_g"], value=None, why_not=HOSTILE, label=HOSTILE
    )
    html = report_html(replace(summary, measures=measures), strides)
    page = Page(html)
    assert not page.tags["script"] + page.tags["img"]
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "\x1b" not in html
    assert page.text.count("alert(1)") >= 8
    assert "{{ 7*7 }}" in page.text


def test_thousands_of_strides_stay_small():
    summary, strides = two_feet(seconds=4 * 3600.0)
    html = report_html(summary, strides)
    assert len(strides) > 35_000
    assert len(html) < 300_000
    assert "A point is the median of 144 s" in html


def test_what_a_pod_tells_of_itself_is_said_as_its_own():
    told = Measure(value=180.0, unit="steps/min", n=0, quality="low")
    strides = strides_of(Side.LEFT)[:0]
    summary = summary_of(strides, Side.LEFT)
    measures = {**summary.measures, "both": {"cadence_spm": told}}
    text = Page(report_html(replace(summary, measures=measures), strides)).text
    assert "20 s, cadence 180. These are the sensor's own figures" in text


def test_the_same_run_gives_the_same_bytes():
    assert report_html(*two_feet()) == report_html(*two_feet())


def test_the_file_is_its_owners_and_a_taken_path_stays(tmp_path):
    path = tmp_path / "run.html"
    summary, strides = two_feet()
    write_report(path, summary, strides)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        write_report(path, summary, strides)
    assert path.read_bytes() == written
    write_report(path, summary, strides, overwrite=True)
    with pytest.raises(UsageError, match="does not exist"):
        write_report(tmp_path / "nowhere" / "run.html", summary, strides)


def test_without_the_packages_of_the_report_one_sentence_says_so(monkeypatch):
    monkeypatch.delitem(sys.modules, "gait.report.html")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UsageError, match=r"shoegait\[report\]"):
        importlib.import_module("gait.report.html")


def test_what_cannot_be_right_stands_first():
    strides = strides_of(L, R)
    doubt = Doubt(
        check="side",
        side="both",
        sentence="The two feet look swapped <b>; name them the other way round.",
        what="the two feet look swapped",
        spoils=[],
    )
    page = report_html(replace(summary_of(strides, L, R), doubts=[doubt]), strides)
    words = " ".join(Page(page).words)
    assert words.count(doubt.sentence) == 1
    assert words.index("Check this first") < words.index("What this run says")
    assert "Check this first" not in report_html(summary_of(strides, L, R), strides)


def test_feet_on_two_clocks_are_drawn_from_their_own_starts():
    strides = strides_of(L, R)
    apart = strides.copy()
    for name in ("ic_s", "tc_s"):
        apart[name][apart["side"] == 1] += 1.7e9
    told = summary_of(strides, L, R)
    page = report_html(replace(told, clocks="separate"), apart)
    lasts = re.findall(r"Line over (\d+) (minutes|seconds)", page)
    assert lasts
    assert lasts == re.findall(r"Line over (\d+) (minutes|seconds)", report_html(told, strides))


def facts(**more):
    """What the page says of one sensor, label → value."""
    strides = strides_of(L)
    html = report_html(replace(summary_of(strides, L), sensors=[sensor(L, **more)]), strides)
    part = html[html.index(words.MOUNTING) - 2000 :]
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]*)</td></tr>', part)
    return {unescape(label): unescape(value) for label, value in rows}


@pytest.mark.parametrize(
    ("more", "label", "said"),
    [
        ({}, words.RATE, words.RATE_MEASURED.format(rate="400", measured="399.8")),
        ({"rate_measured_hz": None}, words.RATE, "400"),
        ({}, words.PACKETS, words.PACKETS_LOST.format(lost=20, sent=1000)),
        ({"packets": 0}, words.PACKETS, None),
        ({"packets_bad": 3}, words.PACKETS_BAD, "3"),
        ({}, words.PACKETS_BAD, None),
        ({}, words.LOST_TIME, "1.2 s"),
        ({"lost_pct": 2.04}, words.LOST_TIME, "1.2 s (2.0 %)"),
        ({"lost_s": 0.0}, words.LOST_TIME, None),
        ({"clipped_pct": 0.0512}, words.CLIPPED, "0.051 %"),
        ({"clipped_pct": None}, words.CLIPPED, None),
        ({"battery_pct": 0}, words.BATTERY, "0 %"),
        ({"battery_pct": None}, words.BATTERY, None),
        ({"mounting_quality": "poor"}, words.MOUNTING, "poor"),
        ({"notes": ["late start"]}, words.REMARKS, "late start"),
        ({}, words.RANGES, "±16 g, ±2000 °/s"),
        ({"info": SensorInfo(side=L, rate_hz=104.0)}, words.RANGES, words.RANGES_UNKNOWN),
        (
            {"info": SensorInfo(side=L, rate_hz=104.0, acc_range_g=8.0, has_gyroscope=False)},
            words.RANGES,
            f"±8 g, {words.NO_GYROSCOPE}",
        ),
    ],
)
def test_what_a_sensor_did_stands_where_it_is_known(more, label, said):
    assert facts(**more).get(label) == said
