"""The pages of the evidence, condition by condition, against the file they are made of."""

import pytest
from naive_score import RAW

from gait.risk import condition_page, load_evidence
from gait.risk.evidence_pages import REACH, reach

TABLE = load_evidence()


@pytest.mark.parametrize("key", TABLE.conditions)
def test_a_page_says_what_stands_in_the_file(key: str) -> None:
    condition = TABLE.conditions[key]
    page = condition_page(key, TABLE, full=True)
    assert page.startswith(f"# {condition.name}\n\n*{TABLE.statement}*\n")
    lines = page.splitlines()
    # a label for what there is, and none for what there is not
    for label, text in (
        ("Where", condition.site),
        ("Cause", condition.cause),
        ("Symptoms", condition.symptoms),
        ("What a runner can tell of it", condition.signs),
        ("What tells it from its neighbours", condition.distinguishing),
        ("Speaks against it", condition.against),
    ):
        found = [line for line in lines if line.startswith(f"- {label}: ")]
        assert len(found) == bool(text), label
        signs = [TABLE.signs[one] for one in text] if isinstance(text, tuple) else []
        for sign in signs:
            cites = "" if "guide" in sign.cites else f" ({', '.join(sign.cites)})"
            assert f"{sign.says}{cites}" in found[0]
        if not signs and text:
            assert found == [f"- {label}: {text}"]
    scored = [row for row in condition.rows if row.in_score]
    if scored:
        judged = reach(condition, TABLE)
        for kind, words in REACH.items():
            assert f"- {words}: {judged[kind].level} ({judged[kind].score:.2f})" in lines
    assert ("Nothing is scored." in lines) == (not scored)
    specific = [row for row in scored if row.specific or condition.overall]
    headings = {
        "*About this condition itself*": bool(specific),
        "*About overuse injuries in general*": len(specific) < len(scored),
        "*Shown, never counted*": len(scored) < len(condition.rows),
    }
    for heading, there in headings.items():
        assert (heading in lines) == (there and not condition.no_rows), heading
    for row in condition.rows:
        (line,) = [line for line in lines if row.found[1:] in line and row.but in line]
        name = row.factor.name[:1].upper() + row.factor.name[1:]
        counts = ""
        if row.in_score:
            counts = f"; counts {row.w:+.2f}, by other readings {row.w_lo:+.2f} to {row.w_hi:+.2f}"
        assert line.startswith(f"- **{name}** (grade {row.grade}{counts}). ")
        assert line.endswith(f"[{', '.join(row.cites)}]")
        boundary = f" Boundary: {row.factor.boundary}."
        assert (boundary in line) == (row.factor.boundary is not None)
    cited = {cite for row in condition.rows for cite in row.cites} | {"guide"}
    cited |= {cite for sign in condition.signs for cite in TABLE.signs[sign].cites}
    cited |= set(condition.remark.cites) if condition.remark else set()
    cited |= {c for one in condition.structures for c in TABLE.structures.each[one].cites}
    named = [line.split("**")[1] for line in lines[lines.index("## Sources") :] if "**" in line]
    assert named == [key for key in RAW["citations"] if key in cited]
