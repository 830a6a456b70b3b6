"""No source gets lost on its way from the evidence table to what people read.

Every statement of the table is given a source of its own that stands nowhere else, so each that is
dropped on the way is missed.
"""

import copy
import re
from html import unescape
from typing import Any

import msgspec
import pytest
import yaml
from naive_score import RAW

from gait.model import UsageError
from gait.model.assessment import Assessment
from gait.report.html import assessment_html
from gait.risk import assess, condition_page, parse_evidence, profile_of, table_page
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions

FLAGS = [key for key, flag in RAW["red_flags"].items() if "asked_as" not in flag]
PROFILES = {
    "nothing known": {},
    "no warning sign": {"red_flags": dict.fromkeys(FLAGS, False)},
    "a warning sign": {"red_flags": {"hop_pain": True}},
    "much known": {
        "session": {"date": "2026-05-17", "distance_km": 14.0},
        "training": [{"date": "2026-05-10", "distance_km": 9.0}],
        "history": {"injured_last_12_months": True, "bone_stress_injury": True},
        "shoes": {"distance_km": 920, "changed_within_4_weeks": True, "several_models": False},
        "body": {"height_m": 1.7, "mass_kg": 80},
        "pain": [{"where": "heel", "side": "left", "morning": True}],
        "self_tests": {"heel_raise": {"right": "hard"}},
    },
}


def own_sources() -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The table with a source for each statement, and which those are, by part of the table."""
    raw = copy.deepcopy(RAW)
    given: dict[str, list[str]] = {}

    def walk(node: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, list):
            for number, part in enumerate(node):
                walk(part, (*path, str(number)))
        if not isinstance(node, dict):
            return
        cites = node.get("cite")
        guides = "guide" in (cites or ()) and path[0] == "signs"  # those are worded otherwise
        if isinstance(cites, list) and not guides:
            key = re.sub(r"\W", "_", "of_" + "_".join(path))
            node["cite"] = [key]
            given.setdefault(path[0], []).append(key)
        for name, part in node.items():
            walk(part, (*path, str(name)))

    walk({name: part for name, part in raw.items() if name != "citations"}, ())
    for key in (key for keys in given.values() for key in keys):
        raw["citations"][key] = {
            **{"kind": "trial", "read": "whole", "checked": "2026-01-01"},
            **{"ref": f"Title of {key}", "where": f"at {key}"},
        }
    return raw, given


RAW_WITH_OWN, GIVEN = own_sources()
TABLE = parse_evidence(yaml.safe_dump(RAW_WITH_OWN, allow_unicode=True, sort_keys=False))


def flag_source(key: str) -> list[str]:
    """Those of a warning sign, from the file itself."""
    return RAW_WITH_OWN["red_flags"][key]["cite"]


def named_in(node: Any) -> set[str]:
    """Every key under `cites`, anywhere within."""
    if isinstance(node, list):
        return set().union(*map(named_in, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = set(node.get("cites", ()))
    return own.union(*(named_in(part) for name, part in node.items() if name != "cites"))


def assessed(profile: str) -> Assessment:
    return assess({}, profile_of(PROFILES[profile]), TABLE)


def test_the_made_up_sources_are_of_all_parts() -> None:
    assert len(GIVEN["red_flags"]) == len(RAW["red_flags"])
    parts = {"red_flags", "templates", "conditions", "causes", "advice", "larger_studies"}
    assert parts <= set(GIVEN)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_warning_sign_has_its_source_whatever_was_answered(profile: str) -> None:
    found = assessed(profile)
    assert [flag.key for flag in found.red_flags] == FLAGS
    listed = {citation.key: citation for citation in found.citations}
    for flag in found.red_flags:
        assert flag.cites == flag_source(flag.key)
        for key in flag.cites:
            assert listed[key].ref == RAW_WITH_OWN["citations"][key]["ref"]


@pytest.mark.parametrize("profile", PROFILES)
def test_whatever_an_assessment_names_is_among_its_sources(profile: str) -> None:
    found = assessed(profile)
    listed = [citation.key for citation in found.citations]
    assert named_in(msgspec.to_builtins(found)) <= set(listed)
    assert len(listed) == len(set(listed))
    order = list(RAW_WITH_OWN["citations"])
    assert listed == sorted(listed, key=order.index)


def test_a_run_without_a_warning_sign_names_reasons_causes_advice_and_studies() -> None:
    """Else the test above would look at little."""
    found = assessed("much known")
    for part in (found.causes, found.advice, found.larger_studies):
        assert all(one.cites for one in part)
        assert part
    assert any(finding.reasons for finding in found.conditions)
    assert all(r.cites for f in found.conditions for r in (*f.reasons, *f.against))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_report_has_every_question_and_every_source(profile: str) -> None:
    found = assessed(profile)
    html = assessment_html(found)
    text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))
    for flag in (RAW_WITH_OWN["red_flags"][key] for key in FLAGS):
        assert re.sub(r"\s+", " ", flag["question"]) in text
        assert flag["what_to_do"] in text
        for key in flag["cite"]:
            assert f'id="cite-{key}"' in html
            assert RAW_WITH_OWN["citations"][key]["ref"] in text
    linked = set(re.findall(r'href="#cite-([^"]+)"', html))
    assert linked <= set(re.findall(r'id="cite-([^"]+)"', html))
    if not found.stop:
        for one in (*found.causes, *found.advice, *found.larger_studies):
            assert set(one.cites) <= linked


def table_rows(page: str, heading: str) -> list[list[str]]:
    part = page.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_evidence_page_says_of_every_warning_sign_where_it_is_from() -> None:
    rows = table_rows(table_page(TABLE), "## Red flags")
    flags = RAW["red_flags"]
    older = " (older, still understood)"
    asked = [f["question"] + (older if "asked_as" in f else "") for f in flags.values()]
    assert [row[0] for row in rows] == asked
    assert [row[-1] for row in rows] == [", ".join(flag_source(key)) for key in flags]


def sources_of(page: str) -> dict[str, str]:
    """What stands under Sources, by key."""
    _, _, part = page.partition("\n## Sources\n")
    return dict(re.findall(r"^- \*\*(\w+)\*\* (.+)$", part, re.MULTILINE))


def test_the_evidence_page_has_every_source_in_its_place_and_in_its_list() -> None:
    page = table_page(TABLE)
    body = page.partition("\n## Sources\n")[0]
    listed = sources_of(page)
    assert list(listed) == list(RAW_WITH_OWN["citations"])
    for part, keys in GIVEN.items():
        for key in keys:
            assert f"Title of {key}" in listed[key]
            assert f"at {key}" in listed[key]
            # told beside a session's length and not here; and by the conditions that use them
            if part not in ("session_bands", "templates"):
                assert re.search(rf"\b{key}\b", body), key


@pytest.mark.parametrize("condition", list(RAW["conditions"]))
def test_the_page_of_a_condition_has_every_source_that_it_names(condition: str) -> None:
    page = condition_page(condition, TABLE, full=True)
    body = page.partition("\n## Sources\n")[0]
    listed = sources_of(page)
    known = set(RAW_WITH_OWN["citations"])
    told = re.findall(r"[\[(]([\w, ]+)[\])]", body)
    named = {word for words in told for word in words.split(", ")}
    assert named & known <= set(listed)
    assert "guide" in listed
    rows = RAW_WITH_OWN["conditions"][condition]["rows"]
    flat = [RAW_WITH_OWN["templates"][row] if isinstance(row, str) else [row] for row in rows]
    assert {key for part in flat for row in part for key in row["cite"]} <= named & known


@pytest.mark.parametrize("condition", list(RAW["conditions"]))
def test_the_page_of_a_condition_has_the_guides_words_and_no_empty_line(condition: str) -> None:
    raw = RAW["conditions"][condition].get("guide") or {}
    page = condition_page(condition, TABLE, full=True)
    lines = dict(re.findall(r"^- ([A-Z][^:\n]+):(.*)$", page, re.MULTILINE))
    assert all(text.strip() for text in lines.values())
    for label, key in (("Where", "site"), ("Cause", "cause"), ("Symptoms", "symptoms")):
        assert lines.get(label, "").strip() == raw.get(key, "")
    assert ("What a runner can tell of it" in lines) == bool(raw.get("signs"))
    assert page.startswith(f"# {RAW['conditions'][condition]['name']}\n")


def test_a_condition_is_found_by_any_spelling_and_a_near_miss_is_named() -> None:
    page = condition_page("achilles_tendinopathy", TABLE)
    for spelled in ("Achilles tendinopathy", "ACHILLES-TENDINOPATHY", " achillestendinopathy"):
        assert condition_page(spelled, TABLE) == page
    with pytest.raises(UsageError, match="did you mean achilles_tendinopathy"):
        condition_page("achiles tendinopathy", TABLE)
    with pytest.raises(UsageError, match=r"is no condition .* .known: overall_overuse, "):
        condition_page("xyzzy", TABLE)


@pytest.mark.parametrize("key", FLAGS)
def test_the_checkup_asks_every_warning_sign_first_and_says_what_to_do(key: str) -> None:
    flow = CheckupFlow(load_questions(), TABLE, {"red_flags": {key: True}})
    flag = RAW_WITH_OWN["red_flags"][key]
    assert flow.raised == {key}
    assert flow.stopped == (flag["urgency"] != "book someone")
    assert flow.warnings == [f"{flag['urgency'].capitalize()}: {flag['what_to_do']}"]
