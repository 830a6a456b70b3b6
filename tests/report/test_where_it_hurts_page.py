"""Where it hurts the page says what the terminal says: how the signs fit, before any odds."""

import html
import json
import re

import pytest
from report_cases import strides_of, summary_of

from gait.model import Assessment, Side
from gait.report.html import assessment_html
from gait.report.sentences import fit_in_words
from gait.risk import assess, load_evidence, parse_profile
from gait.risk.evidence_table import EvidenceTable

TABLE: EvidenceTable = load_evidence()


def assessed(**pain: object) -> Assessment:
    summary = summary_of(strides_of(Side.LEFT), Side.LEFT)
    profile = parse_profile(json.dumps({"pain": [{"where": "heel", **pain}]}), "json", TABLE)
    return assess(summary.measures, profile, TABLE)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("morning", [True, False])
def test_the_page_says_how_the_signs_fit(morning: bool) -> None:
    found = assessed(morning=morning, spot="under")
    whole = assessment_html(found)
    page = text_of(whole)
    hurting = [c for c in found.conditions if c.hurts_at]
    assert hurting
    for condition in hurting:
        for line in fit_in_words(condition.fit):
            assert line in page
    shown = re.findall(r"<summary><strong>([^<]*)</strong>", whole)
    shown = [html.unescape(name) for name in shown]
    assert [name for name in shown if name in {c.name for c in hurting}] == shown[: len(hurting)]
    assert shown[: len(hurting)] == [c.name for c in hurting]


def test_bone_questions_stand_before_the_conditions() -> None:
    found = assessed(spot="under")
    page = text_of(assessment_html(found))
    assert found.ask_first
    for question in found.ask_first:
        assert page.index(question) < page.index(found.conditions[0].name)
