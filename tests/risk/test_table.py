"""The evidence table: complete, in the guide's order, and loud where it is edited wrongly."""

import re
import time

import pytest
from naive_score import RAW, TEXT, rows_of

from gait.model import InputError, UsageError
from gait.risk import condition_page, load_evidence, parse_evidence, table_page
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
    used |= {f["provisional"].get("cite") for f in RAW["factors"].values() if "provisional" in f}
    assert used - {None} <= set(TABLE.citations)
    assert set(TABLE.citations) - used == {"malisoux2023"}  # the norms
    for citation in TABLE.citations.values():
        assert not re.search(r"\d+\.\d+\.\d+\.\d+|zlib|scribd|\[M\]", citation.where + citation.ref)


def test_the_guides_map():
    heel = TABLE.locations["heel"]
    assert heel.causes == ("achilles_tendinopathy", "retrocalcaneal_bursitis", "bone_spur")
    assert "plantar_fasciitis" in heel.added
    assert "stress_fracture" in TABLE.locations["shin"].added
    assert len(TABLE.locations) == 8


def test_loading_is_quick():
    begin = time.perf_counter()
    parse_evidence(TEXT)
    assert time.perf_counter() - begin < 0.1


SPRAIN = "{factor: prior_ankle_sprain, direction: up, w: 0.70, w_lo: 0.20, w_hi: 0.90, grade: A, "
BROKEN = [
    (SPRAIN, SPRAIN.replace("grade: A, ", ""), "grade is missing"),
    (SPRAIN, SPRAIN.replace("grade: A", "grade: B"), "above what grade B may have"),
    (SPRAIN, SPRAIN.replace("0.20", "0.80"), "w_lo ≤ w ≤ w_hi"),
    (SPRAIN, SPRAIN.replace("w: 0.70, ", ""), "needs w, w_lo and w_hi"),
    (SPRAIN, SPRAIN.replace("0.70", "much"), "a number is expected"),
    (SPRAIN, SPRAIN.replace("w_lo: 0.20", "w_low: 0.20"), "w_low is not known"),
    (SPRAIN, SPRAIN.replace("prior_ankle_sprain", "prior_ankle"), "did you mean prior_ankle_spra"),
    (SPRAIN, SPRAIN.replace("direction: up", "direction: down"), "against direction down"),
    (SPRAIN, SPRAIN.replace("direction: up", "direction: none"), "cannot be in the score"),
    ("cite: [mason2022, wikstrom2021]", "cite: [mason2022, wikstrom]", "did you mean wikstrom2021"),
    ("cite: [mason2022, wikstrom2021]", "cite: []", "at least one citation"),
    ("  shin: {name: Shin, causes: [shin_splints_mtss]", "  shin: {name: Shin, causes: [shin]",
     "shin is not known"),
    ("{more_pct:.0f}", "{more:.0f}", "a name in braces"),
    ("in_score: false, w: 0.06, w_lo: 0.0, w_hi: 0.10, grade: D, cite: [guide],",
     "w: 0.06, w_lo: 0.0, w_hi: 0.10, grade: D, cite: [guide],", "context only"),
    ("an earlier ankle sprain,", "you have a weak ankle,", "must not be said"),
    ("    no_rows: A finding", "    always_show: A finding", "no_rows to say why"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN)
def test_a_wrong_edit_names_its_line(right, wrong, said):
    assert right in TEXT
    broken = TEXT.replace(right, wrong, 1)
    line = TEXT[: TEXT.index(right)].count("\n") + 1
    with pytest.raises(InputError, match=re.escape(said)) as error:
        parse_evidence(broken)
    named = int(str(error.value).removeprefix("gait/risk/evidence.yaml line ").split(":")[0])
    near = 12 if "no_rows" in said or "context only" in said else 1  # the condition itself
    assert 0 <= line - named <= near or named - line == 1


def test_gait_that_could_pass_watch_is_refused():
    loud = TEXT.replace("gait: {cap: 0.40", "gait: {cap: 9.0").replace(
        "w: 0.25, w_lo: 0.10, w_hi: 0.30, grade: C, cite: [kliethermes2021, brindle2020]",
        "w: 0.50, w_lo: 0.10, w_hi: 0.90, grade: A, cite: [kliethermes2021, brindle2020]",
    )
    with pytest.raises(InputError, match=r"line \d+: gait alone could pass “watch” for stress_fra"):
        parse_evidence(loud)


@pytest.mark.parametrize("text", ["a: [", "", "- 1", "version: 1", "version: x\nversion: y"])
def test_no_table_at_all(text):
    with pytest.raises(InputError, match=r"gait/risk/evidence\.yaml"):
        parse_evidence(text)


def test_pages_hold_every_row_and_mark_what_was_not_read():
    page = table_page(TABLE)
    for key, condition in TABLE.conditions.items():
        one = condition_page(key, TABLE)
        assert f"# {condition.name}" in one
        assert f"## {condition.name}" in page
        for row in rows_of(key):
            assert row["note"] in one
            assert row["note"] in page
    assert page.count("*(not verified)*") == sum(not c.verified for c in TABLE.citations.values())
    assert not banned_words(page)
    assert condition_page("Achilles Tendinopathy", TABLE) == condition_page(
        "achilles_tendinopathy", TABLE
    )


def test_an_unknown_condition_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean stress_fracture"):
        condition_page("stress fractur", TABLE)


def test_banned_words():
    assert banned_words("You have a diagnosis with 5 % risk and some probability")
    assert not banned_words("Information, not a diagnosis; 34 % longer.")
