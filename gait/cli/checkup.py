"""`gait checkup`: asks, shows, exports and deletes the answers of a checkup."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console

from gait.app.checkup_kept import (
    PROFILE_FILE,
    Kept,
    KeptInRoster,
    kept_in_file,
    kept_in_roster,
    write_profile,
)
from gait.cli.checkup_terminal import ask, show_answers
from gait.model import UsageError
from gait.risk import load_evidence
from gait.risk.checkup import CheckupFlow
from gait.risk.question_flow import Answers
from gait.risk.questions import load_questions


@dataclass(frozen=True, slots=True)
class CheckupOptions:
    """What was named on the command line."""

    athlete: str | None = None
    export: Path | None = None
    show: bool = False
    delete: str | None = None
    overwrite: bool = False


def run_checkup(options: CheckupOptions) -> None:
    questionnaire, today = load_questions(), date.today()
    if options.athlete is None:
        if options.delete is not None:
            raise UsageError("Say whose checkup to delete; a profile file is deleted as any file.")
        _file(kept_in_file(options.export or PROFILE_FILE, questionnaire, today), options)
        return
    with kept_in_roster(options.athlete, questionnaire, today) as kept:
        if options.delete is not None:
            _delete(kept, options.delete)
        elif options.export is not None:
            write_profile(options.export, kept.profile_answers(), overwrite=options.overwrite)
        elif options.show:
            _show(kept.latest().answers)
        else:
            _ask(kept)


def _file(kept: Kept, options: CheckupOptions) -> None:
    if options.show:
        _show(kept.answers)
    else:
        _ask(kept)


def _show(answers: Answers) -> None:
    show_answers(CheckupFlow(load_questions(), load_evidence(), answers), Console())


def _ask(kept: Kept) -> None:
    flow = CheckupFlow(load_questions(), load_evidence(), kept.answers, kept.known)
    if not ask(flow, kept, Console(stderr=True)):
        raise typer.Exit(130)  # interrupted; everything that was answered is kept


def _delete(kept: KeptInRoster, day: str) -> None:
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"{day} is no date such as 2026-05-17.") from error
    for checkup in kept.of_day(wanted):
        kept.roster.checkups.delete(checkup)
    Console(stderr=True).print(f"The checkup of {wanted} is deleted.", highlight=False)
