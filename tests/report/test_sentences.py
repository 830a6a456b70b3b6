"""What a run says: three sentences whose numbers are the summary's own, whatever was recorded."""

import numpy as np
import pytest
from msgspec.structs import replace
from report_cases import spoil, strides_of, summary_of

from gait.model import Measure, QualityFlag, Reference, Side
from gait.model.history import Change
from gait.report.sentences import duration_words, what_this_run_says

L, R = Side.LEFT, Side.RIGHT
BANNED = ("you have", "diagnos", "probability", "% risk")


def number(value, unit="", n=80, **more):
    basics = {"spread": 1.0, "uncertainty": 1.0, "quality": "good", "label": "X"}
    return Measure(value=value, unit=unit, n=n, **{**basics, **more})


def ran(**both):
    """A summary of a run with these measures of both feet."""
    summary = summary_of(strides_of(L, R), L, R)
    return replace(summary, measures={**summary.measures, "both": both})


def test_two_feet():
    strides = strides_of(L, R, seconds=600)
    first, second, third = what_this_run_says(summary_of(strides, L, R))
    left, right = (
        np.median(strides["pronation_excursion_deg"][strides["side"] == side]) for side in (0, 1)
    )
    assert first.startswith("10 min of running at 167 steps a minute and 3.0 m/s (5:33 min/km)")
    assert "within the" in first
    assert second.startswith("Contact lasted 251 ms left and 263 ms right")
    assert "longer on the right" in second
    assert f"rolled inward by {left:.1f}° left and {right:.1f}° right" in second
    assert third.startswith("All main measures were taken, from 1670 strides")


def test_what_lasts_against_own_runs_is_said_at_the_top_and_what_stands_out_once_is_not():
    def change(side, measure, counts):
        return Change(
            measure=measure, side=side, unit="°", value=14.0, usual=10.0, difference=4.0,
            smallest=1.5, z=4.0, runs=9, speed_m_s=3.0, seen_in=2, counts=counts, text="",
        )  # fmt: skip

    summary = summary_of(strides_of(L, R), L, R)
    lasting = change("left", "pronation_excursion_deg", True)
    once = change("right", "impact_g", False)
    second = what_this_run_says(replace(summary, changes=[once, lasting]))[1]
    assert second.endswith(
        "; different from your earlier runs, and not only today: pronation (left)."
    )
    assert "earlier" not in what_this_run_says(replace(summary, changes=[once]))[1]


@pytest.mark.parametrize(
    ("cadence", "place"), [(151.6, "below"), (160.2, "within"), (180.3, "within"), (181.0, "above")]
)
def test_where_the_cadence_lies(cadence, place):
    band = Reference(kind="usual range", low=160, high=180, text="most", source="guide")
    summary = ran(cadence_spm=number(cadence, "steps/min", reference=band))
    assert f", {place} the 160–180" in what_this_run_says(summary)[0]


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        (-4.7, "4.7 % longer on the right"),
        (4.7, "4.7 % longer on the left"),
        (2.9, "no difference beyond the method's ± 3.0 %"),
    ],
)
def test_a_difference_counts_only_beyond_its_uncertainty(percent, said):
    summary = ran(symmetry_contact_pct=number(percent, "%", uncertainty=3.0))
    assert said in what_this_run_says(summary)[1]


def test_one_foot_says_what_it_cannot_know():
    _, second, third = what_this_run_says(summary_of(strides_of(R), R))
    assert second.startswith("Contact of the right foot lasted 2")
    assert "left" not in second
    assert "left–right contact time" in third
    assert "(needs both feet)" in third


def test_a_shoe_without_strides_beside_one_with_them_tells_nothing_of_its_own():
    """What a sensor says by itself is said to be so only where no shoe was measured."""
    strides = strides_of(L, seconds=600)
    summary = summary_of(strides, L, R)
    assert summary.strides["right"].found == 0
    assert summary.measures["both"]["cadence_spm"].value is not None
    said = " ".join(what_this_run_says(summary))
    assert "of running at 167 steps a minute" in said
    assert "itself says" not in said
    assert "own figures" not in said


def test_walking_is_said_to_be_walking():
    strides = strides_of(L, R, walking=True, cadence=110.0, seconds=300)
    first, second, _ = what_this_run_says(summary_of(strides, L, R))
    assert first == "5 min of walking at 110 steps a minute and no running."
    assert "impact" not in second
    assert "steps a minute and no running" in first


def test_running_with_a_walk_in_it():
    strides = np.concatenate(
        [strides_of(L, R), strides_of(L, R, walking=True, start=90.0, seconds=30)]
    )
    assert what_this_run_says(summary_of(strides, L, R))[0].endswith("and 29 s of walking.")


def test_nothing_found():
    summary = summary_of(strides_of(), L)
    assert what_this_run_says(summary) == [
        "No steps were found in 20 s of recording.",
        "So contact, pronation and impact were not measured.",
        "What the sensors delivered is told below.",
    ]


def test_every_stride_left_out():
    strides = strides_of(L)
    strides = spoil(strides, np.arange(len(strides)), QualityFlag.GAP)
    assert what_this_run_says(summary_of(strides, L))[0].startswith("No steps were found")


@pytest.mark.parametrize("sides", [(), (L,), (L, R)])
@pytest.mark.parametrize("walking", [False, True])
def test_always_three_whole_sentences_and_no_banned_words(sides, walking):
    strides = strides_of(*sides, walking=walking)
    said = what_this_run_says(summary_of(strides, *(sides or (L,))))
    assert len(said) == 3
    for sentence in said:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert not any(word in sentence.lower() for word in (*BANNED, "nan", "none"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119.4, "119 s"), (119.6, "2 min"), (3599, "60 min"), (7300, "2 h 02 min")],
)
def test_durations(seconds, words):
    assert duration_words(seconds) == words
