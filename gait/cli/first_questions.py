"""After a first run, the questions that would change most: one key each, and what they change."""

import sys
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from gait.athletes.checkup_storage import PROFILE_FILE, KeptInFile
from gait.model import Summary
from gait.report.first_screen import first_screen
from gait.report.terminal import Page
from gait.risk import load_evidence
from gait.risk.first_questions import FirstQuestion, first_questions
from gait.risk.profile_reader import profile_of
from gait.risk.question_flow import Answers
from gait.risk.questions import load_questions

SKIP, END = ("\r", "\n", " "), ("q", "\x1b")
KEYS = "One key each; Enter skips, q ends."
KEPT = "Kept in {path}; `gait checkup` goes on from there, `--profile {path}` uses it."


def can_ask(summary: Summary) -> bool:
    """Whether somebody is there to answer, and the run is one that an answer says more of."""
    assessment = summary.assessment
    told = assessment is None or assessment.stop or assessment.history_known
    ran = any(count.running for count in summary.strides.values())
    return ran and not told and sys.stdin.isatty() and sys.stderr.isatty()


def ask_first_questions(summary: Summary, folder: Path = Path()) -> None:
    """Ask, keep what is answered in a profile of this folder, and say what it changes.

    A profile that is there already is left alone, and nothing is asked.
    """
    path = folder / PROFILE_FILE
    if path.exists() or not can_ask(summary):
        return
    page = Page(Console(stderr=True))
    metres = summary.distance.metres
    km = None if metres is None else metres / 1000.0
    answers: Answers = {}
    questions = first_questions(answers, km, load_evidence(), load_questions())
    page.say("")
    page.say(f"{len(questions)} questions would change most. {KEYS}", "bold")
    for question in questions:
        if not _ask(page, question, answers):
            break
    if not answers:
        return
    answers["answered_on"] = date.today().isoformat()
    KeptInFile(path, answers).keep(answers)
    _what_it_changes(page, summary, answers)
    page.say(KEPT.format(path=path), "dim")


def _ask(page: Page, question: FirstQuestion, answers: Answers) -> bool:
    """Until a key is an answer or skips; False where it ends the questions."""
    options = "  ".join(f"[{option.key}] {option.text}" for option in question.options)
    page.say(question.text)
    page.say(options, "dim", indent=2)
    while True:
        try:
            key = click.getchar().lower()
        except (EOFError, KeyboardInterrupt):
            return False
        if key in END:
            return False
        if key in SKIP or question.put(answers, key):
            return True


def _what_it_changes(page: Page, summary: Summary, answers: Answers) -> None:
    from gait.pipeline import reassess

    screen = first_screen(reassess(summary, runner=profile_of(answers), evidence=load_evidence()))
    page.say("")
    for text in (*screen.warnings, *screen.out, *screen.hurts):
        page.say(text, bullet="·")
    if screen.to_do:
        page.say(f"Next: {screen.to_do}", "bold")
