"""Whole pages of the terminal, line by line: what stands where, how far in, and how strongly."""

import io
import re

import pytest
from msgspec.structs import replace
from report_cases import assessment, finding, reason, strides_of, summary_of
from rich.console import Console

from gait.measures.session_table import ROWS
from gait.model import Assessment, Doubt, FootCount, Level, Link, Measure, Reference
from gait.model.assessment import SignAnswer, SignFit
from gait.model.history import Load, Week
from gait.report.measure_table import Row
from gait.report.sentences import changes_said, fit_in_words
from gait.report.terminal import (
    Page,
    before_anything_else,
    conditions,
    print_measures,
    summary_text,
    value_text,
)
from gait.text import words

STYLES = {"1": "bold", "2": "dim"}


def lines(show, width=100):
    """What is printed: style, indentation and text of each line that is not empty."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system="standard",
                      _environ={"TERM": "xterm", "COLUMNS": str(width)})  # fmt: skip
    show(console)
    found = []
    for line in out.getvalue().splitlines():
        codes = [c for part in re.findall(r"\x1b\[([\d;]*)m", line) for c in part.split(";")]
        plain = re.sub(r"\x1b\[[\d;]*m", "", line).rstrip()
        text = plain.strip().rstrip("─").rstrip()
        if text:
            heading = plain.endswith("─")
            indent = len(plain) - len(plain.lstrip())
            styles = {STYLES[c] for c in codes if c in STYLES}
            found.append((" ".join(sorted(styles)) + "#" * heading, indent, text))
    return found


def of(assessment):
    """The conditions as they are said: style, indentation, bullet and text."""
    page = Page(Console())
    collected = []
    page.say = lambda text, style="", *, indent=0, bullet="": collected.append(  # pyright: ignore
        (style, indent, bullet, text)
    )
    page.heading = lambda text: collected.append(("heading", 0, "", text))  # pyright: ignore
    conditions(page, assessment)
    return collected


def measure(value, unit="ms", n=40, **more):
    return Measure(value=value, unit=unit, n=n, **{"quality": "good", **more})


def row(name, left=None, right=None, both=None, label=None):
    of = ROWS.get(name)
    return Row(label or (of.label if of else name), of, left, right, both)


def measures(*rows):
    return lines(lambda console: print_measures(Page(console), "Running", list(rows)))


def test_what_is_said_how_strongly_and_how_far_in():
    def show(console):
        page = Page(console)
        page.heading("Heading")
        page.say("plain")
        page.say("strong", "bold", indent=2)
        page.say("point", "dim", indent=4, bullet="·")
        page.say("long " * 30, bullet="!")

    assert lines(show) == [
        ("bold dim#", 0, "Heading"),
        ("", 0, "plain"),
        ("bold", 2, "strong"),
        ("dim", 4, "· point"),
        ("", 0, "! " + ("long " * 19).strip()),
        ("", 2, ("long " * 11).strip()),
    ]


def test_a_heading_stands_after_an_empty_line_and_nothing_is_wider_than_can_be_read():
    out = io.StringIO()
    Page(Console(file=out, width=250)).heading("Heading")
    assert out.getvalue() == "\n" + "Heading " + "─" * 92 + "\n"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (measure(None), "–"),
        (measure(251.6), "252 (40)"),
        (measure(251.6, uncertainty=7.4), "252 ± 7 (40)"),
        (measure(3.14159, "m/s", uncertainty=0.25), "3.14 ± 0.25 (40)"),
        (measure(3.14159, "of no kind", quality="low"), "3.14 (40) ?"),
        (measure(-0.04, "°", quality="fair"), "0.0 (40)"),
    ],
)
def test_a_value_in_short(told, said):
    assert value_text(told) == said


def reference(kind, low, high):
    return Reference(kind=kind, low=low, high=high, text="what most do", source="s")


@pytest.mark.parametrize(
    ("kind", "low", "high", "said"),
    [
        ("expectation", 160.0, 180.4, "expected 160–180"),
        ("usual range", 160.0, None, "usual from 160"),
        ("provisional", None, 180.0, "provisional up to 180"),
        ("expectation", None, None, "what most do"),
        ("usual range", -5.0, 5.0, "usual −5 to 5"),
        ("own baseline", 160.0, None, "your own from 160"),
        ("own baseline", 160.0, 180.0, "your own: left 160–180"),
    ],
)
def test_what_stands_beside_a_value(kind, low, high, said):
    told = measure(170.0, reference=reference(kind, low, high))
    _, _, (style, _, text), *_ = measures(row("contact_ms", told))
    assert text.split("  ")[-1].strip() == said
    assert style == "dim"


def test_the_table_of_measures():
    table = measures(
        row("contact_ms", measure(251.0, uncertainty=4.0), measure(None, why_not="clipped")),
        row("impact_g", None, measure(9.0, "g", quality="low", why_not="few strides")),
        row("cadence_spm", both=measure(170.0, "steps/min", note="by the sensor")),
        row("symmetry_contact_pct", both=measure(-4.24, "%", uncertainty=3.01)),
        row("flight_ms", measure(None, why_not="one shoe"), measure(None, why_not="one shoe")),
        row("duty_factor_pct", measure(35.0, "%"), measure(36.0, "%")),
    )
    contact, impact, cadence, symmetry, flight = (
        ROWS[name].label
        for name in ("contact_ms", "impact_g", "cadence_spm", "symmetry_contact_pct", "flight_ms")
    )
    assert [(style, indent, " ".join(text.split())) for style, indent, text in table] == [
        ("bold dim#", 0, "Running"),
        ("bold", table[1][1], "left right unit typical"),
        ("dim", 0, f"{contact} 251 ± 4 (40) – ms"),
        ("dim", 0, f"{impact} 9.0 (40) ? g"),
        ("dim", 0, words.MEDIAN_NOTE_TERMINAL),
        ("", 0, f"· {cadence}: 170.0 steps/min"),
        ("", 0, f"· {symmetry}: -4.2 % ± 3.0"),
        ("", 0, f"· {cadence}: by the sensor"),
        ("dim", 0, words.ONE_MORE),
        ("", 0, f"? {impact}: few strides"),
        ("bold", 0, "Not measured"),
        ("", 2, f"· {contact} (right): clipped"),
        ("", 2, f"· {flight}: one shoe"),
    ]


def test_a_run_without_a_table_or_with_more_behind_it():
    two = [row(name, measure(1.0, "%")) for name in ("duty_factor_pct", "everted_pct")]
    assert not any(of.key for of in (ROWS["duty_factor_pct"], ROWS["everted_pct"]))
    assert [text for *_, text in measures(*two)] == [
        "Running", words.MORE_MEASURED.format(count=2)
    ]  # fmt: skip
    drift = measures(row("symmetry_contact_pct", measure(1.0, "%"), measure(2.0, "%")))
    assert [text for *_, text in drift] == [
        "Running", f"· {ROWS['symmetry_contact_pct'].label}: left 1.0 %; right 2.0 %"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "A"), (2, "A, b"), (4, "A, b, c, d"), (5, "A, b, c and 2 others")],
)
def test_few_labels_are_named_and_more_are_counted(n, said):
    rows = [row("x", measure(None, why_not="odd"), label=name) for name in "ABCDE"[:n]]
    assert measures(*rows)[-1] == ("", 2, f"· {said}: odd")


def summary(**more):
    made = summary_of(strides_of())
    return replace(made, **{"assessment": None, "source": "run.gait", "measures": {}, **more})


def told(made):
    return lines(lambda console: summary_text(made, console, full=True))


def test_a_recording_of_nothing_says_what_it_is():
    assert told(summary(duration_s=61.0, activity_s={})) == [
        ("bold", 0, "No steps were found in 61 s of recording."),
        ("bold", 0, "Next: Put that right and record again."),
        ("bold dim#", 0, "Data"),
        ("", 0, "run.gait, 01:01 long"),
    ]


def test_everything_stands_in_its_order():
    left_out = FootCount(
        found=9, running=5, walking=1, left_out=3, left_out_why={"gap": 2, "odd": 1}
    )
    plain = FootCount(found=2, running=2, walking=0, left_out=1, left_out_why={})
    none = FootCount(found=2, running=2, walking=0, left_out=0, left_out_why={})
    weeks = [Week(begins="2026-05-04", km=21.04, runs=2), Week(begins="2026-05-11", km=8.5, runs=1)]
    doubt = Doubt(check="side", side="left", sentence="The wrong shoe.", what="", spoils=[])
    made = summary(
        duration_s=3725.0,
        activity_s={"running": 61.0, "walking": 0.9},
        strides={"left": left_out, "right": plain, "both": none},
        clock_uncertainty_ms=1.44,
        notes=["It ends early."],
        doubts=[doubt],
        changes=[],
        change_notes=["No earlier run."],
        load=Load(session_km=8.5, weeks=weeks, sentences=["You ran 8.5 km."]),
        measures={
            "left": {
                "contact_ms": measure(250.0, label="Contact"),
                "walking_contact_ms": measure(640.0, label="Contact"),
            }
        },
    )
    stopped = assessment(answer=True)
    flags = told(replace(made, assessment=stopped))
    without = told(made)
    data = [
        ("bold dim#", 0, "Data"),
        ("", 0, "run.gait, 1:02:05 long: running 01:01"),
        (
            "",
            0,
            "· left: 5 running and 1 walking strides, 3 left out (2 because gap, 1 because odd)",
        ),
        ("", 0, "· right: 2 running and 0 walking strides, 1 left out"),
        ("", 0, "· both: 2 running and 0 walking strides"),
        ("", 0, "· clocks of the two shoes: ± 1.4 ms"),
        ("", 0, "! It ends early."),
    ]
    changes = [
        ("bold dim#", 0, words.CHANGES),
        *(("", 0, f"· {sentence}") for sentence in changes_said(made)),
        ("bold dim#", 0, words.TRAINING),
        ("", 0, "· You ran 8.5 km."),
        ("", 0, f"· {words.WEEKS.format(weeks='21.0, 8.5')}"),
    ]
    first = without.index(changes[0])
    shown = without[first:]
    table = [line for line in shown if line[2].startswith(("left", "Contact", "Typical"))]
    assert len(table) == 6
    assert without[:2] == [
        ("bold", 0, "! The wrong shoe."),
        ("bold", 0, "61 s, cadence not measured (no reason was given)."),
    ]
    assert without[first - 1][2].startswith("Next: Put that right first")
    assert shown == [
        *changes,
        ("bold dim#", 0, "Running"),
        *table[:3],
        ("bold dim#", 0, "Walking"),
        *table[3:],
        *data,
    ]
    assert flags[0][2].startswith("! Did you feel a pop?")
    assert ("bold dim#", 0, "Before anything else") not in flags
    asked = told(replace(made, assessment=assessment()))
    heading = asked.index(("bold dim#", 0, "Before anything else"))
    assert asked[heading - 1][2].startswith("Not asked yet: 3 warning signs")
    assert asked[-len(data) :] == flags[-len(data) :] == data
    places = [asked.index(("bold dim#", 0, name)) for name in ("Walking", words.CONDITIONS, "Data")]
    assert places == sorted(places)


def test_red_flags_before_anything_else():
    def show(made: Assessment):
        return lines(lambda console: before_anything_else(Page(console), made))

    stopped = assessment(answer=True)
    yes, first = stopped.red_flags[0].question, stopped.first[0]
    unanswered = words.UNANSWERED_TERMINAL.format(count=2, of=3).split()
    found = show(stopped)
    assert found[:3] == [
        ("bold dim#", 0, "Before anything else"),
        ("", 0, f"! {yes} {words.YES}"),
        ("bold", 0, first),
    ]
    assert " ".join(text for *_, text in found[3:]).split() == unanswered
    assert {style for style, *_ in found[3:]} == {""}
    none = [replace(flag, answer=False) for flag in stopped.red_flags]
    assert show(replace(stopped, red_flags=none, first=[])) == []
    assert len(show(replace(stopped, red_flags=none))) == 2


def sign(text, *, answer, distinguishes=False, against=False, key="k"):
    return SignAnswer(key=key, text=text, answer=answer, distinguishes=distinguishes,
                      against=against, cites=[])  # fmt: skip


FIT = SignFit(
    says="",
    signs=[
        sign("a", answer=True, distinguishes=True),
        sign("b", answer=True),
        sign("c", answer=True, against=True),
        sign("d", answer=False, distinguishes=True),
        sign("e", answer=False),
        sign("f", answer=None),
        sign("g", answer=None, against=True),
        sign("h", answer=False, against=True),
        sign("i", answer=False, distinguishes=True, key="spot"),
        sign("j", answer=None, distinguishes=True),
    ],
)


def test_how_signs_fit_is_told_a_line_each():
    no = words.ANSWERED_NO.format(what="d")
    elsewhere = words.SPOT_ELSEWHERE.format(what="i")
    assert fit_in_words(FIT) == [
        words.TELLS_APART.format(what="a"),
        words.FITS.format(what="b"),
        words.SPEAKS_AGAINST.format(what=f"c; {no}; {elsewhere}"),
        words.NOT_SO.format(what="e"),
        words.NOT_ASKED.format(what="f; j"),
    ]
    assert fit_in_words(None) == fit_in_words(SignFit(says="", signs=[])) == []


def test_the_conditions_where_nothing_hurts():
    strong = finding(
        "Strong",
        Level.WATCH,
        reasons=[
            reason("up", size=0.3),
            reason("general", size=0.2, general=True),
            reason("uncounted", in_score=False, read="second-hand", cites=[]),
        ],
        against=[
            reason("down", size=-0.25, direction="down"),
            reason("null", direction="none", in_score=False),
        ],
        always_show="Always.",
        explained=["So.", "It is."],
        would_help_most="a log",
    )
    brief = finding("Brief", Level.NO_FLAG, signs=["sign one", "sign two"], would_help_most=None)
    little = finding("Little", Level.NOT_ENOUGH, signs=[], would_help_most="a log")
    link = Link(measure="impact_g", text="impact 14 g", stands_out=["high"], guide=["A", "B"],
                studies=[], teaching=[], reading=["C"])  # fmt: skip
    bare = replace(link, text="bare", stands_out=[], guide=[], reading=[], studies=["D"])
    empty = replace(bare, text="empty", studies=[])
    made = assessment(
        conditions=[strong, brief, little],
        contradictions=["Two answers disagree."],
        links=[link, bare, empty],
        ask_first=["Asked?"],
        also_told=[sign("told", answer=True)],
    )
    kind, advice = made.causes[0], made.advice[0]
    counted = [
        ("", 2, "·", "+0.30 up [grade B; luedke2016]"),
        ("dim", 4, "", f"more in one cohort; {words.BUT} not in another"),
    ]
    expected = [
        ("heading", 0, "", words.CONDITIONS),
        ("", 0, "", made.statement),
        ("", 0, "?", "Two answers disagree."),
        ("bold", 0, "", words.WITH_LEVEL),
        ("bold", 0, "", "Strong: watch"),
        ("", 2, "!", "Always."),
        *counted,
    ]
    found = of(made)
    assert found[: len(expected)] == expected
    rest = found[len(expected) :]
    assert rest[0][3].startswith(f"{words.NOT_COUNTED} uncounted [grade B; ")
    assert rest[0][3].endswith("]")
    assert "luedke" not in rest[0][3]
    assert rest[1] == counted[1]
    assert rest[2:] == [
        ("", 2, "·", "-0.25 down [grade B; luedke2016]"),
        counted[1],
        ("", 2, "·", f"+0.20 general{words.GENERAL_ELSEWHERE}"),
        ("", 2, "", words.TESTED.format(what="null")),
        ("", 2, "", words.TOLD_SIGNS.format(what="pain on tiptoe (left)")),
        ("dim", 2, "", "So. It is."),
        ("dim", 2, "?", words.HELPS_MOST.format(what="a log")),
        ("bold", 0, "", words.LINKS),
        ("", 2, "·", "impact 14 g"),
        ("", 4, "!", words.STANDS_OUT.format(what="high")),
        ("dim", 4, "", f"{words.LINKED_GUIDE}: A, B; {words.LINKED_READING}: C"),
        ("", 2, "·", "bare"),
        ("dim", 4, "", f"{words.LINKED_STUDIES}: D"),
        ("", 2, "·", "empty"),
        ("bold", 0, "", f"No flag (1): {words.LEVELS[Level.NO_FLAG]}"),
        ("", 2, "", "Brief"),
        ("bold", 0, "", words.NOT_JUDGED_ONE_LINE.format(count=1, why=words.NO_HISTORY)),
        ("bold", 0, "", words.SIGNS_TERMINAL),
        ("", 2, "·", "Brief: sign one; sign two"),
        ("bold", 0, "", words.CAUSES),
        ("", 2, "·", f"{kind.name}: {'; '.join(kind.known)}"),
        ("bold", 0, "", words.ADVICE),
        ("", 2, "·", advice.text),
        ("bold", 0, "", words.HELPS_MOST.format(what="a log")),
        ("dim", 0, "", made.notes[0]),
    ]


def test_nothing_is_said_of_what_there_is_none_of():
    made = assessment(conditions=[], links=[], causes=[], advice=[], notes=[])
    assert of(made) == [("heading", 0, "", words.CONDITIONS), ("", 0, "", made.statement)]
    known = finding("Little", Level.NOT_ENOUGH, signs=[], would_help_most=None)
    (_, _, brief) = of(replace(made, conditions=[known], history_known=True))
    assert brief[3] == words.NOT_JUDGED_ONE_LINE.format(count=1, why=words.TOO_LITTLE)
    plain = finding("Plain", Level.ELEVATED, signs=[], explained=[], would_help_most=None,
                    against=[reason("null", direction="none", in_score=False)])  # fmt: skip
    assert of(replace(made, conditions=[plain]))[2:] == [
        ("bold", 0, "", words.WITH_LEVEL), ("bold", 0, "", "Plain: elevated")
    ]  # fmt: skip


def test_more_than_four_reasons_are_counted():
    many = finding("Many", Level.WATCH, signs=[], explained=[], would_help_most=None,
                   reasons=[reason(f"r{i}") for i in range(6)])  # fmt: skip
    found = of(assessment(conditions=[many], links=[], causes=[], advice=[], notes=[]))
    assert [text.split()[1] for _, _, bullet, text in found if bullet == "·"] == [
        "r0", "r1", "r2", "r3"
    ]  # fmt: skip
    assert found[-1] == ("dim", 4, "", words.MORE_REASONS.format(count=2))
    four = replace(many, reasons=many.reasons[:4])
    found = of(assessment(conditions=[four], links=[], causes=[], advice=[], notes=[]))
    assert found[-1][3] == f"more in one cohort; {words.BUT} not in another"


def test_the_conditions_where_it_hurts():
    bare = {"signs": [], "explained": [], "would_help_most": None, "hurts_at": ["heel"]}
    judged = finding("Judged", Level.WATCH, headline="fits", fit=FIT, always_show="Always.",
                     **{**bare, "signs": ["told"]},
                     against=[reason("null", direction="none", in_score=False)])  # fmt: skip
    little = finding("Little", Level.NOT_ENOUGH, headline="open", **bare)
    context = finding("Context", Level.CONTEXT, headline="open", **bare)
    strong = finding("Strong", Level.ELEVATED, **{**bare, "hurts_at": []})
    made = assessment(conditions=[strong, judged, little, context], links=[], causes=[], advice=[],
                      notes=[], ask_first=["Asked?"], also_told=[sign("x", answer=True),
                      sign("y", answer=True)])  # fmt: skip
    place = made.locations[0]
    made = replace(made, locations=[place, replace(place, name="Heel", hurts=True),
                                    replace(place, name="Toe", hurts=True)])  # fmt: skip
    assert of(made)[2:] == [
        ("bold", 0, "", words.HURTS_AT.format(places="Heel, Toe")),
        ("", 0, "!", words.ASK_FIRST.format(count=1)),
        ("", 2, "?", "Asked?"),
        ("bold", 0, "", "Judged: fits"),
        ("", 2, "!", "Always."),
        *(("", 2, "", text) for text in fit_in_words(FIT)),
        ("dim", 2, "", words.ODDS.format(level="watch")),
        ("", 2, "", words.TESTED.format(what="null")),
        ("bold", 0, "", "Little: open"),
        ("dim", 2, "", words.ODDS_UNKNOWN),
        ("bold", 0, "", "Context: open"),
        ("", 0, "", words.ALSO_TOLD.format(what="x; y")),
        ("bold", 0, "", words.ELSEWHERE),
        ("bold", 0, "", "Strong: elevated"),
    ]
    assert of(replace(made, ask_first=[], also_told=[]))[3] == ("bold", 0, "", "Judged: fits")


def test_the_conditions_after_a_warning_sign():
    made = assessment(answer=True, also_told=[sign("x", answer=True)])
    assert of(made) == [
        ("heading", 0, "", words.CONDITIONS),
        ("", 0, "", made.statement),
        ("bold", 0, "", words.STOPPED),
        ("", 0, "", words.TOLD_STOPPED.format(what="x")),
    ]
    assert len(of(replace(made, also_told=[]))) == 3


def test_every_level_that_is_told_in_short_is_named():
    levels = [Level.NO_FLAG, Level.GENERAL_LOAD, Level.CONTEXT]
    made = assessment(conditions=[finding(f"{level.value}!", level, signs=[], would_help_most=None)
                                  for level in reversed(levels)],
                      links=[], causes=[], advice=[], notes=[])  # fmt: skip
    assert [text for *_, text in of(made)[2:]] == [
        text
        for level in levels
        for text in (f"{level.value.capitalize()} (1): {words.LEVELS[level]}", f"{level.value}!")
    ]
