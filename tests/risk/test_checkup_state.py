"""Wherever a checkup came from, what applies now follows from its answers alone."""

from checkup_runner import walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.risk import load_evidence
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions

TABLE, QUESTIONS = load_evidence(), load_questions()


def state(flow: CheckupFlow) -> tuple[object, ...]:
    steps = [(step.asked.key, step.about) for step in flow.steps]
    return (steps, flow.raised, flow.urgent, flow.warnings, flow.unanswered_flags, flow.answered,
            flow.about)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_applies_after_any_course_is_what_applies_to_its_answers(data: st.DataObject) -> None:
    flow = CheckupFlow(QUESTIONS, TABLE)
    walk(flow, data, 25)
    assert state(flow) == state(CheckupFlow(QUESTIONS, TABLE, flow.answers))
    # told roughly: up to the next five
    assert 0 <= flow.about - len(flow.steps) < 5
    assert flow.about % 5 == 0


def test_a_warning_sign_that_is_taken_back_is_none_and_is_shown_again_when_told_again() -> None:
    flow = CheckupFlow(QUESTIONS, TABLE, {"red_flags": {"hop_pain": True}})
    assert flow.raised == {"hop_pain"}
    assert flow.stopped
    flow.go_on()
    assert not flow.stopped
    number = next(n for n, s in enumerate(flow.steps, 1) if "hop_pain" in str(s.items or s))
    before = state(flow)
    flow.go(number)
    flow.remove()
    assert flow.raised == set()
    assert flow.warnings == []
    assert flow.number == number
    assert state(flow) == state(CheckupFlow(QUESTIONS, TABLE, flow.answers))
    again = CheckupFlow(QUESTIONS, TABLE, {"red_flags": {"hop_pain": True}})
    assert state(again) == before
