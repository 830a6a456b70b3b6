"""Every kind of wrong edit of the evidence table is refused, in one sentence, with its line.

The file is taken apart by PyYAML's own parser, which knows where each name and value stands.
"""

import contextlib
import re
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_score import TEXT

from gait.model import InputError
from gait.risk import parse_evidence

ROOT = yaml.compose(TEXT)
# Mappings whose names are free to choose; all others have a fixed set of names.
FREE = {
    *("factors", "templates", "conditions", "measures", "signs", "self_tests", "causes"),
    *("other_causes", "locations", "red_flags", "citations", "units", "kinds"),
}


def walk(node: yaml.Node = ROOT, path: tuple = ()) -> Iterator[tuple[tuple, yaml.Node]]:
    """Every node below with the names that lead to it."""
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from walk(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield from walk(item, (*path, i))


NODES = list(walk())
SCALARS = [(path, node) for path, node in NODES if isinstance(node, yaml.ScalarNode)]
NUMBERS = [(p, n) for p, n in SCALARS if n.tag.endswith((":float", ":int"))]
FLAGS = [(p, n) for p, n in SCALARS if n.tag.endswith(":bool") and "is" not in p]
CITES = [(p, n) for p, n in SCALARS if "cite" in p[-2:]]
ROWS = [
    (path, node)
    for path, node in NODES
    if isinstance(node, yaml.MappingNode)
    and (path[:1] == ("templates",) or (path[:1] == ("conditions",) and "rows" in path))
    and isinstance(path[-1], int)
]
NAMES = [  # (path, mapping, place of a name in it) where the names are fixed
    (path, node, i)
    for path, node in NODES
    if isinstance(node, yaml.MappingNode)
    and not (len(path) == 1 and path[0] in FREE)
    and path[-1:] != ("spots",)
    and path != ("structures", "each")
    for i in range(len(node.value))
]


def line_of(node):
    return node.start_mark.line + 1


def replaced(node, text, end=None):
    """The file with another text in the place of a node (up to the end of another)."""
    return TEXT[: node.start_mark.index] + text + TEXT[(end or node).end_mark.index :]


def refused(text):
    """The line and the sentence with which a text is refused."""
    with pytest.raises(InputError) as error:
        parse_evidence(text)
    said = str(error.value)
    assert said.count("\n") == 0
    found = re.fullmatch(r"gait/risk/evidence\.yaml line (\d+): (.+)\.", said)
    assert found, said
    return int(found[1]), found[2]


def without(mapping, name):
    """The file without a name and its value in a row that stands in braces."""
    pairs = mapping.value
    i = next(i for i, (key, _) in enumerate(pairs) if key.value == name)
    key, value = pairs[i]
    if i + 1 < len(pairs):
        return TEXT[: key.start_mark.index] + TEXT[pairs[i + 1][0].start_mark.index :]
    return TEXT[: pairs[i - 1][1].end_mark.index] + TEXT[value.end_mark.index :]


def names(row):
    return {key.value: value for key, value in row.value}


@pytest.mark.parametrize("field", ["factor", "direction", "grade", "cite", "found", "but"])
def test_no_row_can_do_without_grade_citation_or_either_half(field):
    for _, row in ROWS:
        assert refused(without(row, field)) == (line_of(row), f"{field} is missing")


@pytest.mark.parametrize("field", ["w", "w_lo", "w_hi"])
def test_no_row_in_the_score_can_do_without_its_weights(field):
    for _, row in ROWS:
        if "in_score" not in names(row):
            line, said = refused(without(row, field))
            assert (line, said) == (line_of(row), "a row in the score needs w, w_lo and w_hi")


@pytest.mark.parametrize("field", ["found", "but", "cite", "grade"])
def test_an_empty_half_is_none(field):
    for _, row in ROWS[::7]:
        line, _ = refused(replaced(names(row)[field], '""'))
        assert line == line_of(names(row)[field])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NUMBERS), st.sampled_from(["much", ".nan", ".inf", "1:30", "[1]", "{}"]))
def test_what_is_no_number_is_refused_where_it_stands(number, wrong):
    path, node = number
    line, said = refused(replaced(node, wrong))
    assert (line, said) == (line_of(node), "a number is expected here"), path


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FLAGS), st.sampled_from(["maybe", "1", "[true]"]))
def test_what_is_no_yes_or_no_is_refused_where_it_stands(flag, wrong):
    line, said = refused(replaced(flag[1], wrong))
    assert (line, said) == (line_of(flag[1]), "true or false is expected here")


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(CITES))
def test_an_unknown_source_is_refused_where_it_stands(cite):
    _, node = cite
    line, said = refused(replaced(node, "nobody1999"))
    assert line == line_of(node)
    assert said.startswith("nobody1999 is not known")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES))
def test_an_unknown_name_is_refused_near_where_it_stands(name):
    path, mapping, i = name
    key, value = mapping.value[i]
    line, said = refused(replaced(key, key.value + "x"))
    if said == f"{key.value} is missing":  # the place of the mapping, where the name should be
        assert line == line_of(mapping), path
    else:
        assert line_of(mapping) <= line <= line_of(value), (path, said)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([n for n in NAMES if len(n[1].value) > 1]), st.integers(0, 1000))
def test_a_name_that_stands_twice_is_refused_where_it_stands_again(name, other):
    _, mapping, i = name
    key = mapping.value[i][0]
    j = other % len(mapping.value)
    j = j if j != i else (i + 1) % len(mapping.value)
    twice = mapping.value[j][0]
    line, said = refused(replaced(key, twice.value))
    assert said == f"{twice.value} stands here twice"
    assert line == max(line_of(key), line_of(twice))


SPRAIN = "{factor: prior_ankle_sprain, direction: up, w: 0.70, w_lo: 0.20, w_hi: 0.90, grade: A, "
SPRAINS = "cite: [mason2022, wikstrom2021]"
EXTENSOR = "    rows: [overuse_load, generic_history]"
ROLL = "    beside: {studies: [roll_at_ic_standing_deg]}"
NORM = "kind: ramp_low, reference: norm, reliability: 0.95"
WRONG = [  # what stands there, what stands there instead, what is said
    (SPRAIN, SPRAIN.replace("grade: A", "grade: E"), "E is not known (known: A, B, C, D, N)"),
    (SPRAIN, SPRAIN.replace("grade: A", "grade: B"), "above what grade B may have (0.6)"),
    (SPRAIN, SPRAIN.replace("w_lo: 0.20", "w_lo: 0.80"), "w_lo ≤ w ≤ w_hi does not hold"),
    (SPRAIN, SPRAIN.replace("w_hi: 0.90", "w_hi: 0.60"), "w_lo ≤ w ≤ w_hi does not hold"),
    (SPRAIN, SPRAIN.replace("w: 0.70, w_lo: 0.20", "w: 0.0, w_lo: 0.0"), "needs a weight"),
    (SPRAIN, SPRAIN.replace("w_lo: 0.20", "w_lo: -0.20"), "against direction up"),
    (SPRAIN, SPRAIN.replace("direction: up", "direction: down"), "against direction down"),
    (SPRAIN, SPRAIN.replace("direction: up", "direction: none"), "cannot be in the score"),
    (SPRAIN, SPRAIN.replace("direction: up", "direction: upward"), "upward is not known"),
    (SPRAIN, SPRAIN.replace("w_lo: 0.20", "w_low: 0.20"), "w_low is not known here"),
    (SPRAIN, SPRAIN.replace("prior_ankle_sprain", "prior_ankle"), "did you mean prior_ankle_spra"),
    (SPRAIN, SPRAIN + "read: abstract, ", "less than was read of the sources (abstract)"),
    (SPRAIN, SPRAIN.replace("grade: A", "in_score: true, grade: N"), "above what grade N may have"),
    (SPRAINS, "cite: []", "at least one citation is needed"),
    (SPRAINS, "cite: [mason2022, mason2022]", "stands here twice"),
    (SPRAINS, "cite: mason2022", "a list is expected here"),
    (EXTENSOR, "    rows: [overuse_load, overuse_load]",
     "session_spike has a row already"),
    (EXTENSOR, "    rows: [overuse]", "did you mean overuse_load?"),
    ("  N: {cap: 0.0,", "  N: {cap: 0.1,", "that of N be 0"),
    ("  C: {cap: 0.30,", "  C: {cap: 0.70,", "must fall"),
    ("  D: {cap: 0.10,", "  E: {cap: 0.10,", "exactly A, B, C, D, N must stand here"),
    ("  gait: {cap: 0.40,", "  gait: {cap: 0.80,", "gait alone must stay below “elevated”"),
    ("  shoe: {cap: 0.15,", "  shoe: {cap: 0.0,", "a cap must be above 0"),
    ("  watch: 0.25\n", "  watch: 0.90\n", "0 < watch < elevated does not hold"),
    ("  own: 0.10 ", "  own: 0.30 ", "0 < own ≤ elevated_specific ≤ elevated does not hold"),
    ("  coverage: 0.50 ", "  coverage: 1.50 ", "coverage must lie above 0"),
    ("provisional_share: 0.5 ", "provisional_share: 1.0 ", "must count for less than a norm"),
    ("threshold: 1.10, boundary", "boundary", "session_spike needs a threshold"),
    ("threshold: 1.10, boundary: the study's,", "threshold: 1.10,", "needs a boundary"),
    ("measure: cadence_spm, of: runner,", "measure: cadence, of: runner,",
     "did you mean cadence_spm"),
    ("input: ankle_sprain, kind", "input: ankle_sprains, kind", "did you mean ankle_sprain?"),
    ("input: ankle_sprain, kind", "kind", "needs a measure or an input, and not both"),
    ("input: ankle_sprain, kind", "input: ankle_sprain, measure: impact_g, kind", "and not both"),
    ("input: ankle_sprain, kind: flag", "input: ankle_sprain, kind: flags", "did you mean flag?"),
    (NORM, "kind: ramp_low, reliability: 0.95",
     "cadence_low needs a reference"),
    (NORM,
     "kind: ramp_low, reference: provisional, reliability: 0.95", "belong together"),
    ("reference: norm, reliability: 0.95", "reference: norm, reliability: 1.5", "not above 1"),
    ("reference: norm, reliability: 0.95", "reference: norm, reliability: 0", "above 0"),
    ("{more_pct:.0f}", "{more:.0f}", "a name in braces is not known"),
    ("{more_pct:.0f}", "{more_pct:.0x}", "a name in braces is not known or not well formed"),
    ('  soon: "{urgency}: {what_to_do}"', '  soon: "{urgency}: {what}"', "a name in braces"),
    ('  soon: "{urgency}: {what_to_do}"', "  sooner: x", "sooner is not known here"),
    ("    gait_context_only: true\n", "    gait_context_only: surely\n", "true or false is"),
    ("    overall: true\n", "    overall: false\n", "the first condition, and only that"),
    (ROLL, "    beside: {guide: [roll]}", "roll is not known"),
    (ROLL, "    beside: {gait: [roll_at_ic_standing_deg]}",
     "gait is not known here"),
    (ROLL,
     "    beside: {guide: [cadence_spm], studies: [cadence_spm]}", "a measure stands here"),
    (SPRAINS, "cite: [wanner2019]", "grade A needs better sources; these carry C"),
    ("{kind: cohort, read: abstract, checked: 2026-11-30, ref: \"Frandsen",
     "{kind: cohort, read: abstract, ref: \"Frandsen", "needs either checked or unchecked"),
    ("{kind: cohort, read: abstract, checked: 2026-11-30, ref: \"Frandsen",
     "{kind: cohort, read: abstract, checked: lately, ref: \"Frandsen", "lately is no date"),
    ("{kind: cohort, read: abstract, checked: 2026-11-30, ref: \"Frandsen",
     "{kind: cohorts, read: abstract, checked: 2026-11-30, ref: \"Frandsen", "did you mean cohort"),
    ("kinds: [overuse, bony_problems]", "kinds: [overuse, bones]", "bones is not known"),
    ("  shin: {name: Shin, causes: [shin_splints_mtss]", "  shin: {name: Shin, causes: [shin]",
     "shin is not known"),
    ("  shin: {name: Shin, causes: [shin_splints_mtss], for_safety: [stress_fracture]",
     "  shin: {name: Shin, causes: [stress_fracture], for_safety: [stress_fracture]",
     "a cause stands twice at shin"),
    ("  impact_g: {name: impact of the shoe,", "  impact: {name: impact of the shoe,",
     "impact is no measure"),
    ("{urgency: same day, question", "{urgency: today, question", "today is not known"),
    ("doi: 10.1136/bjsports-2024-109380", "doi: bjsports-2024-109380", "it begins with 10"),
    (", doi: 10.1136/bjsports-2024-109380", "", "frandsen2025 needs a doi, or where"),
    ("  frandsen2025: {kind: cohort, read: abstract,",
     "  frandsen2025: {kind: cohort, read: all,", "all is not known"),
    ("an earlier ankle sprain,", "you have a weak ankle,", "must not be said to a runner"),
    ("{when: pain,", "{when: hurting,", "hurting is not known"),
    ("{when: [shoe_changed_4w],", "{when: [new_shoes],", "new_shoes is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_a_wrong_edit_is_told_with_its_line(right, wrong, said):
    assert right in TEXT
    pairs = enumerate(zip(right, wrong, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), min(len(right), len(wrong)))
    at = TEXT.index(right) + same
    line, told = refused(TEXT.replace(right, wrong, 1))
    assert said in told
    # the edit's own line, or that of the entry that it stands in
    entry = max(line_of(n) for _, n in NODES if n.start_mark.index <= at <= n.end_mark.index)
    begins = [
        line_of(n)
        for _, n in NODES
        if isinstance(n, yaml.MappingNode) and n.start_mark.index <= at <= n.end_mark.index
    ]
    assert line in (TEXT[:at].count("\n") + 1, entry, *begins[1:]), (line, begins)


def test_a_condition_for_context_cannot_count_how_one_runs():
    row = next(row for path, row in ROWS if path[1] == "tarsal_tunnel_syndrome"
               and names(row)["factor"].value == "eversion_excursion_high")  # fmt: skip
    condition = next(n for p, n in NODES if p == ("conditions", "tarsal_tunnel_syndrome"))
    line, said = refused(without(row, "in_score"))
    assert line == line_of(condition)
    assert "is for gait as context only; set in_score: false" in said


def test_a_condition_without_rows_says_why():
    condition = next(n for p, n in NODES if p == ("conditions", "bone_spur"))
    key = next(key for key, _ in condition.value if key.value == "no_rows")
    line, said = refused(replaced(key, "always_show"))
    assert (line, said) == (
        line_of(condition),
        "bone_spur needs rows, or no_rows to say why there are none",
    )


def test_the_stronger_row_counts_no_less():
    line, said = refused(
        TEXT.replace("w: 0.49, w_lo: 0.24, w_hi: 0.60", "w: 0.24, w_lo: 0.2, w_hi: 0.60")
    )
    condition = next(n for p, n in NODES if p == ("conditions", "overall_overuse"))
    assert (line, said) == (
        line_of(condition),
        "session_spike_double must not count less than session_spike",
    )


@pytest.mark.parametrize("text", ["a: [", "", "- 1", "version: 1", "version: x\nversion: y", "\t"])
def test_no_table_at_all(text):
    with pytest.raises(InputError, match=r"gait/risk/evidence\.yaml"):
        parse_evidence(text)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.text("{}[]:,#&*!|>'\"%@`\n\t -ax1", max_size=3))
def test_any_slip_of_the_pen_is_a_table_or_a_sentence(at, slip):
    with contextlib.suppress(InputError):
        parse_evidence(TEXT[:at] + slip + TEXT[at + 1 :])
