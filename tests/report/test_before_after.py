"""Before and after, from made-up runs whose difference is known."""

import re
from html import unescape

import numpy as np
from msgspec.structs import replace
from report_cases import HOSTILE, strides_of, summary_of

from gait.measures.bins import speed_bins
from gait.model import Side, StepCurve
from gait.report.before_after import before_after
from gait.report.html import before_after_html

L, R = Side.LEFT, Side.RIGHT
AT = np.linspace(0.0, 1.0, 101)


def run(day, *sides, contact=0.0, seed=3, **more):
    strides = strides_of(*(sides or (L, R)), seconds=90.0, seed=seed)
    strides["contact_ms"] += contact
    wave = [float(v) for v in np.sin(AT)]
    curves = {str(s): {"tilt": StepCurve(unit="°", n=60, mean=wave, spread=wave)} for s in (L, R)}
    summary = summary_of(strides, *(sides or (L, R)), started_at=f"2026-03-{day:02}T08:00:00Z")
    return replace(summary, speed_bins=speed_bins(strides), gear="a", curves=curves, **more)


def test_what_was_put_in_is_found_and_the_rest_is_not():
    before = [run(day, seed=day) for day in (1, 3, 5)]
    after = [run(day, seed=day, contact=40.0) for day in (20, 22, 24)]
    found = before_after(before, after)
    sure = {(pair.label, pair.side) for pair in found.pairs if pair.sure}
    assert {("Contact time", "left"), ("Contact time", "right")} <= sure
    assert len(sure) <= 3
    assert "Before: 3 runs, 2026-03-01 to 2026-03-05. After: 3 runs" in found.sentences[0]
    assert "40 ms longer" in found.sentences[1]
    contact = next(p for p in found.pairs if p.label == "Contact time" and p.side == "left")
    assert contact.difference.startswith("+40 ± ")
    assert not found.remarks
    assert [[line.side for line in f.lines] for f in found.figures] == [["left"] * 2, ["right"] * 2]
    assert found.figures[0].y == found.figures[1].y


def test_the_same_runs_differ_in_nothing():
    runs = [run(day, seed=day) for day in (1, 3)]
    found = before_after(runs, runs)
    assert not any(pair.sure for pair in found.pairs)
    assert found.sentences[1].startswith("None of ")


def test_what_limits_the_comparison_is_said():
    before, after = run(1), replace(run(9, L), gear="b")
    remarks = " ".join(before_after([before], [after]).remarks)
    assert "not the same before and after" in remarks
    assert "One run does not show" in remarks
    assert "The right foot was not recorded in every run" in remarks


def test_runs_without_a_common_speed_are_listed_and_not_compared():
    html = before_after_html([run(1)], [replace(run(2), speed_bins={})])
    text = re.sub(r"<[^>]+>", " ", html)
    assert "Nothing can be compared" in text
    assert text.count("2026-03-0") >= 4


def test_the_page_says_what_its_parts_are_and_takes_no_markup():
    html = before_after_html([run(1, source=HOSTILE)], [run(2)], whose=HOSTILE)
    assert "<script>" not in html
    assert HOSTILE.replace("\x1b", "")[:20] in unescape(html)
    assert "Grey, dashed: before; in colour: after." in html
    assert not re.search(r"\bnan\b|\bNone\b(?! of)", re.sub(r"<[^>]+>", " ", html))
