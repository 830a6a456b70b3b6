"""The evidence table: complete, in the guide's order, and loud where it is edited wrongly."""

import re

import pytest
from naive_score import RAW, rows_of

from gait.model import UsageError
from gait.risk import condition_page, index_page, load_evidence, table_page
from gait.risk.wording import banned_words

TABLE = load_evidence()

GUIDE_ORDER = (
    *("ankle_sprain", "peroneal_tendonitis", "posterior_tibial_tendonitis"),
    *("tibialis_anterior_tendonitis", "tarsal_tunnel_syndrome", "achilles_tendinopathy"),
    *("retrocalcaneal_bursitis", "plantar_fasciitis", "shin_splints_mtss"),
    *("ankle_impingement", "stress_fracture", "extensor_tendonitis", "cuboid_syndrome"),
    *("accessory_navicular_syndrome", "bone_spur", "plantar_fibroma", "muscle_cramps"),
)


def test_all_conditions_of_the_guide_in_its_order():
    assert tuple(TABLE.conditions) == ("overall_overuse", *GUIDE_ORDER)
    assert [c.key for c in TABLE.conditions.values() if c.summary_only] == list(GUIDE_ORDER[11:])


def test_every_condition_has_a_row_or_says_why_not():
    for key, condition in TABLE.conditions.items():
        assert len(condition.rows) == len(rows_of(key))
        assert condition.rows or condition.no_rows


def test_every_citation_resolves_and_none_is_idle():
    used = {cite for key in RAW["conditions"] for row in rows_of(key) for cite in row["cite"]}
    used |= {cite for flag in RAW["red_flags"].values() for cite in flag["cite"]}
    used |= {cite for sign in RAW["signs"].values() for cite in sign.get("cite", [])}
    used |= {f["provisional"]["cite"] for f in RAW["factors"].values() if "provisional" in f}
    for section in (*RAW["causes"].values(), *RAW["larger_studies"], *RAW["advice"]):
        used |= set(section["cite"])
    remarks = (c["guide"].get("remark", {"cite": []}) for c in RAW["conditions"].values())
    used |= {cite for remark in remarks for cite in remark["cite"]}
    used |= {cite for one in RAW["structures"]["each"].values() for cite in one["cite"]}
    assert used <= set(TABLE.citations)
    assert set(TABLE.citations) - used == {"malisoux2023", "luedke2021"}  # the norms
    for citation in TABLE.citations.values():
        assert not re.search(r"\d+\.\d+\.\d+\.\d+|zlib|scribd|\[M\]", citation.where + citation.ref)


def test_the_guides_map():
    heel = TABLE.locations["heel"]
    assert heel.causes == ("achilles_tendinopathy", "retrocalcaneal_bursitis", "bone_spur")
    assert heel.from_sections == ("plantar_fasciitis",)
    assert heel.for_safety == ("stress_fracture",)
    assert TABLE.locations["shin"].for_safety == ("stress_fracture",)
    assert len(TABLE.locations) == 8


def test_pages_hold_every_row_and_mark_what_was_not_read():
    page = table_page(TABLE)
    for key, condition in TABLE.conditions.items():
        one = condition_page(key, TABLE, full=True)
        assert f"# {condition.name}" in one
        assert f"## {condition.name}" in page
        for row in rows_of(key):
            for half in (row["found"], row["but"]):
                assert half[1:] in one
                assert half[1:] in page
    sources = page.split("## Sources")[1]
    unread = [c for c in TABLE.citations.values() if c.read == "unread"]
    assert sources.count("*(not verified)*") == len(unread) > 2
    assert not banned_words(page)
    assert condition_page("Achilles Tendinopathy", TABLE) == condition_page(
        "achilles_tendinopathy", TABLE
    )


def test_the_index_names_every_condition():
    page = index_page(TABLE)
    for condition in TABLE.conditions.values():
        assert f"| {condition.name} | {condition.site} |" in page
    assert not banned_words(page)


def test_an_unknown_condition_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean stress_fracture"):
        condition_page("stres fractures", TABLE)


MINUTE = 370  # words; a reader who looks for one thing goes by the headings


@pytest.mark.parametrize("key", list(TABLE.conditions))
def test_the_page_of_a_condition_is_read_in_a_minute_or_little_more(key: str) -> None:
    page = condition_page(key, TABLE)
    assert len(page.split()) <= MINUTE
    assert "What it is" in page
    assert "When to be seen" in page
    assert "--full" in page
    assert not banned_words(page)
    condition = TABLE.conditions[key]
    for structure in condition.structures:
        assert TABLE.structures.each[structure].but in page


def test_the_beginning_of_a_name_finds_it_and_names_the_others() -> None:
    page = condition_page("plantar", TABLE)
    assert page.startswith("# Plantar fasciitis")
    assert "Also: Plantar fibroma." in page
    assert condition_page("fasc", TABLE).startswith("# Plantar fasciitis")


def test_no_grade_is_above_what_the_kinds_of_its_sources_carry():
    """By the table's own definition of the grades; the reader refuses it, too (wrong edits)."""
    best = {"review of cohorts": "A", "trial": "A", "cohort": "B"}
    best |= dict.fromkeys(("small cohort", "mixed review", "case-control", "cross-sectional"), "C")
    best |= dict.fromkeys(("experiment", "opinion"), "D")
    assert RAW["kinds"] == best
    for key in RAW["conditions"]:
        for row in rows_of(key):
            kinds = [RAW["citations"][cite]["kind"] for cite in row["cite"]]
            assert row["grade"] >= min(best[kind] for kind in kinds), (key, row["factor"])
