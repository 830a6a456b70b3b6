"""The report: one HTML file that stands alone, made from a summary and its strides.

Nothing is loaded from anywhere: the style and the pictures are in the file, there is no script,
and its content policy forbids both. All text is escaped.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gait.measures.clocks import from_own_start
from gait.measures.session_table import ROWS, SessionMeasure
from gait.measures.table import StrideMeasure
from gait.model import UsageError
from gait.model.assessment import Assessment, ConditionFinding, Level, StructureLoads
from gait.model.sensor import SensorInfo
from gait.model.summary import SensorNote, Summary
from gait.recording.files import private_output
from gait.report.before_after import before_after
from gait.report.cells import Comparison, comparison, tiles
from gait.report.colours import DARK, LIGHT, css_variables
from gait.report.figure_model import Figure
from gait.report.figures import run_figures
from gait.report.first_screen import first_screen, ran
from gait.report.measure_table import measure_rows
from gait.report.sentences import (
    Compared,
    changes_said,
    compared_rows,
    duration_words,
    fit_in_words,
    load_said,
    moment,
)
from gait.risk.wording import LINKED_BY, READ, doubt
from gait.text import printable, told_apart, words

try:
    import jinja2

    from gait.report.svg import BLOCKS, WIDE, svg
except ModuleNotFoundError as error:
    raise UsageError(f"{words.NEEDS_PACKAGES} pip install 'shoegait[report]'") from error


OPEN_LEVELS = (Level.ELEVATED, Level.WATCH)


def write_report(
    path: Path | str, summary: Summary, strides: NDArray[np.void], *, overwrite: bool = False
) -> None:
    """Write the report to a new file that only its owner can read.

    strides : (n,) with `gait.model.strides.EVENT_FIELDS` and one float64 field a measure

    Raises UsageError for a path that is taken (unless `overwrite`) or in no folder, and GaitError
    where the disk refuses.
    """
    page = report_html(summary, strides)
    with private_output(Path(path), overwrite=overwrite) as file:
        file.write(page.encode())


def report_html(summary: Summary, strides: NDArray[np.void]) -> str:
    """The report as text."""
    assessment = summary.assessment
    if summary.clocks == "separate":
        strides = from_own_start(strides)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **assessment_words(assessment, summary.structures),
            **_head(_title(summary), summary.source, summary.software),
            about=[
                moment(summary.started_at),
                summary.source,
                words.LONG.format(time=duration_words(summary.duration_s)),
            ],
            summary=summary,
            says=words.SAYS if ran(summary) else words.SAYS_NO_RUN,
            screen=first_screen(summary),
            tiles=tiles(summary),
            figures=run_figures(summary, strides),
            changes=changes_said(summary),
            compared=compared_rows(summary.changes or []),
            weeks=_weeks(summary),
            comparisons=comparisons(summary),
            sensors=_sensors(summary.sensors),
            explained=[_explained(m) for m in ROWS.values()],
        )
    )


def before_after_html(
    before: Sequence[Summary], after: Sequence[Summary], *, whose: str = ""
) -> str:
    """The page of two runs, or groups of runs, of one runner, by name where that is known."""
    found = before_after(before, after)
    names = [f"{words.BEFORE}: {_sources(before)}", f"{words.AFTER}: {_sources(after)}"]
    source = f"{_sources(before)}, {_sources(after)}"
    return (
        environment()
        .get_template("before_after.html.j2")
        .render(
            **_head(words.BEFORE_AFTER_TITLE, source, after[-1].software),
            about=[*([whose] if whose else []), *names],
            sentences=found.sentences,
            pairs=found.pairs,
            remarks=found.remarks,
            figures=found.figures,
            run_columns=words.RUN_COLUMNS,
            groups=found.groups,
        )
    )


def assessment_html(assessment: Assessment | None, structures: StructureLoads | None = None) -> str:
    """A `<section>`: red flags first, then conditions with their reasons folded."""
    return (
        environment()
        .get_template("assessment.html.j2")
        .render(assessment_words(assessment, structures))
    )


def assessment_words(
    assessment: Assessment | None, structures: StructureLoads | None
) -> dict[str, Any]:
    """What the template of the assessment asks for."""
    return {
        "assessment": assessment,
        "structures": {load.key: load for load in structures.each} if structures else {},
        "load_said": load_said,
        "cited": {c.key for c in assessment.citations} if assessment else set(),
        "open_levels": OPEN_LEVELS,
        "other_reading": _other_reading,
        "doubt": doubt,
        "read_words": READ,
        "linked_by": LINKED_BY,
        "fit_in_words": fit_in_words,
    }


def figure_html(figure: Figure, *, wide: bool = False) -> str:
    """A `<figure>` with its title, legend, notes and numbers.

    wide : with a second drawing, which is shown where there is room for it
    """
    return _macros().drawn(figure, wide)


def tiles_html(summary: Summary) -> str:
    """The key numbers of a session, side by side."""
    return _macros().tile_list(tiles(summary))


def differences_html(rows: Sequence[Compared]) -> str:
    """The table of what differs from the runner's own earlier runs."""
    return _macros().differences(rows)


def comparison_html(heading: str, table: Comparison) -> str:
    """Left against right as a table, with what was not measured and why."""
    return _macros().comparison(heading, table)


def _macros() -> Any:
    return environment().get_template("macros.html.j2").module


@cache
def environment(room: str = "gait.report") -> jinja2.Environment:
    """Where the templates of a room are, those of the report behind them; all text that they are
    given is escaped."""
    rooms = dict.fromkeys((room, "gait.report"))
    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(one, ".") for one in rooms]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    found.globals.update(w=words, svg=svg, WIDE=WIDE, BLOCKS=BLOCKS)
    return found


def _sources(group: Sequence[Summary]) -> str:
    """The file of one run, the number of several."""
    one = len(group) == 1
    return group[0].source if one else words.RUNS_UNDATED.format(count=len(group))


def _explained(row: StrideMeasure | SessionMeasure) -> tuple[str, str, str]:
    """A measure's label, what it is, and its source."""
    return row.label, row.sentence, row.source


def _head(title: str, source: str, software: str) -> dict[str, str]:
    return {
        "title": title,
        "source": source,
        "software": software,
        "light": css_variables(LIGHT),
        "dark": css_variables(DARK),
    }


def _title(summary: Summary) -> str:
    if ran(summary):
        return words.TITLE
    walked = any(count.walking for count in summary.strides.values())
    return words.WALKING_TITLE if walked else words.NOTHING_TITLE


def comparisons(summary: Summary) -> list[tuple[str, Comparison]]:
    """Running, then walking, each left against right; left out where there are no rows."""
    headings = ((False, words.COMPARISON), (True, words.COMPARISON_WALKING))
    found = []
    for walking, heading in headings:
        rows = measure_rows(summary, walking=walking)
        if rows and (walking or ran(summary)):
            found.append((heading, comparison(rows)))
    return found


def _weeks(summary: Summary) -> str:
    """Kilometres by week, such as `31.0, 28.5`."""
    weeks = summary.load.weeks if summary.load else []
    return ", ".join(f"{week.km:.1f}" for week in weeks)


def _sensors(notes: Sequence[SensorNote]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Side and name of each, and its facts."""
    infos = [note.info for note in notes]
    names = told_apart([(info.name or info.serial, info.address or info.serial) for info in infos])
    return [
        (f"{words.SIDE[note.info.side]}: {name or words.UNNAMED}", _sensor_facts(note))
        for note, name in zip(notes, names, strict=True)
    ]


def _sensor_facts(note: SensorNote) -> list[tuple[str, str]]:
    """What a sensor is and what it delivered, a label and a value each."""
    info = note.info
    rate = f"{info.rate_hz:.0f}"
    if note.rate_measured_hz is not None:
        rate = words.RATE_MEASURED.format(rate=rate, measured=f"{note.rate_measured_hz:.1f}")
    facts = [(words.RATE, rate), (words.RANGES, _ranges(info))]
    if note.packets:
        sent = note.packets + note.packets_lost
        facts.append((words.PACKETS, words.PACKETS_LOST.format(lost=note.packets_lost, sent=sent)))
    if note.packets_bad:
        facts.append((words.PACKETS_BAD, str(note.packets_bad)))
    if note.lost_s:
        share = "" if note.lost_pct is None else f" ({note.lost_pct:.1f} %)"
        facts.append((words.LOST_TIME, f"{note.lost_s:.1f} s{share}"))
    if note.clipped_pct is not None:
        facts.append((words.CLIPPED, f"{note.clipped_pct:.2g} %"))
    if note.battery_pct is not None:
        facts.append((words.BATTERY, f"{note.battery_pct} %"))
    facts.append((words.MOUNTING, note.mounting_quality))
    return [*facts, *((words.REMARKS, text) for text in note.notes)]


def _ranges(info: SensorInfo) -> str:
    acceleration = "" if info.acc_range_g is None else f"±{info.acc_range_g:g} g"
    if not info.has_gyroscope:
        rate = words.NO_GYROSCOPE
    else:
        rate = "" if info.gyr_range_dps is None else f"±{info.gyr_range_dps:g} °/s"
    return ", ".join(part for part in (acceleration, rate) if part) or words.RANGES_UNKNOWN


def _finalize(value: Any) -> Any:
    """Without control characters and marks that turn the direction of writing."""
    return printable(value) if type(value) is str and not value.isprintable() else value


def _other_reading(finding: ConditionFinding) -> str:
    """The other levels that the same evidence allows, such as `by other readings no flag`."""
    read = (finding.level_low, finding.level_high)
    others = dict.fromkeys(str(level) for level in read if level and level is not finding.level)
    return words.OTHER_READING.format(levels=words.AND.join(others))
