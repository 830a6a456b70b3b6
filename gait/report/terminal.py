"""The summary of a session as text for the terminal; reads well at 80 columns without colour."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gait.model.assessment import (
    Assessment,
    ConditionFinding,
    Level,
    Reason,
    StructureLoads,
)
from gait.model.summary import FootCount, Measure, SensorNote, Summary
from gait.report.first_screen import FirstScreen, first_screen
from gait.report.measure_table import (
    DECIMALS,
    Row,
    accuracy_text,
    by_note,
    by_reason,
    measure_rows,
    own_range,
)
from gait.report.sentences import changes_said, fit_in_words, load_said
from gait.risk.wording import doubt
from gait.text import UNKNOWN, clock, number, printable, told_apart, words

WIDEST = 100  # longer lines are hard to read
INDENT = 2
UNCERTAIN = "?"
NAMED = 3  # measures of one reason; more are counted
REFERENCE_WORDS = {
    "expectation": "expected",
    "usual range": "usual",
    "provisional": "provisional",
    "own baseline": "your own",
}


class Page:
    """Prints text as it is: no markup, no control characters. Not wider than is readable."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST)

    def heading(self, text: str) -> None:
        self._console.print()
        self._put(Rule(Text(text, "bold"), align="left", style="dim"))

    def say(self, text: str, style: str = "", *, indent: int = 0, bullet: str = "") -> None:
        """A paragraph. Its further lines stand under the text, not under the bullet."""
        clean = Text(printable(text), style)
        if not bullet:
            self._put(Padding(clean, (0, 0, 0, indent)))
            return
        row = Table.grid(padding=(0, 1))
        row.add_row(bullet, clean)
        self._put(Padding(row, (0, 0, 0, indent)))

    def table(self, table: Table) -> None:
        self._put(table)

    def _put(self, content: Padding | Table | Rule) -> None:
        self._console.print(content, width=self._width)


def summary_text(summary: Summary, console: Console, *, full: bool = False) -> None:
    """Print the first screen of a session; with `full` all that there is behind it.

    Where outputs were written is for the caller to say.
    """
    page = Page(console)
    _first(page, first_screen(summary), "" if full else words.FULL_HINT)
    if full:
        _everything(page, summary)


def _first(page: Page, screen: FirstScreen, hint: str) -> None:
    for text in screen.warnings:
        page.say(text, "bold", bullet="!")
    page.say(screen.says, "bold")
    for text in screen.out:
        page.say(text, bullet="·")
    for text in screen.hurts:
        page.say(text)
    for text in screen.notes:
        page.say(text, bullet="!")
    if screen.numbers:
        page.table(_numbers(screen))
    if screen.strides:
        page.say(f"{screen.strides} {hint}".rstrip(), "dim")
    if screen.load:
        page.say(screen.load)
    if screen.to_do:
        page.say(f"{words.DO_HEADING}: {screen.to_do}", "bold")
    if screen.not_asked:
        page.say(screen.not_asked)


def _numbers(screen: FirstScreen) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    sides = [side for side in ("left", "right") if any(getattr(n, side) for n in screen.numbers)]
    typical = any(n.typical for n in screen.numbers)
    for name in ("", *sides, "", *(["typical"] if typical else [])):
        table.add_column(name, justify="right" if name in sides else "left", no_wrap=name in sides)
    for n in screen.numbers:
        values = [getattr(n, side) for side in sides]
        table.add_row(n.label, *values, n.unit, *([Text(n.typical, "dim")] if typical else []))
    return table


def _everything(page: Page, summary: Summary) -> None:
    """What the first screen has no room for."""
    assessment = summary.assessment
    if assessment is not None and not assessment.stop:
        before_anything_else(page, assessment)
    _changes(page, summary)
    _loads(page, summary)
    running, walking = (measure_rows(summary, walking=w) for w in (False, True))
    if running:
        print_measures(page, "Running", running)
    if walking:
        print_measures(page, "Walking", walking)
    if assessment is not None:
        conditions(page, assessment, summary.structures)
    _data(page, summary)


def _loads(page: Page, summary: Summary) -> None:
    """What the run asked of each structure."""
    loads = summary.structures
    if loads is None or (summary.assessment is not None and summary.assessment.stop):
        return
    page.heading(words.STRUCTURES)
    page.say(loads.statement, "dim")
    page.say(loads.easy)
    for load in loads.each:
        page.say(f"{load.name}: {load_said(load)}", bullet="·")


def _changes(page: Page, summary: Summary) -> None:
    if summary.changes is not None:
        page.heading(words.CHANGES)
        for sentence in changes_said(summary):
            page.say(sentence, bullet="·")
    if summary.load is not None:
        page.heading(words.TRAINING)
        for sentence in summary.load.sentences:
            page.say(sentence, bullet="·")
        if len(summary.load.weeks) > 1:
            weeks = ", ".join(f"{week.km:.1f}" for week in summary.load.weeks)
            page.say(words.WEEKS.format(weeks=weeks), bullet="·")


def _data(page: Page, summary: Summary) -> None:
    page.heading("Data")
    page.say(f"{summary.source}, {clock(summary.duration_s)} long{_activities(summary)}")
    for side, count in summary.strides.items():
        page.say(_count(side, count), bullet="·")
    for sensor, name in zip(summary.sensors, sensor_names(summary.sensors), strict=True):
        page.say(_sensor(sensor, name), bullet="·")
        for note in sensor.notes:
            page.say(note, bullet="·", indent=INDENT)
    if summary.clock_uncertainty_ms is not None:
        page.say(f"clocks of the two shoes: ± {summary.clock_uncertainty_ms:.1f} ms", bullet="·")
    for note in summary.notes:
        page.say(note, bullet="!")


def _activities(summary: Summary) -> str:
    spent = [f"{name} {clock(s)}" for name, s in summary.activity_s.items() if s >= 1.0]
    return f": {', '.join(spent)}" if spent else ""


def _count(side: str, count: FootCount) -> str:
    said = f"{side}: {count.running} running and {count.walking} walking strides"
    if count.left_out:
        why = ", ".join(f"{n} because {text}" for text, n in count.left_out_why.items())
        said += f", {count.left_out} left out" + (f" ({why})" if why else "")
    return said


def sensor_names(sensors: Sequence[SensorNote]) -> list[str]:
    """What to call each; empty where it has neither name nor number."""
    infos = [note.info for note in sensors]
    return told_apart([(info.name, info.address or info.serial) for info in infos])


def _sensor(sensor: SensorNote, name: str) -> str:
    info = sensor.info
    parts = [f"{info.side} sensor{f' {name}' if info.name else ''}"]
    rate = sensor.rate_measured_hz
    parts.append(f"{info.rate_hz:.0f} Hz" + (f" (measured {rate:.1f})" if rate else ""))
    if info.acc_range_g is not None:
        parts.append(f"±{info.acc_range_g:g} g")
    if not info.has_gyroscope:
        parts.append("no gyroscope")
    elif info.gyr_range_dps is not None:
        parts.append(f"±{info.gyr_range_dps:g} °/s")
    if sensor.packets:
        parts.append(
            f"{sensor.packets_lost} of {sensor.packets + sensor.packets_lost} packets lost"
        )
    if sensor.packets_bad:
        parts.append(f"{sensor.packets_bad} packets not readable")
    if sensor.lost_s:
        share = "" if sensor.lost_pct is None else f" ({sensor.lost_pct:.1f} %)"
        parts.append(f"{sensor.lost_s:.1f} s{share} missing")
    if sensor.clipped_pct:
        parts.append(f"{sensor.clipped_pct:.2g} % at the end of its range")
    if sensor.battery_pct is not None:
        parts.append(f"battery {sensor.battery_pct} %")
    parts.append(f"mounting quality {sensor.mounting_quality}")
    return ", ".join(parts)


def print_measures(page: Page, heading: str, rows: list[Row]) -> None:
    """The main measures, then what is uncertain and what is missing, and why."""
    page.heading(heading)
    known = [row for row in rows if any(m.value is not None for _, m in row.parts)]
    shown = [row for row in known if row.key]
    of_feet = [row for row in shown if row.left is not None or row.right is not None]
    of_feet = [row for row in of_feet if not row.compares]
    if of_feet:
        page.table(_table(of_feet))
        page.say(words.MEDIAN_NOTE_TERMINAL, "dim")
    for row in shown:
        if row not in of_feet:
            page.say(f"{row.label}: {_compared(row)}", bullet="·")
    for note, labels in by_note(shown).items():
        page.say(f"{_list(labels)}: {note}", bullet="·")
    if len(known) > len(shown):
        more = len(known) - len(shown)
        page.say(words.ONE_MORE if more == 1 else words.MORE_MEASURED.format(count=more), "dim")
    uncertain = by_reason(shown, lambda m: m.value is not None and m.quality == "low")
    for reason, labels in uncertain.items():
        page.say(f"{_list(labels)}: {reason}", bullet=UNCERTAIN)
    missing = by_reason(rows, lambda m: m.value is None)
    if missing:
        page.say("Not measured", "bold")
    for reason, labels in missing.items():
        page.say(f"{_list(labels)}: {reason}", indent=INDENT, bullet="·")


def _compared(row: Row) -> str:
    """A difference or a change with what it must exceed to be one."""
    parts = [("", row.both)] if row.both is not None and row.both.value is not None else row.parts
    said = []
    for side, measure in parts:
        if measure.value is None:
            continue
        decimals = row.of.decimals if row.of else DECIMALS.get(measure.unit, 2)
        value = f"{measure.value:z.{decimals}f} {measure.unit}".rstrip()
        if measure.uncertainty is not None:
            value += f" ± {measure.uncertainty:.{decimals}f}"
        said.append(f"{side} {value}".lstrip())
    return "; ".join(said)


def _list(labels: list[str]) -> str:
    """The labels after another; more than a few are counted."""
    shown = labels if len(labels) <= NAMED + 1 else labels[:NAMED]
    text = shown[0] + "".join(f", {label[0].lower()}{label[1:]}" for label in shown[1:])
    return text + (f" and {len(labels) - len(shown)} others" if len(labels) > len(shown) else "")


def _table(rows: list[Row]) -> Table:
    sides = [s for s in ("left", "right") if any(getattr(row, s) is not None for row in rows)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("")
    for side in sides:
        table.add_column(side, no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("typical")
    for row in rows:
        parts = dict(row.parts)
        cells = [value_text(parts[side]) if side in parts else "" for side in sides]
        table.add_row(Text(row.label), *cells, row.parts[0][1].unit, Text(_beside(row), "dim"))
    return table


def value_text(measure: Measure) -> str:
    """A value with its accuracy and number of strides; a dash where not measured."""
    if measure.value is None:
        return UNKNOWN
    decimals = DECIMALS.get(measure.unit, 2)
    off = ""
    if measure.uncertainty is not None:
        off = f" ± {accuracy_text(measure.uncertainty, measure.unit)}"
    mark = f" {UNCERTAIN}" if measure.quality == "low" else ""
    return f"{measure.value:z.{decimals}f}{off} ({measure.n}){mark}"


def _beside(row: Row) -> str:
    reference = row.reference
    if reference is None:
        return ""
    if own := own_range(row.parts, DECIMALS.get(row.parts[0][1].unit, 2)):
        return own
    word = REFERENCE_WORDS[reference.kind]
    decimals = DECIMALS.get(row.parts[0][1].unit, 2)
    low, high = (
        None if v is None else number(v, decimals) for v in (reference.low, reference.high)
    )
    if low is not None and high is not None:
        return f"{word} {low} to {high}" if "−" in low else f"{word} {low}–{high}"
    if low is not None or high is not None:
        return f"{word} {f'from {low}' if high is None else f'up to {high}'}"
    return printable(reference.text)


SHOWN_REASONS = 4  # of one condition
FULL_LEVELS = (Level.ELEVATED, Level.WATCH)
BRIEF_LEVELS = (Level.NO_FLAG, Level.GENERAL_LOAD, Level.CONTEXT, Level.NOT_ENOUGH)


def before_anything_else(page: Page, assessment: Assessment) -> None:
    """What to book, and how many of the warning signs are not answered."""
    yes = [flag for flag in assessment.red_flags if flag.answer]
    unanswered = [flag for flag in assessment.red_flags if flag.answer is None]
    if not (yes or unanswered or assessment.first):
        return
    page.heading("Before anything else")
    for flag in yes:
        page.say(f"{flag.question} {words.YES}", bullet="!")
    for text in assessment.first:
        page.say(text, "bold")
    if unanswered:
        page.say(
            words.UNANSWERED_TERMINAL.format(count=len(unanswered), of=len(assessment.red_flags))
        )


def conditions(page: Page, assessment: Assessment, loads: StructureLoads | None = None) -> None:
    """Where it hurts, by how the signs fit, and what has a level in full; the rest in short."""
    page.heading(words.CONDITIONS)
    page.say(assessment.statement)
    for text in assessment.contradictions:
        page.say(text, bullet="?")
    if assessment.stop:
        page.say(words.STOPPED, "bold")
        _also_told(page, assessment, words.TOLD_STOPPED)
        return
    hurting = [finding for finding in assessment.conditions if finding.hurts_at]
    strong = [f for f in assessment.conditions if f.level in FULL_LEVELS and not f.hurts_at]
    if hurting:
        places = [place.name for place in assessment.locations if place.hurts]
        page.say(words.HURTS_AT.format(places=", ".join(places)), "bold")
        if assessment.ask_first:
            page.say(words.ASK_FIRST.format(count=len(assessment.ask_first)), bullet="!")
        for question in assessment.ask_first:
            page.say(question, bullet="?", indent=INDENT)
        for finding in hurting:
            _where_it_hurts(page, finding)
            _loaded(page, finding, loads)
        _also_told(page, assessment, words.ALSO_TOLD)
    if strong:
        page.say(words.ELSEWHERE if hurting else words.WITH_LEVEL, "bold")
        for finding in strong:
            _finding(page, finding)
            _loaded(page, finding, loads)
    _links(page, assessment)
    others = [f for f in assessment.conditions if f not in (*hurting, *strong)]
    _brief(page, others, assessment)
    _signs(page, others)
    _causes(page, assessment)
    _advice(page, assessment)
    helpful = Counter(f.would_help_most for f in assessment.conditions if f.would_help_most)
    if helpful:
        page.say(words.HELPS_MOST.format(what=helpful.most_common(1)[0][0]), "bold")
    for note in assessment.notes:
        page.say(note, "dim")


def _where_it_hurts(page: Page, finding: ConditionFinding) -> None:
    """A condition that can be behind the pain: its signs first, then the odds of getting it."""
    page.say(f"{finding.name}: {finding.headline}", "bold")
    if finding.always_show:
        page.say(finding.always_show, bullet="!", indent=INDENT)
    for text in fit_in_words(finding.fit):
        page.say(text, indent=INDENT)
    if finding.level is Level.NOT_ENOUGH:
        page.say(words.ODDS_UNKNOWN, "dim", indent=INDENT)
    elif finding.level is not Level.CONTEXT:
        page.say(words.ODDS.format(level=finding.level.value), "dim", indent=INDENT)
        _rests_on(page, finding)


def _loaded(page: Page, finding: ConditionFinding, loads: StructureLoads | None) -> None:
    """What this run asked of what the condition loads."""
    for load in loads.each if loads else ():
        if load.key in finding.structures:
            page.say(words.LOADED.format(name=load.name, says=load_said(load)), indent=INDENT)


def _also_told(page: Page, assessment: Assessment, form: str) -> None:
    if assessment.also_told:
        page.say(form.format(what="; ".join(sign.text for sign in assessment.also_told)))


def _finding(page: Page, finding: ConditionFinding) -> None:
    """A condition: its strongest reasons, what speaks against, and what the level rests on."""
    page.say(f"{finding.name}: {finding.level.value}", "bold")
    if finding.always_show:
        page.say(finding.always_show, bullet="!", indent=INDENT)
    _rests_on(page, finding)


def _rests_on(page: Page, finding: ConditionFinding) -> None:
    _reasons(page, [r for r in (*finding.reasons, *finding.against) if _of_itself(r)])
    general = [f"{r.size:+.2f} {r.text}" for r in finding.reasons if r.general]
    if general:
        page.say("; ".join(general) + words.GENERAL_ELSEWHERE, bullet="·", indent=INDENT)
    tested = [r for r in finding.against if not r.in_score]
    if tested and (finding.reasons or finding.hurts_at):
        page.say(words.TESTED.format(what=_listed(r.text for r in tested)), indent=INDENT)
    if finding.signs and not finding.fit:
        page.say(words.TOLD_SIGNS.format(what="; ".join(finding.signs)), indent=INDENT)
    if finding.explained:
        page.say(" ".join(finding.explained), "dim", indent=INDENT)
    if finding.would_help_most:
        text = words.HELPS_MOST.format(what=finding.would_help_most)
        page.say(text, "dim", bullet="?", indent=INDENT)


def _of_itself(reason: Reason) -> bool:
    """It holds for this runner and is about the condition itself."""
    return not reason.general and (reason.in_score or reason.direction == "up")


def _reasons(page: Page, reasons: list[Reason]) -> None:
    for reason in reasons[:SHOWN_REASONS]:
        size = f"{reason.size:+.2f}" if reason.in_score else words.NOT_COUNTED
        page.say(f"{size} {_reason(reason)}", bullet="·", indent=INDENT)
        page.say(f"{reason.found}; {words.BUT} {reason.but}", "dim", indent=2 * INDENT)
    if len(reasons) > SHOWN_REASONS:
        more = words.MORE_REASONS.format(count=len(reasons) - SHOWN_REASONS)
        page.say(more, "dim", indent=2 * INDENT)


def _reason(reason: Reason) -> str:
    kind = [words.GRADE.format(grade=reason.grade)]
    kind += [doubt(reason.read)] if doubt(reason.read) else []
    kind += [", ".join(reason.cites)] if reason.cites else []
    return f"{reason.text} [{'; '.join(kind)}]"


def _brief(page: Page, findings: list[ConditionFinding], assessment: Assessment) -> None:
    """By level; what is not judged in one line, as a list of names would say nothing."""
    for level in BRIEF_LEVELS:
        names = [finding.name for finding in findings if finding.level is level]
        if names and level is Level.NOT_ENOUGH:
            why = words.TOO_LITTLE if assessment.history_known else words.NO_HISTORY
            page.say(words.NOT_JUDGED_ONE_LINE.format(count=len(names), why=why), "bold")
        elif names:
            page.say(f"{level.value.capitalize()} ({len(names)}): {words.LEVELS[level]}", "bold")
            page.say(", ".join(names), indent=INDENT)


def _links(page: Page, assessment: Assessment) -> None:
    """What this run measured, with the conditions that the guide or studies link it to."""
    if assessment.links:
        page.say(words.LINKS, "bold")
    for link in assessment.links:
        page.say(link.text, bullet="·", indent=INDENT)
        for text in link.stands_out:
            page.say(words.STANDS_OUT.format(what=text), bullet="!", indent=2 * INDENT)
        linked = (
            (words.LINKED_GUIDE, link.guide),
            (words.LINKED_READING, link.reading),
            (words.LINKED_STUDIES, link.studies),
        )
        said = [f"{who}: {', '.join(names)}" for who, names in linked if names]
        if said:
            page.say("; ".join(said), "dim", indent=2 * INDENT)


def _signs(page: Page, findings: list[ConditionFinding]) -> None:
    """What the runner told that the guide names with a condition told of in short only."""
    told = [finding for finding in findings if finding.signs]
    if told:
        page.say(words.SIGNS_TERMINAL, "bold")
    for finding in told:
        page.say(f"{finding.name}: {'; '.join(finding.signs)}", bullet="·", indent=INDENT)


def _causes(page: Page, assessment: Assessment) -> None:
    if assessment.causes:
        page.say(words.CAUSES, "bold")
    for kind in assessment.causes:
        page.say(f"{kind.name}: {'; '.join(kind.known)}", bullet="·", indent=INDENT)


def _advice(page: Page, assessment: Assessment) -> None:
    if assessment.advice:
        page.say(words.ADVICE, "bold")
    for advice in assessment.advice:
        page.say(advice.text, bullet="·", indent=INDENT)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)
