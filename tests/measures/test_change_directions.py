"""Which way and on which foot: one measure of one foot is moved, and every place that tells of it
must say that measure, that foot and that way, and of all others that they are as usual."""

import pytest
from past_runs import BY_SIDE, run_at

from gait.athletes.roster_tables import named_changes
from gait.compare.baseline import compare, own_range
from gait.compare.group_difference import differences
from gait.dashboard.pages.compare import sentences, word
from gait.model import Change, Summary
from gait.report.sentences import changes_said, compared_rows, lasting_said, named

# What a larger and a smaller value mean, after the definitions in docs: a strike angle is positive
# with the toes up, roll at contact negative on the outer edge, a symmetry left less right.
MEANS = {
    "cadence_spm": ("more", "fewer"),
    "contact_ms": ("longer", "less long"),
    "symmetry_contact_pct": ("longer", "shorter"),
    "strike_angle_deg": ("higher", "lower"),
    "roll_at_ic_standing_deg": ("less on its outer edge", "more on its outer edge"),
    "pronation_excursion_deg": ("more", "less"),
    "pronation_velocity_deg_s": ("faster", "slower"),
    "everted_pct": ("of the contact more", "of the contact less"),
    "roll_variability_deg": ("more from stride to stride", "less from stride to stride"),
    "impact_g": ("higher", "lower"),
}
SMALL_SWINGS = (0.0, 0.5, -0.5, 0.25, -0.25)
OTHER = {"left": "right", "right": "left"}
MOVED = [(side, measure, sign) for side, t in BY_SIDE.items() for measure in t for sign in (1, -1)]


def usual_runs() -> list:
    return [
        run_at(
            3.0,
            {(s, m): SMALL_SWINGS[i % 5] * t[m][3] for s, t in BY_SIDE.items() for m in t},
            day=3.0 * i,
        )
        for i in range(10)
    ]


def moved_run(side: str, measure: str, sign: int, day: float):
    return run_at(3.0, {(side, measure): sign * 8.0 * BY_SIDE[side][measure][3]}, day=day)


def changes_of(this, earlier) -> dict[tuple[str, str], Change]:
    found = compare(this.speed_bins, earlier, gear=this.gear, started_at=this.started_at).changes
    return {(c.side, c.measure): c for c in found}


def summary_with(changes: list[Change]) -> Summary:
    return Summary(
        software="",
        source="",
        started_at=None,
        duration_s=60.0,
        activity_s={},
        strides={},
        sensors=[],
        clock_uncertainty_ms=None,
        measures={},
        notes=[],
        assessment=None,
        changes=changes,
    )


def assert_of_this_foot(text: str, side: str) -> None:
    if side in OTHER:
        assert side in text.lower()
        assert OTHER[side] not in text.lower()


@pytest.mark.parametrize(("side", "measure", "sign"), MOVED)
def test_what_lasts_is_said_of_its_foot_and_its_way(side: str, measure: str, sign: int) -> None:
    first, this = (moved_run(side, measure, sign, day) for day in (40.0, 43.0))
    changes = changes_of(this, [*usual_runs(), first])
    assert [key for key, change in changes.items() if change.counts] == [(side, measure)]
    moved = changes[side, measure]
    assert moved.difference * sign > 0.0
    assert moved.z * sign > 0.0
    means, opposite = MEANS[measure] if sign > 0 else MEANS[measure][::-1]
    assert means in moved.text
    assert opposite not in moved.text
    assert_of_this_foot(moved.text, side)
    for key, change in changes.items():
        if key != (side, measure):
            assert "no different from" in change.text
            assert_of_this_foot(change.text, key[0])

    ordered = list(changes.values())
    (sentence,) = lasting_said(ordered)
    assert sentence == moved.text.rstrip(".") + "; it was so in two of the last three runs."
    way = "higher" if sign > 0 else "lower"
    first_row, *others = compared_rows(ordered)
    assert (first_row.side, first_row.counts) == (side, True)
    assert first_row.verdict == f"{way}, in 2 of the last 3 runs"
    assert {row.verdict for row in others} == {"as usual"}
    assert not any(row.counts for row in others)
    assert sorted(row.side for row in others) == sorted(
        s for s, m in changes if (s, m) != (side, measure)
    )
    assert_of_this_foot(named(moved), side)
    lasting = named_changes([change for change in ordered if change.counts])
    assert lasting.endswith(f"({side}) {way}" if side in OTHER else way)
    assert_of_this_foot(lasting, side)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("side", ["left", "right"])
def test_what_stands_out_once_is_said_and_does_not_count(side: str, sign: int) -> None:
    measure = "impact_g"
    ordered = list(changes_of(moved_run(side, measure, sign, 40.0), usual_runs()).values())
    assert not any(change.counts for change in ordered)
    by_foot = {(row.label, row.side): row.verdict for row in compared_rows(ordered)}
    way = "higher" if sign > 0 else "lower"
    assert [v for v in by_foot.values() if v != "as usual"] == [f"{way} in this run; not counted"]
    ((_, where),) = (key for key, verdict in by_foot.items() if verdict != "as usual")
    assert where == side
    assert lasting_said(ordered) == []
    nothing, alone = changes_said(summary_with(ordered))
    assert nothing.startswith("Nothing lasting differs: 18 measures")
    assert alone.startswith(f"Impact ({side}): outside your usual")


def test_what_lasts_is_not_said_to_stand_in_this_run_alone() -> None:
    first, this = (moved_run("left", "impact_g", 1, day) for day in (40.0, 43.0))
    ordered = list(changes_of(this, [*usual_runs(), first]).values())
    assert changes_said(summary_with(ordered)) == lasting_said(ordered)


@pytest.mark.parametrize(("side", "measure", "sign"), MOVED)
def test_two_groups_differ_on_that_foot_and_that_way(side: str, measure: str, sign: int) -> None:
    before = [run.speed_bins for run in usual_runs()[:5]]
    after = [moved_run(side, measure, sign, day).speed_bins for day in (40.0, 43.0, 46.0)]
    found = differences(before, after)
    (sure,) = (one for one in found if one.beyond_doubt)
    assert (sure.side, sure.row.measure) == (side, measure)
    assert sure.by * sign > 0.0
    assert word(sure) == ("higher" if sign > 0 else "lower")
    assert {word(one) for one in found if one is not sure} == {
        "no difference beyond its uncertainty"
    }
    (sentence,) = sentences(found)
    assert_of_this_foot(sentence, side)
    assert f" {word(sure)} in the second than in the first" in sentence
    said = sure.row.said(sure.side, sure.by)
    means, opposite = MEANS[measure] if sign > 0 else MEANS[measure][::-1]
    assert means in said
    assert opposite not in said


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_own_range_is_that_of_the_foot(side: str) -> None:
    """The left foot's contact is 40 ms longer than the right's in every run."""
    runs = [run_at(3.0, {("left", "contact_ms"): 40.0}, day=3.0 * i) for i in range(8)]
    own = own_range("contact_ms", side, runs, 3.0)
    assert own is not None
    low, high = own
    usual = 255.0 + (40.0 if side == "left" else 0.0)
    assert low < usual < high
    assert high - low < 40.0
