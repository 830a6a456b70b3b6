"""The checkup in the browser gives the answers that the same checkup gives in a terminal."""

from datetime import date

import pytest

from gait.risk import load_evidence, profile_of
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions
from gait.roster import Roster

TABLE = load_evidence()
ASKED = {asked.key: asked for asked in load_questions().questions}


@pytest.fixture
def roster(served):
    with Roster(served.roster) as roster:
        yield roster


@pytest.fixture
def anna(roster):
    known = {athlete.name: athlete for athlete in roster.athletes.all()}
    return known.get("Anna Berg") or roster.athletes.add("Anna Berg")


def no_flags(coach) -> None:
    """Past the warning signs, each with a no."""
    for asked in load_questions().sections[0].questions:
        coach.sees(asked.text)
        coach.click("No to all")
        coach.sees_no(f"{asked.text}\n")


def test_every_kind_of_question_is_answered_skipped_and_gone_back_to(coach, roster, anna):
    coach.open(f"/athlete/{anna.id}/checkup")
    coach.sees("Checkup of Anna Berg", "Warning signs · question 1 of about")
    no_flags(coach)
    coach.sees("Where does it hurt")
    assert coach.focused.startswith("Where does it hurt")
    coach.click("Heel")
    coach.click("These")
    coach.sees("Heel: On which side?")
    coach.click("left")
    coach.sees("Heel, left: How strong is it")
    coach.write("A number from 0 to 10", "11")
    coach.click("Answer")
    coach.sees("11 is not between 0 and 10.", "Heel, left: How strong is it")
    coach.write("A number from 0 to 10", "3")
    coach.click("Answer")
    coach.sees("Heel, left: How did it begin?")
    coach.click("gradually, over days or weeks")
    coach.sees("Heel, left: When does it hurt?")
    coach.click("Back")
    coach.sees("Heel, left: How did it begin?")
    coach.click("Take the answer back")
    coach.sees_no("Take the answer back")
    coach.click("Skip")
    coach.sees("Heel, left: When does it hurt?")
    coach.click("Skip the rest of this part")
    coach.sees("Was there a running injury in the last 12 months")
    coach.click("Yes")
    coach.sees("Which of these were there earlier")
    coach.click("Skip the rest of this part")
    coach.sees("Your runs of the last 30 days")
    coach.write("A run a line: date and distance", "2026-05-03 9.5\n2026-05-10 6 mi")
    coach.click("Answer")
    coach.click("All questions and answers")
    coach.click("How tall are you?")
    coach.write("A number in m or cm or in", "168 cm")
    coach.click("Answer")
    coach.sees("What is your mass?")
    coach.click("Save and end here")
    coach.sees("The latest is of", "Undo: answered the checkup of")
    [kept] = roster.checkups.all(anna)
    assert kept.taken_on == date.today()
    assert kept.answers == in_a_terminal()


def in_a_terminal() -> dict:
    """The same answers, typed."""
    flow = CheckupFlow(load_questions(), TABLE, {"answered_on": date.today().isoformat()})
    typed = {
        "pain": "4",
        "pain_side": "1",
        "pain_level": "3",
        "injured_last_12_months": "y",
        "training": "2026-05-03 9.5\n2026-05-10 6 mi",
        "height": "168 cm",
    }
    heel = next(
        str(n) for n, key in enumerate(TABLE.locations, 1) if TABLE.locations[key].name == "Heel"
    )
    while flow.step is not None:
        key = flow.step.asked.key
        if key.startswith("flags_"):
            flow.answer("n")
        elif key in typed:
            flow.answer(heel if key == "pain" else typed[key])
        else:
            flow.skip()
    return flow.answers


def test_answers_are_there_again_and_the_whole_checkup_is_taken_back(coach, roster, anna):
    coach.open(f"/athlete/{anna.id}/checkup")
    coach.sees("has answers of today; going on with them")
    coach.click("Undo: answered the checkup of")
    coach.sees("Undone: answered the checkup of")
    assert roster.checkups.all(anna) == []


def test_a_warning_sign_stops_everything_at_once(coach, roster, anna):
    coach.open(f"/athlete/{anna.id}/checkup")
    flag = next(iter(TABLE.red_flags.values()))
    coach.sees(flag.question)
    coach.click("Yes")  # to the first of them
    coach.click("Keep these answers")
    coach.sees("First of all", flag.what_to_do, "The other questions can wait")
    coach.sees_no("question 2 of about")
    coach.click("Go on with the questions")
    coach.sees("question 2 of about")
    coach.click("Save and end here")
    coach.sees(flag.what_to_do, "Checkup today:")
    coach.open("/")
    coach.sees("Checkup today:")
    profile = profile_of(roster.checkups.all(anna)[0].answers, TABLE)
    assert profile.red_flags == {flag.key: True}


def test_a_checkup_is_deleted_for_good(coach, roster, anna):
    coach.open(f"/athlete/{anna.id}")
    today = date.today()
    coach.click(f"Delete: Checkup of {today}")
    coach.sees("It cannot be undone")
    coach.click("Delete for good")
    coach.sees("No checkup yet")
    coach.sees_no("Undo:")
    assert roster.checkups.all(anna) == []
