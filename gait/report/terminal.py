"""The summary of a session as text for the terminal; reads well at 80 columns without colour."""

from collections.abc import Sequence

from rich.console import Console

from gait.model.summary import FootCount, SensorNote, Summary
from gait.report.changes import changes_said
from gait.report.conditions import before_anything_else, conditions
from gait.report.measure_table import measure_rows, print_measures
from gait.report.page import INDENT, Page
from gait.text import clock, words


def summary_text(summary: Summary, console: Console, sentences: Sequence[str] = ()) -> None:
    """Print what the run says, the measures, the assessment, and how good the data were.

    What cannot be right stands before it, and a warning sign that was answered with yes before all.

    sentences : what the run says in plain words, the same as in the report

    Where outputs were written is for the caller to say.
    """
    page = Page(console)
    assessment = summary.assessment
    if assessment is not None and assessment.stop:
        before_anything_else(page, assessment)
    if summary.doubts:
        page.heading(words.DOUBTS)
    for doubt in summary.doubts:
        page.say(doubt.sentence, "bold", bullet="!")
    if sentences:
        page.heading("What this run says")
    for sentence in sentences:
        page.say(sentence)
    if assessment is not None and not assessment.stop:
        before_anything_else(page, assessment)
    _changes(page, summary)
    running, walking = (measure_rows(summary, walking=w) for w in (False, True))
    if running:
        print_measures(page, "Running", running)
    if walking:
        print_measures(page, "Walking", walking)
    if assessment is not None:
        conditions(page, assessment)
    _data(page, summary)


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
        share = "" if sensor.lost_pct is None else f" ({sensor.lost_pct:.1f} %)"
        parts.append(f"{sensor.lost_s:.1f} s{share} missing")
    if sensor.clipped_pct:
        parts.append(f"{sensor.clipped_pct:.2g} % at the end of its range")
    if sensor.battery_pct is not None:
        parts.append(f"battery {sensor.battery_pct} %")
    parts.append(f"mounting quality {sensor.mounting_quality}")
    return ", ".join(parts)
