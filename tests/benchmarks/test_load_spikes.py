"""The benchmark of load spikes: what is flagged by every view is flagged by one, and by what."""

from benchmarks.flags.loads import BEGINS, KINDS, RUNS, Lived, lives

SEED = 11  # not that of the page


def test_years_of_every_kind_and_views_within_each_other() -> None:
    lived = list(lives(2, SEED))
    assert [one.kind for one in lived] == [*KINDS, *KINDS]
    for one in lived:
        assert len(one.true) == len(one.distance) == len(one.by_one_view) == RUNS - 10
        for every, some in zip(one.by_every_view, one.by_one_view, strict=True):
            assert some or not every


def test_a_faster_runner_is_seen_by_one_view_of_the_load() -> None:
    faster = [one for one in lives(3, SEED) if one.kind == "faster"]

    def after(one: Lived, said: list[bool]) -> int:
        return sum(said[BEGINS - (RUNS - len(one.true)) :])

    assert sum(after(one, one.by_one_view) for one in faster) > sum(
        after(one, one.distance) for one in faster
    )
