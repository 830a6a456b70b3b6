"""`gait report`: one page of a session, or of what differs before and after, as HTML or PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gait.athletes.reassess import reassessed
from gait.athletes.runner import Chosen, check_one_source, runner_of
from gait.cli.analyze import session_analysed, summary_of
from gait.model import InputError, Summary, UsageError
from gait.recording import sniff
from gait.recording.files import check_free, private_output
from gait.report.outputs import read_profile

if TYPE_CHECKING:
    from gait.roster import Session

SHAPE = "2026-03-01..2026-03-31"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """One session, two to compare, or none with an athlete: the last one kept, or two periods.

    before, after : days, as `FIRST..LAST`, both included
    """

    sessions: Sequence[Path]
    output: Path | None = None
    pdf: bool = False
    profile: Path | None = None
    chosen: Chosen | None = None
    before: str | None = None
    after: str | None = None
    language: str = "en"
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    first: date
    last: date


def run_report(options: ReportOptions) -> None:
    import gait.report.html  # noqa: F401 - before all work, as its packages may be missing

    if options.language != "en":
        raise UsageError(f"There is no language {options.language} here; there is en.")
    if options.pdf:
        from gait.report.outputs import needed_browser

        needed_browser()
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    page, target = _page(options, stderr)
    if options.pdf:
        from gait.report.outputs import as_pdf

        with stderr.status("Printing …"):
            content = as_pdf(page)
    else:
        content = page.encode()
    with private_output(target, overwrite=options.overwrite) as file:
        file.write(content)
    stderr.print(f"Report: {target}")


def _page(options: ReportOptions, stderr: Console) -> tuple[str, Path]:
    """The page, and where to put it."""
    periods = _periods(options)
    check_one_source(options.profile, options.chosen)
    if len(options.sessions) > 2:
        raise UsageError("Name one session, or two to compare: the one before, then the one after.")
    for path in options.sessions:
        if sniff(path) != "session":
            raise UsageError(
                f"{path} is an IMU table; `gait analyze {path} --side left --report F.html` makes "
                "its report."
            )
    if periods:
        target = _target(options, f"{_file_name(options.chosen)}-before-after")
        return _of_periods(options, *periods), target
    if len(options.sessions) == 2:
        if options.chosen is not None or options.profile is not None:
            raise UsageError("Two sessions are compared as they are; leave the runner away.")
        one, other = options.sessions
        target = _target(options, f"{_stem(one)}-{_stem(other)}", beside=one)
        with stderr.status("Reading and analysing …"):
            return _of_two(one, other), target
    path = options.sessions[0] if options.sessions else _last_recording(options.chosen)
    target = _target(options, _stem(path), beside=path)
    with stderr.status("Reading and analysing …"):
        return _of_one(path, options, stderr), target


def _of_one(path: Path, options: ReportOptions, stderr: Console) -> str:
    """With `--athlete` beside all that the roster knows, and the session is kept there."""
    from gait.report.html import report_html

    found = session_analysed(path)
    if options.chosen is None:
        summary = summary_of(found, read_profile(options.profile))
        return report_html(summary, found.result.strides)
    with runner_of(options.chosen) as runner:
        summary = runner.summarise(
            found.result,
            key=found.key,
            source=found.source,
            started_at=found.started_at,
            notes=found.notes,
        )
        page = report_html(summary, found.result.strides)
        kept = runner.keep(summary, key=found.key, recording=path)
        stderr.print(f"Kept in the roster: {runner.athlete.name}, {kept.day}.")
    return page


def _of_two(before: Path, after: Path) -> str:
    from gait.report.html import before_after_html

    one, other = (summary_of(session_analysed(path)) for path in (before, after))
    return before_after_html([one], [other])


def _of_periods(options: ReportOptions, before: Period, after: Period) -> str:
    from gait.report.html import before_after_html

    assert options.chosen is not None
    with runner_of(options.chosen) as runner:
        groups = []
        for name, days in (("before", before), ("after", after)):
            sessions = runner.roster.sessions.all(runner.athlete, since=days.first, until=days.last)
            if not sessions:
                raise UsageError(
                    f"{runner.athlete.name} has no session from {days.first} to {days.last}; "
                    f"choose other days for --{name} (`gait roster show` lists them)."
                )
            groups.append([_dated(reassessed(runner.roster, s), s) for s in reversed(sessions)])
        return before_after_html(groups[0], groups[1], whose=runner.athlete.name)


def _dated(summary: Summary, session: "Session") -> Summary:
    """With the moment as the roster has it."""
    from msgspec.structs import replace

    return replace(summary, started_at=summary.started_at or session.started_at)


def _last_recording(chosen: Chosen | None) -> Path:
    """The file of the athlete's last session."""
    if chosen is None:
        raise UsageError(
            "Name a session file, two to compare, or an athlete of the roster with --athlete."
        )
    with runner_of(chosen) as runner:
        last = next(iter(runner.roster.sessions.all(runner.athlete, limit=1)), None)
        if last is None:
            raise UsageError(
                f"{runner.athlete.name} has no session yet; name a session file to begin with."
            )
        if last.recording is None or not last.recording.exists():
            raise InputError(
                f"The recording of {runner.athlete.name}'s last session ({last.day}, "
                f"{last.source}) is not where it was; name its file."
            )
        return last.recording


def _periods(options: ReportOptions) -> tuple[Period, Period] | None:
    if options.before is None and options.after is None:
        return None
    if options.before is None or options.after is None or options.chosen is None:
        raise UsageError(
            f"For two periods name --athlete, --before and --after, such as --before {SHAPE}."
        )
    if options.sessions:
        raise UsageError("Name either two sessions or two periods, not both.")
    return _period("--before", options.before), _period("--after", options.after)


def _period(option: str, text: str) -> Period:
    first, _, last = text.partition("..")
    try:
        period = Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
    except ValueError as error:
        raise UsageError(f"{option} {text} is no period; write {SHAPE}.") from error
    if period.last < period.first:
        raise UsageError(f"{option} {text} ends before it begins; write the earlier day first.")
    return period


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def _file_name(chosen: Chosen | None) -> str:
    name = chosen.athlete if chosen else ""
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-") or "report"


def _target(options: ReportOptions, name: str, beside: Path | None = None) -> Path:
    """Where to write; raises UsageError where that is taken, before any work is done."""
    if options.output is not None:
        target = options.output
    else:
        file = f"{name}{'.pdf' if options.pdf else '.html'}"
        target = beside.with_name(file) if beside else Path(file)
    check_free(target, overwrite=options.overwrite)
    return target
