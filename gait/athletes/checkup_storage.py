"""Where the answers of a checkup are kept: a profile file, or the roster."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import yaml

from gait.athletes.reassess import known_fields
from gait.model import UsageError
from gait.recording.files import private_output
from gait.report.outputs import read_profile
from gait.risk import answers_of
from gait.risk.checkup import for_another_day
from gait.risk.question_flow import Answers, keep
from gait.risk.questions import Path as Field
from gait.risk.questions import Questionnaire
from gait.roster import Athlete, Checkup, Roster

PROFILE_FILE = Path("me.yaml")
KINDS = (".yaml", ".yml", ".json")


class Kept(Protocol):
    """Answers of before, and where new ones go; `known` fields need no question.

    remark : what the runner should know of the answers that are there
    """

    answers: Answers
    remark: str

    @property
    def known(self) -> frozenset[Field]: ...

    def keep(self, answers: Answers) -> None:
        """Put these answers in the place of those before."""
        ...

    def how_to_use(self) -> list[str]:
        """Where the answers are and what can be done with them, a sentence each."""
        ...


@dataclass(slots=True)
class KeptInFile:
    """Answers in a profile file, which is made when the first of them is given."""

    path: Path
    answers: Answers
    remark: str = ""
    known: frozenset[Field] = frozenset()

    def keep(self, answers: Answers) -> None:
        write_profile(self.path, answers, overwrite=True)

    def how_to_use(self) -> list[str]:
        return [
            f"The answers are in {self.path}, which is yours to change, copy or delete.",
            f"Use them: gait analyze RUN.gait --profile {self.path}",
        ]


@dataclass(slots=True)
class KeptInRoster:
    """Answers of one athlete, one checkup a day."""

    roster: Roster
    athlete: Athlete
    today: date
    version: str
    answers: Answers
    remark: str
    checkup: Checkup | None = None

    @property
    def known(self) -> frozenset[Field]:
        return frozenset(self._from_roster())

    def _from_roster(self) -> dict[Field, Any]:
        shoe = self.roster.shoes.only(self.athlete)
        return known_fields(self.roster, self.athlete, self.today, shoe)

    def keep(self, answers: Answers) -> None:
        checkups = self.roster.checkups
        if self.checkup is not None:
            self.checkup = checkups.change(self.checkup, answers=answers, version=self.version)
            return
        self.checkup = checkups.keep(
            self.athlete, taken_on=self.today, answers=answers, version=self.version
        )

    def latest(self) -> Checkup:
        """The last checkup. Raises UsageError where there is none."""
        latest = self.roster.checkups.latest(self.athlete)
        if latest is None:
            raise UsageError(f"{self.athlete.name} has no checkup yet; take one first.")
        return latest

    def of_day(self, day: date) -> list[Checkup]:
        """The checkups of a day. Raises UsageError, with the days there are, without any."""
        checkups = self.roster.checkups.all(self.athlete)
        found = [checkup for checkup in checkups if checkup.taken_on == day]
        if not found:
            days = ", ".join(str(checkup.taken_on) for checkup in checkups) or "none yet"
            raise UsageError(f"{self.athlete.name} has no checkup of {day}; there are: {days}.")
        return found

    def profile_answers(self) -> Answers:
        """The last checkup, with the body, runs and shoes that the roster knows."""
        answers = self.latest().answers
        for field, value in self._from_roster().items():
            keep(answers, field, value)
        return answers

    def how_to_use(self) -> list[str]:
        name = f'"{self.athlete.name}"' if " " in self.athlete.name else self.athlete.name
        return [
            f"The answers are kept in the roster; gait checkup {name} --show reads them.",
            f"Use them: gait analyze RUN.gait --athlete {name}",
        ]


def kept_in_file(path: Path, questionnaire: Questionnaire, today: date) -> KeptInFile:
    """The profile file at `path`, which need not be there yet.

    Raises UsageError for another kind of file or a missing folder, InputError for a wrong profile.
    """
    _check_kind(path)
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} does not exist; make it or choose another.")
    before = answers_of(read_profile(path)) if path.exists() else {}
    return KeptInFile(path, *_since(before, str(path), questionnaire, today))


@contextmanager
def kept_in_roster(name: str, questionnaire: Questionnaire, today: date) -> Iterator[KeptInRoster]:
    """The checkups of an athlete. Raises UsageError where there is none of that name."""
    with Roster() as roster:
        yield kept_of(roster, roster.athletes.find(name), questionnaire, today)


def kept_of(
    roster: Roster, athlete: Athlete, questionnaire: Questionnaire, today: date
) -> KeptInRoster:
    """The checkups of an athlete of an open roster, to go on with today."""
    latest = roster.checkups.latest(athlete, until=today)
    before = latest.answers if latest else {}
    answers, remark = _since(before, "The last checkup", questionnaire, today)
    now = latest if latest and latest.taken_on == today else None
    return KeptInRoster(roster, athlete, today, questionnaire.version, answers, remark, now)


class _WithoutAliases(yaml.SafeDumper):
    """Writes out again what stands there twice, as a profile is read without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_profile(path: Path, answers: Answers, *, overwrite: bool) -> None:
    """Answers as a profile file, YAML or JSON by its ending, for its owner only."""
    _check_kind(path)
    if path.suffix == ".json":
        text = json.dumps(answers, indent=2, ensure_ascii=False) + "\n"
    else:
        text = yaml.dump(answers, Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True)
    with private_output(path, overwrite=overwrite) as file:
        file.write(text.encode())


def _check_kind(path: Path) -> None:
    if path.suffix not in KINDS:
        raise UsageError(f"{path} must end in .yaml or .json to hold a profile.")


def _since(
    before: Answers, called: str, questionnaire: Questionnaire, today: date
) -> tuple[Answers, str]:
    """Answers to go on with today, and what the runner should know of them."""
    if not before:
        return {"answered_on": today.isoformat()}, ""
    asked_on = date.fromisoformat(before.get("answered_on") or today.isoformat())
    if asked_on >= today:
        answers, remark = before, f"{called} has answers of today; going on with them."
    else:
        answers = for_another_day(before, (today - asked_on).days, questionnaire)
        remark = (
            f"{called} is of {asked_on}. What may have changed since is asked anew; the rest is "
            "kept, and can be changed."
        )
    return {**answers, "answered_on": today.isoformat()}, remark
