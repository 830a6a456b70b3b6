"""The summary of a session as text for the terminal; reads well at 80 columns without colour."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from gait.model.assessment import Assessment, ConditionFinding, Level, Reason
from gait.model.summary import FootCount, SensorNote, Summary
from gait.report.measure_table import measure_rows, print_measures
from gait.report.page import INDENT, Page
from gait.report.screen import clock

SHOWN_REASONS = 4  # of one condition; the report has all
FULL_LEVELS = (Level.ELEVATED, Level.WATCH)
BRIEF_LEVELS = (Level.NO_FLAG, Level.GENERAL_LOAD, Level.CONTEXT, Level.NOT_ENOUGH)


def summary_text(summary: Summary, console: Console, sentences: Sequence[str] = ()) -> None:
    """Print what the run says, the measures, the assessment, and how good the data were.

    sentences : what the run says in plain words, the same as in the report

    Where outputs were written is for the caller to say.
    """
    page = Page(console)
    if sentences:
        page.heading("What this run says")
    for sentence in sentences:
        page.say(sentence)
    if summary.assessment is not None:
        _before_anything_else(page, summary.assessment)
    running, walking = (measure_rows(summary, walking=w) for w in (False, True))
    if running:
        print_measures(page, "Running", running)
    if walking:
        print_measures(page, "Walking", walking)
    if summary.assessment is not None:
        _assessment(page, summary.assessment)
    _data(page, summary)


def _before_anything_else(page: Page, assessment: Assessment) -> None:
    """Red flags: those answered with yes and what to do, else how many are not answered."""
    yes = [flag for flag in assessment.red_flags if flag.answer]
    unanswered = [flag for flag in assessment.red_flags if flag.answer is None]
    if not (yes or unanswered or assessment.first):
        return
    page.heading("Before anything else")
    for flag in yes:
        page.say(f"{flag.question} You answered yes.", "bold", bullet="!")
        page.say(flag.what_to_do, indent=INDENT)
    for text in assessment.first:
        page.say(text)
    if unanswered:
        count = f"{len(unanswered)} of {len(assessment.red_flags)}"
        page.say(
            f"{count} warning-sign questions are not answered. They come before every result; "
            "read them in the report, or answer them in a profile."
        )


def _assessment(page: Page, assessment: Assessment) -> None:
    page.heading("Conditions")
    page.say(assessment.statement)
    if assessment.stop:
        page.say("A warning sign was answered with yes, so no condition carries a level.", "bold")
        return
    for level in FULL_LEVELS:
        for finding in assessment.conditions:
            if finding.level is level:
                _finding(page, finding)
    for level in BRIEF_LEVELS:
        names = [finding.name for finding in assessment.conditions if finding.level is level]
        if names:
            page.say(f"{level.value.capitalize()} ({len(names)})", "bold")
            page.say(", ".join(names), indent=INDENT)
    _signs(page, assessment)
    helpful = Counter(f.would_help_most for f in assessment.conditions if f.would_help_most)
    if helpful:
        page.say(f"What would help most to know: {helpful.most_common(1)[0][0]}.")
    for note in assessment.notes:
        page.say(note, "dim")


def _finding(page: Page, finding: ConditionFinding) -> None:
    """A condition with a level: its strongest reasons, what speaks against, what would help."""
    uncertain = ", uncertain" if finding.uncertain else ""
    page.say(f"{finding.name}: {finding.level.value}{uncertain}", "bold")
    strongest = sorted(finding.reasons, key=lambda reason: -abs(reason.size))
    for sign, reasons in (("+", strongest), ("−", finding.against)):
        for reason in reasons[:SHOWN_REASONS]:
            page.say(_reason(reason), bullet=sign, indent=INDENT)
        if len(reasons) > SHOWN_REASONS:
            more = len(reasons) - SHOWN_REASONS
            page.say(f"and {more} more in the report", "dim", indent=2 * INDENT)
    if finding.would_help_most:
        page.say(f"would help most: {finding.would_help_most}", "dim", bullet="?", indent=INDENT)


def _signs(page: Page, assessment: Assessment) -> None:
    """What the runner told that the guide names with a condition, whatever its level."""
    told = [finding for finding in assessment.conditions if finding.signs]
    if told:
        page.say("What you told, beside the conditions it is named with (never counted)", "bold")
    for finding in told:
        page.say(f"{finding.name}:", indent=INDENT)
        for sign in finding.signs:
            page.say(sign, bullet="·", indent=2 * INDENT)


def _reason(reason: Reason) -> str:
    side = f" ({reason.side})" if reason.side else ""
    cites = f"; {', '.join(reason.cites)}" if reason.cites else ""
    return f"{reason.text}{side} [grade {reason.grade}{cites}]"


def _data(page: Page, summary: Summary) -> None:
    page.heading("Data")
    page.say(f"{summary.source}, {clock(summary.duration_s)} long{_activities(summary)}")
    for side, count in summary.strides.items():
        page.say(_count(side, count), bullet="·")
    for sensor in summary.sensors:
        page.say(_sensor(sensor), bullet="·")
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


def _sensor(sensor: SensorNote) -> str:
    info = sensor.info
    parts = [f"{info.side} sensor{f' {info.name}' if info.name else ''}"]
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
        parts.append(f"{sensor.lost_s:.1f} s missing")
    if sensor.clipped_pct:
        parts.append(f"{sensor.clipped_pct:.2g} % at the end of its range")
    if sensor.battery_pct is not None:
        parts.append(f"battery {sensor.battery_pct} %")
    parts.append(f"mounting quality {sensor.mounting_quality}")
    return ", ".join(parts)
