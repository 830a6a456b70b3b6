"""`gait checkup`: asks, shows, exports and deletes the answers of a checkup.

A checkup in a terminal: one question at a time, on 80 × 24, with or without colour.

Questions go to stderr and answers are lines, so that they may come from a pipe. Every answer is
kept as soon as it is given.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console

from gait.athletes.checkup_storage import (
    PROFILE_FILE,
    Kept,
    KeptInRoster,
    kept_in_file,
    kept_in_roster,
    write_profile,
)
from gait.model import InputError, UsageError
from gait.report.terminal import INDENT, Page
from gait.risk import load_evidence
from gait.risk.answer_parser import in_words
from gait.risk.checkup import CheckupFlow
from gait.risk.question_flow import Answers, Step
from gait.risk.questions import load_questions

HOW = {
    "yes_no": "y or n",
    "choice": "One number",
    "several": "Numbers, such as 1 3; n: {none}",
    "checklist": "Numbers with yes (2? unsure); n: none",
    "number": "A number{units}",
    "text": "One line",
    "log": "A run a line; an empty line ends it",
}
KEYS = "Enter skip · b back · ? help · q end"
MORE_KEYS = (
    "Enter leaves a question as it is. Without an answer it is unknown, never a no.",
    "b goes back, s skips the rest of this part, - takes an answer back.",
    "l lists the answers; with a number it goes there, such as l 12.",
    "q saves and ends; the same command goes on from there. Ctrl-C loses nothing either.",
)


def ask(flow: CheckupFlow, kept: Kept, console: Console) -> bool:
    """Ask until the end, or until the runner ends it. False where it was interrupted."""
    terminal = _Terminal(flow, kept, console)
    try:
        terminal.run()
    except KeyboardInterrupt:
        console.print()
        terminal.end()
        return False
    terminal.end()
    return True


def show_answers(flow: CheckupFlow, console: Console) -> None:
    """Every answer in words, by part; what is not answered is said to be unknown."""
    page = Page(console)
    _list(flow, page)
    page.say("")
    page.say(f"{flow.answered} of {len(flow.steps)} questions are answered; the rest is unknown.")


class _Terminal:
    def __init__(self, flow: CheckupFlow, kept: Kept, console: Console) -> None:
        self._flow = flow
        self._kept = kept
        self._console = console
        self._page = Page(console)
        self._section = ""
        self._ended = False

    def run(self) -> None:
        if self._kept.remark:
            self._page.say(self._kept.remark)
        while not self._ended:
            if self._flow.stopped:
                self._warn()
            elif self._flow.step is None:
                self._last()
            else:
                self._question(self._flow.step)

    def end(self) -> None:
        """What the answers say so far, what they change, and how to use them."""
        flow, page = self._flow, self._page
        words = flow.questionnaire.words
        page.heading("Checkup")
        for warning in flow.warnings:
            page.say(warning, "bold", bullet="!")
        if flow.urgent:
            page.say(words["stopped"])
        page.say(words["thanks"].format(answered=flow.answered, asked=len(flow.steps)))
        if not flow.urgent:
            unanswered = flow.unanswered_flags
            if unanswered:
                page.say(words["unanswered"].format(count=unanswered))
            elif not flow.warnings:
                page.say(words["no_flag"])
            self._what_it_changes()
        page.say(words["not_again"])
        if flow.answered:
            for sentence in self._kept.how_to_use():
                page.say(sentence)

    def _what_it_changes(self) -> None:
        flow, words = self._flow, self._flow.questionnaire.words
        places = [flow.table.locations[pain["where"]].name for pain in flow.answers.get("pain", ())]
        if places:
            self._page.say(words["order"].format(places=", ".join(dict.fromkeys(places))))
        self._page.say(f"{words['counts']} {words['alone']}")

    def _warn(self) -> None:
        page, flow = self._page, self._flow
        page.heading("First of all")
        for key, flag in flow.table.red_flags.items():
            if key in flow.raised:
                page.say(f"{flag.question} Yes.", bullet="!")
        for warning in flow.warnings:
            page.say(warning, "bold")
        page.say("")
        page.say("The other questions can wait. Enter saves and ends here; g goes on with them.")
        answer = self._line()
        if answer == "g":
            flow.go_on()
        else:
            self._ended = True

    def _last(self) -> None:
        self._page.say("")
        self._page.say("That was the last question. Enter ends · b back · l list")
        line = self._line()
        if line in (None, "", "q"):
            self._ended = True
        elif not self._move(line):
            self._page.say("b goes back, l 12 goes to question 12, Enter ends.", bullet="!")

    def _question(self, step: Step) -> None:
        self._show(step)
        line = self._line()
        if step.asked.kind == "log" and line and line[0].isdigit():
            line = self._rest_of_log(line)
        if line is None or line == "q":
            self._ended = True
        elif not self._key(step, line) and not self._move(line):
            self._take(line)

    def _take(self, line: str) -> None:
        try:
            self._flow.answer(line)
        except InputError as error:
            self._page.say(f"{error} Or ? for help.", bullet="!")
            return
        self._kept.keep(self._flow.answers)

    def _key(self, step: Step, line: str) -> bool:
        """Do what a key says; False where the line is an answer."""
        flow = self._flow
        if line == "":
            flow.skip()
        elif line == "s":
            flow.skip_section()
        elif line == "-":
            flow.remove()
            self._kept.keep(flow.answers)
        elif line == "?":
            self._help(step)
        else:
            return False
        return True

    def _move(self, line: str) -> bool:
        """To another question; False where the line does not say so."""
        word, *number = line.split()
        if line == "b":
            self._flow.back()
        elif line == "l":
            _list(self._flow, self._page, numbered=True)
        elif word == "l" and len(number) == 1 and number[0].isdecimal():
            self._flow.go(int(number[0]))
        else:
            return False
        return True

    def _help(self, step: Step) -> None:
        self._page.say("")
        self._page.say(step.asked.help)
        for sentence in MORE_KEYS:
            self._page.say(sentence, bullet="·", indent=INDENT)

    def _show(self, step: Step) -> None:
        flow, page, asked = self._flow, self._page, step.asked
        page.heading(f"{asked.section} · {flow.number} of about {flow.about}")
        if asked.section != self._section:
            self._section = asked.section
            lead = next(s.lead for s in flow.questionnaire.sections if s.title == asked.section)
            page.say(lead)
            page.say("")
        page.say(_question(step), "bold")
        if asked.sides:
            page.say(asked.help)
        for number, item in enumerate(step.items, 1):
            page.say(item.text, bullet=f"{number:>2}", indent=INDENT)
        value = flow.value(step)
        if value is not None:
            page.say(f"Now: {in_words(step, value)}. Enter keeps it, - takes it back.")
        page.say(f"{_how(step)}. {KEYS}", "dim")

    def _line(self) -> str | None:
        """What is typed, a single letter in lower case; None at the end of the input."""
        try:
            line = self._console.input("> ").strip()
        except EOFError:
            return None
        return line.lower() if len(line) == 1 else line

    def _rest_of_log(self, first: str) -> str:
        lines = [first]
        while line := self._line():
            lines.append(line)
        return "\n".join(lines)


def _question(step: Step) -> str:
    """What is asked, with the place or the side it is about."""
    about = step.about[:1].upper() + step.about[1:]
    return f"{about}: {step.asked.text}" if about else step.asked.text


def _how(step: Step) -> str:
    asked = step.asked
    units = [unit for unit in (asked.unit, *(asked.units or {})) if unit]
    said = f", in {' or '.join(units)}" if units else f" from {asked.low:g} to {asked.high:g}"
    return HOW[asked.kind].format(none=asked.none, units=said)


def _list(flow: CheckupFlow, page: Page, *, numbered: bool = False) -> None:
    section = ""
    for number, step in enumerate(flow.steps, 1):
        value = flow.value(step)
        if value is None and not numbered:
            continue
        if step.asked.section != section:
            section = step.asked.section
            page.heading(section)
        said = "not answered" if value is None else in_words(step, value)
        question = _question(step)
        between = " " if question.endswith("?") else ": "
        page.say(question + between + said, bullet=f"{number:>2}" if numbered else "·")


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
