"""Work that takes its time, in a process of its own, so that every page stays alive."""

import io
import logging
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from nicegui import run

from gait.athletes.run_detail import run_detail
from gait.athletes.runner import Runner
from gait.export.session import ENDINGS, ExportOptions, Form, write_export
from gait.model import GaitError, Summary
from gait.recording import open_session
from gait.recording.session import session_key
from gait.report.outputs import as_pdf
from gait.roster import Roster

_log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def in_other_process(
    work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What `work` returns, and the GaitError that it raises. Both must be possible to pickle."""
    name, began_s = getattr(work, "__name__", "work"), time.monotonic()
    outcome = await run.cpu_bound(_outcome, work, args, named)
    _log.info("%s took %.1f s", name, time.monotonic() - began_s)
    if outcome is None:
        raise GaitError("The dashboard is being closed; nothing more was done.")
    result, error = outcome
    if error is not None:
        _log.info("%s ended with %s", name, type(error).__name__)
        raise error
    return result


def _outcome(
    work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, GaitError | None]:
    """The error as a value, as NiceGUI makes another one of what is raised over there."""
    try:
        return work(*args, **named), None
    except GaitError as error:
        return None, error


def warm() -> None:
    """Load what an analysis needs, so that the first one need not wait."""
    import gait.pipeline  # noqa: F401


def summary_of(roster: Path, athlete: int, recording: Path, started_at: str | None) -> Summary:
    """A recording analysed beside all that the roster knows of the time before it.

    started_at : for a recording that does not say when it began
    """
    from gait.pipeline import analyze_items

    session = open_session(recording)
    with Roster(roster) as opened:
        return Runner(opened, opened.athletes.get(athlete)).summarise(
            analyze_items(session.sensors, session.items()),
            key=session_key(session),
            source=recording.name,
            started_at=session.started_at or started_at,
            notes=session.problems,
        )


def report_of(summary: Summary, recording: Path, key: str, folder: Path) -> str:
    """The HTML report of a kept session; its strides come from the recording."""
    from gait.report.html import report_html

    return report_html(summary, run_detail(recording, key, folder).strides)


def pdf_of(summary: Summary, recording: Path, key: str, folder: Path) -> bytes:
    """The report as a browser that is installed prints it."""
    return as_pdf(report_of(summary, recording, key, folder))


def export_of(recording: Path, form: Form) -> tuple[str, bytes]:
    """A recording in another form: the ending of the file's name, and what is in it.

    What is a folder becomes a zip archive.
    """
    with tempfile.TemporaryDirectory(prefix="gait-") as folder:
        made = Path(folder) / f"run{ENDINGS[form]}"
        write_export(ExportOptions(recording, form, made))
        if made.is_file():
            return ENDINGS[form], made.read_bytes()
        return f"{ENDINGS[form]}.zip", _zipped(made)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return packed.getvalue()
