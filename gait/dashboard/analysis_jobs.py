"""What takes longer than a page may wait: analysing, the report, exports.

Runs in a process of its own (`nicegui.run.cpu_bound`), so nothing here knows the pages.
"""

import io
import tempfile
import zipfile
from pathlib import Path

from gait.app.athlete import Runner
from gait.app.export import ENDINGS, ExportOptions, Form, write_export
from gait.app.outputs import as_pdf
from gait.app.run_detail import run_detail
from gait.model import Summary
from gait.recording import open_session
from gait.recording.session import session_key
from gait.roster import Roster


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
