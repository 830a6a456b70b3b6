"""The course of a checkup: which question comes next, what an answer changes, when to stop.

Pure: a terminal or a page shows `step` and hands in what was typed.

    flow = CheckupFlow(load_questions(), load_evidence())
    while flow.step:
        show(flow.step, flow.warnings if flow.stopped else [])
        flow.answer("n")        # or put, skip, skip_section, back, remove, go_on
    profile_of(flow.answers)
"""

import copy
import math
from collections.abc import Collection
from typing import Any

from gait.risk.answer_parser import parse_typed
from gait.risk.evidence_table import EvidenceTable
from gait.risk.profile import answers_of
from gait.risk.profile_reader import profile_of
from gait.risk.question_flow import Answers, Step, keep, look_up, steps_of
from gait.risk.questions import Path, Questionnaire
from gait.risk.signs import answers_to_flags, what_to_do

_DAYS_A_MONTH = 30.4375
_INJURIES = ("history", "injuries")


ROUGHLY = 5  # questions


class CheckupFlow:
    """A checkup under way. It stands at a question, or behind the last one (`step` is None).

    answers : those of before, as a profile's names and values; it goes on behind the last of them,
              or begins with the warning signs where none of them is answered
    known   : fields of the profile that are known from elsewhere, so that they are not asked

    A skipped question stays without an answer: unknown, never a no.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        table: EvidenceTable,
        answers: Answers | None = None,
        known: Collection[Path] = (),
    ) -> None:
        self.questionnaire = questionnaire
        self.table = table
        self.answers: Answers = answers_of(profile_of(answers or {}, table))
        self._known = known
        self._acknowledged: set[str] = set()
        self._at = 0
        self._look()
        if "red_flags" in self.answers:
            answered = [n for n, step in enumerate(self.steps) if self.value(step) is not None]
            self._at = answered[-1] + 1

    @property
    def about(self) -> int:
        """How many questions there are, told roughly: the length grows with the answers."""
        return ROUGHLY * math.ceil(len(self.steps) / ROUGHLY)

    @property
    def step(self) -> Step | None:
        """The question that is to be answered now."""
        return self.steps[self._at] if self._at < len(self.steps) else None

    @property
    def number(self) -> int:
        """Of the question that is to be answered now, from 1; answers may still add some."""
        return self._at + 1

    @property
    def stopped(self) -> bool:
        """A warning sign is new: show `warnings` first; to `go_on` is up to the runner."""
        return bool(self.urgent - self._acknowledged)

    @property
    def urgent(self) -> set[str]:
        """Those of `raised` that no level stands beside."""
        return {key for key in self.raised if self.table.red_flags[key].stops}

    @property
    def unanswered_flags(self) -> int:
        """How many warning-sign questions have no answer."""
        return sum(answer is None for answer in self._flags.values())

    @property
    def warnings(self) -> list[str]:
        """What to do and how soon, the most urgent first; empty without any warning sign."""
        return what_to_do(self._flags, self.table)

    @property
    def raised(self) -> set[str]:
        """Keys of the red flags that were answered with yes, or by another answer."""
        return {key for key, answer in self._flags.items() if answer}

    @property
    def answered(self) -> int:
        """How many of the questions have an answer."""
        return sum(self.value(step) is not None for step in self.steps)

    def value(self, step: Step) -> Any:
        """What a question is answered with now, None: not answered."""
        return step.value(self.answers)

    def answer(self, text: str) -> None:
        """Take a typed answer and go on. Raises InputError, and stays, where it is not clear."""
        if self.step is not None:
            self.put(parse_typed(self.step, text))

    def put(self, value: Any) -> None:
        """Take a value and go on. Raises InputError, and stays, where it cannot be."""
        if self.step is None:
            return
        changed = copy.deepcopy(self.answers)
        self.step.put(changed, value)
        self.answers = answers_of(profile_of(changed, self.table))
        self._at += 1
        self._look()

    def remove(self) -> None:
        """Take the answer back, so that it is unknown again, and stay."""
        if self.step is not None:
            self.step.put(self.answers, None)
            self._look()

    def skip(self) -> None:
        """Leave the question as it is and go on."""
        self._at = min(self._at + 1, len(self.steps))

    def skip_section(self) -> None:
        """Leave the rest of this part as it is."""
        here = self.step
        while self.step is not None and here and self.step.asked.section == here.asked.section:
            self.skip()

    def back(self) -> None:
        """To the question before; at the first it stays."""
        self._at = max(self._at - 1, 0)

    def go(self, number: int) -> None:
        """To a question by its number, from 1; past the last one: the end."""
        self._at = min(max(number - 1, 0), len(self.steps))

    def go_on(self) -> None:
        """The runner has read the warnings and wants to answer on."""
        self._acknowledged |= self.raised

    def _look(self) -> None:
        """What applies now, after answers changed."""
        self.steps = steps_of(self.questionnaire, self.table, self.answers, self._known)
        self._flags = answers_to_flags(self.answers, self.table)
        self._acknowledged &= self.raised


def for_another_day(answers: Answers, days: float, questionnaire: Questionnaire) -> Answers:
    """What still holds of answers of `days` ago; how it feels and what changed is asked anew."""
    kept = copy.deepcopy(answers)
    for asked in questionnaire.questions:
        if asked.lasting or asked.each:
            continue
        paths = (path.split(".") for path in asked.items or ()) if not asked.to else [asked.to]
        for path in paths:
            keep(kept, tuple(path), None)
    longest = next(q.high for q in questionnaire.questions if q.to == (*_INJURIES, "months_ago"))
    for injury in look_up(kept, _INJURIES) or ():
        if "months_ago" in injury:
            months = injury["months_ago"] + days / _DAYS_A_MONTH
            injury["months_ago"] = min(round(months, 1), longest)
    return kept
