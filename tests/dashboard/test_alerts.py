"""Who needs a look and why: each reason at its boundary, in words that a runner may read, too."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from gait.dashboard import words
from gait.dashboard.alerts import findings, reasons
from gait.model import Change
from gait.model.history import FAR_Z, Verdict, verdict_of
from gait.risk import load_evidence
from gait.risk.wording import banned_words
from gait.roster import Lately, Standing

TODAY = date(2026, 6, 2)
TABLE = load_evidence()
NO_FLAGS = {"red_flags": dict.fromkeys(TABLE.red_flags, False)}


def change(measure, side, difference, *, counts=True):
    blank = dict.fromkeys(Change.__struct_fields__, 0)
    return Change(
        **blank
        | {"measure": measure, "side": side, "difference": difference, "counts": counts}
        | {"unit": "", "text": "", "value": 12.0 + difference, "usual": 12.0, "z": 5.0}
    )


def said(**known) -> list[str]:
    """The reasons for one athlete of whom only this is known."""
    days = {name: TODAY - timedelta(days=known.pop(name)) for name in list(known) if "day" in name}
    changes = known.pop("changes", None)
    shown = [change("impact_g", "left", 2.0, counts=counts) for counts in changes or ()]
    verdict = Verdict(shown=shown, why="too few" if changes is None else "")
    standing = Standing(
        athlete=1,
        name="Anna",
        sessions=1,
        last_day=days.get("last_day"),
        last=1,
        recent_km=0.0,
    )
    blank = dict.fromkeys(Lately.__struct_fields__)
    lately = Lately(
        **blank
        | {"athlete": 1, "last_run": days.get("last_run_day"), "session_on": days.get("last_day")}
        | known
    )
    return [reason.text for reason in reasons(standing, lately, verdict, TODAY, TABLE)]


def test_nothing_known_is_no_reason():
    assert said() == []
    assert said(last_day=1, last_run_day=1, changes=[], session_km=10.0, longest_km=None) == []


def test_a_warning_sign_comes_first_and_what_is_not_answered_last():
    answered = {"red_flags": NO_FLAGS["red_flags"] | {"hop_pain": True}}
    both = said(asked_on=TODAY, answers={"red_flags": {"hop_pain": True}}, last_run_day=20)
    flag = TABLE.red_flags["hop_pain"]
    assert both[0] == f"Checkup today: {flag.question} Yes. {flag.what_to_do}"
    asked = sum(not flag.asked_as for flag in TABLE.red_flags.values())
    assert f"{asked - 1} warning signs are not answered" in both[1]
    assert both[2] == "No run for 20 days."
    assert len(said(asked_on=TODAY, answers=answered)) == 1
    assert said(asked_on=TODAY, answers=NO_FLAGS) == []


def test_another_answer_that_says_the_same_is_a_warning_sign_too():
    pain = NO_FLAGS | {"pain": [{"where": "heel", "level": 8.0, "at_night": True}]}
    assert " Yes. " in said(asked_on=TODAY, answers=pain)[0]


def test_what_is_to_be_booked_is_no_alarm_and_comes_after_a_changed_run():
    lump = {"red_flags": NO_FLAGS["red_flags"] | {"new_lump": True}}
    [booked] = said(asked_on=TODAY, answers=lump)
    assert TABLE.red_flags["new_lump"].what_to_do in booked
    first, second = said(asked_on=TODAY, answers=lump, last_day=0, changes=[True])
    assert "usually" in first
    assert second == booked


@pytest.mark.parametrize(
    ("days", "changes", "said_of_it"),
    [
        (0, [True], ["2026-06-02: impact (left) 14.0 g, usually 12.0 g."]),
        (28, [True], ["2026-05-05: impact (left) 14.0 g, usually 12.0 g."]),
        (
            0,
            [False],
            [
                "2026-06-02 alone: impact (left) 14.0 g, usually 12.0 g. "
                "See whether it is there again."
            ],
        ),
        (29, [True, False], []),
        (0, [], []),
        (0, None, []),
    ],
)
def test_a_last_run_that_was_different_names_the_finding(days, changes, said_of_it):
    assert said(last_day=days, last_run_day=0, changes=changes) == said_of_it


def test_of_one_run_only_what_is_very_far_off_is_worth_a_word():
    far, near = (
        replace(change("impact_g", "left", 2.0, counts=False), z=z) for z in (FAR_Z, FAR_Z - 0.1)
    )
    assert verdict_of([far, near], []).once == [far]
    assert verdict_of([], ["It takes 2 more runs."]).why == "It takes 2 more runs."
    assert verdict_of([], []).why


@pytest.mark.parametrize(
    ("km", "longest", "days", "more"),
    [
        (11.0, 10.0, 0, None),
        (11.2, 10.0, 0, "12 % longer"),
        (21.0, 10.0, 7, "110 % longer"),
        (21.0, 10.0, 8, None),
        (21.0, None, 0, None),
        (None, 10.0, 0, None),
    ],
)
def test_a_run_much_longer_than_the_longest_of_thirty_days(km, longest, days, more):
    found = said(last_day=days, last_run_day=0, session_km=km, longest_km=longest)
    assert [more in text for text in found] == ([True] if more else [])


@pytest.mark.parametrize(("km", "worn"), [(800.0, False), (801.0, True), (None, False)])
def test_shoes_beyond_the_guides_five_hundred_miles(km, worn):
    found = said(shoe="Pegasus", shoe_km=km)
    assert bool(found) == worn
    if worn:
        assert found[0].startswith("Pegasus: the shoes have done 801 km")
        assert "500 miles" in found[0]
        assert "evidence that this prevents injury is weak" in found[0]


@pytest.mark.parametrize(("days", "quiet"), [(13, False), (14, True), (90, True), (91, False)])
def test_no_run_for_two_weeks_until_it_is_no_news(days, quiet):
    assert (said(last_run_day=days) == [f"No run for {days} days."]) == quiet


def test_findings_are_named_by_measure_and_foot_with_their_numbers():
    changes = [
        change("pronation_excursion_deg", "left", 3.0),
        change("cadence_spm", "both", -4.0),
    ]
    assert findings(changes) == (
        "pronation (left) 15.0°, usually 12.0°; cadence 8.0 steps/min, usually 12.0 steps/min"
    )
    assert findings([]) == ""


def test_no_word_of_the_pages_says_what_must_not_be_said():
    texts = [value for value in vars(words).values() if isinstance(value, str)]
    assert len(texts) > 100
    assert [text for text in texts if list(banned_words(text))] == []
