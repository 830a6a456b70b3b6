"""The three sentences and the table of changes, word for word from made-up summaries."""

import io

import pytest
from msgspec.structs import replace
from report_cases import assessment, strides_of, summary_of

from gait.measures.table import empty_strides
from gait.model import FootCount, Level, Measure
from gait.model.history import Load, SpeedBin, Week
from gait.report import html
from gait.report.before_after import before_after
from gait.report.first_screen import ran
from gait.report.sentences import (
    duration_words,
    moment,
)
from gait.report.tables import stride_cells, stride_columns, write_strides
from gait.text import words


def measure(value, unit="", n=40, **more):
    return Measure(value=value, unit=unit, n=n, **{"quality": "good", **more})


def count(running=0, walking=0, found=None):
    return FootCount(found=running + walking if found is None else found, running=running,
                     walking=walking, left_out=0, left_out_why={})  # fmt: skip


def summary(*, run=(0, 0), walk=(0, 0), ran_s=0.0, walked_s=0.0, **more):
    feet = {"left": count(run[0], walk[0]), "right": count(run[1], walk[1])}
    basics = {"strides": feet, "activity_s": {"running": ran_s, "walking": walked_s},
              "duration_s": 600.0, "measures": {}}  # fmt: skip
    return replace(summary_of(strides_of()), **{**basics, **more})


def run(*, measures, walked_s=0.0, **more):
    return summary(run=(9, 8), ran_s=120.0, walked_s=walked_s, measures=measures, **more)


@pytest.mark.parametrize(
    ("run_", "walk", "ran_s", "expected"),
    [
        ((1, 0), (0, 0), 0.0, True),
        ((0, 1), (0, 0), 0.0, True),
        ((1, 0), (9, 9), 0.0, False),
        ((1, 0), (9, 9), 2.0, True),
        ((0, 0), (9, 0), 0.0, False),
        ((0, 0), (9, 0), 5.0, False),
        ((0, 0), (0, 0), 5.0, True),  # no stride, but a sensor that tells of running
        ((0, 0), (0, 0), 0.0, False),
    ],
)
def test_whether_it_is_a_run(run_, walk, ran_s, expected):
    assert ran(summary(run=run_, walk=walk, ran_s=ran_s)) is expected


def feet(name, left, right, **both):
    return {"left": {name: left}, "right": {name: right}, "both": both}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (119.49, "119 s"), (119.5, "2 min"), (7169.0, "119 min"), (7171.0, "2 h 00 min"),
        (3.0 * 3600 + 540, "3 h 09 min"),
    ],
)  # fmt: skip
def test_how_long(seconds, said):
    assert duration_words(seconds) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2026-05-03T07:30:59+02:00", "2026-05-03 07:30"),
        (None, words.DATE_UNKNOWN),
        ("yesterday", "yesterday"),
    ],
)
def test_when(told, said):
    assert moment(told) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("pronation_velocity_deg_s", 1.23456789, "1.2"),
        ("speed_m_s", 1.23456789, "1.2346"),
        ("contact_ms", 1.23456789, "1.23"),
        ("cadence_spm", 1.23456789, "1.23"),
        ("duty_factor_pct", 1.23456789, "1.23"),
        ("roll_at_ic_deg", 1.23456789, "1.23"),
        ("impact_g", 1.23456789, "1.235"),
        ("stride_length_m", 1.23456789, "1.2346"),
        ("vertical_oscillation_mm", 1.23456789, "1.2346"),
        ("ic_s", 1.23456789, "1.234568"),
        ("ic_s", -1e-9, "0.000000"),
    ],
)
def test_decimals_of_the_table_of_strides(name, value, said):
    strides = empty_strides(1)
    strides[name] = value
    assert stride_cells(strides, name) == [said]
    assert stride_cells(strides, "of another version") == [""]


def test_the_table_of_strides_has_its_columns_and_plain_ends_of_lines():
    out = io.StringIO()
    write_strides(out, empty_strides(1))
    assert out.getvalue().count("\n") == 2
    assert "\r" not in out.getvalue()
    columns = stride_columns(empty_strides(0))
    assert len(columns) == len(set(columns))
    assert columns[:2] == ["side", "activity"]
    assert columns[19] == "why"


def test_what_the_page_is_called():
    assert html._title(run(measures={})) == words.TITLE
    assert html._title(summary(walk=(0, 3))) == words.WALKING_TITLE
    assert html._title(summary()) == words.NOTHING_TITLE


def test_other_readings_of_a_level():
    found = assessment().conditions[0]
    read = html._other_reading
    both = replace(found, level=Level.WATCH, level_low=Level.NO_FLAG, level_high=Level.ELEVATED)
    assert read(both) == words.OTHER_READING.format(levels="no flag and elevated")
    same = replace(found, level=Level.WATCH, level_low=Level.WATCH, level_high=Level.ELEVATED)
    assert read(same) == words.OTHER_READING.format(levels="elevated")
    once = replace(both, level_high=Level.NO_FLAG)
    assert read(once) == words.OTHER_READING.format(levels="no flag")


def test_what_a_page_is_told():
    weeks = [Week(begins="", km=km, runs=1) for km in (31.04, 28.5)]
    assert html._weeks(
        replace(summary(), load=Load(session_km=1.0, weeks=weeks, sentences=[]))
    ) == ("31.0, 28.5")
    assert html._weeks(summary()) == ""
    assert html._sources([summary(source="a")]) == "a"
    assert html._sources([summary(source="a")] * 2) == words.RUNS_UNDATED.format(count=2)


def test_left_and_right_of_running_and_of_walking():
    both = {"left": {"contact_ms": measure(1.0), "walking_contact_ms": measure(2.0)}}
    found = html.comparisons(run(measures=both))
    assert [(heading, [r.cells[0].value for r in table.rows]) for heading, table in found] == [
        (words.COMPARISON, ["1.00"]), (words.COMPARISON_WALKING, ["2.00"])
    ]  # fmt: skip
    walked = html.comparisons(summary(walk=(9, 9), measures=both))
    assert [heading for heading, _ in walked] == [words.COMPARISON_WALKING]
    assert html.comparisons(run(measures={})) == []


def at_speed(contact):
    return {"left": [SpeedBin(from_m_s=3.0, n=90, medians={"contact_ms": contact, "speed_m_s": 3.1},
                              spreads={"contact_ms": 5.0}, counts={"contact_ms": 90})]}  # fmt: skip


def dated(day, contact, **more):
    made = summary(run=(9, 9), ran_s=60.0, speed_bins=at_speed(contact), source=f"{day}.gait")
    return replace(made, started_at=f"2026-03-{day:02}T08:00:00", **more)


def test_runs_as_they_are_listed_before_and_after():
    whole = {"both": {"cadence_spm": measure(167.4), "speed_m_s": measure(2.96)}}
    far = replace(summary().distance, metres=1234.0)
    before = [dated(3, 250.0, measures=whole, distance=far), dated(1, 251.0)]
    after = [dated(9, 290.0)]
    found = before_after(before, after)
    assert [name for name, _ in found.groups] == [words.BEFORE, words.AFTER]
    (first, second), (third_,) = (runs for _, runs in found.groups)
    assert first.name == "2026-03-03 08:00, 3.gait"
    assert first.values == ["10 min", "1.23 km", "5:38 min/km", "167"]
    assert second.values == ["10 min", *[words.NOT_MEASURED] * 3]
    assert third_.name == "2026-03-09 08:00, 9.gait"
    dates = words.RUNS_DATED.format(count=2, first="2026-03-01", last="2026-03-03")
    assert found.sentences[0] == words.COMPARED_RUNS.format(before=dates, after="2026-03-09")
    assert words.SINGLE_RUN in found.remarks
    bare = [replace(one, started_at=None) for one in before]
    undated = before_after(bare, bare[:1]).sentences[0]
    assert undated == words.COMPARED_RUNS.format(
        before=words.RUNS_UNDATED.format(count=2), after="3.gait"
    )
    (pair,) = found.pairs
    assert (pair.label, pair.side, pair.before, pair.after) == (
        "Contact time", "left", "250 ms", "290 ms"
    )  # fmt: skip
    assert pair.difference.startswith("+40 ± ")
    assert pair.difference.endswith(" ms")
    assert (pair.sure, pair.verdict) == (True, words.BEYOND_DOUBT)
    back = before_after(after, before).pairs[0]
    assert (back.before, back.difference[:4]) == ("290 ms", "−40 ")
    same = before_after(before, before)
    assert (same.pairs[0].sure, same.pairs[0].verdict) == (False, words.WITHIN_DOUBT)
    assert same.sentences[1] == words.NOTHING_DIFFERS.format(count=1)
    assert same.remarks == []
    assert found.sentences[2].startswith("1 measures were compared")
