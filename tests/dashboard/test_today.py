"""Today: who needs attention, the finding and the run; example athletes."""

from datetime import date, timedelta

import pytest
from markupsafe import Markup

from gait.athletes.examples import EXAMPLES, GROUP, RUNS, make_examples
from gait.athletes.reassess import verdicts
from gait.dashboard.tables import spark
from gait.roster import Roster

TODAY = date(2026, 6, 2)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    path = tmp_path_factory.mktemp("examples") / "roster.db"
    said = list(make_examples(path, TODAY))
    assert len(said) == RUNS * len(EXAMPLES)
    return path


def test_of_the_examples_one_has_changed_and_the_others_have_not(examples) -> None:
    with Roster(examples) as roster:
        by_name = {one.name: one for one in roster.athletes.all(group=GROUP)}
        assert set(by_name) == {one.name for one in EXAMPLES}
        for example in EXAMPLES:
            sessions = roster.sessions.all(by_name[example.name])
            assert [one.day for one in sessions] == [
                TODAY - timedelta(days=3 * n) for n in range(RUNS)
            ]
            verdict = verdicts(roster, [sessions[0].id])[sessions[0].id]
            changed = {(c.measure, c.side, c.difference > 0) for c in verdict.lasting}
            assert not verdict.why
            more = ("pronation_excursion_deg", "left", True)
            assert (more in changed) == (example.pronates_more_deg > 0.0)


def test_a_spark_has_its_values_in_their_places_and_words_for_who_does_not_see_it() -> None:
    drawn = spark([10.0, 20.0, 15.0], (10.0, 12.0), "Pronation <left>")
    assert isinstance(drawn, Markup)
    # 4 to 236 across, 4 (the largest) to 40 (the least) down
    assert 'points="4.0,40.0 120.0,4.0 236.0,22.0"' in drawn
    assert 'y="32.8" height="7.2"' in drawn
    assert 'aria-label="Pronation &lt;left&gt;"' in drawn


def test_values_that_do_not_differ_are_a_line():
    assert 'points="4.0,4.0 236.0,4.0"' in spark([5.0, 5.0], (5.0, 5.0), "x")
