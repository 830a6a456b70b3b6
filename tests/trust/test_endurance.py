"""Kills, torn files, writers at once and full disks: a few of each, all with `pytest -m long`."""

from collections.abc import Callable
from datetime import date

import pytest

from benchmarks.trust import soaks
from benchmarks.trust.document import document
from benchmarks.trust.fuzzing import Finding, Fuzzed
from benchmarks.trust.run import FORMS, Results, trials
from benchmarks.trust.trial import Trial

# An hour of chaos is in tests/soak, as is its short form.
NAMES = [name for name in trials(FORMS["quick"]) if name != "chaos"]


def check(trial: Callable[[], Trial]) -> None:
    done = trial()
    if done.left_out:
        pytest.skip(done.left_out)
    assert done.times > 0
    assert done.failures == []


@pytest.mark.parametrize("name", NAMES)
def test_a_few_times(name: str) -> None:
    check(trials(FORMS["quick"])[name])


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_many_times(name: str) -> None:
    check(trials(FORMS["long"])[name])


def test_long_form_is_what_was_promised() -> None:
    long = FORMS["long"]
    assert long.recorders >= 200
    assert long.torn >= 400
    assert soaks.HOUR_S == 3600.0


def results(failures: list[str]) -> Results:
    made = Results(FORMS["quick"], date(2026, 5, 17), "a machine")
    made.trials = [
        Trial("a recorder killed", "it opens", times=12, failures=failures),
        Trial("a full disk", "it is told", left_out="nothing may be mounted"),
    ]
    made.fuzzed = [Fuzzed("info", 1000, 400, 0.004), Fuzzed("session", 500, 20, 0.02)]
    return made


def test_page_says_what_was_measured_and_in_which_form() -> None:
    page = document(results([]))
    assert "**Everything held.** The quick form of 17 May 2026" in page
    assert "1,500 hostile inputs to 2 readers and codecs" in page
    assert "12 of 12" in page
    assert "left out: nothing may be mounted" in page


def test_page_names_what_did_not_hold() -> None:
    made = results(["kill 3: 12 of 40 | are <gone>"])
    made.fuzzed[1].findings.append(Finding(17, "ValueError: no"))
    page = document(made)
    assert "**2 things did not hold.**" in page
    assert "kill 3: 12 of 40 \\| are &lt;gone>" in page
    assert "session, call 17: ValueError: no" in page
    assert "✗ 11 of 12" in page
