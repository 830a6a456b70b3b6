"""Two feet in one number: the mean, the wider uncertainty, the worse quality, whoever's note."""

import math

import pytest
from msgspec.structs import replace

from gait.measures.aggregate import of_both
from gait.model import Measure

BLANK = Measure(value=None, unit="ms", label="Contact time", n=0)


def foot(value: float, **more) -> Measure:
    basics = {"n": 100, "spread": 3.0, "uncertainty": 1.0, "quality": "good"}
    return replace(BLANK, value=value, **{**basics, **more})


MISSING = replace(BLANK, n=4, why_not="the foot was clipped")


def test_the_mean_of_both_and_what_is_worse_of_either() -> None:
    left = foot(250.0, spread=3.0, uncertainty=2.0)
    right = foot(260.0, spread=4.0, n=50, quality="low", why_not="few strides")
    for feet in ((left, right), (right, left)):
        both = of_both(BLANK, feet, of_runner=False)
        assert (both.value, both.n, both.uncertainty) == (255.0, 150, 2.0)
        assert both.spread == pytest.approx(math.sqrt((9 + 16) / 2))
        assert (both.quality, both.why_not) == ("low", "few strides")
        assert (both.unit, both.label) == ("ms", "Contact time")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(None, None, None), ("a", None, "a"), (None, "b", "b"), ("a", "b", "a")],
)
def test_the_note_is_that_of_the_first_foot_that_has_one(first, second, said) -> None:
    feet = [foot(250.0, note=first), foot(260.0, note=second)]
    assert of_both(BLANK, feet, of_runner=False).note == said


def test_one_foot_is_enough_for_what_belongs_to_the_runner_alone() -> None:
    feet = [foot(167.0), MISSING]
    assert of_both(BLANK, feet, of_runner=True).value == 167.0
    both = of_both(BLANK, feet, of_runner=False)
    assert (both.value, both.n, both.why_not) == (None, 104, "the foot was clipped")
    alone = of_both(BLANK, feet[:1], of_runner=False)
    assert (alone.value, alone.why_not) == (None, "known of one foot only")


def test_of_no_foot_there_is_no_number() -> None:
    assert of_both(BLANK, [], of_runner=True).why_not == "no shoe was recorded"
    nothing = of_both(BLANK, [MISSING, MISSING], of_runner=True)
    assert (nothing.value, nothing.n, nothing.why_not) == (None, 8, "the foot was clipped")


def test_without_a_spread_none_is_made_up() -> None:
    feet = [foot(250.0, spread=None), foot(260.0, spread=None)]
    assert of_both(BLANK, feet, of_runner=False).spread is None
