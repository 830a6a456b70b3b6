"""The assessment in the terminal, from real assessments: nothing known, much known, a warning
sign, pain in one place.
"""

import io

import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of
from rich.console import Console

from gait.model import Level, Side
from gait.report.terminal import Page, before_anything_else, conditions
from gait.risk import assess, load_evidence, parse_profile
from gait.text import words

TABLE = load_evidence()
L, R = Side.LEFT, Side.RIGHT
SUMMARY = summary_of(strides_of(L, R), L, R)
LONG = """
session: {date: 2026-05-17, distance_km: 12.4}
training: [{date: 2026-05-10, distance_km: 9.5}]
history: {injured_last_12_months: yes, ankle_sprain: no, bone_stress_injury: no}
shoes: {distance_km: 920, changed_within_4_weeks: yes, several_models: yes}
body: {height_m: 1.78, mass_kg: 82}
"""
HEEL = LONG + "pain: [{where: heel, side: left, morning: yes}]\n"
FLAG = LONG + "red_flags: {hop_pain: yes}\n"


def assessed(profile):
    known = parse_profile(profile, "yaml") if profile else None
    return assess(SUMMARY.measures, known, TABLE)


def printed(assessment, width=80):
    out = io.StringIO()
    page = Page(Console(file=out, width=width))
    before_anything_else(page, assessment)
    conditions(page, assessment)
    return out.getvalue()


def flat(text):
    return " ".join(text.split())


def test_a_first_run_shows_what_it_is_linked_to_the_causes_and_advice():
    text = flat(printed(assessed("")))
    assert "29 of 29 warning-sign questions are not answered" in text
    left, right = (SUMMARY.measures[side]["impact_g"].value for side in (L, R))
    assert f"impact of the shoe: left {left:.1f} g, right {right:.1f} g" in text
    assert "by our reading of the guide: Shin splints, Stress fractures" in text
    assert "most runners 160–180, says the guide" in text
    assert "provisional reference" not in text
    for cause in TABLE.causes.values():
        assert f"· {cause.name}: " in text
    assert "Overuse: no training log is known" in text
    assert "Build up gradually" in text
    assert "What would help most to know: a training log" in text
    assert "16 conditions: not judged, no history. `gait evidence` lists them." in text
    assert words.WITH_LEVEL not in text


def test_with_much_known_reasons_have_sign_size_grade_and_both_halves():
    text = flat(printed(assessed(LONG)))
    assert "Overuse in general: watch" in text
    assert "+0.50 a running injury in the last 12 months [grade B; vanpoppel2018" in text
    assert "-0.15 several models of shoe" in text
    assert "but one study, and who owns several models may differ" in text
    # 0.50 + 0.27 − 0.15; by the lower weights 0.20 + 0.12 − 0.30, by the upper 0.60 + 0.43
    assert "together +0.62. “Watch” begins at 0.25, “elevated” at 0.80" in text
    assert "By the lower reading of the same studies it would be “no flag”, by the upper" in text
    assert "(any overuse injury; see “Overuse in general”)" in text
    assert "Plantar fasciitis: elevated" in text
    assert text.index("Overuse in general: watch") < text.index("Plantar fasciitis: elevated")


def test_a_warning_sign_silences_all_else():
    text = flat(printed(assessed(FLAG)))
    assert "! Does hopping on that leg hurt in the bone? You answered yes." in text
    assert "Within days: Do not run." in text
    assert "no condition carries a level" in text
    for condition in TABLE.conditions.values():
        assert condition.name not in text
    assert words.ADVICE not in text


def test_pain_comes_first_in_the_guides_order_and_is_not_ranked():
    assessment = assessed(HEEL)
    text = flat(printed(assessment))
    assert "It hurts here: Heel. What can be behind it" in text
    heel = TABLE.locations["heel"]
    names = [TABLE.cause_name(key) for key in heel.all_causes]
    places = [text.index(f"{name}: ") for name in names]
    assert places == sorted(places)
    assert places[-1] < text.index(words.ELSEWHERE) < text.index(words.LINKS)
    assert "it hurts with the first steps" in text
    # the same conditions with other levels stand in the same order
    turned = [replace(c, level=Level.ELEVATED) if i == 4 else c
              for i, c in enumerate(assessment.conditions)]  # fmt: skip
    again = flat(printed(replace(assessment, conditions=turned)))
    places = [again.index(f"{name}: ") for name in names]
    assert places == sorted(places)


@pytest.mark.parametrize("profile", ["", LONG, HEEL, FLAG])
@pytest.mark.parametrize("width", [60, 80, 200])
def test_lines_stay_within_the_width_and_no_line_is_left_to_fill(profile, width):
    text = printed(assessed(profile), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= min(width, 100)
    assert "{" not in text
    assert "\x1b" not in text
