"""What differs from earlier runs: when it counts, when it does not, and what never matters."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from past_runs import BY_SIDE, FEET, GEAR, draw_runs, run_at

from gait.compare.baseline import compare, with_own_baseline
from gait.compare.compared_measures import COMPARED
from gait.model import Measure
from gait.risk.wording import banned_words

LEFT_PRONATION = ("left", "pronation_excursion_deg")


def compared(this, earlier, gear=GEAR):
    return compare(this.speed_bins, earlier, gear=gear, started_at=this.started_at)


def counting(this, earlier):
    return {(c.side, c.measure): c for c in compared(this, earlier).changes if c.counts}


def usual_runs(number=10, every_days=3.0):
    """Runs that differ a little, and in turn, so that nothing is left to chance."""
    swing = [0.0, 0.6, -0.6, 0.3, -0.3]
    return [
        run_at(
            3.0,
            {(s, m): swing[i % 5] * t[m][3] for s, t in BY_SIDE.items() for m in t},
            day=every_days * i,
        )
        for i in range(number)
    ]


def rolled_in(degrees, day, speed=3.0):
    return run_at(speed, {LEFT_PRONATION: degrees}, day=day)


def test_every_measure_is_compared_once_for_each_side() -> None:
    found = compared(rolled_in(0.0, 40.0), usual_runs()).changes
    assert {(c.side, c.measure) for c in found} == {(s, m) for s, t in BY_SIDE.items() for m in t}
    assert len(found) == len(COMPARED) * 2 - 2 == 18


def test_the_same_run_again_is_no_change() -> None:
    for c in compared(rolled_in(0.0, 40.0), [rolled_in(0.0, 3.0 * i) for i in range(8)]).changes:
        assert c.difference == pytest.approx(0.0, abs=1e-9)
        assert not c.counts
        assert c.seen_in == 0
        assert "no different" in c.text


def test_three_degrees_on_one_side_count_in_the_second_run_and_not_in_the_first() -> None:
    earlier = usual_runs()
    first, second, third = (rolled_in(3.0, day) for day in (40.0, 43.0, 46.0))
    assert not counting(first, earlier)
    found = counting(second, [*earlier, first])
    assert set(found) == {LEFT_PRONATION}
    change = found[LEFT_PRONATION]
    assert change.difference == pytest.approx(3.0, abs=0.1)
    assert change.seen_in == 2
    assert change.runs == 9
    assert (
        change.text == "Your left shoe rolled in 3.0° more than in nine earlier runs at this pace."
    )
    assert counting(third, [*earlier, first, second])[LEFT_PRONATION].seen_in == 3


def test_one_odd_run_neither_counts_nor_moves_the_usual() -> None:
    earlier = usual_runs()
    odd = rolled_in(25.0, 40.0)
    after = rolled_in(0.0, 43.0)
    assert not counting(after, [*earlier, odd])
    moved = [replace(r, speed_bins=odd.speed_bins) if i == 4 else r for i, r in enumerate(earlier)]
    changed = [rolled_in(4.0, day) for day in (43.0, 46.0)]
    found = counting(changed[1], [*moved, changed[0]])[LEFT_PRONATION]
    assert found.usual == pytest.approx(10.0, abs=0.4)


def test_a_change_the_other_way_is_not_the_same_change() -> None:
    earlier = [*usual_runs(), rolled_in(-4.0, 40.0), rolled_in(-4.0, 43.0)]
    assert LEFT_PRONATION not in counting(rolled_in(4.0, 46.0), earlier)


def test_what_has_been_so_for_long_becomes_the_usual() -> None:
    earlier = usual_runs() + [rolled_in(3.0 + 0.2 * (-1) ** i, 40.0 + 3 * i) for i in range(40)]
    assert not counting(rolled_in(3.0, 200.0), earlier)


@pytest.mark.parametrize("runs", range(5))
def test_before_five_runs_nothing_is_said_but_how_many_are_missing(runs: int) -> None:
    earlier = usual_runs(runs, every_days=20.0)
    found = compared(rolled_in(9.0, 100.0), earlier)
    assert found.changes == []
    assert found.runs_missing == 5 - runs
    assert f"{5 - runs} more run" in found.notes[0]


def test_five_runs_within_two_weeks_are_not_enough() -> None:
    found = compared(rolled_in(9.0, 20.0), usual_runs(6, every_days=2.0))
    assert found.changes == []
    assert "10 days" in found.notes[0]
    assert compared(rolled_in(9.0, 20.0), usual_runs(6, every_days=2.8)).changes


def test_other_shoes_are_not_compared_and_it_is_said() -> None:
    earlier = [replace(run, gear="shoe B") for run in usual_runs()]
    found = compared(rolled_in(9.0, 40.0), earlier)
    assert found.changes == []
    assert "10 earlier runs were with other shoes" in found.notes[0]
    both = compared(rolled_in(9.0, 40.0), [*earlier, *usual_runs()])
    assert both.changes == compared(rolled_in(9.0, 40.0), usual_runs()).changes


def test_runs_from_after_this_one_do_not_matter() -> None:
    earlier = usual_runs()
    this = rolled_in(3.0, 40.0)
    later = [rolled_in(3.0, 41.0 + i) for i in range(9)]
    assert compared(this, [*earlier, this, *later]).changes == compared(this, earlier).changes


def test_a_speed_never_run_before_is_not_compared() -> None:
    found = compared(rolled_in(9.0, 40.0, speed=4.5), usual_runs())
    assert found.changes == []
    assert "speeds" in found.notes[0]


def test_runs_at_two_speeds_far_apart_are_compared_at_both() -> None:
    """Nobody runs at the speed in the middle of them."""

    def intervals(degrees, day):
        slow, fast = (run_at(v, {LEFT_PRONATION: degrees}, day=day) for v in (2.4, 4.6))
        bins = {side: [*slow.speed_bins[side], *fast.speed_bins[side]] for side in BY_SIDE}
        return replace(slow, speed_bins=bins)

    earlier = [intervals(0.0, 3.0 * i) for i in range(10)]
    changed = [intervals(4.0, day) for day in (40.0, 43.0)]
    assert set(counting(changed[1], [*earlier, changed[0]])) == {LEFT_PRONATION}


def test_running_faster_than_usual_is_no_change() -> None:
    """Contact is 60 ms shorter a m/s faster; half a bin's width would look like a change."""
    speeds = [2.8, 3.2, 2.9, 3.1, 3.0, 2.85, 3.15, 2.95, 3.05, 3.0]
    earlier = [run_at(v, {}, day=3.0 * i) for i, v in enumerate(speeds)]
    for c in compared(run_at(3.12, {}, day=40.0), earlier).changes:
        assert abs(c.difference) < 0.2 * c.smallest, c


def test_without_usable_strides_it_is_said() -> None:
    bare = replace(rolled_in(0.0, 40.0), speed_bins={})
    assert "too few strides" in compared(bare, usual_runs()).notes[0]


def test_one_foot_alone_is_compared_with_itself() -> None:
    def left_only(run):
        return replace(run, speed_bins={"left": run.speed_bins["left"]})

    earlier = [left_only(run) for run in usual_runs()]
    found = compared(left_only(rolled_in(0.0, 40.0)), earlier).changes
    assert {c.side for c in found} == {"left"}
    assert len(found) == len(FEET)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_the_order_of_earlier_runs_does_not_matter(seed, order) -> None:
    *earlier, this = draw_runs(11, seed, every_days=3.0)
    mixed = list(earlier)
    order.shuffle(mixed)
    assert compared(this, mixed) == compared(this, earlier)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000))
def test_swapped_feet_swap_what_is_said(seed) -> None:
    *earlier, this = draw_runs(11, seed, every_days=3.0)
    other = {"left": "right", "right": "left", "both": "both"}

    def swapped(run):
        return replace(run, speed_bins={other[side]: b for side, b in run.speed_bins.items()})

    plain = {(c.side, c.measure): c for c in compared(this, earlier).changes}
    for c in compared(swapped(this), [swapped(run) for run in earlier]).changes:
        twin = plain[other[c.side], c.measure]
        assert (c.difference, c.counts, c.smallest) == (twin.difference, twin.counts, twin.smallest)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), larger=st.floats(0.2, 5.0))
def test_what_counts_was_large_enough_and_seen_before(seed, larger) -> None:
    shift = {LEFT_PRONATION: np.repeat([0.0, 3.0 * larger], [10, 3])}
    runs = draw_runs(13, seed, every_days=3.0, larger=larger, shifts=shift)
    for c in compared(runs[-1], runs[:-1]).changes:
        assert c.difference == pytest.approx(c.value - c.usual)
        assert not c.counts or (abs(c.difference) > c.smallest and c.seen_in >= 2)
        assert not banned_words(c.text)


def test_own_range_stands_beside_what_has_no_other() -> None:
    bare = Measure(value=10.0, unit="°", n=100)
    measures = {"left": {LEFT_PRONATION[1]: bare}, "right": {}, "both": {}}
    changes = compared(rolled_in(0.0, 40.0), usual_runs()).changes
    own = with_own_baseline(measures, changes)["left"][LEFT_PRONATION[1]].reference
    assert own is not None
    assert own.kind == "own baseline"
    assert own.low is not None
    assert own.high is not None
    assert own.low < 10.0 < own.high
    assert measures["left"][LEFT_PRONATION[1]].reference is None
