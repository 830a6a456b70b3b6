"""The report printed by a real browser: one or two pages, whatever the run and the runner bring."""

import re

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of
from test_before_after import run

from gait.compare.baseline import compare
from gait.measures.bins import speed_bins
from gait.model import Distance, PastRun, Side, StepCurve, Week
from gait.model.history import Load
from gait.report.html import before_after_html, report_html
from gait.report.outputs import as_pdf, browser
from gait.risk import assess, load_evidence, parse_profile

L, R = Side.LEFT, Side.RIGHT
pytestmark = pytest.mark.skipif(browser() is None, reason="no browser that prints is installed")

FULL = """
answered_on: 2026-05-03
body: {height_m: 1.78, mass_kg: 72, age_years: 41, sex: male}
history:
  injured_last_12_months: yes
  ankle_sprain: yes
  bone_stress_injury: yes
  injuries:
    - {condition: achilles_tendinopathy, side: left, months_ago: 8}
pain:
  - {where: heel, side: left, level: 3, onset: gradual, morning: yes, during: yes, after: yes}
training_in_short: {longest_30_days_km: 4, weekly_km: 35}
shoes: {distance_km: 1200, changed_within_4_weeks: yes}
changes: {volume: yes, intensity: yes, surface: yes}
self_tests:
  heel_raise: {left: hard, right: easy}
"""
FLAGGED = "red_flags: {night_or_rest_pain: yes}"


def pages(html):
    """Of the PDF, counted as its own objects."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", as_pdf(html)))


def earlier():
    for day in range(1, 25, 3):
        bins = speed_bins(strides_of(L, R, seconds=90.0, seed=day))
        yield PastRun(
            key=str(day),
            started_at=f"2026-04-{day:02}T08:00:00Z",
            gear="",
            duration_s=90.0,
            distance=Distance(metres=300.0),
            speed_bins=bins,
        )


def assessed(strides, *sides, profile):
    summary = summary_of(strides, *sides)
    known = parse_profile(profile, "yaml")
    found = compare(speed_bins(strides), list(earlier()), gear="", started_at=summary.started_at)
    wave = [float(v) for v in np.sin(np.linspace(0.0, 6.0, 101))]
    curve = StepCurve(unit="°", n=900, mean=wave, spread=wave)
    weeks = [Week(begins=f"2026-04-{day:02}", km=31.0, runs=4) for day in (6, 13, 20, 27)]
    return replace(
        summary,
        assessment=assess(summary.measures, known, load_evidence(), found),
        changes=found.changes,
        change_notes=found.notes,
        curves={str(side): dict.fromkeys(("tilt", "roll", "shake"), curve) for side in sides},
        load=Load(session_km=9.0, weeks=weeks, sentences=["This session was 9.0 km."] * 3),
    )


def cases():
    hour = strides_of(L, R, seconds=3600.0)
    mixed = strides_of(L, R, seconds=200.0)
    walk = strides_of(L, R, walking=True)
    return {
        "an hour, everything known and everything wrong": (hour, (L, R), FULL),
        "a red flag": (mixed, (L, R), FLAGGED),
        "one shoe": (strides_of(L), (L,), FULL),
        "walking": (walk, (L, R), FULL),
    }


@pytest.mark.parametrize("name", cases())
def test_a_report_prints_on_two_pages_of_a4_and_of_letter(name):
    strides, sides, profile = cases()[name]
    html = report_html(assessed(strides, *sides, profile=profile), strides)
    assert 1 <= pages(html) <= 2
    assert html.count("size: A4") == 1
    assert 1 <= pages(html.replace("size: A4", "size: letter")) <= 2


def test_before_and_after_print_on_two_pages():
    html = before_after_html([run(d) for d in range(1, 13)], [run(d) for d in range(13, 25)])
    assert 1 <= pages(html) <= 2
