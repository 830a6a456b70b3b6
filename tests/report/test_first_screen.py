"""The first screen: what was run, what stands out, six numbers, one thing to do."""

import io
import re

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import assessment, spoil, strides_of, summary_of
from rich.console import Console

from gait.model import Measure, QualityFlag, Reference, Side
from gait.model.history import Change, Load
from gait.report.first_screen import first_screen, what_stands_out, what_was_run
from gait.report.sentences import duration_words
from gait.report.terminal import summary_text
from gait.risk.wording import banned_words

L, R = Side.LEFT, Side.RIGHT


def number(value, unit="", n=80, **more):
    basics = {"spread": 1.0, "uncertainty": 1.0, "quality": "good", "label": "X"}
    return Measure(value=value, unit=unit, n=n, **{**basics, **more})


def ran(**both):
    """A summary of a run with these measures of both feet."""
    summary = summary_of(strides_of(L, R), L, R)
    return replace(summary, measures={**summary.measures, "both": both})


def change(side, measure, counts):
    return Change(
        measure=measure, side=side, unit="°", value=14.0, usual=10.0, difference=4.0, smallest=1.5,
        z=4.0, runs=9, speed_m_s=3.0, seen_in=2, counts=counts,
        text="Your left shoe rolled in 4.0° more than in nine earlier runs.",
    )  # fmt: skip


def test_two_feet():
    strides = strides_of(L, R, seconds=600)
    screen = first_screen(summary_of(strides, L, R))
    # made of strides alone, so there is no distance; about 1.96 · 9.4 on both sides of 167
    assert screen.says == "10 min, 5:33 min/km, cadence 167. Usual at this pace: 149 to 185."
    contact = next(n for n in screen.numbers if n.unit == "ms")
    assert (contact.left, contact.right) == ("251", "263")
    roll = next(n for n in screen.numbers if n.label == "Pronation")
    for side, code in (("left", 0), ("right", 1)):
        degrees = np.median(strides["pronation_excursion_deg"][strides["side"] == code])
        assert getattr(roll, side) == f"{degrees:.0f}"
    assert screen.strides.startswith("From 1670 strides.")


@pytest.mark.parametrize("lines", [20])
def test_it_fits_on_twenty_lines_of_eighty_columns(lines):
    summary = summary_of(strides_of(L, R, seconds=600), L, R)
    for told in (summary, replace(summary, assessment=assessment())):
        out = io.StringIO()
        summary_text(told, Console(file=out, width=80))
        assert len(out.getvalue().splitlines()) <= lines, out.getvalue()


def test_what_lasts_is_said_and_what_stood_out_once_is_not():
    summary = summary_of(strides_of(L, R), L, R)
    lasting = change("left", "pronation_excursion_deg", True)
    once = change("right", "impact_g", False)
    said = what_stands_out(replace(summary, changes=[once, lasting]))
    assert said[0].startswith("Your left shoe rolled in 4.0° more than in nine earlier runs; it")
    alone = ran()
    assert what_stands_out(replace(alone, changes=[once])) == [
        "Nothing stands out against your own earlier runs or between left and right."
    ]


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        (-4.7, "Ground contact is 5 % longer on the right (± 3)."),
        (4.7, "Ground contact is 5 % longer on the left (± 3)."),
        (2.9, None),
    ],
)
def test_a_difference_stands_out_beyond_its_uncertainty_without_any_norm(percent, said):
    summary = ran(symmetry_contact_pct=number(percent, "%", uncertainty=3.0))
    found = what_stands_out(summary)
    assert found == [said] if said else found[0].startswith("Nothing stands out")


def test_the_clearest_difference_is_first_and_doubtful_ones_are_none():
    summary = ran(
        symmetry_contact_pct=number(4.0, "%", uncertainty=3.0),
        symmetry_pronation_excursion_deg=number(-9.0, "°", uncertainty=2.0),
        symmetry_impact_pct=number(90.0, "%", uncertainty=3.0, quality="low"),
    )
    assert what_stands_out(summary) == [
        "The right shoe rolls in 9° more than the left (± 2).",
        "Ground contact is 4 % longer on the left (± 3).",
    ]


@pytest.mark.parametrize(
    ("cadence", "said"), [(149.0, "low for"), (150.0, ""), (184.0, ""), (185.0, "high for")]
)
def test_a_cadence_stands_out_only_beyond_what_is_nothing_unusual(cadence, said):
    beside = Reference(kind="expectation", low=150.0, high=184.0, text="", source="")
    summary = ran(cadence_spm=number(cadence, "steps/min", reference=beside))
    (found,) = what_stands_out(summary)
    assert (said in found) if said else found.startswith("Nothing stands out")


def test_the_guides_band_alone_makes_no_cadence_stand_out():
    band = Reference(kind="usual range", low=160, high=180, text="most", source="guide")
    summary = ran(cadence_spm=number(150.0, "steps/min", reference=band))
    assert what_stands_out(summary)[0].startswith("Nothing stands out")


def test_a_run_longer_than_the_longest_of_thirty_days_says_so_and_what_to_do():
    load = Load(session_km=12.4, longest_km=10.0, ratio=1.24)
    screen = first_screen(replace(ran(), load=load))
    assert screen.out == [
        "12.4 km is 24 % longer than your longest of the 30 days before (10.0 km)."
    ]
    assert (
        screen.to_do
        == "Keep the next runs to 11.0 km or less: a tenth above your longest of 30 days."
    )
    usual = first_screen(replace(ran(), load=Load(session_km=10.9, longest_km=10.0, ratio=1.09)))
    assert usual.out[0].startswith("Nothing stands out")


def test_one_foot_says_that_there_is_nothing_to_compare_with():
    screen = first_screen(summary_of(strides_of(R), R))
    assert screen.out == [
        "One shoe only, and no earlier runs: there is nothing to compare with yet."
    ]
    assert all(n.left == "" and n.right for n in screen.numbers)


def test_a_shoe_without_strides_beside_one_with_them_tells_nothing_of_its_own():
    """What a sensor says by itself is said to be so only where no shoe was measured."""
    summary = summary_of(strides_of(L, seconds=600), L, R)
    said = " ".join([what_was_run(summary), *what_stands_out(summary)])
    assert "cadence 167" in said
    assert "own figures" not in said


def test_walking_is_said_to_be_walking():
    strides = strides_of(L, R, walking=True, cadence=110.0, seconds=300)
    screen = first_screen(summary_of(strides, L, R))
    assert "5 min of walking and no running" in screen.says
    assert "cadence 110" in screen.says
    assert not any(n.label == "Impact" for n in screen.numbers)


def test_running_with_a_walk_in_it():
    strides = np.concatenate(
        [strides_of(L, R), strides_of(L, R, walking=True, start=90.0, seconds=30)]
    )
    assert "Walking: 29 s." in first_screen(summary_of(strides, L, R)).says


@pytest.mark.parametrize("left_out", [False, True])
def test_nothing_found(left_out):
    strides = strides_of(L) if left_out else strides_of()
    if left_out:
        strides = spoil(strides, np.arange(len(strides)), QualityFlag.GAP)
    screen = first_screen(summary_of(strides, L))
    assert screen.says.startswith("No steps were found in ")
    assert not screen.numbers
    assert not screen.strides
    assert screen.to_do == "Put that right and record again."


def test_a_value_of_low_certainty_is_marked_and_a_missing_one_is_a_dash():
    summary = summary_of(strides_of(L, R), L, R)
    left = dict(summary.measures["left"])
    left["contact_ms"] = number(250.4, "ms", quality="low", why_not="few")
    left["impact_g"] = Measure(value=None, unit="g", n=0, why_not="clipped")
    screen = first_screen(replace(summary, measures={**summary.measures, "left": left}))
    by_label = {n.label: n for n in screen.numbers}
    assert by_label["Contact time"].left == "≈ 250"
    assert by_label["Impact"].left == "–"


@pytest.mark.parametrize("sides", [(), (L,), (L, R)])
@pytest.mark.parametrize("walking", [False, True])
def test_whole_sentences_and_no_banned_words(sides, walking):
    strides = strides_of(*sides, walking=walking)
    screen = first_screen(summary_of(strides, *(sides or (L,))))
    said = [screen.says, *screen.out, screen.load, screen.to_do, screen.strides, screen.not_asked]
    for sentence in filter(None, said):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert not banned_words(sentence)
        assert not re.search(r"\bnan\b|\bNone\b", sentence)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119.4, "119 s"), (119.6, "2 min"), (3599, "60 min"), (7300, "2 h 02 min")],
)
def test_durations(seconds, words):
    assert duration_words(seconds) == words
