"""Tiles and rows of the page: which measures, in which words, with how many decimals."""

import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of

from gait.measures.session_table import ROWS
from gait.measures.table import Group
from gait.model import FootCount, Measure, Reference, Side
from gait.report.cells import Cell, beside, cell, comparison, tiles
from gait.report.measure_table import Row, by_note, by_reason, measure_rows
from gait.text import words

BOUNDS = {"kind": "expectation", "text": "runners", "source": "a study"}


def measure(value, unit="ms", n=40, **more):
    return Measure(value=value, unit=unit, n=n, **more)


def reference(low, high, **more):
    return Reference(low=low, high=high, **{**BOUNDS, **more})


def summary(measures, *, running=True):
    """A run or a walk of two feet with these measures alone."""
    count = FootCount(found=9, running=9 * running, walking=9 * (not running), left_out=0,
                      left_out_why={})  # fmt: skip
    made = summary_of(strides_of())
    spent = {"running": 60.0 * running, "walking": 60.0 * (not running)}
    feet = {"left": count, "right": count}
    return replace(made, measures=measures, strides=feet, activity_s=spent)


@pytest.mark.parametrize(
    ("unit", "value", "spread", "uncertain"),
    [
        ("ms", "251", "4", "3"),
        ("steps/min", "251", "4", "3"),
        ("°/s", "251", "4", "3"),
        ("mm", "251", "4", "3"),
        ("°", "251.3", "4.4", "2.7"),
        ("g", "251.3", "4.4", "2.7"),
        ("%", "251.3", "4.4", "2.7"),
        ("kN/m", "251.3", "4.4", "2.7"),
        ("m", "251.28", "4.39", "2.72"),
        ("m/s", "251.28", "4.39", "2.72"),
        ("of a kind that nobody knows", "251.28", "4.39", "2.72"),
    ],
)
def test_a_value_has_the_decimals_of_its_unit(unit, value, spread, uncertain):
    told = measure(251.284, unit, n=40, spread=4.391, uncertainty=2.716, quality="fair")
    assert cell("left", told) == Cell(
        side="left",
        value=value,
        spread=spread,
        uncertain=words.UNCERTAINTY.format(value=uncertain),
        details=["40 strides", words.QUALITIES["fair"]],
        note="",
        why="",
        quality="fair",
    )
    between = {"251": ("3–11"), "251.3": "3.4–10.6", "251.28": "3.44–10.56"}[value]
    assert beside(reference(3.44, 10.56), unit) == f"{words.REFERENCES['expectation']} {between}"


@pytest.mark.parametrize(
    ("uncertainty", "said"), [(0.51, "1"), (0.5, "0.5"), (0.49, "0.5"), (0.1, "0.1")]
)
def test_a_small_uncertainty_has_one_more_decimal(uncertainty, said):
    told = cell("left", measure(250.0, uncertainty=uncertainty, quality="good"))
    assert told.uncertain == words.UNCERTAINTY.format(value=said)


def test_a_cell_says_what_is_not_known_as_such():
    assert cell("right", measure(None)) == Cell(
        "right", None, "", "", [], "", words.NO_REASON, "none"
    )
    gone = cell("right", measure(None, why_not="no steps", note="n"))
    assert (gone.why, gone.note) == ("no steps", "n")
    told = cell("both", measure(-0.2, "°", n=0, quality="low", why_not="few", note="n"))
    assert told == Cell("both", "−0.2", "", "", [words.QUALITIES["low"]], "n", "few", "low")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (160.0, 180.4, "expected 160–180"),
        (160.0, None, "expected from 160"),
        (None, 180.0, "expected up to 180"),
        (None, None, ""),
        (0.0, 4.0, "expected 0–4"),
    ],
)
def test_what_stands_beside_a_value(low, high, said):
    assert beside(reference(low, high), "ms") == said
    assert beside(None, "ms") == ""


def both_feet(name, left, right, **more):
    return {"left": {name: left}, "right": {name: right}, "both": more}


@pytest.mark.parametrize("key", ["contact_ms", "pronation_excursion_deg", "impact_g",
                                 "strike_angle_deg"])  # fmt: skip
def test_a_tile_of_the_feet_has_one_value_a_foot(key):
    left, right = measure(9.0, "g", reference=reference(5.0, 7.0)), measure(8.0, "g")
    (tile,) = tiles(summary(both_feet(key, left, right)))
    assert (tile.label, tile.unit, tile.note) == (ROWS[key].label, "g", "")
    assert tile.cells == [cell("left", left), cell("right", right)]
    assert tile.beside == "expected 5.0–7.0"


def test_a_tile_of_the_runner_has_one_value_and_speed_its_pace():
    both = {"cadence_spm": measure(170.0, "steps/min"), "speed_m_s": measure(3.0, "m/s")}
    feet = {"cadence_spm": measure(1.0, "steps/min"), "speed_m_s": measure(1.0, "m/s")}
    found = tiles(summary({"left": feet, "right": feet, "both": both}))
    assert [(t.label, [(c.side, c.value) for c in t.cells], t.note) for t in found] == [
        (ROWS["cadence_spm"].label, [("both", "170")], ""),
        (ROWS["speed_m_s"].label, [("both", "3.00")], "5:33 min/km"),
    ]
    alone = tiles(summary({"left": feet, "right": {}, "both": {}}))
    assert [[(c.side, c.value) for c in t.cells] for t in alone] == [
        [("left", "1")],
        [("left", "1.00")],
    ]


def test_a_tile_stands_beside_the_runners_own_range_before_any_other():
    own = reference(3.44, 4.0, kind="own baseline")
    both = {"speed_m_s": measure(3.6, "m/s", reference=own)}
    (tile,) = tiles(summary({"both": both}))
    assert tile.beside == words.OWN_RANGE.format(ranges="3.44–4.00")


def test_what_neither_foot_has_is_no_tile_and_one_foot_is_enough():
    (tile,) = tiles(
        summary(
            {
                "left": {"contact_ms": measure(None), "impact_g": measure(None, "g")},
                "right": {"contact_ms": measure(250.0), "impact_g": measure(None, "g")},
            }
        )
    )
    assert [c.value for c in tile.cells] == [None, "250"]
    assert tiles(summary({})) == []


def test_tiles_stand_in_their_order_and_walking_has_its_own():
    names = ("strike_angle_deg", "impact_g", "pronation_excursion_deg", "speed_m_s", "contact_ms",
             "cadence_spm", "stride_length_m")  # fmt: skip
    run = {name: measure(1.0) for name in names}
    walk = {f"walking_{name}": measure(2.0) for name in names}
    ran = tiles(summary({"left": {**run, **walk}}))
    assert [t.label for t in ran] == [
        ROWS[name].label
        for name in ("cadence_spm", "contact_ms", "speed_m_s", "pronation_excursion_deg",
                     "impact_g", "strike_angle_deg")
    ]  # fmt: skip
    assert {c.value for t in ran for c in t.cells} == {"1"}
    walked = tiles(summary({"left": {**run, **walk}}, running=False))
    assert [t.label for t in walked] == [
        ROWS[name].label for name in ("cadence_spm", "contact_ms", "speed_m_s", "stride_length_m")
    ]
    assert {c.value for t in walked for c in t.cells} == {"2"}


def row(name, left=None, right=None, both=None):
    of = ROWS.get(name)
    return Row(of.label if of else name, of, left, right, both)


def test_a_row_of_the_table_is_the_measure_of_each_foot_or_of_both():
    left, right = measure(9.0, reference=reference(5.0, 7.0)), measure(8.0)
    both = measure(1.5, "%")
    table = comparison(
        [row("contact_ms", left, right), row("symmetry_contact_pct", both=both), row("odd", left)]
    )
    assert table.sides == ["left", "right"]
    contact, symmetry, odd = table.rows
    assert (contact.label, contact.unit, contact.of_both, contact.key) == (
        ROWS["contact_ms"].label, "ms", False, True
    )  # fmt: skip
    assert contact.cells == [cell("left", left), cell("right", right)]
    assert (contact.beside, contact.source) == ("expected 5–7", "runners (a study)")
    assert contact.heading == words.GROUPS["contact"]
    assert (symmetry.of_both, symmetry.cells) == (True, [cell("both", both)])
    assert (symmetry.beside, symmetry.source) == ("", "")
    assert symmetry.heading == words.GROUPS["symmetry"]
    assert (odd.heading, odd.key, odd.of_both) == ("", True, False)
    assert odd.cells == [cell("left", left), cell("right", Measure(value=None, unit="", n=0))]
    one = comparison([row("contact_ms", None, right)])
    assert one.sides == ["right"]
    assert not one.rows[0].of_both
    assert one.rows[0].cells == [cell("right", right)]


def test_a_row_stands_beside_the_runners_own_range():
    own = measure(3.6, "m/s", reference=reference(3.44, 4.0, kind="own baseline"))
    strange = measure(3.6, "x", reference=reference(3.44, 4.0, kind="own baseline"))
    rows = comparison([row("speed_m_s", both=own), row("x", both=strange)]).rows
    assert [one.beside for one in rows] == [words.OWN_RANGE.format(ranges="3.44–4.00")] * 2


def test_key_measures_and_changes_over_the_run_are_shown_at_once():
    by_group = [of for group in Group for of in ROWS.values() if of.group is group]
    table = comparison([row(of.name, measure(1.0)) for of in by_group])
    at_once = [of for of in by_group if of.key or of.group is Group.DRIFT]
    later = [of for of in by_group if of not in at_once]
    for shown, expected in ((table.rows, at_once), (table.more, later)):
        assert [r.label for r in shown] == [of.label for of in expected]
        groups = [of.group for of in expected]
        assert [r.heading for r in shown if r.heading] == [
            words.GROUPS[group] for group in dict.fromkeys(groups)
        ]


def test_what_is_missing_and_what_must_be_known_stands_below():
    gone = measure(None, why_not="no steps")
    table = comparison(
        [
            row("contact_ms", gone, gone),
            row("flight_ms", measure(None, why_not="one shoe"), None),
            row("impact_g", measure(9.0, "g", note="clipped"), measure(8.0, "g", why_not="few")),
            row("braking_g", measure(4.0, "g", note="not key"), measure(None, "g", why_not="odd")),
        ]
    )
    assert table.missing == [
        ("no steps", ROWS["contact_ms"].label), ("one shoe", ROWS["flight_ms"].label)
    ]  # fmt: skip
    impact = ROWS["impact_g"].label
    assert table.notes == [("clipped", impact), ("few", f"{impact} (right)")]


def test_reasons_name_the_foot_where_only_one_is_meant():
    few, odd = measure(1.0, why_not="few"), measure(1.0, why_not="odd")
    rows = [
        row("a", few, few),
        row("b", few, odd),
        row("c", few, measure(1.0)),
        row("d", both=measure(1.0, why_not="few")),
        row("e", few, None),
        row("f", measure(None), measure(None)),
    ]
    assert by_reason(rows, lambda m: m.why_not is not None) == {
        "few": ["a", "b (left)", "c (left)", "d", "e"],
        "odd": ["b (right)"],
    }
    assert by_reason(rows, lambda m: m.value is None) == {words.NO_REASON: ["f"]}


def test_notes_name_the_foot_where_each_has_another():
    one, other = measure(1.0, note="one"), measure(1.0, note="other")
    rows = [row("a", one, one), row("b", one, other), row("c", one, measure(1.0)),
            row("d", both=one), row("a", one, None)]  # fmt: skip
    assert by_note(rows) == {"one": ["a", "b (left)", "c", "d"], "other": ["b (right)"]}


def test_the_reference_of_a_row_is_that_of_both_else_of_the_left():
    a, b, c = (measure(1.0, reference=reference(x, x + 1.0)) for x in (1.0, 2.0, 3.0))
    assert row("a", a, b, c).reference == c.reference
    assert row("a", a, b, measure(1.0)).reference == a.reference
    assert row("a", measure(1.0), b).reference == b.reference
    assert row("a", measure(1.0), None).reference is None


def test_rows_stand_by_group_with_strange_ones_last_and_running_apart_from_walking():
    names = list(ROWS)
    found = measure_rows(
        summary(
            {
                "right": {name: measure(1.0) for name in [*reversed(names), "zzz", "walking_zz"]},
                "left": {"walking_contact_ms": measure(2.0, label="Contact\x1b time")},
                "both": {"walking_cadence_spm": measure(3.0), "contact_ms": measure(4.0)},
            }
        ),
        walking=False,
    )
    groups = list(Group)
    assert [one.of.group for one in found if one.of] == sorted(
        (of.group for of in ROWS.values()), key=groups.index
    )
    assert {one.of.name for one in found if one.of} == set(names)
    assert (found[-1].label, found[-1].of, found[-1].left, found[-1].both) == (
        "zzz", None, None, None
    )  # fmt: skip
    contact = next(one for one in found if one.of and one.of.name == "contact_ms")
    assert contact.both == measure(4.0)
    walked = measure_rows(
        summary(
            {
                "left": {"walking_contact_ms": measure(2.0, label="Contact\x1b time"),
                         "contact_ms": measure(2.0)},
                "both": {"walking_cadence_spm": measure(3.0)},
            }
        ),
        walking=True,
    )  # fmt: skip
    assert [(one.label, one.of and one.of.name) for one in walked] == [
        ("walking_cadence_spm", "cadence_spm"), ("Contact  time", "contact_ms")
    ]  # fmt: skip


@pytest.mark.parametrize("group", list(Group))
def test_differences_and_changes_are_read_with_their_uncertainty(group):
    of = next(of for of in ROWS.values() if of.group is group)
    compared = group in ("symmetry", "variability", "drift")
    assert Row("", of, None, None, None).compares is compared
    assert not Row("", None, None, None, None).compares


def test_a_run_of_two_feet_has_its_tiles():
    strides = strides_of(Side.LEFT, Side.RIGHT)
    assert len(tiles(summary_of(strides, Side.LEFT, Side.RIGHT))) == 6
